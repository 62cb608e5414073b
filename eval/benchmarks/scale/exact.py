"""The same search with every passage in play, by the vectors as they were made: what recall is measured against."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedded import Embedded
from index.vectors import Vectors
from index.versions import Layout, open_current

# Passages whose vectors are multiplied at a time: what is in memory of a file that may be larger than that.
_AT_ONCE = 50_000


class EveryPassage(Embedded):
    """A version of which nothing is left out for being far from the question, whatever its form."""

    def __init__(self, data: Path, vectors: NDArray[np.float32]) -> None:
        """`vectors` are (n, units, d), those of each passage in the order of its units."""
        super().__init__(data)
        self._vectors = _AsMade(open_current(data)[1], vectors)


class _AsMade(Vectors):
    def __init__(self, layout: Layout, vectors: NDArray[np.float32]) -> None:
        super().__init__(layout)
        self._made = vectors

    def similarities(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        starts = range(0, len(self._made), _AT_ONCE)
        return np.concatenate([(self._made[start : start + _AT_ONCE] @ query).ravel() for start in starts])
