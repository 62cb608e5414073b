from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from eval.benchmarks import fuzz
from eval.benchmarks.fuzz import GROWTH_MIB, Mutant, Reading, figures_of, main, read_all, whole_runs
from eval.benchmarks.fuzz_checks import WARNINGS, impossible
from eval.benchmarks.mutations import Seed
from ingest.documents import Box, Document, Link, Source, Unit
from ingest.extracted import Extracted
from ingest.pipeline import read_here
from tests.ingest.pdfs import text_pdf

LINE = "De voorzitter van de portefeuille Sport is wethouder Raymond Wanders."
SEED = Seed("nota.pdf", text_pdf(LINE))
READING = Reading(3, "pdf", "cut off (nota.pdf)", "beschadigd", 0.1, 100)


def mutant(number: int, data: bytes = SEED.data) -> Mutant:
    return Mutant(number, SEED, "not damaged", data)


def read() -> Extracted:
    return read_here(Source("bron", "Titel"), SEED.data, "nota.pdf", "0")


def with_document(**changes: object) -> Extracted:
    document: Document = replace(read().document, **changes)  # type: ignore[arg-type]
    return replace(read(), document=document)


def with_passage(**changes: object) -> Extracted:
    return replace(read(), passages=tuple(replace(one, **changes) for one in read().passages))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda: with_document(pages=()), "a region on a page that is not there"),
        (lambda: with_document(pages=tuple(replace(page, number=2) for page in read().document.pages)), "numbered"),
        (lambda: with_document(links=(Link(9, Box(0, 0, 1, 1), "w", "u"),)), "a link on a page"),
        (lambda: with_document(metadata={"title": "\ud800"}), "cannot be stored"),
        (lambda: with_document(warnings=("Pagina beschadigd.",) * (WARNINGS + 1)), f"{WARNINGS + 1} warnings"),
        (lambda: with_passage(regions=((2, Box(0, 0, 1, 1)),)), "a region on a page that is not there"),
        (lambda: with_passage(regions=((1, Box(0, 0, math.nan, 1)),)), "a region without a place"),
        (lambda: with_passage(text=" "), "an empty passage"),
        (lambda: with_passage(units=(Unit(0, 10_000),)), "a unit outside its passage"),
    ],
)
def test_fuzz_sees_an_outcome_that_cannot_be(wrong: object, told: str) -> None:
    assert callable(wrong)
    assert told in impossible(wrong())


def test_fuzz_lets_a_good_outcome_pass() -> None:
    assert impossible(read()) == ""


def test_fuzz_tells_what_became_of_each_file() -> None:
    files = {0: SEED.data, 1: SEED.data[:200], 2: b""}
    readings = read_all(files, lambda number: mutant(number, files[number]), 1)
    assert [(reading.number, reading.state) for reading in readings] == [(0, "gelezen"), (1, "beschadigd"), (2, "leeg")]
    assert not any(reading.fault or reading.caught for reading in readings)


def test_fuzz_a_file_over_its_time_is_a_time_out_and_no_fault() -> None:
    (reading,) = read_all([0], mutant, 1, seconds=0.001)
    assert (reading.state, reading.fault) == ("time-out", "")


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("unforeseen: KeyError at odt.py:88", "KeyError at odt.py:88"),
        ("x.pdf is beschadigd: het lezen ervan liep vast (SIGSEGV). Vraag het bestand opnieuw op.", "SIGSEGV"),
        ("x.pdf is leeg. Vraag het bestand opnieuw op.", ""),
    ],
)
def test_fuzz_tells_what_only_the_worker_caught(reason: str, told: str) -> None:
    assert fuzz._caught(reason) == told


def test_fuzz_counts_by_format_and_lists_each_fault() -> None:
    wrong = replace(READING, number=4, fault="an empty passage")
    caught = replace(READING, number=5, caught="SIGSEGV")
    figures = figures_of([READING, wrong, caught], 100, ["a run ended with 1"])
    assert figures["states"] == {"pdf": {"beschadigd": 3}}
    assert figures["caught_by_the_worker"] == {"pdf: SIGSEGV": [5]}
    assert figures["faults"] == ["4: pdf, cut off (nota.pdf): an empty passage", "a run ended with 1"]


def test_fuzz_growth_of_this_process_is_a_fault() -> None:
    held = [replace(READING, held=100 + GROWTH_MIB), replace(READING, held=101 + GROWTH_MIB)]
    assert figures_of(held[:1], 100, [])["faults"] == []
    assert figures_of(held, 100, [])["faults"] == [f"this process grew by {GROWTH_MIB + 1} MiB"]


def test_fuzz_whole_run_accounts_for_each_file() -> None:
    assert list(whole_runs([0, 1], lambda number: mutant(number, SEED.data[: 100 + 400 * number]), 1, Random(1))) == []


def test_fuzz_whole_run_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    driver = tmp_path / "driver.py"
    driver.write_text("raise SystemExit('stuk')")
    monkeypatch.setattr(fuzz, "DRIVER", driver)
    assert list(whole_runs([7], mutant, 1, Random(1))) == ["a run ended with 1: stuk, with 7"]


def test_fuzz_makes_the_same_file_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(fuzz, "seeds_of", lambda folder: [SEED])
    monkeypatch.setattr(fuzz, "impossible", lambda read: "made up")
    for folder in ("first", "again"):
        assert main(["--only", "1", "--save", str(tmp_path / folder)]) == 1
    figures = json.loads(capsys.readouterr().out.split("}\n{")[0] + "}")
    assert figures["files"] == 1
    first, again = ((tmp_path / folder / "00001.pdf").read_bytes() for folder in ("first", "again"))
    assert first == again != SEED.data
