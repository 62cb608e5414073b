"""The passages nearest to a question: IVF in FAISS, a byte for each number of a vector, mapped into memory.

A passage has one vector here, the middle of its whole and its sentences in the shares that its meaning has: a third as
much to keep and to look at as with a row for each, and what it brings is compared exactly afterwards.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import DamagedVersionError
from index.large.arrays import as_vectors

# faiss's type hints do not know what its Python layer takes: arrays, named parameters.
_faiss: Any = faiss
# Vectors that the lists are told from, and that are added at a time.
_PER_LIST, _ROUNDS, _AT_ONCE = 64, 10, 50_000
# How many lists are looked at where nothing is filtered.
PROBES = 48
_SEED = 6


def write_nearest(file: Path, centres: NDArray[np.int16]) -> None:
    """Writes the index of these centres (n, d), as they are kept in files; only some of them are in memory at a time.

    A list for every thousand of a million passages: 2 ** round(log2(sqrt(n))).
    """
    count, dimension = centres.shape
    lists = int(2 ** np.round(np.log2(max(np.sqrt(count), 1))))
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension), dimension, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.niter, index.cp.max_points_per_centroid, index.cp.min_points_per_centroid = _ROUNDS, _PER_LIST, 1
    index.cp.seed = _SEED
    drawn = np.random.default_rng(_SEED).choice(count, min(count, _PER_LIST * lists), replace=False)
    if count:
        index.train(as_vectors(centres[np.sort(drawn)]))
    for start in range(0, count, _AT_ONCE):
        index.add(as_vectors(centres[start : start + _AT_ONCE]))
    faiss.write_index(index, str(file))


class Nearest:
    """The index, open for searching. Safe to use from several threads."""

    def __init__(self, file: Path, passages: int, dimension: int) -> None:
        """Raises DamagedVersionError if it cannot be opened or is not of so many passages."""
        try:
            self._index = _faiss.read_index(str(file), _faiss.IO_FLAG_MMAP | _faiss.IO_FLAG_READ_ONLY)
            lists = _faiss.downcast_InvertedLists(self._index.invlists)
            self._lists = int(self._index.nlist)
        except (RuntimeError, AttributeError, MemoryError) as error:
            raise DamagedVersionError(file.parent, f"{file.name} is niet te openen ({error})") from error
        if (self._index.ntotal, self._index.d) != (passages, dimension):
            raise DamagedVersionError(file.parent, f"{file.name} hoort niet bij de passages")
        if isinstance(lists, _faiss.OnDiskInvertedLists):
            lists.prefetch_nthread = 0  # else each question starts 32 threads that read ahead

    def search(
        self, vector: NDArray[np.float32], count: int, allowed: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """(rows, products) of about the `count` passages nearest to a vector, of those allowed: (n,); None: of all.

        The fewer are allowed, the more lists are looked at: the number of vectors compared stays the same.
        """
        if allowed is None:
            chosen, probes = None, PROBES
        else:
            chosen = _faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
            probes = int(np.ceil(PROBES * len(allowed) / max(int(allowed.sum()), 1)))
        given = _faiss.SearchParametersIVF(sel=chosen, nprobe=min(probes, self._lists))
        near, rows = self._index.search(vector.reshape(1, -1).astype(np.float32), count, params=given)
        found = rows[0] >= 0
        return rows[0][found], near[0][found]
