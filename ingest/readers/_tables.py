"""Tables → rows: each row a block of its own words, with the names of its columns beside it.

Merged cells are laid out on a grid; the rows at the top that name the columns are found, also over two lines; a table
that only places text on the page gives that text as paragraphs.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.documents import BlockKind
from ingest.passages import MAX_WORDS
from ingest.readers._items import Item, Row, plain

# More columns than a page or a screen can show. Spreadsheet programs write 16,384 for 'the rest of the row'.
MAX_COLUMNS = 200
# A cell with more words than this, in a table that names no columns, is text that was placed, not a value.
WORDY = 60
# The name of a column is short: the longest in the shared documents has nine words.
HEAD_WORDS = 12
# A first cell of at most this many words names its row: 'Datum', 'Naam van de organisatie'.
ROW_NAME_WORDS = 8

_NUMBER = re.compile(
    r"[\s€$%±+\-–—.,()\d]*\d[\s€$%.,()\d]*(?:%|mln\.?|mld\.?|miljoen|miljard|fte|km|m²|ha|uur)?[*)]*", re.I
)
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s*[-–/]\s*(?:19|20)?\d\d)?\*?")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it was written: its blocks, how many columns and rows it covers, and whether it is set as a head."""

    items: tuple[Item, ...] = ()
    across: int = 1
    down: int = 1
    head: bool = False
    bold: bool = False

    @property
    def text(self) -> str:
        return plain(" ".join(item.text for item in self.items))


_EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class _Slot:
    """One place on the grid: the cell that covers it, and whether that cell begins here."""

    cell: Cell
    own: bool


_Grid = list[list[_Slot]]


def items_of_table(rows: Sequence[Sequence[Cell]], heads: int = 0, *, headed: bool = False) -> list[Item]:
    """The items of a table: a row each, or paragraphs if it only places text on the page.

    `heads` says how many rows at the top are marked as naming the columns (0: none is marked), `headed` that the
    table's style sets its first row apart.
    [['Gemeente', '2025'], ['Assen', '12 %']] → 'Assen\\t12 %', labelled 'Gemeente: Assen · 2025: 12 %'
    """
    grid = _without_empty(_grid(rows))
    titles: list[Item] = []
    while len(grid) > 1 and _is_title(grid[0]):  # a title over the whole width
        titles.extend(grid[0][0].cell.items)
        grid = grid[1:]
        heads = max(0, heads - 1)
    if not grid:
        return titles
    heads = _head_rows(grid, heads, headed)
    if _places_text(grid, heads):
        return [*titles, *_as_text(grid)]
    names = _column_names(grid[:heads])
    return [*titles, *_as_rows(grid[heads:], names)]


# ── The grid ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _grid(rows: Sequence[Sequence[Cell]]) -> _Grid:
    """Every row as long as the widest, with merged cells in all the places that they cover."""
    grid: _Grid = []
    hanging: dict[int, tuple[Cell, int]] = {}  # column → the cell from above that covers it, and for how many rows
    lines = deque(deque(row) for row in rows)
    while lines:
        slots: list[_Slot] = []
        waiting = lines.popleft()
        while (waiting or any(column >= len(slots) for column in hanging)) and len(slots) < MAX_COLUMNS:
            column = len(slots)
            if column in hanging:
                cell, left = hanging.pop(column)
                slots.append(_Slot(cell, False))
                if left > 1:
                    hanging[column] = (cell, left - 1)
                continue
            cell = waiting.popleft() if waiting else _EMPTY
            for offset in range(max(1, min(cell.across, MAX_COLUMNS - column))):
                hanging.pop(column + offset, None)
                slots.append(_Slot(cell, offset == 0))
                if cell.down > 1:
                    hanging[column + offset] = (cell, cell.down - 1)
        hanging = {column: value for column, value in hanging.items() if column < len(slots)}
        grid.append(slots)
        if any(cell.text for cell in waiting):  # what is wider than any table goes on below
            lines.appendleft(waiting)
    width = max((len(slots) for slots in grid), default=0)
    return [[*slots, *[_Slot(_EMPTY, True)] * (width - len(slots))] for slots in grid]


def _without_empty(grid: _Grid) -> _Grid:
    """Without the rows that say nothing of their own and the columns that say nothing at all."""
    rows = [slots for slots in grid if any(slot.own and slot.cell.text for slot in slots)]
    columns = [number for number in range(len(rows[0]) if rows else 0) if any(row[number].cell.text for row in rows)]
    # a column that is only ever covered by a neighbour's cell is kept: the heads above it may differ
    return [[row[number] for number in columns] for row in rows]


def _is_title(slots: list[_Slot]) -> bool:
    """Whether one cell covers the whole row of several columns."""
    return len(slots) > 1 and all(slot.cell is slots[0].cell for slot in slots) and slots[0].own


# ── Which rows name the columns ──────────────────────────────────────────────────────────────────────────────────


def _head_rows(grid: _Grid, marked: int, headed: bool) -> int:
    """How many rows at the top name the columns; at least one row is left under them."""
    if len(grid) < 2:
        return 0
    heads = marked
    if not heads:
        while heads < len(grid) and all(slot.cell.head for slot in grid[heads] if slot.cell.text):
            heads += 1
    if not heads and _looks_like_head(grid, headed):
        heads = 1
    if heads == 1:
        heads = _with_second_line(grid)
    return heads if heads < len(grid) else (1 if marked > 1 or len(grid) > 1 else 0)


def _with_second_line(grid: _Grid) -> int:
    """2 if the first row has a cell over two rows, or one over some of the columns with names for each below it."""
    first, second = grid[0], grid[1]
    if len(grid) < 3:
        return 1
    if any(slot.cell.down > 1 and slot.cell.text for slot in first):
        return 2
    over_some = any(right.cell.text and right.cell is left.cell for left, right in pairwise(first))
    names = all(_is_name(slot.cell.text) for slot in second if slot.cell.text)
    return 2 if over_some and names else 1


def _looks_like_head(grid: _Grid, headed: bool) -> bool:
    """Whether the first row, which nothing marks, names the columns below it."""
    first, below = grid[0], [slots for slots in grid[1:] if not _is_title(slots)]
    texts = [slot.cell.text for slot in first]
    named = [text for text in texts if text]
    if len(named) < 2 or len(named) < len(texts) - 1 or not all(map(_is_name, named)):
        return False
    if len(texts) != len(set(texts)) and not any(slot.cell.across > 1 for slot in first):
        return False
    if headed or not texts[0]:
        return True
    if all(slot.cell.bold for slot in first if slot.cell.text):
        return any(not slot.cell.bold for slots in below for slot in slots[1:] if slot.cell.text)
    columns = [[slots[column].cell.text for slots in below] for column in range(len(texts))]
    # words, or a year, above amounts; a year above years is one more of them
    return any(
        name
        and _mostly_numbers(under)
        and not (_YEAR.fullmatch(name) and all(map(_YEAR.fullmatch, filter(None, under))))
        for name, under in zip(texts, columns, strict=True)
    )


def _is_name(text: str) -> bool:
    """Whether some words can name a column: short, no sentence, no amount; a year can."""
    if len(text.split()) > HEAD_WORDS or text.endswith((".", ";", ":")):
        return False
    return bool(_YEAR.fullmatch(text)) or not _NUMBER.fullmatch(text)


def _mostly_numbers(texts: Iterable[str]) -> bool:
    said = [text for text in texts if text]
    return len(said) > 1 and sum(bool(_NUMBER.fullmatch(text)) for text in said) > 0.7 * len(said)


def _column_names(heads: _Grid) -> list[str]:
    """For each column what stands above it, from top to bottom: '2025' over 'Begroot' → '2025 Begroot'."""
    if not heads:
        return []
    return [
        plain(" ".join(dict.fromkeys(row[column].cell.text for row in heads))).rstrip(" :")
        for column in range(len(heads[0]))
    ]


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _as_rows(grid: _Grid, names: list[str]) -> list[Item]:
    items: list[Item] = []
    group = ""
    for slots in grid:
        if names and _is_title(slots):  # 'Noord-Drenthe' over the whole width, above the rows of its municipalities
            group = slots[0].cell.text
            items.extend(slots[0].cell.items)
            continue
        own = [slot.cell.text if slot.own else "" for slot in slots]
        values = _values(slots, names)
        if group:
            values = [("", group), *values]
        if sum(len(text.split()) for text in own) <= MAX_WORDS:
            items.append(_row_item(Row(tuple(own), tuple(values)), slots))
        else:
            items.extend(_by_cell(slots, names, group))
    return items


def _values(slots: list[_Slot], names: list[str]) -> list[tuple[str, str]]:
    """(column name, words) for each cell, a merged one once, with all the names that it stands under."""
    values: list[tuple[str, str]] = []
    column = 0
    while column < len(slots):
        end = column + 1
        while end < len(slots) and slots[end].cell is slots[column].cell and slots[column].cell.text:
            end += 1
        name = plain(" ".join(dict.fromkeys(names[column:end])))
        if slots[column].cell.text:
            values.append((name, slots[column].cell.text))
        column = end
    if not names and len(values) > 1 and len(values[0][1].split()) <= ROW_NAME_WORDS:
        # no names above: the first cell names the row, 'Naam' → 'Naam: Jan'
        return [(values[0][1].rstrip(" :"), values[1][1]), *values[2:]]
    return values


def _row_item(row: Row, slots: list[_Slot]) -> Item:
    pages = next(slot.cell.items[0].pages for slot in slots if slot.own and slot.cell.text)
    return Item(BlockKind.PARAGRAPH, row.text, 0, ((0, pages[0][1]),), row=row)


def _by_cell(slots: list[_Slot], names: list[str], group: str) -> list[Item]:
    """A row with more words than a passage holds: an item for each paragraph of each cell, named after its row."""
    first = slots[0].cell.text
    row_name = first if len(first.split()) <= ROW_NAME_WORDS else ""
    items: list[Item] = []
    for column, slot in enumerate(slots):
        if not slot.own:
            continue
        name = names[column] if names else ""
        above = [("", words) for words in (group, row_name if column else "") if words]
        for item in slot.cell.items:
            if item.text:
                row = item.row or Row((item.text,), (*above, (name, item.text)))
                items.append(replace(item, kind=BlockKind.PARAGRAPH, level=0, row=row))
    return items


def _places_text(grid: _Grid, heads: int) -> bool:
    """Whether a table only places text on the page: one cell or column, or prose in cells that nothing names."""
    if len(grid[0]) < 2:
        return True
    if heads:
        return False
    cells = {id(slot.cell): slot.cell for slots in grid for slot in slots}.values()
    kinds = (BlockKind.HEADING, BlockKind.BULLET)
    return any(
        len(cell.text.split()) > WORDY or any(item.kind in kinds or item.row for item in cell.items) for cell in cells
    )


def _as_text(grid: _Grid) -> list[Item]:
    return [item for slots in grid for slot in slots if slot.own for item in slot.cell.items]
