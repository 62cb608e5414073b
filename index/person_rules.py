"""The rules by which a sentence, a bullet or a row says who holds which public role, each with a Dutch example.

A name counts only where a public role, or a seat in a public body, stands with it in the same unit (see person_roles
for which are public). No rule is made for one name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.person_lists import BETWEEN, LISTED, NameList, Said
from index.person_names import FULL_NAME, LONE_SURNAME, NameReader
from index.person_roles import (
    PLACE,
    ROLE,
    At,
    Held,
    held_in,
    is_public_body,
    municipality,
    named_body,
    without_contact,
    without_rest,
)
from index.rows import cells_of
from ingest.folding import fold

_ROLE = re.compile(ROLE)
# The shortest and the longest words before a colon: '…Commissie: VNG-cie Financiën', '(nu: '.
_SHORTEST_LABEL, _LONGEST_LABEL = 2, 160
_LABEL_ENDS = ":;()•"
_NOW = re.compile(
    r"\b(?:nu|thans|momenteel|op dit moment|namens [^:()]{3,40}|vertegenwoordigd door|per [^:()]{3,25})", re.I
)
_LABELLED = re.compile(rf"\s*:\s+(?={LISTED.pattern})")
_ROLE_IN_BRACKETS = re.compile(rf"\((?P<role>{ROLE})\s+(?={FULL_NAME})")

_DEGREE = r"(?:(?:MPA|MSc|MA|LL\.?M|RA)\s+)?"
_ROLE_BEHIND = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<name>{FULL_NAME})\s*(?:\(|,\s+{_DEGREE}|\s[–|-]\s)\s*(?P<phrase>(?:de |het )?{ROLE}[^.;:()•]{{0,120}})",
        # not 'Jansen volgt Prins op als voorzitter'
        rf"(?P<name>{FULL_NAME})(?: (?!en\b|de heer|mevrouw)[a-z0-9]+){{0,9}}(?<! op) als "
        rf"(?P<phrase>{ROLE}[^.,;:()•]{{0,120}})",
        rf"(?P<name>{FULL_NAME}) (?:is|wordt)(?: (?!geen\b|niet\b|door\b)[a-z0-9]+){{0,4}}? "
        rf"(?P<phrase>{ROLE}[^.,;:()•]{{0,120}})",
    )
)

_DOMAIN = r"(?:,? (?:van|voor|gemeente) (?:de )?[A-Z][^.;:()•]{1,80}?,? )"
_ADDRESSED = r"(?:[Dd]e [Hh]eer |[Mm]evrouw |(?:[Dd]rs|[Mm]r|[Dd]r|[Ii]r|[Pp]rof|[Ii]ng)\. ?|(?:[A-Z]\.){1,5} ?)"
_MORE_OF_IT = rf" \([A-Z][^()]{{2,60}}\)| van (?:de )?(?:gemeente|provincie) {PLACE}| uit {PLACE}"
_IS_FOLLOWED = re.compile(r"\b(?:volgt|vervangt|opvolger van|over van)\s+$")
_ROLE_BEFORE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<role>{ROLE}),? (?P<name>{FULL_NAME}|{LONE_SURNAME})(?P<more>{_MORE_OF_IT})?",
        rf"(?P<role>{ROLE}{_DOMAIN})(?P<name>(?={_ADDRESSED}){FULL_NAME})(?P<more>)",
    )
)
_PLURALS = {
    "wethouders": "wethouder",
    "gedeputeerden": "gedeputeerde",
    "burgemeesters": "burgemeester",
    "ministers": "minister",
    "raadsleden": "raadslid",
    "kamerleden": "Kamerlid",
    "statenleden": "Statenlid",
    "griffiers": "griffier",
}
_PLURAL_ROLE = re.compile(rf"\b(?P<role>(?i:{'|'.join(_PLURALS)})) (?P<names>[A-Z].{{2,120}})")
_ONE_NAME = re.compile(rf"{FULL_NAME}|{LONE_SURNAME}")

_IS_NAME = re.compile(rf"(?P<role>{ROLE}[^.;:()•]{{0,80}}?) (?:is|was) (?P<name>{FULL_NAME})")
_CHAIRED = re.compile(
    rf"(?P<body>[A-Z][\w-]+(?: [A-Z][\w-]+)*),? onder (?:het )?voorzitterschap van (?P<name>{FULL_NAME})"
)

_NAMES_OF_PEOPLE = re.compile(r"naam|wie|bestuurder|persoon|vertegenwoordiger", re.I)
_OF_MUNICIPALITY = re.compile(rf"\bgemeente(?: ?: ?| )(?P<place>{PLACE})(?: · |$)", re.IGNORECASE)
_CONSISTS_OF = re.compile(r"(?:[Dd]e |[Hh]et )?(?P<body>[^,]{3,80}?) bestaat(?: nu| thans)? uit")
_OF_ONE = re.compile(rf"\b(?:(?P<plural>(?i:{'|'.join(_PLURALS)}))|(?P<members>[Ll]eden))\b")
_NEXT_NAME = re.compile(rf"(?:,|\ben\b)\s+(?:{FULL_NAME})(?!\w)")


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a unit: the line that introduces it, its heading, and the body that a letter is signed for."""

    lead_in: str = ""
    headings: tuple[str, ...] = ()
    signed_for: str = ""


class PersonRules:
    """The rules, for one corpus: `names` knows what is a name in it, `places` has its municipalities, folded."""

    def __init__(self, names: NameReader, places: frozenset[str]) -> None:
        self._names = names
        self._places = places
        self._list = NameList(names, places)

    def said_in(self, unit: str, around: Around) -> list[Said]:
        """All that the rules find in one unit, the surest rule first; `unit` still has the tabs between its cells."""
        # every white space a plain one, so that places in it are places in the unit
        flat = re.sub(r"\s", " ", unit)
        found = [*self._in_row(unit, around.lead_in), *self._behind_labels(flat, around)]
        if _ROLE.search(flat):  # most units name none, and the search for names costs much more
            found += [
                *self._in_brackets(flat),
                *self._before_roles(flat, around.signed_for),
                *self._behind_roles(flat),
                *self._chairs(flat),
            ]
        found += [*self._behind_plurals(flat), *self._under_lead_in(flat, around)]
        return [*found, *self._under_chair(flat)]

    def _behind_labels(self, flat: str, around: Around) -> Iterator[Said]:
        """Names behind a colon whose label names a role, or the body in front of the brackets that it stands in.

        'Voorzitter VDG-portefeuille Sport: Jan Zwiers (burgemeester gemeente Midden-Drenthe)'
        'VNG-cie EKEM (vertegenwoordiger Drenthe: Kirsten Ipema, wethouder gemeente Noordenveld)'
        'Kerngroep Gezonde Marke (nu: Jan Broekema – vertegenwoordiging stedelijke gemeenten en Joop Slomp – …)'
        """
        about = " ".join((*around.headings[-2:], around.lead_in))
        for match in _LABELLED.finditer(flat):
            before = max(flat.rfind(sign, 0, match.start()) for sign in _LABEL_ENDS)
            label = flat[max(before + 1, match.start() - _LONGEST_LABEL) : match.start()]
            if len(label) < _SHORTEST_LABEL:
                continue
            if before < 0 or flat[before] != "(":
                within_brackets = flat.rfind("(", 0, match.start()) > flat.rfind(")", 0, match.start())
                roles = () if within_brackets else self._roles_of(label, around)
                start = _body_start(flat, match.start() - len(label.lstrip()))
            else:
                start = _body_start(flat, before)
                body = flat[start:before].strip(" •◦-–")
                known = is_public_body(body) or is_public_body(about) or "vertegenwoordig" in fold(about)
                roles = held_in(label, body, self._places) if body and known else ()
                if body and known and not roles and _NOW.search(label):
                    roles = (Held("", body, At.BODY),)
            if roles:
                yield from self._list.named(flat, match.end(), roles, start)

    def _in_brackets(self, flat: str) -> Iterator[Said]:
        """'VNG-cie Financiën (waarnemer Renze Bergsma, burgemeester gemeente Coevorden)'."""
        for match in _ROLE_IN_BRACKETS.finditer(flat):
            start = _body_start(flat, match.start())
            body = flat[start : match.start()].strip(" •◦-–")
            roles = held_in(match["role"], body if is_public_body(body) else "", self._places)
            if roles:
                yield from self._list.named(flat, match.end(), roles, start)

    def _before_roles(self, flat: str, signed_for: str) -> Iterator[Said]:
        """A name with its role behind it, in brackets, behind a comma or a dash, or after 'als'.

        'Inge Nieuwenhuizen (burgemeester gemeente de Wolden)' · 'Dr. Sjaak de Gouw, Directeur GGD Hollands Midden'
        'de heer G.J. Braas per 9 juli te herbenoemen als lid van de Rekenkamercommissie'
        'Namens het bestuur van de Vereniging van Drentse Gemeenten, Klaas Smid, voorzitter'
        """
        for pattern in _ROLE_BEHIND:
            for match in pattern.finditer(flat):
                phrase = without_contact(_until_next_name(match["phrase"]))
                name, held = self._names.full(match["name"]), held_in(phrase, signed_for, self._places)
                if name and held and not _IS_FOLLOWED.search(flat[: match.start()]):
                    short = without_rest(phrase)
                    phrase = short if held_in(short, signed_for, self._places) == held else phrase
                    yield Said(name, held, match.start(), match.start("phrase") + len(phrase.rstrip(" ,")))

    def _behind_roles(self, flat: str) -> Iterator[Said]:
        """A role by law with the name right behind it; here a surname alone is enough.

        'wethouder Jansen' · 'Burgemeester De Vries' · 'gedeputeerde J. Smit van de provincie Drenthe'
        'de minister van Volksgezondheid, Welzijn en Sport, drs. A.B. Jansen'
        """
        for pattern in _ROLE_BEFORE:
            for match in pattern.finditer(flat):
                more = (match["more"] or "").strip(" ()")
                held = held_in(f"{match['role'].strip(' ,')} {more}".strip(), "", self._places)
                name = self._names.full(match["name"]) or self._names.lone(match["name"])
                if name and held and _is_whole(flat, match.end("name")):
                    yield Said(name, _of_domain(held, more), match.start(), match.end())

    def _behind_plurals(self, flat: str) -> Iterator[Said]:
        """'wethouders Jansen (Emmen) en De Vries'."""
        for match in _PLURAL_ROLE.finditer(flat):
            role = Held(_PLURALS[match["role"].lower()], "", At.NOTHING)
            at = match.start("names")
            while one := _ONE_NAME.match(flat, at):
                name = self._names.full(one.group(0)) or self._names.lone(one.group(0))
                if name is None or not _is_whole(flat, one.end()):
                    break
                held, at = self._list.with_aside(flat, one.end(), (role,))
                yield Said(name, held, match.start(), at)
                between = BETWEEN.match(flat, at)
                if not between:
                    break
                at = between.end()

    def _roles_of(self, label: str, around: Around) -> tuple[Held, ...]:
        """What the words before a colon say of the names behind it.

        'wethouders' → wethouder; 'Voorzitter' under 'Stuurgroep Wonen' → voorzitter (Stuurgroep Wonen); 'De stuurgroep
        Wonen bestaat uit' → '' (stuurgroep Wonen)
        """
        body = named_body(around.lead_in) or named_body(around.headings[-1] if around.headings else "")
        roles = held_in(_singular(label), body, self._places)
        consists = _CONSISTS_OF.fullmatch(label.strip())
        if consists and is_public_body(consists["body"]):
            roles = (Held("", consists["body"], At.BODY),)
        return roles

    def _under_lead_in(self, flat: str, around: Around) -> Iterator[Said]:
        """Names in a list below a line or a heading that says what they are, each in a unit of its own.

        'Leden van de stuurgroep:' above 'Jan Jansen (Assen)'; the heading 'Stuurgroep Wonen' above 'Jan Jansen, Assen'
        """
        start = len(flat) - len(flat.lstrip(" •◦-–"))
        if not LISTED.match(flat, start):
            return
        introduced = around.lead_in.rstrip().endswith(":")
        above = around.lead_in if introduced else around.headings[-1] if around.headings else ""
        roles = held_in(_singular(above).rstrip(": "), "", self._places) if introduced else ()
        said = list(self._list.named(flat, start, roles, start)) if roles else []
        body = named_body(above)
        if body and not said:
            seats = (Held("lid" if "leden" in fold(above) else "", body, At.BODY),)
            said = list(self._list.named(flat, start, seats, start))
            if not said or flat[said[-1].end :].strip(" .;,"):  # a sentence that begins with a name is no list
                said = []
        yield from said

    def _in_row(self, row: str, labelled: str) -> Iterator[Said]:
        """A row of a table by its columns; `row` still has the tabs between its cells.

        'Naam: Wubbo Haverlag · Functie: burgemeester van Hesselbroek' · 'Gemeente: Emmen · Wethouder: Jan Jansen'
        'Naam: Marijke Snoeijink · Gemeente: Zandwolde · Functie in het bestuur: lid'
        """
        cells = cells_of(row, labelled)
        for column, words in cells:
            name = self._names.full(words) if re.fullmatch(FULL_NAME, words) else None
            if name is None or not (_NAMES_OF_PEOPLE.search(column) or _ROLE.search(column)):
                continue
            roles = list(held_in(column, "", self._places))
            for other, said in cells:
                body = other if is_public_body(other) and fold(other) != "gemeente" else ""
                roles += held_in(said, re.sub(r"^.*\bin (?:het |de )", "", body), self._places)
            of = _OF_MUNICIPALITY.search(labelled)
            if of and roles and not any(held.at is At.MUNICIPALITY for held in roles):
                roles.append(Held("", municipality(of["place"]), At.MUNICIPALITY))
            if roles:
                yield Said(name, tuple(roles), 0, len(row))

    def _chairs(self, flat: str) -> Iterator[Said]:
        """'Voorzitter van de stuurgroep is Okke Zwanenburgh.'

        'Voorzitter is Okke Zwanenburgh.' says nothing: the body is in another sentence, and may be a private one.
        """
        for match in _IS_NAME.finditer(flat):
            name, held = self._names.full(match["name"]), held_in(match["role"], "", self._places)
            if name and held:
                yield Said(name, held, match.start(), match.end())

    def _under_chair(self, flat: str) -> Iterator[Said]:
        """'De Sportraad Lindermeer, onder voorzitterschap van Berber Houtgraaf'."""
        for match in _CHAIRED.finditer(flat) if "voorzitterschap" in flat else ():
            name = self._names.full(match["name"])
            if name and is_public_body(match["body"]):
                yield Said(name, (Held("voorzitter", match["body"], At.BODY),), match.start(), match.end())


def _singular(label: str) -> str:
    """'Leden van de stuurgroep' → 'lid van de stuurgroep'; 'Wethouders' → 'wethouder'."""
    return _OF_ONE.sub(lambda one: _PLURALS[one["plural"].lower()] if one["plural"] else "lid", label)


def _body_start(flat: str, end: int) -> int:
    """Where the body before `end` begins: behind the last colon, bracket, bullet or full stop."""
    return max((match.end() for match in re.finditer(r"[:;()•◦]\s*|(?<=[a-z])\.\s+", flat[:end])), default=0)


def _until_next_name(phrase: str) -> str:
    """'wethouder gemeente Emmen, Joop Slomp' → 'wethouder gemeente Emmen'."""
    found = _NEXT_NAME.search(phrase)
    is_place = found and re.search(rf"\bgemeente {PLACE}", phrase[: found.end()])
    if found and not (is_place and is_place.end() >= found.end()):
        return phrase[: found.start()]
    return phrase


def _of_domain(held: Sequence[Held], more: str) -> tuple[Held, ...]:
    """'Staatssecretaris Szabó (Digitalisering)' → staatssecretaris Digitalisering."""
    first = held[0]
    if more and not first.place and first.role.endswith(("minister", "staatssecretaris")):
        return (Held(f"{first.role} {more}", "", first.at, first.former), *held[1:])
    return tuple(held)


def _is_whole(flat: str, end: int) -> bool:
    """Whether the name ends here and is no part of a longer one: 'wethouder Jansen-Prijs', 'minister President'."""
    return not re.match(r"[\w-]|[’'][a-z]| [A-Z][a-z]+(?:laan|straat|plein|weg)\b| \d", flat[end:]) or bool(
        re.match(r" \d{4}", flat[end:])
    )
