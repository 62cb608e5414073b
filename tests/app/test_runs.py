from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app_pages._beheer import runs
from app_pages._beheer.runs_report import ended_html, report_html, running_html
from index.settings import Settings
from ingest.progress import REPORT, Outcome, RunState, Teller, last_run
from tests.conftest import Bureau

HOSTILE = "<script>alert(1)</script>\u202e"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "data").mkdir()
    return Settings(tmp_path / "data", tmp_path / "models", "toy", tmp_path / "corpus")


def until(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def outcome(settings: Settings) -> Outcome | None:
    run = last_run(settings.data)
    return run.outcome if run else None


def test_start_is_seen_at_once_and_one_at_a_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    sleeps = [sys.executable, "-c", "import sys, time; print('laatste woorden', file=sys.stderr); time.sleep(60)"]
    monkeypatch.setattr(runs, "_command", lambda _: sleeps)

    runs.start(settings)

    run = last_run(settings.data)
    assert run is not None
    assert run.outcome is Outcome.LOOPT
    with pytest.raises(runs.RunProblem, match="loopt al"):
        runs.start(settings)
    assert until(lambda: "laatste" in (settings.data / runs.LOG).read_text())
    subprocess.run(["kill", "-9", str(run.pid)], check=True)
    assert until(lambda: outcome(settings) is Outcome.WEGGEVALLEN)
    fallen = last_run(settings.data)
    assert fallen is not None
    assert "laatste woorden" in runs.how_it_ended(settings.data, fallen)


def test_start_of_a_real_run_tells_what_is_wrong(settings: Settings) -> None:
    settings.corpus.mkdir()
    (settings.corpus / "bronnen.toml").write_text("[[bron]\n")

    runs.start(settings, ("--offline",))

    assert until(lambda: outcome(settings) is Outcome.MISLUKT)
    run = last_run(settings.data)
    assert run is not None
    assert "geen geldig TOML" in run.message


def test_roll_back_without_an_older_version_says_so(settings: Settings) -> None:
    with pytest.raises(runs.RunProblem, match="geen eerdere versie"):
        runs.roll_back(settings)


def test_roll_back_lets_the_version_before_answer(bureau: Bureau, settings: Settings) -> None:
    for name, words in (
        ("een.pdf", "De raad stelde de nota sport vast."),
        ("twee.pdf", "Het college leest de begroting."),
    ):
        bureau.put(name, words)
        assert bureau.run("--offline") == 0
    there = Settings(bureau.data, settings.models, "toy", bureau.corpus)
    younger, older = runs.versions_of(bureau.data)
    assert (younger.current, younger.documents, older.documents) == (True, 2, 1)

    assert f"De versie van {older.made} geeft nu antwoord." in runs.roll_back(there)

    assert [one.current for one in runs.versions_of(bureau.data)] == [False, True]


def test_how_it_ended_says_that_the_version_before_goes_on(bureau: Bureau) -> None:
    failed = RunState(1, 2, 0.0, 5.0, outcome=Outcome.MISLUKT, message="Het register klopt niet.")
    assert runs.how_it_ended(bureau.data, failed) == "Het register klopt niet."
    bureau.put("een.pdf", "De raad stelde de nota sport vast.")
    assert bureau.run("--offline") == 0

    assert "blijft antwoorden" in runs.how_it_ended(bureau.data, failed)


def test_how_it_ended_says_that_another_version_was_put_back(bureau: Bureau) -> None:
    bureau.put("een.pdf", "De raad stelde de nota sport vast.")
    assert bureau.run("--offline") == 0
    run = last_run(bureau.data)
    assert run is not None

    assert "geeft nu antwoord" in runs.how_it_ended(bureau.data, run)
    assert "andere versie teruggezet" in runs.how_it_ended(bureau.data, replace(run, version="20200101"))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("20261125T102531534293Z", "25 november 2026, 11:25"),
        ("20260701T120000000000Z.2", "1 juli 2026, 14:00"),
        ("x", "x"),
    ],
)
def test_moment_of_a_version(name: str, told: str) -> None:
    assert runs.moment_of(name) == told


@pytest.mark.parametrize("text", ["", "[]", "nul"])
def test_last_report_that_cannot_be_read_is_none(settings: Settings, text: str) -> None:
    (settings.data / REPORT).parent.mkdir()
    (settings.data / REPORT).write_text(text)

    assert runs.last_report(settings.data) is None


def test_running_html_tells_stage_and_share(settings: Settings) -> None:
    run = RunState(1, 2, 0.0, 0.0, "Bronnen lezen", 3, 12)

    html = running_html(run, "1 mei 2026, 10:00", 75)

    assert 'value="3" max="12"' in html
    assert "1 minuut en 15 seconden" in html
    assert '<li aria-current="step">Bronnen lezen' in html


def test_ended_html_shows_hostile_words_as_words() -> None:
    html = ended_html(RunState(1, 2, 0.0, 5.0, outcome=Outcome.MISLUKT), HOSTILE, "nu")

    assert "<script" not in html
    assert "\u202e" not in html


def test_report_html_of_a_real_run_shows_what_changed(bureau: Bureau) -> None:
    bureau.put(
        "nota.pdf", "De raad stelde de nota over sport in Assen vast.", "Jan Bos is voorzitter van de vereniging."
    )
    bureau.run("--offline")
    bureau.put(
        "nota.pdf", "De raad stelde de nota over sport in Assen vast.", "Ina Vos is voorzitter van de vereniging."
    )
    bureau.put("leeg.pdf")
    bureau.run("--offline")
    report = runs.last_report(bureau.data)
    assert report is not None

    html = report_html(report)

    assert "<del>Jan Bos</del>" in html
    assert "<ins>Ina Vos</ins>" in html
    assert "1 bron niet doorzoekbaar" in html


def test_report_html_shows_hostile_words_as_words() -> None:
    passage = {"change": "nieuw", "old": None, "new": {"pages": [1], "heading_path": []}, "words": [["", HOSTILE]]}
    document = {
        "document_id": '"><b>',
        "title": HOSTILE,
        "change": "nieuw",
        "note": "",
        "passages_before": 0,
        "passages_after": 1,
        "passages": [passage],
    }
    source = {"title": HOSTILE, "passages": 1, "warnings": [HOSTILE], "reason": "", "state": "gelezen"}
    report = {
        "sources": [source, {**source, "passages": 0, "reason": HOSTILE}],
        "changes": {"documents": {"nieuw": 1}, "portefeuilles": [{"name": HOSTILE, "documents": [document]}]},
    }

    html = report_html(report)

    assert "<script" not in html
    assert "<b>" not in html
    assert "\u202e" not in html


def test_teller_of_another_process_is_that_process(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    Teller(tmp_path, process.pid)
    run = last_run(tmp_path)
    process.kill()
    process.wait()
    assert run is not None
    assert run.pid == process.pid
