"""The embedded form of a version: the files of one folder, opened in this process. Every passage is in play."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from index.backend import Field
from index.checking import check
from index.completing import Spelled, spelled_in
from index.dutch import Analyser
from index.facets import Facets, Filters
from index.folder import Folder
from index.fusion import Scores, in_document, standardised
from index.operators import demands_of, remaining
from index.query import DEFINED_GAIN, Query
from index.sought import read_sought
from index.vectors import Vectors
from index.versions import Layout, Manifest
from index.words import Words


class Embedded(Folder):
    """A version that is small enough to compare every passage with every question."""

    def __init__(self, version: str, layout: Layout, manifest: Manifest) -> None:
        """Raises DamagedVersionError."""
        super().__init__(version, layout, manifest)
        self._vectors = Vectors(layout)
        self._words = Words(layout.words)
        check(layout, manifest, self._store, self._vectors, self._words)
        ids, numbers = np.unique(np.array(self._store.passage_documents(), dtype=str), return_inverse=True)
        self._document_ids, self._documents = ids.tolist(), numbers.astype(np.int64)
        self._facets = Facets.of(self._store)
        self._sought = read_sought(layout, self.passages)

    def field(self, query: Query, vector: NDArray[np.float32], analyser: Analyser, choices: Sequence[Filters]) -> Field:
        """All passages, whatever the filters: those that are not let through count for the scale of the others."""
        words = np.zeros(self.passages)
        for row, score in self._words.search(query.weights, self.passages, query.alternatives):
            words[row] = score
        return Field(
            keys=np.arange(self.passages),
            words=words,
            similarities=self._vectors.similarities(vector),
            hubs=self._vectors.hubs,
            owners=self._vectors.owners,
            held=self._held(query),
            demanded=remaining(demands_of(query.operators, analyser), self._words),
            documents=self._documents,
            document_ids=self._document_ids,
            facets=self._facets,
            in_context=lambda meaning: in_document(standardised(meaning), self._documents),
        )

    def _held(self, query: Query) -> Scores:
        if not query.defined:
            return self._sought[query.sought]
        rows = self._store.texts_with(*query.definitions)
        return np.where(np.isin(np.arange(self.passages), rows), DEFINED_GAIN, 0.0)

    def frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        """In how many passages each term stands, in text or context, whichever is more."""
        return {term: self._words.document_frequency(term) for term in terms}

    def extent(self, filters: Filters) -> tuple[int, int]:
        """How many passages the filters let through, and of how many documents."""
        allowed = self._facets.allowed(filters)
        return int(allowed.sum()), len(np.unique(self._documents[allowed]))

    def headings(self) -> dict[str, int]:
        """Every heading that passages stand under, as it is written, and how many there are beneath it."""
        return self._store.headings()

    def portefeuilles(self) -> dict[str, int]:
        """Every portefeuille that passages belong to, and how many do."""
        return Counter(name for name, _ in self._store.passage_portefeuilles())

    def spelled(self) -> Spelled:
        """How texts and headings write words."""
        return spelled_in(chain(self._store.texts(), self._store.headings()))
