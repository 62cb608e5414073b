"""Names in a row, each with what stands behind it: 'Jan Jansen (Emmen), Piet Prins, wethouder gemeente Assen, en …'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.person_names import FULL_NAME, NameReader, PersonName, mended_particles
from index.person_roles import PLACE, ROLE, At, Held, held_in, municipality
from ingest.folding import fold

# A name in a list of nothing but names, where one letter of a particle may be wrong: 'Renate dan Hollander'.
LISTED = re.compile(rf"(?:{FULL_NAME}|[A-Z][\w-]+ [a-z]{{3}} [A-Z][\w-]+)")
BETWEEN = re.compile(r"\s*(?:,|;|&|\ben\b|\bmet\b)\s*")
# What stands behind a name: '(wethouder Emmen)' or ', wethouder Emmen'; '– vertegenwoordiging steden'; '(Emmen)'.
_OWN_ROLE = re.compile(rf"\s*(?:\((?P<within>{ROLE}[^,;:()•]{{0,80}})\)|,\s+(?P<behind>{ROLE}[^,;:()•]{{0,80}}))")
_FOR_WHOM = re.compile(r"\s[–-]\s(?P<words>[a-z][^,;:()]{3,60}?)(?=\s+en\s+[A-Z]|[,;)]|$)")
_ASIDE = re.compile(rf"\s*(?:\((?P<words>[^()]{{2,100}})\)|, (?P<bare>(?:gemeente )?{PLACE})(?=\s*(?:[,;.]|en\b|$)))")


@dataclass(frozen=True, slots=True)
class Said:
    """What one rule found in a unit: a name, its roles, and the stretch of the unit that says so."""

    name: PersonName
    held: tuple[Held, ...]
    start: int
    end: int


class NameList:
    """Reads names in a row, for one corpus: `names` knows what is a name in it, `places` its municipalities, folded."""

    def __init__(self, names: NameReader, places: frozenset[str]) -> None:
        self._names = names
        self._places = places

    def named(self, flat: str, at: int, roles: tuple[Held, ...], start: int) -> Iterator[Said]:
        """The names of a list from `at` on, each with `roles` and with what stands behind the name itself."""
        said: list[Said] = []
        while found := LISTED.match(flat, at):
            name = self._names.full(mended_particles(found.group(0)))
            if name is None:
                break
            at = found.end()
            held = roles
            if behind := _OWN_ROLE.match(flat, at):
                held, at = (*roles, *held_in(behind["within"] or behind["behind"], "", self._places)), behind.end()
            elif dash := _FOR_WHOM.match(flat, at):
                held = tuple(Held(dash["words"], one.place, one.at, one.former) for one in roles)
                at = dash.end()
            else:
                held, at = self.with_aside(flat, at, roles)
            said.append(Said(name, held, start, at))
            between = BETWEEN.match(flat, at)
            if not between:
                break
            at = between.end()
        # the words of one name run from the body to the end of the list: '(nu: A, B, C)'
        end = said[-1].end + (1 if said and flat[said[-1].end : said[-1].end + 1] == ")" else 0) if said else 0
        yield from (Said(one.name, one.held, one.start, end) for one in said)

    def with_aside(self, flat: str, at: int, roles: tuple[Held, ...]) -> tuple[tuple[Held, ...], int]:
        """Roles with what stands behind a name: its municipality, or brackets that say something else; and their end.

        'Jan Jansen (Emmen)' and 'Jan Jansen, gemeente Emmen' under 'Wethouders:' → wethouder (Emmen); under a body both
        """
        aside = _ASIDE.match(flat, at)
        if not aside:
            return roles, at
        found = list(roles)
        place = ""
        for part in re.split(r",\s*|\s+namens\s+", aside["words"] or aside["bare"]):
            own = held_in(part, next((one.place for one in roles if one.at is At.BODY), ""), self._places)
            named = municipality(re.sub(r"^(?:de )?gemeente ", "", part)) if part.strip() else ""
            place = named if fold(named) in self._places else place
            found += own
        if not place:
            return tuple(found), at if aside["bare"] else aside.end()  # 'Jan Jansen, Emma Vos': the next name
        bare = [one for one in found if one.at is At.NOTHING]
        there = [Held(one.role, place, At.MUNICIPALITY, one.former) for one in bare] or [
            Held("", place, At.MUNICIPALITY)
        ]
        return (*(one for one in found if one.at is not At.NOTHING), *there), aside.end()
