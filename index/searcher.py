"""One search, from top to bottom, over one published version.

1 the question is read · 2 words and meaning each score the passages · 3 filters · 4 fusion · 5 of the best first those
with a sentence that has it all · 6 hits · 7 answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.alternatives import alternatives
from index.answer import Calibration, answer_of, best_unit
from index.backend import Backend, Field
from index.begrippen import Begrippen
from index.calibration import CALIBRATION
from index.completing import Completer
from index.duplicates import folded
from index.dutch import Analyser, written
from index.encoder import Encoder, load_encoder
from index.errors import DamagedVersionError, ModelMismatchError, ReplacedVersionError
from index.evidence import Evidence
from index.exports import DEFAULT_MODEL, FLOAT32, MODELS_DIR
from index.facets import Filters, relevant
from index.fusion import fuse, idf_mass, meaning_of
from index.judging import Candidate, Judge, Scored
from index.lists import (
    INTRODUCED_SHARE,
    REACH,
    ListQuestion,
    introduces,
    list_after,
    list_question,
    section_of,
    whole_list,
    with_list,
)
from index.naming import DocumentNames
from index.opening import open_folder
from index.query import Query, QueryReader, Sought
from index.quotes import lines_of_quote
from index.results import Answer, DocumentInfo, Hit, Place, Searched, SearchResult, SourceStatus, Status, Why
from index.searched import searched_of
from index.store import StoredPage
from index.versions import current_version, open_current
from ingest.documents import Box, Passage

# Among so many hits another source's different answer is looked for, however many are asked for.
OTHERS_AMONG = 10

# The share of its chance that a sentence keeps of which only the line before it holds what is asked for.
BELOW_SHARE = 0.5

NO_FILTERS = Filters()
NOT_FOUND = Answer(Status.NIET_GEVONDEN, 0.0)


class Searcher:
    """Answers questions from one version. Safe to use from several threads."""

    def __init__(
        self, data: Path, encoder: Encoder, calibration: Calibration = CALIBRATION, backend: Backend | None = None
    ) -> None:
        """Opens the current version of a data folder, or what `backend` holds.

        Raises NoVersionError, DamagedVersionError or ModelMismatchError.
        """
        self._backend = backend or open_folder(data)
        if self._backend.model_fingerprint != encoder.fingerprint:
            raise ModelMismatchError(self._backend.model, encoder.name)
        self.version, self.created = self._backend.version, self._backend.created
        self._files = data / "files"
        self._encoder = encoder
        self._calibration = calibration
        vocabulary = self._backend.vocabulary()
        self._analyser = Analyser(vocabulary)
        self.judge = Judge(self._backend, self._analyser)
        stored = self._backend.begrippen()
        begrippen = Begrippen((*stored.own, *stored.found), self._analyser)
        names = " ".join(f"{one.title} {one.publisher}" for one in self._backend.documents())
        known = written(" ".join((names, *(text for group in (*stored.own, *stored.found) for text in group))))
        self._reader = QueryReader(self._analyser, vocabulary, begrippen, known)
        self._names = DocumentNames(self._backend.documents(), self._analyser)

        self._analyser.terms("gemeenten")  # loads the lemma list now, not with the first question

    def read(self, question: str, *, correct: bool = True) -> Query:
        """The query of a question: its words, what kind of thing it seeks, and what was mended if `correct`."""
        return self._names.named(self._reader.read(question, correct=correct))

    # ── Searching ────────────────────────────────────────────────────────────────────────────────────────────

    def search(
        self,
        question: str,
        *,
        k: int = 10,
        portefeuilles: Sequence[str] = (),
        documents: Sequence[str] = (),
        kinds: Sequence[str] = (),
        publishers: Sequence[str] = (),
        years: Sequence[str] = (),
        correct: bool = True,
    ) -> SearchResult:
        """The best k passages and the answer. Portefeuilles in full or abbreviated; documents by id; years as '2025'.

        `correct` mends typing faults; without it the question is taken as it was typed.
        Several values of one filter widen it. Raises UnknownPortefeuilleError for a portefeuille that does not exist.
        """
        began = time.perf_counter()
        query = self.read(question, correct=correct)  # 1
        filters = Filters.named(portefeuilles, documents, kinds, publishers, years)
        if not query.text or not self._backend.passages:
            nothing = self._empty(question, filters, time.perf_counter() - began)
            return replace(nothing, reading=query.reading)
        scored = self.score(query, filters)  # 2, 4
        facets, demanded = scored.field.facets, scored.field.demanded
        allowed = facets.allowed(filters) & demanded  # 3
        ranked, order, candidates = self.judge.ranked(scored, allowed)  # 5
        hits = self._hits(ranked, order, max(k, OTHERS_AMONG))  # 6
        counts = facets.counts(scored.fused, filters, demanded)
        return SearchResult(
            question=question,
            answer=self._answer(ranked, hits, candidates),  # 7
            hits=tuple(hits[: max(k, 1)]),
            searched=self._searched(filters),
            seconds=time.perf_counter() - began,
            facet_portefeuilles=counts.portefeuilles,
            facet_documents=counts.documents,
            facet_kinds=counts.kinds,
            facet_publishers=counts.publishers,
            facet_years=counts.years,
            relevant=len(relevant(scored.fused, allowed)),
            corrections=query.corrections,
            reading=query.reading,
        )

    def score(self, query: Query, filters: Filters = NO_FILTERS) -> Scored:
        """The passages in play scored for one query: 2 by words and by meaning, 4 fused."""
        vector = self._encoder.encode_queries([query.text])[0]
        field = self._backend.field(query, vector, self._analyser, filters.choices())
        frequencies = self._backend.frequencies(query.weights)
        meaning = meaning_of(field.similarities, field.hubs, field.owners, len(field.keys))
        mass = idf_mass(query.typed_weights, frequencies, self._backend.passages)
        named = field.facets.in_portefeuilles(query.portefeuilles) if query.portefeuilles else np.zeros(len(meaning))
        fused = fuse(
            field.in_context(meaning),
            field.words,
            mass,
            field.held,
            named.astype(float),
            typed=len(query.typed),
            keywords=query.keywords,
        )
        fused += self._names.gains(query, field.document_ids, field.documents)
        return Scored(query, field, fused, meaning, field.words, frequencies)

    def _searched(self, filters: Filters) -> Searched:
        passages, documents = self._backend.extent(filters)
        return replace(self._ledger, passages=passages, sources=documents)

    @cached_property
    def _ledger(self) -> Searched:
        """What the ledger says, which is the same for every search."""
        return searched_of(0, 0, self.sources())

    def _empty(self, question: str, filters: Filters, seconds: float) -> SearchResult:
        return SearchResult(question, NOT_FOUND, (), self._searched(filters), seconds)

    def _passages_at(self, field: Field, rows: Sequence[int]) -> list[Passage]:
        return self._backend.passages_at(field.keys[list(rows)].tolist())

    # ── Hits and answer ──────────────────────────────────────────────────────────────────────────────────────

    def _hits(self, scored: Scored, order: NDArray[np.int64], count: int) -> list[Hit]:
        """The best `count` passages that differ; what says nearly the same as a better one is named at that one."""
        hits: list[Hit] = []
        wanted = set(scored.query.weights)
        for rank, one in enumerate(folded(order.tolist(), count, partial(self._passages_at, scored.field)), start=1):
            marks, words = self._marks(one.passage, wanted)
            why = Why(words, round(float(scored.words[one.row]), 4), round(float(scored.meaning[one.row]), 4))
            score = round(float(scored.fused[one.row]), 4)
            document = self._backend.document(one.passage.document_id)
            also = tuple(map(self._place, one.also))
            hits.append(Hit(rank, score, one.passage, document, marks, why, also))
        return hits

    def _place(self, passage: Passage) -> Place:
        return Place(self._backend.document(passage.document_id), passage.pages[0], passage.passage_id)

    def _marks(self, passage: Passage, wanted: set[str]) -> tuple[tuple[tuple[int, int], ...], tuple[str, ...]]:
        """Where the query's words stand in the text, and which they are."""
        marks: list[tuple[int, int]] = []
        words: dict[str, None] = {}
        for token in self._analyser.tokens(passage.text):
            if token.term in wanted or any(part in wanted for part in token.parts):
                marks.append((token.start, token.end))
                words[passage.text[token.start : token.end].lower()] = None
        return tuple(marks), tuple(words)

    def _answer(self, scored: Scored, hits: Sequence[Hit], candidates: Sequence[Candidate]) -> Answer:
        """The answer that the first hit gives; `candidates` are independent of how many hits were asked for."""
        if not hits or not scored.query.weights:
            return NOT_FOUND  # nothing fits the filters, or no word of the question says anything: '?', 'Wat is dat?'
        best = candidates[0]
        evidence = (one for candidate in candidates for one in candidate.evidence)
        confidence = round(max(map(self._calibration.confidence, evidence)), 4)
        # 'Vastgesteld op 4 december 2025:' answers 'wanneer', the items below it do not
        chances = [
            self._calibration.confidence(one) * (1.0 if holds else BELOW_SHARE)
            for one, holds in zip(best.evidence, best.holds, strict=True)
        ]
        unit = best_unit(scored.query, best.passage, chances, best.cosines)
        answer = answer_of(hits[0], unit, confidence, self._calibration.status(confidence))
        asked = list_question(scored.query.text, keywords=scored.query.keywords)
        if answer.text.endswith(":") and scored.query.sought is Sought.OTHER:
            asked = asked or ListQuestion()  # 'Werkgroepen van Gezonde Marke:' says nothing without what follows
        lead_in = set(self._analyser.terms(unit.lead_in)) if introduces(unit.lead_in) else set()
        if self.judge.wording(scored).coverage(lead_in) >= INTRODUCED_SHARE:
            asked = asked or list_after(scored.query.text)
        if asked and answer.hit:
            section, position = section_of(*self._backend.around(int(scored.field.keys[best.row]), REACH))
            title = set(self._analyser.terms(hits[0].document.title))  # says which document, not which item
            masses = {term: mass for term, mass in self.judge.masses(scored).items() if term not in title}
            found = whole_list(asked, section, position, unit, masses, self._analyser.terms)
            answer = with_list(answer, found) if found else answer
        return replace(answer, others=alternatives(answer, scored.query.sought, hits[1:OTHERS_AMONG]))

    def evidence_for(self, question: str) -> list[Evidence]:
        """The evidence that a question's confidence rests on, over all passages: what the calibration is fitted on."""
        scored = self.score(self.read(question))
        candidates = self.judge.ranked(scored, np.ones(len(scored.fused), dtype=bool))[2]
        return [one for candidate in candidates for one in candidate.evidence]

    # ── What there is to look at ─────────────────────────────────────────────────────────────────────────────

    def documents(self) -> tuple[DocumentInfo, ...]:
        """All searchable documents, in the register's order."""
        return self._backend.documents()

    def sources(self) -> tuple[SourceStatus, ...]:
        """The ledger of the run that made this version."""
        return self._backend.sources()

    def completer(self) -> Completer:
        """What completes a question while it is typed. May read all texts: to be kept, not made for each letter."""
        titles = {document.title: document.passages for document in self.documents()}
        headings = self._backend.headings()
        offered = {**headings, **titles, **self._backend.portefeuilles()}
        return Completer(offered, self._backend.vocabulary(), self._backend.spelled())

    def page(self, document_id: str, number: int) -> StoredPage:
        """Raises UnknownDocumentError if there is no such document, IndexError if it has no such page."""
        return self._backend.page(document_id, number)

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """All passages of a document, in reading order. Raises UnknownDocumentError."""
        return self._backend.passages_in(document_id)

    def file_path(self, document_id: str) -> Path:
        """The very file that this version was made from. Raises UnknownDocumentError."""
        return self._files / self._backend.kept_name(document_id)

    def find_quote(self, document_id: str, page: int, quote: str) -> tuple[tuple[int, Box], ...]:
        """The lines on which a quoted text stands, on the page or next to it; empty if it is no longer there.

        A mailed link carries page and quote; after the next ingest the words may have moved a page.
        """
        return lines_of_quote(self._backend, document_id, page, quote)


def open_searcher(
    data: Path,
    *,
    model: str = DEFAULT_MODEL,
    models: Path = MODELS_DIR,
    backend: str = "",
    precision: str = FLOAT32,
    load: Callable[[str, Path, str], Encoder] | None = None,
) -> Searcher:
    """A searcher over the current version of a data folder, or of the server `backend`, with the model for questions.

    `precision` is FLOAT32 or INT8, as in load_encoder. `load` gives the encoder of a model in a folder `models` with a
    precision; without it, it is loaded anew.
    Raises NoVersionError, DamagedVersionError, BackendError, ModelError or ModelMismatchError, with a Dutch message.
    """
    if not backend:
        open_current(data)  # says so before the model is loaded
    encoder: Encoder | None = None
    while True:
        version = published_version(data, backend)
        try:
            opened = _on_server(backend) if backend else None
            encoder = encoder or (load or _loaded)(model, models, precision)
            return Searcher(data, encoder, backend=opened)
        except (DamagedVersionError, ReplacedVersionError):
            # it may have been replaced and removed while it was opened, as when a document goes for good
            if version == published_version(data, backend):
                raise


def _loaded(model: str, models: Path, precision: str) -> Encoder:
    return load_encoder(model, models, precision=precision)


def _on_server(address: str) -> Backend:
    from index.postgres.server import Postgres  # only who has a server loads what speaks to it

    return Postgres(address)


def published_version(data: Path, backend: str = "") -> str | None:
    """The name of the version that answers, in a data folder or on the server `backend`; None if there is none yet."""
    if not backend:
        return current_version(data)
    from index.postgres import server

    return server.published_version(backend)
