// What a test wants to know of a screen, in words. axe.py runs it in the page; it changes nothing there.
(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

  /** Whether somebody can see an element, and can reach it. */
  const shows = (element) =>
    element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) &&
    !element.closest("[inert]") &&
    !element.closest(".so-hidden, .so-skip:not(:focus)");
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shows);

  /** An element as a person would point it out. */
  const called = (element) => {
    const words = element.ariaLabel || element.labels?.[0]?.textContent || element.textContent || element.id;
    const kind = element.tagName.toLowerCase() + (element.className ? `.${[...element.classList].join(".")}` : "");
    return `${kind} "${(words ?? "").trim().replace(/\s+/g, " ").slice(0, 60)}"`;
  };

  // Colours

  /** A colour of any notation as red, green, blue and how much it covers. */
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = ([...top], bottom) => [0, 1, 2].map((i) => top[i] * top[3] + bottom[i] * (1 - top[3])).concat(1);
  /** The colour that stands behind an element; a picture is taken for what lies under it. */
  const ground = (element) => {
    if (!element) return rgba("Canvas");
    const colour = rgba(getComputedStyle(element).backgroundColor);
    return colour[3] === 1 ? colour : over(colour, ground(element.parentElement));
  };
  const light = (colour) => {
    const [red, green, blue] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };

  /** Words whose colour is too close to what is behind them, where axe cannot tell. */
  const pale = (selectors) =>
    selectors.flatMap((selector) => [...document.querySelectorAll(selector)]).flatMap((element) => {
      const style = getComputedStyle(element);
      const behind = ground(element);
      const ratio = contrast(over(rgba(style.color), behind), behind);
      const size = parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      return ratio >= (isLarge ? 3 : 4.5) ? [] : [`${called(element)} has ${ratio.toFixed(2)}:1`];
    });

  /** Fields whose edge is too close to what is around them. */
  const edgeless = () =>
    all("input:not([type=checkbox], [type=radio], [type=file]), select, textarea").flatMap((field) => {
      const style = getComputedStyle(field);
      const around = ground(field.parentElement);
      const drawn = parseFloat(style.borderBottomWidth) > 0 && style.borderBottomStyle !== "none";
      const ratio = drawn ? contrast(over(rgba(style.borderBottomColor), around), around) : 1;
      return ratio >= 3 ? [] : [`${called(field)} has ${ratio.toFixed(2)}:1`];
    });

  /** What keeps colours of its own where a person has chosen theirs for everything. */
  const stubborn = () =>
    all("body *").filter((each) => getComputedStyle(each).forcedColorAdjust === "none").map(called);

  /** Buttons and fields that nothing sets apart once all backgrounds are the same. */
  const unbounded = () =>
    all("button, .so-button, select, textarea, input:not([type=checkbox], [type=radio], [type=file])").filter((each) => {
      const style = getComputedStyle(each);
      return style.borderBottomStyle === "none" || parseFloat(style.borderBottomWidth) === 0;
    }).map(called);

  // Sizes

  const CONTROLS = "a[href], button, input, select, textarea, summary, [role=button], [role=tab], [tabindex='0']";
  /** A tick is given by clicking on its words too, so they count. */
  const area = (control) => (/^(checkbox|radio)$/.test(control.type) && control.closest("label")) || control;
  /** Whether a link stands among other words, where its size follows from theirs. */
  const isInText = (link) => {
    if (!link.matches("a:not(.so-button)") || getComputedStyle(link).display !== "inline") return false;
    return link.closest("p, li, dd, span, td")?.textContent.trim() !== link.textContent.trim();
  };
  const boxOf = (control) => {
    const boxes = [control, ...control.children].map((each) => each.getBoundingClientRect());
    const [top, left] = ["top", "left"].map((side) => Math.min(...boxes.map((box) => box[side])));
    const [bottom, right] = ["bottom", "right"].map((side) => Math.max(...boxes.map((box) => box[side])));
    return { width: right - left, height: bottom - top };
  };
  /** What is too small to hit; `kinds` narrows it down. */
  const small = (least, kinds = CONTROLS) =>
    all(kinds).filter((control) => !isInText(control)).flatMap((control) => {
      const { width, height } = boxOf(area(control));
      return Math.min(width, height) >= least - 0.5 ? [] : [`${called(control)} is ${width.toFixed(0)} x ${height.toFixed(0)}`];
    });

  const hardToHit = () => small(24); // WCAG 2.2, success criterion 2.5.8

  /** How many pixels the page is wider than the window. */
  const tooWide = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const hides = (overflow) => /hidden|clip/.test(overflow);
  /** Elements that hide a part of their own words. */
  const cut = () =>
    all("body *:not(select, option, svg *, .so-loading-title)").filter((each) => {
      const { overflowX, overflowY } = getComputedStyle(each);
      const isWide = hides(overflowX) && each.scrollWidth > each.clientWidth + 1;
      const isLong = hides(overflowY) && each.scrollHeight > each.clientHeight + 1;
      return each.textContent.trim() && (isWide || isLong);
    }).map(called);
  /** Words that stick out of the window to the right, unless their own box scrolls. */
  const outside = () =>
    all("body *").filter((each) => {
      const box = each.getBoundingClientRect();
      const scrolls = (parent) => parent && (/auto|scroll/.test(getComputedStyle(parent).overflowX) || scrolls(parent.parentElement));
      return box.width && box.right > innerWidth + 1 && !scrolls(each.parentElement);
    }).map(called);

  // Words and their places

  const levelOf = (heading) => Number(heading.getAttribute("aria-level") ?? heading.tagName[1]);
  const headings = () =>
    all("h1, h2, h3, h4, h5, h6, [role=heading]").map((each) => [levelOf(each), each.textContent.trim()]);
  /** Boxes to tick that ask a question together, but stand in no named group. */
  const loose = () =>
    all("input[type=checkbox], input[type=radio]").filter((box) => {
      if (box.closest(".so-plan")) return false; // there each stands for itself, in a list
      const group = box.closest("fieldset");
      return !group?.querySelector(":scope > legend")?.textContent.trim();
    }).map(called);
  const unnamedGroups = () =>
    all("fieldset").filter((group) => !group.querySelector(":scope > legend")?.textContent.trim()).map(called);
  /** Help and complaints that no field, group or button claims as its own. */
  const orphans = () => {
    const claims = [...document.querySelectorAll("[aria-describedby]")].flatMap((each) =>
      each.getAttribute("aria-describedby").split(/\s+/),
    );
    const belong = ".so-field :is(.so-help, .so-trouble-field), .so-blank .so-help, .so-group > .so-help, .so-files .so-help";
    return all(belong).filter((note) => !claims.includes(note.id)).map(called);
  };
  /** Ids that more than one element has, or that are pointed at and missing. */
  const mixedUp = () => {
    const ids = [...document.querySelectorAll(":not(svg *)[id]")].map((each) => each.id);
    const pointed = ["aria-describedby", "aria-labelledby", "aria-controls", "for"].flatMap((name) =>
      [...document.querySelectorAll(`[${name}]`)].flatMap((each) => each.getAttribute(name).split(/\s+/)),
    );
    return [
      ...ids.filter((id, place) => ids.indexOf(id) !== place),
      ...pointed.filter((id) => id && !document.getElementById(id)),
    ];
  };
  // Where the keyboard is

  let last = null;
  /** Whether an element comes after the one before it in the page. */
  const comesNext = (element) => {
    const isNext = !last || last === element || last.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
    last = element;
    return Boolean(isNext);
  };
  const isFixed = (each) => each && (/fixed|sticky/.test(getComputedStyle(each).position) || isFixed(each.parentElement));
  /** Whether something lies over the beginning of an element. */
  const isCovered = (element) => {
    const box = element.getBoundingClientRect();
    const inside = (place, most) => Math.max(0, Math.min(place, most - 1));
    const front = document.elementFromPoint(
      inside(box.left + Math.min(box.width / 2, 40), innerWidth),
      inside(box.top + Math.min(box.height / 2, 12), innerHeight),
    );
    return !(front && (element.contains(front) || front.contains(element) || front.closest("label")?.control === element));
  };
  /** What has the focus, and how it looks; null when nothing has. */
  const stop = () => {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return null;
    const style = getComputedStyle(element);
    const behind = ground(element.parentElement);
    const box = element.getBoundingClientRect();
    return {
      name: called(element),
      top: box.top + scrollY,
      moves: Boolean(isFixed(element)),
      isRinged: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      ring: contrast(over(rgba(style.outlineColor), behind), behind),
      isCovered: isCovered(element),
      isAfterLast: comesNext(element),
    };
  };
  /** Begins anew, with the keyboard before everything. */
  const begin = () => {
    last = null;
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
  };

  // What is said aloud without anybody asking

  const said = [];
  const heard = new WeakMap();
  let changedAt = performance.now();
  /** How long ago anything on the page changed. */
  const changed = () => performance.now() - changedAt;
  const LIVE = "[role=status], [role=alert], [aria-live]";
  const place = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest(LIVE);
  const listen = (changes) => {
    changedAt = performance.now();
    const touched = changes.flatMap(({ target, addedNodes }) => [target, ...addedNodes]);
    const inside = touched.flatMap((node) => [...(node.querySelectorAll?.("[role=alert]") ?? [])]);
    for (const live of new Set([...touched.map(place), ...inside].filter(Boolean))) {
      const words = live.checkVisibility() ? live.innerText : "";
      if (words.trim() && words !== heard.get(live)) said.push(words.trim().replace(/\s+/g, " "));
      heard.set(live, words);
    }
  };
  new MutationObserver(listen).observe(document.body, {
    ...{ childList: true, subtree: true, characterData: true, attributeFilter: ["hidden"] },
  });

  window.eyes = {
    ...{ pale, edgeless, stubborn, unbounded, small, hardToHit, tooWide, cut, outside },
    ...{ headings, loose, unnamedGroups, orphans, mixedUp, stop, begin, said, changed },
  };
})();
