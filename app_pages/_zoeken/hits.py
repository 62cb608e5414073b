"""The passages that were found, as HTML: by document, each a link to its page, with why it was found.

Pure functions from values to strings. Every word of a document goes through _marking; our own words are plain Dutch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app_pages._links import DocumentAddress, Filter, SearchAddress, quote_for_link
from app_pages._marking import isolated
from app_pages._parts import about_html, counted, lead_in_html, link, path_html
from app_pages._rows import lead_in_of, passage_with_rows_html
from app_pages._verzameling.collect import keep_html
from app_pages._zoeken.filters import kind_in_words
from app_pages._zoeken.why import Meanings, why_html
from index.facets import FACET_HITS, about_the_question
from index.results import DocumentInfo, Hit, Place, SearchResult

# How many passages a search shows at first. The right one is nearly always among the first three.
PASSAGES = 10
# How many are looked at for that: what one document has too much of makes room for others.
LOOKED_AT = 2 * PASSAGES
# Of one document so many before the rest is folded away: it must not drown the others.
OF_ONE_DOCUMENT = 3
# Other places with nearly the same words, named beneath a hit before the rest is only counted.
ALSO_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one document: those that are shown, and those that are folded away beneath them."""

    document: DocumentInfo
    shown: tuple[Hit, ...]
    folded: tuple[Hit, ...] = ()


def grouped(hits: Sequence[Hit], room: int, of_one: int = OF_ONE_DOCUMENT) -> list[Group]:
    """Hits by document, the document of the best hit first; documents for which there is no room are left out.

    Hits of A, B, A, A, A → [A: three and one folded, B: one]. A search that finds only one document shows its hits as
    they come: there is nothing to drown.
    """
    by_document: dict[str, list[Hit]] = {}
    for hit in hits:
        by_document.setdefault(hit.document.id, []).append(hit)
    if len(by_document) == 1:
        return [Group(hits[0].document, tuple(hits[:room]))]
    groups: list[Group] = []
    for mine in by_document.values():
        if room <= 0:
            break
        groups.append(Group(mine[0].document, tuple(mine[:of_one]), tuple(mine[of_one:])))
        room -= len(groups[-1].shown)
    return groups


def groups_html(groups: Sequence[Group], result: SearchResult, address: SearchAddress, notes: Mapping[int, str]) -> str:
    """Every group below its document's title. `notes` is HTML beneath a hit, by its rank."""
    meanings = Meanings(result.hits)

    def listed(hits: Sequence[Hit]) -> str:
        items = (_hit_html(hit, address, why_html(hit, result, meanings), notes) for hit in hits)
        return f'<ol class="zp-hits">{"".join(items)}</ol>' if hits else ""

    return "".join(
        f'<section class="zp-group">{_document_html(group.document)}{listed(group.shown)}'
        f"{_rest_html(group, listed(group.folded), result, address)}</section>"
        for group in groups
    )


def more_html(groups: Sequence[Group], result: SearchResult, address: SearchAddress) -> str:
    """A link to everything about the question, where that is more than is on the page already."""
    here = sum(len(group.shown) + len(group.folded) for group in groups)
    all_here = result.relevant <= LOOKED_AT and here >= len(about_the_question(result.hits))
    if address.more or all_here:
        return ""
    # so many are counted at most, and shown at most
    all_of = "de" if result.relevant >= FACET_HITS else "alle"
    words = f"Toon {all_of} {counted(result.relevant, 'passage')} die over uw vraag gaan"
    return f'<p class="zp-more">{link(replace(address, more=True).href, words, css="zp-step zp-stay")}</p>'


def also_html(places: Sequence[Place], question: str = "") -> str:
    """'Ook in: Energievisie 2050, p. 3', each place a link; nothing if the words stand in one place only."""
    if not places:
        return ""
    named = "; ".join(
        link(
            DocumentAddress(place.document.id, place.page, question=question).href,
            f"{isolated(place.document.title)}, p. {place.page}",
        )
        for place in places[:ALSO_SHOWN]
    )
    rest = len(places) - ALSO_SHOWN
    more = f" en nog {counted(rest, 'plaats')}" if rest > 0 else ""
    return f'<p class="zp-also"><span class="zp-quiet">Ook in:</span> {named}{more}</p>'


def _document_html(document: DocumentInfo) -> str:
    """A document's title above its hits, and what is known of it in a line."""
    about = about_html(document, isolated(kind_in_words(document.kind)) if document.kind else "")
    quiet = f'<p class="zp-quiet">{about}</p>' if about else ""
    return f'<h3 class="zp-group-title">{isolated(document.title)}</h3>{quiet}'


def _rest_html(group: Group, folded: str, result: SearchResult, address: SearchAddress) -> str:
    """What else the document says about the question: what is at hand is folded, all of it is behind a link."""
    document = group.document
    about = result.facet_documents.get(document.id, 0)
    here = len(group.shown) + len(group.folded)
    more = f"Nog {counted(len(group.folded), 'passage')} uit dit document"
    opened = f'<details class="zp-rest"><summary>{more}</summary>{folded}</details>' if folded else ""
    if about <= here or address.documents == (document.id,):
        return opened
    whole = f'Alle {counted(about, "passage")} uit dit document<span class="zp-sr">: {isolated(document.title)}</span>'
    return f'{opened}<p class="zp-rest">{link(address.all_of(Filter.DOCUMENT, document.id).href, whole)}</p>'


def _hit_html(hit: Hit, address: SearchAddress, why: str, notes: Mapping[int, str]) -> str:
    """One hit: where it stands is a heading and a link, so that a screen reader can step through them."""
    place = DocumentAddress(hit.document.id, hit.page, quote_for_link(hit.passage.text), question=address.question)
    page = f'<span class="zp-page">p. {hit.page}</span>'
    source = " · ".join(part for part in (path_html(hit.passage.heading_path), page) if part)
    keep = keep_html(place, f"{hit.document.title}, pagina {hit.page}")
    return (
        f'<li class="zp-hit"><h4 class="zp-source">{link(place.href, source)}</h4>'
        f"{lead_in_html(lead_in_of(hit.passage))}"
        f'<div class="zp-text">{passage_with_rows_html(hit.passage, hit.marks)}</div>'
        f"{also_html(hit.also, address.question)}{notes.get(hit.rank, '')}"
        f'<div class="zp-actions">{keep}{why}</div></li>'
    )
