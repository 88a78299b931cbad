// Remembers what is ticked in the plan, and tells the page about itself. See parts.py, Keeper.

const boxes = () => document.querySelectorAll(".so-plan input[data-key]");

export default {
  initialize({ model }) {
    const show = () => {
      const ticked = new Set(model.get("ticks"));
      for (const box of boxes()) box.checked = ticked.has(box.dataset.key);
    };
    const remember = ({ target }) => {
      if (!target.matches?.(".so-plan input[data-key]")) return;
      const others = model.get("ticks").filter((key) => key !== target.dataset.key);
      model.set("ticks", target.checked ? [...others, target.dataset.key] : others);
      model.save_changes();
    };
    // The plan's content is replaced at each answer, and its boxes come without ticks.
    const watch = new MutationObserver((changes) => {
      const isPlan = ({ target }) => (target.nodeType === 1 ? target : target.parentElement)?.closest(".so-plan");
      if (changes.some(isPlan)) show();
    });
    watch.observe(document.body, { childList: true, subtree: true });
    document.addEventListener("change", remember);
    model.on("change:ticks", show);
    document.dispatchEvent(new CustomEvent("secondopinion:keeper", { detail: model }));
    return () => {
      watch.disconnect();
      document.removeEventListener("change", remember);
      model.off("change:ticks", show);
    };
  },
};
