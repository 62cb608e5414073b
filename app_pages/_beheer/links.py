"""The address of Beheer: which part, and which source, proposal or problem it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app_pages._links import last_of, not_empty, query_string


class Part(StrEnum):
    """The parts of Beheer, by their word in the address."""

    SOURCES = "bronnen"
    ADD = "toevoegen"
    RUNS = "inlezen"
    BEGRIPPEN = "begrippen"
    USAGE = "gebruik"


@dataclass(frozen=True, slots=True)
class BeheerAddress:
    """A part of Beheer; `source` is the one that is changed, `proposal` the file that is looked at, `problem` one word
    for what just went wrong."""

    part: Part = Part.SOURCES
    source: str = ""
    proposal: str = ""
    problem: str = ""

    @property
    def params(self) -> dict[str, list[str]]:
        """The query parameters that are not empty."""
        named = {
            "deel": self.part.value,
            "bron": self.source,
            "voorstel": self.proposal,
            "melding": self.problem,
        }
        return not_empty(named)

    @property
    def href(self) -> str:
        """BeheerAddress(Part.ADD) → 'beheer?deel=toevoegen'."""
        return "beheer" + query_string(self.params)


@dataclass(frozen=True, slots=True)
class UsageAddress:
    """How the portal was used in the last so many days."""

    days: int = 30

    @property
    def href(self) -> str:
        """UsageAddress(7) → 'beheer?deel=gebruik&dagen=7'."""
        return "beheer" + query_string({"deel": [Part.USAGE.value], "dagen": [str(self.days)]})


# The periods that can be chosen, in days.
PERIODS = (7, 30, 90)


def parse_usage(params: Mapping[str, Sequence[str]]) -> UsageAddress:
    """Read the period; one that cannot be chosen is the usual one: {'dagen': ['7']} → UsageAddress(7)."""
    typed = last_of(params, "dagen")
    return next((UsageAddress(days) for days in PERIODS if typed == str(days)), UsageAddress())


def parse_beheer(params: Mapping[str, Sequence[str]]) -> BeheerAddress:
    """Read the page's parameters; what means nothing is left out: {'deel': ['x']} → the list of sources."""
    part, source, proposal, problem = (last_of(params, name)[:200] for name in ("deel", "bron", "voorstel", "melding"))
    return BeheerAddress(Part(part) if part in set(Part) else Part.SOURCES, source, proposal, problem)
