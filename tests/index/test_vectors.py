from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.errors import DamagedVersionError
from index.vectors import WHOLE, Vectors, usual_similarity, write_vectors
from index.versions import Layout

OWNERS = np.array([[0, WHOLE], [0, 0], [0, 1], [1, WHOLE], [2, WHOLE]], dtype=np.int32)


def unit(count: int, dimension: int = 8, seed: int = 1) -> NDArray[np.float32]:
    drawn = np.random.default_rng(seed).normal(size=(count, dimension))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


def made(folder: Path, questions: int = 3) -> tuple[Vectors, NDArray[np.float32]]:
    vectors = unit(len(OWNERS))
    write_vectors(Layout(folder), vectors, OWNERS, unit(questions, seed=2))
    return Vectors(Layout(folder)), vectors


def test_vectors_similarities_are_the_inner_products_in_the_rows_order(tmp_path: Path) -> None:
    opened, vectors = made(tmp_path)
    query = unit(1, seed=3)[0]
    np.testing.assert_allclose(opened.similarities(query), vectors @ query, atol=1e-6)
    assert opened.similarities(vectors[3]).argmax() == 3
    assert opened.similarities(vectors[3])[3] == pytest.approx(1)


def test_vectors_keeps_owners_and_sizes(tmp_path: Path) -> None:
    opened, _ = made(tmp_path)
    assert (len(opened), opened.dimension) == (5, 8)
    np.testing.assert_array_equal(opened.owners, OWNERS)


def test_vectors_hubs_are_the_mean_similarity_with_the_questions(tmp_path: Path) -> None:
    opened, vectors = made(tmp_path)
    np.testing.assert_allclose(opened.hubs, (vectors @ unit(3, seed=2).T).mean(axis=1), atol=1e-6)


def test_vectors_without_questions_or_vectors(tmp_path: Path) -> None:
    opened, _ = made(tmp_path, questions=0)
    assert opened.hubs.tolist() == [0.0] * 5
    empty = tmp_path / "leeg"
    empty.mkdir()
    write_vectors(Layout(empty), unit(0), OWNERS[:0], unit(0))
    assert (len(Vectors(Layout(empty))), Vectors(Layout(empty)).dimension) == (0, 8)


@pytest.mark.parametrize("name", ["vectors.faiss", "owners.npy", "hubs.npy"])
@pytest.mark.parametrize("damage", ["missing", "empty", "half", "garbage"])
def test_vectors_that_are_damaged_say_so(tmp_path: Path, name: str, damage: str) -> None:
    made(tmp_path)
    file = tmp_path / name
    whole = file.read_bytes()
    file.unlink()
    if damage != "missing":
        file.write_bytes({"empty": b"", "half": whole[: len(whole) // 2], "garbage": b"kapot" * 99}[damage])
    with pytest.raises(DamagedVersionError, match="vectoren"):
        Vectors(Layout(tmp_path))


@pytest.mark.parametrize("name", ["owners", "hubs"])
def test_vectors_that_do_not_belong_together_say_so(tmp_path: Path, name: str) -> None:
    made(tmp_path)
    file = getattr(Layout(tmp_path), name)
    np.save(file, np.load(file)[:-1])
    with pytest.raises(DamagedVersionError, match="vectoren"):
        Vectors(Layout(tmp_path))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"(5, 2)", b"(10,) "),
        (b"(5, 2)", b"()    "),
        (b"<i4", b"<f4"),
        (b"<i4", b"<i2"),
        (b"}", b"("),  # NumPy reads the head as a Python literal
        (b"{", b" "),
        (b"\n", b"\\"),
    ],
)
def test_vectors_with_a_damaged_head_say_so(tmp_path: Path, before: bytes, after: bytes) -> None:
    made(tmp_path)
    file = tmp_path / "owners.npy"
    whole = file.read_bytes()
    assert before in whole
    file.unlink()
    file.write_bytes(whole.replace(before, after, 1))
    with pytest.raises(DamagedVersionError, match="vectoren"):
        Vectors(Layout(tmp_path))


def test_vectors_first_are_the_vectors_themselves(tmp_path: Path) -> None:
    opened, vectors = made(tmp_path)
    np.testing.assert_array_equal(opened.first(2), vectors[:2])


def test_vectors_owners_are_never_unpickled(tmp_path: Path) -> None:
    made(tmp_path)
    np.save(Layout(tmp_path).owners, np.array([{"a": 1}] * 5, dtype=object), allow_pickle=True)
    with pytest.raises(DamagedVersionError):
        Vectors(Layout(tmp_path))


def test_usual_similarity_is_the_best_one_outside_the_own_passage() -> None:
    # two passages of two sentences; the first passage's sentences are each other's nearest, and that does not count
    vectors = np.array([[1, 0, 0], [1, 0, 0], [0.6, 0.8, 0], [0, 0.6, 0.8]], dtype=np.float32)
    owners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.int32)
    mean, deviation = usual_similarity(vectors, owners, vectors, owners[:, 0])
    best = [0.6, 0.6, 0.6, 0.0]
    assert mean == pytest.approx(np.mean(best), abs=1e-6)
    assert deviation == pytest.approx(np.std(best), abs=1e-6)


def test_usual_similarity_of_one_passage_is_no_scale() -> None:
    vectors = np.eye(3, dtype=np.float32)
    owners = np.array([[0, 0], [0, 1], [0, 2]], dtype=np.int32)
    assert usual_similarity(vectors, owners, vectors, owners[:, 0]) == (0.0, 1.0)
