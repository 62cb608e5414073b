from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from index.archive_export import export_archive
from index.archive_import import import_archive
from index.results import Status
from index.settings import ROOT
from index.usage import COUNTS, MOST_QUESTIONS, QUESTIONS, Mark, Tally, Usage, UsageError, Verdict, passage_key

HOSTILE = "'); DROP TABLE question; -- <script>alert(1)</script>\u202e"
MARK = Mark("overdracht", 18, "a1b2")


@dataclass
class Clock:
    """A day that a test can set."""

    day: date = date(2026, 11, 25)

    def __call__(self) -> date:
        return self.day


def test_usage_counts_questions_by_day_and_status(tmp_path: Path) -> None:
    clock = Clock()
    usage = Usage(tmp_path, today=clock)
    usage.count_question("a", Status.GEVONDEN, ("Sport",))
    usage.count_question("b", Status.NIET_GEVONDEN)
    clock.day += timedelta(days=1)
    usage.count_question("a", Status.ONZEKER, ("Sport", "Financiën"))

    report = usage.report(3)

    assert list(report.days.values()) == [Tally(), Tally(found=1, nothing=1), Tally(unsure=1)]
    assert report.portefeuilles == {
        "Sport": Tally(found=1, unsure=1),
        "Financiën": Tally(unsure=1),
        "": Tally(nothing=1),
    }
    assert [one.total for one in usage.report(1).days.values()] == [1]


def test_usage_keeps_no_text_of_a_question_unless_told_to(tmp_path: Path) -> None:
    usage = Usage(tmp_path)
    usage.count_question("Waar woont mevrouw Jansen?", Status.NIET_GEVONDEN)

    assert usage.report(1).questions == ()
    assert not (tmp_path / QUESTIONS).exists()
    assert all(b"Jansen" not in path.read_bytes() for path in tmp_path.iterdir())


def test_usage_keeps_only_what_was_not_answered_well(tmp_path: Path) -> None:
    usage = Usage(tmp_path, keep_questions=True)
    for status in Status:
        usage.count_question(f"vraag  {status}", status)
    usage.count_question("vraag niet_gevonden", Status.NIET_GEVONDEN)

    assert [(one.question, one.number) for one in usage.report(1).questions] == [
        ("vraag niet_gevonden", 2),
        ("vraag onzeker", 1),
    ]


@pytest.mark.parametrize("after", ["tidy", "ingest", "report", "count"])
def test_usage_text_of_a_question_is_gone_on_the_thirtieth_day(tmp_path: Path, after: str) -> None:
    clock = Clock()
    usage = Usage(tmp_path, keep_questions=True, today=clock)
    usage.count_question("Waar woont mevrouw Jansen?", Status.NIET_GEVONDEN)
    clock.day += timedelta(days=29)
    assert [one.question for one in usage.report(60).questions] == ["Waar woont mevrouw Jansen?"]

    clock.day += timedelta(days=1)
    if after == "tidy":
        usage.tidy()
    elif after == "ingest":
        Usage(tmp_path, today=clock).remove_old()  # started without the setting
    elif after == "report":
        assert usage.report(60).questions == ()
    else:
        usage.count_question("anders", Status.NIET_GEVONDEN)

    assert all(b"Jansen" not in path.read_bytes() for path in tmp_path.iterdir())
    assert sum(tally.nothing for tally in usage.report(60).days.values()) >= 1, "the count stays"


def test_usage_what_may_stay_is_not_removed_by_who_does_not_know_the_setting(tmp_path: Path) -> None:
    Usage(tmp_path).remove_old()
    assert list(tmp_path.iterdir()) == []
    usage = Usage(tmp_path, keep_questions=True)
    usage.count_question("vraag", Status.ONZEKER)
    Usage(tmp_path).remove_old()
    assert [one.question for one in usage.report(1).questions] == ["vraag"]


def test_usage_removes_all_texts_once_they_are_no_longer_to_be_kept(tmp_path: Path) -> None:
    Usage(tmp_path, keep_questions=True).count_question("vraag", Status.ONZEKER)

    Usage(tmp_path).tidy()

    assert [path.name for path in tmp_path.iterdir()] == [COUNTS]


def test_usage_keeps_a_bounded_number_of_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.usage.MOST_QUESTIONS", 2)
    usage = Usage(tmp_path, keep_questions=True)
    for number in range(4):
        usage.count_question(f"vraag {number}", Status.ONZEKER)

    assert MOST_QUESTIONS > 2
    assert len(usage.report(1).questions) == 2
    assert usage.report(1).days[usage._today()].unsure == 4


def test_usage_reason_takes_the_place_of_a_no(tmp_path: Path) -> None:
    usage = Usage(tmp_path)
    usage.count_verdict(MARK, Verdict.HELPED)
    usage.count_verdict(MARK, Verdict.NO_REASON)
    usage.count_verdict(MARK, Verdict.OUTDATED, instead_of=Verdict.NO_REASON)
    usage.count_verdict(Mark(), Verdict.NO_REASON)

    assert usage.report(1).verdicts == {
        MARK: {Verdict.HELPED: 1, Verdict.OUTDATED: 1},
        Mark(): {Verdict.NO_REASON: 1},
    }


def test_usage_takes_hostile_words_as_words(tmp_path: Path) -> None:
    usage = Usage(tmp_path, keep_questions=True)
    usage.count_question(HOSTILE, Status.NIET_GEVONDEN, (HOSTILE,))
    usage.count_verdict(Mark(HOSTILE, 1, HOSTILE), Verdict.HELPED)
    report = usage.report(1)

    assert report.questions[0].question == HOSTILE
    assert list(report.portefeuilles) == [HOSTILE]
    assert list(report.verdicts) == [Mark(HOSTILE, 1, HOSTILE)]


def test_usage_file_tells_nothing_finer_than_a_day(tmp_path: Path) -> None:
    usage = Usage(tmp_path, keep_questions=True)
    usage.count_question("vraag", Status.ONZEKER, ("Sport",))
    usage.count_verdict(MARK, Verdict.HELPED)

    columns = set()
    for name in (COUNTS, QUESTIONS):
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            for (table,) in list(connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")):
                columns |= {column for _, column, *_ in connection.execute(f"PRAGMA table_info({table})")}
                (day,) = connection.execute(f"SELECT day FROM {table}").fetchone()
                assert len(day) == len("2026-11-25")
    assert columns == {"day", "status", "number", "name", "document", "page", "passage", "verdict", "question"}


def test_usage_of_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / COUNTS).write_bytes(b"geen database " * 100)

    with pytest.raises(UsageError, match="Zoeken werkt gewoon"):
        Usage(tmp_path).count_question("vraag", Status.GEVONDEN)
    with pytest.raises(UsageError, match="reservekopie"):
        Usage(tmp_path).report(7)


def test_usage_of_a_locked_file_gives_up_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.usage._PATIENCE", 0.05)
    usage = Usage(tmp_path)
    usage.count_question("vraag", Status.GEVONDEN)
    with closing(sqlite3.connect(tmp_path / COUNTS)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UsageError, match="locked"):
            usage.count_question("vraag", Status.GEVONDEN)

    usage.count_question("vraag", Status.GEVONDEN)
    assert sum(tally.total for tally in usage.report(1).days.values()) == 2


def test_usage_counts_of_several_processes_add_up(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from index.usage import Usage; from index.results import Status\n"
        "for _ in range(25): Usage(Path(sys.argv[1])).count_question('v', Status.GEVONDEN, ('Sport',))"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT) for _ in range(3)]

    assert [one.wait() for one in running] == [0, 0, 0]
    assert Usage(tmp_path).report(2).portefeuilles == {"Sport": Tally(found=75)}


def test_usage_goes_along_in_a_backup_without_the_texts(portal: tuple[Path, Path], tmp_path: Path) -> None:
    data, corpus = portal
    (data / COUNTS).unlink()
    for log in data.glob(f"{COUNTS}-*"):
        log.unlink()
    usage = Usage(data, keep_questions=True)
    usage.count_question("Waar woont mevrouw Jansen?", Status.NIET_GEVONDEN)
    usage.count_verdict(MARK, Verdict.HELPED)

    made = export_archive(data, corpus, tmp_path / "kopie.tar.gz")
    import_archive(tmp_path / "kopie.tar.gz", tmp_path / "elders" / "data", tmp_path / "elders" / "corpus")

    assert QUESTIONS not in {member.name.removeprefix("data/") for member in made.members}
    there = Usage(tmp_path / "elders" / "data", keep_questions=True).report(1)
    assert there == replace(usage.report(1), questions=())


def test_usage_damaged_file_does_not_stop_a_backup(portal: tuple[Path, Path], tmp_path: Path) -> None:
    data, corpus = portal
    for log in data.glob(f"{COUNTS}-*"):
        log.unlink()
    (data / COUNTS).write_bytes(b"SQLite format 3\0" + b"kapot " * 1000)

    made = export_archive(data, corpus, tmp_path / "kopie.tar.gz")

    assert f"data/{COUNTS}" in {member.name for member in made.members}


def test_passage_key_is_that_of_the_words() -> None:
    assert passage_key("• De Raad,\nstelde vast") == passage_key("de raad stelde VAST.")
    assert passage_key("De raad") != passage_key("De raden")
    assert len(passage_key("")) == 16
