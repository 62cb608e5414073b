"""Who holds which public role, as the passages say it: rules by pattern, each with a Dutch example above it.

A name counts only where a public role, or a seat in a public body, stands with it in the same unit (see person_roles
for which are public). No rule is made for one name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.answer import page_of
from index.person_names import FULL_NAME, LONE_SURNAME, NameReader, PersonName, mended_particles
from index.person_roles import MUNICIPALITIES, PLACE, ROLE, At, Held, held_in, is_public_body, municipality
from index.rows import cells_of
from ingest.documents import Passage, Unit
from ingest.folding import fold

# A unit longer than this is a table run together or a line without end; no statement about a person is so long.
_LONGEST_UNIT = 3000

# The words before a sign at which a body or a label begins: '…Commissie: VNG-cie Financiën (', '• Kerngroep (nu: '.
_LABEL = r"[^:;()•\n]{2,160}?"
_NOW = r"(?:nu|thans|momenteel|op dit moment|namens [^:()]{3,40}|vertegenwoordigd door|per [^:()]{3,25})"
# A name in a list of nothing but names, where one letter of a particle may be wrong: 'Renate dan Hollander'.
_LISTED = rf"(?:{FULL_NAME}|[A-Z][\w-]+ [a-z]{{3}} [A-Z][\w-]+)"
_BETWEEN = re.compile(r"\s*(?:,|;|&|\ben\b|\bmet\b)\s*")
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
_NAMES_OF_PEOPLE = re.compile(r"naam|wie|bestuurder|persoon|vertegenwoordiger|contact", re.I)
_ENDS_LETTER = re.compile(r"^(?:Hoogachtend|Met vriendelijke groet|Namens |burgemeester en wethouders van )", re.I)
_MAYOR_AND_ALDERMEN = re.compile(r"burgemeester en wethouders van", re.I)


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


@dataclass(frozen=True, slots=True)
class _Said:
    """What one rule found in a unit: a name, its roles, and the stretch of the unit that says so."""

    name: PersonName
    held: tuple[Held, ...]
    start: int
    end: int


class FactReader:
    """Reads the mentions of one corpus; what is a word or a place in it decides what is a name."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        texts = [passage.text for passage in passages]
        self._places = _places(texts)
        self._names = NameReader(_common_words(texts), self._places)

    def mentions(self, passages: Sequence[Passage]) -> Iterator[Mention]:
        """Every mention, in the order of the passages."""
        for passage in passages:
            for place, unit in enumerate(passage.units):
                if unit.end - unit.start <= _LONGEST_UNIT:
                    yield from self._mentions_in(passage, place, unit)

    def _mentions_in(self, passage: Passage, place: int, unit: Unit) -> Iterator[Mention]:
        # every white space a plain one, so that places in it are places in the passage's text
        flat = re.sub(r"\s", " ", passage.text[unit.start : unit.end])
        about = " ".join((*passage.heading_path[-2:], unit.lead_in))
        before = _ends_letter(passage, place)
        found = [
            *self._in_row(passage.text[unit.start : unit.end], unit.lead_in),
            *self._behind_labels(flat, about),
            *self._before_roles(flat, before[0]),
            *self._behind_roles(flat),
            *self._under_lead_in(flat, unit.lead_in),
            *self._chairs(flat, passage.heading_path[-1] if passage.heading_path else ""),
        ]
        for said in _best_of(found):
            signed = before[0] and any(held.place and held.place in before[0] for held in said.held)
            start = before[1] if signed else unit.start + said.start
            words = " ".join(passage.text[start : unit.start + said.end].split()).lstrip("•◦ ")
            page = page_of(passage, Unit(start, unit.end))
            yield Mention(
                said.name,
                tuple(
                    Fact(
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
                    for held in said.held
                ),
            )

    # ── The rules ────────────────────────────────────────────────────────────────────────────────────────────

    def _behind_labels(self, flat: str, about: str) -> Iterator[_Said]:
        """Names behind a colon whose label names a role, or the body in front of the brackets that it stands in.

        'Voorzitter VDG-portefeuille Sport: Jan Zwiers (burgemeester gemeente Midden-Drenthe)'
        'VNG-cie EKEM (vertegenwoordiger Drenthe: Kirsten Ipema, wethouder gemeente Noordenveld)'
        'Kerngroep Gezonde Marke (nu: Jan Broekema – vertegenwoordiging stedelijke gemeenten en Joop Slomp – …)'
        'VNG-cie Financiën (waarnemer Renze Bergsma, burgemeester gemeente Coevorden)'
        """
        for match in re.finditer(rf"(?P<label>{_LABEL})\s*:\s+(?={_LISTED})", flat):
            if flat.rfind("(", 0, match.start()) > flat.rfind(")", 0, match.start()):
                continue  # a label within brackets: below
            roles = held_in(match["label"], "", self._places) if re.search(ROLE, match["label"]) else ()
            if roles:
                yield from self._listed(flat, match.end(), roles, _body_start(flat, match.start("label")))
        for match in re.finditer(rf"\((?P<label>{_LABEL})\s*:\s+(?={_LISTED})", flat):
            start = _body_start(flat, match.start())
            body = flat[start : match.start()].strip(" •◦-–")
            label = match["label"]
            public = is_public_body(body) or (is_public_body(about) or "vertegenwoordig" in fold(about))
            if not body or not public:
                continue
            roles = held_in(label, body, self._places)
            if not roles and re.search(rf"\b{_NOW}", label, re.I):
                roles = (Held("", body, At.BODY),)
            if roles:
                yield from self._listed(flat, match.end(), roles, start)
        for match in re.finditer(rf"\((?P<role>{ROLE})\s+(?={FULL_NAME})", flat):
            start = _body_start(flat, match.start())
            body = flat[start : match.start()].strip(" •◦-–")
            roles = held_in(match["role"], body if is_public_body(body) else "", self._places)
            if roles:
                yield from self._listed(flat, match.end(), roles, start)

    def _before_roles(self, flat: str, signed_for: str) -> Iterator[_Said]:
        """A name with its role behind it, in brackets, behind a comma or a dash, or after 'als'.

        'Inge Nieuwenhuizen (burgemeester gemeente de Wolden)' · 'Dr. Sjaak de Gouw, Directeur GGD Hollands Midden'
        'de heer G.J. Braas per 9 juli te herbenoemen als lid van de Rekenkamercommissie'
        'Namens het bestuur van de Vereniging van Drentse Gemeenten, Klaas Smid, voorzitter'
        """
        degree = r"(?:(?:MPA|MSc|MA|LL\.?M|RA)\s+)?"
        said = rf"(?P<phrase>(?:de |het )?{ROLE}[^.;:()•]{{0,120}})"
        behind = rf"\s*(?:\(|,\s+{degree}|\s[–|-]\s)\s*{said}"
        clause = r"(?: (?!en\b|de heer|mevrouw)[a-z0-9]+){0,9} als "
        for pattern in (
            rf"(?P<name>{FULL_NAME}){behind}",
            rf"(?P<name>{FULL_NAME}){clause}(?P<phrase>{ROLE}[^.,;:()•]{{0,120}})",
        ):
            for match in re.finditer(pattern, flat):
                phrase = _until_next_name(match["phrase"])
                name, held = self._names.full(match["name"]), held_in(phrase, signed_for, self._places)
                if name and held:
                    yield _Said(name, held, match.start(), match.start("phrase") + len(phrase.rstrip(" ,")))

    def _behind_roles(self, flat: str) -> Iterator[_Said]:
        """A role by law with the name right behind it; here a surname alone is enough.

        'wethouder Jansen' · 'Burgemeester De Vries' · 'gedeputeerde J. Smit van de provincie Drenthe'
        'de minister van Volksgezondheid, Welzijn en Sport, drs. A.B. Jansen' · 'wethouders Jansen en De Vries'
        """
        domain = r"(?:,? (?:van|voor|gemeente) (?:de )?[A-Z][^.;:()•]{1,80}?,? )"
        addressed = r"(?:[Dd]e [Hh]eer |[Mm]evrouw |(?:[Dd]rs|[Mm]r|[Dd]r|[Ii]r|[Pp]rof|[Ii]ng)\. ?|(?:[A-Z]\.){1,5} ?)"
        more_of_it = rf" \([A-Z][^()]{{2,60}}\)| van (?:de )?(?:gemeente|provincie) {PLACE}"
        for pattern in (
            rf"(?P<role>{ROLE}),? (?P<name>{FULL_NAME}|{LONE_SURNAME})(?P<more>{more_of_it})?",
            rf"(?P<role>{ROLE}{domain})(?P<name>(?={addressed}){FULL_NAME})(?P<more>)",
        ):
            for match in re.finditer(pattern, flat):
                more = (match["more"] or "").strip(" ()")
                held = held_in(f"{match['role'].strip(' ,')} {more}".strip(), "", self._places)
                name = self._names.full(match["name"]) or self._names.lone(match["name"])
                if name and held and _is_whole(flat, match.end("name")):
                    yield _Said(name, _of_domain(held, more), match.start(), match.end())
        for match in re.finditer(rf"\b(?P<role>(?i:{'|'.join(_PLURALS)})) (?P<names>[A-Z].{{2,120}})", flat):
            role = Held(_PLURALS[match["role"].lower()], "", At.NOTHING)
            at = match.start("names")
            while one := re.compile(rf"{FULL_NAME}|{LONE_SURNAME}").match(flat, at):
                name = self._names.full(one.group(0)) or self._names.lone(one.group(0))
                if name is None or not _is_whole(flat, one.end()):
                    break
                yield _Said(name, (role,), match.start(), one.end())
                between = _BETWEEN.match(flat, one.end())
                if not between:
                    break
                at = between.end()

    def _under_lead_in(self, flat: str, lead_in: str) -> Iterator[_Said]:
        """Names in a list that a line introduces with a role: 'Leden van de stuurgroep:' above 'Jan Jansen (Assen)'."""
        label = re.sub(r"\b([Ll])eden\b", r"\1id", lead_in)
        roles = held_in(label.rstrip(": "), "", self._places) if lead_in.rstrip().endswith(":") else ()
        start = len(flat) - len(flat.lstrip(" •◦-–"))
        if roles and re.match(_LISTED, flat[start:]):
            yield from self._listed(flat, start, roles, start)

    def _in_row(self, row: str, labelled: str) -> Iterator[_Said]:
        """A row of a table by its columns; `row` still has the tabs between its cells.

        'Naam: Wubbo Haverlag · Functie: burgemeester van Hesselbroek' · 'Gemeente: Emmen · Wethouder: Jan Jansen'
        'Naam: Marijke Snoeijink · Gemeente: Zandwolde · Functie in het bestuur: lid'
        """
        cells = cells_of(row, labelled)
        for column, words in cells:
            name = self._names.full(words) if re.fullmatch(FULL_NAME, words) else None
            if name is None or not (_NAMES_OF_PEOPLE.search(column) or re.search(ROLE, column)):
                continue
            roles = list(held_in(column, "", self._places))
            for other, said in cells:
                body = other if is_public_body(other) and fold(other) != "gemeente" else ""
                roles += held_in(said, re.sub(r"^.*\bin (?:het |de )", "", body), self._places)
            of = re.search(rf"\bgemeente(?: ?: ?| )(?P<place>{PLACE})(?: · |$)", labelled, re.IGNORECASE)
            known = any(held.at is At.MUNICIPALITY for held in roles)
            if of and roles and not known:
                roles.append(Held("", municipality(of["place"]), At.MUNICIPALITY))
            if roles:
                yield _Said(name, tuple(roles), 0, len(row))

    def _chairs(self, flat: str, heading: str) -> Iterator[_Said]:
        """A sentence that says who holds a role of a body.

        'Voorzitter van de stuurgroep is Okke Zwanenburgh.' · 'De Sportraad Lindermeer, onder voorzitterschap van …'
        """
        body = heading if is_public_body(heading) else ""
        for match in re.finditer(rf"(?P<role>{ROLE}[^.;:()•]{{0,80}}?) (?:is|was) (?P<name>{FULL_NAME})", flat):
            name, held = self._names.full(match["name"]), held_in(match["role"], body, self._places)
            if name and held:
                yield _Said(name, held, match.start(), match.end())
        named = r"(?P<body>[A-Z][\w-]+(?: [A-Z][\w-]+)*)"
        for match in re.finditer(rf"{named},? onder (?:het )?voorzitterschap van (?P<name>{FULL_NAME})", flat):
            name = self._names.full(match["name"])
            if name and is_public_body(match["body"]):
                yield _Said(name, (Held("voorzitter", match["body"], At.BODY),), match.start(), match.end())

    def _listed(self, flat: str, at: int, roles: tuple[Held, ...], start: int) -> Iterator[_Said]:
        """The names of a list from `at` on, each with `roles` and with what stands behind the name itself."""
        said: list[_Said] = []
        while found := re.compile(_LISTED).match(flat, at):
            name = self._names.full(mended_particles(found.group(0)))
            if name is None:
                break
            at = found.end()
            own: tuple[Held, ...] = ()
            for_whom = ""
            behind = re.compile(rf"\s*(?:\(|,\s+)(?P<phrase>{ROLE}[^,;:()•]{{0,80}})\)?").match(flat, at)
            dash = re.compile(r"\s[–-]\s(?P<words>[a-z][^,;:()]{3,60}?)(?=\s+en\s+[A-Z]|[,;)]|$)").match(flat, at)
            if behind:
                own, at = held_in(behind["phrase"], "", self._places), behind.end()
            elif dash:
                for_whom, at = dash["words"], dash.end()
            elif aside := re.compile(r"\s*\([^()]{2,60}\)").match(flat, at):
                at = aside.end()
            held = tuple(Held(for_whom or one.role, one.place, one.at, one.former) for one in roles)
            said.append(_Said(name, (*held, *own), start, at))
            between = _BETWEEN.match(flat, at)
            if not between:
                break
            at = between.end()
        # the words of one name run from the body to the end of the list: '(nu: A, B, C)'
        end = said[-1].end + (1 if said and flat[said[-1].end : said[-1].end + 1] == ")" else 0) if said else 0
        yield from (_Said(one.name, one.held, one.start, end) for one in said)


# ── What the rules share ─────────────────────────────────────────────────────────────────────────────────────────


def _best_of(found: Sequence[_Said]) -> Iterator[_Said]:
    """What each rule adds for each name: nothing twice, and nothing from within a stretch that was read already."""
    by_name: dict[str, list[_Said]] = {}
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
                yield _Said(said.name, fresh, said.start, said.end)


def _says(known: Held, held: Held) -> bool:
    """Whether nothing new is said: 'wethouder' after 'wethouder (Emmen)'."""
    same_role = fold(known.role) == fold(held.role) or fold(known.role).startswith(fold(held.role))
    return same_role and (not held.place or fold(known.place) == fold(held.place))


def _body_start(flat: str, end: int) -> int:
    """Where the body before `end` begins: behind the last colon, bracket, bullet or full stop."""
    return max((match.end() for match in re.finditer(r"[:;()•◦]\s*|(?<=[a-z])\.\s+", flat[:end])), default=0)


def _until_next_name(phrase: str) -> str:
    """'wethouder gemeente Emmen, Joop Slomp' → 'wethouder gemeente Emmen'."""
    found = re.search(rf"(?:,|\ben\b)\s+(?:{FULL_NAME})(?!\w)", phrase)
    is_place = found and re.search(rf"\bgemeente {PLACE}", phrase[: found.end()])
    if found and not (is_place and is_place.end() >= found.end()):
        return phrase[: found.start()]
    return phrase


def _of_domain(held: tuple[Held, ...], more: str) -> tuple[Held, ...]:
    """'Staatssecretaris Szabó (Digitalisering)' → staatssecretaris Digitalisering."""
    first = held[0]
    if more and not first.place and first.role.endswith(("minister", "staatssecretaris")):
        return (Held(f"{first.role} {more}", "", first.at, first.former), *held[1:])
    return held


def _is_whole(flat: str, end: int) -> bool:
    """Whether the name ends here and is no part of a longer one: 'wethouder Jansen-Prijs', 'minister President'."""
    return not re.match(r"[\w-]|[’'][a-z]| [A-Z][a-z]+(?:laan|straat|plein|weg)\b| \d", flat[end:]) or bool(
        re.match(r" \d{4}", flat[end:])
    )


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
    """The folded words that stand in lower case; what is a piece of an address of the web does not count."""
    pattern = re.compile(r"(?<![\w@./’'-])[a-zß-ÿ]{3,}(?![\w@/’']|\.\w)")
    return frozenset(fold(word) for text in texts for word in pattern.findall(text))


def _places(texts: Sequence[str]) -> frozenset[str]:
    """The folded names of municipalities and provinces that the corpus names, and the twelve."""
    pattern = re.compile(
        rf"\b(?:[Gg]emeente|[Pp]rovincie|[Ww]aterschap|[Bb]urgemeester van|[Ww]ethouders van|[Gg]emeenteraad van)"
        rf" (?P<place>{PLACE})"
    )
    found = {
        fold(municipality(match["place"])) for text in texts for match in pattern.finditer(re.sub(r"\s", " ", text))
    }
    return frozenset({*map(fold, MUNICIPALITIES), *found})
