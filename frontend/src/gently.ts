/** Shows the plan by changing only what differs, so that nobody loses their place in it. */

import { HTMLView } from "@jupyter-widgets/controls/lib/widget_string";
import morphdom from "morphdom";
import { openAgain } from "./plan";

/**
 * A press of a mouse that lasts longer than an answer takes, the focus, a screen reader's place and
 * marked words all need the elements to stay. Other HTML is short and is drawn anew.
 */
export class GentleHTMLView extends HTMLView {
  override update(): void {
    if (!this.content.firstChild || !this.model.get("_dom_classes").includes("so-plan")) return super.update();
    const drawn = this.content.cloneNode(false) as HTMLElement;
    drawn.innerHTML = this.model.get("value");
    openAgain(drawn);
    const focused = document.activeElement as HTMLElement | null;
    morphdom(this.content, drawn, { childrenOnly: true, getNodeKey: keyOf, onBeforeElUpdated: differs });
    // What was moved has lost the focus on its way.
    if (focused !== document.activeElement && this.content.contains(focused)) focused!.focus({ preventScroll: true });
  }
}

/** Tells by what a part is the same part in another plan; a line goes by the box in it. */
function keyOf(node: Node): string | undefined {
  if (!(node instanceof HTMLElement)) return undefined;
  const box = node.matches("li") ? node.querySelector<HTMLElement>(":scope > label > input") : null;
  if (box) return `line:${box.dataset.key}`;
  return node.dataset.key ?? (node.id || undefined);
}

/** Whether there is anything to change; what the person ticked is theirs. */
function differs(shown: HTMLElement, drawn: HTMLElement): boolean {
  return !shown.matches("input[data-key]") && !shown.isEqualNode(drawn);
}
