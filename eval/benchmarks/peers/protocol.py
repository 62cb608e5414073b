"""What goes to an engine's process and what comes back: files in a folder, JSON and vectors.

order.json      {"engine": "bm25s", "k": 10, "rounds": 3, "settings": {"default": {..}},
                 "passages": ["Voorzitter: ..", ..], "queries": ["Wie is voorzitter?", ..]}
passages.npy    float32 (n, d), unit length: the vector of each passage
queries.npy     float32 (m, d), unit length: the vector of each query
outcome.json    {"default": {"rankings": [[4, 0, 2], ..], "seconds": [0.0031, ..]}}
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Settings = Mapping[str, Any]
# A query's number → the rows of the best passages, best first.
Search = Callable[[int], list[int]]


@dataclass(frozen=True, slots=True)
class Order:
    """What an engine is asked: to rank the k best passages for each query, once for each of the named settings.

    Each query is put once to warm up and then `rounds` times with a clock beside it; without rounds nothing is timed.
    """

    engine: str
    k: int
    rounds: int
    settings: Mapping[str, Settings]
    passages: list[str]
    queries: list[str]

    def write(self, folder: Path, passages: Vectors, queries: Vectors) -> None:
        np.save(folder / "passages.npy", passages, allow_pickle=False)
        np.save(folder / "queries.npy", queries, allow_pickle=False)
        (folder / "order.json").write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> tuple[Order, Vectors, Vectors]:
        """The order with the vectors of its passages and of its queries."""
        order = cls(**json.loads((folder / "order.json").read_text(encoding="utf-8")))
        return order, np.load(folder / "passages.npy"), np.load(folder / "queries.npy")


@dataclass(frozen=True, slots=True)
class Run:
    """What an engine made of the queries: rows of passages, best first, and the seconds that each query took.

    A query's seconds are those of its fastest round, since whatever slowed the others down was other work on the
    machine (as timeit has it); empty if nothing was timed.
    """

    rankings: list[list[int]]
    seconds: list[float]


def measured(search: Search, queries: int, rounds: int) -> Run:
    """Puts every query once, then `rounds` times more with a clock beside it."""
    rankings = [search(query) for query in range(queries)]
    timings: list[list[float]] = [[] for _ in range(queries)]
    for _ in range(rounds):
        for query, taken in enumerate(timings):
            began = time.perf_counter()
            search(query)
            taken.append(time.perf_counter() - began)
    return Run(rankings, [min(taken) for taken in timings if taken])


def write_runs(folder: Path, runs: Mapping[str, Run]) -> None:
    """Writes what came of each of the settings."""
    (folder / "outcome.json").write_text(json.dumps({name: asdict(run) for name, run in runs.items()}))


def read_runs(folder: Path) -> dict[str, Run]:
    """What came of each of the settings."""
    return {name: Run(**run) for name, run in json.loads((folder / "outcome.json").read_text()).items()}
