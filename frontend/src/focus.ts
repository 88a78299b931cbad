/** Keeps the focus where the person left it while things around it are drawn anew. */

const REACHABLE = "a[href], button, input, select, textarea, summary, [tabindex]";

/** An element by what stays the same when it is drawn anew. */
interface Mark {
  element: HTMLElement;
  name: string;
  nth: number;
}

/** Where the focus was last among the answers and in the plan. */
let last: Mark | undefined;
/** Whether it is still meant to be there: a click elsewhere gives it up, drawing anew does not. */
let isHeld = false;

/** Follows the focus within the form and the plan. */
export function followFocus(): void {
  document.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof HTMLElement) || !target.closest(".so-view")) return;
    last = mark(target);
    isHeld = true;
  });
  document.addEventListener("focusout", ({ target }) => {
    setTimeout(() => {
      const isGivenUp = last?.element === target && last?.element.isConnected;
      if (isGivenUp && document.activeElement !== target) isHeld = false;
    });
  });
}

/** Gives the focus back after a part was drawn anew under it. */
export function keepFocus(part: HTMLElement): void {
  if (!isHeld || !last || last.element.isConnected || !isNowhere()) return;
  (find(last) ?? part).focus({ preventScroll: true });
}

/** Gives the focus back after a break, or to a part when it was nowhere yet. */
export function giveBackFocus(otherwise?: HTMLElement): void {
  if (!isNowhere()) return;
  ((last && find(last)) ?? otherwise)?.focus({ preventScroll: true });
}

/** Forgets where the focus was. */
export function forgetFocus(): void {
  last = undefined;
  isHeld = false;
}

/** Whether the focus is on nothing, or on something that is not there any more. */
function isNowhere(): boolean {
  const active = document.activeElement;
  return !active || active === document.body || !active.checkVisibility();
}

function mark(element: HTMLElement): Mark {
  const name = nameOf(element);
  return { element, name, nth: named(name).indexOf(element) };
}

function find({ name, nth }: Mark): HTMLElement | undefined {
  const found = named(name);
  return found[nth] ?? found.at(-1);
}

function named(name: string): HTMLElement[] {
  const all = document.querySelectorAll<HTMLElement>(`.so-view :is(${REACHABLE})`);
  return [...all].filter((element) => nameOf(element) === name);
}

function nameOf(element: HTMLElement): string {
  const { key, choice, blank, file, action } = element.dataset;
  const fold = element.matches("summary") ? element.parentElement?.dataset.key : undefined;
  const own = key ?? choice ?? blank ?? file ?? action ?? fold ?? element.getAttribute("href");
  if (own) return `${element.tagName} ${own}`;
  const labels = [...((element as HTMLInputElement).labels ?? [])].map((label) => label.textContent);
  const words = element.matches("summary, button, [role=button]") ? element.textContent : "";
  return [element.tagName, element.classList[0], ...labels, words].filter(Boolean).join(" ");
}
