"""The files of a large version, written out of a stream of documents: never more than one of them is in memory whole.

1 each document: store, words, vectors, columns · 2 the lists of words · 3 the index of what is near · 4 the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.begrippen import write_stored
from index.completing import Spelling
from index.edition import DocumentContent, Edition, SearchablePassage
from index.large.arrays import Growing, as_whole_numbers
from index.large.columns import Bits, write_columns
from index.large.nearest import write_nearest
from index.large.postings import PostingsWriter
from index.query import written_out
from index.sample import centre_of, centroid_of
from index.sought import KINDS
from index.store import StoreWriter
from index.versions import Layout, Manifest
from index.words import PassageWords, write_words

# Headings that complete what is typed: the most frequent ones. A million passages have some hundred thousand.
_HEADINGS = 20_000


def write_large(layout: Layout, edition: Edition) -> Manifest:
    """Writes all files but the manifest, which it returns as it should be."""
    writer = _Writer(layout, edition)
    with writer:
        write_words(layout.words, writer.phrases())  # 1
        writer.finish()  # 2
    aside = np.load(writer.aside, mmap_mode="r", allow_pickle=False) if writer.passages else _no_centres(edition)
    write_nearest(layout.nearest, aside)  # 3
    writer.aside.unlink()
    write_stored(layout.begrippen, edition.begrippen)  # 4
    np.save(layout.mean_question, edition.mean_question.astype(np.float32), allow_pickle=False)
    return replace(
        edition.manifest,
        large=True,
        documents=writer.documents,
        passages=writer.passages,
        vectors=writer.vectors,
        files=(),
    )


class _Writer:
    """What is written while the documents pass by."""

    def __init__(self, layout: Layout, edition: Edition) -> None:
        self._layout, self._edition = layout, edition
        self._dimension = edition.manifest.dimension
        self.aside: Path = layout.folder / ".centres.npy"
        self.documents = self.passages = self.vectors = 0
        self._headings: Counter[tuple[str, ...]] = Counter()
        self._spelling = Spelling()
        self._bits = Bits()
        self._sum = np.zeros(self._dimension)
        self._squares = np.zeros((self._dimension, self._dimension))

    def __enter__(self) -> None:
        layout, dimension = self._layout, self._dimension
        self._open = ExitStack()
        self._store = self._open.enter_context(closing(StoreWriter(layout.store)))
        self._postings = PostingsWriter(layout.postings)

        def growing(file: Path, dtype: type, *row: int) -> Growing:
            return self._open.enter_context(closing(Growing(file, dtype, row)))

        self._kept = growing(layout.kept_vectors, np.int16, dimension)
        self._owners = growing(layout.owners, np.int32, 2)
        self._hubs = growing(layout.hubs, np.float32)
        self._firsts = growing(layout.firsts, np.int64)
        self._centres = growing(self.aside, np.int16, dimension)
        self._centroids = growing(layout.centroids, np.float32, dimension)
        self._sought = growing(layout.sought, bool, len(KINDS))
        self._numbers = growing(layout.document_numbers, np.int32)

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def phrases(self) -> Iterator[PassageWords]:
        """The words of every passage as they are written, for phrases; all else is written meanwhile."""
        for content in self._edition.contents:
            self._add_document(content)
            for one in content.passages:
                self._add_passage(one)
                yield PassageWords((), (), one.words.written, one.words.written_context, ())
            self._add_vectors(content)
            self.documents += 1

    def finish(self) -> None:
        self._firsts.append(np.array([self.vectors]))
        self._postings.close()
        self._store.finish(self._edition.vocabulary, self._edition.sources)
        counts: Counter[str] = Counter()
        for path, beneath in self._headings.items():
            counts.update(dict.fromkeys(path, beneath))
            for heading in set(path):
                self._spelling.add(heading)
        self._bits.write(self._layout.portefeuilles)
        centre = self._sum / max(self.passages, 1)
        covariance = self._squares / max(self.passages, 1) - np.outer(centre, centre)
        np.save(self._layout.whole, np.vstack([centre, covariance]), allow_pickle=False)
        write_columns(
            self._layout.completing, dict(counts.most_common(_HEADINGS)), self._spelling.spelled(), self._bits
        )

    def _add_document(self, content: DocumentContent) -> None:
        self._store.add_document(content.info, content.pages)

    def _add_passage(self, one: SearchablePassage) -> None:
        passage = one.passage
        self._store.add_passage(passage)
        self._postings.add(one.words, written_out(passage.text))
        self._bits.add(passage.portefeuilles)
        self._headings[passage.heading_path] += 1
        self._spelling.add(passage.text)

    def _add_vectors(self, content: DocumentContent) -> None:
        own = [one.vectors for one in content.passages]
        self._centroids.append(centroid_of(own, self._dimension).reshape(1, -1))
        if not own:
            return
        vectors = np.concatenate(own)
        counts = np.array([len(one) for one in own])
        rows = np.arange(self.passages, self.passages + len(own))
        units = np.concatenate([np.asarray(one.units, dtype=np.int32) for one in content.passages])
        self._kept.append(as_whole_numbers(vectors))
        self._owners.append(np.stack([np.repeat(rows, counts), units], axis=1))
        self._hubs.append(vectors @ self._edition.mean_question)
        self._firsts.append(self.vectors + np.cumsum(counts) - counts)
        centres = np.stack([centre_of(one) for one in own])
        self._centres.append(as_whole_numbers(centres))
        self._sum += centres.sum(axis=0)
        self._squares += centres.T @ centres.astype(np.float64)
        self._sought.append(np.array([list(one.holds) for one in content.passages], dtype=bool))
        self._numbers.append(np.full(len(own), self.documents))
        self.passages += len(own)
        self.vectors += len(vectors)


def _no_centres(edition: Edition) -> np.ndarray:
    return np.empty((0, edition.manifest.dimension), dtype=np.int16)
