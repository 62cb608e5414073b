from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.errors import IngestError
from ingest.progress import FILE, Outcome, Teller, born, last_run, telling
from tests.conftest import Bureau


def test_progress_is_seen_by_another_reader(tmp_path: Path) -> None:
    teller = Teller(tmp_path)
    teller.stage("Bronnen lezen", 4)
    teller.step(4, 4)

    run = last_run(tmp_path)

    assert run is not None
    assert (run.stage, run.done, run.total, run.outcome, run.pid) == ("Bronnen lezen", 4, 4, Outcome.LOOPT, os.getpid())


def test_progress_tells_how_it_ended(tmp_path: Path) -> None:
    with telling(tmp_path, (IngestError,)) as teller:
        teller.end(Outcome.KLAAR, "Klaar.", "2026Z")

    run = last_run(tmp_path)
    assert run is not None
    assert (run.outcome, run.message, run.version) == (Outcome.KLAAR, "Klaar.", "2026Z")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (IngestError("Dit mist."), "Dit mist."),
        (RuntimeError("geheim"), "RuntimeError"),
        (KeyboardInterrupt(), "afgebroken"),
    ],
)
def test_progress_tells_what_ended_it(tmp_path: Path, error: BaseException, told: str) -> None:
    with pytest.raises(type(error)), telling(tmp_path, (IngestError,)):
        raise error

    run = last_run(tmp_path)
    assert run is not None
    assert run.outcome is Outcome.MISLUKT
    assert told in run.message
    assert "geheim" not in run.message


def test_progress_of_a_process_that_is_gone_says_so(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    Teller(tmp_path, process.pid)
    run = last_run(tmp_path)
    assert run is not None
    assert run.outcome is Outcome.LOOPT

    process.kill()
    process.wait()

    run = last_run(tmp_path)
    assert run is not None
    assert run.outcome is Outcome.WEGGEVALLEN


def test_progress_does_not_take_another_process_for_the_run(tmp_path: Path) -> None:
    Teller(tmp_path)
    told = json.loads((tmp_path / FILE).read_text())
    (tmp_path / FILE).write_text(json.dumps({**told, "born": told["born"] + 1}))

    run = last_run(tmp_path)
    assert run is not None
    assert run.outcome is Outcome.WEGGEVALLEN


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"pid": "x"}', "nul"])
def test_progress_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_text(text)

    assert last_run(tmp_path) is None


def test_progress_born_of_nobody() -> None:
    assert born(2**30) == 0
    assert born(os.getpid()) > 0


def test_progress_of_a_real_run(bureau: Bureau) -> None:
    bureau.put("nota.pdf", "De raad stelde de nota over sport en bewegen vast in Assen.")
    assert bureau.run("--offline") == 0

    run = last_run(bureau.data)
    assert run is not None
    assert (run.outcome, run.version) == (Outcome.KLAAR, bureau.versions()[-1])
    assert json.loads((bureau.data / "cache" / "verslag.json").read_text("utf-8"))["version"] == run.version

    assert bureau.run("--offline") == 0
    again = last_run(bureau.data)
    assert again is not None
    assert "niets veranderd" in again.message
