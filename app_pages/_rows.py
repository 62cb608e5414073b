"""Rows of tables as HTML: cells under the names of their columns, with the matching words marked.

Pure functions from values to strings, as in _marking.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from app_pages._marking import Span, escape, isolated, marked, passage_html
from index.rows import cells_of
from ingest.documents import Passage, Unit

Cells = tuple[tuple[str, str], ...]


def cells_html(cells: Cells) -> str:
    """One row, a line for each cell: (('Gemeente', 'Assen'), ('2025', '12 %')) → 'Gemeente | Assen', '2025 | 12 %'."""
    rows = "".join(f'<tr><th scope="row">{isolated(name)}</th><td>{isolated(words)}</td></tr>' for name, words in cells)
    return f'<table class="zp-cells zp-answer">{rows}</table>'


def lead_in_of(passage: Passage) -> str:
    """The line that introduces a passage; none for a row of a table, whose columns are named in the table itself."""
    first = passage.units[0] if passage.units else None
    return first.lead_in if first and not _cells(passage, first) else ""


def passage_with_rows_html(passage: Passage, marks: Iterable[Span]) -> str:
    """A passage as passage_html shows it, with its rows of tables under the names of their columns."""
    marks = tuple(marks)
    parts: list[str] = []
    for is_row, group in groupby(passage.units, key=lambda unit: bool(_cells(passage, unit))):
        units = list(group)
        if is_row:
            parts.append(_table_html(passage, units, marks))
        else:
            # from the first one's line on, since the sign of a bullet stands before its unit
            start = passage.text.rfind("\n", 0, units[0].start) + 1
            moved = [(first - start, last - start) for first, last in marks]
            parts.append(passage_html(passage.text[start : units[-1].end], moved))
    return "".join(parts)


def _cells(passage: Passage, unit: Unit) -> Cells:
    return cells_of(passage.text[unit.start : unit.end], unit.lead_in)


def _table_html(passage: Passage, units: Sequence[Unit], marks: Sequence[Span]) -> str:
    """Rows under all the columns that one of them has a cell in, in the order in which the columns first appear."""
    rows = [_cells(passage, unit) for unit in units]
    names = list(dict.fromkeys(name for row in rows for name, _ in row))
    head = "".join(f'<th scope="col">{isolated(name)}</th>' for name in names)
    body = ""
    for unit, row in zip(units, rows, strict=True):
        shown: dict[str, str] = {}
        at = unit.start
        for name, words in row:
            start = passage.text.find(words, at, unit.end)
            if start == -1:  # of a cell that is merged with the one above: its words stand there
                html = escape(words)
            else:
                at = start + len(words)
                html = marked(words, [(first - start, last - start) for first, last in marks])
            # two columns of one name: both in the one place, rather than one of them lost
            shown[name] = f"{shown[name]} · {html}" if name in shown else html
        body += "<tr>" + "".join(f"<td>{shown.get(name, '')}</td>" for name in names) + "</tr>"
    table = f'<table class="zp-cells"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="zp-wide">{table}</div>'
