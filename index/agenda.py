"""Dates in lines of a document: which lines speak of what is still to come, the nearest first, and which of the past.

'Werkgroep GR-en: een ambtelijke werkgroep rondt medio 2026 een onderzoek af' → 'medio 2026'
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from index.dutch import MONTH, MONTHS
from index.profiles import Line

# A year further off than this is the name of a vision ('Energievisie 2050'), not an appointment.
YEARS_AHEAD = 5

_MONTH_NUMBERS = {name: number for number, name in enumerate(MONTHS, start=1)}
# Parts of a year, and the month up to which one may still expect them.
_PARTS_OF_YEAR = {
    "begin": 3, "eerste kwartaal": 3, "voorjaar": 5, "halverwege": 6, "medio": 6, "eerste helft": 6,
    "tweede kwartaal": 6, "zomer": 8, "derde kwartaal": 9, "najaar": 11, "eind": 12, "einde": 12, "tweede helft": 12,
    "vierde kwartaal": 12,
}  # fmt: skip

_DATE = re.compile(
    r"(?:\b(?:t/m|tot en met|tot|per|vanaf|in|op|rond|uiterlijk|voor)\s+(?:het\s+|de\s+)?)?"
    r"(?:\b(?P<day>\d{1,2})\s+)?"
    rf"(?:\b(?P<month>{MONTH})\s+|\b(?P<part>{'|'.join(_PARTS_OF_YEAR)})\s+(?:van\s+)?)?"
    r"(?:\b20\d\d\s*(?:-|–|t/m|tot en met)\s*)?(?<!\d)(?P<year>20\d\d)(?!\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as the document writes it: `words`, at text[start:end]. `month` and `day` are None where it tells none.

    Of a part of a year ('medio 2026') the month is the last in which one may still expect it; of a period the end.
    `begins` says that something starts then ('per 2028'), so that its first day counts and not its last.
    """

    year: int
    month: int | None
    day: int | None
    words: str
    start: int
    end: int
    begins: bool = False

    @property
    def last_day(self) -> date:
        """The last day that it may mean: '2026' → 31 December, 'oktober 2026' → 31 October, 'per 2028' → 1 January."""
        if self.begins:
            return date(self.year, self.month or 1, self.day or 1)
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def order(self) -> tuple[date, bool, bool]:
        """What is told less precisely comes after what is told precisely."""
        return self.last_day, self.month is None, self.day is None


@dataclass(frozen=True, slots=True)
class Dated:
    """A line and the date for which it stands in the agenda."""

    moment: Moment
    line: Line


@dataclass(frozen=True, slots=True)
class Agenda:
    """Lines with a date that is still to come, the nearest first; and those whose dates are past, the latest first."""

    coming: tuple[Dated, ...]
    past: tuple[Dated, ...]


def moments_in(text: str) -> tuple[Moment, ...]:
    """Every date in a text: 'van 2 oktober 2026 t/m eind 2027' → 2 oktober 2026 and t/m eind 2027."""
    return tuple(_moment(found) for found in _DATE.finditer(text))


def agenda_of(lines: Iterable[Line], today: date) -> Agenda:
    """Each line that holds a date, by its first date that is not past; by its last one if all are."""
    coming: list[Dated] = []
    past: list[Dated] = []
    for line in lines:
        moments = sorted(moments_in(line.text), key=lambda one: one.order)
        near = [one for one in moments if one.year <= today.year + YEARS_AHEAD]
        ahead = [one for one in near if one.last_day >= today]
        if ahead:
            coming.append(Dated(ahead[0], line))
        elif near:
            past.append(Dated(near[-1], line))
    return Agenda(
        # the same words together: '2025-2028' twice, then '2028'
        tuple(sorted(coming, key=lambda one: (one.moment.order, one.moment.words))),
        tuple(sorted(past, key=lambda one: one.moment.order, reverse=True)),
    )


def _moment(found: re.Match[str]) -> Moment:
    year = int(found["year"])
    part = _PARTS_OF_YEAR.get(" ".join((found["part"] or "").casefold().split()))
    month = _MONTH_NUMBERS.get((found["month"] or "").casefold(), part)
    day = int(found["day"]) if found["day"] and found["month"] else 0
    known = month is not None and 1 <= day <= monthrange(year, month)[1]
    words = found.group().strip()
    begins = words.casefold().startswith(("per ", "vanaf "))
    return Moment(year, month, day if known else None, words, found.start(), found.end(), begins)
