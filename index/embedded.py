"""The embedded form of a version: the files of one folder, opened in this process. Every passage is in play."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.backend import Field
from index.begrippen import StoredBegrippen, read_stored
from index.checking import check
from index.dutch import Analyser
from index.errors import DamagedVersionError
from index.facets import Facets, Filters
from index.fusion import Scores, in_document, standardised
from index.operators import demands_of, remaining
from index.query import DEFINED_GAIN, Query
from index.results import DocumentInfo, SourceStatus
from index.sought import read_sought
from index.store import Store, StoredPage
from index.vectors import Vectors
from index.versions import open_current
from index.words import Words
from ingest.documents import Passage


class Embedded:
    """The current version of a data folder. A passage's key is its row."""

    def __init__(self, data: Path) -> None:
        """Raises NoVersionError or DamagedVersionError."""
        self.version, self._layout, manifest = open_current(data)
        self.model, self.model_fingerprint = manifest.model, manifest.model_fingerprint
        self.usual_similarity = (manifest.similarity_mean, manifest.similarity_deviation)
        try:
            self.created = datetime.fromisoformat(manifest.created)
        except (TypeError, ValueError) as error:
            raise DamagedVersionError(self._layout.folder, "het bestand manifest.json is onleesbaar") from error
        self._store = Store(self._layout.store)
        self._vectors = Vectors(self._layout)
        self._words = Words(self._layout.words)
        check(self._layout, manifest, self._store, self._vectors, self._words)
        self.passages = self._store.passages
        ids, numbers = np.unique(np.array(self._store.passage_documents(), dtype=str), return_inverse=True)
        self._document_ids, self._documents = ids.tolist(), numbers.astype(np.int64)
        self._facets = Facets(self._store)
        self._sought = read_sought(self._layout, self.passages)

    def begrippen(self) -> StoredBegrippen:
        """The words that mean the same. Raises DamagedVersionError."""
        return read_stored(self._layout.begrippen)

    # ── Searching ────────────────────────────────────────────────────────────────────────────────────────────

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

    # ── What there is to look at ─────────────────────────────────────────────────────────────────────────────

    def passages_at(self, keys: Sequence[int]) -> list[Passage]:
        """The passages at these rows, in the order asked for."""
        return self._store.passages_at(keys)

    def around(self, key: int, reach: int) -> tuple[list[Passage], int]:
        """A passage with at most `reach` before and behind it in the corpus, and its place among them."""
        first = max(key - reach, 0)
        return self._store.passages_at(range(first, min(key + reach + 1, self.passages))), key - first

    def documents(self) -> tuple[DocumentInfo, ...]:
        """All documents, in the register's order."""
        return self._store.documents()

    def document(self, document_id: str) -> DocumentInfo:
        """Raises UnknownDocumentError."""
        return self._store.document(document_id)

    def kept_name(self, document_id: str) -> str:
        """The name under which the document's file is kept in data/files. Raises UnknownDocumentError."""
        return self._store.kept_name(document_id)

    def page(self, document_id: str, number: int) -> StoredPage:
        """Raises UnknownDocumentError if there is no such document, IndexError if it has no such page."""
        return self._store.page(document_id, number)

    def passages_in(self, document_id: str) -> tuple[Passage, ...]:
        """All passages of a document, in reading order. Raises UnknownDocumentError."""
        return self._store.passages_in(document_id)

    def vocabulary(self) -> dict[str, int]:
        """The corpus's folded words and how often each stands there."""
        return self._store.vocabulary()

    def sources(self) -> tuple[SourceStatus, ...]:
        """The ledger, in the register's order."""
        return self._store.sources()

    def headings(self) -> dict[str, int]:
        """Every heading that passages stand under, as it is written, and how many there are beneath it."""
        return self._store.headings()

    def portefeuilles(self) -> dict[str, int]:
        """Every portefeuille that passages belong to, and how many do."""
        return Counter(name for name, _ in self._store.passage_portefeuilles())

    def texts(self) -> Iterator[str]:
        """The text of every passage, by row."""
        return self._store.texts()
