"""What the bureau can change of a source, checked before it goes into the register: values and Dutch sentences."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from urllib.parse import urlsplit

from app_pages._beheer.links import BeheerAddress, Part
from app_pages._beheer.upload_suggested import Suggestion
from app_pages._marking import escape, isolated
from app_pages._parts import link
from index.results import SourceStatus
from ingest.addresses import IPNetwork, may_connect, normalised
from ingest.documents import Source
from ingest.ledger import Change
from ingest.register import Value

# What the ingest calls a source that nobody registered.
OF_A_LINK = "link"
_LONGEST_TITLE = 300
_REMOVED = "Dit document wordt niet meer ingelezen. Verwijder ook het bestand en het blok in het register."


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in of a source, as typed."""

    title: str
    publisher: str = ""
    year: str = ""
    kind: str = ""
    address: str = ""
    portefeuilles: tuple[str, ...] = ()


def filled_of(source: Source) -> Filled:
    """What a form about this source begins with."""
    kind = "" if source.kind == OF_A_LINK else source.kind
    year = str(source.year or "")
    return Filled(source.title, source.publisher, year, kind, source.url or "", source.portefeuilles)


def filled_of_suggestion(proposed: Suggestion) -> Filled:
    """What a form about a file that came in begins with."""
    return Filled(proposed.title, proposed.publisher, str(proposed.year or ""), "rapport", "", proposed.portefeuilles)


def problems_of(filled: Filled, today: date, networks: Sequence[IPNetwork] = ()) -> list[str]:
    """What is wrong, a Dutch sentence each; none if it can go into the register.

    `networks` are those that are not public and may be fetched from.
    """
    problems = []
    if not filled.title.strip():
        problems.append("Vul een titel in.")
    if len(filled.title) > _LONGEST_TITLE:
        problems.append(f"De titel is te lang. Gebruik hoogstens {_LONGEST_TITLE} tekens.")
    if filled.year.strip() and not _is_year(filled.year.strip(), today):
        problems.append("Vul het jaar in met vier cijfers, zoals 2024, of laat het leeg.")
    if filled.address.strip() and (why := problem_of_address(filled.address, networks)):
        problems.append(why)
    return problems


def problem_of_address(typed: str, networks: Sequence[IPNetwork] = ()) -> str:
    """What is wrong with an address, in Dutch; '' if the run may fetch it. Names are looked up by the run itself."""
    address = normalised(typed)
    if address is None or re.search(r"\s", typed.strip()):
        return "Dit is geen webadres. Een webadres begint met https:// of http://."
    parts = urlsplit(address)
    if "@" in parts.netloc:
        return "In dit adres staat een naam of wachtwoord. Gebruik een adres zonder."
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        public = may_connect(ip_address(host), port, networks)
    except ValueError:  # a name: in which network it is, the run finds out
        public = bool(networks) or (
            host != "localhost" and not host.endswith((".localhost", ".local", ".internal")) and port in (80, 443)
        )
    return "" if public else "Dit adres is niet openbaar. Het portaal haalt alleen op wat iedereen kan zien."


def fields_of(filled: Filled) -> dict[str, Value | None]:
    """The register's fields; None takes one away: Filled('Nota', year='2024') → {'titel': 'Nota', 'jaar': 2024, …}."""
    return {
        "titel": " ".join(filled.title.split()),
        "uitgever": " ".join(filled.publisher.split()) or None,
        "jaar": int(filled.year) if filled.year.strip() else None,
        "soort": " ".join(filled.kind.split()).lower() or None,
        "portefeuilles": list(filled.portefeuilles),
        "adres": filled.address.strip() or None,
    }


def sources_of_links(sources: Sequence[Source], statuses: Mapping[str, SourceStatus]) -> list[Source]:
    """What the last run found by a link in a document, and the register does not know yet.

    An entry with the same id and address makes it the bureau's own: the next run joins the link to it.
    """
    ids, addresses = {source.id for source in sources}, {source.url for source in sources}
    return [
        Source(one.id, one.title, one.publisher, one.year, one.portefeuilles, url=one.url, kind=OF_A_LINK)
        for one in statuses.values()
        if one.url and one.id not in ids and one.url not in addresses and one.change != Change.VERVALLEN
    ]


def sources_html(sources: Sequence[Source], statuses: Mapping[str, SourceStatus], removed: Collection[str] = ()) -> str:
    """The sources as a table, each with its state and a link to change it. `removed` are ids that may not come back."""
    rows = "".join(_row(source, statuses.get(source.id), source.id in removed) for source in sources)
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Bron", "Stand", "Portefeuilles", "Wijzigen"))
    return f'<table class="zp-table zp-register"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _row(source: Source, status: SourceStatus | None, removed: bool) -> str:
    place = place_of(source)
    where = f'<br><span class="zp-quiet">{isolated(place)}</span>' if place else ""
    state = "voorgoed verwijderd" if removed else status.state if status else "nog niet ingelezen"
    reason = _REMOVED if removed else status.reason if status else ""
    why = f'<br><span class="zp-quiet">{escape(reason)}</span>' if reason else ""
    portefeuilles = "; ".join(source.portefeuilles) or "volgens de koppen"
    address = BeheerAddress(Part.SOURCES, source=source.id)
    change = link(address.href, "Wijzig", label=f"Wijzig {source.title}")
    return (
        f'<tr><th scope="row">{isolated(source.title)}{where}</th>'
        f'<td data-label="Stand">{escape(state)}{why}</td>'
        f'<td data-label="Portefeuilles">{escape(portefeuilles)}</td><td data-label="Wijzigen">{change}</td></tr>'
    )


def place_of(source: Source) -> str:
    """Where it is: 'nota.pdf', 'https://…', 'https://… (van een link in een document)', '' if that is not known."""
    if source.path:
        return source.path.name
    address = source.url or ""
    return f"{address} (van een link in een document)" if source.kind == OF_A_LINK else address


def _is_year(typed: str, today: date) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) == 4 and 1800 <= int(typed) <= today.year + 1
