"""Whether a version is still what was published, and whether its parts belong together.

`check` takes no time, and is done whenever a version is opened to answer; `verify` reads every byte.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.dutch import Analyser
from index.errors import DamagedVersionError
from index.large.checking import verify_large
from index.store import Store
from index.sums import measure
from index.vectors import WHOLE, Vectors
from index.versions import Layout, Manifest, check_sizes, read_manifest
from index.words import Words
from ingest.folding import fold


def check(layout: Layout, manifest: Manifest, store: Store, vectors: Vectors, words: Words) -> None:
    """Raises DamagedVersionError if a part has another size or other counts than the manifest says."""
    check_sizes(layout, manifest)
    counted = {
        "passages": (manifest.passages, store.passages),
        "passages in de woordenindex": (manifest.passages, len(words)),
        "vectoren": (manifest.vectors, len(vectors)),
        "getallen in een vector": (manifest.dimension, vectors.dimension),
    }
    for what, (expected, found) in counted.items():
        if expected != found:
            raise DamagedVersionError(layout.folder, f"{found} {what} in plaats van {expected}")
    rows = vectors.owners[:, 0]
    if len(vectors) and not 0 <= int(rows.min()) <= int(rows.max()) < manifest.passages:
        raise DamagedVersionError(layout.folder, "er zijn vectoren zonder passage")


def is_whole(data: Path, name: str) -> bool:
    """Whether a version by this name is what was published, to the last byte."""
    layout = Layout(data / "index" / name)
    try:
        verify(layout, read_manifest(layout))
    except DamagedVersionError:
        return False
    return True


def verify(layout: Layout, manifest: Manifest) -> None:
    """Reads a version to the last byte, then opens and tries it. Raises DamagedVersionError.

    1 each file has the digest that the manifest gives · 2 counts · 3 ids against vectors · 4 a test query. A version
    was damaged if 1 fails, and wrongly made if any other does. 1 takes a second for every 1.2 GB (two cores, 2026).
    """
    for file in manifest.files:  # 1; no library opens what is damaged: some panic on it, or take all memory
        try:
            found = measure(layout.folder / file.name)
        except (OSError, ValueError) as error:
            raise DamagedVersionError(layout.folder, f"het bestand {file.name} ontbreekt of is onleesbaar") from error
        if found != (file.size, file.sha256):
            raise DamagedVersionError(layout.folder, f"het bestand {file.name} is veranderd")
    if manifest.large:
        verify_large(layout, manifest, _owners_of(layout))
        return
    store, vectors, words = Store(layout.store), Vectors(layout), Words(layout.words)
    check(layout, manifest, store, vectors, words)  # 2
    if not np.array_equal(vectors.owners, _owners_of(layout)):  # 3
        raise DamagedVersionError(layout.folder, "de vectoren horen niet bij de passages")
    if store.passages and not _finds_first(store, words):  # 4
        raise DamagedVersionError(layout.folder, "de woordenindex vindt de eerste passage niet")
    if len(vectors) and not _is_nearest_to_itself(vectors):
        raise DamagedVersionError(layout.folder, "de eerste vector vindt zijn eigen passage niet")


def _owners_of(layout: Layout) -> NDArray[np.int32]:
    """What the owners of the vectors must be, told from the passages in the store: see `evidence`."""
    units = _unit_counts(layout.store)
    counts = np.where(units > 1, units + 1, 1)
    rows = np.repeat(np.arange(len(units)), counts)
    places = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    owners: NDArray[np.int32] = np.stack([rows, places + WHOLE], axis=1).astype(np.int32)
    return owners


def _finds_first(store: Store, words: Words) -> bool:
    """Whether the words find the first passage by one of its own.

    Most words are indexed as they are written, and these are tried first: to bend words as the index does costs 0.7 s.
    """
    passage = store.passages_at([0])[0]
    written = list(dict.fromkeys(fold(word) for word in re.findall(r"\w+", passage.text)))
    if any(_finds(words, term, 0) for term in written):
        return True
    terms = Analyser(store.vocabulary()).terms(passage.text)
    return not terms or any(_finds(words, term, 0) for term in terms)


def _finds(words: Words, term: str, row: int) -> bool:
    found = words.document_frequency(term)  # in text or in context: so at most twice as many passages hold it
    return bool(found) and any(hit == row for hit, _ in words.search({term: 1.0}, 2 * found))


def _is_nearest_to_itself(vectors: Vectors) -> bool:
    """Whether the first vector is of unit length and no other is nearer to it; a text that stands twice is as near."""
    similarities = vectors.similarities(vectors.first(1)[0])
    return bool(abs(similarities[0] - 1) < 1e-3 and similarities[0] >= similarities.max() - 1e-5)


def _unit_counts(store: Path) -> NDArray[np.int64]:
    """(passages,) the number of units of each passage, by row; rows and ids must each stand there once."""
    try:
        with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            rows = connection.execute("SELECT row, json_array_length(units) FROM passage ORDER BY row")
            counts = np.fromiter(chain.from_iterable(rows), dtype=np.int64).reshape(-1, 2)
            (ids,) = connection.execute("SELECT count(DISTINCT id) FROM passage").fetchone()
    except sqlite3.DatabaseError as error:
        raise DamagedVersionError(store.parent, f"{store.name} is niet te lezen ({error})") from error
    missing = np.flatnonzero(counts[:, 0] != np.arange(len(counts)))
    if len(missing):
        raise DamagedVersionError(store.parent, f"passage {missing[0]} ontbreekt")
    if ids != len(counts):
        raise DamagedVersionError(store.parent, "twee passages hebben hetzelfde kenmerk")
    return counts[:, 1]
