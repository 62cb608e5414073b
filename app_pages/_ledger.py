"""The ledger as readers see it: one row a source, as a table that becomes a list on a phone."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from app_pages._links import DocumentAddress, quote_for_link
from app_pages._marking import escape, isolated
from app_pages._parts import counted, link, outside_link, title_html
from index.results import SourceStatus


def sources_html(sources: Iterable[SourceStatus], documents: Collection[str]) -> str:
    """Title, one sentence of totals, and the table. `documents` are the ids that have pages to show."""
    rows = sorted(sources, key=lambda source: (source.passages == 0, source.title.casefold()))
    here = [source for source in rows if source.passages]
    passages = counted(sum(source.passages for source in here), "passage")
    verb = "is" if len(here) == 1 else "zijn"
    total = f"Van {counted(len(rows), 'bron')} {verb} er {len(here)} doorzoekbaar, samen {passages}."
    missing = " De andere staan eronder, met de reden." if len(here) < len(rows) else ""
    body = "".join(_row(source, documents) for source in rows)
    return (
        f"{title_html('Bronnen')}<p>{total}{missing}</p>"
        '<table class="zp-table"><thead><tr><th scope="col">Bron</th><th scope="col">Stand</th>'
        '<th scope="col">Doorzoekbaar</th><th scope="col">Genoemd op</th></tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _row(source: SourceStatus, documents: Collection[str]) -> str:
    """One source. A title leads to its first page here; otherwise to its public address, if that is known."""
    name = isolated(source.title)
    title = link(DocumentAddress(source.id).href, name) if source.id in documents else outside_link(source.url, name)
    about = [isolated(part) for part in (source.publisher, str(source.year or "")) if part]
    reason = f'<br><span class="zp-quiet">{escape(source.reason)}</span>' if source.reason else ""
    change = f' <span class="zp-quiet">({escape(source.change)})</span>' if source.change and source.passages else ""
    pages = f"{source.pages_searchable} van {counted(source.pages, 'pagina')}" if source.pages else "–"
    return (
        f'<tr><th scope="row">{title}<br><span class="zp-quiet">{" · ".join(about)}</span></th>'
        f'<td data-label="Stand">{escape(source.state)}{change}{reason}</td>'
        f'<td data-label="Doorzoekbaar">{pages}</td>'
        f'<td data-label="Genoemd op">{_named(source, documents) or "–"}</td></tr>'
    )


def _named(source: SourceStatus, documents: Collection[str]) -> str:
    """The places that name this source, each a link to that page with the words marked: 'p. 13, p. 15'."""
    places = []
    for document_id, page, words in source.cited_by:
        address = DocumentAddress(document_id, page, quote_for_link(words))
        label = f"Genoemd op pagina {page}: {words}"
        places.append(link(address.href, f"p. {page}", label=label) if document_id in documents else f"p. {page}")
    return ", ".join(dict.fromkeys(places))
