"""Tables of contents: found, so that they are not indexed as content: their titles would outrank the sections.

A table begins at a heading ('Inhoudsopgave'), at dot leaders, or at page numbers that rise behind titles that come back
later. It goes on as long as entries follow, over the end of a page too; between two of them there may be a title that
was broken over lines, or one without a number. What stands behind the last entry is content again.

Of fifteen government PDFs (494 pages) ten have a table, on 15 pages; one has no page numbers and stands in mid-page,
one goes on over five pages. All are found, to their first and last line, and nothing else is: budgets and tables of
scores, which are full of numbers at line ends, stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.cleaning import bullet_sign, without_bullet
from ingest.documents import Block
from ingest.headings import Pages
from ingest.layout import Column

# What stands above a table of contents, letters only.
_TITLES = frozenset(
    "inhoud inhoudsopgave inhoudopgave inhoudsoverzicht inhoudstafel inhoudopgavevervolg inhoudsopgavevervolg "
    "tableofcontents contents lijstvanfiguren lijstvantabellen lijstvanafbeeldingen".split()
)
# A headed table has at least this many entries, one with dot leaders but no heading this many, one with neither this
# many. The smallest headed table that was seen has 8, the smallest rest of a table on a page of its own 12.
_HEADED, _DOTTED, _BARE = 3, 4, 6
# Lines between two entries that are none themselves: titles broken over two or three lines. With dot leaders more,
# since a layout in columns may give three titles and then their three leaders.
_GAP, _DOTTED_GAP = 2, 5
# Of a table with neither heading nor leaders this share of the titles comes back as a line further on.
_COME_BACK = 0.6

# 'Leeswijzer.......... 9', 'Bewaartermijnen . . . . 24', 'Media …… iv'; a form's 'Naam: .......' has no number.
_DOTS = re.compile(r"(?:[.·_]{4,}|…{2,}|(?:[.·…] ){3,}[.·…]?)[.·…_\s]*(?P<number>\d{1,3}|[ivxl]{1,6})$")
_LEADER = re.compile(r"[.·_…] ?[.·_…]")  # quick to look for first
# 'Media 3', 'Wat kunnen we doen? 14', '11' alone after a broken title; not 'artikel 3.2', '27 / 32' or '2,5'.
_NUMBER = re.compile(r"^(?P<title>.*[^\W\d].*?[^\s\d.,:/€%+-])?\s*(?<![\w.,/%-])(?P<number>\d{1,3})$")
_LEADING_NUMERAL = re.compile(
    r"^(?:(?:hoofdstuk|deel|bijlage)\s+)?(?:\d{1,2}(?:\.\d{1,2})*|[a-z]|[ivx]+)[.):]?\s+", re.I
)
_NUMERAL = re.compile(r"(\d{1,2})[.)]?\s+(?=[^\W\d])")
_NO_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Line:
    page: int
    text: str
    title: str  # without the page number, letters only
    numeral: int  # before the title: 7 of '7. Wonen', 0 if there is none
    number: int | None  # the page number behind it; None if it has none, -1 if it is a Roman one
    dotted: bool


def without_contents(pages: Pages) -> tuple[list[tuple[int, list[Column]]], tuple[int, ...]]:
    """The pages without the lines of tables of contents, and the numbers of the pages on which such lines stood.

    To be called before `blocks_of`, so that an entry is taken neither for a heading nor for the text under one.
    """
    lines = [_parsed(number, line.text) for number, columns in pages for column in columns for line in column.lines]
    found = _contents(lines)
    if not found:
        return [(number, list(columns)) for number, columns in pages], ()
    kept: list[tuple[int, list[Column]]] = []
    position = 0
    for number, columns in pages:
        left: list[Column] = []
        for column in columns:
            places = range(position, position + len(column.lines))
            position += len(column.lines)
            rest = tuple(line for place, line in zip(places, column.lines, strict=True) if place not in found)
            if rest:
                left.append(replace(column, lines=rest))
        kept.append((number, left))
    return kept, tuple(sorted({lines[place].page for place in found}))


def without_contents_blocks(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks without those that are entries of a table of contents: for formats without lines (DOCX, ODT, HTML)."""
    found = _contents([_parsed(1, block.text) for block in blocks])
    return tuple(block for place, block in enumerate(blocks) if place not in found)


def _parsed(page: int, text: str) -> _Line:
    """'2.1 Wonen en zorg ..... 24' → title 'wonenenzorg', number 24, dotted."""
    text = " ".join(text.split())
    dots = _DOTS.search(text) if text[-1:].isalnum() and _LEADER.search(text) else None
    number = dots or (_NUMBER.match(text) if text[-1:].isdigit() else None)
    title = text[: dots.start()] if dots else (number["title"] or "") if number else text
    value = (int(number["number"]) if number["number"].isdigit() else -1) if number else None
    numeral = _NUMERAL.match(text)
    return _Line(page, text, _key(title), int(numeral[1]) if numeral else 0, value, bool(dots))


def _key(title: str) -> str:
    """What is compared of a title, however it is numbered: '• 2.1 Wonen' → 'wonen'."""
    bare = without_bullet(title) if bullet_sign(title) else title
    return _NO_LETTERS.sub("", _LEADING_NUMERAL.sub("", bare).casefold())


# ── Finding them ─────────────────────────────────────────────────────────────────────────────────────────────────


def _contents(lines: Sequence[_Line]) -> frozenset[int]:
    """The places of all lines that belong to a table of contents."""
    last_seen = {line.title: place for place, line in enumerate(lines) if line.title and line.number is None}
    found: set[int] = set()
    place = 0
    while place < len(lines):
        end, is_table = _table_from(lines, place, last_seen)
        if is_table:
            found.update(range(place, end))
        place = max(end, place + 1)
    return frozenset(found)


def _table_from(lines: Sequence[_Line], start: int, last_seen: dict[str, int]) -> tuple[int, bool]:
    """The place behind the lines that could be a table of contents from `start` on, and whether they are one."""
    first = lines[start]
    headed = first.title in _TITLES and len(first.text) <= 40
    if not headed and first.number is None:
        return start, False
    # Two pages may lie on one sheet, and a part of a report counts on; only a heading makes a higher number sure.
    highest = 999 if headed or lines[-1].page == 1 else 2 * lines[-1].page + 20
    end = start
    entries: list[int] = []
    titles: set[str] = set()
    numbered = dotted = 0
    value = numeral = 0
    for place in range(start + headed, len(lines)):
        line = lines[place]
        in_dots = dotted >= 3 and dotted > len(entries) / 2
        if place - end - (end == start and headed) > (_DOTTED_GAP if in_dots else _GAP):
            break
        if line.page != lines[place - 1].page and entries and not _goes_on(lines, place, value, highest):
            break
        if line.title and line.number is None and line.title in titles:
            break  # the first section itself
        rises = line.number is not None and max(value, 1) <= line.number <= highest
        listed = headed and numbered < 3 and (last_seen.get(line.title, 0) > place or line.numeral == numeral + 1)
        if not (line.dotted or (rises and not in_dots) or (listed and len(line.title) > 2)):
            continue
        numeral = line.numeral or numeral
        entries.append(place)
        titles.add(line.title)
        end = place + 1
        dotted += line.dotted
        numbered += line.number is not None
        value = max(value, line.number or 0) if not line.dotted else max(line.number or 0, 0)
    back = sum(last_seen.get(lines[place].title, 0) > place for place in entries if lines[place].title)
    if headed:
        return end, len(entries) >= _HEADED and max(numbered, back) >= len(entries) / 2
    if first.dotted and dotted >= _DOTTED and dotted > len(entries) / 2:
        return end, True
    if len(entries) >= _BARE and back >= _COME_BACK * len(entries):
        return end, True
    return start if dotted else end, False  # leaders may begin a table within


def _goes_on(lines: Sequence[_Line], place: int, value: int, highest: int) -> bool:
    """Whether a page begins with more entries: two of its first three lines."""
    ahead = [line for line in lines[place : place + 3] if line.page == lines[place].page]
    entries = sum(line.dotted or (line.number is not None and value <= line.number <= highest) for line in ahead)
    return entries >= min(2, len(ahead))
