/** What the page adds to the plan: it remembers ticks, speaks, prints, and keeps answers safe. */

const QUIET = 700;

/** Ticks and opened parts by their `data-key`. In this page's memory only, never stored. */
const ticked = new Map<string, boolean>();
const opened = new Map<string, boolean>();

/** Watches one `.so-plan`, whose content is replaced at each answer. */
export function watchPlan(plan: HTMLElement): void {
  plan.addEventListener("change", rememberTick);
  plan.addEventListener("click", onClick);
  let spoken = announcement(plan);
  let timer = 0;
  const refresh = () => {
    restore(plan);
    clearTimeout(timer);
    // A short pause, so that a run of quick answers is read out once.
    timer = window.setTimeout(() => (spoken = announce(plan, spoken)), QUIET);
  };
  new MutationObserver(refresh).observe(plan, { childList: true, subtree: true });
  restore(plan);
}

function rememberTick(event: Event): void {
  const box = event.target as HTMLInputElement;
  if (box.type === "checkbox" && box.dataset.key) ticked.set(box.dataset.key, box.checked);
}

function onClick(event: MouseEvent): void {
  const target = event.target as Element;
  if (target.closest('[data-action="print"]')) window.print();
  const part = target.closest("summary")?.parentElement as HTMLDetailsElement | undefined;
  const key = part?.dataset.key;
  // The part opens or closes after this event, so look at it then.
  if (part && key) setTimeout(() => opened.set(key, part.open));
}

function restore(plan: HTMLElement): void {
  for (const box of plan.querySelectorAll<HTMLInputElement>("input[data-key]")) {
    box.checked = ticked.get(box.dataset.key!) ?? box.checked;
  }
  for (const part of plan.querySelectorAll<HTMLDetailsElement>("details[data-key]")) {
    part.open = opened.get(part.dataset.key!) ?? part.open;
  }
  // Leaving the page would lose the answers, so sources open in a tab of their own.
  for (const link of plan.querySelectorAll<HTMLAnchorElement>('a[href^="http"]')) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  copyVersion(plan);
}

function announcement(plan: HTMLElement): string {
  return plan.querySelector("[data-announce]")?.textContent?.trim() ?? "";
}

function announce(plan: HTMLElement, spoken: string): string {
  const words = announcement(plan);
  if (words !== spoken) document.getElementById("announce")!.textContent = words;
  return words;
}

/** Shows the plan's review date and data version in the footer too. */
function copyVersion(plan: HTMLElement): void {
  const slot = document.getElementById("version")!;
  slot.textContent = plan.querySelector("[data-version]")?.textContent ?? "";
}

/** Offers "See your plan" on small screens, once there are answers and while it is out of sight. */
export function offerJump(plan: HTMLElement): void {
  const jump = document.getElementById("jump")!;
  let inSight = true;
  let answered = false;
  const update = () => (jump.hidden = inSight || !answered);
  new IntersectionObserver(([entry]) => ((inSight = entry!.isIntersecting), update()), {
    rootMargin: "0px 0px -25% 0px",
  }).observe(plan);
  new MutationObserver(() => ((answered = true), update())).observe(plan, { childList: true, subtree: true });
}
