"""`python -m eval.benchmarks.postgres` measures the form that lives in PostgreSQL, on a server of its own.

The corpus is made out of the one that was ingested (grown_corpus.py); the filter keeps a tenth of it. Recall is against
the same search with all that the filter lets through in play. Times are without the encoding of the question.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psycopg
from numpy.typing import NDArray

from eval.benchmarks.grown_corpus import TENTHS, grown
from eval.benchmarks.machine import machine
from eval.benchmarks.postgres_server import Server, ServerError
from eval.questions import read_questions
from index.edition import edition_of
from index.encoder import Encoder, load_encoder
from index.errors import SearchIndexError
from index.postgres.candidates import as_vector
from index.postgres.connecting import connect
from index.postgres.embedding import SharedEncoder, work
from index.postgres.publishing import publish
from index.postgres.server import Postgres
from index.searcher import Searcher
from index.settings import ROOT, Settings

PASSAGES = 100_000
QUESTIONS, EXACT_QUESTIONS = 60, 15
# What one text costs to embed and how many there are, where embedding is only played.
COST, TEXTS = 0.03, 640
RESULTS = ROOT / "eval" / "results" / "postgres.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, writes the results, and returns the exit status: 0 measured, 1 it cannot be."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.postgres", description=__doc__)
    parser.add_argument("--passages", type=int, default=PASSAGES)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    given = parser.parse_args(arguments)
    settings = Settings.of_environment()
    try:
        server = Server()
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        server.start()
        encoder = load_encoder(settings.model, settings.models)
        figures = measure(server, settings.data, encoder, given.passages)
    except (ServerError, SearchIndexError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        server.remove()
    if given.passages == PASSAGES:
        RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=None if given.json else 2))
    return 0


def measure(server: Server, data: Path, encoder: Encoder, passages: int) -> dict[str, object]:
    """All figures, on a server that holds nothing yet."""
    address = server.new_database("meting")
    edition = grown(edition_of(data), passages)
    began = time.perf_counter()
    publish(address, edition)
    published = time.perf_counter() - began
    texts = [one.question for one in read_questions(ROOT / "eval" / "questions.jsonl")[:QUESTIONS]]
    known = Known(encoder, dict(zip(texts, encoder.encode_queries(texts), strict=True)))
    wanted = TENTHS[0]
    searcher = Searcher(data, known, backend=Postgres(address))
    exact = Searcher(data, known, backend=Postgres(address, few=passages // 5))  # twice what is let through
    for text in texts[:5]:
        searcher.search(text, portefeuilles=[wanted])  # what is read for the first time is read from disk
    recalls = []
    for text in texts[:EXACT_QUESTIONS]:
        found, right = (
            {hit.passage.passage_id for hit in one.search(text, portefeuilles=[wanted]).hits}
            for one in (searcher, exact)
        )
        recalls.append(len(found & right) / max(len(right), 1))
    return {
        "passages": passages,
        "vectors": 3 * passages,
        "publish_s": round(published, 1),
        "database_gib": database_gib(address),
        "filtered": _percentiles(lambda text: searcher.search(text, portefeuilles=[wanted]), texts),
        "unfiltered": _percentiles(searcher.search, texts),
        "recall@10": round(float(np.mean(recalls)), 4),
        "nearest": nearest(address, known, texts, encoder.dimension),
        "workers": workers(server, encoder.dimension),
        "machine": machine(),
        "versions": _versions(address),
    }


def database_gib(address: str) -> float:
    """What the database takes on disk, indexes included."""
    with psycopg.connect(address) as connection:
        (size,) = connection.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
    return round(int(size) / 2**30, 3)


@dataclass(frozen=True, slots=True)
class Known:
    """An encoder whose questions were embedded beforehand."""

    encoder: Encoder
    vectors: dict[str, NDArray[np.float32]]

    @property
    def name(self) -> str:
        return self.encoder.name

    @property
    def dimension(self) -> int:
        return self.encoder.dimension

    @property
    def fingerprint(self) -> str:
        return self.encoder.fingerprint

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._vector(text) for text in texts])

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        return self.encoder.encode_passages(texts, progress)

    def _vector(self, text: str) -> NDArray[np.float32]:
        if text not in self.vectors:
            self.vectors[text] = self.encoder.encode_queries([text])[0]  # a typing fault was mended
        return self.vectors[text]


def nearest(address: str, known: Known, texts: Sequence[str], dimension: int) -> dict[str, float]:
    """HNSW alone, with the filter: how long it takes and which share of the ten nearest vectors it finds."""
    wanted = TENTHS[0]
    near = f"v.embedding::halfvec({dimension}) <#> %s::halfvec({dimension})"
    statement = (
        f"SELECT v.key, v.unit FROM passage_vector v WHERE v.portefeuilles && %s::text[] AND v.dimension = {dimension} "
        f"ORDER BY ({near}){{}} LIMIT 10"
    )
    found: list[set[tuple[object, ...]]] = []
    right: list[set[tuple[object, ...]]] = []
    seconds: list[float] = []
    with closing(connect(address)) as connection:
        for text in texts[:EXACT_QUESTIONS]:
            values = ([wanted], as_vector(known.encode_queries([text])[0]))
            began = time.perf_counter()
            found.append(set(connection.execute(statement.format("").encode(), values).fetchall()))
            seconds.append(time.perf_counter() - began)
            right.append(set(connection.execute(statement.format(" + 0").encode(), values).fetchall()))
    recall = np.mean([len(one & other) / len(other) for one, other in zip(found, right, strict=True)])
    return {"p50_ms": round(1000 * float(np.median(seconds)), 1), "recall@10": round(float(recall), 4)}


def workers(server: Server, dimension: int) -> dict[str, float]:
    """How much faster two ingest workers are than one, where each text costs the same."""

    class Played:
        name, fingerprint = "gespeeld", "gespeeld"

        def __init__(self) -> None:
            self.dimension = dimension

        def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
            return self.encode_passages(texts)

        def encode_passages(
            self, texts: Sequence[str], progress: Callable[[int], None] | None = None
        ) -> NDArray[np.float32]:
            time.sleep(COST * len(texts))
            return np.ones((len(texts), dimension), dtype=np.float32)

    texts = [f"tekst {number}" for number in range(TEXTS)]
    seconds = []
    for number in (1, 2):
        address = server.new_database(f"werkers-{number}")
        done = threading.Event()
        SharedEncoder(Played(), address).encode_passages([])  # makes the schema
        helpers = [
            threading.Thread(target=work, args=(address, Played(), lambda done=done: not done.is_set()))
            for _ in range(number - 1)
        ]
        for helper in helpers:
            helper.start()
        began = time.perf_counter()
        SharedEncoder(Played(), address).encode_passages(texts)
        seconds.append(time.perf_counter() - began)
        done.set()
        for helper in helpers:
            helper.join()
    return {
        "one_s": round(seconds[0], 2),
        "two_s": round(seconds[1], 2),
        "speedup": round(seconds[0] / seconds[1], 2),
    }


def _percentiles(search: Callable[[str], object], texts: Sequence[str]) -> dict[str, float]:
    seconds = []
    for text in texts:
        began = time.perf_counter()
        search(text)
        seconds.append(time.perf_counter() - began)
    return {f"p{share}_ms": round(1000 * float(np.percentile(seconds, share)), 1) for share in (50, 95)}


def _versions(address: str) -> dict[str, str]:
    with psycopg.connect(address) as connection:
        (server,) = connection.execute("SHOW server_version").fetchone() or ("",)
        (vector,) = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone() or (
            "",
        )
    return {"postgresql": str(server), "pgvector": str(vector)}


if __name__ == "__main__":
    sys.exit(main())
