"""What all engines get and are judged by: passages, questions, their vectors, and which passages answer.

The passages are those of a published version, each with its title and headings before it, which is also what our own
index embeds; so no engine knows less of a passage than ours does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from eval.beir import BeirError, indexed, read_entries, read_qrels
from eval.benchmarks.peers.protocol import Vectors
from eval.measures import hit_at, ndcg, reciprocal_rank
from eval.questions import Question, read_questions
from index.builder import evidence
from index.embeddings import embed_passages
from index.encoder import Encoder
from index.store import Store
from index.vectors import WHOLE
from index.versions import open_current
from ingest.documents import Passage

# One question's measures by name, each between 0 and 1.
Measures = Mapping[str, float]

# Pages are judged, passages are asked for: so many that ten pages are among them.
BEIR_PASSAGES = 50


@dataclass(frozen=True, slots=True)
class Material:
    """One set of questions on one published version. `rows` has each passage's row by its id.

    `judge` tells what a ranking of rows is worth for a query, by its number; `k` passages are asked for.
    """

    name: str
    data: Path
    texts: list[str]
    vectors: Vectors
    rows: Mapping[str, int]
    queries: list[str]
    query_vectors: Vectors
    encode_seconds: list[float]
    judge: Callable[[int, Sequence[int]], Measures]
    k: int = 10


def of_questions(file: Path, data: Path, encoder: Encoder) -> Material:
    """The questions of a file that the corpus answers. Raises QuestionsError and what opening a version raises."""
    questions = [question for question in read_questions(file) if question.answerable]
    store, passages = _published(data)
    texts, vectors = _embedded(store, passages, data, encoder)
    query_vectors, seconds = _encoded([question.question for question in questions], encoder)

    @cache
    def answers(number: int, row: int) -> bool:
        return questions[number].is_answered_by(passages[row].text)

    def judge(number: int, ranking: Sequence[int]) -> Measures:
        relevant = [answers(number, row) for row in ranking]
        measures = _of_first(relevant)
        question = questions[number]
        if question.document and question.pages:
            measures["page@3"] = float(any(_on_right_page(question, store, passages[row]) for row in ranking[:3]))
        return measures

    rows = {passage.passage_id: row for row, passage in enumerate(passages)}
    queries = [question.question for question in questions]
    return Material(file.name, data, texts, vectors, rows, queries, query_vectors, seconds, judge)


def of_beir(folder: Path, data: Path, encoder: Encoder) -> Material:
    """A public set in BEIR's form; a page is ranked by its best passage. Raises BeirError."""
    own = indexed(folder, data, encoder, lambda stage, done, total: None)
    qrels = read_qrels(folder / "qrels.tsv")
    asked = {entry["_id"]: entry["text"] for entry in read_entries(folder / "queries.jsonl")}
    missing = [query for query in qrels if query not in asked]
    if missing:
        raise BeirError(f"{folder / 'qrels.tsv'}: de vraag '{missing[0]}' staat niet in queries.jsonl")
    store, passages = _published(own)
    texts, vectors = _embedded(store, passages, own, encoder)
    queries = [asked[query] for query in qrels]
    gains = list(qrels.values())
    query_vectors, seconds = _encoded(queries, encoder)

    def judge(number: int, ranking: Sequence[int]) -> Measures:
        pages = list(dict.fromkeys(passages[row].document_id for row in ranking))[:10]
        found = [gains[number].get(page, 0.0) for page in pages]
        return {**_of_first([gain > 0 for gain in found]), "ndcg@10": ndcg(found, list(gains[number].values()))}

    rows = {passage.passage_id: row for row, passage in enumerate(passages)}
    return Material(folder.name, own, texts, vectors, rows, queries, query_vectors, seconds, judge, BEIR_PASSAGES)


def _of_first(relevant: Sequence[bool]) -> dict[str, float]:
    """The measures that look at the first right one: [False, True] → hit@1 0, hit@3 1, MRR 0.5, nDCG 0.63.

    One passage that answers is enough for a reader, so the ideal of nDCG is one at the top (as in eval/report.py).
    """
    first = next((rank for rank, found in enumerate(relevant) if found), None)
    return {
        "hit@1": hit_at(relevant, 1),
        "hit@3": hit_at(relevant, 3),
        "mrr@10": reciprocal_rank(relevant),
        "ndcg@10": ndcg([float(rank == first) for rank in range(len(relevant[:10]))], [1.0]),
    }


def _on_right_page(question: Question, store: Store, passage: Passage) -> bool:
    file = store.document(passage.document_id).file
    return file == question.document and bool(set(passage.pages) & set(question.pages))


def _published(data: Path) -> tuple[Store, list[Passage]]:
    store = Store(open_current(data)[1].store)
    return store, store.passages_at(range(store.passages))


def _embedded(store: Store, passages: Sequence[Passage], data: Path, encoder: Encoder) -> tuple[list[str], Vectors]:
    """Each passage whole, with title and headings before it, and its vector; those are in the cache of the ingest."""
    titles = {document.id: document.title for document in store.documents()}
    texts, owners = evidence(passages, titles)
    whole = [text for text, unit in zip(texts, owners[:, 1], strict=True) if unit == WHOLE]
    return whole, embed_passages(whole, encoder, data / "cache" / "embeddings.sqlite")


def _encoded(queries: Sequence[str], encoder: Encoder) -> tuple[Vectors, list[float]]:
    """The queries' vectors, made one by one as a search would, and the seconds that each took."""
    encoder.encode_queries(queries[:1])  # to warm up
    vectors, seconds = [], []
    for query in queries:
        began = time.perf_counter()
        vectors.append(encoder.encode_queries([query])[0])
        seconds.append(time.perf_counter() - began)
    return np.stack(vectors), seconds
