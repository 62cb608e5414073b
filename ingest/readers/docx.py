"""DOCX → Document, read from the file's own XML, so that nothing that stands in the text is passed over.

(python-docx knows no tracked insertions, content controls, text boxes or footnotes: their words would be lost.)
Stages: 1 open, or say why not · 2 styles and addresses · 3 the body's blocks · 4 headings by look, notes in place.
Pages are the ones that Word saw when it last saved the file, where it left marks of them; else the explicit breaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.documents import BlockKind, Document, Link, Source
from ingest.errors import UnreadableError
from ingest.kinds import is_locked
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
from ingest.readers._docx_parts import (
    AROUND_BLOCKS,
    addresses,
    boxes_in,
    cells_of,
    chosen,
    main_part,
    metadata_of,
    rows_of,
)
from ingest.readers._docx_styles import Style, Styles, is_on
from ingest.readers._items import NOWHERE, Content, Draft, Item, Look, document_of, finished, joined, paragraph
from ingest.readers._tables import Cell, items_of_table

# Containers whose contents stand in the running text; what is not named here or handled by name is not text.
_INLINE = frozenset(
    "r hyperlink ins moveTo smartTag sdt sdtContent fldSimple customXml dir bdo oMath oMathPara".split()
)
_MATH = frozenset("oMath oMathPara e num den sub sup deg fName d f rad sSub sSup sSubSup nary func m mr r".split())
_ADDRESS = re.compile(r'HYPERLINK\s+(?:\\[mnot]\s+)*"([^"]+)"')
_NEXT_PAGE = frozenset(("", "nextPage", "oddPage", "evenPage"))


def read_docx(source: Source, data: bytes, file: str, digest: str) -> Document:
    """The document in `data`. Raises UnreadableError with the ledger's state and a sentence in Dutch."""
    return document_of(source, file, digest, content_of_docx(data, file))


def content_of_docx(data: bytes, file: str) -> Content:
    """Items with rows and anchors, links and metadata. Raises UnreadableError."""
    if not data.strip():
        raise empty(file)
    if is_locked(data):
        raise locked(file)
    archive = Archive(data, file)  # 1
    main = main_part(archive)
    document = archive.xml(main)
    body = child(document, "body")
    if body is None:
        raise damaged(file)
    try:
        walk = _Walk(archive, main, body)  # 2
        drafts = list(walk.blocks(body))  # 3
    except RecursionError as error:
        raise too_deep(file) from error
    items = finished(drafts)  # 4
    if not any(item.text for item in items):
        raise empty(file)
    return Content(items, walk.links, metadata_of(archive), walk.warnings, walk.page)


# ── The paragraphs of a body ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Gathered:
    """What was found so far in one paragraph."""

    style: Style
    pieces: list[tuple[int, str]] = field(default_factory=list)  # (page, words)
    looks: set[Look] = field(default_factory=set)
    notes: list[Item] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)


@dataclass(slots=True)
class _Field:
    """A field (an address, a page number) that has begun: what it says to do, and whether its result is reached."""

    instruction: str = ""
    result: bool = False
    start: int = 0  # how many pieces the paragraph had before it


class _Walk:
    """One walk through a document, with the page that it has reached."""

    def __init__(self, archive: Archive, main: str, body: Element) -> None:
        folder, _, name = main.rpartition("/")
        self.warnings: list[str] = []
        self._styles = Styles(self._extra(archive, f"{folder}/styles.xml", "opmaakprofielen"))
        self._addresses = addresses(archive, f"{folder}/_rels/{name}.rels")
        self._notes: dict[tuple[str, str], Element] = {}
        self._note_addresses: dict[str, dict[str, str]] = {}
        self.links: list[Link] = []
        self.page = 1
        self._fresh = False  # nothing stands yet on the page that an explicit break began
        self._aside = 0  # inside text boxes and notes, whose breaks are not the text's
        self._fields: list[_Field] = []
        sections = [section for section in body.iter() if local(section) == "sectPr"]
        self._next_section = dict(pairwise(sections))
        for kind in ("footnote", "endnote"):
            self._read_notes(archive, folder, kind)

    def _extra(self, archive: Archive, name: str, what: str) -> Element | None:
        """A part beside the text; if it cannot be read, the text still can."""
        try:
            return archive.xml(name)
        except UnreadableError:
            self.warnings.append(f"De {what} van dit bestand zijn niet te lezen.")
            return None

    def _read_notes(self, archive: Archive, folder: str, kind: str) -> None:
        part = self._extra(archive, f"{folder}/{kind}s.xml", "voetnoten" if kind == "footnote" else "eindnoten")
        self._note_addresses[kind] = addresses(archive, f"{folder}/_rels/{kind}s.xml.rels")
        for note in part if part is not None else ():
            if attribute(note, "type") not in ("separator", "continuationSeparator", "continuationNotice"):
                self._notes[kind, attribute(note, "id")] = note

    def blocks(self, container: Element, content: bool = True) -> Iterator[Draft]:
        """The drafts of a body, a cell, a text box or a content control, in reading order."""
        for element in container:
            name = local(element)
            if name == "p":
                yield from self._paragraph(element, content)
            elif name == "tbl":
                yield from self._table(element)
            elif name in AROUND_BLOCKS:
                gallery = attribute(child(element, "sdtPr", "docPartObj", "docPartGallery"), "val")
                yield from self.blocks(element, content and gallery != "Table of Contents")
            elif name == "AlternateContent":
                yield from self.blocks(chosen(element), content)

    def _paragraph(self, element: Element, content: bool) -> Iterator[Draft]:
        properties = child(element, "pPr")
        style = self._styles.paragraph(properties)
        if style.page_break_before:
            self._turn(explicit=True)
        gathered = _Gathered(style)
        self._inline(element, gathered)
        self._fields = [entry for entry in self._fields if entry.result]  # one that never got a result is broken
        text, pages = joined(gathered.pieces)
        if text:
            look = next(iter(gathered.looks)) if len(gathered.looks) == 1 else Look()
            item = self._item(text, pages, style, content)
            yield Draft(item, look, tuple(gathered.notes))
        for box in gathered.boxes:
            self._aside += 1
            yield from self.blocks(box, content)
            self._aside -= 1
        if child(properties, "sectPr") is not None:
            self._end_section(child(properties, "sectPr"))

    def _item(self, text: str, pages: tuple[tuple[int, int], ...], style: Style, content: bool) -> Item:
        if style.contents:
            return Item(BlockKind.PARAGRAPH, text, 0, pages, content=False)
        if style.heading:
            return Item(BlockKind.HEADING, text, style.heading, pages, content=content)
        if style.list_level:
            return Item(BlockKind.BULLET, text, style.list_level, pages, content=content)
        item = paragraph(text, pages)
        return item if content else Item(item.kind, item.text, item.level, item.pages, content=False)

    # ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _turn(self, *, explicit: bool) -> None:
        """A new page. Word marks the page after an explicit break once more, when it has laid the text out."""
        if self._aside or (self._fresh and not explicit):
            self._fresh = False
            return
        self.page += 1
        self._fresh = explicit

    def _end_section(self, section: Element | None) -> None:
        """The end of a section: how the next one begins is said by the next one."""
        following = self._next_section.get(section) if section is not None else None
        if following is not None and attribute(child(following, "type"), "val") in _NEXT_PAGE:
            self._turn(explicit=True)

    # ── Inside a paragraph ───────────────────────────────────────────────────────────────────────────────────────

    def _inline(self, element: Element, into: _Gathered) -> None:
        for part in element:
            name = local(part)
            if name == "r":
                self._run(part, into)
            elif name == "hyperlink" or name == "fldSimple":
                start = len(into.pieces)
                self._inline(part, into)
                found = _ADDRESS.search(attribute(part, "instr"))
                self._link(into, start, found.group(1) if found else self._address(part))
            elif name in ("oMath", "oMathPara"):
                self._math(part, into)
            elif name == "AlternateContent":
                self._inline(chosen(part), into)
            elif name in _INLINE:
                self._inline(part, into)

    def _address(self, hyperlink: Element) -> str:
        return self._addresses.get(attribute(hyperlink, "id"), "")

    def _link(self, into: _Gathered, start: int, address: str) -> None:
        words, _ = joined(into.pieces[start:])
        if address and words:
            self.links.append(Link(into.pieces[start][0], NOWHERE, words, address))

    def _run(self, run: Element, into: _Gathered) -> None:
        style = self._styles.run(child(run, "rPr"), into.style)
        for part in run:
            name = local(part)
            if name == "fldChar":
                self._field(attribute(part, "fldCharType"), into)
            elif name == "instrText" and self._fields:
                self._fields[-1].instruction += part.text or ""
            elif name == "lastRenderedPageBreak":
                self._turn(explicit=False)
            elif name == "br" and attribute(part, "type") == "page":
                self._turn(explicit=True)
            elif style.hidden or any(not entry.result for entry in self._fields):
                continue
            elif name == "t":
                self._text(part.text or "", style.look, into)
            elif name in ("tab", "br", "cr", "ptab"):
                into.pieces.append((self.page, " "))
            elif name == "noBreakHyphen":
                self._text("-", style.look, into)
            elif name in ("footnoteReference", "endnoteReference"):
                into.notes.extend(self._note(name.removesuffix("Reference"), attribute(part, "id")))
            elif name in ("drawing", "pict", "object"):
                into.boxes.extend(boxes_in(part))
            elif name == "AlternateContent":
                into.boxes.extend(boxes_in(chosen(part)))
            elif name == "ruby":
                base = child(part, "rubyBase")
                if base is not None:
                    self._inline(base, into)

    def _text(self, text: str, look: Look, into: _Gathered) -> None:
        into.pieces.append((self.page, text))
        if text.strip():
            self._fresh = False
            into.looks.add(look)

    def _math(self, element: Element, into: _Gathered) -> None:
        for part in element:
            if local(part) == "t":
                into.pieces.append((self.page, part.text or ""))
            elif local(part) in _MATH:
                self._math(part, into)

    def _field(self, kind: str, into: _Gathered) -> None:
        if kind == "begin":
            self._fields.append(_Field(start=len(into.pieces)))
        elif kind == "separate" and self._fields:
            self._fields[-1].result = True
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            found = _ADDRESS.search(ended.instruction)
            if found and ended.start <= len(into.pieces):
                self._link(into, ended.start, found.group(1))

    def _note(self, kind: str, number: str) -> list[Item]:
        """The paragraphs of a note, on the page of its reference; each note once."""
        note = self._notes.pop((kind, number), None)
        if note is None:
            return []
        outer, self._fields = self._fields, []
        addresses, self._addresses = self._addresses, self._note_addresses[kind]
        self._aside += 1
        found = [draft.item for draft in self.blocks(note)]
        self._aside -= 1
        self._addresses, self._fields = addresses, outer
        return [Item(BlockKind.PARAGRAPH, item.text, 0, item.pages, row=item.row) for item in found]

    # ── Tables ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _table(self, table: Element) -> Iterator[Draft]:
        rows: list[list[Cell]] = []
        notes: list[Item] = []
        merged: dict[int, tuple[int, int]] = {}  # column → the row and place of the cell that goes on downwards
        heads = 0
        for row in rows_of(table):
            if any(is_on(child(row, "trPr", name)) for name in ("del", "hidden")):
                continue
            if is_on(child(row, "trPr", "tblHeader")) and heads == len(rows):
                heads += 1
            before = attribute(child(row, "trPr", "gridBefore"), "val")
            cells = [Cell(across=int(before))] if before.isdigit() and before != "0" else []
            column = cells[0].across if cells else 0
            page, fresh, reached = self.page, self._fresh, self.page
            for element in cells_of(row):
                self.page, self._fresh = page, fresh  # each cell begins where its row does
                cell, found = self._cell(element)
                reached = max(reached, self.page)
                notes.extend(found)
                merge = child(element, "tcPr", "vMerge")
                if merge is not None and attribute(merge, "val") != "restart" and column in merged:
                    at, place = merged[column]
                    above = rows[at][place]
                    rows[at][place] = Cell(above.items + cell.items, above.across, len(rows) - at + 1, bold=above.bold)
                else:
                    merged.pop(column, None)
                    if merge is not None:
                        merged[column] = (len(rows), len(cells))
                    cells.append(cell)
                column += cell.across
            self.page = reached
            rows.append(cells)
        look = child(table, "tblPr", "tblLook")
        styled = self._styles.name(attribute(child(table, "tblPr", "tblStyle"), "val"))
        first_row = attribute(look, "firstRow") == "1" or bool(_hexadecimal(attribute(look, "val")) & 0x20)
        headed = first_row and styled not in ("", "table grid", "normal table", "tabelraster", "standaardtabel")
        items = items_of_table(rows, heads, headed=headed)
        for number, item in enumerate(items):
            yield Draft(item, Look(), tuple(notes) if number == len(items) - 1 else ())

    def _cell(self, element: Element) -> tuple[Cell, list[Item]]:
        if child(element, "tcPr", "cellDel") is not None:
            return Cell(), []
        across = attribute(child(element, "tcPr", "gridSpan"), "val")
        drafts = list(self.blocks(element))
        bold = bool(drafts) and all(draft.look.bold for draft in drafts)
        cell = Cell(tuple(draft.item for draft in drafts), int(across) if across.isdigit() else 1, bold=bold)
        return cell, [note for draft in drafts for note in draft.notes]


def _hexadecimal(value: str) -> int:
    return int(value, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,8}", value) else 0
