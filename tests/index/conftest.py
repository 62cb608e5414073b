"""What the tests of the index share: a small corpus, published once, and searched with a toy encoder."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.searcher import Searcher
from tests.conftest import ToyEncoder
from tests.index.toy import publish_corpus, publish_one


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the toy corpus published; only to be read."""
    data = tmp_path_factory.mktemp("gepubliceerd")
    publish_corpus(data)
    return data


@pytest.fixture(scope="session")
def searcher(published: Path) -> Searcher:
    """A searcher over the toy corpus."""
    return Searcher(published, ToyEncoder())


@pytest.fixture(scope="session")
def whole_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder and a corpus with all that people and machine make."""
    folder = tmp_path_factory.mktemp("portaal")
    data, corpus = folder / "data", folder / "corpus"
    publish_one(data, "Een oudere versie, die niet meegaat.")
    publish_corpus(data)
    (corpus / "uploads").mkdir(parents=True)
    (corpus / "bronnen.toml").write_text("# register\n")
    (corpus / "begrippen.toml").write_text("# begrippen\n")
    (corpus / "uploads" / "Financiën (definitief).pdf").write_bytes(b"%PDF-1.7")
    (corpus / ".DS_Store").write_text("rommel")
    (data / "fetched").mkdir()
    (data / "fetched" / "aa.json").write_text("{}")
    (data / "models").mkdir()
    (data / "models" / "model.onnx").write_text("model")
    with closing(sqlite3.connect(data / "feedback.sqlite")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE feedback (helpful INTEGER)")
        connection.execute("INSERT INTO feedback VALUES (1)")
        connection.commit()
        yield folder  # with the database open, as the portal has it: the row stands in its log only


@pytest.fixture
def portal(whole_portal: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A copy of it: data folder and corpus."""
    shutil.copytree(whole_portal, tmp_path, dirs_exist_ok=True)
    return tmp_path / "data", tmp_path / "corpus"
