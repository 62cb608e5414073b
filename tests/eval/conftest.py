"""What the tests of the evaluation share: the toy corpus of the index's tests, published once."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.encoder import Encoder
from index.searcher import Searcher
from tests.index.toy import publish_corpus


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the toy corpus published; only to be read."""
    data = tmp_path_factory.mktemp("gepubliceerd")
    publish_corpus(data)
    return data


@pytest.fixture(scope="session")
def searcher(published: Path, toy_encoder: Encoder) -> Searcher:
    """A searcher over the toy corpus."""
    return Searcher(published, toy_encoder)
