"""What the last runs brought, for every reader: which sources came, changed, went or were refused.

It is read from the versions that are still on disk, each with its own ledger. The words that changed are not shown:
what the bureau took out of a document must not stand here for all to read. Beheer shows them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app_pages._beheer import runs as _runs
from app_pages._beheer.runs_report import ANSWERS_NOW
from app_pages._bronnen.ledger import why_not
from app_pages._links import DocumentAddress, SourcesAddress
from app_pages._marking import escape, isolated
from app_pages._parts import counted, link
from index.errors import SearchIndexError
from index.results import SourceStatus
from index.store import Store
from index.versions import Layout
from ingest.ledger import Change, State
from ingest.progress import Outcome, RunState

# The changes that are told of, in this order, with what to call the sources.
_TOLD = {
    Change.NIEUW: "Nieuw",
    Change.GEWIJZIGD: "Gewijzigd",
    Change.VERHUISD: "Verhuisd",
    Change.VERVALLEN: "Vervallen",
}
_REFUSED = "Niet gelezen"
# Not here yet: nobody refused these.
_WAITING = frozenset({State.WACHT_OP_NETWERK, State.ZONDER_ADRES})


@dataclass(frozen=True, slots=True)
class Brought:
    """One run by the version that it published: its sources by change, and those that could not be read."""

    version: _runs.Version
    changed: Mapping[Change, Sequence[SourceStatus]] = field(default_factory=dict)
    refused: Sequence[SourceStatus] = ()


def brought(data: Path) -> list[Brought]:
    """The runs whose versions are on disk, youngest first; one that is damaged is left out."""
    found = []
    for version in _runs.versions_of(data):
        try:
            sources = Store(Layout(data / "index" / version.name).store).sources() if not version.problem else None
        except SearchIndexError:
            continue
        if sources is not None:
            found.append(brought_by(version, sources))
    return found


def brought_by(version: _runs.Version, sources: Sequence[SourceStatus]) -> Brought:
    """A version's ledger by what happened to its sources in the run that made it."""
    refused = [
        one for one in sources if not one.passages and one.state not in _WAITING and one.change != Change.VERVALLEN
    ]
    others = [one for one in sources if one not in refused and (one.passages or one.change != Change.NIEUW)]
    changed = {change: [one for one in others if one.change == change] for change in _TOLD}
    return Brought(version, {change: some for change, some in changed.items() if some}, refused)


def brought_html(runs: Sequence[Brought], last: RunState | None, address: SourcesAddress) -> str:
    """The runs as a list, one of them opened; nothing if there is nothing to tell."""
    if not runs:
        return ""
    items = "".join(_run_html(one, address) for one in runs)
    return f'<section><h2>Laatste keren inlezen</h2>{_last_html(last)}<ul class="zp-list">{items}</ul></section>'


def _last_html(last: RunState | None) -> str:
    """When the sources were last looked at, if that brought no version."""
    if last is None or (last.outcome is Outcome.KLAAR and last.version):
        return ""
    when = escape(_runs.told_at(last.told))
    told = {
        Outcome.LOOPT: "De bronnen worden nu ingelezen. Zoeken kan gewoon.",
        Outcome.KLAAR: f"Op {when} is gekeken of er iets nieuws was. Er was niets veranderd.",
    }
    return (
        f"<p>{told.get(last.outcome, f'Op {when} is het inlezen niet gelukt. De vorige versie blijft antwoorden.')}</p>"
    )


def _run_html(run: Brought, address: SourcesAddress) -> str:
    """'25 november 2026, 11:25: 3 nieuw, 1 vervallen, 2 niet gelezen', with the sources if this is the one opened."""
    counts = [f"{len(some)} {name.lower()}" for name, some in _groups(run)]
    told = ", ".join(counts) or "niets veranderd"
    now = ANSWERS_NOW if run.version.current else ""
    opened = run.version.name == address.run
    words = "Verberg de bronnen" if opened else "Welke bronnen?"
    to = replace(address, run="" if opened else run.version.name)
    label = f"{words} Inlezing van {run.version.made}"
    more = f" {link(to.href, words, css='zp-stay', label=label)}" if counts else ""
    size = f"{counted(run.version.passages, 'passage')} doorzoekbaar"
    return (
        f'<li><span class="zp-when">{escape(run.version.made)}</span>{now}<br>{told}.{more}'
        f'<br><span class="zp-quiet">{size}</span>{_sources_html(run) if opened else ""}</li>'
    )


def _sources_html(run: Brought) -> str:
    parts = []
    for name, some in _groups(run):
        items = "".join(_source_html(one, run) for one in sorted(some, key=lambda one: one.title.casefold()))
        parts.append(f"<h3>{name}</h3><ul>{items}</ul>")
    return f'<div class="zp-brought">{"".join(parts)}</div>'


def _source_html(source: SourceStatus, run: Brought) -> str:
    """A link to its first page if the version that answers has it; why not if it could not be read."""
    name = isolated(source.title)
    title = link(DocumentAddress(source.id).href, name) if source.passages and run.version.current else name
    why = why_not(source)
    told = f' <span class="zp-quiet">{escape(source.state)}. {escape(why)}</span>' if why else ""
    return f"<li>{title}{told}</li>"


def _groups(run: Brought) -> list[tuple[str, Sequence[SourceStatus]]]:
    groups: list[tuple[str, Sequence[SourceStatus]]] = [(_TOLD[change], some) for change, some in run.changed.items()]
    return [*groups, (_REFUSED, run.refused)] if run.refused else groups
