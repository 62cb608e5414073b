"""The ledger: what happened to every source in a run: one state, one change and, if refused, a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ingest.documents import Source


class State(StrEnum):
    """How a source could be read. The words are the ones that users see."""

    GELEZEN = "gelezen"
    GESCAND = "gescand en gelezen"
    NIET_GELEZEN = "gescand niet gelezen"
    VERSLEUTELD = "versleuteld"
    BESCHADIGD = "beschadigd"
    LEEG = "leeg"
    TE_GROOT = "te groot"
    NIET_ONDERSTEUND = "niet ondersteund"
    BESTAND_ONTBREEKT = "bestand ontbreekt"
    WACHT_OP_NETWERK = "wacht op netwerk"
    DODE_LINK = "dode link"
    INLOGGEN_VEREIST = "inloggen vereist"
    STORING = "storing bij de bron"
    TIME_OUT = "time-out"
    ADRES_GEWEIGERD = "adres geweigerd"
    IN_QUARANTAINE = "in quarantaine"
    ZONDER_ADRES = "zonder adres"


class Change(StrEnum):
    """What changed since the version before."""

    NIEUW = "nieuw"
    GEWIJZIGD = "gewijzigd"
    ONGEWIJZIGD = "ongewijzigd"
    VERVALLEN = "vervallen"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger. `digest` is that of the content that is searchable; empty if none is."""

    source: Source
    state: State
    change: Change
    reason: str = ""
    file: str = ""
    digest: str = ""
    pages: int = 0
    pages_searchable: int = 0
    passages: int = 0
    words: int = 0
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()


def change_of(source_id: str, digest: str, before: Mapping[str, str]) -> Change:
    """The change of a source: `digest` is what is searchable of it now, `before` what was, by source id; '' is nothing.

    |               | absent before | nothing before | searchable before             |
    |---------------|---------------|----------------|-------------------------------|
    | searchable    | nieuw         | nieuw          | ongewijzigd if the same, else |
    |               |               |                | gewijzigd                     |
    | nothing       | nieuw         | ongewijzigd    | gewijzigd: it was lost        |

    A source that is named no more is vervallen: see `gone`.
    """
    if source_id not in before:
        return Change.NIEUW
    if before[source_id] == digest:
        return Change.ONGEWIJZIGD
    return Change.GEWIJZIGD if before[source_id] else Change.NIEUW


def gone(entries: Sequence[Entry], before: Mapping[str, Source]) -> list[Entry]:
    """Entries for the sources that were there before and are not named any more."""
    present = {entry.source.id for entry in entries}
    reason = "Deze bron staat niet meer in het register of in de map."
    return [
        Entry(source, State.BESTAND_ONTBREEKT, Change.VERVALLEN, reason)
        for source_id, source in before.items()
        if source_id not in present
    ]
