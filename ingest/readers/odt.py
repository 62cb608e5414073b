"""ODT → Document, read from content.xml and styles.xml as LibreOffice and Word write them.

Stages: 1 open, or say why not · 2 styles · 3 the text's blocks · 4 headings by look, notes in place.
Pages are the ones that the program marked when it last saved (soft page breaks), and the explicit breaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ingest.documents import BlockKind, Document, Link, Source
from ingest.errors import UnreadableError
from ingest.readers._archives import (
    Archive,
    Element,
    attribute,
    child,
    damaged,
    empty,
    local,
    locked,
    too_deep,
)
from ingest.readers._items import NOWHERE, Content, Draft, Item, Look, dated, document_of, finished, joined, paragraph
from ingest.readers._tables import MAX_COLUMNS, Cell, items_of_table

# Text that is not the document's: remarks, what was deleted, descriptions of pictures.
_NOT_TEXT = frozenset("annotation annotation-end tracked-changes title desc forms hidden-text event-listeners".split())
_CONTENTS = frozenset(
    "table-of-content alphabetical-index illustration-index table-index object-index user-index".split()
)
# Groups of rows or blocks that stand in place of what they hold.
_GROUPS = frozenset("section index-body index-title numbered-paragraph table-row-group table-rows list-header".split())
_PLAIN = Look(10.0)  # what holds where no style says anything
_BOLD = frozenset("bold 600 700 800 900".split())


def read_odt(source: Source, data: bytes, file: str, digest: str) -> Document:
    """The document in `data`. Raises UnreadableError with the ledger's state and a sentence in Dutch."""
    return document_of(source, file, digest, content_of_odt(data, file))


def content_of_odt(data: bytes, file: str) -> Content:
    """Items with rows, links and metadata. Raises UnreadableError."""
    if not data.strip():
        raise empty(file)
    archive = Archive(data, file)  # 1
    if b"encryption-data" in (archive.read("META-INF/manifest.xml") or b""):
        raise locked(file)
    root = archive.xml("content.xml")
    body = child(root, "body", "text")
    if root is None or body is None:
        raise damaged(file)
    try:
        walk = _Walk(_styles(archive.xml("styles.xml"), root))  # 2
        items = finished(list(walk.blocks(body)))  # 3, 4
    except RecursionError as error:
        raise too_deep(file) from error
    if not any(item.text for item in items):
        raise empty(file)
    return Content(items, walk.links, _metadata(archive), [], walk.page)


def _metadata(archive: Archive) -> dict[str, str]:
    """Title, author, dates and language under the names that PDFs use; nothing if they cannot be read."""
    names = {
        "title": "title",
        "initial-creator": "author",
        "creation-date": "creationdate",
        "date": "moddate",
        "language": "lang",
    }
    try:
        meta = child(archive.xml("meta.xml"), "meta")
    except UnreadableError:
        return {}
    return (
        dated({names[local(entry)]: entry.text or "" for entry in meta if local(entry) in names})
        if meta is not None
        else {}
    )


# ── Styles ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Style:
    look: Look = _PLAIN
    hidden: bool = False
    page_break_before: bool = False
    page_break_after: bool = False
    title: bool = False


def _styles(*roots: Element | None) -> dict[str, _Style]:
    """Style name → what it says, with what it takes over from its parents."""
    elements: dict[str, Element] = {}
    for root in roots:
        for element in root.iter() if root is not None else ():
            if local(element) == "style":
                elements[attribute(element, "name")] = element
    resolved: dict[str, _Style] = {"": _Style()}

    def of(name: str, above: tuple[str, ...]) -> _Style:
        element = elements.get(name)
        if element is None or name in above or len(above) > 50:
            return _Style()
        if name not in resolved:
            style = replace(of(attribute(element, "parent-style-name"), (*above, name)), title=name == "Title")
            style = replace(style, title=style.title or attribute(element, "parent-style-name") == "Title")
            resolved[name] = _with(style, element)
        return resolved[name]

    for name in elements:
        of(name, ())
    return resolved


def _with(style: _Style, element: Element) -> _Style:
    for properties in element:
        for key, raw in properties.attrib.items():
            name, value = str(key).rpartition("}")[2], str(raw)
            if name == "display":
                style = replace(style, hidden=value == "none")
            elif name == "font-weight":
                style = replace(style, look=replace(style.look, bold=value in _BOLD))
            elif name == "text-underline-style":
                style = replace(style, look=replace(style.look, underlined=value != "none"))
            elif name == "font-size" and value.removesuffix("pt").replace(".", "", 1).isdigit():
                style = replace(style, look=replace(style.look, size=float(value.removesuffix("pt"))))
            elif name == "break-before":
                style = replace(style, page_break_before=value == "page")
            elif name == "break-after":
                style = replace(style, page_break_after=value == "page")
    # a style that sets another master page begins a new one
    return replace(style, page_break_before=True) if attribute(element, "master-page-name") else style


# ── The text ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Gathered:
    """What was found so far in one paragraph."""

    pieces: list[tuple[int, str]] = field(default_factory=list)  # (page, words)
    looks: set[Look] = field(default_factory=set)
    notes: list[Item] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)


class _Walk:
    """One walk through a text, with the page that it has reached."""

    def __init__(self, styles: dict[str, _Style]) -> None:
        self._styles = styles
        self.links: list[Link] = []
        self.page = 1
        self._written = False  # something stands on this page
        self._aside = 0  # inside text boxes and notes, whose breaks are not the text's

    def blocks(self, container: Element, depth: int = 0, content: bool = True) -> Iterator[Draft]:
        """The drafts of a text, a list item, a cell, a text box or a note, in reading order. `depth` is the list's."""
        opening = True  # a list item's first paragraph is the bullet, those after it go on with it
        for element in container:
            name = local(element)
            if name in ("p", "h"):
                yield from self._paragraph(element, depth if opening else 0, content)
                opening = False
            elif name == "list":
                for entry in element:
                    yield from self.blocks(entry, depth + (local(entry) == "list-item"), content)
            elif name == "table":
                yield from self._table(element)
            elif name == "soft-page-break":
                self._turn()
            elif name in _CONTENTS:
                yield from self.blocks(element, content=False)
            elif name in _GROUPS:
                if attribute(element, "display") != "none":
                    yield from self.blocks(element, depth, content)
            elif name in ("frame", "custom-shape", "g"):
                yield from self._boxes(_text_boxes(element), content)

    def _paragraph(self, element: Element, depth: int, content: bool) -> Iterator[Draft]:
        style = self._style(element)
        if style.page_break_before and self._written:
            self._turn()
        gathered = _Gathered()
        if not style.hidden:
            self._inline(element, style, gathered)
        text, pages = joined(gathered.pieces)
        if text:
            item = paragraph(text, pages)
            level = attribute(element, "outline-level", "1")
            if local(element) == "h" or style.title:
                item = Item(BlockKind.HEADING, text, int(level) if level.isdigit() else 1, pages)
            elif depth:
                item = replace(item, kind=BlockKind.BULLET, level=depth)
            look = next(iter(gathered.looks)) if len(gathered.looks) == 1 else Look()
            yield Draft(replace(item, content=content), look, tuple(gathered.notes))
        yield from self._boxes(gathered.boxes, content)
        if style.page_break_after:
            self._turn()

    def _boxes(self, boxes: list[Element], content: bool) -> Iterator[Draft]:
        self._aside += 1
        for box in boxes:
            yield from self.blocks(box, content=content)
        self._aside -= 1

    def _style(self, element: Element) -> _Style:
        return self._styles.get(attribute(element, "style-name"), _Style())

    def _turn(self) -> None:
        if not self._aside:
            self.page += 1
            self._written = False

    def _inline(self, element: Element, style: _Style, into: _Gathered) -> None:
        self._text(element.text, style, into)
        for part in element:
            self._part(part, local(part), style, into)
            self._text(part.tail, style, into)

    def _part(self, part: Element, name: str, style: _Style, into: _Gathered) -> None:
        if name in ("s", "tab", "line-break"):
            into.pieces.append((self.page, " "))
        elif name == "soft-page-break":
            self._turn()
        elif name == "note":
            into.notes.extend(self._note(part))
        elif name in ("frame", "custom-shape", "g"):
            into.boxes.extend(_text_boxes(part))
        elif name == "a":
            start = len(into.pieces)
            self._inline(part, style, into)
            words, _ = joined(into.pieces[start:])
            address = attribute(part, "href")
            if words and ":" in address.split("/", 1)[0]:
                self.links.append(Link(into.pieces[start][0], NOWHERE, words, address))
        elif name == "ruby":
            base = child(part, "ruby-base")
            if base is not None:
                self._inline(base, style, into)
        elif name not in _NOT_TEXT and name != "hidden-paragraph":
            own = self._styles.get(attribute(part, "style-name")) if name == "span" else None
            if own is None:
                self._inline(part, style, into)
            elif not own.hidden:
                look = replace(own.look, size=style.look.size) if own.look.size == _PLAIN.size else own.look
                look = replace(look, bold=look.bold or style.look.bold)
                self._inline(part, replace(style, look=look), into)

    def _text(self, text: str | None, style: _Style, into: _Gathered) -> None:
        if text:
            into.pieces.append((self.page, text))
            if text.strip():
                into.looks.add(style.look)
                self._written = True

    def _note(self, note: Element) -> list[Item]:
        """The paragraphs of a footnote or endnote, on the page of its reference."""
        body = child(note, "note-body")
        self._aside += 1
        found = [draft.item for draft in self.blocks(body)] if body is not None else []
        self._aside -= 1
        return [Item(BlockKind.PARAGRAPH, item.text, 0, item.pages, row=item.row) for item in found]

    # ── Tables ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _table(self, table: Element) -> Iterator[Draft]:
        rows: list[list[Cell]] = []
        notes: list[Item] = []
        heads = 0
        for row, head in self._rows(table):
            page, reached = self.page, self.page
            cells: list[Cell] = []
            for element in row:
                if local(element) == "table-cell":
                    self.page = page  # each cell begins where its row does
                    cell, found = self._cell(element)
                    reached = max(reached, self.page)
                    notes.extend(found)
                    # a covered cell has an element of its own, which says nothing that the grid does not know
                    cells.extend([cell] * max(1, min(_number(element, "number-columns-repeated"), MAX_COLUMNS)))
            self.page = reached
            heads += head and heads == len(rows)
            rows.append(cells)
        items = items_of_table(rows, heads)
        for number, item in enumerate(items):
            yield Draft(item, Look(), tuple(notes) if number == len(items) - 1 else ())

    def _rows(self, table: Element, head: bool = False) -> Iterator[tuple[Element, bool]]:
        """(row, whether it is marked as a head); a row that is said to repeat comes once: only empty ones do."""
        for element in table:
            name = local(element)
            if name == "table-row" and attribute(element, "visibility") not in ("collapse", "filter"):
                yield element, head
            elif name == "table-header-rows" or name in _GROUPS:
                yield from self._rows(element, head or name == "table-header-rows")
            elif name == "soft-page-break":
                self._turn()

    def _cell(self, element: Element) -> tuple[Cell, list[Item]]:
        drafts = list(self.blocks(element))
        cell = Cell(
            tuple(draft.item for draft in drafts),
            _number(element, "number-columns-spanned"),
            _number(element, "number-rows-spanned"),
            bold=bool(drafts) and all(draft.look.bold for draft in drafts),
        )
        return cell, [note for draft in drafts for note in draft.notes]


def _number(element: Element, name: str) -> int:
    value = attribute(element, name, "1")
    return int(value) if value.isdigit() and len(value) < 6 else 1


def _text_boxes(frame: Element) -> list[Element]:
    """The text boxes in a frame; a shape with words of its own is one itself."""
    if any(local(element) in ("p", "list") for element in frame):
        return [frame]
    found: list[Element] = []
    for element in frame:
        if local(element) == "text-box":
            found.append(element)
        elif local(element) in ("frame", "custom-shape", "g"):
            found.extend(_text_boxes(element))
    return found
