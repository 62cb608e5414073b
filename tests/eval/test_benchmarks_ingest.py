from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.benchmarks import ingest as benchmark
from eval.benchmarks.ingest import Clock, TimedEncoder, main, measure
from ingest import __main__ as command
from tests.conftest import ToyEncoder

TEXT = "# Besluiten\n\nDe raad besluit het zwembad te openen.\n\n## Vervoer\n\nDe bus rijdt weer door het dorp.\n"


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(benchmark, "load_encoder", lambda *arguments, **named: ToyEncoder())
    monkeypatch.setattr(command, "identify", lambda *arguments: None)
    folder = tmp_path / "stukken"
    folder.mkdir()
    for name in ("een", "twee"):
        (folder / f"{name}.html").write_text(f"<html><body><h1>{name}</h1><p>{TEXT}</p></body></html>", "utf-8")
    (folder / "index.tsv").write_text("een\ttwee\n", "utf-8")
    return folder


def test_benchmarks_ingest_measures_every_stage_of_a_run(corpus: Path) -> None:
    figures = measure(corpus)

    assert (figures["documents"], figures["corpus"]) == (2, "stukken")
    assert figures["passages"] > 0
    assert figures["texts"] > figures["passages"]  # sentences, and sentences put as questions
    busy = figures["busy_s"]
    assert set(busy) == {"inventory", "read", "cut", "analyse", "encode", "write", "verify"}
    assert 0 < figures["encoding_share"] <= 1
    assert figures["before_s"] + figures["after_s"] <= figures["wall_s"]
    assert json.loads(json.dumps(figures)) == figures


def test_benchmarks_ingest_leaves_the_run_as_it_was(corpus: Path) -> None:
    before = dict(vars(command))
    measure(corpus)
    assert dict(vars(command)) == before


def test_benchmarks_ingest_says_that_nothing_can_be_read(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "leeg"
    empty.mkdir()
    assert main(["--corpus", str(empty), "--json"]) == 1
    assert "published nothing" in capsys.readouterr().err


def test_benchmarks_ingest_prints_what_counts_and_keeps_all(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--corpus", str(corpus), "--json", "--keep", str(tmp_path / "kept.json")]) == 0
    printed, kept = json.loads(capsys.readouterr().out), json.loads((tmp_path / "kept.json").read_text())
    assert set(printed) == {"encoding_share", "wall_s", "pages_per_s", "passages_per_s"}
    assert printed.items() <= kept.items()
    assert kept["machine"]["cores"] > 0


def test_benchmarks_ingest_clock_adds_up_what_a_stage_took(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([1.0, 3.0, 10.0, 10.5])
    monkeypatch.setattr("eval.benchmarks.ingest.time.perf_counter", lambda: next(moments))
    clock = Clock()
    encoder = TimedEncoder(ToyEncoder(), clock)
    encoder.encode_passages(["a", "b"])
    encoder.encode_queries(["c"])
    assert clock.seconds("encode") == 2.5
    assert clock.texts == 3
    assert clock.seconds("write") == 0
