"""What a run says afterwards: in Dutch for people, as plain values for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.ledger import Change, Entry, State

# Sources that nobody did anything wrong with: they are simply not here yet.
_WAITING = (State.WACHT_OP_NETWERK, State.ZONDER_ADRES)


def report_as_text(version: str | None, entries: Sequence[Entry], seconds: float) -> str:
    """The report for the terminal: what is searchable, what was refused and why, what is waited for."""
    readable = [entry for entry in entries if entry.passages]
    refused = [entry for entry in entries if not entry.passages and entry.state not in _WAITING]
    refused = [entry for entry in refused if entry.change is not Change.VERVALLEN]
    lines: list[str] = []
    if version:
        lines.append(f"Versie {version} is gepubliceerd in {seconds:.0f} s.")
    if readable:
        lines += ["", "Doorzoekbaar:"]
        for entry in readable:
            lines.append(f"  {_searchable(entry)}")
            lines += [f"    let op: {warning}" for warning in _attention(entry)]
    if refused:
        lines += ["", "Niet gelezen:"]
        lines += [f"  {entry.source.title}: {entry.state.value}. {entry.reason}" for entry in refused]
    for state, heading in zip(_WAITING, ("Wachten op het netwerk", "Zonder bestand of adres"), strict=True):
        waiting = [entry for entry in entries if entry.state is state]
        if waiting:
            lines += ["", f"{heading}: {len(waiting)}"]
            lines += [f"  {entry.source.title}" for entry in waiting]
    fallen = [entry for entry in entries if entry.change is Change.VERVALLEN]
    if fallen:
        lines += ["", "Vervallen:"]
        lines += [f"  {entry.source.title}. {entry.reason}" for entry in fallen]
    return "\n".join(lines).strip()


def report_of_no_change(entries: Sequence[Entry]) -> str:
    """What a run says that found nothing new: that, and what could not be read before and still cannot."""
    lines = ["Er is niets veranderd. De zoekindex is bij."]
    troubled = [entry for entry in entries if entry.reason and entry.state not in _WAITING]
    if troubled:
        lines += ["", "Nog steeds niet gelezen:"]
        lines += [f"  {entry.source.title}: {entry.state.value}. {entry.reason}" for entry in troubled]
    return "\n".join(lines)


def _searchable(entry: Entry) -> str:
    pages = f"{entry.pages_searchable} van {entry.pages} pagina's"
    return f"{entry.source.title} ({entry.change.value}): {pages}, {entry.passages} passages"


def _attention(entry: Entry) -> Iterable[str]:
    if entry.reason:
        yield entry.reason
    yield from entry.warnings


def report_as_json(version: str | None, entries: Sequence[Entry], seconds: float) -> dict[str, object]:
    """The same for programs; `version` is null if none was published."""
    return {
        "version": version,
        "published": version is not None,
        "seconds": round(seconds, 2),
        "sources": [
            {
                "id": entry.source.id,
                "title": entry.source.title,
                "file": entry.file,
                "state": entry.state.value,
                "change": entry.change.value,
                "reason": entry.reason,
                "pages": entry.pages,
                "pages_searchable": entry.pages_searchable,
                "passages": entry.passages,
                "words": entry.words,
                "seconds": round(entry.seconds, 3),
                "warnings": list(entry.warnings),
            }
            for entry in entries
        ],
    }
