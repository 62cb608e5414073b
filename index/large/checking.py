"""Whether the parts of a large version belong together, beyond what is looked at whenever one is opened."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.dutch import Analyser, written
from index.errors import DamagedVersionError
from index.large.arrays import as_vectors
from index.large.backend import Large
from index.sample import centre_of
from index.vectors import WHOLE
from index.versions import Layout, Manifest


def verify_large(layout: Layout, manifest: Manifest, owners: NDArray[np.int32]) -> None:
    """Opens a version whose files are what was written, and tries it. Raises DamagedVersionError.

    `owners` (vectors, 2) is what the store says of the vectors: passage row and unit number of each.
    """
    version = Large("", layout, manifest)
    firsts = [*np.flatnonzero(owners[:, 1] == WHOLE), len(owners)]
    if not np.array_equal(version.owners, owners) or not np.array_equal(version.firsts, firsts):
        raise DamagedVersionError(layout.folder, "de vectoren horen niet bij de passages")
    if version.passages and not _finds_first(version):
        raise DamagedVersionError(layout.folder, "de woordenindex vindt de eerste passage niet")
    if version.passages and not _is_nearest_to_itself(version):
        raise DamagedVersionError(layout.folder, "de eerste vector vindt zijn eigen passage niet")


def _finds_first(version: Large) -> bool:
    """Whether the words find the first passage, as terms and as they are written."""
    text = version.passages_at([0])[0].text
    words, terms = written(text), Analyser(version.vocabulary()).terms(text)
    in_phrases = not words or 0 in version.words.rows_with_phrase(words[:3])
    return in_phrases and (not terms or 0 in version.words.rows_with_term(terms[0]))


def _is_nearest_to_itself(version: Large) -> bool:
    """Whether the first vector is of unit length, and its passage found by what is kept of it."""
    vectors = as_vectors(version.vectors[: version.firsts[1]])
    centre, only_first = centre_of(vectors), np.arange(version.passages) == 0
    rows, products = version.nearest.search(centre, 1, only_first)
    found = rows.tolist() == [0] and abs(float(products[0]) - float(centre @ centre)) < 0.02
    return found and abs(float(np.linalg.norm(vectors[0])) - 1) < 1e-3
