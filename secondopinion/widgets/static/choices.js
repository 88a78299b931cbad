// A fieldset with a legend and a box for each choice. See parts.py, Choices.

export default {
  render({ model, el }) {
    const group = document.createElement("fieldset");
    group.className = "so-choices";
    const legend = document.createElement("legend");
    group.append(legend);
    const help = document.createElement("p");
    help.className = "so-help";

    const boxes = new Map(model.get("options").map(([id, label]) => [id, box(label)]));
    for (const [id, { input, row }] of boxes) {
      input.addEventListener("change", () => {
        model.set("value", [...boxes].filter(([, { input }]) => input.checked).map(([id]) => id));
        model.save_changes();
      });
      input.dataset.choice = id;
      group.append(row);
    }
    const show = () => {
      legend.textContent = model.get("legend");
      help.textContent = model.get("help");
      if (help.textContent) legend.after(help);
      const ticked = new Set(model.get("value"));
      for (const [id, { input }] of boxes) input.checked = ticked.has(id);
    };
    model.on("change", show);
    show();
    el.append(group);
    return () => model.off("change", show);
  },
};

function box(label) {
  const row = document.createElement("label");
  row.className = "so-choice";
  const input = document.createElement("input");
  input.type = "checkbox";
  input.autocomplete = "off";
  row.append(input, " ", Object.assign(document.createElement("span"), { textContent: label }));
  return { input, row };
}
