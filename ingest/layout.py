"""Reading order: from runs of characters anywhere on a page to lines in the order in which a person reads them.

A page is cut at the gutter that divides the most text, if there is one. Runs that cross the gutter (a title over both
columns, a wide table) cut the page into bands; within a band the left column is read before the right one, and each
side is looked at again for a further gutter, so three columns work too.
"""

from __future__ import annotations

import statistics
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise

from ingest.documents import Box, Line

# A column has at least this many lines, and its lines hold on average at least this many characters. Numbers in a
# table of contents (1 to 3 characters) and cells of figures stay below; the narrowest newspaper-like column that was
# looked at has 24.
COLUMN_LINES = 3
COLUMN_CHARACTERS = 14
# The narrowest gutter, in font sizes. Typesetters seldom go below 1.2.
GUTTER = 0.8
# The widest space between two words of one line, in font sizes: that of narrow justified columns.
WORD_SPACE = 0.7
# Runs that overlap in height by this share of the lower one stand on one line.
SAME_LINE = 0.5
# A line is bold or italic when nearly all of it is: a bullet sign or a full stop may be regular.
WHOLE = 0.85


@dataclass(frozen=True, slots=True)
class Run:
    """Characters on one baseline without a wide gap between them: the atoms that a reader (pdf_text.py) hands over.

    `size` is the font size in points, `weight` the font weight (400 regular, 600 semibold, 700 bold).
    The text begins with a space where one stands between this run and the one before it.
    """

    text: str
    box: Box
    size: float
    weight: int
    italic: bool


@dataclass(frozen=True, slots=True)
class Column:
    """Lines that stand under each other without another column between them: what is read in one go."""

    lines: tuple[Line, ...]
    box: Box


def columns_of(runs: Sequence[Run]) -> list[Column]:
    """The page's columns in reading order, each with its lines from top to bottom."""
    stretches = dict(_stretches(runs))
    groups = _divide(list(stretches))
    return [_column([run for stretch in group for run in stretches[stretch]]) for group in groups if group]


def _stretches(runs: Sequence[Run]) -> Iterator[tuple[Run, list[Run]]]:
    """Runs that follow each other as words of one line do, as one run for the layout, and what it is made of.

    A bold word begins a run without any gap: '• We willen een' + '**scheiding**' + '. Ook', which no gutter may part.
    """
    begun: list[Run] = []
    for run in runs:
        if begun and not _is_next_word(begun[-1], run):
            yield _joined(begun), begun
            begun = []
        begun.append(run)
    if begun:
        yield _joined(begun), begun


def _is_next_word(last: Run, run: Run) -> bool:
    same_line = abs(_middle(last) - _middle(run)) < 0.5 * min(last.size, run.size)
    return same_line and -0.5 * run.size < run.box.left - last.box.right < WORD_SPACE * run.size


def _joined(runs: Sequence[Run]) -> Run:
    if len(runs) == 1:
        return runs[0]
    box = reduce(Box.union, (run.box for run in runs))
    return replace(max(runs, key=lambda run: len(run.text)), text="".join(run.text for run in runs), box=box)


def _divide(runs: list[Run]) -> list[list[Run]]:
    """Groups of runs in reading order; runs of one group are in one column."""
    gutter = _best_gutter(runs)
    if gutter is None:
        return [runs] if runs else []
    groups: list[list[Run]] = []
    for band in _bands(runs, gutter):
        left = [run for run in band if run.box.right <= gutter]
        right = [run for run in band if run.box.left >= gutter]
        if _is_divided(left, right):
            groups += _divide(left) + _divide(right)
        else:
            groups.append(band)
    return _merge_neighbours(groups, gutter)


def _best_gutter(runs: list[Run]) -> float | None:
    """The x at which a vertical cut divides the most lines of text while crossing the fewest; None if none does."""
    if len(runs) < 2 * COLUMN_LINES:
        return None
    best: tuple[float, float] | None = None
    for cut in sorted({round(run.box.left, 0) - 0.5 for run in runs}):
        left = [run for run in runs if run.box.right <= cut]
        right = [run for run in runs if run.box.left >= cut]
        if len(left) < COLUMN_LINES or len(right) < COLUMN_LINES:
            continue
        crossing = len(runs) - len(left) - len(right)
        divided = 0
        for band in _bands(runs, cut):
            band_left = [run for run in band if run.box.right <= cut]
            band_right = [run for run in band if run.box.left >= cut]
            if _is_divided(band_left, band_right):
                divided += len(band_left) + len(band_right)
        score = divided - 0.5 * crossing
        if divided and (best is None or score > best[0]):
            best = (score, cut)
    return best[1] if best else None


def _bands(runs: list[Run], cut: float) -> list[list[Run]]:
    """The runs in horizontal bands: each run that crosses the cut is a band of its own, the rest lies between them."""
    crossing = [run for run in runs if run.box.left < cut < run.box.right]
    if not crossing:
        return [runs]
    crossing.sort(key=_middle)
    edges = [_middle(run) for run in crossing]
    between: list[list[Run]] = [[] for _ in range(len(edges) + 1)]
    for run in runs:
        if not run.box.left < cut < run.box.right:
            between[bisect_left(edges, _middle(run))].append(run)
    bands: list[list[Run]] = [between[0]]
    for run, following in zip(crossing, between[1:], strict=True):
        bands += [[run], following]
    return [band for band in bands if band]


def _middle(run: Run) -> float:
    return (run.box.top + run.box.bottom) / 2


def _is_divided(left: list[Run], right: list[Run]) -> bool:
    """Whether two groups look like columns of text next to each other, not like a table's cells or loose labels."""
    if not left or not right:
        return False
    size = statistics.median(run.size for run in left + right)
    if min(run.box.left for run in right) - max(run.box.right for run in left) < GUTTER * size:
        return False
    left_lines, right_lines = rows_of(left), rows_of(right)
    if max(len(left_lines), len(right_lines)) < COLUMN_LINES:
        return False
    for rows in (left_lines, right_lines):
        if sum(len(run.text) for row in rows for run in row) / len(rows) < COLUMN_CHARACTERS:
            return False
    top = max(min(run.box.top for run in side) for side in (left, right))
    bottom = min(max(run.box.bottom for run in side) for side in (left, right))
    return bottom - top > 0


def _merge_neighbours(groups: list[list[Run]], gutter: float) -> list[list[Run]]:
    """Groups that follow each other and are not divided by the gutter are one column again (a title, then text)."""
    merged: list[list[Run]] = []
    for group in groups:
        crosses = any(run.box.left < gutter < run.box.right for run in group)
        if merged and crosses and any(run.box.left < gutter < run.box.right for run in merged[-1]):
            merged[-1] = merged[-1] + group
        else:
            merged.append(group)
    return merged


def rows_of(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs that stand on one line, lines from top to bottom, runs from left to right."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=_middle):
        for row in rows[-3:]:
            if _overlap(row[0].box, run.box) >= SAME_LINE:
                row.append(run)
                break
        else:
            rows.append([run])
    for row in rows:
        row.sort(key=lambda run: run.box.left)
    rows.sort(key=lambda row: min(run.box.top for run in row))
    return rows


def _overlap(one: Box, other: Box) -> float:
    """How much of the lower of two boxes the other covers in height, 0 to 1."""
    lower = min(one.height, other.height) or 1.0
    return max(0.0, min(one.bottom, other.bottom) - max(one.top, other.top)) / lower


def _column(runs: list[Run]) -> Column:
    lines = tuple(_line(row) for row in rows_of(runs))
    box = lines[0].box
    for line in lines[1:]:
        box = box.union(line.box)
    return Column(lines, box)


def _line(row: list[Run]) -> Line:
    """One line out of the runs that stand on it; its style is that of most of its characters."""
    text = row[0].text.lstrip()
    box = row[0].box
    for last, run in pairwise(row):
        touching = run.box.left - last.box.right < 0.15 * run.size
        text += run.text if touching else f" {run.text}"
        box = box.union(run.box)
    longest = max(row, key=lambda run: len(run.text))
    length = sum(len(run.text) for run in row)
    bold = sum(len(run.text) for run in row if run.weight >= 600) > WHOLE * length
    italic = sum(len(run.text) for run in row if run.italic) > WHOLE * length
    return Line(" ".join(text.split()), box, longest.size, longest.weight if bold else 400, italic)
