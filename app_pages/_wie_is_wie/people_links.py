"""The address of the page Wie is wie: who or what is sought, the filters, and one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app_pages._links import last_of, not_empty, query_string

# The longest words that are sought; the longest name of a body in the handover has 71 characters.
WHO_LIMIT = 120


@dataclass(frozen=True, slots=True)
class PeopleAddress:
    """The page Wie is wie: a name or a subject, a municipality, a portefeuille (full name), or one person's slug."""

    who: str = ""
    municipality: str = ""
    portefeuille: str = ""
    person: str = ""

    @property
    def params(self) -> dict[str, list[str]]:
        """The query parameters: PeopleAddress('Smid') → {'wie': ['Smid']}."""
        named = {
            "wie": self.who,
            "gemeente": self.municipality,
            "portefeuille": self.portefeuille,
            "persoon": self.person,
        }
        return not_empty(named)

    @property
    def href(self) -> str:
        """PeopleAddress(person='klaas-smid') → './wie-is-wie?persoon=klaas-smid'."""
        return "./wie-is-wie" + query_string(self.params)

    @property
    def everyone(self) -> PeopleAddress:
        """The list behind one person: the same search and filters."""
        return replace(self, person="")


def parse_people(params: Mapping[str, Sequence[str]]) -> PeopleAddress:
    """Read the page's parameters, cut to size: {'wie': [' Klaas  Smid ']} → PeopleAddress('Klaas Smid')."""
    who, municipality, portefeuille, person = (
        " ".join(last_of(params, name).split())[:WHO_LIMIT].rstrip()
        for name in ("wie", "gemeente", "portefeuille", "persoon")
    )
    return PeopleAddress(who, municipality, portefeuille, person)
