/** Notices that nobody is there, warns, and then lets the workbook rest. */

/** What counts as being there. A page out of sight cannot be acted on, so it counts for itself. */
const ACTS = ["pointerdown", "pointermove", "keydown", "wheel", "scroll", "touchmove", "focusin"];

interface Times {
  /** Milliseconds without an act until the warning, and until the rest. */
  warn: number;
  rest: number;
}

export class Idle {
  /** Milliseconds since the epoch. */
  private acted = Date.now();
  private timer = 0;

  constructor(
    private readonly times: Times,
    private readonly dialog: HTMLDialogElement,
    private readonly isOpen: () => boolean,
    private readonly onRest: () => void,
  ) {
    for (const act of ACTS) addEventListener(act, this.act, { capture: true, passive: true });
    // A computer that slept has let no timer run.
    document.addEventListener("visibilitychange", this.look);
    // "cancel" is the Escape key; the dialog then closes by itself.
    dialog.addEventListener("cancel", () => this.stay());
    this.look();
  }

  /** Whether somebody did something in the last so many milliseconds. */
  actedWithin(milliseconds: number): boolean {
    return Date.now() - this.acted < milliseconds;
  }

  /** Takes it that somebody is there. */
  readonly stay = () => {
    this.dialog.close();
    this.acted = Date.now();
    this.look();
  };

  /** Stops for good. */
  stop(): void {
    clearTimeout(this.timer);
    for (const act of ACTS) removeEventListener(act, this.act, { capture: true });
    document.removeEventListener("visibilitychange", this.look);
    this.dialog.close();
  }

  private readonly act = () => {
    // Once asked, a person must answer: a mouse that is only nudged does not.
    if (!this.dialog.open) this.acted = Date.now();
  };

  private readonly look = () => {
    const { warn, rest } = this.times;
    const quiet = Date.now() - this.acted;
    clearTimeout(this.timer);
    if (!this.isOpen()) this.dialog.close();
    else if (quiet >= rest) this.sleep();
    else if (quiet >= warn && !this.dialog.open) this.dialog.showModal();
    const next = [warn, rest, quiet + warn].find((time) => time > quiet)!;
    this.timer = window.setTimeout(this.look, next - quiet);
  };

  private sleep(): void {
    this.dialog.close();
    this.onRest();
  }
}
