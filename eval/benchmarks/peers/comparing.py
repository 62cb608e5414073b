"""The peers put to work: each in a process of its own, tuned on one set of questions, measured on another."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from eval.benchmarks.environments import quiet_environment
from eval.benchmarks.peers.engines import Engine
from eval.benchmarks.peers.material import Material
from eval.benchmarks.peers.protocol import Order, Run, Settings, Vectors, read_runs
from eval.measures import bootstrap_interval
from index.settings import ROOT

# A query is put so many times with a clock beside it; the fastest counts.
ROUNDS = 5

# Hands an order and the vectors of its passages and queries to an engine.
Ask = Callable[[Order, Vectors, Vectors], dict[str, Run]]

# Chroma's and LanceDB's words for being quiet, beside those of quiet_environment; and no engine may fetch a model.
QUIET = {"ANONYMIZED_TELEMETRY": "False", "LANCEDB_LOG": "error", "HF_HUB_OFFLINE": "1"}


class PeerFailedError(Exception):
    """Raised when an engine's process ends without an outcome; says how it ended."""


@dataclass(frozen=True, slots=True)
class Result:
    """One engine with one of its settings on one set of questions; `choice` is 'default', 'tuned' or '' for ours.

    `figures` are means over the questions, `interval` is the 95 % interval of MRR@10, `milliseconds` p50 and p95.
    """

    engine: str
    choice: str
    settings: Settings
    figures: Mapping[str, float]
    interval: tuple[float, float]
    milliseconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Tuning:
    """MRR@10 of each of the settings that were tried, on the questions for tuning and on those that are measured.

    `chosen` is the best on the former; what is best on the latter is only told, to show how much tuning can bring.
    """

    chosen: str
    settings: Settings
    tried: Mapping[str, tuple[float, float]]


def ask_in(python: Path) -> Ask:
    """Asks engines by means of the interpreter of their environment."""

    def ask(order: Order, passages: Vectors, queries: Vectors) -> dict[str, Run]:
        with TemporaryDirectory() as folder:
            order.write(Path(folder), passages, queries)
            command = [str(python), "-m", "eval.benchmarks.peers.engines", folder]
            done = subprocess.run(command, cwd=ROOT, env=quiet_environment(QUIET), capture_output=True, text=True)
            if done.returncode:
                last = (done.stderr.strip().splitlines() or ["geen uitleg"])[-1]
                raise PeerFailedError(f"{order.engine} kon niet worden gemeten: {last}")
            return read_runs(Path(folder))

    return ask


def tune(name: str, engine: Engine, tuning: Material, material: Material, ask: Ask) -> Tuning:
    """Tries an engine's settings; of equally good ones the first, its default, is chosen."""
    settings = {"default": engine.default, **engine.grid}
    queries = np.vstack([tuning.query_vectors, material.query_vectors])
    order = Order(name, material.k, 0, settings, material.texts, tuning.queries + material.queries)
    runs = ask(order, material.vectors, queries)
    middle = len(tuning.queries)
    tried = {
        tested: (_mrr(tuning, run.rankings[:middle]), _mrr(material, run.rankings[middle:]))
        for tested, run in runs.items()
    }
    chosen = max(tried, key=lambda tested: tried[tested][0])
    return Tuning(chosen, settings[chosen], tried)


def compare(name: str, engine: Engine, tuned: Settings, material: Material, ask: Ask) -> list[Result]:
    """An engine's default settings, and the tuned ones where these are others."""
    choices = {"default": engine.default, "tuned": tuned}
    if tuned == engine.default:
        del choices["tuned"]
    order = Order(name, material.k, ROUNDS, choices, material.texts, material.queries)
    runs = ask(order, material.vectors, material.query_vectors)
    return [result_of(engine.title, choice, choices[choice], run, material) for choice, run in runs.items()]


def result_of(engine: str, choice: str, settings: Settings, run: Run, material: Material) -> Result:
    """The figures of a run."""
    judged = [material.judge(number, ranking) for number, ranking in enumerate(run.rankings)]
    # a question without pages has no page@3
    names = dict.fromkeys(name for measures in judged for name in measures)
    values = {name: [measures[name] for measures in judged if name in measures] for name in names}
    return Result(
        engine=engine,
        choice=choice,
        settings=settings,
        figures={name: round(float(np.mean(of)), 4) for name, of in values.items()},
        interval=bootstrap_interval(values["mrr@10"]),
        milliseconds=milliseconds(run.seconds),
    )


def milliseconds(seconds: list[float]) -> dict[str, float]:
    """[0.001, 0.002, 0.003] → {'p50': 2.0, 'p95': 2.9}."""
    return {f"p{share}": round(1000 * float(np.percentile(seconds, share)), 2) for share in (50, 95)}


def _mrr(material: Material, rankings: list[list[int]]) -> float:
    judged = [material.judge(number, ranking)["mrr@10"] for number, ranking in enumerate(rankings)]
    return round(float(np.mean(judged)), 4)
