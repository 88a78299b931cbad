/** The way back to a workbook: this page's own address is asked again until there is room. */

import { answers, type Pause, pause } from "./patience";

/** How long the server may take to start a process and run the notebook. */
const START = 30_000;
/** Pauses between attempts; the last one repeats. */
const PAUSES = [1000, 2000, 4000, 8000, 15_000];
/** How long to wait for room when the server does not say. */
const WAIT = 20_000;

/** asking: on its way. down: the server does not answer. full: too many people are there. */
export type Way = "asking" | "down" | "full";

export class WayBack {
  private isOver = false;
  private pausing?: Pause;

  constructor(private readonly onWay: (way: Way) => void) {}

  /** Resolves with a page that has a process of its own, or with nothing when it was called off. */
  async page(): Promise<Document | undefined> {
    for (let tries = 0; !this.isOver; tries++) {
      const answer = await answers(location.pathname + location.search, START).catch(() => undefined);
      const page = answer?.ok ? await read(answer) : undefined;
      if (page && !this.isOver) {
        this.onWay("asking");
        return page;
      }
      const isFull = answer?.status === 503;
      await this.rest(isFull ? "full" : "down", isFull ? wait(answer) : PAUSES[tries]);
    }
    return undefined;
  }

  /** Waits a while before the next attempt. */
  async rest(way: Way, milliseconds = PAUSES.at(-1)!): Promise<void> {
    if (this.isOver) return;
    this.onWay(way);
    this.pausing = pause(milliseconds);
    await this.pausing.over;
  }

  /** Tries again at once. */
  hurry(): void {
    this.pausing?.hurry();
  }

  /** Calls it off. */
  stop(): void {
    this.isOver = true;
    this.hurry();
  }
}

/** Reads a page without running anything of it; one without a process does not count. */
async function read(answer: Response): Promise<Document | undefined> {
  const text = await answer.text().catch(() => "");
  const page = new DOMParser().parseFromString(text, "text/html");
  page.querySelectorAll("script[src]").forEach((script) => script.remove());
  return page.querySelector("[data-kernel]") ? page : undefined;
}

function wait(answer: Response): number {
  return Number(answer.headers.get("Retry-After")) * 1000 || WAIT;
}
