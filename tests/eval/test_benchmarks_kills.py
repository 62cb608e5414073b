from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from eval.benchmarks import kills
from eval.benchmarks.kills import FEWEST, SUBJECTS, Answers, Corpus, Tally, figures_of, kill_often


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    made = Corpus(tmp_path)
    for subject in SUBJECTS[:4]:
        made.put(subject)
    return made


def right(corpus: Corpus) -> Answers:
    """What a version of this corpus answers."""
    found = (((subject, corpus.line(subject), 1.0),) if subject in corpus.editions else () for subject in SUBJECTS)
    return Answers(tuple((subject, "digest") for subject in sorted(corpus.editions)), tuple(found))


def test_kills_corpus_changes_and_keeps_enough(corpus: Corpus) -> None:
    chance = Random(1)
    for _ in range(50):
        before = {path.name: path.read_bytes() for path in corpus.folder.iterdir()}
        corpus.change(chance)
        after = {path.name: path.read_bytes() for path in corpus.folder.iterdir()}
        assert after != before
        assert {name.partition(".")[0] for name in after} == set(corpus.editions)
        assert len(after) >= FEWEST


def test_kills_right_answers_are_no_fault(corpus: Corpus) -> None:
    assert corpus.faults(right(corpus)) == []


def test_kills_sees_a_missing_document(corpus: Corpus) -> None:
    answers = right(corpus)
    corpus.put(SUBJECTS[5])
    assert corpus.faults(answers) == [
        f"ledger has {sorted(SUBJECTS[:4])}",
        f"the line on {SUBJECTS[5]} is not found first",
    ]


def test_kills_sees_a_line_that_is_no_longer_there(corpus: Corpus) -> None:
    answers = right(corpus)
    corpus.put("sport")
    assert corpus.faults(answers) == [
        "the line on sport is not found first",
        "a line that is no longer there is found for sport",
    ]


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Answers | None]]:
    """Answers in the order in which they are asked for: after the kill, after the next run. No run is started."""
    script: list[Answers | None] = []

    def next_answers(data: Path) -> tuple[Answers | None, list[str]]:
        answers = script.pop(0)
        return answers, [] if answers else ["no answer"]

    def first_answers(data: Path) -> Answers:
        answers = script.pop(0)
        assert answers
        return answers

    monkeypatch.setattr(Corpus, "faults", lambda *_: [])
    monkeypatch.setattr(Tally, "whole_run", lambda self, *_: self.seconds.append(1.0) or [])
    monkeypatch.setattr(kills, "_killed_run", lambda *_: True)
    monkeypatch.setattr(kills, "_try_answers", next_answers)
    monkeypatch.setattr(kills, "answers_of", first_answers)
    yield script
    assert script == []


ONE, TWO, THREE = (Answers(((name, ""),), ()) for name in ("een", "twee", "drie"))


@pytest.mark.parametrize(
    ("then", "after", "outcome", "faults"),
    [
        (ONE, TWO, "answered as before", []),
        (TWO, TWO, "answered as after", []),
        (THREE, TWO, "answered as after", ["answers of neither corpus"]),
        (None, TWO, "", ["no answer"]),
        (ONE, None, "", ["no answer"]),
    ],
)
def test_kills_holds_the_answers_against_before_and_after(
    scripted: list[Answers | None],
    tmp_path: Path,
    then: Answers | None,
    after: Answers | None,
    outcome: str,
    faults: list[str],
) -> None:
    scripted += [ONE, then, after]
    (tmp_path / "data" / "index").mkdir(parents=True)
    tally = kill_often(tmp_path, 1, Random(1), "merk")
    assert [fault.partition(": ")[2] for fault in tally.faults] == faults
    assert tally.outcomes["killed"] == 1
    assert not outcome or tally.outcomes[outcome] == 1


def test_kills_sees_what_a_run_left_behind(scripted: list[Answers | None], tmp_path: Path) -> None:
    scripted += [ONE, ONE, TWO]
    (tmp_path / "data" / "index" / ".building-7").mkdir(parents=True)
    assert kill_often(tmp_path, 1, Random(1), "merk").faults == [f"{tmp_path.name}, round 1: left behind: .building-7"]


def test_kills_adds_up_what_was_done_side_by_side() -> None:
    one = Tally(Counter({"killed": 2, "answered as before": 2}), [1.0, 3.0], ["0, round 1: iets"])
    other = replace(one, seconds=[2.0], faults=[])
    figures = figures_of([one, other], 1)
    assert (figures["kills"], figures["answered_as_before"], figures["median_seconds_of_a_run"]) == (4, 4, 2.0)
    assert figures["faults"] == ["0, round 1: iets", "1 processes live on"]


def test_kills_a_real_run(tmp_path: Path) -> None:
    tally = kill_often(tmp_path, 1, Random(1), "merk")
    assert tally.faults == []
    assert tally.outcomes["killed"] == 1
    assert tally.outcomes["answered as before"] + tally.outcomes["answered as after"] == 1
