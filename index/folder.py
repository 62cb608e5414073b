"""What both forms of a version in a folder have: its manifest, its store, and what there is to look at in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from index.begrippen import StoredBegrippen, read_stored
from index.errors import DamagedVersionError
from index.results import DocumentInfo, SourceStatus
from index.store import Store, StoredPage
from index.versions import Layout, Manifest
from ingest.documents import Passage


class Folder:
    """A version of a data folder. A passage's key is its row."""

    def __init__(self, version: str, layout: Layout, manifest: Manifest) -> None:
        """Raises DamagedVersionError."""
        self.version, self._layout = version, layout
        self.model, self.model_fingerprint = manifest.model, manifest.model_fingerprint
        self.usual_similarity = (manifest.similarity_mean, manifest.similarity_deviation)
        try:
            self.created = datetime.fromisoformat(manifest.created)
        except (TypeError, ValueError) as error:
            raise DamagedVersionError(layout.folder, "het bestand manifest.json is onleesbaar") from error
        self._store = Store(layout.store)
        self.passages = self._store.passages

    def begrippen(self) -> StoredBegrippen:
        """The words that mean the same. Raises DamagedVersionError."""
        return read_stored(self._layout.begrippen)

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
        return self._sources

    @cached_property
    def _sources(self) -> tuple[SourceStatus, ...]:
        return self._store.sources()
