"""How much was searched, counted and in Dutch: for who gets no answer, on the portal and on the command line alike."""

from __future__ import annotations

from collections.abc import Iterable

from index.results import Searched, SourceStatus
from ingest.ledger import Change, State

# A source in one of these states was never here; in any other, without passages, it could not be read.
_NOT_HERE = frozenset(
    {
        State.BESTAND_ONTBREEKT,
        State.WACHT_OP_NETWERK,
        State.DODE_LINK,
        State.INLOGGEN_VEREIST,
        State.STORING,
        State.TIME_OUT,
        State.ADRES_GEWEIGERD,
        State.ZONDER_ADRES,
    }
)


def searched_of(passages: int, sources: int, ledger: Iterable[SourceStatus]) -> Searched:
    """So many passages in so many sources were searched; the ledger tells which sources cannot be."""
    waiting = [one for one in ledger if not one.passages and one.change != Change.VERVALLEN]
    return Searched(passages, sources, len(waiting), sum(one.state not in _NOT_HERE for one in waiting))


def searched_sentence(searched: Searched) -> str:
    """'Het antwoord staat in 0 van 214 passages in 3 bronnen; 20 bronnen zijn nog niet opgehaald.'"""
    passages = f"{_dotted(searched.passages)} {'passage' if searched.passages == 1 else 'passages'}"
    found = f"Het antwoord staat in 0 van {passages} in {_sources(searched.sources)}"
    awaited = searched.waiting - searched.unread
    missing = []
    if awaited:
        missing.append(f"{_sources(awaited)} {'is' if awaited == 1 else 'zijn'} nog niet opgehaald")
    if searched.unread:
        verb = "kon" if searched.unread == 1 else "konden"
        missing.append(f"{_sources(searched.unread)} {verb} niet worden gelezen")
    return f"{found}; {' en '.join(missing)}." if missing else f"{found}."


def _sources(number: int) -> str:
    return f"{_dotted(number)} {'bron' if number == 1 else 'bronnen'}"


def _dotted(number: int) -> str:
    """1200 → '1.200'."""
    return f"{number:,}".replace(",", ".")
