/** Says in words when the page cannot do its work. The words themselves are in the template. */

/**
 * slow: the first opening takes long. silent: an answer takes long. lost: no connection.
 * ended: the process is gone. resting: this page ended it, as nobody was there.
 * asking, down, full: on the way to a new one; see comeback.ts.
 */
export type Trouble = "slow" | "silent" | "lost" | "ended" | "resting" | "asking" | "down" | "full";

let shown: Trouble | null = null;

/** Shows one kind of trouble, or none; `canGoOn` tells whether the answers can be taken along. */
export function show(trouble: Trouble | null, canGoOn = false): void {
  const notice = document.getElementById("trouble");
  if (!notice || shown === trouble) return;
  shown = trouble;
  if (trouble) hush();
  for (const words of notice.querySelectorAll<HTMLElement>("[data-when]")) {
    const isMeant = words.dataset.when!.split(" ").includes(trouble ?? "");
    const fits = words.dataset.kept === undefined || (words.dataset.kept === "yes") === canGoOn;
    words.hidden = !(isMeant && fits);
  }
  notice.hidden = trouble === null;
  // An answer given now would change nothing, and a person must not think it did.
  const isDeaf = trouble !== null && trouble !== "slow" && trouble !== "silent";
  for (const part of document.querySelectorAll<HTMLElement>(".so-app > :not(.so-plan)")) {
    // What is half typed is answered by leaving the field.
    if (isDeaf && part.contains(document.activeElement)) (document.activeElement as HTMLElement).blur();
    part.inert = isDeaf;
  }
}

/** What is shown now. */
export function current(): Trouble | null {
  return shown;
}

/** Says once more that nothing is wrong, where somebody hears it and sees it. */
export function sayBack(what: "connected" | "back" | "check"): void {
  const note = document.getElementById("back");
  if (!note) return;
  for (const words of note.querySelectorAll<HTMLElement>("[data-when]")) {
    words.hidden = !words.dataset.when!.split(" ").includes(what);
  }
  note.hidden = false;
  const said = [...note.querySelectorAll<HTMLElement>("p[data-when]:not([hidden])")];
  document.getElementById("announce")!.textContent = said.map((words) => words.textContent).join(" ");
}

/** Takes the good news away again. */
export function hush(): void {
  const note = document.getElementById("back");
  if (note) note.hidden = true;
}
