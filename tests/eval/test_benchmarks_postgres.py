from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from eval.benchmarks import postgres
from eval.benchmarks.postgres import grown, measure
from eval.benchmarks.postgres_server import Server, ServerError
from index.edition import edition_of
from tests.conftest import ToyEncoder


def test_benchmark_grown_corpus_lies_around_the_real_vectors(published: Path) -> None:
    real = np.vstack([one.vectors for content in edition_of(published).contents for one in content.passages])
    made = [one for content in grown(edition_of(published), 250).contents for one in content.passages]
    vectors = np.vstack([one.vectors for one in made])
    assert len(made) == 250
    assert len({one.passage.passage_id for one in made}) == 250
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    assert (vectors @ real.T).max(axis=1).mean() > 2 * np.abs(vectors @ real.T).mean()
    assert {len(one.passage.portefeuilles) for one in made} == {1}


def test_benchmark_measures_search_recall_and_workers(
    server: Server, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "COST", 0.002)
    monkeypatch.setattr(postgres, "TEXTS", 64)
    monkeypatch.setattr(postgres, "QUESTIONS", 6)
    monkeypatch.setattr(postgres, "EXACT_QUESTIONS", 3)
    figures = measure(server, published, ToyEncoder(), 300)
    assert (figures["passages"], figures["vectors"], figures["recall@10"]) == (300, 900, 1.0)
    assert set(figures) >= {"filtered", "unfiltered", "nearest", "workers", "machine", "versions"}
    assert json.loads(json.dumps(figures)) == figures


def test_benchmark_says_where_no_server_can_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> Server:
        raise ServerError("geen server hier")

    monkeypatch.setattr(postgres, "Server", refuse)
    assert postgres.main([]) == 1
    assert "geen server hier" in capsys.readouterr().err
