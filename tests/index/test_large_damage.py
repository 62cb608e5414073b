"""A large version whose files are damaged or do not belong together says so in Dutch and never answers from them."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.checking import verify
from index.encoder import Encoder
from index.errors import DamagedVersionError
from index.large.arrays import as_vectors
from index.large.nearest import write_nearest
from index.searcher import Searcher
from index.versions import Layout, Manifest, open_current, read_manifest, write_manifest
from tests.index.test_checking import damaged, told_of
from tests.index.toy import publish_corpus, publish_toy

QUESTION = 'Wie is voorzitter van de portefeuille "Onderwijs en Cultuur"?'
ARRAYS = [
    *("centroids", "documents", "firsts", "hubs", "mean_question", "owners", "portefeuilles", "sought", "vectors"),
    *("whole", "postings/term-rows", "postings/term-scores", "postings/lemma-rows", "postings/defined-rows"),
]
FILES = [*(f"{name}.npy" for name in ARRAYS), "nearest.faiss", "postings/lists.sqlite", "completing.json"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a large version, to copy and damage."""
    data = tmp_path_factory.mktemp("groot-heel")
    publish_corpus(data, exact_up_to=0)
    return data


@pytest.fixture
def copied(whole: Path, tmp_path: Path) -> tuple[Path, Layout, Manifest]:
    data = tmp_path / "data"
    shutil.copytree(whole, data)
    return data, *open_current(data)[1:]


def test_large_damage_every_file_is_tried(whole: Path) -> None:
    folder = open_current(whole)[1].folder
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    others = {name for name in there if name.startswith("words/")} | {"manifest.json", "store.sqlite", "begrippen.json"}
    assert there - others == set(FILES)


@pytest.mark.parametrize("damage", ["missing", "empty", "half", "longer", "garbage"])
@pytest.mark.parametrize("name", FILES)
def test_large_damaged_file_is_told_in_dutch(
    copied: tuple[Path, Layout, Manifest], toy_encoder: Encoder, name: str, damage: str
) -> None:
    data, layout, manifest = copied
    file = layout.folder / name
    content = file.read_bytes()
    file.unlink()
    if damage != "missing":
        made = {"empty": b"", "half": content[: len(content) // 2], "longer": content + b"\0", "garbage": b"kapot" * 99}
        file.write_bytes(made[damage])
    with pytest.raises(DamagedVersionError, match=r"De zoekindex \w+ is beschadigd: .*python -m ingest"):
        Searcher(data, toy_encoder)
    # what cannot be read is told even by who did not look at its size
    if damage != "longer":
        whole_again = write_manifest(layout, manifest)
        with pytest.raises(DamagedVersionError):
            verify(layout, whole_again)


def test_large_verify_notices_every_damage_to_any_file(copied: tuple[Path, Layout, Manifest]) -> None:
    layout = copied[1]
    files = sorted(path for path in layout.folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    chance = random.Random(20261125)
    missed = []
    for number in range(200):
        file = files[number % len(files)]
        content = file.read_bytes()
        file.write_bytes(damaged(content, chance))
        if file.name not in told_of(layout):
            missed.append((number, file.name))
        file.write_bytes(content)
    assert missed == []
    assert told_of(layout) == ""


def _other_vectors(layout: Layout) -> None:
    """As many vectors, but the first points nowhere."""
    vectors = np.load(layout.kept_vectors)
    vectors[0] = 0
    np.save(layout.kept_vectors, vectors)


def _other_nearest(layout: Layout) -> None:
    centres = np.load(layout.kept_vectors)[np.load(layout.firsts)[:-1]]
    write_nearest(layout.nearest, -centres)


def _fewer_nearest(layout: Layout) -> None:
    write_nearest(layout.nearest, np.load(layout.kept_vectors)[:3])


def _swapped_owners(layout: Layout) -> None:
    np.save(layout.owners, np.load(layout.owners)[::-1])


def _other_firsts(layout: Layout) -> None:
    firsts = np.load(layout.firsts)
    firsts[1] += 1
    np.save(layout.firsts, firsts)


def _reversed_postings(layout: Layout) -> None:
    file = layout.postings / "term-rows.npy"
    np.save(file, 8 - np.load(file))


def _another_kind_of_numbers(layout: Layout) -> None:
    np.save(layout.kept_vectors, as_vectors(np.load(layout.kept_vectors)))


def _no_lists(layout: Layout) -> None:
    with sqlite3.connect(layout.postings / "lists.sqlite") as connection:
        connection.execute("DELETE FROM size")
    connection.close()


def _twice_the_same_id(layout: Layout) -> None:
    with sqlite3.connect(layout.store) as connection:
        connection.execute("UPDATE passage SET id = 'dubbel'")
    connection.close()


def _a_passage_less(layout: Layout) -> None:
    with sqlite3.connect(layout.store) as connection:
        connection.execute("DELETE FROM passage WHERE row = 8")
    connection.close()


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (_other_vectors, "de eerste vector vindt zijn eigen passage niet"),
        (_other_nearest, "de eerste vector vindt zijn eigen passage niet"),
        (_fewer_nearest, "nearest.faiss hoort niet bij de passages"),
        (_swapped_owners, "de vectoren horen niet bij de passages"),
        (_other_firsts, "de vectoren horen niet bij de passages"),
        (_reversed_postings, "de woordenindex vindt de eerste passage niet"),
        (_another_kind_of_numbers, "vectors.npy heeft andere getallen"),
        (_no_lists, "er ontbreken woorden"),
        (_twice_the_same_id, "twee passages hebben hetzelfde kenmerk"),
        (_a_passage_less, "de vectoren horen niet bij de passages|8 passages in plaats van 9"),
    ],
)
def test_large_verify_refuses_parts_that_were_made_wrongly(
    copied: tuple[Path, Layout, Manifest], damage: Callable[[Layout], None], what: str
) -> None:
    _, layout, manifest = copied
    verify(layout, manifest)
    damage(layout)
    with pytest.raises(DamagedVersionError, match=what):
        verify(layout, write_manifest(layout, manifest))


@pytest.mark.parametrize("field", ["passages", "vectors", "dimension"])
@pytest.mark.parametrize("more", [-1, 1])
def test_large_verify_refuses_counts_that_differ(copied: tuple[Path, Layout, Manifest], field: str, more: int) -> None:
    _, layout, manifest = copied
    with pytest.raises(DamagedVersionError):
        verify(layout, replace(manifest, **{field: getattr(manifest, field) + more}))


def test_large_words_index_of_other_passages_is_refused(copied: tuple[Path, Layout, Manifest], tmp_path: Path) -> None:
    _, layout, manifest = copied
    publish_toy(tmp_path / "ander", [], [], exact_up_to=-1)
    shutil.rmtree(layout.words)
    shutil.copytree(open_current(tmp_path / "ander")[1].words, layout.words)
    with pytest.raises(DamagedVersionError, match="0 passages in de woordenindex in plaats van 9"):
        verify(layout, write_manifest(layout, manifest))


def test_large_manifest_that_was_changed_into_a_small_one_is_refused(copied: tuple[Path, Layout, Manifest]) -> None:
    _, layout, _ = copied
    layout.manifest.write_text(layout.manifest.read_text().replace('"large": true', '"large": false'))
    with pytest.raises(DamagedVersionError, match=r"manifest\.json is veranderd"):
        read_manifest(layout)
