"""A version as a stream: its documents with all that is searched of them, one at a time.

What a server is filled with (index/postgres), and what a folder can be written from without holding it in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.begrippen import StoredBegrippen, read_stored
from index.dutch import Analyser
from index.large.arrays import as_vectors, mapped
from index.passage_words import about_of, words_of
from index.results import DocumentInfo, SourceStatus
from index.sought import KINDS, read_sought
from index.store import Store, StoredPage
from index.vectors import Vectors
from index.versions import Layout, Manifest, open_current, versions
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
    edition = edition_at(layout, manifest)
    return replace(edition, name=name, kept=versions(data))


def edition_at(layout: Layout, manifest: Manifest, vocabulary: Mapping[str, int] | None = None) -> Edition:
    """A version, without the names of those beside it. Its words are told anew, with `vocabulary` if that is given.

    Raises DamagedVersionError.
    """
    store = Store(layout.store)
    vectors = LargeVectors(layout, manifest) if manifest.large else ExactVectors(layout)
    vocabulary, sources = store.vocabulary() if vocabulary is None else vocabulary, store.sources()
    sought = read_sought(layout, store.passages)
    analyser = Analyser(vocabulary)
    years = {source.id: source.year for source in sources}
    first_vectors = np.searchsorted(vectors.owners[:, 0], np.arange(store.passages + 1))
    rows: dict[str, list[int]] = {}
    for row, document_id in enumerate(store.passage_documents()):
        rows.setdefault(document_id, []).append(row)

    def contents() -> Iterator[DocumentContent]:
        for info in store.documents():
            about = about_of(info.title, info.publisher, years.get(info.id))
            passages = []
            for row, passage in zip(rows.get(info.id, ()), store.passages_in(info.id), strict=True):
                own = slice(*first_vectors[row : row + 2])
                units = vectors.owners[own, 1].tolist()
                holds = [bool(sought[kind][row]) for kind in KINDS]
                words = words_of(passage, about, analyser)
                passages.append(SearchablePassage(passage, words, units, vectors.at(own), holds))
            pages = [store.page(info.id, number) for number in store.page_numbers(info.id)]
            yield DocumentContent(info, pages, passages)

    return Edition(
        "", (), manifest, vectors.mean_question, vocabulary, read_stored(layout.begrippen), sources, contents()
    )


class ExactVectors:
    """The vectors of a small version, all of them read."""

    def __init__(self, layout: Layout) -> None:
        vectors = Vectors(layout)
        self.owners = vectors.owners
        self._all = vectors.first(len(vectors))
        self.mean_question = _mean_question(self._all, vectors.hubs)

    def at(self, places: slice) -> NDArray[np.float32]:
        return self._all[places]


class LargeVectors:
    """The vectors of a large version, read as they are asked for."""

    def __init__(self, layout: Layout, manifest: Manifest) -> None:
        self.owners: NDArray[np.int32] = mapped(layout.owners, np.int32, (manifest.vectors, 2))
        self._kept = mapped(layout.kept_vectors, np.int16, (manifest.vectors, manifest.dimension))
        self.mean_question = np.array(mapped(layout.mean_question, np.float32, (manifest.dimension,)))

    def at(self, places: slice) -> NDArray[np.float32]:
        return as_vectors(self._kept[places])


def _mean_question(vectors: NDArray[np.float32], hubs: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean question that these vectors are so near to: a version keeps only how near each of them is to it."""
    wide = vectors.astype(np.float64)
    found = np.linalg.lstsq(wide.T @ wide, wide.T @ hubs.astype(np.float64), rcond=1e-10)[0]
    return found.astype(np.float32)
