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
    VERHUISD = "verhuisd"
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


@dataclass(frozen=True, slots=True)
class Before:
    """A source as the last version has it: the digest and the name of what is searchable of it, '' if nothing is."""

    source: Source
    digest: str = ""
    file: str = ""

    @property
    def place(self) -> str:
        """Where it stood, for people: a file's name, else an address, else what the register called it."""
        return self.file or self.source.url or self.source.id


def change_of(now: Before, was: Before | None) -> Change:
    """The change of a source.

    |               | absent before | nothing before | searchable before                                         |
    |---------------|---------------|----------------|-----------------------------------------------------------|
    | searchable    | nieuw         | nieuw          | the same: ongewijzigd, or verhuisd if it stands elsewhere |
    |               |               |                | other words: gewijzigd                                    |
    | nothing       | nieuw         | ongewijzigd    | gewijzigd: it was lost                                    |

    A source that is named no more is vervallen: see `gone`.
    """
    if was is None:
        return Change.NIEUW
    if was.digest != now.digest:
        return Change.GEWIJZIGD if was.digest else Change.NIEUW
    return Change.VERHUISD if now.digest and _has_moved(now, was) else Change.ONGEWIJZIGD


def _has_moved(now: Before, was: Before) -> bool:
    """Whether a source has another id, file name or address; an address that the register now tells is no move."""
    addresses = {now.source.url, was.source.url} - {None, ""}
    return now.source.id != was.source.id or now.file != was.file or len(addresses) > 1


def gone(entries: Sequence[Entry], before: Mapping[str, Before]) -> list[Entry]:
    """Entries for the sources that were there before and are not named any more, nor moved to another name."""
    present = {entry.source.id for entry in entries}
    moved = {entry.digest for entry in entries if entry.change is Change.VERHUISD and entry.source.id not in before}
    reason = "Deze bron staat niet meer in het register of in de map."
    return [
        Entry(was.source, State.BESTAND_ONTBREEKT, Change.VERVALLEN, reason)
        for source_id, was in before.items()
        if source_id not in present and not (was.digest and was.digest in moved)
    ]
