/** One visit: a process of its own, its widgets on this page, and what the person has said to it. */

import type { DOMWidgetView } from "@jupyter-widgets/base";
import { Widget } from "@lumino/widgets";
import { Kernel, type Line } from "./kernel";
import { Manager, settled, type States } from "./manager";

const STATES = 'script[type="application/vnd.jupyter.widget-state+json"]';

/** A widget that keeps everything the person has said; its script is widgets/static/keeper.js. */
interface Keeper {
  widget_manager: unknown;
  get(name: "kept"): string;
  set(name: "restore", kept: string): void;
  save_changes(): void;
  on(event: "change:kept", act: () => void): void;
  trigger(event: "change:ticks"): void;
}

export class Visit {
  /** Everything the person has said and ticked. In this page's memory only, never stored. */
  kept = "";

  readonly kernel: Kernel;
  private readonly manager: Manager;
  private readonly hosts: HTMLElement[];
  private readonly states: States;
  private views: DOMWidgetView[] = [];
  private keeper?: Keeper;
  private fail!: (reason: Error) => void;
  private readonly failed = new Promise<never>((_, reject) => (this.fail = reject));

  /** Reads from a page, this one or another fetched, which process it has and what to show. */
  constructor(
    page: ParentNode,
    private readonly onLine: (line: Line, visit: Visit) => void,
  ) {
    const { base, kernel } = page.querySelector<HTMLElement>("[data-kernel]")!.dataset;
    this.hosts = [...page.querySelectorAll<HTMLElement>("[data-model]")];
    this.states = statesIn(page);
    this.kernel = new Kernel(base!, kernel!);
    this.kernel.onLine = (line) => this.heard(line);
    this.manager = new Manager(this.kernel);
    this.failed.catch(() => {});
    document.addEventListener("secondopinion:keeper", this.meet);
  }

  /** Whether answers could be taken along into another visit. */
  get canGoOn(): boolean {
    return this.keeper !== undefined;
  }

  /** Connects and makes the widgets, which are not on the page yet. */
  async open(): Promise<void> {
    this.kernel.connect();
    const named = this.hosts.every((host) => host.dataset.model! in this.states);
    await (named ? this.manager.make(this.states) : this.unlessEnded(this.manager.load()));
    const views = this.hosts.map((host) => this.manager.view(host.dataset.model!));
    this.views = await this.unlessEnded(Promise.all(views));
    await this.manager.started();
  }

  /** Puts everything back that the person said in an earlier visit. */
  async restore(kept: string): Promise<void> {
    if (!this.keeper || !kept) return;
    this.keeper.set("restore", kept);
    this.keeper.save_changes();
    await this.unlessEnded(this.kernel.caughtUp());
  }

  /** Resolves once the page shows all that the process has made of what it was sent, or it ended. */
  async caughtUp(): Promise<void> {
    await this.unlessEnded(this.kernel.caughtUp()).catch(() => {});
  }

  /** Puts the widgets on the page. */
  async show(): Promise<void> {
    const every = (await Promise.all(this.views.map(settled))).flat();
    this.views.forEach((view, place) => Widget.attach(view.luminoWidget, this.hosts[place]!));
    // Widgets get their classes only now; no picture is painted in between.
    await Promise.all(every.map((view) => view.displayed));
    // Now that the boxes are there, say again which of them are ticked.
    this.keeper?.trigger("change:ticks");
  }

  /** Brings the page up to date after a break. */
  catchUp(): void {
    void this.unlessEnded(this.manager.load()).catch(console.error);
  }

  /** Stops the widgets; what is on the page stays there to be read. */
  retire(): void {
    document.removeEventListener("secondopinion:keeper", this.meet);
    this.manager.retire();
  }

  /** Ends the process, takes the widgets off the page and forgets everything. */
  close(): void {
    this.kernel.leave();
    this.retire();
    for (const { luminoWidget } of this.views.splice(0)) {
      if (luminoWidget.isAttached) Widget.detach(luminoWidget);
    }
    this.manager.remove();
    this.keeper = undefined;
    this.kept = "";
  }

  private readonly meet = (event: Event) => {
    const keeper = (event as CustomEvent<Keeper>).detail;
    if (keeper.widget_manager !== this.manager) return;
    this.keeper = keeper;
    const keep = () => (this.kept = keeper.get("kept"));
    keeper.on("change:kept", keep);
    keep();
  };

  private heard(line: Line): void {
    if (line === "ended") this.fail(new Error("The process has ended."));
    this.onLine(line, this);
  }

  private unlessEnded<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.failed]);
  }
}

/** Returns what the widgets of a page looked like when it was made; nothing if it does not say. */
function statesIn(page: ParentNode): States {
  const states: States = JSON.parse(page.querySelector(STATES)?.textContent || "{}").state ?? {};
  // What has parts that are not text is fetched from the process, which sends them as they are.
  return Object.values(states).some(({ buffers }) => buffers) ? {} : states;
}
