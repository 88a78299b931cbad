/** Python in a worker of the page: starts it, runs the notebook, and carries messages to and fro. */

import { loadPyodide } from "pyodide";

/** What the page is told; `parent` is the message that it is about. */
export interface ToPage {
  /** runs: the notebook has run. said: a message. done: all that follows from one. ended: it failed. */
  what: "runs" | "said" | "done" | "ended";
  parent: string;
  text: string;
  buffers: Uint8Array[];
}

/** What the page sends. */
interface FromPage {
  id: string;
  text: string;
  buffers: ArrayBufferView[];
}

/** What notebook.py offers. */
interface Notebook {
  run(say: (parent: string, text: string, buffers: Uint8Array[]) => void): void;
  take(id: string, text: string, buffers: ArrayBufferView[]): void;
}

/** Names no package, so that Python has nothing to load from anywhere; from the build. */
declare const LOCK: string;
/** With the parts of Python; from the page. */
declare const folder: string;
/** The worker's own, which TypeScript takes for the page's. */
declare function postMessage(message: ToPage): void;

/** Where Python finds the notebook and what it imports. */
const PATH = "/workbook.zip";
/** Ways out of this tab and into a store. Python needs none of them once it runs. */
const WAYS_OUT = ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "Worker", "SharedWorker"];
const STORES = ["indexedDB", "caches", "BroadcastChannel", "importScripts"];

// Pyodide waits for ever for a part that does not arrive.
const ask = self.fetch;
self.fetch = async (...asked) => {
  const answer = await ask(...asked).catch(fail);
  if (!answer?.ok) fail(new Error(`${asked[0]} did not arrive`));
  return answer!;
};

const running = start();
running.then(() => tell("runs"), fail);

onmessage = async ({ data: { id, text, buffers } }: MessageEvent<FromPage>) => {
  try {
    (await running).take(id, text, buffers);
    tell("done", id);
  } catch (error) {
    fail(error);
  }
};

async function start(): Promise<Notebook> {
  const packages = fetched("workbook.zip");
  const python = await loadPyodide({
    indexURL: folder,
    packageBaseUrl: folder,
    lockFileContents: LOCK,
    env: { HOME: "/home", PYTHONPATH: PATH, PYTHONWARNINGS: "ignore" },
    fsInit: async (files) => files.writeFile(PATH, await packages),
  });
  for (const name of [...WAYS_OUT, ...STORES]) Object.defineProperty(self, name, { value: undefined });
  const notebook: Notebook = python.pyimport("notebook");
  notebook.run((parent, text, buffers) => tell("said", parent, text, buffers));
  return notebook;
}

async function fetched(name: string): Promise<Uint8Array> {
  const answer = await fetch(folder + name);
  return new Uint8Array(await answer.arrayBuffer());
}

function tell(what: ToPage["what"], parent = "", text = "", buffers: Uint8Array[] = []): void {
  postMessage({ what, parent, text, buffers });
}

function fail(error: unknown): void {
  console.error(error);
  tell("ended");
}
