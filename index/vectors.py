"""Search by meaning: unit vectors in FAISS, exact inner product.

A row belongs to a whole passage (unit −1) or to one sentence or bullet of it: a short question is nearer to the one
sentence that answers it than to the passage around it.
"""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import DamagedVersionError

WHOLE = -1


def write_vectors(
    index_file: Path, owners_file: Path, vectors: NDArray[np.float32], owners: NDArray[np.int32]
) -> None:
    """Writes vectors (n, d), unit length, and owners (n, 2): passage row and unit number, −1 for the whole passage."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors, dtype=np.float32))
    faiss.write_index(index, str(index_file))
    np.save(owners_file, owners.astype(np.int32), allow_pickle=False)


class Vectors:
    """Published vectors, open for searching. Safe to use from several threads."""

    def __init__(self, index_file: Path, owners_file: Path) -> None:
        try:
            self._index = faiss.read_index(str(index_file))
            self.owners: NDArray[np.int32] = np.load(owners_file, mmap_mode="r", allow_pickle=False)
        except (RuntimeError, ValueError, OSError, EOFError) as error:
            raise DamagedVersionError(index_file.parent, f"de vectoren zijn niet te openen ({error})") from error
        if self._index.ntotal != len(self.owners):
            what = f"{self._index.ntotal} vectoren horen bij {len(self.owners)} stukken tekst"
            raise DamagedVersionError(index_file.parent, what)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._index.d)

    def similarities(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """The cosine of a unit vector (d,) with every row, in the rows' order: (n,)."""
        scores, rows = self._index.search(query.reshape(1, -1), len(self))
        ordered = np.empty(len(self), dtype=np.float32)
        ordered[rows[0]] = scores[0]
        return ordered
