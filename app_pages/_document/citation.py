"""Where the words of a link stand on a page: the boxes to mark on its picture and the stretches to mark in its text.

A link may come from an older version of the index. Its words are therefore sought again, and when they are gone the
reader is told so instead of being shown some other words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app_pages._links import quote_ends
from app_pages._marking import Span, find_span, is_all_of, span_between
from index import StoredPage
from ingest.documents import Box, Passage


class Pages(Protocol):
    """What of a searcher is needed here: its pages, and where a quote stands."""

    def page(self, document_id: str, number: int) -> StoredPage: ...

    def find_quote(self, document_id: str, page: int, quote: str) -> tuple[tuple[int, Box], ...]: ...


@dataclass(frozen=True, slots=True)
class Citation:
    """What to mark: boxes of the quote and of the passages around it (points, origin top left), spans by passage id.

    `elsewhere` holds other pages on which the quote stands, wholly or in part. `found` is False if the words of the
    link are not there (any more).
    """

    found: bool
    quote: tuple[Box, ...] = ()
    passage: tuple[Box, ...] = ()
    spans: Mapping[str, Span] = field(default_factory=dict)
    elsewhere: tuple[int, ...] = ()

    @property
    def is_here(self) -> bool:
        """Whether anything of it stands on the page itself."""
        return bool(self.quote or self.spans)


def locate(searcher: Pages, document_id: str, page: int, passages: Sequence[Passage], quote: str) -> Citation:
    """Find the words of a link on a page (its physical number, and the passages on it).

    1. A quote that was shortened for the link ('eerste woorden … laatste woorden') is made whole again.
    2. Its boxes are asked from the index; the passages of this page that hold it give the spans for the text.
    3. Where only the ends can be found (the text was cut otherwise since), those are marked.
    """
    whole = _made_whole(passages, quote)
    regions = searcher.find_quote(document_id, page, whole)
    ends = quote_ends(whole)
    if not regions and ends:
        start, end = (searcher.find_quote(document_id, page, words) for words in ends)
        regions = (*start, *end) if start and end else ()
    spans = {one.passage_id: span for one in passages if (span := find_span(one.text, whole))}
    around = [region for one in passages if one.passage_id in spans for region in one.regions]
    return Citation(
        found=bool(regions or spans),
        # Without boxes of its own the quote is shown by the passage around it.
        quote=tuple(box for number, box in regions or around if number == page),
        passage=tuple(box for number, box in around if regions and number == page),
        spans=spans,
        elsewhere=tuple(sorted({number for number, _ in regions} - {page})),
    )


def _made_whole(passages: Sequence[Passage], quote: str) -> str:
    """The passage's own words for a shortened quote: 'De Drentse … van de VNG' → all of it; else the quote itself."""
    ends = quote_ends(quote)
    places = [(one.text, span) for one in passages if ends and (span := span_between(one.text, *ends))]
    best = next((one for one in places if is_all_of(*one)), places[0] if places else None)
    return best[0][slice(*best[1])] if best else quote
