"""Whole runs, from a folder of PDFs to a question answered: only the language model is a toy."""

from __future__ import annotations

import fcntl
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Self

import numpy as np
import pytest
from numpy.typing import NDArray

import index.versions
import ingest.__main__ as entry
from index.errors import NoVersionError
from index.searcher import Searcher
from index.versions import KEPT, current_version
from ingest.documents import Source
from ingest.extracted import Extracted
from ingest.pipeline import read_here
from tests.conftest import Bureau, ToyEncoder
from tests.ingest.pdfs import locked, text_pdf

DRIVER = Path(__file__).parent / "resources" / "run_ingest.py"

CHAIR = "De voorzitter van de portefeuille Sport is wethouder Raymond Wanders."
INSURER = "De preferente zorgverzekeraar in Drenthe is Zilveren Kruis."
TREES = "In het voorjaar worden duizend bomen geplant langs de provinciale weg."


# ── A version is published, and only when something changed ──────────────────────────────────────────────────────


def test_workflow_publishes_what_can_then_be_found(bureau: Bureau) -> None:
    bureau.put("sport.pdf", CHAIR)
    bureau.put("zorg.pdf", INSURER)
    assert bureau.run() == 0
    assert "is gepubliceerd" in bureau.out
    assert bureau.best("Wie is voorzitter van de portefeuille Sport?") == CHAIR
    assert bureau.best("Welke zorgverzekeraar is preferent?") == INSURER
    assert bureau.states() == {"sport": ("gelezen", "nieuw"), "zorg": ("gelezen", "nieuw")}


def test_workflow_publishes_nothing_when_nothing_changed(bureau: Bureau) -> None:
    bureau.put("sport.pdf", CHAIR)
    bureau.run()
    before = bureau.versions()
    assert bureau.run() == 0
    assert "niets veranderd" in bureau.out
    assert bureau.versions() == before


@pytest.mark.parametrize("what", ["file", "new file", "title", "model"])
def test_workflow_publishes_when_anything_changed(bureau: Bureau, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bureau.put("sport.pdf", CHAIR)
    bureau.run()
    before = current_version(bureau.data)
    if what == "file":
        bureau.put("sport.pdf", TREES)
    elif what == "new file":
        bureau.put("bomen.pdf", TREES)
    elif what == "title":
        (bureau.corpus / "bronnen.toml").write_text('[[bron]]\nid = "sport"\ntitel = "Nieuw"\nbestand = "sport.pdf"\n')
    else:
        other = ToyEncoder("ander")
        monkeypatch.setattr(entry, "load_encoder", lambda *_args, **_more: other)
        monkeypatch.setattr(entry, "identify", lambda *_args: other.fingerprint)
    assert bureau.run() == 0
    assert current_version(bureau.data) != before


def test_workflow_names_the_changes(bureau: Bureau) -> None:
    for name, line in (("blijft.pdf", CHAIR), ("wijzigt.pdf", INSURER), ("gaat.pdf", TREES)):
        bureau.put(name, line)
    bureau.run()
    bureau.put("wijzigt.pdf", "Een heel andere tekst over de lokale energie-opgave.")
    (bureau.corpus / "gaat.pdf").unlink()
    bureau.put("komt.pdf", "Een nieuwe tekst over cultuur.")
    assert bureau.run() == 0
    changes = {name: change for name, (_, change) in bureau.states().items()}
    assert changes == {"blijft": "ongewijzigd", "wijzigt": "gewijzigd", "gaat": "vervallen", "komt": "nieuw"}
    assert "Vervallen:\n  gaat." in bureau.out
    assert TREES not in bureau.best("bomen langs de provinciale weg")


def test_workflow_says_once_that_a_source_has_gone(bureau: Bureau) -> None:
    bureau.put("blijft.pdf", CHAIR)
    bureau.put("gaat.pdf", TREES)
    bureau.run()
    (bureau.corpus / "gaat.pdf").unlink()
    bureau.run()
    bureau.put("nog.pdf", INSURER)
    bureau.run()
    assert "gaat" not in bureau.states()
    bureau.put("gaat.pdf", TREES)
    bureau.run()
    assert bureau.states()["gaat"] == ("gelezen", "nieuw")


def test_workflow_keeps_the_last_versions(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    hours = iter(range(24))

    class Clock(datetime):
        """Each look at it is an hour later: runs in real life are not within one second."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls(2026, 1, 1, next(hours), tzinfo=tz)

    monkeypatch.setattr(index.versions, "datetime", Clock)
    seen = []
    for number in range(KEPT + 2):
        bureau.put("sport.pdf", f"{CHAIR} Dit is uitgave {number}.")
        assert bureau.run() == 0
        seen.append(current_version(bureau.data))
    assert bureau.versions() == [str(name) for name in seen[-KEPT:]]
    assert KEPT == 3


# ── A source that cannot be read ─────────────────────────────────────────────────────────────────────────────────

BAD = {
    "leeg": b"",
    "rommel": b"%PDF-1.7\n" + random.Random(1).randbytes(3000),
    "slot": locked(text_pdf(TREES), user="x"),
    "geen": b"Dit is geen pdf.",
}


def test_workflow_goes_on_past_files_that_cannot_be_read(bureau: Bureau) -> None:
    bureau.put("sport.pdf", CHAIR)
    for name, data in BAD.items():
        (bureau.corpus / f"{name}.pdf").write_bytes(data)
    assert bureau.run() == 0
    refused = bureau.out.split("Niet gelezen:\n")[1].split("\n\n")[0].splitlines()
    assert len(refused) == len(BAD)
    for name, state in (("leeg", "leeg"), ("rommel", "beschadigd"), ("slot", "versleuteld"), ("geen", "beschadigd")):
        assert sum(line.startswith(f"  {name}: {state}. {name}.pdf ") for line in refused) == 1
    assert bureau.best("Wie is voorzitter van de portefeuille Sport?") == CHAIR
    assert bureau.run() == 0  # and says so again, in short
    assert bureau.out.count("\n  ") == len(BAD)


@pytest.mark.parametrize("name", sorted(BAD))
def test_workflow_keeps_what_was_searchable_of_a_file_that_went_bad(bureau: Bureau, name: str) -> None:
    bureau.put("zorg.pdf", INSURER)
    bureau.put("sport.pdf", CHAIR)
    bureau.run()
    (bureau.corpus / "zorg.pdf").write_bytes(BAD[name])
    for _ in range(2):
        bureau.put("nieuw.pdf", TREES, f"Poging {time.monotonic_ns()}.")
        assert bureau.run() == 0
        assert "De vorige versie blijft doorzoekbaar." in bureau.out
        assert bureau.best("Welke zorgverzekeraar is preferent?") == INSURER
        assert bureau.states()["zorg"][1] == "ongewijzigd"
    assert Searcher(bureau.data, bureau.encoder).file_path("zorg").read_bytes() == text_pdf(INSURER)


def test_workflow_reads_strange_names_and_twins(bureau: Bureau) -> None:
    names = ["Café Financiën (definitief) 2026.pdf", "x" * 200 + ".pdf", "'; DROP TABLE.pdf", "a b.pdf", "a-b.PDF"]
    for name in names:
        bureau.put(name, CHAIR)
    assert bureau.run("--json") == 0
    said = json.loads(bureau.out)
    assert {source["file"] for source in said["sources"]} == set(names)
    assert all(source["passages"] for source in said["sources"])
    assert sum("precies hetzelfde bestand" in " ".join(source["warnings"]) for source in said["sources"]) == 4


def test_workflow_follows_the_register(bureau: Bureau) -> None:
    bureau.put("sport.pdf", CHAIR)
    (bureau.corpus / "bronnen.toml").write_text(
        '[[bron]]\nid = "nota"\ntitel = "Sportnota"\nbestand = "sport.pdf"\nportefeuilles = ["Sport"]\n'
        '[[bron]]\nid = "weg"\ntitel = "Verloren nota"\nbestand = "weg.pdf"\n'
        '[[bron]]\nid = "ver"\ntitel = "Verre nota"\nadres = "https://example.org/nota.pdf"\n'
        '[[bron]]\nid = "vaag"\ntitel = "Vage nota"\n'
    )
    assert bureau.run("--offline") == 0
    assert {name: state for name, (state, _) in bureau.states().items()} == {
        "nota": "gelezen",
        "weg": "bestand ontbreekt",
        "ver": "wacht op netwerk",
        "vaag": "zonder adres",
    }
    result = Searcher(bureau.data, bureau.encoder).search("voorzitter sport", portefeuilles=["sport"])
    assert result.hits[0].document.title == "Sportnota"
    assert "Wachten op het netwerk: 1\n  Verre nota" in bureau.out


# ── Exit status and report ───────────────────────────────────────────────────────────────────────────────────────


def test_workflow_reports_as_json(bureau: Bureau) -> None:
    bureau.put("sport.pdf", CHAIR)
    assert bureau.run("--json") == 0
    said = json.loads(bureau.out)
    assert said["version"] == current_version(bureau.data)
    assert said["published"] is True
    (source,) = said["sources"]
    seconds = source.pop("seconds")
    assert seconds >= 0
    assert source == {
        "id": "sport",
        "title": "sport",
        "file": "sport.pdf",
        "state": "gelezen",
        "change": "nieuw",
        "reason": "",
        "pages": 1,
        "pages_searchable": 1,
        "passages": 1,
        "words": 10,
        "warnings": [],
    }
    assert bureau.run("--json") == 0
    said = json.loads(bureau.out)
    assert (said["version"], said["published"], said["sources"][0]["change"]) == (None, False, "ongewijzigd")


@pytest.mark.parametrize("content", ["nothing", "a bad file", "only an address"])
def test_workflow_fails_when_nothing_can_be_read(bureau: Bureau, content: str) -> None:
    if content == "a bad file":
        (bureau.corpus / "leeg.pdf").write_bytes(b"")
    if content == "only an address":
        (bureau.corpus / "bronnen.toml").write_text('[[bron]]\nid = "ver"\ntitel = "V"\nadres = "https://vng.nl"\n')
    assert bureau.run() == 1
    assert "geen enkele leesbare bron" in bureau.err
    with pytest.raises(NoVersionError):
        Searcher(bureau.data, bureau.encoder)


def test_workflow_lets_the_last_version_answer_when_everything_was_removed(bureau: Bureau) -> None:
    bureau.put("sport.pdf", CHAIR)
    bureau.run()
    (bureau.corpus / "sport.pdf").unlink()
    assert bureau.run() == 1
    assert bureau.best("Wie is voorzitter van de portefeuille Sport?") == CHAIR


def test_workflow_fails_on_a_faulty_register(bureau: Bureau) -> None:
    (bureau.corpus / "bronnen.toml").write_text("[[bron]\n")
    assert bureau.run() == 1
    assert "bronnen.toml" in bureau.err


def test_workflow_refuses_wrong_usage(bureau: Bureau) -> None:
    shutil.rmtree(bureau.corpus)
    assert bureau.run() == 2
    assert "bestaat niet" in bureau.err
    with pytest.raises(SystemExit) as caught:
        entry.main(["--nergens"])
    assert caught.value.code == 2


def test_workflow_lets_one_run_at_a_time(bureau: Bureau) -> None:
    bureau.put("sport.pdf", CHAIR)
    bureau.data.mkdir()
    with (bureau.data / ".inlezen.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert bureau.run() == 1
        assert bureau.err == "Er loopt al een inlezing in deze map. Wacht tot die klaar is.\n"
    assert bureau.run() == 0


def test_workflow_says_what_stopped_it(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    bureau.put("sport.pdf", CHAIR)
    bureau.run()
    bureau.put("sport.pdf", TREES)
    for fault, said in ((OSError(28, "No space left on device"), "gestopt"), (KeyboardInterrupt(), "afgebroken")):

        def broken(*_args: object, fault: BaseException = fault) -> str:
            raise fault

        monkeypatch.setattr(entry, "build_and_publish", broken)
        assert bureau.run() == 1
        assert said in bureau.err
        assert "De vorige versie blijft antwoorden." in bureau.err
    assert bureau.best("Wie is voorzitter van de portefeuille Sport?") == CHAIR


def test_workflow_clears_what_a_killed_run_left_even_if_nothing_changed(bureau: Bureau) -> None:
    bureau.put("sport.pdf", CHAIR)
    bureau.run()
    (bureau.data / "index" / ".building-1").mkdir()
    assert bureau.run() == 0
    assert "niets veranderd" in bureau.out
    assert not (bureau.data / "index" / ".building-1").exists()


@pytest.mark.parametrize("part", ["manifest.json", "store.sqlite", "vectors.faiss", "owners.npy", "words"])
def test_workflow_mends_a_damaged_version(bureau: Bureau, part: str) -> None:
    bureau.put("sport.pdf", CHAIR)
    bureau.run()
    damaged = bureau.data / "index" / str(current_version(bureau.data)) / part
    shutil.rmtree(damaged) if damaged.is_dir() else damaged.unlink()
    assert bureau.run() == 0
    assert "Er wordt nu een nieuwe versie gemaakt." in bureau.err
    assert bureau.best("Wie is voorzitter van de portefeuille Sport?") == CHAIR


# ── Killed ───────────────────────────────────────────────────────────────────────────────────────────────────────


def drive(moment: int, corpus: Path, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(DRIVER), str(moment), "--corpus", str(corpus), "--data", str(data)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_workflow_survives_being_killed_at_any_moment(bureau: Bureau) -> None:
    """Before each run the last version is there; a killed one leaves it answering, and a whole one mends all."""
    bureau.put("sport.pdf", CHAIR)
    bureau.run()
    whole = bureau.folder / "whole"
    shutil.copytree(bureau.data, whole)
    bureau.put("sport.pdf", TREES)
    bureau.put("zorg.pdf", INSURER)
    counted = drive(0, bureau.corpus, Path(shutil.copytree(whole, bureau.folder / "counted")))
    assert counted.returncode == 0, counted.stderr
    last = int(counted.stdout.splitlines()[-1])
    moments = [*range(1, last - 9, last // 6), *range(last - 9, last + 1)]  # the last ten are the publishing
    assert len(moments) >= 12
    answers = set()
    for moment in moments:
        shutil.rmtree(bureau.data)
        shutil.copytree(whole, bureau.data)
        killed = drive(moment, bureau.corpus, bureau.data)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        answer = bureau.best("Wie is voorzitter? Waar worden bomen geplant?")
        assert answer in (CHAIR, TREES)
        answers.add(answer)
        assert bureau.run() == 0, bureau.err
        assert bureau.best("Waar worden duizend bomen geplant?") == TREES
        assert bureau.best("Welke zorgverzekeraar is preferent?") == INSURER
        left = [path.name for path in (bureau.data / "index").iterdir() if path.name.startswith(".")]
        assert left == []
    assert answers == {CHAIR, TREES}  # killed before and after the switch


def test_workflow_survives_a_kill_at_random(bureau: Bureau) -> None:
    bureau.put("sport.pdf", CHAIR)
    bureau.run()
    chance = random.Random(26)
    for number in range(3):
        bureau.put("zorg.pdf", f"{INSURER} Uitgave {number}.")
        command = [sys.executable, str(DRIVER), "0", "--corpus", str(bureau.corpus), "--data", str(bureau.data)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.2, 1.5))
        process.kill()
        process.wait()
        assert bureau.best("Wie is voorzitter van de portefeuille Sport?") == CHAIR
    assert bureau.run() == 0
    assert bureau.best("Welke zorgverzekeraar is preferent?").startswith(INSURER)


# ── Personal data, and what changed ──────────────────────────────────────────────────────────────────────────────


def test_workflow_a_bsn_puts_its_document_in_quarantine_until_the_register_says_otherwise(bureau: Bureau) -> None:
    bureau.put("sport.pdf", CHAIR)
    bureau.put("brief.pdf", "De aanvrager heeft burgerservicenummer 111222333 en woont in Assen.")
    entry = '[[bron]]\nid = "brief"\ntitel = "Brief"\nbestand = "brief.pdf"\n'
    register = bureau.corpus / "bronnen.toml"
    register.write_text(entry, encoding="utf-8")
    assert bureau.run() == 0
    assert bureau.states()["brief"] == ("in quarantaine", "nieuw")
    assert "111222333" not in bureau.out
    assert "aanvrager" not in bureau.best("Waar woont de aanvrager?")

    register.write_text(f'{entry}persoonsgegevens = "vrijgegeven door J. de Vries, 2 mei 2026"\n', encoding="utf-8")
    assert bureau.run() == 0
    assert bureau.states()["brief"][0] == "gelezen"
    assert "aanvrager" in bureau.best("Waar woont de aanvrager?")


def test_workflow_the_report_says_what_changed(bureau: Bureau) -> None:
    bureau.put("sport.pdf", CHAIR)
    bureau.run()
    bureau.put("sport.pdf", CHAIR.replace("Raymond Wanders", "Kiena ten Brink"))
    assert bureau.run() == 0
    assert "Kiena ten Brink" in bureau.out.split("Veranderingen sinds de vorige versie")[1]
    assert "Kiena ten Brink" in (bureau.data / "cache" / "verslag.md").read_text("utf-8")
    assert bureau.run("--json") == 0


# ── Only what changed ────────────────────────────────────────────────────────────────────────────────────────────


def test_workflow_reads_and_embeds_only_what_changed(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        bureau.put(f"nota{number}.pdf", f"De nota over onderwerp{number} is vastgesteld.")
    read: list[str] = []
    embedded: list[str] = []

    def count_reading(source: Source, data: bytes, file: str, digest: str) -> Extracted:
        read.append(file)
        return read_here(source, data, file, digest)

    def count_embedding(texts: Sequence[str], progress: object = None) -> NDArray[np.float32]:
        embedded.extend(texts)
        return bureau.encoder.encode_queries(texts)

    monkeypatch.setattr(entry, "read_apart", count_reading)
    monkeypatch.setattr(bureau.encoder, "encode_passages", count_embedding)
    assert bureau.run() == 0
    assert sorted(read) == [f"nota{number}.pdf" for number in range(4)]
    read.clear()
    embedded.clear()
    bureau.put("nota2.pdf", "De nota over iets anders is vastgesteld.")
    assert bureau.run() == 0
    assert read == ["nota2.pdf"]
    assert len(embedded) == 1
    assert "iets anders" in embedded[0]
    assert bureau.best("nota onderwerp3") == "De nota over onderwerp3 is vastgesteld."


def test_workflow_says_that_a_file_has_moved_and_forgets_its_old_name(bureau: Bureau) -> None:
    bureau.put("oude-naam.pdf", "De raad stelt het plan vast.")
    bureau.put("nota.pdf", "Anja Smit is voorzitter.")
    assert bureau.run() == 0
    (bureau.corpus / "oude-naam.pdf").rename(bureau.corpus / "nieuwe-naam.pdf")
    assert bureau.run() == 0
    assert bureau.states() == {"nieuwe-naam": ("gelezen", "verhuisd"), "nota": ("gelezen", "ongewijzigd")}
    assert "oude-naam.pdf" in bureau.out
    assert bureau.run() == 0
    assert "niets veranderd" in bureau.out


def test_workflow_watch_goes_on_after_a_run_that_fails(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    bureau.put("nota.pdf", "De raad stelt het plan vast.")

    def changes(folder: Path) -> Iterator[tuple[str, ...]]:
        (folder / "bronnen.toml").write_text("[[bron]", encoding="utf-8")
        yield ("bronnen.toml",)
        (folder / "bronnen.toml").unlink()
        bureau.put("tweede.pdf", "Anja Smit is voorzitter.")
        yield ("bronnen.toml", "tweede.pdf")
        raise KeyboardInterrupt

    monkeypatch.setattr(entry, "changes_in", changes)
    assert bureau.run("--watch") == 0
    assert "geen geldig TOML" in bureau.err
    assert "gestopt" in bureau.err
    assert bureau.best("Wie is voorzitter?") == "Anja Smit is voorzitter."
