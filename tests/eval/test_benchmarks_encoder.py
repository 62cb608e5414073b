from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.benchmarks.encoder import QUESTIONS, Times, main, searching, table_of, take_turns, usual_passages
from eval.benchmarks.encoder_contenders import SENTENCE_TRANSFORMERS, contender, resident_mib
from index.encoder import OnnxEncoder, load_encoder
from index.errors import ModelError
from tests.conftest import ToyEncoder
from tests.index.tiny_model import tiny_model

QUERY_SECONDS, PASSAGE_SECONDS = 0.002, 0.5


class Played:
    """A contender that says how long things took without doing them."""

    def __init__(self, name: str, log: list[str], factor: float = 1.0) -> None:
        self.name, self.log, self.factor = name, log, factor
        self.given: list[str] = []

    def queries(self, texts: list[str]) -> list[float]:
        self.log.append(self.name)
        self.given += texts
        return [QUERY_SECONDS * self.factor for _ in texts]

    def passages(self, texts: list[str]) -> float:
        return PASSAGE_SECONDS * self.factor * len(texts)


def test_benchmarks_encoder_gives_each_contender_the_same_and_changes_who_begins() -> None:
    log: list[str] = []
    both: Any = [Played("fast", log), Played("slow", log, 4.0)]

    times = take_turns(both, [f"vraag {number}" for number in range(150)], ["een", "twee"], rounds=2)

    assert log == ["fast", "slow", "slow", "fast", "fast", "slow"]
    assert both[0].given == both[1].given == [f"vraag {number}" for number in range(3 * QUESTIONS)]
    assert len(times["fast"].queries) == 2 * QUESTIONS  # the first round warms up
    assert times["fast"].passages == [PASSAGE_SECONDS] * 2
    assert times["slow"].figures()["query_ms"] == 8.0
    assert times["slow"].figures()["passages_per_s"] == 0.5


def test_benchmarks_encoder_figures_are_medians_and_the_best() -> None:
    assert Times([0.010, 0.030, 0.020], [0.1, 0.5, 0.2]).figures() == {
        "query_ms": 20.0,
        "query_best_ms": 10.0,
        "passages_per_s": 5.0,
        "passages_best_per_s": 10.0,
    }


def test_benchmarks_encoder_contender_works_in_a_process_of_its_own_and_says_what_went_wrong(tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "model", seed=1)
    load_encoder(str(model), tmp_path / "models")
    with contender("float32", str(model), tmp_path / "models") as one:
        assert len(one.queries(["a", "b c"])) == 2
        assert one.passages(["a", "b c"]) > 0
        assert one.resident_mib() > 10
    with contender(SENTENCE_TRANSFORMERS, str(tmp_path), tmp_path / "models") as one, pytest.raises(ModelError):
        one.queries(["a"])
    assert resident_mib(2**22 + 1) == 0.0  # nobody has this number


def test_benchmarks_encoder_passages_are_those_of_usual_length(published: Path, tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "model", seed=1)
    encoder = load_encoder(str(model), tmp_path / "models")
    assert isinstance(encoder, OnnxEncoder)
    texts = usual_passages(published, encoder, 4)
    assert len(texts) == 4
    lengths = [len(one) for one in encoder.tokens("", texts)]
    assert lengths == sorted(lengths, reverse=True)  # all are shorter than 129 tokens: the longest are nearest


def test_benchmarks_encoder_search_takes_longer_than_its_encoding(published: Path) -> None:
    figures = searching(published, ToyEncoder(), [f"zorg {number}" for number in range(8)])
    assert 0 < figures["encode_ms"] <= figures["search_ms"]
    assert figures["times_encoding"] >= 1


def test_benchmarks_encoder_says_that_there_is_no_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZOEKPORTAAL_MODEL", str(tiny_model(tmp_path / "model", seed=1)))
    monkeypatch.setenv("ZOEKPORTAAL_MODELS", str(tmp_path / "models"))
    assert main(["--data", str(tmp_path), "--json"]) == 1
    assert "python -m ingest" in capsys.readouterr().err


def test_benchmarks_encoder_table_names_every_contender() -> None:
    row = {**Times([0.01], [0.1]).figures(), "resident_mib": 500}
    serving = {"search_ms": 9.0, "encode_ms": 6.0, "times_encoding": 1.5, "cold_start_s": 1.2, "portal_mib": 480}
    figures = {
        "query_speedup": 4.5,
        "passage_speedup": 2.2,
        "served": {"questions": "int8", "passages": "float32"},
        "contenders": {"torch": row, "int8": row},
        "serving": {"int8": serving},
        "machine": {"cores": 2},
        "versions": {"torch": "2.13"},
        "load": {"before": 0.5, "after": 0.6},
        "rounds": 3,
    }
    table = table_of(json.loads(json.dumps(figures)))
    assert "| torch | 10.0 | 10.0 | 10.0 | 10.0 | 500 |" in table
    assert "| int8 | 9.0 | 6.0 | 1.5 | 1.2 | 480 |" in table
    assert "Questions in int8: 4.5 times" in table
    assert "before: 0.5" in table
