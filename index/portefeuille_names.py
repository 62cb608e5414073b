"""Where a text names a portefeuille, and how.

By its whole name ('Ruimte & Wonen') or its abbreviation ('R&W') anywhere. By a part of its name ('Wonen'), by 'Sport'
or 'Financiën', which Dutch uses for other things too, only where the text says that a portefeuille is meant: behind
'portefeuille', 'verbinding' or 'domein', or as 'energiedomein'. A commission of the VNG is no portefeuille.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache, lru_cache

from ingest.folding import letters_only
from ingest.portefeuilles import PORTEFEUILLES

Span = tuple[int, int]

_ABBREVIATION = re.compile(r"(?<![\w&-])[A-Z](?:&?[A-Z]){1,5}(?![\w&])")

# 'verbinding met Wonen, Jeugd, Gezondheid/zorg en …': between the word that says so and the name stand only little
# words and what is written with a capital.
_LINKED = re.compile(
    r"\b(?i:portefeuilles?|verbinding(?:en)?|domein(?:en)?)"
    r"(?:\s+(?:(?:de|het|met|en|of|tussen|naar|van|portefeuilles?|thema|domein)\b|[A-ZÀ-Ý][^\s.;:()]*|[,&/]))*\s+$",
)
# 'Gelieerde VNG-commissie: VNG-cie Zorg, Jeugd en Onderwijs', 'VNG PSI'
_OF_THE_VNG = re.compile(r"\bVNG[\s-]?(?:cie|commissie)\b[^.;()]*$|\bVNG[\s-]+$", re.IGNORECASE)

# What says that a portefeuille is meant stands no further before its name: the longest of ours is 30.
_REACH = 300

# 'Drents Overleg Energie (DOE)': words with a capital, and little ones between them, then their initials.
_WRITTEN_OUT = re.compile(r"(?<!\w)((?:[A-ZÀ-Ý][\w-]+\s+(?:(?:en|van|voor|de|het)\s+)*){2,6})\(([A-Z]{2,6})\)")


def names(text: str, portefeuille: str, bodies: Collection[str] = ()) -> tuple[Span, ...]:
    """Where a text names a portefeuille: ('Preventie (verbinding portefeuille G&W)', 'Gezondheid …') → ((34, 37),).

    `bodies` are abbreviations of bodies that bear its name, as bodies_of finds them: they count as a part of it does.
    """
    found: set[Span] = set()
    for written, span in _abbreviations(text):
        whole = written.replace("&", "").lower() == _short(portefeuille)
        if whole or (written in bodies and _is_linked(text, span[0])):
            found.add(span)
    if not found and not _may_name(portefeuille, text):
        return ()
    found.update(one.span() for one in _whole_name(portefeuille).finditer(text))
    inside = tuple(found)
    for one in _part_of_name(portefeuille).finditer(text):
        linked = bool(one["domain"]) or _is_linked(text, one.start())
        if linked and not any(start <= one.start() < end for start, end in inside):
            found.add(one.span())
    return tuple(sorted(span for span in found if not _OF_THE_VNG.search(_before(text, span[0]))))


def bodies_of(portefeuille: str, texts: Iterable[str]) -> frozenset[str]:
    """Abbreviations that texts write out and whose words hold a part of the portefeuille's name.

    ('Energie, Klimaat en Milieu', ['… in het Drents Overleg Energie (DOE)']) → {'DOE'}
    """
    found = set()
    for text in texts:
        for one in _WRITTEN_OUT.finditer(text):
            words = [word for word in one[1].split() if word[0].isupper()][-len(one[2]) :]
            initials = "".join(word[0] for word in words)
            if initials == one[2] and _part_of_name(portefeuille).search(" ".join(words)):
                found.add(one[2])
    return frozenset(found)


# The same text is looked through for one portefeuille after the other.
@lru_cache(maxsize=8)
def _abbreviations(text: str) -> tuple[tuple[str, Span], ...]:
    """'de R&W en de VDG' → (('R&W', (3, 6)), ('VDG', (13, 16)))."""
    return tuple((one.group(), one.span()) for one in _ABBREVIATION.finditer(text))


def _may_name(portefeuille: str, text: str) -> bool:
    """Whether any part of its name stands in the text at all: few have one, and the patterns cost ten times that."""
    return any(part in _folded(text) for part in _folded_parts(portefeuille))


@lru_cache(maxsize=8)
def _folded(text: str) -> str:
    return text.casefold()


@cache
def _folded_parts(portefeuille: str) -> tuple[str, ...]:
    return tuple(map(str.casefold, _parts(portefeuille)))


@cache
def _short(portefeuille: str) -> str:
    """'Gezondheid en Welzijn' → 'gw'."""
    return letters_only(PORTEFEUILLES[portefeuille])


def _is_linked(text: str, start: int) -> bool:
    """Whether the words before say that a portefeuille is meant: ('de portefeuille Energie', 16) → True."""
    return bool(_LINKED.search(_before(text, start)))


def _before(text: str, start: int) -> str:
    return text[max(0, start - _REACH) : start]


def _parts(portefeuille: str) -> list[str]:
    """'Energie, Klimaat en Milieu' → ['Energie', 'Klimaat', 'Milieu']."""
    return re.split(r",\s+|\s+en\s+", portefeuille)


@cache
def _whole_name(portefeuille: str) -> re.Pattern[str]:
    """The whole name with 'en' or '&', as words of their own; for a name of one word a pattern that finds nothing."""
    parts = _parts(portefeuille)
    if len(parts) == 1:
        return re.compile(r"(?!)")
    whole = r"(?:,?\s+(?:en|&)\s+|,\s+)".join(map(re.escape, parts))
    return re.compile(rf"(?<!\w){whole}(?!\w)", re.IGNORECASE)


@cache
def _part_of_name(portefeuille: str) -> re.Pattern[str]:
    """One of its parts as a word of its own, or as the first half of a domain: 'Wonen', 'energiedomein'."""
    parts = "|".join(map(re.escape, _parts(portefeuille)))
    return re.compile(rf"(?<![\w-])(?:{parts})(?:(?P<domain>-?(?:domein|portefeuille))(?:en|s)?)?(?!\w)", re.IGNORECASE)
