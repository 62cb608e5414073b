"""One corpus served and measured in a process that does nothing else, so that memory and opening are its own.

    python -m eval.benchmarks.scale.serving ORDER.json      writes what it measured beside it, as outcome.json

The order is {"task": "embed" | "make" | "serve" | "exact", "folder", "writers": the corpus, …}: see `done`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from eval.benchmarks.grown_corpus import RARE, TENTHS
from eval.benchmarks.peers.comparing import milliseconds
from eval.benchmarks.scale.asked import Asked
from eval.benchmarks.scale.corpora import Corpus, make
from eval.benchmarks.scale.exact import EveryPassage
from eval.benchmarks.scale.process import memory_gib, peak_gib
from eval.benchmarks.scale.stages import STAGES, recorded
from index.builder import evidence
from index.encoder import Encoder, load_encoder
from index.exports import FLOAT32
from index.searcher import Searcher
from index.store import Store
from index.versions import open_current

CLIENTS = 8
# Through which portefeuilles each lot of questions is searched; the name is that of the figures.
LOTS: Mapping[str, Sequence[str]] = {"all": (), "tenth": (TENTHS[0],), "rare": (RARE,)}
# Of the filtered lots so many questions are measured.
FILTERED = 100
# So many texts are embedded to tell how fast that is.
EMBEDDED = 300
# The exact search of a million passages takes seconds: after so many of them the lot ends, but never before the least.
EXACT_SECONDS, FEWEST_EXACT = 150.0, 30

Outcome = dict[str, Any]


def serve(corpus: Corpus, encoder: Encoder, asked: Asked) -> Outcome:
    """1 opened · 2 asked for the first time, and warmed up · 3 one client · 4 with filters · 5 eight clients."""
    began = time.perf_counter()
    searcher = Searcher(corpus.data, encoder)
    opened = time.perf_counter() - began  # 1
    memory = memory_gib()
    seconds = [_timed(partial(searcher.search, text)) for text in asked.warm_up]  # 2
    lots: dict[str, Outcome] = {}
    for name, portefeuilles in LOTS.items():  # 3, 4
        texts = asked.measured if not portefeuilles else asked.measured[:FILTERED]
        lots[name] = _one_client(searcher, encoder, texts, portefeuilles)
    return {
        "open_s": round(opened, 3),
        "first_ms": round(1000 * seconds[0], 1),
        "memory_opened_gib": memory,
        "lots": lots,
        "together": _many_clients(searcher, asked.together),  # 5
        "memory_gib": memory_gib(),
        "rss_gib": peak_gib(),
    }


def exact(corpus: Corpus, encoder: Encoder, asked: Asked) -> Outcome:
    """{lot: the passages that each of its first questions finds with every passage in play}."""
    vectors = np.load(corpus.vectors, mmap_mode="r")
    searcher = Searcher(corpus.data, encoder, backend=EveryPassage(corpus.data, corpus.reference, vectors))
    found: dict[str, list[list[str]]] = {}
    for name, portefeuilles in LOTS.items():
        began = time.perf_counter()
        found[name] = []
        for text in asked.measured if not portefeuilles else asked.measured[:FILTERED]:
            if len(found[name]) >= FEWEST_EXACT and time.perf_counter() - began > EXACT_SECONDS:
                break
            found[name].append(_ids(searcher, text, portefeuilles))
    return found


def embed(base: Path, encoder: Encoder) -> Outcome:
    """How fast texts of the base version are embedded, one core taken by itself: what an ingest is waiting for."""
    _, layout, _ = open_current(base)
    store = Store(layout.store)
    passages = store.passages_at(range(store.passages))
    texts, _ = evidence(passages, {document.id: document.title for document in store.documents()})
    some = texts[:: max(1, len(texts) // EMBEDDED)]
    encoder.encode_passages(some[:4])
    began, busy = time.perf_counter(), time.process_time()
    encoder.encode_passages(some)
    words = sum(len(text.split()) for text in some)
    return {
        "texts": len(some),
        "words": words,
        "dimension": encoder.dimension,
        "words_a_second": round(words / (time.perf_counter() - began)),
        "words_a_core_second": round(words / (time.process_time() - busy)),
    }


def recall(found: Sequence[Sequence[object]], right: Sequence[Sequence[object]]) -> float:
    """The mean share of the right ones that were found, over the questions of which the right ones are known.

    [['a', 'b'], ['c']], [['a', 'x']] → 0.5. A question without right ones is left out; with none left it is 1.
    """
    known = [(one, other) for one, other in zip(found, right, strict=False) if other]
    shares = [len(set(one) & set(other)) / len(set(other)) for one, other in known]
    return round(float(np.mean(shares)), 4) if shares else 1.0


def _one_client(searcher: Searcher, encoder: Encoder, texts: Sequence[str], portefeuilles: Sequence[str]) -> Outcome:
    """What each question found, and in how many seconds: as a whole, and by stage."""
    seconds, found = [], []
    with recorded(encoder) as clock:
        for text in texts:
            began = time.perf_counter()
            ids = _ids(searcher, text, portefeuilles)
            seconds.append(time.perf_counter() - began)
            found.append(ids)
    stages = {stage: [search[stage] for search in clock.seconds()] for stage in STAGES}
    return {
        "seconds": seconds,
        "found": found,
        "encode_s": stages["encode"],
        "stages": {stage: milliseconds(each) for stage, each in stages.items()},
        "stage_s": {stage: sum(each) for stage, each in stages.items()},
    }


def _many_clients(searcher: Searcher, texts: Sequence[str]) -> dict[str, float]:
    """Threads of this process that ask without a pause, as a portal's sessions do at worst."""
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        seconds = list(clients.map(lambda text: _timed(partial(searcher.search, text)), texts))
    whole = time.perf_counter() - began
    shares = {f"{name}_ms": figure for name, figure in milliseconds(seconds).items()}
    return {"clients": CLIENTS, **shares, "per_second": round(len(texts) / whole, 1)}


def _ids(searcher: Searcher, text: str, portefeuilles: Sequence[str]) -> list[str]:
    return [hit.passage.passage_id for hit in searcher.search(text, portefeuilles=portefeuilles).hits]


def _timed(task: Callable[[], object]) -> float:
    began = time.perf_counter()
    task()
    return time.perf_counter() - began


def done(order: Mapping[str, Any], encoder: Callable[[], Encoder]) -> Outcome:
    """Does what an order asks; only who searches loads the encoder."""
    corpus = Corpus(Path(order["folder"]), order["writers"])
    if order["task"] == "make":
        make(corpus, Path(order["base"]), order["passages"])
        return corpus.about() or {}
    if order["task"] == "embed":
        return embed(Path(order["base"]), encoder())
    return TASKS[order["task"]](corpus, encoder(), Asked(**order["asked"]))


TASKS: Mapping[str, Callable[[Corpus, Encoder, Asked], Outcome]] = {"serve": serve, "exact": exact}


def main(file: Path) -> None:
    """Does what the order in a file asks."""
    order = json.loads(file.read_text("utf-8"))
    # passages are embedded in float32, whatever questions are
    precision = FLOAT32 if order["task"] == "embed" else order["precision"]
    outcome = done(order, lambda: load_encoder(order["model"], Path(order["models"]), precision=precision))
    (file.parent / "outcome.json").write_text(json.dumps(outcome), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
