"""Public retrieval sets in BEIR's form, through the same search: corpus.jsonl, queries.jsonl, qrels.tsv.

A text longer than a passage is cut as the ingest cuts it, and scored by its best passage.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from eval.measures import ndcg, recall_at, reciprocal_rank
from index.builder import build_and_publish, recipe_of
from index.encoder import Encoder
from index.errors import DamagedVersionError, NoVersionError
from index.fusion import Scores
from index.searcher import Searcher
from index.versions import open_current
from ingest.documents import Document, Passage, Source
from ingest.passages import passages_of
from ingest.readers.text import read_text

Progress = Callable[[str, int, int], None]

_NEEDED = "Geef een map met corpus.jsonl, queries.jsonl en qrels.tsv."


class BeirError(ValueError):
    """Raised when a folder does not hold a retrieval set in BEIR's form."""


def evaluate(
    folder: Path,
    data: Path,
    encoder: Encoder,
    progress: Progress = lambda stage, done, total: None,
    asking: Encoder | None = None,
) -> dict[str, dict[str, float]]:
    """nDCG@10, recall@100 and MRR@10 of words, meaning and fusion; the index is kept under `data` for the next time.

    `asking` is the encoder of the questions, if that is another one.
    """
    queries = {entry["_id"]: entry["text"] for entry in read_entries(folder / "queries.jsonl")}
    qrels = read_qrels(folder / "qrels.tsv")
    searcher = Searcher(indexed(folder, data, encoder, progress), asking or encoder)
    runs: dict[str, list[tuple[float, float, float]]] = {"words": [], "meaning": [], "fusion": []}
    for number, (query_id, relevant) in enumerate(qrels.items(), start=1):
        if query_id not in queries:
            raise BeirError(f"{folder / 'qrels.tsv'}: de vraag '{query_id}' staat niet in queries.jsonl")
        scored = searcher.score(searcher.read(queries[query_id]))
        ranked = searcher.judge.ranked(scored, np.ones(len(scored.fused), dtype=bool))[0]
        owners = np.array(scored.field.document_ids)[scored.field.documents]
        # a passage without any word of the question was not found by words: it must not be ranked by its id
        words = np.where(scored.words > 0, scored.words, -np.inf)
        for name, scores in (("words", words), ("meaning", scored.meaning), ("fusion", ranked.fused)):
            runs[name].append(_measured(_ranking(scores, owners), relevant))
        progress("vragen", number, len(qrels))
    names = ("ndcg@10", "recall@100", "mrr@10")
    return {
        run: {name: round(float(np.mean([row[place] for row in rows])), 4) for place, name in enumerate(names)}
        for run, rows in runs.items()
    }


def indexed(folder: Path, data: Path, encoder: Encoder, progress: Progress) -> Path:
    """The data folder of the set's index, made now unless it is there and still right."""
    corpus = folder / "corpus.jsonl"
    content = hashlib.sha256(corpus.read_bytes()).hexdigest() if corpus.is_file() else ""
    if not content:
        raise BeirError(f"{corpus} ontbreekt. {_NEEDED}")
    own = data / "beir" / content[:16]
    recipe = recipe_of([encoder.fingerprint, content])
    try:
        if open_current(own)[2].recipe == recipe:
            return own
    except (NoVersionError, DamagedVersionError):
        pass
    documents: list[Document] = []
    passages: list[Passage] = []
    contents: dict[str, bytes] = {}
    for entry in read_entries(corpus):
        text = f"{entry.get('title') or ''}\n{entry['text']}".strip()
        digest = hashlib.sha256(text.encode()).hexdigest()
        document = read_text(Source(entry["_id"], entry.get("title") or ""), text, f"{entry['_id']}.txt", digest)
        documents.append(document)
        passages += passages_of(document)
        contents[digest] = text.encode()
    build_and_publish(own, documents, passages, contents, (), encoder, recipe, progress)
    return own


def _ranking(scores: Scores, owners: np.ndarray) -> list[str]:
    """Document ids, best first, each by its best passage; equal scores by id."""
    best: dict[str, float] = {}
    for document, score in zip(owners, scores, strict=True):
        best[document] = max(best.get(document, -np.inf), float(score))
    found = [document for document, score in best.items() if score > -np.inf]
    return sorted(found, key=lambda document: (-best[document], document))


def _measured(ranking: list[str], relevant: Mapping[str, float]) -> tuple[float, float, float]:
    gains = [relevant.get(document, 0.0) for document in ranking[:10]]
    return (
        ndcg(gains, list(relevant.values())),
        recall_at(ranking, relevant, 100),
        reciprocal_rank([gain > 0 for gain in gains]),
    )


def read_entries(file: Path) -> list[dict[str, str]]:
    """The entries of a JSONL file; an id may be called 'id' or, as BEIR does, '_id'."""
    entries: list[dict[str, str]] = []
    try:
        for line in file.read_text(encoding="utf-8-sig").split("\n"):  # JSON ends lines nowhere else
            if line.strip():
                entry = json.loads(line)
                entry["_id"] = str(entry["_id"] if "_id" in entry else entry["id"])
                entry["text"] = str(entry["text"])
                entries.append(entry)
    except OSError as error:
        raise BeirError(f"{file} ontbreekt of is niet te lezen. {_NEEDED}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BeirError(f"{file} is niet te lezen als BEIR-bestand ({error})") from error
    if not entries:
        raise BeirError(f"{file} is leeg. {_NEEDED}")
    return entries


def read_qrels(file: Path) -> dict[str, dict[str, float]]:
    """query id → document id → relevance, from 'query-id, corpus-id, score' with tabs; a heading line is skipped."""
    qrels: dict[str, dict[str, float]] = defaultdict(dict)
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.reader(lines, delimiter="\t")):
                if not row:
                    continue
                if number == 0 and not row[-1].replace(".", "").isdigit():
                    continue
                query, document, score = row[0], row[-2], row[-1]
                qrels[query][document] = float(score)
    except OSError as error:
        raise BeirError(f"{file} ontbreekt of is niet te lezen. {_NEEDED}") from error
    except (ValueError, IndexError) as error:
        raise BeirError(f"{file} is niet te lezen als BEIR-bestand ({error})") from error
    if not qrels:
        raise BeirError(f"{file} is leeg. {_NEEDED}")
    return dict(qrels)
