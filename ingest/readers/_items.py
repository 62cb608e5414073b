"""What the readers of documents without boxes share: from paragraphs and rows to blocks, headings and notes in place.

A reader makes Drafts, in reading order. `finished` decides which of them are headings that only their look tells, and
puts footnotes at the end of their section; `document_of` makes the Document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.blocks import with_lead_ins
from ingest.cleaning import bullet_sign, has_numeral, open_ligatures, without_bullet
from ingest.contents import without_contents_blocks
from ingest.documents import Block, BlockKind, Box, Document, Line, Link, Page, Source
from ingest.headings import BOLD_HEADING_WORDS, HEADING_SIZE

# These formats have no places on a page.
NOWHERE = Box(0.0, 0.0, 0.0, 0.0)
# Signs that take no room and are part of no word: soft hyphen, zero-width space, byte order mark.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its own words a cell, and each value with the column that it stands in.

    `cells` holds what is written in this row and nowhere else; '' where a cell goes on from the row above. `values`
    holds (column name, words), the words of such a cell again, since the row cannot be understood without them.
    """

    cells: tuple[str, ...]
    values: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The row's words verbatim, a tab between cells: 'Assen\\t12 %'."""
        return "\t".join(self.cells).strip()

    @property
    def labelled(self) -> str:
        """What is indexed beside them: 'Gemeente: Assen · 2025: 12 %'."""
        return " · ".join(f"{name}: {words}" if name else words for name, words in self.values if words)


@dataclass(frozen=True, slots=True)
class Item:
    """A block before it is one. `pages` has (place in text, page) for each page that it stands on.

    `anchor` is the id by which the nearest heading can be linked to. An item that is not `content` (a table of
    contents) stands in the page's text, but is no block.
    """

    kind: BlockKind
    text: str
    level: int = 0
    pages: tuple[tuple[int, int], ...] = ((0, 1),)
    anchor: str = ""
    row: Row | None = None
    content: bool = True

    @property
    def page(self) -> int:
        """The page, from 1, on which it begins."""
        return self.pages[0][1]


@dataclass(frozen=True, slots=True)
class Look:
    """How a whole paragraph is set: what the eye would tell a heading by. `size` in points, 0 if not known."""

    size: float = 0.0
    bold: bool = False
    underlined: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """An item, its look, and the footnotes that it refers to."""

    item: Item
    look: Look = Look()
    notes: tuple[Item, ...] = ()


@dataclass(slots=True)
class Content:
    """All that a reader found in a file."""

    items: list[Item] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    pages: int = 1


def as_block(item: Item) -> Block:
    """The block that an item is."""
    regions = tuple((page, NOWHERE) for _, page in item.pages)
    starts = tuple(start for start, _ in item.pages)
    kind = BlockKind.ROW if item.row else item.kind
    labelled = item.row.labelled if item.row else ""
    return Block(kind, item.text, item.level, regions, starts, labelled=labelled, anchor=item.anchor)


def document_of(source: Source, file: str, digest: str, content: Content) -> Document:
    """The Document with these contents: tables of contents off, lead-ins marked, pages filled, headings as outline."""
    rest = without_contents_blocks([as_block(item) for item in content.items if item.content])
    blocks = tuple(with_lead_ins(rest))
    lines: dict[int, list[Line]] = {}
    for item in content.items:
        ends = (*(start for start, _ in item.pages[1:]), len(item.text))
        for (start, page), end in zip(item.pages, ends, strict=True):
            lines.setdefault(page, []).append(Line(item.text[start:end].strip(), NOWHERE, 10.0))
    last = max([content.pages, *lines])
    searched = {page for block in blocks for page, _ in block.regions}
    outline = [(item.level, item.text, item.page) for item in content.items if item.kind is BlockKind.HEADING]
    return Document(
        source=source,
        file=file,
        digest=digest,
        pages=tuple(Page(number, str(number), 0.0, 0.0, tuple(lines.get(number, ()))) for number in range(1, last + 1)),
        blocks=blocks,
        links=tuple(content.links),
        outline=tuple(outline),
        metadata=content.metadata,
        warnings=tuple(content.warnings),
        contents_pages=tuple(sorted(lines.keys() - searched)),
    )


def plain(text: str) -> str:
    """Text as it is read: white space made one space, ligatures opened, signs that nobody sees left out."""
    return " ".join(open_ligatures(text.translate(_INVISIBLE)).split())


def joined(pieces: Sequence[tuple[int, str]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """(page, words) pieces of one paragraph → its text and where each page begins in it.

    [(1, 'loopt door '), (2, 'op de volgende')] → ('loopt door op de volgende', ((0, 1), (11, 2)))
    """
    text, spaced = "", False
    pages: list[tuple[int, int]] = []
    for page, raw in pieces:
        part = plain(raw)
        if part:
            glue = " " if text and (spaced or raw[:1].isspace()) else ""
            if not pages or pages[-1][1] != page:
                pages.append((len(text) + len(glue), page))
            text += glue + part
        spaced = raw[-1:].isspace() if part or not raw else spaced or bool(raw)
    return text, tuple(pages) or ((0, 1),)


def paragraph(text: str, pages: tuple[tuple[int, int], ...] = ((0, 1),), anchor: str = "") -> Item:
    """An ordinary paragraph, or the bullet that it is by the sign that was typed before it: '- Lobby' → 'Lobby'."""
    if bullet_sign(text) or has_numeral(text):
        words = without_bullet(text)
        cut = len(text) - len(words)
        moved = tuple((max(0, start - cut), page) for start, page in pages)
        return Item(BlockKind.BULLET, words, 1, moved, anchor)
    return Item(BlockKind.PARAGRAPH, text, 0, pages, anchor)


# ── Headings that only their look tells, and notes ───────────────────────────────────────────────────────────────


def finished(drafts: Sequence[Draft]) -> list[Item]:
    """The items in their final order and kind: no empty ones, headings told by look, notes at their section's end."""
    drafts = [draft for draft in drafts if draft.item.text]
    levels = _levels_by_look(drafts)
    items: list[Item] = []
    notes: list[Item] = []
    for number, draft in enumerate(drafts):
        item = draft.item
        if number in levels:
            item = replace(item, kind=BlockKind.HEADING, level=levels[number])
        if item.kind is BlockKind.HEADING and item.content:
            items.extend(notes)
            notes.clear()
        items.append(item)
        notes.extend(note for note in draft.notes if note.text)
    return [*items, *notes]


def _levels_by_look(drafts: Sequence[Draft]) -> dict[int, int]:
    """Position → heading level of the paragraphs that are typeset as headings without being said to be one.

    They rank below the headings that are: larger before smaller, then by which look comes first.
    """
    sizes: Counter[float] = Counter()
    for draft in drafts:
        sizes[draft.look.size] += len(draft.item.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    found: dict[int, Look] = {}
    for number, (draft, following) in enumerate(zip(drafts, [*drafts, None][1:], strict=True)):
        # what nothing follows, or more of the same, heads nothing
        if following and following.look != draft.look and _stands_out(draft, body):
            found[number] = draft.look
    deepest = max((draft.item.level for draft in drafts if draft.item.kind is BlockKind.HEADING), default=0)
    ranked = sorted(dict.fromkeys(found.values()), key=lambda look: -look.size)
    return {number: deepest + 1 + ranked.index(look) for number, look in found.items()}


def _stands_out(draft: Draft, body: float) -> bool:
    item, look = draft.item, draft.look
    if item.kind is not BlockKind.PARAGRAPH or item.row or not item.content:
        return False
    if not (look.bold or look.underlined or (body and look.size >= HEADING_SIZE * body)):
        return False
    if (body and look.size and look.size < 0.9 * body) or not any(char.isalpha() for char in item.text):
        return False
    return len(item.text.split()) <= BOLD_HEADING_WORDS and not item.text.endswith((".", ",", ";", "!"))


# ── What is known of a document ──────────────────────────────────────────────────────────────────────────────────


def dated(metadata: Mapping[str, str]) -> dict[str, str]:
    """Metadata without what is empty, with dates in the form that PDFs have: '2024-02-06T09:00:00Z' → 'D:20240206'."""
    kept: dict[str, str] = {}
    for key, value in metadata.items():
        words = plain(value)
        if key in ("creationdate", "moddate"):
            digits = words[:10].replace("-", "")
            words = f"D:{digits}" if len(digits) == 8 and digits.isdigit() else ""
        if words:
            kept[key] = words
    return kept
