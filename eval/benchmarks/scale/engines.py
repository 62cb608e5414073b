"""The peers on a corpus of any size: filled in one process, asked in another. Run in their environment:

    python -m eval.benchmarks.scale.engines make ENGINE FOLDER       fills it; kept in peers/ENGINE of the corpus
    python -m eval.benchmarks.scale.engines ask ENGINE FOLDER ASKED  opens it, and writes ASKED/outcome.json

ASKED holds queries.json, the questions, and queries.npy, their vectors; the first `warm_up` of them are not measured.
The settings are the peers' defaults of eval/benchmarks/peers, words and vectors those of the corpus.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from eval.benchmarks.peers.engines import (
    ENGINES,
    LANCEDB_WORDS,
    Task,
    fill_haystack,
    search_lancedb,
    search_txtai,
    txtai_configuration,
)
from eval.benchmarks.peers.protocol import Search, Vectors
from eval.benchmarks.scale.process import load, memory_gib, peak_gib

K = 10
# An engine that takes seconds a question is asked fewer: none after so many seconds, but never under the least.
SECONDS, FEWEST = 60.0, 10
# LanceDB's documentation advises an index of vectors beyond this: IVF with HNSW and scalar quantisation, of its kinds
# the one for speed at high recall, with its defaults. It loses much on these corpora, so it is asked without as well.
LANCEDB_EXACT = 100_000
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Peer:
    """`make` fills it and keeps it in the task's folder; `open` brings its hybrid search and that by vectors alone.

    `least` and `most` are the corpora that it is asked about. Without `make` it lives in memory only; with `kept_by`
    it opens what another peer keeps.
    """

    title: str
    package: str
    open: Callable[[Path, Task], tuple[Search | None, Search]]
    make: Callable[[Path, Task], None] | None = None
    least: int = 0
    most: int | None = None
    kept_by: str = ""


def make_lancedb(corpus: Path, task: Task) -> None:
    """Written in batches, so that no more than one of them is in memory."""
    arrow = import_module("pyarrow")
    index = import_module("lancedb.index")
    vectors = _vectors(corpus)
    width = vectors.shape[1]
    schema = arrow.schema(
        [("row", arrow.int32()), ("text", arrow.string()), ("vector", arrow.list_(arrow.float32(), width))]
    )

    def batches() -> Iterator[Any]:
        texts = _texts(corpus)
        for first in range(0, len(vectors), _AT_ONCE):
            some = np.ascontiguousarray(vectors[first : first + _AT_ONCE])
            rows = arrow.array(range(first, first + len(some)), arrow.int32())
            own = arrow.array([next(texts) for _ in some])
            lists = arrow.FixedSizeListArray.from_arrays(arrow.array(some.ravel()), width)
            yield arrow.RecordBatch.from_arrays([rows, own, lists], schema=schema)

    reader = arrow.RecordBatchReader.from_batches(schema, batches())
    table = import_module("lancedb").connect(task.folder).create_table("passages", reader, schema=schema)
    table.create_index("text", config=index.FTS(**LANCEDB_WORDS))
    if len(vectors) > LANCEDB_EXACT:
        table.create_index("vector", config=index.HnswSq(distance_type="cosine"))


def open_lancedb(corpus: Path, task: Task, *, exact: bool = False) -> tuple[Search, Search]:
    """Both of its searches, out of what `make_lancedb` keeps; `exact` goes past the index of vectors."""
    table = import_module("lancedb").connect(task.folder).open_table("passages")

    def nearest(query: int) -> list[int]:
        asked = table.search(task.query_vectors[query]).distance_type("cosine").limit(task.k).select(["row"])
        return [hit["row"] for hit in (asked.bypass_vector_index() if exact else asked).to_list()]

    return search_lancedb(table, task, {**ENGINES["lancedb"].default, "exact": exact}), nearest


def open_txtai(corpus: Path, task: Task) -> tuple[Search, Search]:
    """Filled where it is asked: what it keeps on disk it cannot open without the function that embeds."""
    texts = list(_texts(corpus))
    settings = ENGINES["txtai"].default
    known = {
        **dict(zip(task.queries, task.query_vectors, strict=True)),
        **dict(zip(texts, _vectors(corpus), strict=True)),
    }
    embeddings = import_module("txtai").Embeddings(txtai_configuration(known, settings))
    embeddings.index([(row, text, None) for row, text in enumerate(texts)])
    del texts
    for text in set(known).difference(task.queries):
        del known[text]

    def nearest(query: int) -> list[int]:
        ((*found,),) = embeddings.ann.search(task.query_vectors[query : query + 1], task.k)
        return [int(row) for row, _ in found]

    return search_txtai(embeddings, task, settings), nearest


def open_haystack(corpus: Path, task: Task) -> tuple[Search, Search]:
    """It lives in memory, and looks at every passage: by vectors alone it is as exact as NumPy, so nothing is asked."""
    filled = Task(list(_texts(corpus)), _vectors(corpus), task.queries, task.query_vectors, task.k, task.folder)
    hybrid = fill_haystack(filled, ENGINES["haystack"].default)
    return hybrid, open_numpy(corpus, task)[1]


def open_numpy(corpus: Path, task: Task) -> tuple[None, Search]:
    """One multiplication and the ten best of it: vectors alone, exact."""
    vectors = _vectors(corpus)

    def nearest(query: int) -> list[int]:
        near = vectors @ task.query_vectors[query]
        best = np.argpartition(-near, min(task.k, len(near) - 1))[: task.k]
        return [int(row) for row in best[np.argsort(-near[best], kind="stable")]]

    return None, nearest


PEERS: dict[str, Peer] = {
    "numpy": Peer("NumPy (vectors, exact)", "numpy", open_numpy),
    "lancedb": Peer("LanceDB (hybrid)", "lancedb", open_lancedb, make_lancedb),
    "lancedb-exact": Peer(
        "LanceDB (hybrid, vectors exact)",
        "lancedb",
        partial(open_lancedb, exact=True),
        least=LANCEDB_EXACT + 1,
        kept_by="lancedb",
    ),
    "txtai": Peer("txtai (hybrid)", "txtai", open_txtai, most=100_000),
    "haystack": Peer("Haystack (hybrid)", "haystack-ai", open_haystack, most=100_000),
}


def ask(peer: Peer, corpus: Path, task: Task, warm_up: int) -> dict[str, Any]:
    """The seconds of each measured question, the rows that vectors alone find for it, memory, load, and `ready_s`.

    That is what it took to be ready: importing it and opening what it keeps, or filling what lives in memory.
    """
    began = time.perf_counter()
    hybrid, nearest = peer.open(corpus, task)
    opened = time.perf_counter() - began
    search = hybrid or nearest
    _timed(search, range(warm_up))
    seconds = _timed(search, range(warm_up, len(task.queries)))
    return {
        "seconds": seconds,
        "ready_s": round(opened, 2),
        "memory_gib": memory_gib(),
        "rss_gib": peak_gib(),
        "nearest": [nearest(query) for query in range(warm_up, len(task.queries))],
        "load": load(),
    }


def _timed(search: Search, queries: Sequence[int]) -> list[float]:
    """The seconds of each query, for as long as there is time."""
    seconds: list[float] = []
    for query in queries:
        if len(seconds) >= FEWEST and sum(seconds) > SECONDS:
            break
        began = time.perf_counter()
        search(query)
        seconds.append(time.perf_counter() - began)
    return seconds


def _vectors(corpus: Path) -> Vectors:
    """(n, d): the vector of each passage as a whole, in memory and in a row."""
    return np.ascontiguousarray(np.load(corpus / "vectors.npy", mmap_mode="r")[:, 0])


def _texts(corpus: Path) -> Iterator[str]:
    with (corpus / "texts.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def main(what: str, engine: str, corpus: Path, asked: Path | None = None) -> None:
    """Does what the command line says: see the head of this module."""
    peer = PEERS[engine]
    home = corpus / "peers" / (peer.kept_by or engine)
    if what == "make" and peer.make:
        aside = home.with_name(f".{home.name}")  # what was broken off is made anew
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        peer.make(corpus, Task([], np.empty((0, 0), np.float32), [], np.empty((0, 0), np.float32), K, aside))
        aside.rename(home)
    elif asked:
        order = json.loads((asked / "queries.json").read_text("utf-8"))
        vectors = np.load(asked / "queries.npy")
        task = Task([], vectors, order["queries"], vectors, K, home)
        outcome = ask(peer, corpus, task, order["warm_up"])
        (asked / "outcome.json").write_text(json.dumps(outcome), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), *map(Path, sys.argv[4:5]))
