"""What the tests of the index share: a small corpus, published once, and searched with a toy encoder."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.searcher import Searcher
from tests.conftest import ToyEncoder
from tests.index.toy import publish_corpus


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
