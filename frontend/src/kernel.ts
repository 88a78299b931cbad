/** The line to the Python process that Voilà started for this page. */

import type { ICallbacks, IClassicComm } from "@jupyter-widgets/base";
import { type Bytes, decode, encode, type Message, PROTOCOL } from "./wire";

/** How long an answer may take before the page says so. */
const PATIENCE = 4000;
/** Pauses between attempts to connect again; the last one repeats. */
const PAUSES = [500, 1000, 2000, 4000];

/**
 * open: connected. answering: a late answer came. silent: no answer for a while.
 * lost: the connection broke and is being tried again. ended: the process is gone for good.
 */
export type Line = "open" | "answering" | "silent" | "lost" | "ended";

export class Kernel {
  onLine: (line: Line) => void = () => {};
  onCommOpen: (comm: Comm, message: Message) => void = () => {};

  readonly comms = new Map<string, Comm>();
  private readonly session = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  private readonly waiting = new Map<string, ICallbacks>();
  private unsent: ArrayBuffer[] = [];
  private socket?: WebSocket;
  private sent = 0;
  private attempts = 0;
  private ended = false;
  private patience?: number;
  private order = Promise.resolve();

  constructor(
    private readonly baseUrl: string,
    private readonly id: string,
  ) {}

  /** Opens the connection, and opens it again whenever it breaks. */
  connect(): void {
    const url = new URL(`${this.kernelUrl}/channels`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    url.searchParams.set("session_id", this.session);
    this.socket = new WebSocket(url, PROTOCOL);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.opened();
    this.socket.onclose = () => this.closed();
    this.socket.onmessage = (event: MessageEvent<ArrayBuffer>) => this.receive(decode(event.data));
  }

  /** Sends one message and returns its id. */
  send(
    channel: "shell" | "control",
    type: string,
    content: Message["content"],
    callbacks: ICallbacks = {},
    metadata: Message["metadata"] = {},
    buffers: readonly Bytes[] = [],
  ): string {
    const header = {
      msg_id: `${this.session}_${this.sent++}`,
      msg_type: type,
      session: this.session,
      username: "",
      version: "5.4",
      date: new Date().toISOString(),
    };
    const frame = encode({ channel, header, parent_header: {}, metadata, content }, buffers);
    this.waiting.set(header.msg_id, callbacks);
    this.wait();
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(frame);
    else this.unsent.push(frame);
    return header.msg_id;
  }

  /** Asks a question and resolves with the content of its answer. */
  ask(type: string, content: Message["content"] = {}): Promise<Message["content"]> {
    return new Promise((resolve) => {
      this.send("shell", type, content, { shell: { reply: (reply) => resolve(reply.content) } });
    });
  }

  /** Asks whether anybody is there; silence is noticed like any other. */
  knock(): void {
    if (this.socket?.readyState === WebSocket.OPEN) void this.ask("kernel_info_request");
  }

  /** Tells the server that the page is going, so that nothing of it is kept. */
  leave(): void {
    this.ended = true;
    navigator.sendBeacon(`${this.baseUrl}voila/api/shutdown/${this.id}`);
  }

  private get kernelUrl(): string {
    return `${this.baseUrl}api/kernels/${this.id}`;
  }

  private opened(): void {
    this.attempts = 0;
    for (const frame of this.unsent.splice(0)) this.socket!.send(frame);
    this.onLine("open");
  }

  private closed(): void {
    if (this.ended) return;
    this.rest();
    this.onLine("lost");
    const pause = PAUSES[Math.min(this.attempts++, PAUSES.length - 1)];
    setTimeout(() => void this.reconnect(), pause);
  }

  private async reconnect(): Promise<void> {
    try {
      const answer = await fetch(this.kernelUrl);
      if (answer.status === 404) this.end();
      else this.connect();
    } catch {
      this.closed();
    }
  }

  private end(): void {
    this.ended = true;
    this.rest();
    this.socket?.close();
    this.onLine("ended");
  }

  /** Starts, or starts again, the clock that ends in "silent". */
  private wait(): void {
    this.patience ??= window.setTimeout(() => this.onLine("silent"), PATIENCE);
  }

  private rest(): void {
    clearTimeout(this.patience);
    this.patience = undefined;
    this.waiting.clear();
  }

  private receive(message: Message): void {
    const parent = message.parent_header.msg_id ?? "";
    const callbacks = this.waiting.get(parent);
    const state: unknown = message.content.execution_state;
    // "restarting" is a new process that knows nothing of this page, so it is an end too.
    if (state === "dead" || state === "restarting" || state === "autorestarting") {
      this.end();
      return;
    }
    if (callbacks && state === "idle") this.answered(parent);
    // Widgets must take messages in the order sent, even when one takes them a moment.
    this.order = this.order.then(() => this.dispatch(message, callbacks)).catch(console.error);
  }

  private answered(id: string): void {
    this.waiting.delete(id);
    clearTimeout(this.patience);
    this.patience = undefined;
    this.onLine("answering");
    if (this.waiting.size) this.wait();
  }

  private async dispatch(message: Message, callbacks: ICallbacks = {}): Promise<void> {
    const { msg_type: type } = message.header;
    const { comm_id: id, target_name: target } = message.content;
    if (type === "comm_msg") await this.comms.get(id)?.onMessage(message);
    else if (type === "comm_close") this.comms.get(id)?.closedByKernel(message);
    else if (type === "comm_open") this.onCommOpen(new Comm(this, target, id), message);
    else if (type === "status") callbacks.iopub?.status?.(message as any);
    else if (message.channel === "shell") callbacks.shell?.reply?.(message as any);
  }
}

/** One widget's private wire within the line. */
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
    return this.post("comm_open", data, callbacks, metadata, buffers, this.target_name);
  }

  send(data: any, callbacks?: ICallbacks, metadata?: any, buffers?: readonly Bytes[]): string {
    return this.post("comm_msg", data, callbacks, metadata, buffers);
  }

  close(data: any = {}, callbacks?: ICallbacks, metadata?: any, buffers?: readonly Bytes[]): string {
    this.kernel.comms.delete(this.comm_id);
    return this.post("comm_close", data, callbacks, metadata, buffers);
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

  private post(
    type: string,
    data: unknown,
    callbacks: ICallbacks = {},
    metadata: Message["metadata"] = {},
    buffers: readonly Bytes[] = [],
    target_name?: string,
  ): string {
    const content = { comm_id: this.comm_id, data, ...(target_name && { target_name }) };
    return this.kernel.send("shell", type, content, callbacks, metadata, buffers);
  }
}
