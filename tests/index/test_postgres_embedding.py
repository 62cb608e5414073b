"""Embedding shared through a queue on a real PostgreSQL server."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import closing

import numpy as np
import pytest
from numpy.typing import NDArray

from index.embeddings import PASSAGE, cache_key
from index.encoder import Encoder
from index.errors import BackendError
from index.postgres import __main__ as command
from index.postgres.connecting import connect, migrate
from index.postgres.embedding import BATCH, SharedEncoder, embed_next, work
from tests.conftest import Bureau, ToyEncoder
from tests.index.toy import CountingEncoder

TEXTS = [f"Dit is zin {number} over de gemeenten in Drenthe." for number in range(10 * BATCH + 3)]


class Patient(CountingEncoder):
    """The toy encoder that has its first texts in hand until the other begins."""

    def __init__(self, other: threading.Event, own: threading.Event) -> None:
        super().__init__()
        self._other, self._own = other, own

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self._own.set()
        assert self._other.wait(60)
        return super()._encode(texts)


def waiting(address: str) -> int:
    with closing(connect(address)) as connection:
        row = connection.execute("SELECT count(*) FROM embedding_task").fetchone()
    return int(row[0]) if row else -1


def asked(address: str, texts: Sequence[str]) -> None:
    """Puts texts in the queue, as an ingest does that was killed then."""
    with closing(connect(address)) as connection:
        migrate(connection)
        for text in texts:
            connection.execute(
                "INSERT INTO embedding_task VALUES (%s, %s, %s, %s)",
                (cache_key(ToyEncoder().fingerprint, PASSAGE, text), ToyEncoder().fingerprint, PASSAGE, text),
            )
        connection.commit()


def test_embedding_shared_by_two_workers_takes_each_text_once(address: str) -> None:
    begun, joined, done = threading.Event(), threading.Event(), threading.Event()
    ingest, helper = Patient(joined, begun), Patient(begun, joined)
    helping = threading.Thread(target=work, args=(address, helper, lambda: not done.is_set()))
    helping.start()
    vectors = SharedEncoder(ingest, address).encode_passages(TEXTS)
    done.set()
    helping.join()
    np.testing.assert_allclose(vectors, ToyEncoder().encode_passages(TEXTS), rtol=1e-6)
    assert sorted(ingest.embedded + helper.embedded) == sorted(TEXTS)
    assert min(len(ingest.embedded), len(helper.embedded)) >= BATCH
    assert waiting(address) == 0


def test_embedding_two_workers_that_look_at_once_get_different_texts(address: str) -> None:
    asked(address, TEXTS)
    first, second = CountingEncoder(), CountingEncoder()

    class Meanwhile(CountingEncoder):
        def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            with closing(connect(address)) as other:
                assert embed_next(other, second) == BATCH
            return first._encode(texts)

    with closing(connect(address)) as connection:
        assert embed_next(connection, Meanwhile()) == BATCH
    assert not set(first.embedded) & set(second.embedded)


def test_embedding_what_a_dead_worker_had_in_hand_is_taken_by_another(address: str, toy_encoder: Encoder) -> None:
    class Dying(ToyEncoder):
        def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            raise MemoryError

    asked(address, TEXTS[:BATCH])
    with closing(connect(address)) as connection, pytest.raises(MemoryError):
        embed_next(connection, Dying())
    with closing(connect(address)) as connection:
        assert embed_next(connection, toy_encoder) == BATCH


def test_embedding_with_another_model_is_left_alone(address: str) -> None:
    asked(address, TEXTS[:3])
    with closing(connect(address)) as connection:
        assert embed_next(connection, ToyEncoder("ander")) == 0


def test_embedding_keeps_the_order_and_what_is_asked_twice(address: str, toy_encoder: Encoder) -> None:
    texts = ["een lange zin over zorg", "kort", "een lange zin over zorg", "met\x00teken", ""]
    shared = SharedEncoder(toy_encoder, address)
    np.testing.assert_allclose(shared.encode_queries(texts[:3]), toy_encoder.encode_queries(texts[:3]), rtol=1e-6)
    assert shared.encode_passages(texts).shape == (5, toy_encoder.dimension)
    assert shared.encode_passages([]).shape == (0, toy_encoder.dimension)


def test_embedding_by_the_ingest_leaves_nothing_in_the_queue(
    bureau: Bureau, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_before = ["Een zin van een inlezing die is afgebroken."]
    asked(address, asked_before)
    monkeypatch.setenv("ZOEKPORTAAL_BACKEND", address)
    bureau.put("een.pdf", "De gemeenten werken samen aan zorg voor alle inwoners van Drenthe.")
    assert bureau.run() == 0
    assert waiting(address) == 0
    assert bureau.best("Wie werkt samen aan zorg?").startswith("De gemeenten")


def test_postgres_main_needs_an_address(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("ZOEKPORTAAL_BACKEND", raising=False)
    with pytest.raises(SystemExit) as stopped:
        command.main([])
    assert stopped.value.code == 2
    assert "ZOEKPORTAAL_BACKEND" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "status"), [(KeyboardInterrupt(), 0), (BackendError("postgresql://x", OSError()), 1)]
)
def test_postgres_main_says_why_it_stops(
    error: BaseException, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_arguments: object) -> int:
        raise error

    monkeypatch.setenv("ZOEKPORTAAL_BACKEND", "postgresql://x")
    monkeypatch.setattr(command, "load_encoder", lambda *_arguments: ToyEncoder())
    monkeypatch.setattr(command, "work", stop)
    assert command.main([]) == status
    assert ("gestopt" if status == 0 else "databank") in capsys.readouterr().err
