/** Says in words when the page cannot do its work. The words themselves are in the template. */

export type Trouble = "slow" | "silent" | "lost" | "ended";

const notice = document.getElementById("trouble")!;
let shown: Trouble | null = null;

/** Shows one kind of trouble, or none. */
export function show(trouble: Trouble | null): void {
  if (shown === trouble) return;
  shown = trouble;
  for (const words of notice.querySelectorAll<HTMLElement>("[data-when]")) {
    words.hidden = !words.dataset.when!.split(" ").includes(trouble ?? "");
  }
  notice.hidden = trouble === null;
  // An answer given now would change nothing, and a person must not think it did.
  const deaf = trouble === "lost" || trouble === "ended";
  document.querySelectorAll<HTMLElement>(".so-form").forEach((form) => (form.inert = deaf));
}

/** Makes the notice's buttons work. */
export function wire(): void {
  notice.querySelector('[data-action="reload"]')?.addEventListener("click", () => location.reload());
  notice.querySelector('[data-action="print"]')?.addEventListener("click", () => window.print());
}
