"""Dates in lines of a document: which lines speak of what is still to come, the nearest first.

'Werkgroep GR-en: een ambtelijke werkgroep rondt medio 2026 een onderzoek af' → 'medio 2026'
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.dutch import MONTHS
from index.profiles import Line

# A year further off than this is the name of a vision ('Energievisie 2050'), not an appointment.
YEARS_AHEAD = 5

_MONTH_NUMBERS = {name: number for number, name in enumerate(MONTHS.split("|"), start=1)}
# Parts of a year, and the month up to which one may still expect them.
_PARTS_OF_YEAR = {
    "begin": 3, "voorjaar": 5, "halverwege": 6, "medio": 6, "zomer": 8, "najaar": 11, "eind": 12, "einde": 12,
}  # fmt: skip

_DATE = re.compile(
    r"(?:\b(?:t/m|tot en met|tot|per|vanaf|in|rond|uiterlijk|voor)\s+)?"
    r"(?:\b(?P<day>\d{1,2})\s+)?"
    rf"(?:\b(?P<month>{MONTHS})\s+|\b(?P<part>{'|'.join(_PARTS_OF_YEAR)})\s+)?"
    r"(?:\b20\d\d\s*(?:-|–|t/m|tot en met)\s*)?(?<!\d)(?P<year>20\d\d)(?!\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as the document writes it (`words`, at text[start:end]); 13 as month and 32 as day mean: not said."""

    year: int
    month: int
    day: int
    words: str
    start: int
    end: int

    @property
    def order(self) -> tuple[int, int, int]:
        """What is told less precisely comes after what is told precisely."""
        return self.year, self.month, self.day


def moments_in(text: str) -> tuple[Moment, ...]:
    """Every date in a text: 'van 2 oktober 2026 t/m eind 2027' → 2 oktober 2026 and t/m eind 2027."""
    return tuple(_moment(found) for found in _DATE.finditer(text))


def agenda_of(lines: Iterable[Line], since: int) -> tuple[tuple[Moment, Line], ...]:
    """The lines with a date in the year `since` or the few years after it, by the first such date."""
    dated = []
    for line in lines:
        ahead = [one for one in moments_in(line.text) if since <= one.year <= since + YEARS_AHEAD]
        if ahead:
            dated.append((min(ahead, key=lambda one: one.order), line))
    return tuple(sorted(dated, key=lambda one: one[0].order))


def _moment(found: re.Match[str]) -> Moment:
    month = _MONTH_NUMBERS.get((found["month"] or "").casefold(), 0)
    month = month or _PARTS_OF_YEAR.get((found["part"] or "").casefold(), 13)
    day = int(found["day"]) if found["day"] and found["month"] else 32
    return Moment(int(found["year"]), month, day, found.group().strip(), *found.span())
