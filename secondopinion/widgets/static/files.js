// Buttons that hand files to the browser, and one that opens a file. See parts.py, Files.
// The bytes come from the kernel and become a file on the person's own device; nothing is kept.

const MOST_BYTES = 256 * 1024;
let count = 0;

export default {
  render({ model, el }) {
    const status = make("p", { className: "so-files-status", role: "status" });
    const list = make("ul", { className: "so-files" });
    const say = (name) => (status.textContent = model.get("words")[name] ?? "");

    const opener = model.get("opens") ? openerOf(model, say) : null;
    const showOffers = () => {
      const offers = model.get("offers").map((offer) => offered(offer, model, say));
      list.replaceChildren(...offers, ...(opener ? [opener.item] : []));
    };
    const onFile = (content, buffers) => {
      if (!content.name) return say("failed");
      download(content.name, content.mime, buffers[0]);
      say("done");
    };
    model.on("change:offers", showOffers);
    model.on("msg:custom", onFile);
    showOffers();
    el.append(list, status, ...(opener ? [opener.said] : []));
    return () => {
      opener?.tidy();
      model.off("change:offers", showOffers);
      model.off("msg:custom", onFile);
    };
  },
};

function offered({ id, label, help }, model, say) {
  const button = make("button", { type: "button", className: "so-button so-file", textContent: label });
  button.dataset.file = id;
  button.addEventListener("click", () => {
    say("making");
    model.send({ make: id });
  });
  const item = make("li");
  item.append(button);
  if (help) {
    const note = make("p", { className: "so-help", textContent: help, id: `so-file-${++count}` });
    button.setAttribute("aria-describedby", note.id);
    item.append(note);
  }
  return item;
}

function download(name, type, bytes) {
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  const link = make("a", { href: url, download: name });
  link.click();
  // Some browsers read the file only after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A button that opens a file, and what came of it. */
function openerOf(model, say) {
  const input = make("input", { type: "file", accept: ".json,application/json", hidden: true });
  const label = model.get("opens");
  const button = make("button", { type: "button", className: "so-button so-button-quiet so-file", textContent: label });
  const help = make("p", { className: "so-help", textContent: model.get("words").opens, id: "so-file-open" });
  button.setAttribute("aria-describedby", help.id);
  const said = make("div", { className: "so-opened", role: "status" });
  const item = make("li");
  item.append(button, input, help);

  button.addEventListener("click", () => input.click());
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = ""; // so that the same file can be opened again
    if (!file) return;
    if (file.size > MOST_BYTES) return void say("long");
    say("opening");
    model.set("opened", await file.text());
    model.save_changes();
  });
  const show = () => {
    // The words come from the kernel, which has escaped what the person wrote.
    said.innerHTML = model.get("said");
    if (model.get("said")) say("");
  };
  model.on("change:said", show);
  show();
  return { item, said, tidy: () => model.off("change:said", show) };
}

function make(tag, properties = {}) {
  const { role, ...others } = properties;
  const element = Object.assign(document.createElement(tag), others);
  if (role) element.setAttribute("role", role);
  return element;
}
