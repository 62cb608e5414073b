"""Embedding shared by several hosts: the ingest asks, and whoever is free takes the next texts out of one queue.

A batch is locked in a transaction for as long as it is worked on, and the others skip what is locked: each text is
taken once, and what a worker that died had in hand is free again at that moment.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing

import numpy as np
from numpy.typing import NDArray

from index.embeddings import PASSAGE, QUERY, cache_key
from index.encoder import Encoder
from index.postgres.connecting import Connection, connect, migrate, telling_trouble

# Texts that one worker takes at a time: few enough to share the last of them evenly, enough to fill every core.
BATCH = 16
# Texts that an ingest puts in the queue at a time; it waits for all of them before it goes on.
AT_ONCE = 2048
# How long is waited where all that is left is in other hands, and between two looks into an empty queue.
_WAIT, _IDLE = 0.1, 0.5


class SharedEncoder:
    """An encoder that has its texts embedded by all who look into the queue of a server, itself among them."""

    def __init__(self, encoder: Encoder, address: str) -> None:
        self._encoder = encoder
        self._address = address
        self.name, self.dimension, self.fingerprint = encoder.name, encoder.dimension, encoder.fingerprint

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (n, d) of questions. Raises BackendError."""
        return self._encoded(texts, QUERY, lambda done: None)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Unit vectors (n, d) of passages; `progress` is told how many are done. Raises BackendError."""
        return self._encoded(texts, PASSAGE, progress or (lambda done: None))

    def _encoded(self, texts: Sequence[str], role: str, progress: Callable[[int], None]) -> NDArray[np.float32]:
        keys = [cache_key(self.fingerprint, role, text) for text in texts]
        with telling_trouble(self._address), closing(connect(self._address)) as connection:
            migrate(connection)
            rows = [
                (key, self.fingerprint, role, text.replace("\x00", "\ufffd"))
                for key, text in zip(keys, texts, strict=True)
            ]
            with connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO embedding_task (key, model_fingerprint, role, text) VALUES (%s, %s, %s, %s) "
                    "ON CONFLICT DO NOTHING",
                    rows,
                )
            connection.commit()
            while left := _left(connection, keys):
                progress(len(keys) - left)
                if not embed_next(connection, self._encoder):
                    time.sleep(_WAIT)  # the last of them are in other hands
            found: dict[bytes, bytes] = dict(
                connection.execute(
                    "DELETE FROM embedding_task WHERE key = ANY(%s) RETURNING key, vector", (keys,)
                ).fetchall()
            )
            connection.commit()
        progress(len(keys))
        vectors = [np.frombuffer(found[key], dtype="<f4") for key in keys]
        return np.stack(vectors) if vectors else np.empty((0, self.dimension), dtype=np.float32)


def work(address: str, encoder: Encoder, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Embeds whatever is asked for until `may_go_on` says no; returns how many texts. Raises BackendError."""
    done = 0
    with telling_trouble(address), closing(connect(address)) as connection:
        migrate(connection)
        connection.commit()
        while may_go_on():
            embedded = embed_next(connection, encoder)
            done += embedded
            if not embedded:
                time.sleep(_IDLE)
    return done


def embed_next(connection: Connection, encoder: Encoder) -> int:
    """Takes at most BATCH texts that nobody has in hand, embeds them, and returns how many there were."""
    taken = connection.execute(
        "SELECT key, role, text FROM embedding_task WHERE vector IS NULL AND model_fingerprint = %s "
        "ORDER BY role, length(text) LIMIT %s FOR UPDATE SKIP LOCKED",
        (encoder.fingerprint, BATCH),
    ).fetchall()
    for role, encode in ((PASSAGE, encoder.encode_passages), (QUERY, encoder.encode_queries)):
        own = [(key, text) for key, of, text in taken if of == role]
        if own:
            vectors = encode([text for _, text in own])
            with connection.cursor() as cursor:
                cursor.executemany(
                    "UPDATE embedding_task SET vector = %s WHERE key = %s",
                    [(vector.astype("<f4").tobytes(), key) for (key, _), vector in zip(own, vectors, strict=True)],
                )
    connection.commit()
    return len(taken)


def _left(connection: Connection, keys: Sequence[bytes]) -> int:
    """How many of these texts have no vector yet."""
    row = connection.execute(
        "SELECT count(*) FROM embedding_task WHERE vector IS NULL AND key = ANY(%s)", (list(keys),)
    ).fetchone()
    connection.commit()
    return int(row[0]) if row else 0
