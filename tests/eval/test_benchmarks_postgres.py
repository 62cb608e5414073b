from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.benchmarks import postgres
from eval.benchmarks.postgres import measure
from eval.benchmarks.postgres_server import Server, ServerError
from tests.conftest import ToyEncoder


def test_benchmark_measures_search_recall_and_workers(
    server: Server, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "COST", 0.002)
    monkeypatch.setattr(postgres, "TEXTS", 64)
    monkeypatch.setattr(postgres, "QUESTIONS", 6)
    monkeypatch.setattr(postgres, "EXACT_QUESTIONS", 3)
    figures = measure(server, published, ToyEncoder(), 300)
    assert (figures["passages"], figures["vectors"], figures["recall@10"]) == (300, 900, 1.0)
    assert isinstance(figures["database_gib"], float)
    assert 0 < figures["database_gib"] < 1
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
