/**
 * Shows anywidget models: widgets that carry their own script (`_esm`) and style (`_css`).
 *
 * `_esm` may be an address under our own server, which the strict content policy allows, or the
 * script itself, which needs `blob:` in that policy's `script-src`.
 */

import { DOMWidgetModel, DOMWidgetView } from "@jupyter-widgets/base";

const loading = new WeakMap<object, Promise<any>>();

export class AnyModel extends DOMWidgetModel {}

export class AnyView extends DOMWidgetView {
  private tidy?: () => void;

  async render(): Promise<void> {
    super.render();
    addStyle(this.model.get("_css"), this.model.get("_anywidget_id"));
    const widget = await load(this.model);
    this.tidy = await widget.render?.({ model: this.model, el: this.el });
  }

  remove(): any {
    this.tidy?.();
    return super.remove();
  }
}

/** Loads a model's script once, however many views it has. */
function load(model: any): Promise<any> {
  if (!loading.has(model)) loading.set(model, start(model));
  return loading.get(model)!;
}

async function start(model: any): Promise<any> {
  const script: string = model.get("_esm");
  const isAddress = /^(\/|https?:\/\/)\S+$/.test(script);
  const url = isAddress ? script : URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const { default: made } = await import(url);
  const widget = typeof made === "function" ? await made() : made;
  await widget.initialize?.({ model });
  return widget;
}

function addStyle(css: string | undefined, id: string): void {
  if (!css) return;
  const name = `anywidget-${id}`;
  const style = document.getElementById(name) ?? document.head.appendChild(document.createElement("style"));
  style.id = name;
  style.textContent = css;
}
