"""`python -m eval.benchmarks.encoder`: how fast the model is that serves, beside the same model in torch float32.

The contenders take turns: each round puts a few questions, one at a time, and some passages to every one of them, so
that other work on the machine hits all. The figures are medians over all questions and all rounds; `best` is the
fastest one, which other work disturbs least.

    sentence_transformers   SentenceTransformer.encode in torch float32 with its defaults: what the model's users have
    torch                   the same modules without it, at their best setting: sorted batches, no gradients
    float32, int8           the precisions that can serve here, through index/encoder.py

Passages are texts of the published version, those nearest to 129 tokens. With --keep also: how long
`python -m index search` takes from nothing, what a whole search costs beside the encoding of its question, and how much
memory a portal holds that has answered.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from eval.benchmarks.encoder_contenders import SENTENCE_TRANSFORMERS, TORCH, Contender, contender, resident_mib
from eval.benchmarks.machine import machine
from eval.benchmarks.portal_visitors import cards_of
from eval.benchmarks.portals import running_copy
from eval.questions import read_questions
from index.builder import evidence
from index.encoder import Encoder, OnnxEncoder, load_encoder
from index.errors import ModelError, SearchIndexError
from index.exports import FLOAT32, PRECISIONS
from index.searcher import Searcher
from index.settings import ROOT, Settings
from index.store import Store
from index.versions import open_current

ROUNDS, QUESTIONS, PASSAGES = 10, 6, 16
TOKENS = 129
STARTS, SEARCHES, WARM_UP = 3, 40, 5
LIBRARIES = ("onnxruntime", "sentence-transformers", "tokenizers", "torch", "transformers")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, and returns the exit status: 0 measured, 1 it could not be."""
    settings = Settings.of_environment()
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.encoder", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=settings.data, help="a data folder with a published version")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", action="store_true", help="print the two speedups as JSON")
    parser.add_argument("--keep", type=Path, help="measure the serving too; write all figures here, and a table beside")
    given = parser.parse_args(arguments)
    try:
        figures = encoding(given.data, settings, given.rounds)
        if given.keep:
            figures["serving"] = {name: serving(given.data, settings, name) for name in PRECISIONS}
    except SearchIndexError as error:
        print(error, file=sys.stderr)
        return 1
    if given.keep:
        given.keep.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        given.keep.with_suffix(".md").write_text(table_of(figures), encoding="utf-8")
    shown = {name: figures[name] for name in ("query_speedup", "passage_speedup")} if given.json else figures
    print(json.dumps(shown, indent=None if given.json else 2))
    return 0


@dataclass
class Times:
    """Seconds of each question, and of each passage by round."""

    queries: list[float] = field(default_factory=list)
    passages: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        return {
            "query_ms": round(1000 * statistics.median(self.queries), 2),
            "query_best_ms": round(1000 * min(self.queries), 2),
            "passages_per_s": round(1 / statistics.median(self.passages), 1),
            "passages_best_per_s": round(1 / min(self.passages), 1),
        }


def encoding(data: Path, settings: Settings, rounds: int) -> dict[str, Any]:
    """All contenders' figures, and how many times as fast what serves is as sentence-transformers.

    Questions are read in the precision that is set, passages always in float32.
    """
    questions = [one.question for one in read_questions(ROOT / "eval" / "questions.jsonl")]
    asking, reading = (_exported(settings, precision) for precision in (settings.precision, FLOAT32))
    passages = usual_passages(data, reading, rounds * PASSAGES)
    names = [SENTENCE_TRANSFORMERS, TORCH, *PRECISIONS]
    before = os.getloadavg()[0]
    with ExitStack() as stack:
        contenders = [stack.enter_context(contender(name, settings.model, settings.models)) for name in names]
        times = take_turns(contenders, questions, passages, rounds)
        memory = {one.name: round(one.resident_mib()) for one in contenders}
    figures = {name: {**times[name].figures(), "resident_mib": memory[name]} for name in names}
    questions_by, passages_by = figures[asking.precision], figures[reading.precision]
    theirs = figures[SENTENCE_TRANSFORMERS]
    return {
        "query_speedup": round(theirs["query_ms"] / questions_by["query_ms"], 2),
        "passage_speedup": round(passages_by["passages_per_s"] / theirs["passages_per_s"], 2),
        "served": {"questions": asking.precision, "passages": reading.precision},
        "best": {
            "query_speedup": round(theirs["query_best_ms"] / questions_by["query_best_ms"], 2),
            "passage_speedup": round(passages_by["passages_best_per_s"] / theirs["passages_best_per_s"], 2),
        },
        "contenders": figures,
        "rounds": rounds,
        "machine": machine(),
        "versions": {name: version(name) for name in LIBRARIES},
        "load": {"before": round(before, 2), "after": round(os.getloadavg()[0], 2)},
    }


def take_turns(
    contenders: Sequence[Contender], questions: Sequence[str], passages: Sequence[str], rounds: int
) -> dict[str, Times]:
    """Each contender's times; the first round only warms up. Who begins changes from round to round."""
    times = {one.name: Times() for one in contenders}
    for number in range(rounds + 1):
        asked = [questions[place % len(questions)] for place in range(number * QUESTIONS, (number + 1) * QUESTIONS)]
        given = [passages[place % len(passages)] for place in range(number * PASSAGES, (number + 1) * PASSAGES)]
        turn = number % len(contenders)
        for one in (*contenders[turn:], *contenders[:turn]):
            seconds, whole = one.queries(asked), one.passages(given)
            if number:
                times[one.name].queries += seconds
                times[one.name].passages.append(whole / len(given))
    return times


def _exported(settings: Settings, precision: str) -> OnnxEncoder:
    encoder = load_encoder(settings.model, settings.models, precision=precision)
    if not isinstance(encoder, OnnxEncoder):
        raise ModelError(f"'{settings.model}' is served by sentence-transformers itself: there is nothing to compare.")
    return encoder


def usual_passages(data: Path, encoder: OnnxEncoder, count: int) -> list[str]:
    """The texts of the published version whose length is nearest to that of a full passage, TOKENS tokens."""
    layout = open_current(data)[1]
    store = Store(layout.store)
    texts, _ = evidence(store.passages_at(range(store.passages)), {one.id: one.title for one in store.documents()})
    lengths = [len(one) for one in encoder.tokens(encoder.record.passage_prompt, texts)]
    nearest = sorted(range(len(texts)), key=lambda place: (abs(lengths[place] - TOKENS), place))
    return [texts[place] for place in nearest[:count]]


class _Timed:
    """An encoder that keeps the seconds of each question."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.seconds: list[float] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode_queries(self, texts: Sequence[str]) -> Any:
        began = time.perf_counter()
        try:
            return self._encoder.encode_queries(texts)
        finally:
            self.seconds.append(time.perf_counter() - began)


def searching(data: Path, encoder: Encoder, questions: Sequence[str]) -> dict[str, float]:
    """What a whole search costs, and how many times the encoding of its question that is."""
    timed: Any = _Timed(encoder)
    searcher = Searcher(data, timed)
    seconds = []
    for question in questions:
        began = time.perf_counter()
        searcher.search(question)
        seconds.append(time.perf_counter() - began)
    whole, encoded = (statistics.median(some[WARM_UP:]) for some in (seconds, timed.seconds))
    return {
        "search_ms": round(1000 * whole, 1),
        "encode_ms": round(1000 * encoded, 1),
        "times_encoding": round(whole / encoded, 2),
    }


def cold_start(data: Path, precision: str, question: str, starts: int) -> float:
    """The median of the seconds that `python -m index search` takes in a new process, its answer included."""
    command = [sys.executable, "-m", "index", "search", question, "--data", str(data)]
    seconds = []
    for _ in range(starts):
        began = time.perf_counter()
        subprocess.run(command, cwd=ROOT, env=_environment(precision), stdout=subprocess.DEVNULL, check=True)
        seconds.append(time.perf_counter() - began)
    return round(statistics.median(seconds), 2)


def portal_memory(data: Path, precision: str, questions: Sequence[str]) -> int:
    """The resident memory in MiB of a portal that answered these questions."""
    before = _children()
    with running_copy(data, _environment(precision)) as address:
        asyncio.run(cards_of(address, questions))
        return round(max(resident_mib(pid) for pid in _children() - before))


def _children() -> set[int]:
    """The processes that this one started and that still run."""
    lists = Path("/proc/self/task").glob("*/children")
    return {int(pid) for one in lists for pid in one.read_text(encoding="ascii").split()}


def _environment(precision: str) -> dict[str, str]:
    return {**os.environ, "ZOEKPORTAAL_PRECISIE": precision}


def serving(data: Path, settings: Settings, precision: str) -> dict[str, Any]:
    """What serving costs in one precision, beyond encoding."""
    questions = [one.question for one in read_questions(ROOT / "eval" / "questions.jsonl")]
    encoder = load_encoder(settings.model, settings.models, precision=precision)
    return {
        **searching(data, encoder, questions[:SEARCHES]),
        "cold_start_s": cold_start(data, precision, questions[0], STARTS),
        "portal_mib": portal_memory(data, precision, questions[:SEARCHES]),
    }


def table_of(figures: Mapping[str, Any]) -> str:
    """The figures as a table in Markdown, with what they were measured on."""
    columns = ("query_ms", "query_best_ms", "passages_per_s", "passages_best_per_s", "resident_mib")
    lines = [f"| | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    for name, row in figures["contenders"].items():
        lines.append(f"| {name} | {' | '.join(str(row[column]) for column in columns)} |")
    served, times = figures["served"], (figures["query_speedup"], figures["passage_speedup"])
    lines += ["", f"Questions in {served['questions']}: {times[0]} times as fast as sentence_transformers; "]
    lines[-1] += f"passages in {served['passages']}: {times[1]} times."
    if "serving" in figures:
        columns = ("search_ms", "encode_ms", "times_encoding", "cold_start_s", "portal_mib")
        lines += ["", f"| serving | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
        for name, row in figures["serving"].items():
            lines.append(f"| {name} | {' | '.join(str(row[column]) for column in columns)} |")
    about = {**figures["machine"], **figures["versions"], **figures["load"], "rounds": figures["rounds"]}
    return "\n".join([*lines, "", ", ".join(f"{name}: {value}" for name, value in about.items()), ""])


if __name__ == "__main__":
    sys.exit(main())
