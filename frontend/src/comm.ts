/** One widget's private wire within the line to the kernel. */

import type { ICallbacks, IClassicComm } from "@jupyter-widgets/base";
import type { Kernel } from "./kernel";
import type { Bytes, Message } from "./wire";

/** The widgets' own messages; what a person answers travels in them. */
const WIDGETS = "jupyter.widget";

/** What goes with a message. */
export interface Envelope {
  callbacks?: ICallbacks;
  metadata?: Message["metadata"];
  buffers?: readonly Bytes[];
  isAnswer?: boolean;
}

export class Comm implements IClassicComm {
  onMessage: (message: Message) => unknown = () => {};
  private onClose: (message: Message) => void = () => {};

  constructor(
    private readonly kernel: Kernel,
    readonly target_name: string,
    readonly comm_id: string,
  ) {
    kernel.comms.set(comm_id, this);
  }

  open(data: any, callbacks?: ICallbacks, metadata?: any, buffers?: readonly Bytes[]): string {
    return this.post("comm_open", data, { callbacks, metadata, buffers }, this.target_name);
  }

  send(data: any, callbacks?: ICallbacks, metadata?: any, buffers?: readonly Bytes[]): string {
    const isAnswer = this.target_name === WIDGETS;
    return this.post("comm_msg", data, { callbacks, metadata, buffers, isAnswer });
  }

  close(data: any = {}, callbacks?: ICallbacks, metadata?: any, buffers?: readonly Bytes[]): string {
    this.kernel.comms.delete(this.comm_id);
    return this.post("comm_close", data, { callbacks, metadata, buffers });
  }

  on_msg(callback: (message: any) => unknown): void {
    this.onMessage = callback;
  }

  on_close(callback: (message: any) => void): void {
    this.onClose = callback;
  }

  closedByKernel(message: Message): void {
    this.kernel.comms.delete(this.comm_id);
    this.onClose(message);
  }

  private post(type: string, data: unknown, envelope: Envelope, target_name?: string): string {
    const content = { comm_id: this.comm_id, data, ...(target_name && { target_name }) };
    return this.kernel.send(type, content, envelope);
  }
}
