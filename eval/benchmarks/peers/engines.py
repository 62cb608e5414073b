"""The peers: how each is filled and asked, by its own documentation. Run in their environment, one process an engine:

    python -m eval.benchmarks.peers.engines FOLDER      reads order.json there, writes outcome.json (see protocol.py)

Their libraries are imported by name, since neither our environment nor our list of dependencies holds them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from eval.benchmarks.peers.protocol import Order, Search, Settings, Vectors, measured, write_runs


@dataclass(frozen=True, slots=True)
class Task:
    """What an engine is filled with and asked: `k` passages a query; what it writes goes into `folder`."""

    texts: list[str]
    vectors: Vectors
    queries: list[str]
    query_vectors: Vectors
    k: int
    folder: Path


# How LanceDB reads Dutch words.
LANCEDB_WORDS: Settings = {"language": "Dutch", "stem": True, "remove_stop_words": True, "ascii_folding": True}

Fill = Callable[[Task, Settings], Search]


@dataclass(frozen=True, slots=True)
class Engine:
    """A peer. `default` is what its documentation shows for this use; `grid` names the settings that tuning tries."""

    title: str
    packages: tuple[str, ...]
    fill: Fill
    default: Settings
    grid: Mapping[str, Settings] = field(default_factory=dict)


def main(folder: Path) -> None:
    """Does what the folder's order asks."""
    order, passages, queries = Order.read(folder)
    runs = {}
    for name, settings in order.settings.items():
        with TemporaryDirectory() as own:
            task = Task(order.passages, passages, order.queries, queries, order.k, Path(own))
            search = ENGINES[order.engine].fill(task, settings)
            runs[name] = measured(search, len(order.queries), order.rounds)
    write_runs(folder, runs)


def fill_lancedb(task: Task, settings: Settings) -> Search:
    """Vectors and full text in one table, merged by a reranker; each half proposes `candidates` passages."""
    fts = import_module("lancedb.index").FTS
    rows = [{"row": row, "text": text, "vector": task.vectors[row]} for row, text in enumerate(task.texts)]
    table = import_module("lancedb").connect(task.folder).create_table("passages", rows)
    table.create_index("text", config=fts(**LANCEDB_WORDS))
    return search_lancedb(table, task, settings)


def search_lancedb(table: Any, task: Task, settings: Settings) -> Search:
    """Asks a table that has its index of words."""
    rerankers = import_module("lancedb.rerankers")
    weight = settings.get("weight")
    reranker = rerankers.RRFReranker() if weight is None else rerankers.LinearCombinationReranker(weight)
    candidates = max(task.k, settings["candidates"])

    def search(query: int) -> list[int]:
        asked = table.search(query_type="hybrid").vector(task.query_vectors[query]).text(task.queries[query])
        found = asked.distance_type("cosine").limit(candidates).select(["row"]).rerank(reranker)
        if settings.get("exact"):
            found = found.bypass_vector_index()
        return [hit["row"] for hit in found.to_list()[: task.k]]

    return search


def fill_txtai(task: Task, settings: Settings) -> Search:
    """`hybrid` with its own BM25. txtai makes its vectors by a function of the text: here one that looks them up."""
    known = {
        **dict(zip(task.queries, task.query_vectors, strict=True)),
        **dict(zip(task.texts, task.vectors, strict=True)),
    }

    embeddings = import_module("txtai").Embeddings(txtai_configuration(known, settings))
    embeddings.index([(row, text, None) for row, text in enumerate(task.texts)])

    return search_txtai(embeddings, task, settings)


def txtai_configuration(known: Mapping[str, Vectors], settings: Settings) -> dict[str, Any]:
    """`known` has the vector of every text that is indexed or asked."""

    def transform(wanted: Sequence[str]) -> Vectors:
        return np.stack([known[text] for text in wanted])

    scoring = {"method": "bm25", "terms": True, "normalize": settings["normalize"]}
    if settings["stop_words"]:
        scoring["tokenizer"] = {"stopwords": _dutch_stop_words()}
    return {"method": "external", "transform": transform, "hybrid": True, "scoring": scoring}


def search_txtai(embeddings: Any, task: Task, settings: Settings) -> Search:
    """Asks what was indexed."""

    def search(query: int) -> list[int]:
        return [row for row, _ in embeddings.search(task.queries[query], task.k, weights=settings["weight"])]

    return search


def fill_haystack(task: Task, settings: Settings) -> Search:
    """BM25 and embeddings out of one store in memory, joined by DocumentJoiner."""
    retrievers = import_module("haystack.components.retrievers.in_memory")
    document = import_module("haystack").Document
    store = import_module("haystack.document_stores.in_memory").InMemoryDocumentStore(
        embedding_similarity_function="cosine",
        return_embedding=False,
        shared=False,
    )
    store.write_documents(
        [
            document(id=str(row), content=text, embedding=task.vectors[row].tolist())
            for row, text in enumerate(task.texts)
        ]
    )
    candidates = max(task.k, settings["candidates"])
    scaled = settings["join"] == "merge"  # sums need scores of one scale
    words = retrievers.InMemoryBM25Retriever(store, top_k=candidates, scale_score=scaled)
    meaning = retrievers.InMemoryEmbeddingRetriever(store, top_k=candidates, scale_score=scaled)
    share = settings.get("weight")
    weights = None if share is None else [1 - share, share]
    joiner = import_module("haystack.components.joiners").DocumentJoiner(settings["join"], weights, top_k=task.k)
    as_lists = [vector.tolist() for vector in task.query_vectors]

    def search(query: int) -> list[int]:
        by_words = words.run(query=task.queries[query])["documents"]
        by_meaning = meaning.run(query_embedding=as_lists[query])["documents"]
        return [int(found.id) for found in joiner.run([by_words, by_meaning])["documents"]]

    return search


def fill_chroma(task: Task, settings: Settings) -> Search:
    """Vectors alone, in memory."""
    quiet = import_module("chromadb.config").Settings(anonymized_telemetry=False)
    collection = (
        import_module("chromadb")
        .EphemeralClient(quiet)
        .create_collection("passages", embedding_function=None, configuration={"hnsw": dict(settings)})
    )
    collection.add(ids=[str(row) for row in range(len(task.texts))], embeddings=task.vectors, documents=task.texts)

    def search(query: int) -> list[int]:
        found = collection.query(query_embeddings=[task.query_vectors[query]], n_results=task.k, include=[])
        return [int(row) for row in found["ids"][0]]

    return search


def fill_bm25s(task: Task, settings: Settings) -> Search:
    """Words alone, with the Dutch stop words that it ships and a Snowball stemmer."""
    bm25s = import_module("bm25s")
    stemmer = import_module("Stemmer").Stemmer(settings["stemmer"])

    def tokens(asked: list[str]) -> object:
        return bm25s.tokenize(asked, stopwords="nl", stemmer=stemmer, show_progress=False)

    index = bm25s.BM25(k1=settings["k1"], b=settings["b"])
    index.index(tokens(task.texts), show_progress=False)
    most = min(task.k, len(task.texts))

    def search(query: int) -> list[int]:
        found = index.retrieve(tokens([task.queries[query]]), k=most, show_progress=False)
        # it fills up with passages that hold no word of the query
        return [int(row) for row, score in zip(found.documents[0], found.scores[0], strict=True) if score > 0]

    return search


def _dutch_stop_words() -> list[str]:
    """txtai and Haystack ship none; bm25s does."""
    return list(import_module("bm25s.stopwords").STOPWORDS_DUTCH)


def _named(grid: Sequence[Settings]) -> dict[str, Settings]:
    """[{'weight': 0.5, 'candidates': 10}] → {'weight 0.5, candidates 10': …}."""
    return {", ".join(f"{key} {value}" for key, value in settings.items()): settings for settings in grid}


_SHARES = (0.3, 0.5, 0.7, 0.8, 0.9)  # of meaning against words

ENGINES: dict[str, Engine] = {
    "lancedb": Engine(
        "LanceDB (hybrid)",
        ("lancedb",),
        fill_lancedb,
        {"candidates": 10},
        _named(
            [{"candidates": count} for count in (10, 50)]
            + [{"weight": share, "candidates": count} for share in _SHARES for count in (10, 50)]
        ),
    ),
    "txtai": Engine(
        "txtai (hybrid)",
        ("txtai",),
        fill_txtai,
        {"weight": 0.5, "normalize": True, "stop_words": False},
        _named(
            [
                {"weight": share, "normalize": normalize, "stop_words": stop_words}
                for share in _SHARES
                for normalize in (True, "bb25")
                for stop_words in (False, True)
            ]
        ),
    ),
    "haystack": Engine(
        "Haystack (hybrid)",
        ("haystack-ai",),
        fill_haystack,
        {"join": "reciprocal_rank_fusion", "candidates": 10},
        _named(
            [
                {"join": join, "weight": share, "candidates": 50}
                for join in ("reciprocal_rank_fusion", "merge")
                for share in _SHARES
            ]
            + [{"join": "distribution_based_rank_fusion", "candidates": 50}]
        ),
    ),
    "chroma": Engine("Chroma (vectors)", ("chromadb",), fill_chroma, {"space": "cosine"}),
    "bm25s": Engine(
        "bm25s (words)",
        ("bm25s", "PyStemmer"),
        fill_bm25s,
        {"stemmer": "dutch", "k1": 1.5, "b": 0.75},
        _named(
            [
                {"stemmer": stemmer, "k1": k1, "b": b}
                for stemmer in ("dutch", "dutch_porter")
                for k1 in (0.9, 1.2, 1.5)
                for b in (0.4, 0.6, 0.75)
            ]
        ),
    ),
}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
