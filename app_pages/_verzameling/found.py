"""What a kept passage says now: its quote sought anew in the stored text of its page, and given in the source's words.

A link can be old or tampered with. So nothing of it is ever shown as the source's words: what comes out is a stretch of
the stored text, and a quote that stands nowhere in the document is said to be gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app_pages._links import quote_ends
from app_pages._marking import BULLETS, Span, find_span, is_all_of, span_between, without_bullet
from app_pages._verzameling.collection import Item
from index import DocumentInfo, StoredPage
from index.errors import UnknownDocumentError
from index.references import Corpus as References
from index.references import passages_on
from ingest.cleaning import join_lines
from ingest.documents import Box, Passage

# A stretch between two ends is at most so long: a passage has 1,200 characters, and whoever sets the ends far apart
# in a link would otherwise have a whole page as one quote.
LONGEST = 1_500


class Corpus(References, Protocol):
    """What of a searcher is needed here: what passages_on reads, a document's passages, and where a quote stands."""

    def passages(self, document_id: str) -> tuple[Passage, ...]: ...

    def find_quote(self, document_id: str, page: int, quote: str) -> tuple[tuple[int, Box], ...]: ...


class Stand(StrEnum):
    """Where a kept quote was found: on its page, elsewhere in the document, or nowhere (any more)."""

    HERE = "hier"
    ELSEWHERE = "elders"
    GONE = "weg"


@dataclass(frozen=True, slots=True)
class Found:
    """A kept item as the index has it now: `text` in the source's own words ('' for a whole page), `page` where it is.

    `document` is None if there is no such document (any more). `heading_path` and `anchor` are the passage's; `passage`
    and `span` say of which passage `text` is which stretch, None where it is in no passage.
    """

    item: Item
    stand: Stand
    document: DocumentInfo | None
    page: int
    text: str = ""
    heading_path: tuple[str, ...] = ()
    anchor: str = ""
    passage: Passage | None = None
    span: Span = (0, 0)


def found(corpus: Corpus, item: Item) -> Found:
    """Seek a kept quote: 1 in the passages of its page, 2 in the page's lines, 3 in the rest of the document."""
    document = next((one for one in corpus.documents() if one.id == item.document), None)
    if document is None:
        return Found(item, Stand.GONE, None, item.page)
    page = _page(corpus, item)
    if not item.quote:
        return Found(item, Stand.HERE if page else Stand.GONE, document, item.page)
    on_page = passages_on(corpus, document.id, page) if page else ()
    places = [(passage, span) for passage in on_page if (span := whole_span(passage.text, item.quote))]  # 1
    if places:
        # of two passages with these ends the one that is all quote: 'i. De wet' stands in 'ii. De wet …' as well
        best = next((one for one in places if is_all_of(one[0].text, one[1])), places[0])
        return _in_passage(corpus, item, document, *best)
    if page and (span := whole_span(page.text, item.quote)):  # 2: a heading, or what is in no passage
        words, _ = join_lines(page.text[slice(*span)].split("\n"))
        return Found(item, Stand.HERE, document, item.page, words)
    for passage in _nearest_first(corpus.passages(document.id), item.page):  # 3
        if span := whole_span(passage.text, item.quote):
            return _in_passage(corpus, item, document, passage, span)
    return Found(item, Stand.GONE, document, item.page)


def whole_span(text: str, quote: str) -> Span | None:
    """Where a quote of a link stands in a text, in whole words; a shortened one from its first word to its last.

    ('Alle gemeenten samen', 'gemeente') → (5, 14);  ('a b c d', 'a … d') → (0, 7)
    """
    span = find_span(text, quote)
    ends = quote_ends(quote)
    if not span and ends and (long := span_between(text, *ends)):
        span = long if long[1] - long[0] <= LONGEST else None
    return _with_opening(text, _in_whole_words(text, span), quote) if span else None


def _in_whole_words(text: str, span: Span) -> Span:
    """Half a word can turn its meaning round: 'stemt in' is not what 'stemt intussen niet' says."""
    start, end = span
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return start, end


def _with_opening(text: str, span: Span, quote: str) -> Span:
    """A quotation mark or bracket that opens a quote belongs to it: ('zie “wet”', (5, 9), '“wet”') → (4, 9)."""
    start, end = span
    words = without_bullet(quote)
    opening = words[: next((at for at, char in enumerate(words) if char.isalnum()), 0)]
    for char in reversed(opening):
        if start == 0 or text[start - 1] != char:
            break
        start -= 1
    return start, end


def _with_bullet(text: str, span: Span) -> Span:
    """A list begins with a bullet, one item needs none: ('• een\\n• twee', (2, 12)) → (0, 12); (2, 5) → (2, 5)."""
    start, end = span
    begin = text.rfind("\n", 0, start) + 1
    is_list = "\n" in text[start:end] and text[begin:start].strip() in BULLETS
    return (begin, end) if is_list else span


def _page(corpus: Corpus, item: Item) -> StoredPage | None:
    try:
        return corpus.page(item.document, item.page)
    except (IndexError, UnknownDocumentError):
        return None


def _in_passage(corpus: Corpus, item: Item, document: DocumentInfo, passage: Passage, span: Span) -> Found:
    """The stretch of a passage, and the page on which it stands: a passage can go on on the next page."""
    span = _with_bullet(passage.text, span)
    text = passage.text[slice(*span)]
    pages = {number for number, _ in corpus.find_quote(document.id, item.page, text)} & {*passage.pages}
    pages = pages or {*passage.pages}
    here = item.page in pages
    number = item.page if here else min(pages, default=item.page)
    stand = Stand.HERE if here else Stand.ELSEWHERE
    return Found(item, stand, document, number, text, passage.heading_path, passage.anchor, passage, span)


def _nearest_first(passages: tuple[Passage, ...], page: int) -> Iterator[Passage]:
    placed = [one for one in passages if one.pages]
    yield from sorted(placed, key=lambda one: min(abs(number - page) for number in one.pages))
