"""Which portefeuilles name each other: in which lines of one portefeuille's section another one is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.portefeuille_names import Span, bodies_of, names
from index.profiles import Line, Profile
from ingest.portefeuilles import PORTEFEUILLES


@dataclass(frozen=True, slots=True)
class Naming:
    """A line in which another portefeuille is named, and where: (start, end) in its text."""

    line: Line
    marks: tuple[Span, ...]


CrossLinks = Mapping[tuple[str, str], tuple[Naming, ...]]


def cross_links(profiles: Sequence[Profile]) -> CrossLinks:
    """Of each pair (van, naar) the lines in which the first names the second; pairs without any are left out."""
    bodies = {one.portefeuille: bodies_of(one.portefeuille, (line.text for line in one.all_lines)) for one in profiles}
    found: dict[tuple[str, str], tuple[Naming, ...]] = {}
    for profile in profiles:
        for name in PORTEFEUILLES:
            if name == profile.portefeuille:
                continue
            namings = tuple(
                Naming(line, marks)
                for line in profile.all_lines
                if (marks := names(line.text, name, bodies.get(name, frozenset())))
            )
            if namings:
                found[profile.portefeuille, name] = namings
    return found
