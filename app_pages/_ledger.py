"""The ledger as readers see it: one row a source, as a table that becomes a list on a phone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from app_pages._links import DocumentAddress, SourcesAddress, Stand, quote_for_link
from app_pages._marking import escape, isolated
from app_pages._parts import chip_html, chips_html, counted, link, notice_html, outside_link, title_html
from index.references import is_named, warnings_for_readers
from index.results import SourceStatus
from ingest.ledger import Change

_STANDS = {Stand.SEARCHABLE: "Doorzoekbaar", Stand.MISSING: "Nog niet doorzoekbaar"}


def sources_html(sources: Sequence[SourceStatus], documents: Collection[str], address: SourcesAddress) -> str:
    """Title, one sentence of totals, filters, and the table. `documents` are the ids that have pages to show."""
    rows = sorted(sources, key=lambda source: (source.passages == 0, source.title.casefold()))
    shown = [source for source in rows if _is_wanted(source, address)]
    body = "".join(_row(source, documents) for source in shown)
    table = (
        '<table class="zp-table"><thead><tr><th scope="col">Bron</th><th scope="col">Stand</th>'
        '<th scope="col">Doorzoekbaar</th><th scope="col">Genoemd op</th></tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )
    nothing = notice_html(["Er is geen bron die hierbij past."])
    everything = link(SourcesAddress().href, "Alle bronnen", css="zp-clear zp-stay")
    back = f"<p>{everything}</p>" if address != SourcesAddress() else ""
    # One source, asked for by a link beside a hit: totals and filters would only stand in its way.
    above = "" if address.source else _totals(rows) + _filters_html(rows, address)
    return title_html("Bronnen") + above + back + (table if shown else nothing)


def _totals(sources: Sequence[SourceStatus]) -> str:
    """'Van 26 bronnen zijn er 4 doorzoekbaar, samen 284 passages.'; a source that is gone counts no more."""
    named = [source for source in sources if is_named(source)]
    here = [source for source in named if source.passages]
    passages = counted(sum(source.passages for source in here), "passage")
    verb = "is" if len(here) == 1 else "zijn"
    total = f"Van {counted(len(named), 'bron')} {verb} er {len(here)} doorzoekbaar, samen {passages}."
    missing = " Bij de andere staat waarom nog niet." if len(here) < len(named) else ""
    return f"<p>{total}{missing}</p>"


def _is_wanted(source: SourceStatus, address: SourcesAddress) -> bool:
    """Whether the filters let a source through."""
    if address.source and source.id != address.source:
        return False
    if address.change and source.change != address.change:
        return False
    return address.stand is None or _stand(source) is address.stand


def _stand(source: SourceStatus) -> Stand | None:
    """None for a source that is gone: nobody waits for it."""
    if source.passages:
        return Stand.SEARCHABLE
    return Stand.MISSING if is_named(source) else None


def _filters_html(sources: Sequence[SourceStatus], address: SourcesAddress) -> str:
    """By stand and by change, each with how many sources it would show; a change that no source had is left out."""
    stands = Counter(_stand(one) for one in sources if _is_wanted(one, replace(address, stand=None)))
    changes = Counter(one.change for one in sources if _is_wanted(one, replace(address, change=None)))
    by_stand = [
        chip_html(replace(address, stand=None if on else stand).href, name, stands[stand], on, "bron")
        for stand, name in _STANDS.items()
        if (on := stand is address.stand) or stands[stand]
    ]
    by_change = [
        chip_html(replace(address, change=None if on else change).href, change.value, changes[change], on, "bron")
        for change in Change
        if (on := change is address.change) or changes[change]
    ]
    rows = chips_html("Stand", by_stand) + chips_html("Verandering", by_change)
    return f'<section class="zp-filters"><h2 class="zp-sr">Filters</h2>{rows}</section>'


def _row(source: SourceStatus, documents: Collection[str]) -> str:
    """One source. A title leads to its first page here; otherwise to its public address, if that is known."""
    name = isolated(source.title)
    title = link(DocumentAddress(source.id).href, name) if source.id in documents else outside_link(source.url, name)
    about = [isolated(part) for part in (source.publisher, str(source.year or "")) if part]
    remarks = "".join(
        f'<br><span class="zp-quiet">{escape(remark)}</span>'
        for remark in (source.reason, *warnings_for_readers(source))
        if remark
    )
    pages = f"{source.pages_searchable} van {counted(source.pages, 'pagina')}" if source.pages else "–"
    return (
        f'<tr><th scope="row">{title}<br><span class="zp-quiet">{" · ".join(about)}</span></th>'
        f'<td data-label="Stand">{escape(source.state)}{_change_html(source.change)}{remarks}</td>'
        f'<td data-label="Doorzoekbaar">{pages}</td>'
        f'<td data-label="Genoemd op">{_named(source, documents) or "–"}</td></tr>'
    )


def _change_html(change: str) -> str:
    """What the last run that published brought, each in a colour of its own; what stayed as it was is quiet."""
    if change not in set(Change) or change == Change.ONGEWIJZIGD:
        return f' <span class="zp-quiet">({escape(change)})</span>' if change else ""
    return f' <span class="zp-change zp-{change}">{change}</span>'


def _named(source: SourceStatus, documents: Collection[str]) -> str:
    """The places that name this source, each a link to that page with the words marked: 'p. 13, p. 15'."""
    places = []
    for document_id, page, words in source.cited_by:
        address = DocumentAddress(document_id, page, quote_for_link(words))
        label = f"Genoemd op pagina {page}: {words}"
        places.append(link(address.href, f"p. {page}", label=label) if document_id in documents else f"p. {page}")
    return ", ".join(dict.fromkeys(places))
