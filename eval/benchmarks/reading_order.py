"""Whether we read the lines of a page in two columns in the order in which pdftotext does.

pdftotext is asked with -bbox-layout: its lines in the order of its plain output, with their places.
"""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from lxml import etree

from ingest.documents import Document
from ingest.folding import letters_only

# A column, for choosing pages: so many lines beside each other, wide enough to be running text.
LINES = 6
CHARACTERS = 20
# Lines shorter than this many letters (page numbers, cells) may stand twice anywhere, and say nothing of the order.
LETTERS = 8


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of text and where it stands, in points from the top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PageOrder:
    """One page: `agreeing` of `pairs` pairs of lines stand in the same order; `matched` of `lines` were compared."""

    file: str
    page: int
    lines: int
    matched: int
    agreeing: int
    pairs: int

    @property
    def share(self) -> float:
        return self.agreeing / self.pairs


def orders_of(path: Path, document: Document) -> Iterator[PageOrder]:
    """The pages in two columns, by our lines or by pdftotext's, of which enough lines can be told apart."""
    for page, theirs in zip(document.pages, _pages_of_pdftotext(path), strict=False):
        ours = [Placed(line.text, line.box.left, line.box.top, line.box.right, line.box.bottom) for line in page.lines]
        if not (in_two_columns(ours) or in_two_columns(theirs)):
            continue
        matched, agreeing, pairs = agreement([line.text for line in ours], [line.text for line in theirs])
        if pairs:
            yield PageOrder(path.name, page.number, len(ours), matched, agreeing, pairs)


def in_two_columns(lines: Sequence[Placed]) -> bool:
    """Whether there is an x with running text on both sides of it, side by side."""
    long = [line for line in lines if len(line.text) >= CHARACTERS]
    for cut in {round(line.left) - 1 for line in long}:
        left = [line for line in long if line.right <= cut]
        right = [line for line in long if line.left >= cut]
        beside = [line for line in right if any(other.top < line.bottom and line.top < other.bottom for other in left)]
        if len(left) >= LINES and len(beside) >= LINES:
            return True
    return False


def agreement(ours: Sequence[str], theirs: Sequence[str]) -> tuple[int, int, int]:
    """Lines that can be told apart in both, pairs of them in the same order, and pairs.

    (['een linkerkolom', 'een rechterkolom'], ['een rechterkolom', 'een linkerkolom']) → (2, 0, 1)
    """
    places = _places(theirs)
    order = [places[letters] for letters in _places(ours) if letters in places]
    agreeing = sum(one < other for one, other in combinations(order, 2))
    return len(order), agreeing, len(order) * (len(order) - 1) // 2


def _places(lines: Sequence[str]) -> dict[str, int]:
    """The place of each line that stands there once, by its letters; line-end hyphens are no letters."""
    folded = [letters_only(line) for line in lines]
    times = Counter(folded)
    return {line: place for place, line in enumerate(folded) if times[line] == 1 and len(line) >= LETTERS}


def _pages_of_pdftotext(path: Path) -> list[list[Placed]]:
    told = subprocess.run(["pdftotext", "-bbox-layout", str(path), "-"], check=True, capture_output=True)
    # pdftotext leaves signs in its XHTML that XML does not have
    root = etree.fromstring(told.stdout, etree.XMLParser(recover=True, huge_tree=True))
    return [[_placed(line) for line in page.iter("{*}line")] for page in root.iter("{*}page")]


def _placed(line: etree._Element) -> Placed:
    words = " ".join(word.text or "" for word in line.iter("{*}word"))
    left, top, right, bottom = (float(line.get(name) or 0) for name in ("xMin", "yMin", "xMax", "yMax"))
    return Placed(words, left, top, right, bottom)


def pdftotext_version() -> str:
    """'pdftotext version 22.12.0'"""
    told = subprocess.run(["pdftotext", "-v"], capture_output=True, text=True, check=False)
    return told.stderr.partition("\n")[0]
