/** The line to the Python that runs in this tab: kernel.ts with a worker in the place of the server. */

import type { ICallbacks } from "@jupyter-widgets/base";
import { Comm, type Envelope } from "./comm";
import type { Kernel as Served, Line } from "./kernel";
import { sayWhyNot } from "./refusal";
import type { ToPage } from "./tab-worker";
import type { Message } from "./wire";

/** How long an answer may take before the page says so. */
const PATIENCE = 4000;

/** A message that has no answer yet. */
interface Sent {
  callbacks: ICallbacks;
  isAnswer: boolean;
}

export class Kernel implements Pick<Served, keyof Served> {
  onLine: (line: Line) => void = () => {};
  onCommOpen: (comm: Comm, message: Message) => void = () => {};

  readonly comms = new Map<string, Comm>();
  /** There is no server that could be away. */
  readonly wasAway = false;
  /** Whether something that the person answered was never taken up. */
  unanswered = false;

  private readonly waiting = new Map<string, Sent>();
  private readonly asked = new Map<string, (content: Message["content"]) => void>();
  private worker?: Worker;
  private sent = 0;
  private isRunning = false;
  private ended = false;
  private patience?: number;
  private order = Promise.resolve();

  /** `folder` has the parts of Python, as seen from the page. */
  constructor(
    private readonly folder: string,
    readonly id: string,
  ) {}

  /** Whether Python runs. */
  get isOpen(): boolean {
    return this.isRunning && !this.ended;
  }

  /** Whether it is gone for good. */
  get hasEnded(): boolean {
    return this.ended;
  }

  /** Starts Python. What is sent before it runs is taken up when it does. */
  connect(): void {
    this.worker = new Worker(here(this.folder));
    this.worker.onmessage = ({ data }: MessageEvent<ToPage>) => this.receive(data);
    this.worker.onerror = () => this.end();
  }

  /** Sends one message and returns its id. */
  send(
    type: string,
    content: Message["content"],
    { callbacks = {}, metadata = {}, buffers = [], isAnswer = false }: Envelope = {},
  ): string {
    const id = String(this.sent++);
    this.waiting.set(id, { callbacks, isAnswer });
    const text = JSON.stringify({ type, content, metadata });
    if (!this.ended) this.worker?.postMessage({ id, text, buffers });
    if (this.isRunning) this.wait();
    return id;
  }

  /** Asks a question and resolves with the content of its answer. */
  ask(type: string, content: Message["content"] = {}): Promise<Message["content"]> {
    return new Promise((resolve) => this.asked.set(this.send(type, content), resolve));
  }

  /** Resolves once Python has done all that it was sent, and the page shows it. */
  caughtUp(): Promise<void> {
    return new Promise((resolve) => {
      this.send("kernel_info_request", {}, { callbacks: { iopub: { status: () => resolve() } } });
    });
  }

  /** A worker of this page cannot be lost without a word. */
  async feel(): Promise<void> {}

  /** There is no pause to cut short. */
  hurry(): void {}

  /** Ends Python, and with it everything that it knows. */
  leave(): void {
    this.ended = true;
    this.rest();
    this.worker?.terminate();
    this.worker = undefined;
    this.unanswered ||= [...this.waiting.values()].some(({ isAnswer }) => isAnswer);
    this.waiting.clear();
  }

  private end(): void {
    if (this.ended) return;
    if (!this.isRunning && !document.querySelector(".so-form")) sayWhyNot("unloaded");
    this.ended = true;
    this.onLine("ended");
    this.leave();
  }

  /** Starts the clock that ends in "silent", unless it runs. */
  private wait(): void {
    this.patience ??= window.setTimeout(() => this.onLine("silent"), PATIENCE);
  }

  private rest(): void {
    clearTimeout(this.patience);
    this.patience = undefined;
  }

  private receive({ what, parent, text, buffers }: ToPage): void {
    if (this.ended) return;
    if (what === "ended") return this.end();
    if (what === "runs") {
      this.isRunning = true;
      this.onLine("open");
      return;
    }
    // Widgets must take messages in the order sent, even when one takes them a moment.
    const act = what === "done" ? () => this.done(parent) : () => this.dispatch(parent, text, buffers);
    this.order = this.order.then(act).catch(console.error);
  }

  private done(id: string): void {
    const callbacks = this.waiting.get(id)?.callbacks;
    this.waiting.delete(id);
    this.rest();
    this.onLine("answering");
    if (this.waiting.size) this.wait();
    callbacks?.iopub?.status?.({ content: { execution_state: "idle" } } as any);
  }

  private async dispatch(parent: string, text: string, buffers: Uint8Array[]): Promise<void> {
    const { type, content, metadata } = JSON.parse(text);
    const message = messageOf(parent, type, content, metadata, buffers);
    const { comm_id: id, target_name: target } = content;
    if (type === "comm_msg") await this.comms.get(id)?.onMessage(message);
    else if (type === "comm_close") this.comms.get(id)?.closedByKernel(message);
    else if (type === "comm_open") this.onCommOpen(new Comm(this as unknown as Served, target, id), message);
    else {
      this.asked.get(parent)?.(content);
      this.asked.delete(parent);
    }
  }
}

/**
 * A worker from a file obeys the policy that came with that file, and a host may send none. One made
 * here obeys the policy of this page: it too may ask nobody but this site.
 */
function here(folder: string): string {
  const url = new URL(folder, document.baseURI).href;
  const start = `self.folder = ${JSON.stringify(url)}; importScripts(self.folder + "python.js");`;
  return URL.createObjectURL(new Blob([start], { type: "text/javascript" }));
}

function messageOf(
  parent: string,
  type: string,
  content: Message["content"],
  metadata: Message["metadata"],
  buffers: Uint8Array[],
): Message {
  const header = { msg_id: "", msg_type: type, session: "", username: "", version: "5.4", date: "" };
  const views = buffers.map(({ buffer, byteOffset, byteLength }) => new DataView(buffer, byteOffset, byteLength));
  return { channel: "iopub", header, parent_header: { msg_id: parent }, metadata, content, buffers: views };
}
