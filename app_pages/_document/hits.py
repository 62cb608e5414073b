"""The places in one document that the reader's question finds, to step through from one to the next.

'Vindplaats 2 van 7': in the order of the document, not of how well they fit, so that 'volgende' leads further on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from app_pages._document.paging import step_html
from app_pages._links import DocumentAddress, quote_ends, quote_for_link
from app_pages._marking import find_span
from app_pages._parts import counted
from index.facets import FACET_HITS
from index.results import SearchResult
from ingest.documents import Passage


class Corpus(Protocol):
    """What of a searcher is needed here."""

    def search(self, question: str, *, k: int, documents: Sequence[str]) -> SearchResult: ...

    def passages(self, document_id: str) -> tuple[Passage, ...]: ...


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that the question finds: its words and the physical pages that it stands on."""

    text: str
    pages: tuple[int, ...]


def found_in(corpus: Corpus, document_id: str, question: str) -> tuple[Found, ...]:
    """The passages of a document that are about the question, in reading order; none for an empty question."""
    if not question:
        return ()
    # all that are about it: as many as the search page says
    result = corpus.search(question, k=FACET_HITS, documents=(document_id,))
    order = {passage.passage_id: place for place, passage in enumerate(corpus.passages(document_id))}
    about = [hit.passage for hit in result.hits[: result.relevant]]
    return tuple(Found(one.text, one.pages) for one in sorted(about, key=lambda one: order[one.passage_id]))


def hit_links_html(found: Sequence[Found], here: DocumentAddress) -> str:
    """Which of the places is looked at, with the way to the one before and after; nothing if there are none."""
    if not found:
        return ""
    present = _present(found, here)
    if present is not None:
        count = f"Vindplaats <strong>{present + 1}</strong> van {len(found)} bij uw vraag"
        before, after = present - 1, present + 1
    else:
        count = f"{counted(len(found), 'vindplaats')} bij uw vraag"
        after = sum(one.pages[0] < here.page for one in found)  # the first on this page or further on
        before = after - 1
    previous = _address(found[before], here) if before >= 0 else ""
    following = _address(found[after], here) if after < len(found) else ""
    return (
        '<nav class="zp-pages zp-places" aria-label="Vindplaatsen van uw vraag in dit document">'
        f"{step_html(previous, '← Vorige', 'Vorige vindplaats', css='zp-hit-previous')}"
        f'<p class="zp-count">{count}</p>'
        f"{step_html(following, 'Volgende →', 'Volgende vindplaats', css='zp-hit-next')}</nav>"
    )


def _present(found: Sequence[Found], here: DocumentAddress) -> int | None:
    """Which place holds the words that are marked on this page: an answer marks a sentence of its passage."""
    if not here.quote:
        return None
    wanted = quote_ends(here.quote) or (here.quote,)
    for place, one in enumerate(found):
        if here.page in one.pages and all(find_span(one.text, words) for words in wanted):
            return place
    return None


def _address(one: Found, here: DocumentAddress) -> str:
    return replace(here, page=one.pages[0], quote=quote_for_link(one.text), heading="").href
