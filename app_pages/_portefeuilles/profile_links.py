"""The addresses of Portefeuilles and Eerste dag: which portefeuilles are shown, and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app_pages._links import not_empty, query_string, shortened
from ingest.errors import UnknownPortefeuilleError
from ingest.portefeuilles import PORTEFEUILLES, portefeuille_named


@dataclass(frozen=True, slots=True)
class PortefeuilleAddress:
    """Portefeuilles: the overview, or one by its full name; `beside` another one, or where it names `named`."""

    name: str = ""
    beside: str = ""
    named: str = ""

    @property
    def href(self) -> str:
        """PortefeuilleAddress('Sport', 'Financiën') → 'portefeuilles?portefeuille=Sport&naast=Financi%C3%ABn'."""
        params = {"portefeuille": self.name, "naast": self.beside, "noemt": self.named}
        return "portefeuilles" + query_string(not_empty(params))


def parse_portefeuille(params: Mapping[str, Sequence[str]]) -> tuple[PortefeuilleAddress, tuple[str, ...]]:
    """Read the page's parameters; the second value holds a Dutch sentence for each value that was left out.

    {'portefeuille': ['O&C'], 'naast': ['x']} → PortefeuilleAddress('Onderwijs en Cultuur'), ('De portefeuille ‘x’ …',)
    """
    typed = {name: values[-1] for name in ("portefeuille", "naast", "noemt") if (values := params.get(name))}
    known, problems = _known(typed.values())
    own = known.get(typed.get("portefeuille", ""), "")
    beside, named = (known.get(typed.get(name, ""), "") for name in ("naast", "noemt"))
    if own and own in (beside, named):
        problems.append("Kies twee verschillende portefeuilles.")
        beside = named = ""
    if not own:
        own, beside, named = beside, "", ""
    return PortefeuilleAddress(own, beside, named), tuple(problems)


@dataclass(frozen=True, slots=True)
class FirstDayAddress:
    """Eerste dag: the portefeuilles of one administrator, in the portefeuilles' own order."""

    names: tuple[str, ...] = ()

    @property
    def href(self) -> str:
        """FirstDayAddress(('Sport',)) → 'eerste-dag?portefeuille=Sport'."""
        return "eerste-dag" + query_string({"portefeuille": self.names})

    def toggled(self, name: str) -> FirstDayAddress:
        """With this portefeuille if it was not chosen, without it if it was."""
        return FirstDayAddress(tuple(one for one in PORTEFEUILLES if (one in self.names) is not (one == name)))


def parse_first_day(params: Mapping[str, Sequence[str]]) -> tuple[FirstDayAddress, tuple[str, ...]]:
    """As parse_portefeuille: {'portefeuille': ['Sport', 'EZI']} → FirstDayAddress(('Sport', 'Economische Zaken …'))."""
    known, problems = _known(params.get("portefeuille", ()))
    chosen = set(known.values())
    return FirstDayAddress(tuple(name for name in PORTEFEUILLES if name in chosen)), tuple(problems)


def _known(typed: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """The full name of each name that was typed, and a sentence for each that means no portefeuille."""
    known: dict[str, str] = {}
    problems: list[str] = []
    for one in dict.fromkeys(value for value in typed if value.strip()):
        try:
            known[one] = portefeuille_named(one)
        except UnknownPortefeuilleError:
            problems.append(f"De portefeuille ‘{shortened(one)}’ bestaat niet.")
    return known, problems
