"""Filters and facets: which passages a reader lets through, and how many each other choice would bring.

Several values of one filter widen it, filters narrow each other. A facet is counted without its own filter, so that a
reader sees what choosing another value would bring.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.fusion import Scores
from index.results import DocumentInfo, Hit
from ingest.portefeuilles import portefeuille_named

# Facets count the passages that are about the question: at most this many, and only those whose fused score is within
# this distance of the best. Counting every passage would say nothing, since meaning scores them all.
FACET_HITS = 50
FACET_DISTANCE = 3.0

Rows = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader lets through; an empty filter lets all through. Portefeuilles in full, documents by id."""

    portefeuilles: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    years: tuple[str, ...] = ()

    def choices(self) -> tuple[Filters, ...]:
        """These filters, and for each that is on all others without it: what hits and facets look through."""
        others = [replace(self, **{one.name: ()}) for one in fields(self) if getattr(self, one.name)]
        return (self, *others)

    @classmethod
    def named(
        cls,
        portefeuilles: Sequence[str],
        documents: Sequence[str],
        kinds: Sequence[str] = (),
        publishers: Sequence[str] = (),
        years: Sequence[str] = (),
    ) -> Filters:
        """From what was asked: 'G&W' → 'Gezondheid en Welzijn'. Raises UnknownPortefeuilleError."""
        names = tuple(portefeuille_named(name) for name in portefeuilles)
        return cls(names, tuple(documents), tuple(kinds), tuple(publishers), tuple(years))


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """How many relevant passages each value of each filter would bring; values that would bring none are left out."""

    portefeuilles: Mapping[str, int] = field(default_factory=dict)
    documents: Mapping[str, int] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    publishers: Mapping[str, int] = field(default_factory=dict)
    years: Mapping[str, int] = field(default_factory=dict)


class Values(Protocol):
    """Where the values of passages come from: the store of a version, or what a server sent of some passages."""

    @property
    def passages(self) -> int:
        """How many there are."""

    def documents(self) -> Sequence[DocumentInfo]:
        """The documents of all these passages."""

    def passage_documents(self) -> Sequence[str]:
        """The document id of each passage, by row."""

    def passage_portefeuilles(self) -> Iterable[tuple[str, int]]:
        """(portefeuille, row) pairs."""


class Facets:
    """The values of some passages, by row: all of one version, or the candidates for a question."""

    def __init__(
        self, infos: Sequence[DocumentInfo], numbers: NDArray[np.int64], portefeuilles: Mapping[str, Rows]
    ) -> None:
        """`numbers` (n,) tells the document of each passage, `portefeuilles` has (n,) which belong to each."""
        self._count = len(numbers)
        self._portefeuilles = portefeuilles
        self._documents = _Column([info.id for info in infos], numbers)
        self._kinds = _Column([info.kind for info in infos], numbers)
        self._publishers = _Column([info.publisher for info in infos], numbers)
        self._years = _Column([year_of(info) for info in infos], numbers)

    @classmethod
    def of(cls, store: Values) -> Facets:
        """Those of all passages that a store has, or a server sent."""
        infos = {info.id: info for info in store.documents()}
        ids = store.passage_documents()
        places = {document_id: number for number, document_id in enumerate(dict.fromkeys(ids))}
        numbers = np.array([places[document_id] for document_id in ids], dtype=np.int64)
        return cls([infos[document_id] for document_id in places], numbers, _portefeuille_rows(store))

    def in_portefeuilles(self, names: Sequence[str]) -> Rows:
        """The passages of these portefeuilles (full names); all if there are none."""
        allowed = np.zeros(self._count, dtype=bool) if names else np.ones(self._count, dtype=bool)
        for name in names:
            allowed |= self._portefeuilles.get(name, False)
        return allowed

    def allowed(self, filters: Filters) -> Rows:
        """The passages that all filters let through."""
        return (
            self.in_portefeuilles(filters.portefeuilles)
            & self._documents.within(filters.documents)
            & self._kinds.within(filters.kinds)
            & self._publishers.within(filters.publishers)
            & self._years.within(filters.years)
        )

    def counts(self, fused: Scores, filters: Filters, demanded: Rows) -> FacetCounts:
        """Relevant passages by value of each filter, with the others on, among what the question itself demands."""

        def without(**own: tuple[str, ...]) -> NDArray[np.int64]:
            return relevant(fused, self.allowed(replace(filters, **own)) & demanded)

        rows = without(portefeuilles=())
        portefeuilles = {name: int(inside[rows].sum()) for name, inside in self._portefeuilles.items()}
        return FacetCounts(
            {name: count for name, count in portefeuilles.items() if count},
            self._documents.counts(without(documents=())),
            self._kinds.counts(without(kinds=())),
            self._publishers.counts(without(publishers=())),
            self._years.counts(without(years=())),
        )


class _Column:
    """One value a passage ('' where it is not known), as numbers: a corpus has few values and many passages."""

    def __init__(self, of_documents: Sequence[str], numbers: NDArray[np.int64]) -> None:
        self._values = list(dict.fromkeys(of_documents))
        places = {value: number for number, value in enumerate(self._values)}
        self._numbers = np.array([places[value] for value in of_documents], dtype=np.int64)[numbers]

    def within(self, wanted: Sequence[str]) -> Rows:
        """The rows with one of these values; all if none is wanted."""
        if not wanted:
            return np.ones(len(self._numbers), dtype=bool)
        return np.array([value in wanted for value in self._values], dtype=bool)[self._numbers]

    def counts(self, rows: NDArray[np.int64]) -> dict[str, int]:
        """How many of these rows have each value; a value that is not known is nothing to choose."""
        counted = np.bincount(self._numbers[rows], minlength=len(self._values))
        return {value: count for value, count in zip(self._values, counted.tolist(), strict=True) if value and count}


def year_of(document: DocumentInfo) -> str:
    """The year of a document's date: '2025-10-01' → '2025'; '' if it is not known."""
    return _year(document.date)


@lru_cache(maxsize=4096)
def _year(date: str) -> str:
    found = re.match(r"[0-9]{4}(?![0-9])", date)
    return found.group() if found else ""


def relevant(fused: Scores, allowed: Rows) -> NDArray[np.int64]:
    """The rows that are about the question, the best first: those that facets count."""
    if not allowed.any():
        return np.empty(0, dtype=np.int64)
    near = fused >= fused[allowed].max() - FACET_DISTANCE  # before sorting: it leaves few of a hundred thousand
    return best_first(fused, allowed & near)[:FACET_HITS]


def about_the_question(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Those of the hits, the best first, that facets count: what comes nearest without being near is left out."""
    return tuple(hit for hit in hits if hit.score >= hits[0].score - FACET_DISTANCE)


def best_first(scores: Scores, allowed: Rows) -> NDArray[np.int64]:
    """Allowed rows by falling score; equal scores by row, so that a search repeats itself."""
    rows = np.flatnonzero(allowed)
    return rows[np.argsort(-scores[rows], kind="stable")]


def _portefeuille_rows(store: Values) -> dict[str, Rows]:
    rows: dict[str, Rows] = {}
    for name, row in store.passage_portefeuilles():
        rows.setdefault(name, np.zeros(store.passages, dtype=bool))[row] = True
    return rows
