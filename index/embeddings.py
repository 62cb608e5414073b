"""Embeddings kept by content: no text is embedded twice by the same model, whatever version it ends up in."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder

# Texts embedded between two writes: a killed run loses at most these.
AT_ONCE = 64
# How often whoever waits for the embedding looks how far it is, in seconds.
_LOOK = 0.1
_TABLE = "CREATE TABLE IF NOT EXISTS embedding (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID"
# What a text is embedded as; models like E5 read the two differently.
PASSAGE, QUERY = "passage", "query"

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
Tell = Callable[[int], None]


def embed_passages(
    texts: Sequence[str],
    encoder: Encoder,
    cache: Path,
    progress: Tell = lambda done: None,
    at_once: int = AT_ONCE,
) -> NDArray[np.float32]:
    """Unit vectors (n, d) of passages; only those that the cache file does not have are embedded.

    `progress` is called with the number of texts that are done, from the cache or anew; `at_once` go to the encoder.
    """
    return _embed(texts, encoder.encode_passages, PASSAGE, encoder, cache, progress, at_once)


def embed_queries(
    texts: Sequence[str],
    encoder: Encoder,
    cache: Path,
    progress: Tell = lambda done: None,
    at_once: int = AT_ONCE,
) -> NDArray[np.float32]:
    """The same for texts that are put as questions."""
    return _embed(texts, encoder.encode_queries, QUERY, encoder, cache, progress, at_once)


class Ahead:
    """Embeds passages in a thread of its own while others are still being read; embed_passages then finds them cached.

        with Ahead(load, cache) as ahead:
            ahead.add(["…"])
            ahead.finish()

    The texts go to the encoder in the very portions that embed_passages would make of all of them, so that not a bit of
    a vector depends on when it was made. What goes wrong in the thread is raised by `encoder` and `finish`.
    """

    def __init__(self, load: Callable[[], Encoder], cache: Path, at_once: int = AT_ONCE) -> None:
        """`load` gives the encoder; it is called in the thread."""
        self._load, self._cache, self._at_once = load, cache, at_once
        self._texts: SimpleQueue[Sequence[str] | None] = SimpleQueue()
        self._loaded, self._stopped = threading.Event(), threading.Event()
        self._encoder: Encoder | None = None
        self._error: BaseException | None = None
        self._done = 0
        self._thread = threading.Thread(target=self._run, name="vooruit", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the thread; a portion that it has in hand is finished first."""
        self._stopped.set()
        self._texts.put(None)
        self._thread.join()

    def encoder(self) -> Encoder:
        """The encoder, once it is loaded."""
        self._loaded.wait()
        if self._encoder is None:
            raise self._error or RuntimeError("the encoder was not loaded")
        return self._encoder

    def add(self, texts: Sequence[str]) -> None:
        """Passages that come next, in their order."""
        self._texts.put(texts)

    def finish(self, progress: Tell = lambda done: None) -> None:
        """Waits until all that was added is in the cache; `progress` is called with how many texts are."""
        self._texts.put(None)
        while self._thread.is_alive():
            self._thread.join(_LOOK)
            progress(self._done)
        if self._error:
            raise self._error

    def _run(self) -> None:
        try:
            self._encoder = self._load()
            self._loaded.set()
            self._embed(self._encoder)
        except BaseException as error:  # told to whoever waits
            self._error = error
        finally:
            self._loaded.set()

    def _embed(self, encoder: Encoder) -> None:
        waiting: dict[bytes, str] = {}
        seen: set[bytes] = set()
        self._cache.parent.mkdir(parents=True, exist_ok=True)
        with closing(_open(self._cache)) as connection:
            while (texts := self._texts.get()) is not None:
                for text in texts:
                    key = cache_key(encoder.fingerprint, PASSAGE, text)
                    if key in seen or _known(connection, {key}, encoder.dimension):
                        self._done += 1
                    else:
                        waiting[key] = text
                    seen.add(key)
                    if len(waiting) == self._at_once:
                        self._write(connection, encoder, waiting)
                        waiting = {}
                    if self._stopped.is_set():
                        return
            if waiting and not self._stopped.is_set():
                self._write(connection, encoder, waiting)

    def _write(self, connection: sqlite3.Connection, encoder: Encoder, texts: dict[bytes, str]) -> None:
        _keep(connection, list(texts), encoder.encode_passages(list(texts.values())))
        self._done += len(texts)


def cache_key(model_fingerprint: str, role: str, text: str) -> bytes:
    """The key of a text that a model embedded as PASSAGE or QUERY."""
    return hashlib.sha256(f"{model_fingerprint}\n{role}\n{text}".encode()).digest()


def keep_only(cache: Path, keys: Iterable[bytes]) -> None:
    """Writes the cache file anew with only these keys, so that no byte of the others is left in it.

    A vector, too, says something of its text. A cache that is damaged, or none at all, is removed whole.
    """
    aside = cache.with_name(f".{cache.name}")
    aside.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(aside)) as connection:
            connection.execute(_TABLE)
            connection.execute("ATTACH ? AS old", (str(cache),))
            statement = "INSERT OR IGNORE INTO main.embedding SELECT key, vector FROM old.embedding WHERE key = ?"
            connection.executemany(statement, ((key,) for key in keys))
            connection.commit()
        os.replace(aside, cache)
    except sqlite3.DatabaseError:
        aside.unlink(missing_ok=True)
        cache.unlink()
    for left in cache.parent.glob(f"{cache.name}-*"):
        left.unlink()


def _embed(
    texts: Sequence[str], encode: Encode, role: str, encoder: Encoder, cache: Path, progress: Tell, at_once: int
) -> NDArray[np.float32]:
    cache.parent.mkdir(parents=True, exist_ok=True)
    connection = _open(cache)
    try:
        keys = [cache_key(encoder.fingerprint, role, text) for text in texts]
        known = _known(connection, set(keys), encoder.dimension)
        missing = list({key: text for key, text in zip(keys, texts, strict=True) if key not in known}.items())
        done = len(texts) - sum(key not in known for key in keys)
        progress(done)
        for start in range(0, len(missing), at_once):
            chunk = missing[start : start + at_once]
            vectors = encode([text for _, text in chunk])
            _keep(connection, [key for key, _ in chunk], vectors)
            known.update((key, vector) for (key, _), vector in zip(chunk, vectors, strict=True))
            done += len(chunk)
            progress(min(done, len(texts)))
    finally:
        connection.close()
    progress(len(texts))
    if not keys:
        return np.empty((0, encoder.dimension), dtype=np.float32)
    return np.stack([known[key] for key in keys])


def _keep(connection: sqlite3.Connection, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
    rows = [(key, vector.astype(np.float32).tobytes()) for key, vector in zip(keys, vectors, strict=True)]
    connection.executemany("INSERT OR REPLACE INTO embedding VALUES (?,?)", rows)
    connection.commit()


def _open(cache: Path) -> sqlite3.Connection:
    """The cache; one that cannot be opened is made anew, since nothing is lost but time."""
    connection = sqlite3.connect(cache)
    try:
        connection.execute(_TABLE)
        connection.execute("SELECT count(key), count(vector) FROM embedding").fetchone()
    except sqlite3.DatabaseError:
        connection.close()
        cache.unlink()
        connection = sqlite3.connect(cache)
        connection.execute(_TABLE)
    return connection


def _known(connection: sqlite3.Connection, keys: set[bytes], dimension: int) -> dict[bytes, NDArray[np.float32]]:
    known: dict[bytes, NDArray[np.float32]] = {}
    for key in keys:
        row = connection.execute("SELECT vector FROM embedding WHERE key = ?", (key,)).fetchone()
        if row and len(row[0]) == 4 * dimension:
            known[key] = np.frombuffer(row[0], dtype=np.float32)
    return known
