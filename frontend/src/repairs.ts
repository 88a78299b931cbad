/** Gives ipywidgets' markup the names, roles and keys that it lacks. */

const CONTROLS = "input:not([autocomplete]), select:not([autocomplete]), textarea:not([autocomplete])";
/** Questions whose answer is an amount end with its unit. */
const AMOUNT = /\([$%]\)\s*$/;

/** Repairs what is there and whatever is added later. */
export function keepRepaired(root: HTMLElement): void {
  let due = false;
  const soon = () => {
    if (due) return;
    due = true;
    queueMicrotask(() => {
      due = false;
      repair(root);
    });
  };
  new MutationObserver(soon).observe(root, { childList: true, subtree: true, attributeFilter: ["class"] });
  repair(root);
}

function repair(root: HTMLElement): void {
  root.querySelectorAll<HTMLElement>(".jupyter-widget-Collapse").forEach(repairFold);
  root.querySelectorAll<HTMLElement>(".widget-radio").forEach((group) => {
    nameGroup(group, "radiogroup", group.querySelector("label.widget-label"));
  });
  root.querySelectorAll<HTMLElement>(".so-desk").forEach(nameDesk);
  root.querySelectorAll<HTMLElement>(".so-field").forEach(describe);
  root.querySelectorAll<HTMLInputElement>(CONTROLS).forEach(keepPrivate);
  root.querySelectorAll<HTMLInputElement>(".widget-text > input[type=text]").forEach(offerDigits);
  root.querySelectorAll<HTMLSelectElement>(".widget-dropdown > select").forEach(putUnderHeadings);
}

/** Makes an accordion's part what it looks like: a heading with a button in it, and what it opens. */
function repairFold(fold: HTMLElement): void {
  const head = fold.querySelector<HTMLElement>(".jupyter-widget-Collapse-header");
  const button = head?.querySelector<HTMLElement>("span");
  if (!head || !button) return;
  button.setAttribute("aria-expanded", String(fold.classList.contains("jupyter-widget-Collapse-open")));
  if (button.getAttribute("role")) return;
  head.setAttribute("role", "heading");
  head.setAttribute("aria-level", "3");
  button.setAttribute("role", "button");
  button.id = `fold-${++count}`;
  button.tabIndex = 0;
  button.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    button.click();
  });
  const inside = fold.querySelector<HTMLElement>(".jupyter-widget-Collapse-contents");
  inside?.setAttribute("role", "group");
  inside?.setAttribute("aria-labelledby", button.id);
}

const OPEN_FOLD = ".jupyter-widget-Collapse-open > .jupyter-widget-Collapse-header";
const SHUT_FOLD = ".jupyter-widget-Collapse:not(.jupyter-widget-Collapse-open) > .jupyter-widget-Collapse-header";

/** Which parts of an accordion are open, by their titles. */
export function foldsOpen(): Set<string> {
  return new Set([...document.querySelectorAll(OPEN_FOLD)].map((head) => head.textContent!));
}

/** Opens parts of an accordion, by their titles. */
export function openFolds(titles: Set<string>): void {
  for (const head of document.querySelectorAll<HTMLElement>(SHUT_FOLD)) {
    if (titles.has(head.textContent!)) head.click();
  }
}

/** Marks what stands under the plan as a place to jump to, named after its heading. */
function nameDesk(desk: HTMLElement): void {
  const heading = desk.querySelector<HTMLElement>("h2[id]");
  if (!heading || desk.getAttribute("role")) return;
  heading.tabIndex = -1;
  desk.setAttribute("role", "region");
  desk.setAttribute("aria-labelledby", heading.id);
}

/** Keeps the browser from remembering an answer, or filling it in for the next person. */
function keepPrivate(control: HTMLInputElement): void {
  control.setAttribute("autocomplete", "off");
}

/** Brings up the digits on a phone where an amount is asked for. */
function offerDigits(input: HTMLInputElement): void {
  const label = input.labels?.[0]?.textContent ?? "";
  if (AMOUNT.test(label)) input.inputMode = "decimal";
}

/** Names a group of boxes or buttons after the words above it. */
function nameGroup(group: HTMLElement, role: string, words: Element | null): void {
  if (!words || group.getAttribute("role")) return;
  group.setAttribute("role", role);
  group.setAttribute("aria-label", words.textContent ?? "");
}

/** Ties a field's help and what is wrong with its answer to the control that they are about. */
function describe(field: HTMLElement): void {
  const notes = [...field.querySelectorAll<HTMLElement>(".so-help, .so-trouble-field")];
  for (const note of notes) note.id ||= `note-${++count}`;
  const wrong = notes.some((note) => note.matches(".so-trouble-field"));
  // A group with a name of its own is described as a whole, once, and not box by box.
  for (const control of field.querySelectorAll("fieldset, :not(fieldset *):is(select, textarea, input)")) {
    if (notes.length) control.setAttribute("aria-describedby", notes.map((note) => note.id).join(" "));
    else control.removeAttribute("aria-describedby");
    if (!control.matches("fieldset")) control.setAttribute("aria-invalid", String(wrong));
  }
}

let count = 0;
/** ipywidgets turns the spaces of a choice into non-breaking ones. */
const BAR = "\u00a0|\u00a0";

/** Turns choices written as "heading | choice" into choices under headings. */
function putUnderHeadings(select: HTMLSelectElement): void {
  const loose = [...select.children].filter((choice) => choice.textContent?.includes(BAR));
  if (!loose.length) return;
  const chosen = select.selectedIndex;
  const groups = new Map<string, HTMLOptGroupElement>();
  for (const choice of loose) {
    const [heading, name] = choice.textContent!.split(BAR) as [string, string];
    if (!groups.has(heading)) {
      const group = document.createElement("optgroup");
      group.label = heading;
      groups.set(heading, select.appendChild(group));
    }
    choice.textContent = name;
    groups.get(heading)!.append(choice);
  }
  select.selectedIndex = chosen;
}
