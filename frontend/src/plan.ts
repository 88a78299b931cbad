/** What the page adds to the plan: it speaks, prints, keeps parts open, and keeps answers safe. */

import { keepFocus } from "./focus";

const QUIET = 700;

/** Opened parts by their `data-key`. In this page's memory only, never stored. */
const opened = new Map<string, boolean>();

/** Watches one `.so-plan`, whose content changes at each answer, until the returned call. */
export function watchPlan(plan: HTMLElement): () => void {
  let before = plan.textContent;
  let timer = 0;
  const refresh = () => {
    restore(plan);
    keepFocus(plan);
    clearTimeout(timer);
    // A short pause, so that a run of quick answers is read out once.
    timer = window.setTimeout(() => {
      if (plan.textContent !== before) announce(plan);
      before = plan.textContent;
    }, QUIET);
  };
  const watch = new MutationObserver(refresh);
  watch.observe(plan, { childList: true, characterData: true, subtree: true });
  plan.addEventListener("click", onClick);
  restore(plan);
  return () => {
    watch.disconnect();
    clearTimeout(timer);
  };
}

/** Which boxes are ticked in the plan on the page, by their keys. */
export function ticksShown(): Map<string, boolean> {
  const boxes = document.querySelectorAll<HTMLInputElement>(".so-plan input[data-key]");
  return new Map([...boxes].map((box) => [box.dataset.key!, box.checked]));
}

/** Ticks what was ticked while nobody could take note of it. */
export function tickAgain(ticked: Map<string, boolean>): void {
  for (const box of document.querySelectorAll<HTMLInputElement>(".so-plan input[data-key]")) {
    if ((ticked.get(box.dataset.key!) ?? box.checked) === box.checked) continue;
    box.checked = !box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** Forgets which parts were opened. */
export function forgetOpened(): void {
  opened.clear();
}

function onClick(event: MouseEvent): void {
  const target = event.target as Element;
  if (target.closest('[data-action="print"]')) window.print();
  const part = target.closest("summary")?.parentElement as HTMLDetailsElement | undefined;
  const key = part?.dataset.key;
  // The part opens or closes after this event, so look at it then.
  if (part && key) setTimeout(() => opened.set(key, part.open));
}

/** Opens the parts of a plan that the person has opened, and closes those that they closed. */
export function openAgain(plan: HTMLElement): void {
  for (const part of plan.querySelectorAll<HTMLDetailsElement>("details[data-key]")) {
    part.open = opened.get(part.dataset.key!) ?? part.open;
  }
}

function restore(plan: HTMLElement): void {
  openAgain(plan);
  // Leaving the page would lose the answers, so sources open in a tab of their own.
  for (const link of plan.querySelectorAll<HTMLAnchorElement>('a[href^="http"]')) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  copyVersion(plan);
}

/** Says that the plan has changed. The same words twice are heard twice only when they differ a bit. */
function announce(plan: HTMLElement): void {
  const words = plan.querySelector("[data-announce]")?.textContent?.trim() ?? "";
  const place = document.getElementById("announce")!;
  place.textContent = place.textContent === words ? `${words}\u00a0` : words;
}

/** Shows the plan's data version in the footer too. */
function copyVersion(plan: HTMLElement): void {
  const slot = document.getElementById("version")!;
  slot.textContent = plan.querySelector("[data-version]")?.textContent ?? "";
}
