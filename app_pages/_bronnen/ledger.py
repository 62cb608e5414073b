"""The ledger as readers see it: one row a source, as a table that becomes a list on a phone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from app_pages._links import DocumentAddress, Order, SourcesAddress, Stand, quote_for_link
from app_pages._marking import escape, isolated
from app_pages._parts import chip_html, chips_html, choice_html, counted, link, notice_html, outside_link, title_html
from index.references import is_named, warnings_for_readers
from index.results import SourceStatus
from ingest.ledger import Change, State

_STANDS = {Stand.SEARCHABLE: "Doorzoekbaar", Stand.MISSING: "Nog niet doorzoekbaar"}
_ORDERS = {
    Order.STAND: "Doorzoekbaar eerst",
    Order.TITLE: "Titel",
    Order.PUBLISHER: "Uitgever",
    Order.YEAR: "Nieuwste eerst",
    Order.PAGES: "Meeste pagina’s",
    Order.NAMED: "Vaakst genoemd",
}

# Why a source cannot be searched, for a reader; the ledger's own sentence tells the bureau what to do.
_WHY = {
    State.NIET_GELEZEN: "Het is een scan, en de tekst kon niet worden gelezen.",
    State.VERSLEUTELD: "Er zit een wachtwoord op.",
    State.BESCHADIGD: "Het bestand is stuk.",
    State.LEEG: "Er staat geen lopende tekst in.",
    State.TE_GROOT: "Het bestand is te groot.",
    State.NIET_ONDERSTEUND: "Dit soort bestand kan het portaal niet lezen.",
    State.BESTAND_ONTBREEKT: "Het bestand is er niet (meer).",
    State.WACHT_OP_NETWERK: "Het adres is bekend, maar het rapport is nog niet opgehaald.",
    State.DODE_LINK: "Op het adres staat niets meer.",
    State.INLOGGEN_VEREIST: "De website laat het rapport alleen na inloggen zien.",
    State.STORING: "De website gaf een fout.",
    State.TIME_OUT: "De website antwoordde niet op tijd.",
    State.ADRES_GEWEIGERD: "Het adres klopt niet, of is niet openbaar.",
    State.IN_QUARANTAINE: "Het bureau kijkt het document eerst na.",
    State.ZONDER_ADRES: "Het document wordt genoemd, maar er is geen bestand en geen adres van bekend.",
}


def why_not(source: SourceStatus) -> str:
    """Why a source cannot be read (now), for a reader; '' if it can. What the bureau must do stands in Beheer.

    state 'dode link', with passages of the version before → 'Op het adres staat niets meer. De vorige versie blijft …'
    """
    why = _WHY.get(State(source.state), "") if source.state in set(State) else ""
    return f"{why} De vorige versie blijft doorzoekbaar." if why and source.passages else why


def sources_html(
    sources: Sequence[SourceStatus], documents: Collection[str], address: SourcesAddress, runs: str = ""
) -> str:
    """Title, totals, what the last runs brought, what is missing, filters, and the table.

    `documents` are the ids that have pages to show; `runs` is HTML.
    """
    rows = sorted(sources, key=_ordering(address.order))
    shown = [source for source in rows if _is_wanted(source, address)]
    body = "".join(_row(source, documents) for source in shown)
    table = (
        '<table class="zp-table"><thead><tr><th scope="col">Bron</th><th scope="col">Stand</th>'
        '<th scope="col">Doorzoekbaar</th><th scope="col">Genoemd op</th></tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )
    nothing = notice_html(["Er is geen bron die hierbij past."])
    everything = link(SourcesAddress().href, "Alle bronnen", css="zp-clear zp-stay")
    back = f"<p>{everything}</p>" if address.is_filtered else ""
    # One source, asked for by a link beside a hit: all the rest would only stand in its way.
    above = "" if address.source else _totals(rows) + runs + _missing_html(rows, address) + _filters_html(rows, address)
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


def _ordering(order: Order) -> Callable[[SourceStatus], tuple[object, ...]]:
    """What the table is sorted by; equal ones by title, and what has no publisher or year stands last."""

    def key(source: SourceStatus) -> tuple[object, ...]:
        first: tuple[object, ...] = {
            Order.STAND: (source.passages == 0,),
            Order.TITLE: (),
            Order.PUBLISHER: (not source.publisher, source.publisher.casefold()),
            Order.YEAR: (-(source.year or 0),),
            Order.PAGES: (-source.pages_searchable,),
            Order.NAMED: (-len(source.cited_by),),
        }[order]
        return (*first, source.title.casefold(), source.id)

    return key


def _missing_html(sources: Sequence[SourceStatus], address: SourcesAddress) -> str:
    """How many sources cannot be searched, by their state, and why; each a link to these sources."""
    missing = Counter(one.state for one in sources if _stand(one) is Stand.MISSING and one.state in set(State))
    items = "".join(
        f"<li>{link(_only(address, State(state)).href, counted(number, 'bron'), css='zp-stay')}: "
        f'{escape(state)}. <span class="zp-quiet">{_WHY.get(State(state), "")}</span></li>'
        for state, number in sorted(missing.items(), key=lambda one: (-one[1], one[0]))
    )
    return (
        f'<section><h2>Wat er ontbreekt, en waarom</h2><ul class="zp-missing">{items}</ul></section>' if items else ""
    )


def _only(address: SourcesAddress, state: State) -> SourcesAddress:
    """These sources and no others, in the same order."""
    return SourcesAddress(stand=Stand.MISSING, state=state, order=address.order, run=address.run)


def _is_wanted(source: SourceStatus, address: SourcesAddress) -> bool:
    """Whether the filters let a source through."""
    if address.source and source.id != address.source:
        return False
    if address.change and source.change != address.change:
        return False
    if address.state and source.state != address.state:
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
    by_state = (
        [chip_html(replace(address, state=None).href, address.state, _count_of(sources, address), True, "bron")]
        if address.state
        else []
    )
    rows = chips_html("Stand", by_stand) + chips_html("Toestand", by_state) + chips_html("Verandering", by_change)
    return f'<section class="zp-filters"><h2>Alle bronnen</h2>{rows}{_orders_html(address)}</section>'


def _count_of(sources: Sequence[SourceStatus], address: SourcesAddress) -> int:
    return sum(_is_wanted(one, address) for one in sources)


def _orders_html(address: SourcesAddress) -> str:
    """The orders of the table, each a link; a phone shows the table as a list without its head, so they stand here."""
    chips = [
        choice_html(replace(address, order=order).href, name, order is address.order) for order, name in _ORDERS.items()
    ]
    return chips_html("Volgorde", chips, label="Volgorde")


def _row(source: SourceStatus, documents: Collection[str]) -> str:
    """One source. A title leads to its first page here; otherwise to its public address, if that is known."""
    name = isolated(source.title)
    title = link(DocumentAddress(source.id).href, name) if source.id in documents else outside_link(source.url, name)
    about = [isolated(part) for part in (source.publisher, str(source.year or "")) if part]
    remarks = "".join(
        f'<br><span class="zp-quiet">{escape(remark)}</span>'
        for remark in (why_not(source), *warnings_for_readers(source))
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
    once = {(document_id, page): words for document_id, page, words in reversed(source.cited_by)}
    for (document_id, page), words in sorted(once.items()):
        address = DocumentAddress(document_id, page, quote_for_link(words))
        label = f"Genoemd op pagina {page}: {words}"
        places.append(link(address.href, f"p. {page}", label=label) if document_id in documents else f"p. {page}")
    return ", ".join(dict.fromkeys(places))
