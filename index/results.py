"""What a search returns: hits, an answer, and what was searched. Pure values, no behaviour; app and eval read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ingest.documents import Passage


class Status(StrEnum):
    """How sure the portal is that the corpus answers the question."""

    GEVONDEN = "gevonden"
    ONZEKER = "onzeker"
    NIET_GEVONDEN = "niet_gevonden"


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What a reader needs to know of a document: never its content.

    `file` is the file's name, `date` what is known of the date of the source ('2026' or '2025-10-01'; empty if
    nothing is), `pages` the pages in the file, `pages_searchable` those of them with at least one passage or text.
    `kind` is what the register calls its kind ('rapport'; '' if it does not say).
    """

    id: str
    title: str
    file: str
    publisher: str
    date: str
    url: str | None
    digest: str
    pages: int
    pages_searchable: int
    passages: int
    portefeuilles: tuple[str, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a passage was found: the query's words that stand in it, and how alike the meanings are (cosine)."""

    words: tuple[str, ...] = ()
    words_score: float = 0.0
    meaning_score: float = 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where else nearly the same words stand: a document, the physical page, from 1, and the passage."""

    document: DocumentInfo
    page: int
    passage_id: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. `rank` counts from 1; `marks` are (start, end) of matching words in passage.text.

    `also` are the places of lower passages that say nearly the same and are therefore no hits of their own.
    """

    rank: int
    score: float
    passage: Passage
    document: DocumentInfo
    marks: tuple[tuple[int, int], ...] = ()
    why: Why = field(default_factory=Why)
    also: tuple[Place, ...] = ()

    @property
    def page(self) -> int:
        """The physical page, from 1, on which the passage begins."""
        return self.passage.pages[0]

    @property
    def anchor(self) -> str:
        """The id by which the source, a web page, can be opened at the passage ('…#samenwerken'); '' if it has none."""
        return self.passage.anchor


@dataclass(frozen=True, slots=True)
class AnswerItem:
    """One item of a list that answers, verbatim: `text` is a stretch of the passage's text, `page` where it begins."""

    text: str
    page: int
    passage_id: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """A sentence of another document that says something else: `text` is a stretch of the hit's, `page` its page."""

    text: str
    hit: Hit
    page: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The words that answer, verbatim: `text` is passage.text[start:end] of the hit.

    `lead_in` is the line that introduces it in the source ('Bereikt in de afgelopen periode:'), shown apart.
    At niet_gevonden text is empty and hit is None. `confidence` is between 0 and 1. `page` is the physical page,
    from 1, on which the answering words themselves begin (None without an answer).
    `items` is the whole list, in the source's order, where the question asks for one: `text` is then the part of it
    that stands in the hit. `others` are other documents' sentences that give another date, number or person.
    """

    status: Status
    confidence: float
    text: str = ""
    lead_in: str = ""
    hit: Hit | None = None
    page: int | None = None
    items: tuple[AnswerItem, ...] = ()
    others: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Searched:
    """How much was searched: passages and sources within the filters, and sources that cannot be searched (yet).

    `waiting` counts all of the latter, `unread` those among them whose file is here but could not be read.
    """

    passages: int
    sources: int
    waiting: int
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """How the question was read. `phrases` must stand in every hit and `excluded` in none, both as typed.

    `also` was searched for too, since it means the same or is written so in the sources; the passages of `documents`
    (ids) go first, since the question names these.
    """

    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """All that one search brings. Facets count relevant passages by portefeuille (full name), document id, and so on.

    Each facet is counted without its own filter, so that a reader sees what choosing another value would bring.
    `relevant` counts the passages within all filters that are about the question, up to index.facets.FACET_HITS.
    `corrections` has (typed, read as) of the words that were taken for typing faults.
    """

    question: str
    answer: Answer
    hits: tuple[Hit, ...]
    searched: Searched
    seconds: float
    facet_portefeuilles: Mapping[str, int] = field(default_factory=dict)
    facet_documents: Mapping[str, int] = field(default_factory=dict)
    facet_kinds: Mapping[str, int] = field(default_factory=dict)
    facet_publishers: Mapping[str, int] = field(default_factory=dict)
    facet_years: Mapping[str, int] = field(default_factory=dict)
    relevant: int = 0
    corrections: tuple[tuple[str, str], ...] = ()
    reading: Reading = field(default_factory=Reading)


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One row of the ledger as readers see it: a source, its state and change in words, and why it was refused.

    `cited_by` has (document id, page, words) of the places that name it; `digest` is that of the searchable content.
    """

    id: str
    title: str
    publisher: str
    year: int | None
    url: str | None
    file: str
    state: str
    change: str
    reason: str
    pages: int
    pages_searchable: int
    passages: int
    portefeuilles: tuple[str, ...]
    cited_by: tuple[tuple[str, int, str], ...]
    digest: str = ""
    warnings: tuple[str, ...] = ()
    kind: str = ""
