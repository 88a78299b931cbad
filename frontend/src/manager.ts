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
import { Widget } from "@lumino/widgets";
import * as anywidget from "./anywidget";
import { Comm, type Kernel } from "./kernel";

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
};

const modules: Record<string, Classes> = {
  "@jupyter-widgets/base": base,
  "@jupyter-widgets/controls": controls,
  anywidget,
};

export class Manager extends ManagerBase {
  constructor(private readonly kernel: Kernel) {
    super();
    kernel.onCommOpen = (comm, message) => void this.handle_comm_open(comm, message as any);
  }

  /** Fetches every widget's state; called again after a break, it brings the page up to date. */
  load(): Promise<void> {
    return this._loadFromKernel();
  }

  /** Shows one widget inside `host` and waits until its children are there too. */
  async show(modelId: string, host: HTMLElement): Promise<void> {
    const model = (await this.get_model(modelId)) as base.DOMWidgetModel;
    const view = await this.create_view(model);
    await settled(view);
    Widget.attach(view.luminoWidget, host);
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

/** Resolves once a view and all views below it exist. */
async function settled(view: any): Promise<void> {
  const children: unknown[] = await Promise.all(view.children_views?.views ?? []);
  await Promise.all(children.map(settled));
}
