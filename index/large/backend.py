"""A large version of a data folder, open for searching: a question brings candidates, and only these are compared.

1 the words score every passage · 2 for each choice of filters: all that it lets through if these are few, else the
nearest by IVF and the best by words, put in the order of what is known of them so far, the first thousand or so ·
3 of these alone the vectors, as exact as a small version has them. The scale of meaning is told from a sample and from
each document's middle (index/sample.py). All is mapped into memory and nothing read whole but the documents and the
vocabulary; passages are never known one by one.

A million passages of three vectors: 3.8 GB on disk, opened in 1.9 s on a machine shared by many, 1.2 GB in memory after
360 searches, the encoder and what is mapped included.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.backend import Field
from index.completing import Spelled
from index.dutch import Analyser
from index.errors import DamagedVersionError
from index.facets import Facets, Filters, Rows
from index.folder import Folder
from index.fusion import DOCUMENT_SHARE, HUB_SHARE, NAMED_WEIGHT, SOUGHT_WEIGHT, Scores, idf_mass, words_weight
from index.large.arrays import advise, as_vectors, mapped, products
from index.large.columns import Columns
from index.large.nearest import Nearest
from index.large.words import open_words
from index.naming import TITLE_GAIN
from index.operators import demands_of, remaining
from index.query import DEFINED_GAIN, Query
from index.sample import SAMPLE, Sample, Whole, in_context
from index.sought import KINDS
from index.versions import Layout, Manifest, check_sizes


@dataclass(frozen=True, slots=True)
class Effort:
    """How many passages are taken by meaning, how many stay when their words are known, how many come by words."""

    nearest: int
    kept: int
    best: int


# Recall@10 of the whole search against all that a filter lets through, vectors as they are kept, 14 questions on a
# million made passages, without a filter and within one that keeps an eighth: 2000, 800 and 500: 0.943 and 1.0; 4000,
# 1500 and 1000: 1.0 and 1.0. 40 questions on a hundred thousand: 1.0 with either, whatever the filter; with 16 lists
# looked at instead of 48 0.988 (index/large/nearest.py). Facets count at most fifty, and are told as well by fewer.
FOR_HITS, FOR_FACETS = Effort(4000, 1500, 1000), Effort(1000, 300, 200)
# What filters let through is taken whole up to so many passages: no index can then lose any of them.
FEW = 2000
# After so many questions the mapped vectors are given back: one maps at most some 200 MB of them.
_LET_GO = 4


class Large(Folder):
    """A version too large to compare every passage with every question. Safe to use from several threads."""

    def __init__(self, version: str, layout: Layout, manifest: Manifest, few: int = FEW) -> None:
        """Raises DamagedVersionError."""
        super().__init__(version, layout, manifest)
        check_sizes(layout, manifest)
        count, vectors, dimension = manifest.passages, manifest.vectors, manifest.dimension
        self.few = few
        if self.passages != count:
            raise DamagedVersionError(layout.folder, f"{self.passages} passages in plaats van {count}")
        self.infos = self._store.documents()
        self.ids = [one.id for one in self.infos]
        self.numbers = {document_id: number for number, document_id in enumerate(self.ids)}
        self.columns = Columns(layout, count, self.infos)
        self.words = open_words(layout, count)
        self.nearest = Nearest(layout.nearest, count, dimension)
        self.vectors: NDArray[np.int16] = mapped(layout.kept_vectors, np.int16, (vectors, dimension))
        self.owners: NDArray[np.int32] = mapped(layout.owners, np.int32, (vectors, 2))
        self.hubs: NDArray[np.float32] = mapped(layout.hubs, np.float32, (vectors,))
        self.firsts: NDArray[np.int64] = mapped(layout.firsts, np.int64, (count + 1,))
        self.sought: NDArray[np.bool_] = mapped(layout.sought, bool, (count, len(KINDS)))
        self.centroids: NDArray[np.float32] = mapped(layout.centroids, np.float32, (len(self.ids), dimension))
        self.mean_question = np.array(mapped(layout.mean_question, np.float32, (dimension,)))
        whole = np.array(mapped(layout.whole, np.float64, (dimension + 1, dimension)))
        self._whole = Whole(whole[0], whole[1:])
        self.sizes = np.array([one.passages for one in self.infos])
        advise(self.vectors, mmap.MADV_RANDOM)
        self.sample = self._sampled()
        self._asked = 0

    def _sampled(self) -> Sample:
        rows = np.arange(0, self.passages, max(1, -(-self.passages // SAMPLE)))
        places, owners = self._vectors_of(rows)
        return Sample.of(owners, as_vectors(self.vectors[places]), self.mean_question, self._whole)

    # ── Searching ────────────────────────────────────────────────────────────────────────────────────────────

    def field(self, query: Query, vector: NDArray[np.float32], analyser: Analyser, choices: Sequence[Filters]) -> Field:
        """The candidates for a question within each of these filters."""
        words = self.words.scores(query)  # 1
        demands = demands_of(query.operators, analyser)
        demanded = remaining(demands, self.words) if query.operators.demand else None
        rough = _Rough(self, query, vector, words)
        found = []
        for place, filters in enumerate(choices):  # 2
            allowed = _both(self.columns.allowed(filters), demanded)
            found.append(rough.candidates(allowed, FOR_FACETS if place else FOR_HITS))
        rows = np.unique(np.concatenate(found))
        places, owners = self._vectors_of(rows)  # 3
        similarities = products(self.vectors, places, vector)
        self._let_go()
        documents, numbers = np.unique(self.columns.numbers[rows], return_inverse=True)
        infos = [self.infos[number] for number in documents.tolist()]
        return Field(
            keys=rows,
            words=words[rows].astype(np.float64),
            similarities=similarities,
            hubs=self.hubs[places],
            owners=owners,
            held=rough.held(rows),
            demanded=np.ones(len(rows), dtype=bool),  # the others are no candidates
            documents=numbers,
            document_ids=[one.id for one in infos],
            facets=Facets(infos, numbers, self.columns.by_portefeuille(rows)),
            in_context=in_context(rough.scale, rough.near[documents], self.sizes[documents], numbers),
        )

    def _vectors_of(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """(vectors,) the places of these passages' vectors, and (vectors, 2) place among the rows and unit of each."""
        starts = self.firsts[rows]
        counts = self.firsts[rows + 1] - starts
        places = np.arange(counts.sum()) + np.repeat(starts - np.cumsum(counts) + counts, counts)
        owners = np.stack([np.repeat(np.arange(len(rows)), counts), self.owners[places, 1]], axis=1)
        return places, owners.astype(np.int32)

    def _let_go(self) -> None:
        """Gives back what was mapped of the vectors: each question touches others, and at last all would stay."""
        self._asked += 1
        if self._asked % _LET_GO == 0:
            advise(self.vectors, mmap.MADV_DONTNEED)

    def frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        """In how many passages each term stands, in text or context, whichever is more."""
        return self.words.frequencies(terms)

    def extent(self, filters: Filters) -> tuple[int, int]:
        """How many passages the filters let through, and of how many documents."""
        return self.columns.extent(filters)

    # ── What there is to look at ─────────────────────────────────────────────────────────────────────────────

    def headings(self) -> dict[str, int]:
        """The headings under which most passages stand, as they are written, and how many there are beneath each."""
        return self.columns.headings

    def portefeuilles(self) -> dict[str, int]:
        """Every portefeuille that passages belong to, and how many do."""
        return self.columns.portefeuilles

    def spelled(self) -> Spelled:
        """How texts and headings write words."""
        return self.columns.spelled


class _Rough:
    """What is known of passages before their vectors are compared: enough to tell which may be among the best."""

    def __init__(self, version: Large, query: Query, vector: NDArray[np.float32], words: NDArray[np.float32]) -> None:
        self._version, self._query, self._words = version, query, words
        self._vector = (vector - HUB_SHARE * version.mean_question).astype(np.float32)
        self.near: NDArray[np.float32] = version.centroids @ self._vector
        self.scale = version.sample.scale(vector)
        self._deviation = max(self.scale[1], 1e-9)
        mass = idf_mass(query.typed_weights, version.frequencies(query.typed_weights), version.passages)
        self._weight = words_weight(len(query.typed), keywords=query.keywords) / mass if mass > 0 else 0.0
        self._gains = np.zeros(len(version.ids))
        for document_id, gain in query.documents.items():
            self._gains[version.numbers[document_id]] = gain
        self._around = DOCUMENT_SHARE / self._deviation * self.near * (version.sizes / (version.sizes + 1))
        self._defining = version.words.rows_that_define(query.defined) if query.defined else None

    def held(self, rows: NDArray[np.int64]) -> Scores:
        """(n,) more than 0 for each passage that holds what is sought."""
        if self._defining is not None:
            return np.where(np.isin(rows, self._defining), DEFINED_GAIN, 0.0)
        if self._query.sought not in KINDS:
            return np.zeros(len(rows))
        holds: Rows = self._version.sought[rows, KINDS.index(self._query.sought)]
        return holds.astype(np.float64)

    def candidates(self, allowed: Rows | None, effort: Effort) -> NDArray[np.int64]:
        """The passages of those allowed that may be among the best; None: of all."""
        found = self._within(allowed, effort)
        if (self._gains >= TITLE_GAIN).any():  # a document that is named brings its own
            named = (self._gains >= TITLE_GAIN)[self._version.columns.numbers]
            found = np.union1d(found, self._within(_both(allowed, named), effort))
        return found

    def _within(self, allowed: Rows | None, effort: Effort) -> NDArray[np.int64]:
        count = self._version.passages if allowed is None else int(np.count_nonzero(allowed))
        if count <= self._version.few:
            return np.arange(count) if allowed is None else np.flatnonzero(allowed)
        rows, products = self._version.nearest.search(self._vector, effort.nearest, allowed)
        rough = products / self._deviation + self._besides(rows)
        parts = [rows[_best(rough, effort.kept)]]
        if self._weight:
            parts.append(self._by_words(allowed, effort))
        if self._defining is not None:
            own = self._defining if allowed is None else self._defining[allowed[self._defining]]
            parts.append(own[_best(self._words[own], effort.best)].astype(np.int64))
        return np.unique(np.concatenate(parts))

    def _besides(self, rows: NDArray[np.int64]) -> Scores:
        """All that a passage's score is made of but its own meaning."""
        documents = self._version.columns.numbers[rows]
        score: Scores = self._weight * self._words[rows] + self._gains[documents] + self._around[documents]
        score += SOUGHT_WEIGHT * self.held(rows)
        if self._query.portefeuilles:
            score += NAMED_WEIGHT * self._version.columns.in_portefeuilles(self._query.portefeuilles, rows)
        return score

    def _by_words(self, allowed: Rows | None, effort: Effort) -> NDArray[np.int64]:
        words = self._words if allowed is None else self._words * allowed
        # what some of them are worth tells from where on the best are: to sort a million takes long
        some = np.sort(words[::64])
        least = some[max(len(some) - 1 - 4 * effort.best // 64, 0)]
        rows = np.flatnonzero(words >= least) if least > 0 else np.flatnonzero(words)
        if len(rows) < effort.best and least > 0:
            rows = np.flatnonzero(words)
        return rows[_best(words[rows], effort.best)]


def _both(one: Rows | None, other: Rows | None) -> Rows | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _best(scores: NDArray[np.floating], count: int) -> NDArray[np.int64]:
    """Where the highest so many are."""
    if len(scores) <= count:
        return np.arange(len(scores))
    return np.argpartition(-scores, count)[:count]
