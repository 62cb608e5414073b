"""Which portefeuilles name each other: in which lines of one portefeuille's section another one is named, and how.

A portefeuille is named by its full name ('Ruimte & Wonen'), its abbreviation ('verbinding portefeuille R&W') or a part
of its name ('Wonen en Zorg'). A part that Dutch uses for other things too ('ruimte laten', 'integratie in') counts only
where it is written as a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from index.profiles import Line, Profile
from ingest.folding import letters_only
from ingest.portefeuilles import PORTEFEUILLES

# Parts of names with an everyday meaning of their own.
_EVERYDAY = frozenset({"ruimte", "integratie", "participatie"})

_ABBREVIATION = re.compile(r"(?<![\w&-])[A-Z](?:&?[A-Z]){1,4}(?![\w&])")
_BEGINS = re.compile(r"(?:^|[.:!?]\s)[\W\d]*$")
_SAID_TO_BE = re.compile(r"\b(?:portefeuille|thema|domein)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Naming:
    """A line in which another portefeuille is named, and where: (start, end) in its text."""

    line: Line
    marks: tuple[tuple[int, int], ...]


CrossLinks = Mapping[tuple[str, str], tuple[Naming, ...]]


def cross_links(profiles: Iterable[Profile]) -> CrossLinks:
    """Of each pair (van, naar) the lines in which the first names the second; pairs without any are left out."""
    found: dict[tuple[str, str], tuple[Naming, ...]] = {}
    for profile in profiles:
        for name in PORTEFEUILLES:
            if name == profile.portefeuille:
                continue
            namings = tuple(Naming(line, marks) for line in profile.all_lines if (marks := names(line.text, name)))
            if namings:
                found[profile.portefeuille, name] = namings
    return found


def names(text: str, portefeuille: str) -> tuple[tuple[int, int], ...]:
    """Where a text names a portefeuille: ('Preventie (verbinding portefeuille G&W)', 'Gezondheid …') → ((34, 37),)."""
    short = letters_only(PORTEFEUILLES[portefeuille])
    spans = [one.span() for one in _ABBREVIATION.finditer(text) if letters_only(one.group()) == short]
    for one in _name_pattern(portefeuille).finditer(text):
        everyday = letters_only(one.group()) in _EVERYDAY
        if not everyday or _written_as_name(text, *one.span()):
            spans.append(one.span())
    return tuple(sorted(spans))


@cache
def _name_pattern(portefeuille: str) -> re.Pattern[str]:
    """The whole name with 'en' or '&', or one of its parts, as words of their own: 'Wonen', 'Economische Zaken'."""
    parts = re.split(r",\s+|\s+en\s+", portefeuille)
    whole = r"(?:,?\s+(?:en|&)\s+|,\s+)".join(map(re.escape, parts))
    return re.compile(rf"(?<!\w)(?:{'|'.join([whole, *map(re.escape, parts)])})(?!\w)", re.IGNORECASE)


def _written_as_name(text: str, start: int, end: int) -> bool:
    """With a capital that no sentence's beginning explains, behind 'portefeuille', or as all that the line says."""
    before = text[:start]
    if _SAID_TO_BE.search(before) or letters_only(text) == letters_only(text[start:end]):
        return True
    return text[start].isupper() and not _BEGINS.search(before)
