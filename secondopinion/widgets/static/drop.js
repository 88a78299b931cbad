// A place to drop a file, or to choose one. See screening.py, Drop.
// The file goes to this page's own program in pieces, and is kept in memory only.

const PIECE = 512 * 1024; // our own server takes no message of more than 1 MB

export default {
  render({ model, el }) {
    const words = model.get("words");
    const input = make("input", { type: "file", id: `so-drop-${++count}`, className: "so-drop-input" });
    input.accept = ".csv,.tsv,.txt,.xlsx,.parquet";
    const label = make("label", { htmlFor: input.id, className: "so-drop-label", textContent: words.label });
    const help = make("p", { className: "so-help", id: `${input.id}-help`, textContent: words.help });
    input.setAttribute("aria-describedby", help.id);
    const status = make("p", { className: "so-drop-status" });
    status.setAttribute("role", "status");
    const zone = make("div", { className: "so-drop" });
    zone.append(label, input, help, status);
    el.append(zone);

    const take = async (file) => {
      if (!file) return;
      if (file.size > model.get("most")) return void (status.textContent = words.too_long);
      status.textContent = words.reading.replace("{name}", file.name);
      await send(file, model);
      status.textContent = words.read.replace("{name}", file.name);
    };
    input.addEventListener("change", async () => {
      await take(input.files[0]);
      input.value = ""; // so that the same file can be chosen again
    });
    const over = (event) => {
      event.preventDefault();
      zone.classList.toggle("so-drop-over", event.type === "dragover");
    };
    zone.addEventListener("dragover", over);
    zone.addEventListener("dragleave", over);
    zone.addEventListener("drop", (event) => {
      over(event);
      take(event.dataTransfer.files[0]);
    });
  },
};

async function send(file, model) {
  for (let begin = 0; begin === 0 || begin < file.size; begin += PIECE) {
    const piece = await file.slice(begin, begin + PIECE).arrayBuffer();
    const ends = { first: begin === 0, last: begin + PIECE >= file.size };
    model.send(ends, undefined, [piece]);
  }
}

let count = 0;

function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}
