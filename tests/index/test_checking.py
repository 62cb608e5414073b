"""What a version is held against before it answers, goes along in a backup, or is gone back to."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import faiss
import numpy as np
import pytest

from index.checking import check, is_whole, verify
from index.errors import DamagedVersionError
from index.store import Store
from index.vectors import Vectors
from index.versions import Layout, Manifest, open_current, read_manifest, write_manifest
from index.words import Words
from tests.conftest import Bureau
from tests.index.toy import publish_corpus, publish_one


@pytest.fixture
def built(tmp_path: Path) -> tuple[Layout, Manifest]:
    publish_corpus(tmp_path)
    return open_current(tmp_path)[1:]


def test_verify_passes_what_was_built(built: tuple[Layout, Manifest]) -> None:
    verify(*built)


# ── Damage ───────────────────────────────────────────────────────────────────────────────────────────────────────


def damaged(whole: bytes, chance: random.Random) -> bytes:
    """A file's content with a stretch of it changed, zeroed or cut off: never what it was."""
    while True:
        start = chance.randrange(len(whole))
        end = min(len(whole), start + chance.choice([1, 16, 512, 4096]))
        noise = bytes(byte ^ chance.randrange(1, 256) for byte in whole[start:end])
        made = chance.choice(
            [whole[:start] + noise + whole[end:], whole[:start] + bytes(end - start) + whole[end:], whole[:start]]
        )
        if made != whole:
            return made


def told_of(layout: Layout) -> str:
    try:
        verify(layout, read_manifest(layout))
    except DamagedVersionError as error:
        return str(error)
    return ""


def test_verify_notices_every_damage_to_any_file(built: tuple[Layout, Manifest]) -> None:
    layout = built[0]
    files = sorted(path for path in layout.folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    assert len(files) >= 12  # manifest, store, vectors, owners, hubs, and the words' own
    chance = random.Random(20261123)
    missed = []
    for number in range(300):
        file = files[number % len(files)]
        whole = file.read_bytes()
        file.write_bytes(damaged(whole, chance))
        if file.name not in told_of(layout):
            missed.append((number, file.name))
        file.write_bytes(whole)
    assert missed == []
    assert told_of(layout) == ""


def test_verify_notices_a_file_that_is_gone(built: tuple[Layout, Manifest]) -> None:
    layout, manifest = built
    for file in manifest.files:
        path = layout.folder / file.name
        path.rename(layout.folder / "weg")
        with pytest.raises(DamagedVersionError, match=f"{path.name} ontbreekt"):
            verify(layout, manifest)
        (layout.folder / "weg").rename(path)


def test_check_notices_another_size_without_reading(built: tuple[Layout, Manifest]) -> None:
    layout, manifest = built
    parts = Store(layout.store), Vectors(layout), Words(layout.words)
    check(layout, manifest, *parts)
    for file in (layout.hubs, layout.words / "meta.json"):
        whole = file.read_bytes()
        file.write_bytes(whole + b" ")
        with pytest.raises(DamagedVersionError, match=rf"{file.name} is \d+ bytes groot in plaats van {len(whole)}"):
            check(layout, manifest, *parts)
        file.write_bytes(whole)


def test_is_whole_tells_damage_from_what_was_published(tmp_path: Path) -> None:
    name = publish_one(tmp_path, "Een zin.")
    assert is_whole(tmp_path, name)
    assert not is_whole(tmp_path, "20200101T000000000000Z")
    hubs = open_current(tmp_path)[1].hubs
    hubs.write_bytes(hubs.read_bytes()[:-1] + b"\x01")
    assert not is_whole(tmp_path, name)


@pytest.mark.parametrize(
    ("part", "told"), [("hubs.npy", "hubs.npy is veranderd"), ("manifest.json", "een andere uitgave van het portaal")]
)
def test_verify_lets_the_next_ingest_make_a_new_version(bureau: Bureau, part: str, told: str) -> None:
    bureau.put("zorg.pdf", "De preferente zorgverzekeraar in Drenthe is Zilveren Kruis.")
    assert bureau.run() == 0
    (before,) = bureau.versions()
    file = bureau.data / "index" / before / part
    if part == "manifest.json":
        file.write_text(json.dumps({**json.loads(file.read_text()), "form": 1}))
    else:
        file.write_bytes(file.read_bytes()[:-1] + b"\x01")
    assert bureau.run() == 0
    assert told in bureau.err
    assert "Er wordt nu een nieuwe versie gemaakt." in bureau.err
    after = open_current(bureau.data)[0]
    assert after != before
    assert is_whole(bureau.data, after)
    assert bureau.run() == 0
    assert "niets veranderd" in bureau.out


# ── What was made wrongly ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("field", "what"), [("passages", "passages"), ("vectors", "vectoren"), ("dimension", "getal")])
@pytest.mark.parametrize("more", [-1, 1])
def test_verify_refuses_counts_that_differ(built: tuple[Layout, Manifest], field: str, what: str, more: int) -> None:
    layout, manifest = built
    with pytest.raises(DamagedVersionError, match=what):
        verify(layout, replace(manifest, **{field: getattr(manifest, field) + more}))


def test_verify_refuses_a_words_index_of_other_passages(built: tuple[Layout, Manifest], tmp_path: Path) -> None:
    layout, manifest = built
    publish_one(tmp_path / "ander", "Een zin.")
    other = open_current(tmp_path / "ander")[1]
    layout.words.rename(tmp_path / "weg")
    other.words.rename(layout.words)
    with pytest.raises(DamagedVersionError, match="1 passages in de woordenindex in plaats van 9"):
        verify(layout, write_manifest(layout, manifest))


@pytest.mark.parametrize("row", [-1, 9])
def test_verify_refuses_vectors_without_a_passage(built: tuple[Layout, Manifest], row: int) -> None:
    layout, manifest = built
    owners = np.load(layout.owners)
    owners[-1, 0] = row
    np.save(layout.owners, owners)
    with pytest.raises(DamagedVersionError, match="zonder passage"):
        verify(layout, write_manifest(layout, manifest))


def _other_words(layout: Layout, other: Layout) -> None:
    shutil.rmtree(layout.words)
    shutil.copytree(other.words, layout.words)


def _other_vectors(layout: Layout, other: Layout) -> None:
    """As many vectors, but the first points nowhere."""
    vectors = faiss.read_index(str(layout.vectors))
    matrix = vectors.reconstruct_n(0, vectors.ntotal)
    matrix[0] = 0.0
    made = faiss.IndexFlatIP(vectors.d)
    made.add(matrix)
    faiss.write_index(made, str(layout.vectors))


def _swapped_owners(layout: Layout, other: Layout) -> None:
    owners = np.load(layout.owners)
    np.save(layout.owners, owners[::-1])


def _twice_the_same_id(layout: Layout, other: Layout) -> None:
    with sqlite3.connect(layout.store) as connection:
        connection.execute("UPDATE passage SET id = 'dubbel'")
    connection.close()


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (_other_words, "de woordenindex vindt de eerste passage niet"),
        (_other_vectors, "de eerste vector vindt zijn eigen passage niet"),
        (_swapped_owners, "de vectoren horen niet bij de passages"),
        (_twice_the_same_id, "twee passages hebben hetzelfde kenmerk"),
    ],
)
def test_verify_refuses_parts_that_were_made_wrongly(
    tmp_path: Path, damage: Callable[[Layout, Layout], None], what: str
) -> None:
    publish_one(tmp_path / "een", "De scholen lezen.", "Er komen bomen.")
    publish_one(tmp_path / "ander", "Geheel iets anders.", "Weer andere woorden.")
    _, layout, manifest = open_current(tmp_path / "een")
    verify(layout, manifest)
    damage(layout, open_current(tmp_path / "ander")[1])
    with pytest.raises(DamagedVersionError, match=what):
        verify(layout, write_manifest(layout, manifest))


@pytest.mark.parametrize("text", ["En wat is er dan nog?", "–", "Gemeenten", "DOE 2026"])
def test_verify_passes_a_first_passage_whatever_its_words(tmp_path: Path, text: str) -> None:
    publish_one(tmp_path, text, "Een tweede zin.", text)
    verify(*open_current(tmp_path)[1:])
