"""What stands beneath a hit and on a document's page: who names this source, what it names, and what of it is unread.

Pure functions from values to HTML, as in _parts. Where a document was not read in full, it says so here: who finds
nothing in it must know that there may be more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from app_pages._links import (
    ELLIPSIS,
    DocumentAddress,
    SourcesAddress,
    Stand,
    original_address,
    quote_for_link,
    web_address,
)
from app_pages._marking import escape, find_span, isolated, marked
from app_pages._parts import counted, link, outside_link, pages_in_words
from index.references import Mention, References, warnings_for_readers
from index.results import DocumentInfo, Hit, SourceStatus
from ingest.ledger import State

# Places that name a source, shown with their sentence before the rest goes behind 'Nog … plaatsen'.
PLACES_SHOWN = 3

# Characters of a sentence on either side of the words that name a source: two lines on a laptop with those words.
AROUND = 70

# States whose own words (ingest.ledger) only the bureau understands, for who reads a passage.
_IN_SHORT: dict[str, str] = {
    State.WACHT_OP_NETWERK: "nog niet opgehaald",
    State.ZONDER_ADRES: "geen link bekend",
    State.DODE_LINK: "link werkt niet meer",
}


def notes_of_hits(hits: Iterable[Hit], references: References) -> dict[int, str]:
    """What stands beneath each hit, by its rank.

    What is true of a whole document (the sentences that name it, its unread pages) is told at its first hit only; the
    others have the places in brief.
    """
    notes: dict[int, str] = {}
    seen: set[str] = set()
    for hit in hits:
        document, first = hit.document, hit.document.id not in seen
        seen.add(document.id)
        places = references.to_source(document.id)
        parts = (
            names_html(references.in_passage(hit.passage), references),
            named_html(places) if first else named_in_brief_html(places),
            _original_html(hit),
            unread_html(document, references.sources.get(document.id)) if first else "",
        )
        notes[hit.rank] = f'<div class="zp-notes">{"".join(parts)}</div>' if any(parts) else ""
    return notes


def names_html(sources: Sequence[SourceStatus], references: References) -> str:
    """'Verwijst naar: Energievisie 2050 (nog niet opgehaald, provincie.drenthe.nl)'; nothing if there are none."""
    if not sources:
        return ""
    named = "; ".join(_named_source(source, references.is_searchable(source)) for source in sources)
    return f"<p>Verwijst naar: {named}</p>"


def page_names_html(mentions: Sequence[Mention], references: References) -> str:
    """What a page of a document names, each source with a link that marks the words: 'Deze pagina verwijst naar: …'."""
    if not mentions:
        return ""
    items = []
    for mention in mentions:
        words = link(_address(mention).href, f"“{isolated(mention.words)}”") if mention.on_page else ""
        named = _named_source(mention.source, references.is_searchable(mention.source))
        items.append(f"<li>{' · '.join(part for part in (named, words) if part)}</li>")
    return f"<p>Deze pagina verwijst naar:</p><ul>{''.join(items)}</ul>"


def named_html(mentions: Sequence[Mention]) -> str:
    """The places that name a source, each with its sentence: 'Genoemd in Overdrachtsdocument op p. 14: “…”'."""
    lines = []
    for mention in mentions:
        place = f"Genoemd in {isolated(mention.document.title)} op p. {mention.page}"
        lines.append(f"<p>{link(_address(mention).href, place)}{_quoted(mention)}</p>")
    folded = "".join(lines[PLACES_SHOWN:])
    more = counted(len(lines) - PLACES_SHOWN, "plaats")
    rest = f"<details><summary>Nog {more} die dit document noemen</summary>{folded}</details>" if folded else ""
    return "".join(lines[:PLACES_SHOWN]) + rest


def named_in_brief_html(mentions: Sequence[Mention]) -> str:
    """'Genoemd in Overdrachtsdocument 2026 op p. 12, p. 14', each page a link; nothing if there are none."""
    by_document: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_document.setdefault(mention.document.id, []).append(mention)
    places = []
    for of_one in by_document.values():
        title = of_one[0].document.title
        pages = [
            link(_address(one).href, f"p. {one.page}", label=f"Genoemd in {title} op pagina {one.page}: {one.words}")
            for one in of_one
        ]
        places.append(f"{isolated(title)} op {', '.join(pages)}")
    return f"<p>Genoemd in {'; '.join(places)}</p>" if places else ""


def unread_html(document: DocumentInfo, status: SourceStatus | None) -> str:
    """'12 van 14 pagina’s doorzoekbaar', with why when opened; nothing if all of the document can be searched."""
    if document.pages_searchable >= document.pages:
        return ""
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in (warnings_for_readers(status) if status else ()))
    listed = f"<ul>{reasons}</ul>" if reasons else ""
    where = link(SourcesAddress(source=document.id).href, "Bekijk deze bron bij Bronnen")
    return f'<details class="zp-unread"><summary>{pages_in_words(document)}</summary>{listed}<p>{where}</p></details>'


def waiting_html(waiting: int, known: int) -> str:
    """'20 van 24 bronnen zijn nog niet doorzoekbaar' as a quiet link to which and why; nothing if none is."""
    if not waiting:
        return ""
    verb = "is" if waiting == 1 else "zijn"
    words = f"{waiting} van {counted(known, 'bron')} {verb} nog niet doorzoekbaar"
    return f'<p class="zp-waiting">{link(SourcesAddress(stand=Stand.MISSING).href, words)}</p>'


def _address(mention: Mention) -> DocumentAddress:
    """The page that names a source; the words go along only if they stand there, else they would be said to be gone."""
    quote = quote_for_link(mention.words) if mention.on_page else ""
    return DocumentAddress(mention.document.id, mention.page, quote)


def _named_source(source: SourceStatus, searchable: bool) -> str:
    """A source by its title: a link to its pages here, else its state and the address where it can be read."""
    title = isolated(source.title)
    if searchable:
        return link(DocumentAddress(source.id).href, title)
    address = web_address(source.url)
    # Not its whole address: that would fill three lines of a phone.
    site = (urlsplit(address).hostname or "").removeprefix("www.") if address else ""
    known = [
        escape(_IN_SHORT.get(source.state, source.state)),
        *([outside_link(address, isolated(site))] if site else []),
    ]
    return f'{title} <span class="zp-quiet">({", ".join(known)})</span>'


def _quoted(mention: Mention) -> str:
    """The words with what stands around them, marked: ': “… in samenhang met de <mark>Roadmap</mark> …”'."""
    if not mention.sentence:
        return ""
    text = mention.sentence
    start, end = find_span(text, mention.words) or (0, min(len(text), 2 * AROUND))
    first = text.rfind(" ", 0, start - AROUND) + 1 if start > AROUND else 0
    following = text.find(" ", end + AROUND)
    last = following if following != -1 else len(text)
    before = f"{ELLIPSIS} " if first else ""
    after = f" {ELLIPSIS}" if last < len(text) else ""
    return f": “{before}<bdi>{marked(text[first:last], [(start - first, end - first)])}</bdi>{after}”"


def _original_html(hit: Hit) -> str:
    """A link to the passage in the web page that it comes from, where that place has a name there."""
    address = original_address(hit.document.url, hit.anchor) if hit.anchor else None
    return f"<p>{outside_link(address, 'Deze plek op de website zelf')}</p>" if address else ""
