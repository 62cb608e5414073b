"""The answer card as HTML: how sure it is, the words that answer, their source, and what another source says instead.

Pure functions from values to strings, as in _parts.
"""

from __future__ import annotations

from app_pages._links import DocumentAddress, SearchAddress, SourcesAddress, Stand, quote_for_link
from app_pages._marking import escape, named_by, passage_html, without_bullet
from app_pages._parts import lead_in_html, link, source_line
from app_pages._portefeuilles.profile_links import PortefeuilleAddress
from app_pages._rows import cells_html
from app_pages._verzameling.collect import source_html
from app_pages._wie_is_wie.people_links import PeopleAddress
from app_pages._zoeken.filters import all_in_portefeuilles_html
from index.results import Alternative, Answer, Hit, Searched, Status
from index.rows import cells_of
from index.searched import searched_sentence

# How sure the portal is, in words and with a sign, since colour alone tells nothing to who cannot see it.
STATUS_WORDS = {
    Status.GEVONDEN: ("✓", "Gevonden"),
    Status.ONZEKER: ("?", "Onzeker: controleer de bron"),
    Status.NIET_GEVONDEN: ("–", "Niet gevonden"),
}

# Items of a list that are shown; the longest list of the handover has eleven.
ITEMS_SHOWN = 30


def answer_html(answer: Answer, searched: Searched, address: SearchAddress) -> str:
    """The answer as a card: status, the line it stands under, the words themselves, and their source as a link.

    `address` is what was asked: with a filter on, 'niet gevonden' offers the same question without it.
    """
    sign, words = STATUS_WORDS[answer.status]
    status = f'<p class="zp-status"><span aria-hidden="true">{sign}</span> {words}</p>'
    if answer.hit is None or answer.status is Status.NIET_GEVONDEN:
        body = _nothing_html(searched, address)
    else:
        body = _words_html(answer, answer.hit, address.question)
        body += "".join(_other_html(other, address.question) for other in answer.others)
        body += all_in_portefeuilles_html(address, answer.hit.passage.portefeuilles)
    return (
        f'<section class="zp-card zp-{answer.status.value}" aria-live="polite">'
        f'<h2 class="zp-sr">Antwoord</h2>{status}{body}</section>'
    )


def _nothing_html(searched: Searched, address: SearchAddress) -> str:
    """What to try, how much was searched, and which sources could not be."""
    missing = link(SourcesAddress(stand=Stand.MISSING).href, "Bekijk welke bronnen ontbreken")
    sentence = f"{searched_sentence(searched)} {missing}." if searched.waiting else searched_sentence(searched)
    wider = link(address.without_filters().href, "Zoek in alle bronnen en portefeuilles")
    elsewhere = f"{link(PortefeuilleAddress().href, 'Portefeuilles')} of {link(PeopleAddress().href, 'Wie is wie')}"
    other = f"Probeer het met andere woorden, of kijk bij {elsewhere}."
    advice = f"Er staat een filter aan. {wider}." if address.filters_on else other
    return f'<p>De bronnen geven geen antwoord op uw vraag. {advice}</p><p class="zp-quiet">{sentence}</p>'


def _words_html(answer: Answer, hit: Hit, question: str) -> str:
    """The words that answer: a whole list, a row of a table by its columns, or a sentence; then their source."""
    cells = cells_of(answer.text, answer.lead_in)
    words = without_bullet(answer.text)
    place = _address(hit, answer.page or hit.page, words, question)
    if answer.items:
        shown = f"{lead_in_html(answer.lead_in)}{_items_html(answer, hit, question)}"
        place = _address(hit, answer.items[0].page, answer.items[0].text, question)
    elif cells:
        shown = cells_html(cells)
    else:
        shown = f'{lead_in_html(answer.lead_in)}<blockquote class="zp-answer">{passage_html(words)}</blockquote>'
    source = source_line(hit.document, hit.passage.heading_path, place.page, with_date=True)
    return f"{shown}{source_html(place, source, _about(hit, place))}"


def _about(hit: Hit, place: DocumentAddress) -> str:
    return f"het antwoord uit {hit.document.title}, pagina {place.page}"


def _address(hit: Hit, page: int, text: str, question: str) -> DocumentAddress:
    """The page of a hit's document with these words marked; the question goes along, for the next hit there."""
    return DocumentAddress(hit.document.id, page, quote_for_link(text), question=question)


def _items_html(answer: Answer, hit: Hit, question: str) -> str:
    """Every item of the list with its page; what is too much is one link to the page where it goes on."""
    items = "".join(
        f"<li>{passage_html(item.text)} {_page_link(hit, item.page, item.text, question)}</li>"
        for item in answer.items[:ITEMS_SHOWN]
    )
    rest = answer.items[ITEMS_SHOWN:]
    more = ""
    if rest:
        address = _address(hit, rest[0].page, rest[0].text, question)
        more = f"<p>{link(address.href, f'en nog {len(rest)}')}</p>"
    return f'<blockquote class="zp-answer zp-items"><ul>{items}</ul>{more}</blockquote>'


def _page_link(hit: Hit, page: int, text: str, question: str) -> str:
    address = _address(hit, page, text, question)
    return link(address.href, f"p. {page}", css="zp-page", label=f"Pagina {page}: {named_by(text)}")


def _other_html(other: Alternative, question: str) -> str:
    """What another source says, with its date, for the reader to compare."""
    place = _address(other.hit, other.page, other.text, question)
    source = source_line(other.hit.document, other.hit.passage.heading_path, other.page, with_date=True)
    return (
        '<div class="zp-other"><p class="zp-quiet">Een andere bron zegt iets anders:</p>'
        f"<blockquote>{escape(other.text)}</blockquote>"
        f"{source_html(place, source, _about(other.hit, place))}</div>"
    )
