"""Search by meaning: unit vectors in FAISS, exact inner product.

A row belongs to a whole passage (unit −1) or to one sentence or bullet of it: a short question is nearer to the one
sentence that answers it than to the passage around it.
"""

from __future__ import annotations

from tokenize import TokenError

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import DamagedVersionError
from index.versions import Layout

WHOLE = -1
# Vectors that are compared with all questions at a time where there are more than so many.
_AT_ONCE = 100_000


def write_vectors(
    layout: Layout, vectors: NDArray[np.float32], owners: NDArray[np.int32], questions: NDArray[np.float32]
) -> None:
    """Writes vectors (n, d), unit length, and owners (n, 2): passage row and unit number, −1 for the whole passage.

    `questions` (m, d) are sentences of the corpus put as questions. How near each vector is to them on average is kept
    too: a vector that is near to every question says little about any (hubness; Radovanović et al. 2010).
    """
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors, dtype=np.float32))
    faiss.write_index(index, str(layout.vectors))
    np.save(layout.owners, owners.astype(np.int32), allow_pickle=False)
    hubs = vectors @ mean_question(questions, vectors.shape[1])
    np.save(layout.hubs, hubs.astype(np.float32), allow_pickle=False)


def mean_question(questions: NDArray[np.float32], dimension: int) -> NDArray[np.float32]:
    """(d,) what hubs are near to; nothing is, if no sentence was put as a question."""
    mean: NDArray[np.float32] = questions.mean(axis=0) if len(questions) else np.zeros(dimension, dtype=np.float32)
    return mean


def usual_similarity(
    vectors: NDArray[np.float32], owners: NDArray[np.int32], questions: NDArray[np.float32], rows: NDArray[np.int32]
) -> tuple[float, float]:
    """Mean and standard deviation of the best cosine that a sentence of the corpus reaches outside its own passage.

    This is the scale on which a question's best cosine says something: E5's all lie between 0.75 and 0.9, those of
    other models elsewhere. `rows` (m,) has the passage row of each of the `questions` (m, d).
    """
    if len(vectors) > _AT_ONCE:
        best = _best_elsewhere(vectors, owners, questions, rows)
    else:
        best = []
        for question, row in zip(questions, rows, strict=True):
            elsewhere = vectors[owners[:, 0] != row] @ question
            if len(elsewhere):
                best.append(float(elsewhere.max()))
    if len(best) < 2:
        return 0.0, 1.0
    return float(np.mean(best)), max(float(np.std(best)), 1e-6)


def _best_elsewhere(
    vectors: NDArray[np.float32], owners: NDArray[np.int32], questions: NDArray[np.float32], rows: NDArray[np.int32]
) -> list[float]:
    """Each question's best cosine outside its own passage, without a copy of all vectors for each."""
    best = np.full(len(questions), -np.inf, dtype=np.float32)
    for at in range(0, len(vectors), _AT_ONCE):
        near = vectors[at : at + _AT_ONCE] @ questions.T
        near[owners[at : at + _AT_ONCE, :1] == rows] = -np.inf
        np.maximum(best, near.max(axis=0), out=best)
    return [float(one) for one in best if np.isfinite(one)]


class Vectors:
    """Published vectors, open for searching. Safe to use from several threads."""

    def __init__(self, layout: Layout) -> None:
        """Raises DamagedVersionError if a file cannot be opened or the files do not belong together."""
        try:
            self._index = faiss.read_index(str(layout.vectors))
            self.owners: NDArray[np.int32] = np.load(layout.owners, mmap_mode="r", allow_pickle=False)
            self.hubs: NDArray[np.float32] = np.load(layout.hubs, mmap_mode="r", allow_pickle=False)
        except (RuntimeError, ValueError, OSError, EOFError, MemoryError, SyntaxError, TokenError) as error:
            # the last two from NumPy, which reads the head of a file as a Python literal
            raise DamagedVersionError(layout.folder, f"de vectoren zijn niet te openen ({error})") from error
        count = self._index.ntotal
        if (self.owners.shape, self.hubs.shape) != ((count, 2), (count,)):
            raise DamagedVersionError(layout.folder, "het aantal vectoren is niet in elk bestand hetzelfde")
        if (self.owners.dtype, self.hubs.dtype) != (np.int32, np.float32):
            raise DamagedVersionError(layout.folder, "de vectoren hebben een ander soort getallen")

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._index.d)

    def first(self, count: int) -> NDArray[np.float32]:
        """The first vectors themselves: (count, d)."""
        found: NDArray[np.float32] = self._index.reconstruct_n(0, count)
        return found

    def similarities(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """The cosine of a unit vector (d,) with every row, in the rows' order: (n,)."""
        scores, rows = self._index.search(query.reshape(1, -1), len(self))
        ordered = np.empty(len(self), dtype=np.float32)
        ordered[rows[0]] = scores[0]
        return ordered
