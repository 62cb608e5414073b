"""A searcher that cannot open what it should, or finds it damaged, says so in Dutch and never answers from it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from index import searcher as searcher_module
from index.encoder import Encoder
from index.errors import DamagedVersionError, ModelMismatchError, NoVersionError, SearchIndexError
from index.exports import FLOAT32
from index.searcher import Searcher, open_searcher
from index.versions import Layout, current_version, discard, open_current, switch, versions
from tests.conftest import ToyEncoder
from tests.index.toy import publish_corpus, publish_one

QUESTION = "Wie is voorzitter van de portefeuille Onderwijs en Cultuur?"


def test_searcher_with_another_model_is_refused(published: Path) -> None:
    with pytest.raises(ModelMismatchError, match="gemaakt met taalmodel 'toy', maar nu is 'ander' ingesteld"):
        Searcher(published, ToyEncoder("ander"))
    with pytest.raises(ModelMismatchError, match="andere gewichten"):
        Searcher(published, ToyEncoder(dimension=32))


def test_open_searcher_says_that_there_is_no_index_before_it_loads_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searcher_module, "load_encoder", lambda *arguments: pytest.fail("model loaded"))
    with pytest.raises(NoVersionError, match="python -m ingest"):
        open_searcher(tmp_path)


def test_open_searcher_loads_the_model_that_is_named(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def load(*arguments: object, precision: str) -> Encoder:
        asked.extend((*arguments, precision))
        return ToyEncoder()

    monkeypatch.setattr(searcher_module, "load_encoder", load)
    assert open_searcher(published, model="een/model", models=tmp_path).search("zorg").hits
    assert asked == ["een/model", tmp_path, FLOAT32]


def test_open_searcher_takes_the_next_version_if_one_is_removed_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = publish_one(tmp_path, "De oude uitgave.")
    publish_one(tmp_path, "De nieuwe uitgave.")
    switch(tmp_path, old)
    opened = searcher_module.Searcher

    def overtaken(data: Path, encoder: Encoder, backend: None = None) -> Searcher:
        if current_version(data) == old:
            switch(data, max(versions(data)))
            discard(data, old)
            raise DamagedVersionError(data / "index" / old, "het bestand store.sqlite ontbreekt")
        return opened(data, encoder)

    monkeypatch.setattr(searcher_module, "Searcher", overtaken)
    found = open_searcher(tmp_path, load=lambda *_arguments: ToyEncoder()).search("uitgave")
    assert found.hits[0].passage.text == "De nieuwe uitgave."


def test_open_searcher_tells_of_damage_that_stays(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "index" / publish_one(tmp_path, "Een zin."))
    layout.hubs.unlink()
    with pytest.raises(DamagedVersionError, match=r"hubs\.npy"):
        open_searcher(tmp_path, load=lambda *_arguments: ToyEncoder())


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder to copy and damage."""
    data = tmp_path_factory.mktemp("heel")
    publish_corpus(data)
    return data


KINDS = [
    *("manifest.json", "store.sqlite", "vectors.faiss", "owners.npy", "hubs.npy", "words/meta.json"),
    *("words/*.idx", "words/*.pos", "words/*.store", "words/*.term", "words/*.fieldnorm", "words/*.fast"),
]


@pytest.mark.parametrize("damage", ["missing", "empty", "half", "garbage"])
@pytest.mark.parametrize("kind", KINDS)
def test_searcher_damaged_file_is_told_in_dutch(
    plain: Path, tmp_path: Path, toy_encoder: Encoder, kind: str, damage: str
) -> None:
    data = tmp_path / "data"
    shutil.copytree(plain, data)
    (file,) = open_current(data)[1].folder.glob(kind)
    whole = file.read_bytes()
    file.unlink()
    if damage != "missing":
        file.write_bytes({"empty": b"", "half": whole[: len(whole) // 2], "garbage": b"kapot" * 999}[damage])
    with pytest.raises(DamagedVersionError, match=r"De zoekindex \w+ is beschadigd: .*python -m ingest"):
        Searcher(data, toy_encoder).search(QUESTION)


@pytest.mark.parametrize("part", range(4, 10))
def test_searcher_store_damaged_in_any_part_is_told_in_dutch(
    plain: Path, tmp_path: Path, toy_encoder: Encoder, part: int
) -> None:
    data = tmp_path / "data"
    shutil.copytree(plain, data)
    file = open_current(data)[1].store
    content = bytearray(file.read_bytes())
    start = len(content) * part // 10
    content[start : start + 4096] = b"\xff" * 4096
    file.write_bytes(content)

    def read_all() -> None:
        opened = Searcher(data, toy_encoder)
        opened.search(QUESTION)
        opened.sources()
        for document in opened.documents():
            for number in range(1, document.pages + 1):
                opened.page(document.id, number)

    with pytest.raises(DamagedVersionError, match=r"store\.sqlite"):
        read_all()


@pytest.mark.parametrize("name", ["store", "vectors", "words"])
def test_searcher_file_of_another_version_is_told_in_dutch(
    plain: Path, tmp_path: Path, toy_encoder: Encoder, name: str
) -> None:
    data = tmp_path / "data"
    shutil.copytree(plain, data)
    publish_one(tmp_path / "ander", "Een zin over zorg.")
    mine, other = (getattr(open_current(folder)[1], name) for folder in (data, tmp_path / "ander"))
    mine.rename(tmp_path / "weg")
    other.rename(mine)
    with pytest.raises(DamagedVersionError, match="is beschadigd"):
        Searcher(data, toy_encoder).search(QUESTION)


@pytest.mark.parametrize("created", ['"gisteren"', "5", "null"])
def test_searcher_manifest_with_a_wrong_value_is_told_in_dutch(
    plain: Path, tmp_path: Path, toy_encoder: Encoder, created: str
) -> None:
    data = tmp_path / "data"
    shutil.copytree(plain, data)
    manifest = open_current(data)[1].manifest
    text = manifest.read_text()
    line = next(line for line in text.splitlines() if '"created"' in line)
    manifest.write_text(text.replace(line, f'  "created": {created},'))
    with pytest.raises(DamagedVersionError, match="is beschadigd"):
        Searcher(data, toy_encoder)


def test_searcher_keeps_answering_from_the_version_that_it_opened(tmp_path: Path, toy_encoder: Encoder) -> None:
    publish_corpus(tmp_path)
    opened = Searcher(tmp_path, toy_encoder)
    before = replace(opened.search(QUESTION), seconds=0.0)
    publish_one(tmp_path, "Iets heel anders.")
    assert replace(opened.search(QUESTION), seconds=0.0) == before
    assert Searcher(tmp_path, toy_encoder).version != opened.version


def test_searcher_errors_are_of_one_family() -> None:
    assert all(issubclass(error, SearchIndexError) for error in (DamagedVersionError, NoVersionError))
