/** Gives ipywidgets' markup the names, roles and keys that it lacks. */

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
  root.querySelectorAll<HTMLElement>(".so-choices").forEach((group) => {
    nameGroup(group, "group", group.querySelector(".so-legend"));
  });
  root.querySelectorAll<HTMLElement>(".so-field").forEach(describe);
  root.querySelectorAll<HTMLSelectElement>(".widget-dropdown > select").forEach(putUnderHeadings);
}

/** Makes an accordion's heading a button for keyboards and screen readers. */
function repairFold(fold: HTMLElement): void {
  const head = fold.querySelector<HTMLElement>(".jupyter-widget-Collapse-header");
  if (!head) return;
  head.setAttribute("aria-expanded", String(fold.classList.contains("jupyter-widget-Collapse-open")));
  if (head.getAttribute("role")) return;
  head.setAttribute("role", "button");
  head.tabIndex = 0;
  head.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    head.click();
  });
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
  for (const control of field.querySelectorAll("select, textarea, input")) {
    control.setAttribute("aria-describedby", notes.map((note) => note.id).join(" "));
    control.setAttribute("aria-invalid", String(wrong));
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
