"""Whole runs with the tasks that are no ingest: going back, removing for good, and the backup."""

from __future__ import annotations

import fcntl
import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

import ingest.__main__ as entry
from index.__main__ import result_as_json
from index.errors import NoVersionError
from index.results import Status
from index.searcher import Searcher
from index.usage import QUESTIONS as KEPT_QUESTIONS
from index.usage import Usage, dutch_day
from index.versions import current_version
from tests.conftest import Bureau

CHAIR = "De voorzitter van de portefeuille Sport is wethouder Raymond Wanders."
INSURER = "De preferente zorgverzekeraar in Drenthe is Zilveren Kruis."
TREES = "In het voorjaar worden duizend bomen geplant langs de provinciale weg."
QUESTIONS = (
    "Wie is voorzitter van de portefeuille Sport?",
    "Welke zorgverzekeraar is preferent?",
    "Waar worden duizend bomen geplant?",
    "Hoe vraag ik een rijbewijs aan?",
)


@pytest.fixture
def filled(bureau: Bureau) -> Bureau:
    """A corpus of three documents, read once."""
    bureau.put("sport.pdf", CHAIR)
    bureau.put("zorg.pdf", INSURER)
    bureau.put("bomen.pdf", TREES)
    assert bureau.run() == 0
    return bureau


def hits(data: Path, bureau: Bureau, question: str) -> list[object]:
    """The hits as programs get them: document, page, words, score and all."""
    found = result_as_json("", Searcher(data, bureau.encoder).search(question))["hits"]
    assert isinstance(found, list)
    return found


def texts(bureau: Bureau) -> str:
    """All that the portal shows for all the questions, in one text."""
    return "\n".join(json.dumps(hits(bureau.data, bureau, question)) for question in QUESTIONS)


def pdf_of(bureau: Bureau) -> bytes:
    return (bureau.corpus / "zorg.pdf").read_bytes()


def archive_of(bureau: Bureau) -> Path:
    file = bureau.folder / "kopie.tar.gz"
    assert bureau.run("--export", str(file)) == 0
    return file


# ── Going back ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_workflow_tasks_rollback_answers_from_the_version_before(filled: Bureau) -> None:
    good = current_version(filled.data)
    filled.put("zorg.pdf", "Hier staat per ongeluk iets heel anders over cultuur en musea.")
    filled.run()
    assert INSURER not in texts(filled)
    assert filled.run("--rollback") == 0
    assert f"Versie {good} geeft nu antwoord." in filled.out
    assert "ook die van 'make start', maakt weer een nieuwe versie" in filled.out
    assert filled.best("Welke zorgverzekeraar is preferent?") == INSURER


def test_workflow_tasks_rollback_is_undone_by_an_ingest_unless_the_corpus_is_mended(filled: Bureau) -> None:
    filled.put("zorg.pdf", "Hier staat per ongeluk iets heel anders over cultuur en musea.")
    filled.run()
    filled.run("--rollback")
    filled.run()
    assert INSURER not in texts(filled)
    assert filled.run("--rollback") == 0
    filled.put("zorg.pdf", INSURER)
    assert filled.run() == 0
    assert "niets veranderd" in filled.out
    assert filled.best("Welke zorgverzekeraar is preferent?") == INSURER


def test_workflow_tasks_rollback_goes_back_one_version_each_time(filled: Bureau) -> None:
    first = current_version(filled.data)
    for number in range(2):
        filled.put("zorg.pdf", f"{INSURER} Uitgave {number}.")
        filled.run()
    assert [filled.run("--rollback"), filled.run("--rollback")] == [0, 0]
    assert current_version(filled.data) == first
    assert filled.run("--rollback") == 1
    assert current_version(filled.data) == first


def test_workflow_tasks_rollback_passes_over_a_damaged_version_and_says_so(filled: Bureau) -> None:
    first = current_version(filled.data)
    filled.put("zorg.pdf", f"{INSURER} Uitgave 2.")
    filled.run()
    damaged = str(current_version(filled.data))
    filled.put("zorg.pdf", f"{INSURER} Uitgave 3.")
    filled.run()
    (filled.data / "index" / damaged / "vectors.faiss").write_bytes(b"")
    assert filled.run("--rollback") == 0
    assert f"Versie {damaged} is beschadigd en wordt overgeslagen." in filled.out
    assert current_version(filled.data) == first


@pytest.mark.parametrize("published", [True, False])
def test_workflow_tasks_rollback_fails_without_an_earlier_version(bureau: Bureau, published: bool) -> None:
    bureau.put("sport.pdf", CHAIR)
    if published:
        bureau.run()
    before = current_version(bureau.data)
    assert bureau.run("--rollback") == 1
    assert "Er is geen eerdere versie die heel is, dus er is niets teruggezet." in bureau.err
    assert bureau.out == ""
    assert current_version(bureau.data) == before


# ── Removing for good ────────────────────────────────────────────────────────────────────────────────────────────


def test_workflow_tasks_forget_removes_a_document_until_it_is_readmitted(filled: Bureau) -> None:
    assert filled.best("Welke zorgverzekeraar is preferent?") == INSURER
    assert filled.run("--forget", "zorg") == 0
    assert "'zorg' is uit alle versies, kopieën en tussenbestanden verwijderd." in filled.out
    assert "start het portaal opnieuw" in filled.out
    assert INSURER not in texts(filled)
    assert filled.best("Wie is voorzitter van de portefeuille Sport?") == CHAIR
    filled.put("nieuw.pdf", "Een nieuwe tekst over cultuur.")
    for _ in range(2):  # the file still lies in the corpus
        assert filled.run() == 0
        assert "voorgoed verwijderd en wordt niet ingelezen (zorg)" in filled.err
        assert "zorg" not in filled.states()
        assert INSURER not in texts(filled)
    assert filled.run("--readmit", "zorg") == 0
    assert "'zorg' wordt bij de volgende inlezing weer gelezen." in filled.out
    assert INSURER not in texts(filled)
    assert filled.run() == 0
    assert filled.best("Welke zorgverzekeraar is preferent?") == INSURER


def test_workflow_tasks_forget_leaves_nothing_under_data_and_all_of_the_corpus(filled: Bureau) -> None:
    filled.put("bomen.pdf", f"{TREES} Uitgave 2.")
    filled.run()  # so that an older version holds it as well
    name = b"Zilveren Kruis"
    assert any(name in path.read_bytes() for path in filled.data.rglob("store.sqlite"))
    (kept,) = (path for path in (filled.data / "files").iterdir() if path.read_bytes() == pdf_of(filled))
    assert filled.run("--forget", "zorg") == 0
    assert [path for path in filled.data.rglob("*") if path.is_file() and name in path.read_bytes()] == []
    assert not kept.exists()
    assert (filled.corpus / "zorg.pdf").is_file()
    assert filled.run("--rollback") == 0
    assert INSURER not in texts(filled)


def test_workflow_tasks_forget_bars_the_same_content_under_another_name(filled: Bureau) -> None:
    filled.run("--forget", "zorg")
    (filled.corpus / "zorg.pdf").rename(filled.corpus / "andere-naam.pdf")
    assert filled.run() == 0
    assert "'andere-naam' is voorgoed verwijderd" in filled.err
    assert INSURER not in texts(filled)


def test_workflow_tasks_forget_tells_of_the_same_content_elsewhere_and_leaves_it(filled: Bureau) -> None:
    shutil.copy(filled.corpus / "zorg.pdf", filled.corpus / "dubbel.pdf")
    filled.run()
    assert filled.run("--forget", "zorg") == 0
    assert "Let op: dezelfde inhoud staat ook in 'dubbel'." in filled.out
    assert set(filled.states()) == {"sport", "bomen", "dubbel"}
    assert filled.best("Welke zorgverzekeraar is preferent?") == INSURER


def test_workflow_tasks_forget_fails_on_an_unknown_id(filled: Bureau) -> None:
    before = texts(filled), current_version(filled.data)
    assert filled.run("--forget", "bestaat-niet") == 1
    assert filled.err == "Document 'bestaat-niet' staat niet (meer) in de zoekindex.\n"
    assert (texts(filled), current_version(filled.data)) == before


def test_workflow_tasks_readmit_says_when_nothing_was_removed(filled: Bureau) -> None:
    assert filled.run("--readmit", "zorg") == 0
    assert filled.out == "'zorg' was niet verwijderd.\n"


# ── The backup ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_workflow_tasks_a_backup_gives_the_same_answers_elsewhere(filled: Bureau) -> None:
    file = archive_of(filled)
    assert f"bevat versie {current_version(filled.data)}" in filled.out
    corpus, data = filled.folder / "andere" / "corpus", filled.folder / "andere" / "data"
    status = entry.main(["--corpus", str(corpus), "--data", str(data), "--import", str(file)])
    said = filled.capture.readouterr().out
    assert (status, said) == (0, f"Versie {current_version(filled.data)} is teruggezet en geeft nu antwoord.\n")
    for question in QUESTIONS:
        assert hits(data, filled, question) == hits(filled.data, filled, question)
    assert hits(data, filled, QUESTIONS[0])
    assert {path.name: path.read_bytes() for path in corpus.iterdir()} == {
        path.name: path.read_bytes() for path in filled.corpus.iterdir()
    }
    assert Searcher(data, filled.encoder).file_path("zorg").read_bytes() == pdf_of(filled)
    assert entry.main(["--corpus", str(corpus), "--data", str(data)]) == 0
    assert "niets veranderd" in filled.capture.readouterr().out


def test_workflow_tasks_import_puts_aside_what_was_different(filled: Bureau) -> None:
    file = archive_of(filled)
    filled.put("zorg.pdf", "Hier staat per ongeluk iets heel anders over cultuur en musea.")
    filled.put("later.pdf", "Een tekst die er toen nog niet was.")
    changed = pdf_of(filled)
    filled.run()
    assert filled.run("--import", str(file)) == 0
    (aside,) = filled.corpus.glob(".voor-terugzetten-*")
    assert f"Wat er anders was, staat in {aside}." in filled.out
    assert sorted(path.name for path in aside.iterdir()) == ["later.pdf", "zorg.pdf"]
    assert (aside / "zorg.pdf").read_bytes() == changed
    assert filled.best("Welke zorgverzekeraar is preferent?") == INSURER
    assert filled.run() == 0
    assert "niets veranderd" in filled.out  # what was put aside is no source


def test_workflow_tasks_import_brings_back_nothing_that_was_removed_for_good(filled: Bureau) -> None:
    file = archive_of(filled)
    filled.run("--forget", "zorg")
    assert filled.run("--import", str(file)) == 0
    assert INSURER not in texts(filled)
    filled.run()
    assert set(filled.states()) == {"sport", "bomen"}


@pytest.mark.parametrize("damage", ["cut off", "one byte", "no archive", "not there"])
def test_workflow_tasks_import_refuses_a_damaged_archive(filled: Bureau, damage: str) -> None:
    file = archive_of(filled)
    filled.put("zorg.pdf", f"{INSURER} Uitgave 2.")
    filled.run()
    before, version = texts(filled), current_version(filled.data)
    content = file.read_bytes()
    middle = len(content) // 2
    if damage == "not there":
        file.unlink()
    else:
        flipped = content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]
        file.write_bytes({"cut off": content[:middle], "one byte": flipped, "no archive": b"Geen archief."}[damage])
    assert filled.run("--import", str(file)) == 1
    assert filled.err.startswith("kopie.tar.gz: ")
    assert filled.err.endswith("Er is niets veranderd.\n")
    assert (texts(filled), current_version(filled.data)) == (before, version)
    assert sorted(path.name for path in filled.corpus.iterdir()) == ["bomen.pdf", "sport.pdf", "zorg.pdf"]
    assert not (filled.data / ".terugzetten").exists()


@pytest.mark.parametrize("place", ["corpus", "data", "nergens"])
def test_workflow_tasks_export_refuses_a_place_where_it_cannot_stand(filled: Bureau, place: str) -> None:
    file = filled.folder / place / "kopie.tar.gz"
    assert filled.run("--export", str(file)) == 1
    assert "Er is niets veranderd." in filled.err
    assert not file.exists()


def test_workflow_tasks_export_fails_without_a_version(bureau: Bureau) -> None:
    file = bureau.folder / "kopie.tar.gz"
    assert bureau.run("--export", str(file)) == 1
    assert "Er is nog geen zoekindex" in bureau.err
    assert not file.exists()
    with pytest.raises(NoVersionError):
        Searcher(bureau.data, bureau.encoder)


# ── How they are called ──────────────────────────────────────────────────────────────────────────────────────────

TASKS = (["--rollback"], ["--forget", "a"], ["--readmit", "a"], ["--export", "a.gz"], ["--import", "a.gz"])


@pytest.mark.parametrize("first", range(len(TASKS)))
def test_workflow_tasks_exclude_each_other(bureau: Bureau, first: int) -> None:
    for second in range(len(TASKS)):
        if second != first:
            with pytest.raises(SystemExit) as caught:
                bureau.run(*TASKS[first], *TASKS[second])
            assert caught.value.code == 2


def test_workflow_tasks_report_as_one_json_object(filled: Bureau) -> None:
    filled.put("zorg.pdf", f"{INSURER} Uitgave 2.")
    shutil.copy(filled.corpus / "zorg.pdf", filled.corpus / "dubbel.pdf")
    filled.run()
    file = str(filled.folder / "kopie.tar.gz")
    said = {}
    for task in (["--export", file], ["--rollback"], ["--import", file], ["--forget", "zorg"], ["--readmit", "zorg"]):
        assert filled.run("--json", *task) == 0, filled.err
        assert filled.err == ""
        said[task[0]] = json.loads(filled.out)
        assert said[task[0]].keys() == {"message", "warnings"}
        assert said[task[0]]["message"]
    assert len(said["--forget"]["warnings"]) == 1
    assert said["--rollback"]["warnings"] == []


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task[0])
def test_workflow_tasks_refuse_while_another_run_holds_the_lock(filled: Bureau, task: list[str]) -> None:
    before = current_version(filled.data)
    with (filled.data / ".inlezen.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert filled.run(*task) == 1
        assert filled.err == "Er loopt al een inlezing in deze map. Wacht tot die klaar is.\n"
        assert filled.out == ""
    assert current_version(filled.data) == before


@pytest.mark.parametrize("days", [29, 30])
def test_workflow_tasks_an_ingest_removes_kept_questions_that_are_too_old(bureau: Bureau, days: int) -> None:
    bureau.put("sport.pdf", CHAIR)
    bureau.data.mkdir()
    asked_on = dutch_day() - timedelta(days=days)
    Usage(bureau.data, keep_questions=True, today=lambda: asked_on).count_question("Wie is dit?", Status.NIET_GEVONDEN)
    assert bureau.run() == 0
    assert (b"Wie is dit?" in (bureau.data / KEPT_QUESTIONS).read_bytes()) is (days == 29)


def test_workflow_tasks_an_ingest_goes_on_where_questions_cannot_be_read(bureau: Bureau) -> None:
    bureau.put("sport.pdf", CHAIR)
    bureau.data.mkdir()
    (bureau.data / KEPT_QUESTIONS).write_bytes(b"geen database, maar iets anders dat lang genoeg is")
    assert bureau.run() == 0
    assert f"data/{KEPT_QUESTIONS}" in bureau.err
