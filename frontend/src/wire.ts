/** Jupyter's "v1" wire format: one binary frame holds a table of offsets and then each part. */

export const PROTOCOL = "v1.kernel.websocket.jupyter.org";

export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  version: string;
  date: string;
}

export interface Message {
  channel: "shell" | "control" | "iopub" | "stdin";
  header: Header;
  parent_header: Partial<Header>;
  metadata: Record<string, unknown>;
  content: Record<string, any>;
  buffers: DataView[];
}

export type Bytes = ArrayBuffer | ArrayBufferView;

/** Packs a message into one frame. */
export function encode(message: Omit<Message, "buffers">, buffers: readonly Bytes[]): ArrayBuffer {
  const text = new TextEncoder();
  const parts = [
    text.encode(message.channel),
    ...[message.header, message.parent_header, message.metadata, message.content].map((part) =>
      text.encode(JSON.stringify(part)),
    ),
    ...buffers.map(bytesOf),
  ];
  const offsets = [8 * (parts.length + 2)];
  for (const part of parts) offsets.push(offsets.at(-1)! + part.length);

  const frame = new Uint8Array(offsets.at(-1)!);
  const view = new DataView(frame.buffer);
  [offsets.length, ...offsets].forEach((number, i) => view.setUint32(8 * i, number, true));
  parts.forEach((part, i) => frame.set(part, offsets[i]));
  return frame.buffer;
}

/** Reads a frame back into a message. */
export function decode(frame: ArrayBuffer): Message {
  const table = new DataView(frame);
  const count = table.getUint32(0, true);
  const offsets = Array.from({ length: count }, (_, i) => table.getUint32(8 * (i + 1), true));
  const part = (i: number) => new DataView(frame, offsets[i], offsets[i + 1]! - offsets[i]!);
  const text = new TextDecoder();
  const json = (i: number) => JSON.parse(text.decode(part(i)));
  return {
    channel: text.decode(part(0)) as Message["channel"],
    header: json(1),
    parent_header: json(2),
    metadata: json(3),
    content: json(4),
    buffers: Array.from({ length: count - 6 }, (_, i) => part(i + 5)),
  };
}

function bytesOf(data: Bytes): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
