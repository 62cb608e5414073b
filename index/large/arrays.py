"""Arrays in files: written piece by piece, and mapped into memory when they are opened, so that none is read whole."""

from __future__ import annotations

import mmap
from pathlib import Path
from tokenize import TokenError
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import DTypeLike, NDArray

from index.errors import DamagedVersionError

# A component of a unit vector as a whole number: v → v · UNIT. A product of two vectors is wrong by less than 1e-4, and
# what is read becomes float32 in a tenth of the time that float16 takes (NumPy 2.4, 7,500 vectors: 2 against 20 ms).
UNIT = 32767
_AT_ONCE = 1 << 16


class Growing:
    """An .npy file that grows: `append` takes (k, *row); closing it writes how many there are."""

    def __init__(self, file: Path, dtype: DTypeLike, row: tuple[int, ...] = ()) -> None:
        self._dtype, self._row = np.dtype(dtype), row
        self._file = file.open("wb")
        self.length = 0
        self._head()

    def append(self, rows: NDArray[Any]) -> None:
        self._file.write(np.ascontiguousarray(rows, dtype=self._dtype).tobytes())
        self.length += len(rows)

    def close(self) -> None:
        self._file.seek(0)
        self._head()  # NumPy leaves room in the head for any number of rows
        self._file.close()

    def _head(self) -> None:
        write_head(self._file, self._dtype, (self.length, *self._row))


def write_head(file: BinaryIO, dtype: np.dtype[Any], shape: tuple[int, ...]) -> None:
    """The head of an .npy file."""
    npy.write_array_header_1_0(file, {"descr": npy.dtype_to_descr(dtype), "fortran_order": False, "shape": shape})


def mapped(file: Path, dtype: DTypeLike, shape: tuple[int, ...]) -> NDArray[Any]:
    """The array of this file, not read but mapped. Raises DamagedVersionError if it is not of this kind and shape."""
    try:
        found: NDArray[Any] = np.load(file, mmap_mode="r", allow_pickle=False).view(np.ndarray)
    except (OSError, ValueError, EOFError, MemoryError, SyntaxError, TokenError) as error:
        # the last two from NumPy, which reads the head of a file as a Python literal
        raise DamagedVersionError(file.parent, f"{file.name} is niet te lezen ({error})") from error
    if found.shape != shape or found.dtype != np.dtype(dtype):
        raise DamagedVersionError(file.parent, f"{file.name} heeft andere getallen dan er horen te zijn")
    return found


def advise(array: NDArray[Any], advice: int) -> None:
    """Tells the system how a mapped array is read."""
    mapping = getattr(array.base, "_mmap", None)
    if isinstance(mapping, mmap.mmap):
        mapping.madvise(advice)


def as_whole_numbers(vectors: NDArray[np.floating[Any]]) -> NDArray[np.int16]:
    """Vectors of at most unit length as they are kept."""
    kept: NDArray[np.int16] = np.rint(np.asarray(vectors, dtype=np.float32) * UNIT).astype(np.int16)
    return kept


def as_vectors(kept: NDArray[np.int16]) -> NDArray[np.float32]:
    """What is kept as vectors again."""
    vectors: NDArray[np.float32] = kept.astype(np.float32)
    vectors *= np.float32(1 / UNIT)
    return vectors


def products(kept: NDArray[np.int16], places: NDArray[np.int64], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n,) the product of a vector with each of those that are kept at these places, some thousand at a time."""
    parts = [as_vectors(kept[places[at : at + _AT_ONCE]]) @ vector for at in range(0, len(places), _AT_ONCE)]
    return np.concatenate([np.empty(0, dtype=np.float32), *parts])
