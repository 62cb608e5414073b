"""The questions that are put: each of them different, since who asks twice is answered out of what is already known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.questions import read_questions
from index.settings import ROOT

# Where the questions come from, in this order. The first two are those that quality is measured on.
FILES = (
    *("questions.jsonl", "questions_second.jsonl"),
    *("answerable_extra.jsonl", "unanswerable.jsonl", "unanswerable_far.jsonl"),
)
WARM_UP, MEASURED = 20, 200


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions in three lots: to warm up, one after the other, and by several clients at once."""

    warm_up: Sequence[str]
    measured: Sequence[str]
    together: Sequence[str]


def questions(folder: Path = ROOT / "eval") -> Asked:
    """Those of the evaluation, every text once. Raises QuestionsError."""
    every = list(dict.fromkeys(one.question for name in FILES for one in read_questions(folder / name)))
    middle = len(every) - WARM_UP
    return Asked(every[middle:], every[:MEASURED], every[MEASURED:middle])
