"""What all tests share: a toy encoder, so that no test needs a language model or a network unless it says so."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import ingest.__main__ as entry
from eval.benchmarks.postgres_server import Server, ServerError
from index.encoder import Encoder
from index.searcher import Searcher
from tests.ingest.pdfs import text_pdf

ROOT = Path(__file__).resolve().parents[1]
_DATABASES = itertools.count(1)


class ToyEncoder:
    """Bags of words: each word of four letters or more points in a direction of its own, told by its digest.

    The same text gives the same vector on every machine, and texts with words in common are near each other.
    """

    def __init__(self, name: str = "toy", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension

    @property
    def fingerprint(self) -> str:
        return f"{self.name}-{self.dimension}"

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encode(texts)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        if progress is not None:
            progress(len(texts))
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for word in re.findall(r"\w{4,}", text.lower()) or ["niets"]:
                seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
                vector += np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
        lengths: NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / lengths


@pytest.fixture(scope="session")
def toy_encoder() -> Encoder:
    return ToyEncoder()


@dataclass
class Bureau:
    """A corpus, a data folder, and what the last run said."""

    folder: Path
    encoder: Encoder
    capture: pytest.CaptureFixture[str]
    out: str = ""
    err: str = ""
    corpus: Path = field(init=False)
    data: Path = field(init=False)

    def __post_init__(self) -> None:
        self.corpus, self.data = self.folder / "corpus", self.folder / "data"
        self.corpus.mkdir()

    def put(self, name: str, *lines: str) -> None:
        (self.corpus / name).write_bytes(text_pdf(*lines))

    def run(self, *more: str) -> int:
        self.capture.readouterr()
        status = entry.main(["--corpus", str(self.corpus), "--data", str(self.data), *more])
        self.out, self.err = self.capture.readouterr()
        return status

    def best(self, question: str) -> str:
        hits = Searcher(self.data, self.encoder).search(question).hits
        return hits[0].passage.text if hits else ""

    def states(self) -> dict[str, tuple[str, str]]:
        return {status.id: (status.state, status.change) for status in Searcher(self.data, self.encoder).sources()}

    def versions(self) -> list[str]:
        return sorted(path.name for path in (self.data / "index").iterdir() if path.is_dir())


@pytest.fixture
def bureau(
    tmp_path: Path, toy_encoder: Encoder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Bureau:
    monkeypatch.setattr(entry, "load_encoder", lambda *_args, **_more: toy_encoder)
    monkeypatch.setattr(entry, "identify", lambda *_args: toy_encoder.fingerprint)
    return Bureau(tmp_path, toy_encoder, capsys)


@pytest.fixture(scope="session")
def real_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the corpus of the repository ingested; the model stays in the project's own folder."""
    data = tmp_path_factory.mktemp("portaal")
    assert entry.main(["--corpus", str(ROOT / "corpus"), "--data", str(data), "--offline", "--json"]) == 0
    return data


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own; what needs it is skipped where it cannot run."""
    try:
        made = Server()
    except ServerError as error:
        pytest.skip(f"PostgreSQL cannot run here: {error}")
    try:
        made.start()
        yield made
    finally:
        made.remove()


@pytest.fixture
def address(server: Server) -> str:
    """An empty database."""
    return server.new_database(f"portaal-{next(_DATABASES)}")
