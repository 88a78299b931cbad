/** The line to the Python process that Voilà started for this page. */

import type { ICallbacks } from "@jupyter-widgets/base";
import { Comm, type Envelope } from "./comm";
import { answers, type Pause, pause } from "./patience";
import { decode, encode, type Message, PROTOCOL } from "./wire";

/** How long an answer may take before the page says so. */
const PATIENCE = 4000;
/** How long the server may take to say that the process is there. */
const REACH = 2200;
/** Pauses between attempts to connect again; the last one repeats. The first look is at once. */
const PAUSES = [50, 500, 1000, 2000, 4000];

/**
 * open: connected. again: connected after a break. answering: a late answer came.
 * silent: no answer for a while. lost: the connection broke and is being tried again.
 * ended: the process is gone for good.
 */
export type Line = "open" | "again" | "answering" | "silent" | "lost" | "ended";

/** A message that has no answer yet. */
interface Sent {
  frame: ArrayBuffer;
  callbacks: ICallbacks;
  isAnswer: boolean;
}

export class Kernel {
  onLine: (line: Line) => void = () => {};
  onCommOpen: (comm: Comm, message: Message) => void = () => {};

  readonly comms = new Map<string, Comm>();
  /** Whether the server itself could not be reached before the line ended. */
  wasAway = false;
  /** Whether something that the person answered never arrived. */
  unanswered = false;

  private readonly session = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  private readonly waiting = new Map<string, Sent>();
  private readonly asked = new Map<string, (content: Message["content"]) => void>();
  private socket?: WebSocket;
  private sent = 0;
  private attempts = 0;
  private wasOpen = false;
  private heard = 0;
  private ended = false;
  private isFeeling = false;
  private patience?: number;
  private pausing?: Pause;
  private order = Promise.resolve();

  constructor(
    private readonly baseUrl: string,
    readonly id: string,
  ) {}

  /** Whether messages can be sent. */
  get isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Whether the process is gone for good. */
  get hasEnded(): boolean {
    return this.ended;
  }

  /** Opens the connection, and opens it again whenever it breaks. */
  connect(): void {
    const url = new URL(`${this.url}/channels`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    url.searchParams.set("session_id", this.session);
    this.socket = new WebSocket(url, PROTOCOL);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.opened();
    this.socket.onclose = () => this.closed();
    this.socket.onmessage = (event: MessageEvent<ArrayBuffer>) => this.receive(decode(event.data));
  }

  /** Sends one message and returns its id; without a connection it goes out with the next one. */
  send(
    type: string,
    content: Message["content"],
    { callbacks = {}, metadata = {}, buffers = [], isAnswer = false }: Envelope = {},
  ): string {
    const header = {
      msg_id: `${this.session}_${this.sent++}`,
      msg_type: type,
      session: this.session,
      username: "",
      version: "5.4",
      date: new Date().toISOString(),
    };
    const frame = encode({ channel: "shell", header, parent_header: {}, metadata, content }, buffers);
    this.waiting.set(header.msg_id, { frame, callbacks, isAnswer });
    if (this.isOpen) {
      this.socket!.send(frame);
      this.wait();
    }
    return header.msg_id;
  }

  /** Asks a question and resolves with the content of its answer. */
  ask(type: string, content: Message["content"] = {}): Promise<Message["content"]> {
    return new Promise((resolve) => this.asked.set(this.send(type, content), resolve));
  }

  /** Resolves once the process has done all that it was sent, and the page shows it. */
  caughtUp(): Promise<void> {
    return new Promise((resolve) => {
      const status = ({ content }: any) => content.execution_state === "idle" && resolve();
      this.send("kernel_info_request", {}, { callbacks: { iopub: { status } } });
    });
  }

  /** Looks whether the line still holds; called while somebody is at the page. */
  async feel(): Promise<void> {
    if (!this.isOpen || this.isFeeling) return;
    this.isFeeling = true;
    const begun = performance.now();
    try {
      if ((await this.look()).status === 404) this.end();
    } catch {
      // A server that is only busy may be late with this, but then it has sent something else.
      if (this.heard < begun) this.drop();
    } finally {
      this.isFeeling = false;
    }
  }

  /** Tries to connect at once instead of after the pause. */
  hurry(): void {
    this.pausing?.hurry();
  }

  /** Ends the process and the line to it, so that nothing of this page is kept. */
  leave(): void {
    if (!this.ended) navigator.sendBeacon(`${this.baseUrl}voila/api/shutdown/${this.id}`);
    this.stop();
  }

  private get url(): string {
    return `${this.baseUrl}api/kernels/${this.id}`;
  }

  private look(): Promise<Response> {
    return answers(this.url, REACH);
  }

  private opened(): void {
    this.attempts = 0;
    this.wasAway = false;
    // What was sent before a break may not have arrived. The kernel refuses what it has already.
    for (const { frame } of this.waiting.values()) this.socket!.send(frame);
    if (this.waiting.size) this.wait();
    this.onLine(this.wasOpen ? "again" : "open");
    this.wasOpen = true;
  }

  private async closed(): Promise<void> {
    if (this.ended) return;
    this.rest();
    this.onLine("lost");
    this.pausing = pause(PAUSES[Math.min(this.attempts++, PAUSES.length - 1)]!);
    await this.pausing.over;
    if (this.ended) return;
    const answer = await this.look().catch(() => undefined);
    if (this.ended) return;
    if (!answer) this.wasAway = true;
    if (answer?.status === 404) this.end();
    else if (answer?.ok) this.connect();
    else void this.closed();
  }

  /** Gives up a connection that only seems to be there. */
  private drop(): void {
    this.hangUp();
    void this.closed();
  }

  private hangUp(): void {
    if (!this.socket) return;
    this.socket.onopen = this.socket.onclose = this.socket.onmessage = null;
    this.socket.close();
  }

  private stop(): void {
    this.ended = true;
    this.rest();
    this.hangUp();
    this.pausing?.hurry();
    this.unanswered ||= [...this.waiting.values()].some(({ isAnswer }) => isAnswer);
    this.waiting.clear();
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    // What is half typed is answered when its field goes out of reach, and counts as well.
    this.onLine("ended");
    this.stop();
  }

  /** Starts the clock that ends in "silent", unless it runs. */
  private wait(): void {
    this.patience ??= window.setTimeout(() => this.onLine("silent"), PATIENCE);
  }

  private rest(): void {
    clearTimeout(this.patience);
    this.patience = undefined;
  }

  private receive(message: Message): void {
    this.heard = performance.now();
    const parent = message.parent_header.msg_id ?? "";
    const state: unknown = message.content.execution_state;
    // "restarting" is a new process that knows nothing of this page, so it is an end too.
    if (state === "dead" || state === "restarting" || state === "autorestarting") {
      this.end();
      return;
    }
    const callbacks = this.waiting.get(parent)?.callbacks;
    const done = state === "idle" ? this.answered(parent) : [callbacks];
    // Widgets must take messages in the order sent, even when one takes them a moment.
    this.order = this.order.then(() => this.dispatch(message, done)).catch(console.error);
  }

  /** Takes note of an answer, and returns who waits for it or for an earlier one that was lost. */
  private answered(id: string): (ICallbacks | undefined)[] {
    if (!this.waiting.has(id)) return [];
    const done: ICallbacks[] = [];
    for (const [earlier, { callbacks }] of this.waiting) {
      this.waiting.delete(earlier);
      done.push(callbacks);
      if (earlier === id) break;
    }
    this.rest();
    this.onLine("answering");
    if (this.waiting.size) this.wait();
    return done;
  }

  private async dispatch(message: Message, waiting: (ICallbacks | undefined)[]): Promise<void> {
    const { msg_type: type } = message.header;
    const { comm_id: id, target_name: target } = message.content;
    if (type === "comm_msg") await this.comms.get(id)?.onMessage(message);
    else if (type === "comm_close") this.comms.get(id)?.closedByKernel(message);
    else if (type === "comm_open") this.onCommOpen(new Comm(this, target, id), message);
    else if (type === "status") waiting.forEach((each) => each?.iopub?.status?.(message as any));
    else if (message.channel === "shell") this.replied(message);
  }

  private replied(message: Message): void {
    const id = message.parent_header.msg_id ?? "";
    this.asked.get(id)?.(message.content);
    this.asked.delete(id);
  }
}
