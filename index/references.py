"""Back-references: at which places documents name a source, and which sources a passage or a page names.

The ledger knows the places (SourceStatus.cited_by: document, page, words). Here each is mapped onto the passages of
that page that hold the words; where none does (a title page, a table of contents), the page itself is what is known.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

from index.results import DocumentInfo, SourceStatus
from index.store import StoredPage
from ingest.documents import Passage
from ingest.folding import fold, letters_only

# How the ingest's warning about personal data begins. It is for the bureau: readers need not be led to such pages.
_FOR_THE_BUREAU = "Mogelijk persoonsgegevens"


class Corpus(Protocol):
    """What of a searcher is needed here."""

    def documents(self) -> tuple[DocumentInfo, ...]: ...

    def sources(self) -> tuple[SourceStatus, ...]: ...

    def page(self, document_id: str, number: int) -> StoredPage: ...


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a document names a source: a physical page, from 1, and the words that name it there.

    `sentence` is the document's own sentence or bullet around the words; the words alone if no passage holds them.
    `on_page` says whether the words stand on that page at all, so that a link can mark them.
    """

    source: SourceStatus
    document: DocumentInfo
    page: int
    words: str
    sentence: str
    on_page: bool


class References:
    """All places of one version where a source is named, to be asked from either side.

    Made anew for each question: reading the ledger is all that it does beforehand, pages are read when they are asked.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._documents = {document.id: document for document in corpus.documents()}
        self.sources = {source.id: source for source in corpus.sources()}
        # Ten hits of one report ask ten times who names it, and each place costs some 0.6 ms.
        self._found: dict[str, tuple[Mention, ...]] = {}
        self._named_in: defaultdict[str, list[tuple[SourceStatus, int, str]]] = defaultdict(list)
        for source in self.sources.values():
            for document_id, page, words in self._places(source):
                self._named_in[document_id].append((source, page, words))

    def is_searchable(self, source: SourceStatus) -> bool:
        """Whether the source has pages to open in this version."""
        return source.id in self._documents

    def to_source(self, source_id: str) -> tuple[Mention, ...]:
        """The places that name a source, by document in the register's order and by page; none if it is unknown."""
        if source_id not in self._found:
            source, order = self.sources.get(source_id), list(self._documents)
            found = [self._mention(source, *place) for place in self._places(source)] if source else []
            there = (mention for mention in found if mention)
            self._found[source_id] = tuple(sorted(there, key=lambda one: (order.index(one.document.id), one.page)))
        return self._found[source_id]

    def on_page(self, document_id: str, number: int) -> tuple[Mention, ...]:
        """What a page names, each source once."""
        once: dict[str, Mention | None] = {}
        for source, page, words in self._named_in.get(document_id, ()):
            if page == number and source.id not in once:
                once[source.id] = self._mention(source, document_id, page, words)
        return tuple(mention for mention in once.values() if mention)

    def in_passage(self, passage: Passage) -> tuple[SourceStatus, ...]:
        """The sources that the words of a passage name, each once."""
        places = self._named_in.get(passage.document_id, ())
        named = [source for source, page, words in places if page in passage.pages and holds(passage.text, words)]
        return tuple({source.id: source for source in named}.values())

    def _places(self, source: SourceStatus) -> list[tuple[str, int, str]]:
        """Where other documents that can be opened name a source."""
        others = self._documents.keys() - {source.id} if is_named(source) else ()
        return [place for place in source.cited_by if place[0] in others]

    def _mention(self, source: SourceStatus, document_id: str, number: int, words: str) -> Mention | None:
        """None if the document has no such page: the register may be wrong."""
        try:
            page = self._corpus.page(document_id, number)
        except IndexError:
            return None
        passages = passages_on(self._corpus, document_id, page)
        sentence = next((_sentence(one, words) for one in passages if holds(one.text, words)), "")
        on_page = bool(sentence) or holds(page.text, words)
        return Mention(source, self._documents[document_id], number, words, sentence or words, on_page)


def is_named(source: SourceStatus) -> bool:
    """False for a source that left the register and the documents: its places are those of an older version."""
    return bool(source.passages) or source.change != "vervallen"


def warnings_for_readers(source: SourceStatus) -> tuple[str, ...]:
    """What the ingest noted of a source, such as its unread pages, without what is for the bureau only."""
    return tuple(warning for warning in source.warnings if not warning.startswith(_FOR_THE_BUREAU))


def passages_on(corpus: Corpus, document_id: str, page: StoredPage) -> tuple[Passage, ...]:
    """The passages of a page in reading order: those that go on from the page before, then those that begin on it."""
    before = corpus.page(document_id, page.number - 1).passages if page.number > 1 else ()
    return (*(one for one in before if page.number in one.pages), *page.passages)


def holds(text: str, words: str) -> bool:
    """Whether these words stand in a text, as whole words; white space, punctuation, capitals and accents aside.

    ('Zie het regio-\nplan (2025).', 'regioplan 2025') → True; ('het programmaplan', 'plan') → False
    """
    wanted = letters_only(words)
    pieces = re.findall(r"[^\W\d_]+|\d+|€", fold(text))
    letters = "".join(pieces)
    ends = set(accumulate(len(piece) for piece in pieces))
    starts = {0, *ends}
    at = letters.find(wanted) if wanted else -1
    while at != -1:
        if at in starts and at + len(wanted) in ends:
            return True
        at = letters.find(wanted, at + 1)
    return False


def _sentence(passage: Passage, words: str) -> str:
    """The sentence or bullet that holds the words; the whole passage if they run on over its end."""
    units = (passage.text[unit.start : unit.end] for unit in passage.units)
    return next((unit for unit in units if holds(unit, words)), passage.text)
