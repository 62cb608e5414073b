"""An HTML tree → drafts: what a reader of the page would see as headings, paragraphs, list items and rows of tables.

The walk knows no main text and no menus; html.py chooses among what it found. Markdown comes this way too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

from lxml import etree

from ingest.documents import BlockKind
from ingest.readers._archives import Element
from ingest.readers._items import Draft, Item, Look, Row, paragraph, plain
from ingest.readers._tables import Cell, items_of_table

# What holds no text of the page: code, forms' fields, pictures, text for browsers that can do less.
_SKIPPED = frozenset(
    "script style noscript template head svg iframe object embed canvas audio video map select datalist button input "
    "textarea progress meter link meta base frameset applet".split()
)
# Between their tags stands one stretch of running text; all other elements that are not inline begin a new one.
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark math mi mn mo mrow mtext "
    "nobr output picture q rb rp rt ruby s samp small source span strike strong sub sup time tt u var wbr".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_NOT_SEEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
# A definition of more words than this is prose under its term, not a value beside it.
_VALUE_WORDS = 60


@dataclass(frozen=True, slots=True)
class Found:
    """One draft, the element that it stands in, and its links as (words, address)."""

    draft: Draft
    element: Element
    links: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        return self.draft.item.text


@dataclass(slots=True)
class _Open:
    """The stretch of running text that is being gathered."""

    words: list[str] = field(default_factory=list)
    bold: bool = True  # so far all of it
    links: list[tuple[str, str]] = field(default_factory=list)
    breaks: int = 0  # line breaks since the last word


def parse(text: str) -> tuple[Element | None, bool]:
    """The tree of some HTML, however broken (None if there is none in it), and whether that is all of it.

    Elements may stand 2,048 deep in each other; what comes after that is lost. (`huge_tree` raises this from 256. HTML
    has no entities of its own making, so it costs no more than the text is long.)
    """
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, True
    cut_off = any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)
    return (root if isinstance(root, etree._Element) else None), not cut_off


def tag_of(element: Element) -> str:
    """An element's name in lower case; '' for what is no element."""
    return element.tag.lower() if isinstance(element.tag, str) else ""


def is_seen(element: Element) -> bool:
    """Whether an element's words are shown on the page."""
    if tag_of(element) in _SKIPPED or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return False
    return not _NOT_SEEN.search(element.get("style") or "")


def walk(root: Element, address: str = "", slug: Callable[[str], str] | None = None) -> list[Found]:
    """All that stands in an element, in reading order. `address` is what its links are relative to.

    `slug` makes an anchor of a heading's words where the page itself gives none. Raises RecursionError if elements
    stand thousands deep in each other.
    """
    walker = _Walker(address, slug)
    walker.blocks(root)
    walker.close(root)
    return walker.found


class _Walker:
    def __init__(self, address: str, slug: Callable[[str], str] | None, anchor: str = "") -> None:
        self.found: list[Found] = []
        self._address = address
        self._slug = slug
        self._anchor = anchor  # of the nearest heading
        self._named = ""  # an id that came by since the last text: <a name="x"></a><h2>
        self._open = _Open()
        self._depth = 0  # of the list
        self._bullet = False  # the next text is a list item's first

    # ── Blocks ───────────────────────────────────────────────────────────────────────────────────────────────────

    def blocks(self, element: Element) -> None:
        """Everything in an element; what is still open at its end belongs to it or to what follows it."""
        self._words(element.text, bold=False)
        for child in element:
            self._element(child, bold=False)
            self._words(child.tail, bold=False)

    def _element(self, element: Element, *, bold: bool) -> None:
        tag = tag_of(element)
        if not tag or not is_seen(element):
            return
        named = element.get("id") or (element.get("name") if tag == "a" else "") or ""
        self._named = named or self._named
        if tag in _INLINE:
            self._inline(element, tag, bold)
        elif tag == "br":
            self._open.breaks += 1
            self._open.words.append(" ")
            if self._open.breaks > 1:  # an empty line
                self.close(element)
        else:
            around = element.getparent()
            self.close(element if around is None else around)
            self._named = named or self._named
            self._block(element, tag)
            if self._named == named:  # a section's id names what begins it, not what comes after
                self._named = ""

    def _block(self, element: Element, tag: str) -> None:
        if tag in _HEADINGS:
            self._heading(element, _HEADINGS[tag])
        elif tag in ("ul", "ol", "menu", "dir"):
            self._depth += 1
            self.blocks(element)
            self.close(element)
            self._depth -= 1
            self._bullet = False
        elif tag == "li":
            self._bullet = True
            self.blocks(element)
            self.close(element)
            self._bullet = False
        elif tag == "nav":
            anchor = self._anchor  # what heads a menu heads nothing after it
            self.blocks(element)
            self.close(element)
            self._anchor = anchor
        elif tag == "table":
            self._table(element)
        elif tag == "dl":
            self._definitions(element)
        elif tag == "pre":
            for line in re.split(r"\n\s*\n", "".join(map(str, element.itertext()))):
                self._words(line, bold=False)
                self.close(element)
        else:
            self.blocks(element)
            self.close(element)

    def _heading(self, element: Element, level: int) -> None:
        named = self._named
        self.blocks(element)
        opened, self._open = self._open, _Open()
        text = plain("".join(opened.words))
        if text:
            own = element.get("id") or next(
                (str(part.get("id")) for part in element.iter("a", "span") if part.get("id")), ""
            )
            self._anchor = own or named or (self._slug(text) if self._slug else "") or self._anchor
            item = Item(BlockKind.HEADING, text, level, anchor=self._anchor)
            self.found.append(Found(Draft(item), element, tuple(opened.links)))
        self._named, self._bullet = "", False

    def close(self, element: Element) -> None:
        """Ends the running text, if there is any, as a paragraph or a list item in `element`."""
        opened, self._open = self._open, _Open()
        text = plain("".join(opened.words))
        if not text:
            return
        item = paragraph(text, anchor=self._anchor)
        if self._bullet:
            item = replace(item, kind=BlockKind.BULLET, level=max(1, self._depth))
        self._bullet, self._named = False, ""
        self.found.append(Found(Draft(item, Look(bold=opened.bold)), element, tuple(opened.links)))

    # ── Inside a paragraph ───────────────────────────────────────────────────────────────────────────────────────

    def _inline(self, element: Element, tag: str, bold: bool) -> None:
        bold = bold or tag in ("b", "strong")
        start, closed = len(self._open.words), len(self.found)
        if tag in ("del", "s", "strike", "rp", "rt"):  # what was struck out; how a sign is pronounced
            return
        self._words(element.text, bold=bold)
        for child in element:
            self._element(child, bold=bold)
            self._words(child.tail, bold=bold)
        address = element.get("href") or ""
        if tag == "a" and address:
            words = plain("".join(self._open.words[start:])) if len(self.found) == closed else ""
            whole = _joined_address(self._address, address)
            if whole and words:
                self._open.links.append((words, whole))
            elif whole:  # a link around whole blocks: a tile
                self.found[closed:] = [replace(one, links=((one.text, whole),)) for one in self.found[closed:]]

    def _words(self, text: str | None, *, bold: bool) -> None:
        if not text:
            return
        self._open.words.append(text)
        if text.strip():
            self._open.breaks = 0
            self._open.bold = self._open.bold and bold

    # ── Tables and definitions ───────────────────────────────────────────────────────────────────────────────────

    def _inside(self, element: Element) -> list[Found]:
        """What stands in a cell, by itself."""
        inner = _Walker(self._address, None, self._anchor)
        inner.blocks(element)
        inner.close(element)
        return inner.found

    def _table(self, table: Element) -> None:
        rows: list[list[Cell]] = []
        links: list[tuple[str, str]] = []
        heads = 0
        for caption in table.iterchildren("caption"):
            self.blocks(caption)
            self.close(caption)
        for row, in_head in _rows(table):
            cells: list[Cell] = []
            for element in row:
                if tag_of(element) in ("td", "th") and is_seen(element):
                    inside = self._inside(element)
                    links.extend(link for one in inside for link in one.links)
                    cells.append(_cell(element, inside))
            heads += in_head and heads == len(rows)
            rows.append(cells)
        self._bullet = False
        for number, item in enumerate(items_of_table(rows, heads)):
            draft = Draft(replace(item, anchor=self._anchor))
            self.found.append(Found(draft, table, tuple(links) if number == 0 else ()))

    def _definitions(self, element: Element) -> None:
        """<dt> with its <dd>: a row each, or paragraphs if the definition is prose."""
        term, self._bullet = "", False
        for child in element.iter("dt", "dd"):
            if next(child.iterancestors("dl"), None) is not element or not is_seen(child):
                continue
            inside = self._inside(child)
            text = plain(" ".join(one.text for one in inside))
            links = tuple(link for one in inside for link in one.links)
            if tag_of(child) == "dt":
                self._term(term, element)
                term = text
            elif term and text and len(text.split()) <= _VALUE_WORDS:
                row = Row((term, text), ((term.rstrip(" :"), text),))
                item = Item(BlockKind.PARAGRAPH, row.text, anchor=self._anchor, row=row)
                self.found.append(Found(Draft(item), element, links))
                term = ""
            else:
                self._term(term, element)
                self.found.extend(inside)
                term = ""
        self._term(term, element)

    def _term(self, term: str, element: Element) -> None:
        if term:
            self.found.append(Found(Draft(Item(BlockKind.PARAGRAPH, term, anchor=self._anchor)), element))


def _cell(element: Element, inside: list[Found]) -> Cell:
    # <th scope="row"> names its row, and so does one at a row's start; that all of a row are heads is for the table
    return Cell(
        tuple(one.draft.item for one in inside),
        _span(element, "colspan"),
        _span(element, "rowspan"),
        head=tag_of(element) == "th" and element.get("scope") not in ("row", "rowgroup"),
        bold=bool(inside) and all(one.draft.look.bold for one in inside),
    )


def _rows(table: Element, in_head: bool = False) -> Iterator[tuple[Element, bool]]:
    """(row, whether it stands in <thead>) of this table, not of those inside it."""
    for element in table:
        tag = tag_of(element)
        if tag == "tr" and is_seen(element):
            yield element, in_head
        elif tag in ("thead", "tbody", "tfoot") and is_seen(element):
            yield from _rows(element, tag == "thead")


def _span(element: Element, name: str) -> int:
    value = (element.get(name) or "1").strip()
    return max(1, int(value)) if value.isdigit() and len(value) < 5 else 1


def _joined_address(base: str, address: str) -> str:
    """The whole address of a link to a public page; '' for any other: 'mailto:', '#top', 'javascript:'."""
    address = address.strip()
    if address.startswith("#"):
        return ""
    try:
        whole = urljoin(base, address)
    except ValueError:
        return ""
    return whole if whole.lower().startswith(("http://", "https://")) else ""
