"""Embeddings kept by content: no text is embedded twice by the same model, whatever version it ends up in."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder

# Texts embedded between two writes: a killed run loses at most these.
_CHUNK = 64


Encode = Callable[[Sequence[str]], NDArray[np.float32]]
Tell = Callable[[int], None]


def embed_passages(
    texts: Sequence[str], encoder: Encoder, cache: Path, progress: Tell = lambda done: None
) -> NDArray[np.float32]:
    """Unit vectors (n, d) of passages; only those that the cache file does not have are embedded.

    `progress` is called with the number of texts that are done, from the cache or anew.
    """
    return _embed(texts, encoder.encode_passages, "passage", encoder, cache, progress)


def embed_queries(
    texts: Sequence[str], encoder: Encoder, cache: Path, progress: Tell = lambda done: None
) -> NDArray[np.float32]:
    """The same for texts that are put as questions."""
    return _embed(texts, encoder.encode_queries, "query", encoder, cache, progress)


def _embed(
    texts: Sequence[str], encode: Encode, role: str, encoder: Encoder, cache: Path, progress: Tell
) -> NDArray[np.float32]:
    cache.parent.mkdir(parents=True, exist_ok=True)
    connection = _open(cache)
    try:
        keys = [hashlib.sha256(f"{encoder.fingerprint}\n{role}\n{text}".encode()).digest() for text in texts]
        known = _known(connection, set(keys), encoder.dimension)
        missing = list({key: text for key, text in zip(keys, texts, strict=True) if key not in known}.items())
        done = len(texts) - sum(key not in known for key in keys)
        progress(done)
        for start in range(0, len(missing), _CHUNK):
            chunk = missing[start : start + _CHUNK]
            vectors = encode([text for _, text in chunk])
            rows = [(key, vector.astype(np.float32).tobytes()) for (key, _), vector in zip(chunk, vectors, strict=True)]
            connection.executemany("INSERT OR REPLACE INTO embedding VALUES (?,?)", rows)
            connection.commit()
            known.update((key, vector) for (key, _), vector in zip(chunk, vectors, strict=True))
            done += len(chunk)
            progress(min(done, len(texts)))
    finally:
        connection.close()
    progress(len(texts))
    if not keys:
        return np.empty((0, encoder.dimension), dtype=np.float32)
    return np.stack([known[key] for key in keys])


def _open(cache: Path) -> sqlite3.Connection:
    """The cache; one that cannot be opened is made anew, since nothing is lost but time."""
    create = "CREATE TABLE IF NOT EXISTS embedding (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID"
    connection = sqlite3.connect(cache)
    try:
        connection.execute(create)
        connection.execute("SELECT count(key), count(vector) FROM embedding").fetchone()
    except sqlite3.DatabaseError:
        connection.close()
        cache.unlink()
        connection = sqlite3.connect(cache)
        connection.execute(create)
    return connection


def _known(connection: sqlite3.Connection, keys: set[bytes], dimension: int) -> dict[bytes, NDArray[np.float32]]:
    known: dict[bytes, NDArray[np.float32]] = {}
    for key in keys:
        row = connection.execute("SELECT vector FROM embedding WHERE key = ?", (key,)).fetchone()
        if row and len(row[0]) == 4 * dimension:
            known[key] = np.frombuffer(row[0], dtype=np.float32)
    return known
