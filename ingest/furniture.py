"""Heads and feet: rows that stand at the same place on page after page and say nothing about that page's subject.

Also the page numbers among them, which become the pages' labels. Works on whole rows of a page, before columns are
looked for, since a navigation bar runs over all of them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from ingest.layout import Run, rows_of

# Heads and feet stand in the outer parts of a page's height.
MARGIN = 0.14
# A row is furniture when it repeats on this share of the pages, and on at least this many of them. The outermost row
# of a page in type no larger than the text (the name of a chapter) needs only the latter: 'Lopende dossiers' as a
# heading at the top of three pages of the handover must stay.
SHARE = 0.3
PAGES = 3
# Rows that repeat may shift by this many points between pages (left and right pages, other type sizes).
SHIFT = 6.0

# Three digits at most: '2025' alone on a line is a year.
_PAGE_NUMBER = re.compile(
    r"^(?:pagina|pag\.?|blz\.?|p\.)?\s*[-–|]?\s*(\d{1,3})\s*[-–|]?\s*(?:(?:/|van|of)\s*\d{1,4})?$", re.IGNORECASE
)

Pages = Sequence[tuple[float, Sequence[Run]]]


def without_furniture(pages: Pages) -> tuple[list[list[Run]], list[str]]:
    """Takes (page height, runs) a page; returns the runs without heads and feet, and each page's label.

    A label is the printed page number where one was found, else ''.
    """
    counts = _repeats(pages)
    body = _body_size(pages)
    often = len(pages) if len(pages) == PAGES - 1 else max(PAGES, SHARE * len(pages))
    kept: list[list[Run]] = []
    labels: list[str] = []
    for height, runs in pages:
        rows = rows_of(runs)
        label = ""
        dropped: set[int] = set()
        for position, row in enumerate(rows):
            if not _in_margin(row, height):
                continue
            outermost = position == 0 or position == len(rows) - 1
            repeats = counts.get(_key(row), 0)
            if repeats >= often or (repeats >= PAGES and outermost and _is_small(row, body)):
                label = label or _number_beside(_text(row))
                dropped.update(id(run) for run in row)
                continue
            if outermost:
                for run, number in _page_numbers(row):
                    label = number
                    dropped.add(id(run))
        kept.append([run for run in runs if id(run) not in dropped])
        labels.append(label)
    return kept, labels


def _page_numbers(row: Sequence[Run]) -> list[tuple[Run, str]]:
    """The page numbers in a row: one, or those of a spread ('4', '5'); other numbers are the cells of a table."""
    found = [(run, match.group(1)) for run in row if (match := _PAGE_NUMBER.match(run.text.strip()))]
    values = [int(number) for _, number in found]
    count_on = all(second == first + 1 for first, second in pairwise(values))
    return found if count_on else []


def _repeats(pages: Pages) -> dict[tuple[str, int], int]:
    """On how many pages each margin row stands at about the same height."""
    seen: dict[tuple[str, int], set[int]] = defaultdict(set)
    for number, (height, runs) in enumerate(pages):
        for row in rows_of(runs):
            if _in_margin(row, height):
                text, step = _key(row)
                for near in (step - 1, step, step + 1):
                    seen[text, near].add(number)
    return {key: len(numbers) for key, numbers in seen.items()}


def _body_size(pages: Pages) -> float:
    """The size of the running text."""
    sizes: Counter[float] = Counter()
    for _, runs in pages:
        for run in runs:
            sizes[run.size] += len(run.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _is_small(row: Sequence[Run], body: float) -> bool:
    return all(run.size <= 1.02 * body for run in row)


def _in_margin(row: Sequence[Run], height: float) -> bool:
    middle = (row[0].box.top + row[0].box.bottom) / 2
    return middle < MARGIN * height or middle > (1 - MARGIN) * height


def _text(row: Sequence[Run]) -> str:
    return " ".join(run.text.strip() for run in row)


def _key(row: Sequence[Run]) -> tuple[str, int]:
    """Text without spaces and with its numbers blanked, and the height on the page in coarse steps."""
    text = re.sub(r"\s+", "", _text(row).casefold())
    return re.sub(r"\d+", "#", text), round(row[0].box.bottom / SHIFT)


def _number_beside(text: str) -> str:
    """'23 Introductie | Organisatie' → '23', 'Jaarverslag 2024 | 7' → '7', 'Jaarverslag 2024' → ''."""
    found = re.match(r"^(\d{1,3})\b(?!\s*\w+\s+\d{4})", text) or re.search(r"\b(\d{1,3})$", text)
    return found.group(1) if found else ""
