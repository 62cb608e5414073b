from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.embeddings import PASSAGE, QUERY, Ahead, cache_key, embed_passages, embed_queries, keep_only
from index.errors import ModelError
from tests.conftest import ToyEncoder
from tests.index.toy import CountingEncoder

TEXTS = ["Zilveren Kruis is preferent.", "Het DOE stelde het programmaplan vast.", "Zilveren Kruis is preferent.", ""]


def made(texts: Sequence[str]) -> NDArray[np.float32]:
    return ToyEncoder().encode_passages(texts)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "embeddings.sqlite"


def test_embeddings_are_the_encoders_own_in_order(cache: Path) -> None:
    for _ in range(2):  # made, then from the cache
        np.testing.assert_array_equal(embed_passages(TEXTS, CountingEncoder(), cache), made(TEXTS))


def test_embeddings_embed_nothing_twice(cache: Path) -> None:
    encoder = CountingEncoder()
    embed_passages(TEXTS, encoder, cache)
    assert sorted(encoder.embedded) == sorted(set(TEXTS))
    encoder.embedded.clear()
    embed_passages([*reversed(TEXTS), "Iets nieuws."], encoder, cache)
    assert encoder.embedded == ["Iets nieuws."]


def test_embeddings_tell_questions_from_passages_and_models_apart(cache: Path) -> None:
    encoder = CountingEncoder()
    embed_passages(["zorg"], encoder, cache)
    embed_queries(["zorg"], encoder, cache)
    assert encoder.embedded == ["zorg", "zorg"]  # a model may prefix them differently
    other = CountingEncoder("ander")
    embed_passages(["zorg"], other, cache)
    assert other.embedded == ["zorg"]


def test_embeddings_of_nothing(cache: Path) -> None:
    assert embed_passages([], CountingEncoder(dimension=16), cache).shape == (0, 16)


def test_embeddings_tell_how_far_they_are(cache: Path) -> None:
    texts = [f"Zin {number} van het overdrachtsdocument." for number in range(150)]
    told: list[int] = []
    embed_passages(texts[:50], CountingEncoder(), cache)
    embed_passages(texts, CountingEncoder(), cache, told.append)
    assert told[0] == 50  # what the cache has is done at once
    assert told == sorted(told)
    assert told[-1] == 150
    assert len(told) > 2


@pytest.mark.parametrize("damage", [lambda whole: b"kapot" * 500, lambda whole: whole[: len(whole) // 2]])
def test_embeddings_cache_that_is_damaged_is_made_anew(cache: Path, damage: Callable[[bytes], bytes]) -> None:
    texts = [f"Zin {number} van het overdrachtsdocument." for number in range(300)]
    embed_passages(texts, CountingEncoder(), cache)
    cache.write_bytes(damage(cache.read_bytes()))
    np.testing.assert_array_equal(embed_passages(texts, CountingEncoder(), cache), made(texts))
    encoder = CountingEncoder()
    embed_passages(texts, encoder, cache)
    assert encoder.embedded == []


def test_embeddings_cache_of_another_form_is_made_anew(cache: Path) -> None:
    cache.parent.mkdir()
    connection = sqlite3.connect(cache)
    connection.execute("CREATE TABLE embedding (naam TEXT)")
    connection.commit()
    connection.close()
    np.testing.assert_array_equal(embed_passages(TEXTS, CountingEncoder(), cache), made(TEXTS))


def test_embeddings_vector_of_a_wrong_length_is_made_anew(cache: Path) -> None:
    embed_passages(TEXTS, CountingEncoder(), cache)
    connection = sqlite3.connect(cache)
    connection.execute("UPDATE embedding SET vector = X'00000000'")
    connection.commit()
    connection.close()
    np.testing.assert_array_equal(embed_passages(TEXTS, CountingEncoder(), cache), made(TEXTS))


def test_embeddings_keep_what_was_done_when_a_run_breaks_off(cache: Path) -> None:
    class Breaks(CountingEncoder):
        def encode_passages(
            self, texts: Sequence[str], progress: Callable[[int], None] | None = None
        ) -> NDArray[np.float32]:
            if self.embedded:
                raise KeyboardInterrupt
            return super().encode_passages(texts, progress)

    texts = [f"Zin {number} van het overdrachtsdocument." for number in range(200)]
    broken, encoder = Breaks(), CountingEncoder()
    with pytest.raises(KeyboardInterrupt):
        embed_passages(texts, broken, cache)
    embed_passages(texts, encoder, cache)
    assert 0 < len(broken.embedded) < 200
    assert sorted(broken.embedded + encoder.embedded) == sorted(texts)


def test_embeddings_keep_only_what_is_named_and_no_byte_of_the_rest(cache: Path) -> None:
    encoder = CountingEncoder()
    vectors = embed_passages(["zorg", "schuldhulp"], encoder, cache)
    embed_queries(["zorg", "jeugd"], encoder, cache)
    kept = [cache_key(encoder.fingerprint, PASSAGE, "zorg"), cache_key(encoder.fingerprint, QUERY, "jeugd")]
    keep_only(cache, [*kept, cache_key(encoder.fingerprint, PASSAGE, "nooit ingebed")])
    assert vectors[1].tobytes() not in cache.read_bytes()
    assert vectors[0].tobytes() in cache.read_bytes()
    assert [path.name for path in cache.parent.iterdir()] == [cache.name]
    encoder.embedded.clear()
    embed_passages(["zorg", "schuldhulp"], encoder, cache)
    embed_queries(["zorg", "jeugd"], encoder, cache)
    assert encoder.embedded == ["schuldhulp", "zorg"]


@pytest.mark.parametrize("content", [b"", b"geen databank" * 99])
def test_embeddings_keep_only_removes_a_cache_that_is_none(cache: Path, content: bytes) -> None:
    cache.parent.mkdir()
    cache.write_bytes(content)
    keep_only(cache, [b"sleutel"])
    assert list(cache.parent.iterdir()) == []


class Portions(CountingEncoder):
    """Remembers which texts were embedded together."""

    def __init__(self) -> None:
        super().__init__()
        self.portions: list[list[str]] = []

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        self.portions.append(list(texts))
        return super().encode_passages(texts, progress)


def test_embeddings_ahead_makes_the_portions_that_would_be_made_at_once(cache: Path, tmp_path: Path) -> None:
    texts = [f"De raad neemt besluit {number % 9}." for number in range(12)] + ["Het zwembad blijft open."]
    known = texts[2:4]
    at_once, ahead_of_it = Portions(), Portions()
    for place in (cache, tmp_path / "andere" / "embeddings.sqlite"):
        embed_passages(known, ToyEncoder(), place)
    embed_passages(texts, at_once, cache, at_once=3)

    with Ahead(lambda: ahead_of_it, tmp_path / "andere" / "embeddings.sqlite", at_once=3) as ahead:
        for start, end in ((0, 1), (1, 6), (6, 6), (6, 13)):  # as documents come, one of them without passages
            ahead.add(texts[start:end])
        seen: list[int] = []
        ahead.finish(seen.append)
        assert ahead.encoder() is ahead_of_it

    assert ahead_of_it.portions == at_once.portions
    assert seen[-1] == len(texts)
    left = Portions()
    vectors = embed_passages(texts, left, tmp_path / "andere" / "embeddings.sqlite")
    assert left.portions == []
    np.testing.assert_array_equal(vectors, made(texts))


def test_embeddings_ahead_tells_whoever_waits_what_went_wrong(cache: Path) -> None:
    def refuse() -> ToyEncoder:
        raise ModelError("Het taalmodel ontbreekt.")

    with Ahead(refuse, cache) as ahead:
        ahead.add(["Een zin."])
        with pytest.raises(ModelError, match="ontbreekt"):
            ahead.encoder()
        with pytest.raises(ModelError, match="ontbreekt"):
            ahead.finish()


def test_embeddings_ahead_that_is_broken_off_keeps_what_was_made(cache: Path) -> None:
    encoder = Portions()

    def broken_off() -> None:
        with Ahead(lambda: encoder, cache, at_once=1) as ahead:
            ahead.add(["Een zin."])
            while not encoder.portions:
                ahead.encoder()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    left = Portions()
    embed_passages(["Een zin.", "Nog een zin."], left, cache)
    assert left.portions == [["Nog een zin."]]
