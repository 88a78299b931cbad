/** Stands in for sanitize-html: a label is text, so markup in it is shown as text. */
export default function plain(text: string): string {
  const holder = document.createElement("span");
  holder.textContent = text;
  return holder.innerHTML;
}
