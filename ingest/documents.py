"""The types that flow through the ingest: Source → Document → Page → Section → Passage.

All of them are frozen: a stage takes values and returns new ones. Lengths are in PDF points (1/72 inch) and every
box has its origin at the top left corner of the page as it is shown, y downwards, so that a box drawn on the page's
picture needs only a scale factor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points, origin at the page's top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def union(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class CitedBy:
    """The place where a document names a source: document id, physical page (from 1) and the words used there."""

    document: str
    page: int
    words: str


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that there is to read: an entry of the register, or a file that lies in the corpus without one.

    `path` is the file on disk (None: the file is not here), `url` the public address (None: not known).
    `portefeuilles` holds full names; empty means that the document's own headings decide. `follow_links` says that what
    its links point to are sources too; `personal_data` is what the bureau decided of personal data found in it.
    """

    id: str
    title: str
    publisher: str = ""
    year: int | None = None
    portefeuilles: tuple[str, ...] = ()
    path: Path | None = None
    url: str | None = None
    kind: str = "rapport"
    cited_by: tuple[CitedBy, ...] = ()
    follow_links: bool = False
    personal_data: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text as it was typeset: what a reader sees between two edges of a column.

    `size` is the font size in points, `weight` the font weight (400 regular, 600 semibold, 700 bold).
    """

    text: str
    box: Box
    size: float
    weight: int = 400
    italic: bool = False


class BlockKind(StrEnum):
    """What a block of lines is to a reader."""

    HEADING = "heading"
    LEAD_IN = "lead-in"  # 'Bereikt in de afgelopen periode:' before a list
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    ROW = "row"  # of a table: its words are the cells', in order


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together: a heading, a paragraph, a bullet or the line that introduces a list.

    `level` is the heading level (1 is the highest) or the bullet level (1 is the outermost); 0 for a paragraph. A
    lead-in has the level of a heading if it is typeset as one, else 0.
    `text` is cleaned (line-end hyphens closed, ligatures opened, bullet sign taken off). `regions` has one
    (page, box) a line, in reading order, and `starts` the place in `text` where each of those lines begins.
    `labelled` is a row with its column names ('Gemeente: Assen · 2025: 12 %'), by which it is found; `anchor` the id of
    the nearest heading in a page of the web.
    """

    kind: BlockKind
    text: str
    level: int
    regions: tuple[tuple[int, Box], ...]
    starts: tuple[int, ...]
    labelled: str = ""
    anchor: str = ""

    def regions_between(self, start: int, end: int) -> tuple[tuple[int, Box], ...]:
        """The regions of the lines that hold text[start:end]."""
        ends = (*self.starts[1:], len(self.text))
        lines = zip(self.regions, self.starts, ends, strict=True)
        return tuple(region for region, first, last in lines if first < end and last > start)

    @property
    def page(self) -> int:
        """The physical page, from 1, on which the block begins."""
        return self.regions[0][0]


@dataclass(frozen=True, slots=True)
class Link:
    """A link annotation: where it stands, the words that it stands on, and where it points."""

    page: int
    box: Box
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Page:
    """One physical page: `number` counts from 1, `label` is what is printed or set as its page label.

    `lines` are in reading order, without the feet and heads that repeat over pages. `text` is those lines' text.
    """

    number: int
    label: str
    width: float
    height: float
    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Document:
    """A source that was read: its pages, its links, and its blocks in reading order over all pages.

    `contents_pages` has the numbers of the pages on which there is nothing to search, and nothing is lost: they are
    blank, or hold no more than (a part of) a table of contents.
    """

    source: Source
    file: str
    digest: str
    pages: tuple[Page, ...]
    blocks: tuple[Block, ...]
    links: tuple[Link, ...] = ()
    outline: tuple[tuple[int, str, int], ...] = ()  # (level, title, page)
    metadata: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    contents_pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """The blocks between one heading and the next, with the path of headings above them."""

    heading_path: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def pages(self) -> tuple[int, int]:
        """First and last physical page."""
        numbers = [page for block in self.blocks for page, _ in block.regions]
        return min(numbers), max(numbers)


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence or a bullet inside a passage: `passage.text[start:end]` is the smallest thing that can answer.

    `lead_in` is the line (or the parent bullet) that introduces it; empty when nothing does. `page` is the physical
    page on which it begins; 0 where that is not known, as for a stretch that was cut out of a unit.
    """

    start: int
    end: int
    lead_in: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """What is indexed and shown: at most about 120 words, under one heading, verbatim from its pages.

    `text` holds the document's own words only. What helps to find it but is not said there (title, heading path,
    the line that introduces a list) is in `heading_path` and in the units' `lead_in`.
    `regions` has one (page, box) a line, for marking the passage on the page's picture; `anchor` is the id by which a
    web page can be opened at its first block, '' where there is none.
    """

    passage_id: str
    document_id: str
    heading_path: tuple[str, ...]
    portefeuilles: tuple[str, ...]
    text: str
    units: tuple[Unit, ...]
    regions: tuple[tuple[int, Box], ...]
    anchor: str = ""

    @property
    def pages(self) -> tuple[int, ...]:
        """The physical pages it stands on, ascending."""
        return tuple(sorted({page for page, _ in self.regions}))
