"""What can be asked of a screen by a program: axe's rules, what is seen, and what is told.

axe-core is the checker that most of those who test pages use. The library brings it along, so
nothing is fetched. What axe cannot judge is asked of `eyes.js`. What a screen reader is told comes
from the browser itself, over the line that its own developer tools use.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OPTIONS = {
    "runOnly": {"type": "tag", "values": RULES},
    "resultTypes": ["violations", "incomplete"],
    "preload": False,  # it is for style sheets of other hosts, and there are none
}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced colours": {"color_scheme": "light", "forced_colors": "active"},
}
WIDE, NARROW, HEIGHT = 1280, 320, 800  # pixels
LARGE = 225  # percent: twice what our style sheet takes as the size of a reader's text
SPACED = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important }
* { word-spacing: 0.16em !important }
p { margin-bottom: 2em !important }
"""  # WCAG 2.2, success criterion 1.4.12

CONTROLS = {"button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "Date"}
PLACES = {"group", "radiogroup", "region", "form", "dialog", "article", "navigation"}
UNTOLD = {"none", "generic", "InlineTextBox", "ListMarker", "LabelText", "MenuListPopup", "option"}
STATES = ("level", "checked", "expanded", "invalid", "disabled", "focused")
KEPT = os.environ.get("SECONDOPINION_PICTURES")  # a folder to keep pictures and readings in


class Told(NamedTuple):
    """One thing that a screen reader is told, and the named places that it stands in."""

    depth: int
    role: str
    name: str
    description: str
    properties: dict[str, Any]
    within: tuple[str, ...]


# How a page is looked at


@contextmanager
def sized(page: Page, width: int) -> Iterator[None]:
    """Look at a page in a window of a width."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    try:
        yield
    finally:
        page.set_viewport_size({"width": WIDE, "height": HEIGHT})


@contextmanager
def styled(page: Page, style: str) -> Iterator[None]:
    """Look at a page with a style of the reader's own."""
    page.evaluate(
        """style => {
            const own = new CSSStyleSheet();
            own.replaceSync(style);
            document.adoptedStyleSheets = [own];
        }""",
        style,
    )
    try:
        yield
    finally:
        page.evaluate("document.adoptedStyleSheets = []")


def in_every_look(page: Page) -> Iterator[str]:
    """Show a page in every look and width, and say which each time; in the end as it was."""
    for width in (WIDE, NARROW):
        with sized(page, width):
            for look, media in LOOKS.items():
                page.emulate_media(**media)
                yield f"{look}, {width} px"
    page.emulate_media(**LOOKS["light"])


# What is seen


def faults(page: Page) -> list[str]:
    """Return what axe says is wrong, and words too pale that axe itself could not judge."""
    found = _axe().run(page, options=OPTIONS).response
    wrong = [
        f"{rule['id']} ({rule['help']}): {node['html'][:300]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    unsure = [
        node["target"][-1]
        for rule in found["incomplete"]
        if rule["id"] == "color-contrast"
        for node in rule["nodes"]
    ]
    return [*wrong, *seen(page, "pale", unsure)]


@cache
def _axe() -> Axe:
    return Axe()


def seen(page: Page, question: str, *details: Any) -> Any:
    """Return the answer of `eyes.js` to a question about the page."""
    if not page.evaluate("'eyes' in window"):
        page.evaluate(_eyes())
    return page.evaluate("([question, details]) => eyes[question](...details)", [question, details])


@cache
def _eyes() -> str:
    return Path(__file__).with_name("eyes.js").read_text(encoding="utf-8")


# What is told


def told(page: Page) -> list[Told]:
    """Return what a screen reader is told of the page, in its order."""
    line = page.context.new_cdp_session(page)
    try:
        nodes = line.send("Accessibility.getFullAXTree")["nodes"]
    finally:
        line.detach()
    return list(_below(nodes[0], {node["nodeId"]: node for node in nodes}, 0, ()))


def _below(
    node: dict[str, Any], nodes: dict[str, dict[str, Any]], depth: int, within: tuple[str, ...]
) -> Iterator[Told]:
    role, name = _value(node.get("role")), _value(node.get("name")) or ""
    if not node["ignored"]:
        properties = {each["name"]: _value(each) for each in node.get("properties", [])}
        about = _value(node.get("description")) or ""
        yield Told(depth, role, name, about, properties, within)
        depth += 1
        if name and role in PLACES:
            within = (*within, name)
    for child in node.get("childIds", []):
        if child in nodes:
            yield from _below(nodes[child], nodes, depth, within)


def _value(held: Any) -> Any:
    """Return what stands in one of the developer tools' nested values."""
    while isinstance(held, dict):
        held = held.get("value")
    return held


def reading(page: Page) -> str:
    """Return the page as somebody reads it who hears it: one line for each thing told."""
    lines = []
    for each in told(page):
        if each.role in UNTOLD:
            continue
        state = [f"{name}={each.properties[name]}" for name in STATES if name in each.properties]
        about = f" ({each.description})" if each.description else ""
        name = f" {each.name!r}" if each.name else ""
        lines.append(f"{'  ' * each.depth}{each.role}{name}{about} {' '.join(state)}".rstrip())
    return "\n".join(lines)


def keep(page: Page, name: str, text: str = "") -> None:
    """Keep a picture or a text of a screen, when somebody wants to look at it."""
    if KEPT and text:
        Path(KEPT, f"{name}.txt").write_text(text, encoding="utf-8")
    elif KEPT:
        page.screenshot(path=Path(KEPT, f"{name}.png"), full_page=True)
