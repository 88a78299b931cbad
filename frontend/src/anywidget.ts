/**
 * Shows anywidget models: widgets that carry their own script and style.
 *
 * The scripts of our own widgets are in this bundle: the strict content policy runs nothing that a
 * kernel sends as text. Others may name an address under our own server as their `_esm`.
 */

import { DOMWidgetModel, DOMWidgetView } from "@jupyter-widgets/base";
import own from "own-widgets";

type Tidy = void | (() => void);
type Context = { model: any; el?: HTMLElement };

/** What a widget's script offers; see https://anywidget.dev/en/afm. */
export interface Script {
  initialize?: (context: Context) => Tidy | Promise<Tidy>;
  render?: (context: Context) => Tidy | Promise<Tidy>;
}

export class AnyModel extends DOMWidgetModel {
  /** The script, once it has started; it starts whether or not the widget is ever shown. */
  declare script: Promise<Script>;
  declare private tidy: Tidy;
  declare private isRetired: boolean;

  initialize(attributes: any, options: any): void {
    super.initialize(attributes, options);
    this.isRetired = false;
    this.script = this.start();
    this.script.catch(console.error);
  }

  /** Stops what the script does by itself. */
  retire(): void {
    this.isRetired = true;
    this.tidy?.();
    this.tidy = undefined;
  }

  private async start(): Promise<Script> {
    const script = await load(this.get("_anywidget_id"), this.get("_esm"));
    this.tidy = await script.initialize?.({ model: this });
    if (this.isRetired) this.retire();
    return script;
  }
}

export class AnyView extends DOMWidgetView {
  declare private tidy: Tidy;

  async render(): Promise<void> {
    super.render();
    addStyle(this.model.get("_css"), this.model.get("_anywidget_id"));
    const script = await (this.model as unknown as AnyModel).script;
    this.tidy = await script.render?.({ model: this.model, el: this.el });
  }

  remove(): any {
    this.tidy?.();
    this.tidy = undefined;
    return super.remove();
  }
}

/** Our own widgets are named after their scripts: "secondopinion.keeper" is keeper.js. */
async function load(id: string, esm: string): Promise<Script> {
  const made = own[id] ?? (await import(esm)).default;
  return typeof made === "function" ? made() : made;
}

function addStyle(css: string | undefined, id: string): void {
  if (!css) return;
  const name = `anywidget-${id}`;
  const style = document.getElementById(name) ?? document.head.appendChild(document.createElement("style"));
  style.id = name;
  style.textContent = css;
}
