"""The same search with every passage in play, exactly: what recall is measured against.

It reads the published version's store only. Words are tantivy's and vectors those that were made, whatever the form in
which the version keeps either; both stand in the corpus's `reference` folder and file of vectors.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.benchmarks.grown_corpus import UNITS
from index.edition import DocumentContent, Edition, SearchablePassage
from index.embedded import Embedded
from index.facets import Facets
from index.folder import Folder
from index.fusion import Scores
from index.query import Sought
from index.sought import KINDS
from index.vectors import Vectors
from index.versions import open_current
from index.words import PassageWords, Words, write_words

# Passages whose vectors are multiplied at a time: what is in memory of a file that may be larger than that.
_AT_ONCE = 50_000


def write_reference(folder: Path, edition: Edition) -> None:
    """Writes all but the vectors; the contents of the edition are walked through. Not again what is there."""
    if folder.exists():
        return
    aside = folder.with_name(f".{folder.name}")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    holds: list[tuple[bool, ...]] = []
    write_words(aside / "words", _words_of(edition.contents, holds))
    np.save(aside / "holds.npy", np.array(holds, dtype=bool).reshape(-1, len(KINDS)))
    np.save(aside / "mean_question.npy", edition.mean_question)
    aside.rename(folder)


class EveryPassage(Embedded):
    """A version of which nothing is left out for being far from the question, whatever its form."""

    def __init__(self, data: Path, reference: Path, vectors: NDArray[np.float32]) -> None:
        """`vectors` are (n, units, d), those of each passage in the order of its units."""
        Folder.__init__(self, *open_current(data))  # the other files of a large version are others
        self._words = Words(reference / "words")
        self._vectors = _AsMade(vectors, np.load(reference / "mean_question.npy"))
        ids, numbers = np.unique(np.array(self._store.passage_documents(), dtype=str), return_inverse=True)
        self._document_ids, self._documents = ids.tolist(), numbers.astype(np.int64)
        self._facets = Facets.of(self._store)
        holds = np.load(reference / "holds.npy").astype(float)
        self._sought: dict[Sought, Scores] = {kind: holds[:, place] for place, kind in enumerate(KINDS)}
        self._sought[Sought.OTHER] = np.zeros(self.passages)


class _AsMade(Vectors):
    """Vectors that no index holds."""

    def __init__(self, vectors: NDArray[np.float32], mean_question: NDArray[np.float32]) -> None:
        self._made = vectors
        rows, units = np.indices(vectors.shape[:2])
        self.owners = np.stack([rows.ravel(), np.array(UNITS)[units.ravel()]], axis=1).astype(np.int32)
        self.hubs = self.similarities(mean_question)

    def similarities(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        starts = range(0, len(self._made), _AT_ONCE)
        return np.concatenate([(self._made[start : start + _AT_ONCE] @ query).ravel() for start in starts])


def _words_of(contents: Iterable[DocumentContent], holds: list[tuple[bool, ...]]) -> Iterator[PassageWords]:
    """The words of each passage; what it holds is put to `holds` on the way."""
    passages: Iterator[SearchablePassage] = (one for content in contents for one in content.passages)
    for one in passages:
        holds.append(tuple(one.holds))
        yield one.words
