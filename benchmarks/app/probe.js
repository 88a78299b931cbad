// Runs in every measured page before the page's own scripts, and says when things are on the
// screen. The same for all apps; `settings` are put in by pages.py.
window.bench = ((settings) => {
  // Panel draws inside shadow roots, so remember each one as it is made.
  const roots = [document];
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    roots.push(root);
    return root;
  };
  const live = () => roots.filter((root) => root === document || root.isConnected);
  const every = (selector) => live().flatMap((root) => [...root.querySelectorAll(selector)]);

  // The plan's own HTML, which every app shows, opens with this class.
  const plan = () => {
    for (const root of live()) {
      const found = root.querySelector(".so-doc");
      if (found) return found;
    }
    return null;
  };
  const text = () => plan()?.textContent ?? "";

  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  // Within a frame, waits until that frame has been drawn: what is queued then runs after it.
  const drawn = () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      port2.postMessage(0);
    });
  // Looks at each frame before it is drawn.
  const until = async (true_) => {
    for (;;) {
      await frame();
      const found = true_();
      if (found) return found;
      if (performance.now() > settings.patience) throw new Error(`waited in vain for ${true_}`);
    }
  };

  // The first plan, and at least as many fields outside it as the form has to begin with.
  const fields = () => {
    const shown = plan();
    if (!shown?.textContent.trim()) return [];
    return every("select, input:not([type=hidden]), textarea").filter((one) => !shown.contains(one));
  };
  const complete = () => fields().length >= settings.fields;
  // Asked once a frame is drawn, because the answer would have a page drawn before its time.
  const seen = () => fields().filter((one) => one.checkVisibility()).length >= settings.fields;

  const plain = (words) => words.replaceAll("\u00a0", " ").split(" | ").pop().trim();
  // Each gets the list of insurances ready and returns what then chooses one of them.
  const lists = {
    // A <select>: choosing is one event.
    native(label) {
      for (const list of every("select")) {
        const index = [...list.options].findIndex((option) => plain(option.textContent) === label);
        if (index < 0) continue;
        return () => {
          list.selectedIndex = index;
          list.dispatchEvent(new Event("input", { bubbles: true }));
          list.dispatchEvent(new Event("change", { bubbles: true }));
        };
      }
      return null;
    },
    // A text field that filters a list (Streamlit): choosing is the Enter key.
    async typed(label) {
      const field = document.querySelector('[data-testid="stSelectbox"] input');
      field.focus();
      const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
      write.call(field, label);
      field.dispatchEvent(new Event("input", { bubbles: true }));
      const choice = () =>
        [...document.querySelectorAll('[role="option"]')].find((one) => plain(one.textContent) === label);
      await until(choice);
      return () => choice().click();
    },
    // A field that opens a menu (Solara): choosing is a click in the menu.
    async clicked(label) {
      const press = new MouseEvent("mousedown", { bubbles: true });
      document.querySelector(".v-select .v-field").dispatchEvent(press);
      const choice = () =>
        [...document.querySelectorAll(".v-overlay--active .v-list-item")].find(
          (one) => plain(one.textContent) === label,
        );
      await until(choice);
      return () => choice().click();
    },
  };

  // Chooses an insurance and returns how long it was until the new plan was on the screen.
  const change = async (label) => {
    const choose = await lists[settings.lists](label);
    const before = text();
    const begun = performance.now();
    choose();
    await until(() => text() !== before);
    await drawn();
    return performance.now() - begun;
  };

  const open = async () => {
    do {
      await until(complete);
      await drawn();
    } while (!seen());
    const usable = performance.now();
    const first = await change(settings.first);
    return { usable, answered: usable + first, words: words() };
  };

  // Everything that can be read on the page, to see that it is the same form.
  const words = () =>
    live()
      .map((root) => (root === document ? document.body : root))
      .map((root) => root.textContent + [...root.querySelectorAll("[aria-label]")].map((one) => one.ariaLabel))
      .join(" ");

  const calm = () => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 1000 }));
  const changes = async (labels) => {
    const took = [];
    for (const label of labels) {
      await calm();
      took.push(await change(label));
    }
    return took;
  };

  const opened = location.protocol === "about:" ? null : open();
  opened?.catch(() => {});
  return { opened, changes };
})
