/** Turns the kernel's widgets into things on the page. */

import * as base from "@jupyter-widgets/base";
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as bool from "@jupyter-widgets/controls/lib/widget_bool";
import * as box from "@jupyter-widgets/controls/lib/widget_box";
import * as button from "@jupyter-widgets/controls/lib/widget_button";
import * as date from "@jupyter-widgets/controls/lib/widget_date";
import * as description from "@jupyter-widgets/controls/lib/widget_description";
import * as float from "@jupyter-widgets/controls/lib/widget_float";
import * as int from "@jupyter-widgets/controls/lib/widget_int";
import * as link from "@jupyter-widgets/controls/lib/widget_link";
import * as selection from "@jupyter-widgets/controls/lib/widget_selection";
import * as container from "@jupyter-widgets/controls/lib/widget_selectioncontainer";
import * as string from "@jupyter-widgets/controls/lib/widget_string";
import * as anywidget from "./anywidget";
import { Comm } from "./comm";
import { GentleHTMLView } from "./gently";
import type { Kernel } from "./kernel";

type Classes = Record<string, unknown>;

const controls: Classes = {
  ...bool,
  ...box,
  ...button,
  ...date,
  ...description,
  ...float,
  ...int,
  ...link,
  ...selection,
  ...container,
  ...string,
  HTMLView: GentleHTMLView,
};

const modules: Record<string, Classes> = {
  "@jupyter-widgets/base": base,
  "@jupyter-widgets/controls": controls,
  anywidget,
};

/** What a widget looked like when the page was made, in the form that notebooks keep. */
interface Made {
  model_name: string;
  model_module: string;
  model_module_version: string;
  state: Record<string, unknown>;
  buffers?: unknown;
}
export type States = Record<string, Made>;

export class Manager extends ManagerBase {
  private readonly made: base.WidgetModel[] = [];

  constructor(private readonly kernel: Kernel) {
    super();
    kernel.onCommOpen = (comm, message) => void this.handle_comm_open(comm, message as any);
  }

  /** Fetches every widget's state; called again after a break, it brings the page up to date. */
  load(): Promise<void> {
    return this._loadFromKernel();
  }

  /** Makes every widget from the states that came with the page; its process is not asked. */
  async make(states: States): Promise<void> {
    const each = Object.entries(states).map(([model_id, { state, ...made }]) => {
      const comm = new Comm(this.kernel, this.comm_target_name, model_id);
      return this.new_model({ ...made, model_id, comm }, state);
    });
    const results = await Promise.allSettled(each);
    for (const result of results) if (result.status === "rejected") console.error(result.reason);
  }

  /** Resolves once the scripts of all widgets have started. */
  async started(): Promise<void> {
    const own = this.made.filter((model) => model instanceof anywidget.AnyModel);
    await Promise.allSettled(own.map((model) => model.script));
  }

  /** Makes the view of one widget, with its children, ready to be put on the page. */
  async view(modelId: string): Promise<base.DOMWidgetView> {
    const model = (await this.get_model(modelId)) as base.DOMWidgetModel;
    const view = await this.create_view(model);
    await settled(view);
    return view;
  }

  /** Stops what the widgets do by themselves; what is on the page stays as it is. */
  retire(): void {
    for (const model of this.made) {
      model.comm_live = false;
      if (model instanceof anywidget.AnyModel) model.retire();
    }
  }

  /** Takes every widget off the page and forgets what it knows. */
  remove(): void {
    this.retire();
    for (const model of this.made.splice(0)) {
      void model.close(true);
      model.clear({ silent: true });
    }
  }

  override async new_model(options: any, state?: any): Promise<base.WidgetModel> {
    const model = await super.new_model(options, state);
    this.made.push(model);
    return model;
  }

  /** Leaves a gap where a widget cannot be shown, so that the rest of the page still can. */
  override create_view(model: any, options: any = {}): Promise<any> {
    return super.create_view(model, options).catch((error) => {
      console.error(error);
      return new base.DOMWidgetView({ model, options });
    });
  }

  protected async loadClass(name: string, module: string): Promise<any> {
    const found = modules[module]?.[name];
    if (!found) throw new Error(`${name} of ${module} is not in this bundle; see frontend/README.md.`);
    return found;
  }

  protected async _create_comm(
    target: string,
    id: string,
    data?: any,
    metadata?: any,
    buffers?: any,
  ): Promise<Comm> {
    const comm = new Comm(this.kernel, target, id);
    if (data || metadata) comm.open(data, undefined, metadata, buffers);
    return comm;
  }

  protected async _get_comm_info(): Promise<object> {
    const answer = await this.kernel.ask("comm_info_request", { target_name: this.comm_target_name });
    return answer.comms;
  }
}

/** Resolves with a view and all views below it, once they exist. */
export async function settled(view: any): Promise<base.DOMWidgetView[]> {
  const children: unknown[] = await Promise.all(view.children_views?.views ?? []);
  return [view, ...(await Promise.all(children.map(settled))).flat()];
}
