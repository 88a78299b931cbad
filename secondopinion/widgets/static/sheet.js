// A sheet of blanks to fill in, in groups. See parts.py, Sheet.

let count = 0;

export default {
  render({ model, el }) {
    const sheet = make("div", { className: "so-sheet" });
    const shown = new Map(); // the groups on the page, by what they ask, so that the others stay

    const showGroups = () => {
      const wanted = model.get("groups").map((group) => [JSON.stringify(group), group]);
      for (const [key, { element }] of shown) {
        if (wanted.some(([name]) => name === key)) continue;
        element.remove();
        shown.delete(key);
      }
      wanted.forEach(([key, group], place) => {
        if (!shown.has(key)) shown.set(key, group.add ? repeating(group, model) : once(group, model));
        const { element } = shown.get(key);
        if (sheet.children[place] !== element) sheet.insertBefore(element, sheet.children[place] ?? null);
      });
    };
    const showValues = () => shown.forEach(({ show }) => show());

    model.on("change:groups", showGroups);
    model.on("change:value", showValues);
    showGroups();
    el.append(sheet);
    return () => {
      model.off("change:groups", showGroups);
      model.off("change:value", showValues);
    };
  },
};

/** A group that is filled in once. */
function once(group, model) {
  const element = fieldset(group);
  const fields = group.fields.map((field) =>
    blank(
      field,
      () => model.get("value")[field.id],
      (text) => write(model, { ...model.get("value"), [field.id]: text }),
    ),
  );
  element.append(...fields.map(({ row }) => row));
  const show = () => fields.forEach((field) => field.show());
  show();
  return { element, show };
}

/** A group that can be filled in again and again, such as one call after another. */
function repeating(group, model) {
  const element = fieldset(group);
  const list = make("ol", { className: "so-rows" });
  const add = make("button", { type: "button", className: "so-button so-button-quiet", textContent: group.add });
  element.append(list, add);

  const rows = () => model.get("value")[group.id] ?? [];
  const save = (changed) => write(model, { ...model.get("value"), [group.id]: changed });
  let drawn = [];

  const row = (place) => {
    const item = make("li", { className: "so-row" });
    const part = fieldset({ legend: `${group.row} ${place + 1}` });
    const fields = group.fields.map((field) =>
      blank(
        field,
        () => rows()[place]?.[field.id],
        (text) => save(rows().map((one, i) => (i === place ? { ...one, [field.id]: text } : one))),
      ),
    );
    const remove = make("button", { type: "button", className: "so-button so-button-quiet", textContent: group.remove });
    remove.setAttribute("aria-label", `${group.remove} ${place + 1}`);
    remove.addEventListener("click", () => {
      save(rows().filter((_, i) => i !== place));
      show();
      (list.children[Math.max(place - 1, 0)]?.querySelector("input, select, textarea") ?? add).focus();
    });
    part.append(...fields.map(({ row }) => row), remove);
    item.append(part);
    return { item, show: () => fields.forEach((field) => field.show()) };
  };
  const show = () => {
    const wanted = rows().length;
    while (drawn.length > wanted) drawn.pop().item.remove();
    while (drawn.length < wanted) {
      const one = row(drawn.length);
      drawn.push(one);
      list.append(one.item);
    }
    drawn.forEach((one) => one.show());
  };
  add.addEventListener("click", () => {
    save([...rows(), {}]);
    show();
    drawn.at(-1).item.querySelector("input, select, textarea").focus();
  });
  show();
  return { element, show };
}

function write(model, value) {
  model.set("value", value);
  model.save_changes();
}

function fieldset({ legend, help }) {
  const element = make("fieldset", { className: "so-group" });
  element.append(make("legend", { textContent: legend }));
  if (help) element.append(make("p", { className: "so-help", textContent: help }));
  return element;
}

/** One blank: its label, its control, its help. */
function blank(field, read, save) {
  const row = make("div", { className: "so-blank" });
  const control = controlFor(field);
  control.id = `so-blank-${++count}`;
  control.dataset.blank = field.id;
  control.autocomplete = field.autocomplete || "off";
  const label = make("label", { htmlFor: control.id, textContent: field.label });
  row.append(label, control);
  if (field.help) {
    const note = make("p", { className: "so-help", textContent: field.help, id: `${control.id}-help` });
    control.setAttribute("aria-describedby", note.id);
    row.append(note);
  }
  control.addEventListener("change", () => save(control.value));
  const show = () => {
    const text = read() ?? "";
    if (control.value !== text && document.activeElement !== control) control.value = text;
  };
  return { row, show };
}

function controlFor({ kind, options }) {
  if (kind === "text") return make("textarea", { rows: 3 });
  if (kind === "choice") {
    const select = make("select");
    select.append(...options.map(([value, text]) => make("option", { value, textContent: text })));
    return select;
  }
  return make("input", { type: { day: "date", phone: "tel" }[kind] ?? "text" });
}

function make(tag, properties = {}) {
  return Object.assign(document.createElement(tag), properties);
}
