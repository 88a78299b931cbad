/** The bar at the bottom of a small screen: the plan in a few words, and one tap to it or back. */

/** Shows the bar while what it leads to is out of sight, until the returned call. */
export function watchBar(form: HTMLElement, plan: HTMLElement): () => void {
  const bar = document.getElementById("bar")!;
  const inSight = new Map<Element, boolean>([[form, true]]);
  const update = () => {
    const to = inSight.get(plan) ? form : plan;
    const summary = plan.querySelector<HTMLElement>("[data-summary]")?.dataset;
    for (const link of bar.querySelectorAll<HTMLElement>("[data-to]")) {
      link.hidden = link.dataset.to !== to.id;
    }
    write(bar, "summary", summary?.summary);
    write(bar, "due", summary?.due);
    bar.hidden = !summary || inSight.get(to) === true;
  };
  const sight = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) inSight.set(target, isIntersecting);
      update();
    },
    { rootMargin: "-64px 0px -25% 0px" }, // less what the header and the bar cover
  );
  sight.observe(form);
  sight.observe(plan);
  const changes = new MutationObserver(update);
  changes.observe(plan, { childList: true, subtree: true, attributeFilter: ["data-summary", "data-due"] });
  update();
  return () => {
    sight.disconnect();
    changes.disconnect();
  };
}

function write(bar: HTMLElement, name: string, words = ""): void {
  const slot = bar.querySelector<HTMLElement>(`[data-slot="${name}"]`)!;
  if (slot.textContent !== words) slot.textContent = words;
  slot.hidden = !words;
}
