/** Says that the workbook cannot open in this tab, and why. The words themselves are in the template. */

/** unable: the browser lacks what Python needs. unloaded: a part of the workbook did not arrive. */
export function sayWhyNot(why: "unable" | "unloaded"): void {
  const show = () => {
    const main = document.querySelector("main")!;
    main.append(document.querySelector<HTMLTemplateElement>(`#${why}`)!.content.cloneNode(true));
    main.dataset.state = "error";
    // It offers to go on, and there is nothing yet to go on with.
    document.getElementById("trouble")?.remove();
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", show, { once: true });
  else show();
}
