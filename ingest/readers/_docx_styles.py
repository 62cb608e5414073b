"""What Word's styles say of a paragraph and of the runs in it: heading, list, hidden, bold."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.readers._archives import Element, attribute, child, local
from ingest.readers._items import Look

# Word gives half points. 10 points where no style says anything.
_PLAIN = Look(10.0)
_HEADING = re.compile(r"(?:heading|kop) ([1-9])", re.I)
_CONTENTS = re.compile(
    r"toc \d|toc heading|contents heading|contents \d|table of figures|inhopg \d|kopvaninhoudsopgave", re.I
)


@dataclass(frozen=True, slots=True)
class Style:
    """What holds for a paragraph, or for a run in it. `heading` and `list_level` count from 1; 0 is neither."""

    heading: int = 0
    list_level: int = 0
    contents: bool = False  # a line of a table of contents
    page_break_before: bool = False
    hidden: bool = False
    look: Look = _PLAIN


class Styles:
    """The styles of one document, each with what it takes over from those below it."""

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._resolved: dict[str, Style] = {}
        self._default = ""
        self._base = Style()
        for element in root if root is not None else ():
            if local(element) == "style":
                key = attribute(element, "styleId")
                self._elements[key] = element
                if attribute(element, "type") == "paragraph" and attribute(element, "default") in ("1", "true"):
                    self._default = key
            elif local(element) == "docDefaults":
                self._base = _with_run(self._base, child(element, "rPrDefault", "rPr"))

    def name(self, key: str) -> str:
        """A style's name in lower case; what the user sees is translated, this is not."""
        return attribute(child(self._elements.get(key), "name"), "val").lower()

    def paragraph(self, properties: Element | None) -> Style:
        """The style of a paragraph with these properties (w:pPr)."""
        style = self._of(attribute(child(properties, "pStyle"), "val") or self._default, ())
        return _with_paragraph(style, properties)

    def run(self, properties: Element | None, around: Style) -> Style:
        """The style of a run with these properties (w:rPr) in a paragraph."""
        key = attribute(child(properties, "rStyle"), "val")
        style = _with_run(around, child(self._elements.get(key), "rPr")) if key else around
        return _with_run(style, properties)

    def _of(self, key: str, above: tuple[str, ...]) -> Style:
        """A style by its id; a style that is based on itself, over however many others, is based on nothing."""
        element = self._elements.get(key)
        if element is None or key in above or len(above) > 50:
            return self._base
        if key not in self._resolved:
            style = self._of(attribute(child(element, "basedOn"), "val"), (*above, key))
            style = _with_run(_with_paragraph(style, child(element, "pPr")), child(element, "rPr"))
            name = self.name(key)
            named = _HEADING.fullmatch(name)
            if named and not style.heading:
                style = replace(style, heading=int(named.group(1)))
            if name in ("title", "titel"):
                style = replace(style, heading=1)
            self._resolved[key] = replace(style, contents=style.contents or bool(_CONTENTS.fullmatch(name)))
        return self._resolved[key]


def is_on(toggle: Element | None) -> bool:
    """Whether a switch is there and not turned off: <w:b/> → True, <w:b w:val="0"/> → False."""
    return toggle is not None and attribute(toggle, "val") not in ("0", "false", "off", "none")


def _with_paragraph(style: Style, properties: Element | None) -> Style:
    for element in properties if properties is not None else ():
        name, value = local(element), attribute(element, "val")
        if name == "outlineLvl" and value.isdigit():
            style = replace(style, heading=int(value) + 1 if int(value) < 9 else 0)
        elif name == "pageBreakBefore":
            style = replace(style, page_break_before=is_on(element))
        elif name == "numPr":
            number = attribute(child(element, "numId"), "val")
            level = attribute(child(element, "ilvl"), "val", "0")
            if number:
                style = replace(style, list_level=int(level) + 1 if number != "0" and level.isdigit() else 0)
    return style


def _with_run(style: Style, properties: Element | None) -> Style:
    for element in properties if properties is not None else ():
        name, look = local(element), style.look
        if name == "vanish":
            style = replace(style, hidden=is_on(element))
        elif name == "b":
            style = replace(style, look=replace(look, bold=is_on(element)))
        elif name == "u":
            style = replace(style, look=replace(look, underlined=is_on(element)))
        elif name == "sz" and attribute(element, "val").isdigit():
            style = replace(style, look=replace(look, size=int(attribute(element, "val")) / 2))
    return style
