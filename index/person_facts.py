"""Who holds which public role, as the passages say it: every name with its facts, each with the place that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.answer import page_of
from index.person_lists import Said
from index.person_names import FULL_NAME, NameReader, PersonName
from index.person_roles import MUNICIPALITIES, PLACE, At, Held, is_public_body, municipality
from index.person_rules import Around, PersonRules
from ingest.documents import Passage, Unit
from ingest.folding import fold

# A unit longer than this is a table run together or a line without end; no statement about a person is so long.
_LONGEST_UNIT = 3000

_ENDS_LETTER = re.compile(r"^(?:Hoogachtend|Met vriendelijke groet|Namens |burgemeester en wethouders van )", re.I)
_MAYOR_AND_ALDERMEN = re.compile(r"burgemeester en wethouders van", re.I)
# What is a piece of an address of the web is no word of the language.
_COMMON = re.compile(r"(?<![\w@./’'-])[a-zß-ÿ]{3,}(?![\w@/’']|\.\w)")
_NAMED_PLACE = re.compile(
    r"\b(?:[Gg]emeente|[Pp]rovincie|[Ww]aterschap|[Bb]urgemeester van|[Ww]ethouders van|[Gg]emeenteraad van)"
    rf" (?P<place>{PLACE})"
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a document says of a person: a role, where it is held, and the place where it is said.

    `place` is a municipality, organisation or body, as `at` tells; `role` is '' for who is only named as sitting in a
    body. `words` stand verbatim in the document; `under` is the line that introduces them. `page` counts from 1.
    """

    role: str
    place: str
    at: At
    former: bool
    words: str
    under: str
    document_id: str
    page: int
    heading_path: tuple[str, ...]
    portefeuilles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name with what is said of it at one place."""

    name: PersonName
    facts: tuple[Fact, ...]


class FactReader:
    """Reads the mentions of one corpus; what is a word or a place in it decides what is a name."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        texts = [passage.text for passage in passages]
        places = _places(passages)
        self._rules = PersonRules(NameReader(_common_words(texts), places), places)

    def mentions(self, passages: Sequence[Passage]) -> Iterator[Mention]:
        """Every mention, in the order of the passages."""
        for passage in passages:
            for place, unit in enumerate(passage.units):
                if unit.end - unit.start <= _LONGEST_UNIT:
                    yield from self._mentions_in(passage, place, unit)

    def _mentions_in(self, passage: Passage, place: int, unit: Unit) -> Iterator[Mention]:
        unit = _with_role_above(passage, place, unit)
        signed_for, signed_at = _ends_letter(passage, place)
        around = Around(unit.lead_in, passage.heading_path, signed_for)
        for said in _best_of(self._rules.said_in(passage.text[unit.start : unit.end], around)):
            signed = signed_for and any(held.place and held.place in signed_for for held in said.held)
            start = signed_at if signed else unit.start + said.start
            words = " ".join(passage.text[start : unit.start + said.end].split()).lstrip("•◦ ")
            page = page_of(passage, Unit(start, unit.end))
            yield Mention(said.name, tuple(_fact(held, words, page, unit, passage) for held in said.held))


def _fact(held: Held, words: str, page: int, unit: Unit, passage: Passage) -> Fact:
    return Fact(
        held.role,
        held.place,
        held.at,
        held.former,
        words,
        unit.lead_in,
        passage.document_id,
        page,
        passage.heading_path,
        passage.portefeuilles,
    )


def _best_of(found: Sequence[Said]) -> Iterator[Said]:
    """What each rule adds for each name: nothing twice, and nothing from within a stretch that was read already."""
    by_name: dict[str, list[Said]] = {}
    for one in found:
        by_name.setdefault(one.name.text, []).append(one)
    for of_name in by_name.values():
        seen: list[Held] = []
        for number, said in enumerate(of_name):
            if any(other.start <= said.start and said.end <= other.end for other in of_name[:number]):
                continue  # 'Jan Broekema – vertegenwoordiging stedelijke gemeenten' within the list that was read
            fresh = tuple(held for held in said.held if not any(_says(other, held) for other in seen))
            seen += fresh
            if fresh:
                yield Said(said.name, fresh, said.start, said.end)


def _says(known: Held, held: Held) -> bool:
    """Whether nothing new is said: 'wethouder' after 'wethouder (Emmen)'."""
    same_role = fold(known.role) == fold(held.role) or fold(known.role).startswith(fold(held.role))
    return same_role and (not held.place or fold(known.place) == fold(held.place))


def _with_role_above(passage: Passage, place: int, unit: Unit) -> Unit:
    """A name that stands alone, with the line above it if that goes on: 'De Minister van …,' above 'H.M. de Jonge'."""
    above = passage.units[place - 1] if place else unit
    goes_on = passage.text[above.start : above.end].rstrip().endswith(",")
    alone = goes_on and re.fullmatch(FULL_NAME, " ".join(passage.text[unit.start : unit.end].split()))
    return Unit(above.start, unit.end, unit.lead_in) if alone else unit


def _ends_letter(passage: Passage, place: int) -> tuple[str, int]:
    """The public body for which a letter is signed where this unit is among its last lines, and where that stands.

    'Namens het bestuur van de Vereniging van Drentse Gemeenten,' → 'bestuur van de Vereniging van Drentse Gemeenten'
    """
    units = passage.units[max(0, place - 3) : place]
    lines = [" ".join(passage.text[one.start : one.end].split()) for one in units]
    first = next((number for number, line in enumerate(lines) if _ENDS_LETTER.match(line)), len(lines))
    for unit, line in zip(units[first:], lines[first:], strict=True):
        body = re.sub(r"^Namens (?:het |de )?", "", line).strip(" ,")
        if (is_public_body(body) or _MAYOR_AND_ALDERMEN.search(body)) and len(body) < 100:
            return body, unit.start
    return "", 0


def _common_words(texts: Sequence[str]) -> frozenset[str]:
    """The folded words that stand in lower case."""
    return frozenset(map(fold, {word for text in texts for word in _COMMON.findall(text)}))


def _places(passages: Sequence[Passage]) -> frozenset[str]:
    """The folded names of municipalities and provinces that the corpus names, and the twelve.

    Unit by unit, since the cell beneath 'gemeente Zandwolde' may begin with a capital too.
    """
    units = (passage.text[unit.start : unit.end].replace("\n", " ") for passage in passages for unit in passage.units)
    found = {match["place"] for text in units for match in _NAMED_PLACE.finditer(text)}
    return frozenset(fold(municipality(name)) for name in (*MUNICIPALITIES, *found))
