"""A version as a stream: its documents with all that is searched of them, one at a time.

What a server is filled with (index/postgres), and what a folder can be written from without holding it in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.begrippen import StoredBegrippen, read_stored
from index.builder import about_of, words_of
from index.dutch import Analyser
from index.results import DocumentInfo, SourceStatus
from index.sought import KINDS, read_sought
from index.store import Store, StoredPage
from index.vectors import Vectors
from index.versions import Manifest, open_current, versions
from index.words import PassageWords
from ingest.documents import Passage


@dataclass(frozen=True, slots=True)
class SearchablePassage:
    """A passage with what is searched of it; `vectors` are (units, d), of the whole (unit −1) and of its sentences."""

    passage: Passage
    words: PassageWords
    units: Sequence[int]
    vectors: NDArray[np.float32]
    holds: Sequence[bool]  # by kind, see index/sought.py


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """A document as readers see it, its pages, and its passages in reading order."""

    info: DocumentInfo
    pages: Sequence[StoredPage]
    passages: Sequence[SearchablePassage]


@dataclass(frozen=True, slots=True)
class Edition:
    """One version, whole, and the names of all that its folder keeps: what that removed, the server must not keep.

    `mean_question` (d,) is what hubs are near to; `contents` is walked through once.
    """

    name: str
    kept: Sequence[str]
    manifest: Manifest
    mean_question: NDArray[np.float32]
    vocabulary: Mapping[str, int]
    begrippen: StoredBegrippen
    sources: Sequence[SourceStatus]
    contents: Iterable[DocumentContent]


def edition_of(data: Path) -> Edition:
    """The current version of a data folder. Raises NoVersionError or DamagedVersionError."""
    name, layout, manifest = open_current(data)
    store, vectors = Store(layout.store), Vectors(layout)
    vocabulary, sources = store.vocabulary(), store.sources()
    sought = read_sought(layout, store.passages)
    held = np.stack([sought[kind] > 0 for kind in KINDS], axis=1)
    all_vectors = vectors.first(len(vectors))
    analyser = Analyser(vocabulary)
    years = {source.id: source.year for source in sources}
    first_vectors = np.searchsorted(vectors.owners[:, 0], np.arange(store.passages + 1))
    first_row = dict[str, int]()
    for row, document_id in enumerate(store.passage_documents()):
        first_row.setdefault(document_id, row)

    def contents() -> Iterator[DocumentContent]:
        for info in store.documents():
            about = about_of(info.title, info.publisher, years.get(info.id))
            passages = []
            for row, passage in enumerate(store.passages_in(info.id), start=first_row.get(info.id, 0)):
                own = slice(*first_vectors[row : row + 2])
                units = vectors.owners[own, 1].tolist()
                words = words_of(passage, about, analyser)
                passages.append(SearchablePassage(passage, words, units, all_vectors[own], held[row].tolist()))
            pages = [store.page(info.id, number) for number in range(1, info.pages + 1)]
            yield DocumentContent(info, pages, passages)

    mean_question = _mean_question(all_vectors, vectors.hubs)
    return Edition(
        name, versions(data), manifest, mean_question, vocabulary, read_stored(layout.begrippen), sources, contents()
    )


def _mean_question(vectors: NDArray[np.float32], hubs: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean question that these vectors are so near to: a version keeps only how near each of them is to it."""
    wide = vectors.astype(np.float64)
    found = np.linalg.lstsq(wide.T @ wide, wide.T @ hubs.astype(np.float64), rcond=1e-10)[0]
    return found.astype(np.float32)
