"""What a server sent of a question's candidates, and what is made of it: the score by words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.bm25 import FIELDS, Corpus, Counted, bm25
from index.fusion import Scores
from index.query import DEFINED_GAIN, Query
from index.results import DocumentInfo
from index.sought import KINDS


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of a candidate, but its vectors and its text."""

    document_id: str
    key: int
    portefeuilles: Sequence[str]
    lengths: Sequence[int]
    holds: Sequence[bool]
    counts: Sequence[str | None]
    phrases: Sequence[bool]


def words_of(query: Query, rows: Sequence[Row], phrases: Sequence[tuple[str, ...]], corpus: Corpus) -> Scores:
    """(n,) the candidates' BM25 scores."""
    terms = list(query.weights)
    table = np.array([[_pair(count) for count in row.counts] for row in rows], dtype=np.int64).reshape(
        len(rows), len(terms), 2
    )
    stands = np.array([row.phrases for row in rows], dtype=np.int64).reshape(len(rows), len(phrases), 2)
    counted = Counted(
        np.array([row.lengths for row in rows], dtype=np.int64).reshape(-1, FIELDS),
        {term: table[:, place] for place, term in enumerate(terms)},
        {phrase: stands[:, place] for place, phrase in enumerate(phrases)},
    )
    return bm25(query.weights, query.alternatives, counted, corpus)


def held_by(query: Query, rows: Sequence[Row], defined: set[int]) -> Scores:
    """(n,) more than 0 for each candidate that holds what is sought; `defined` has those that write it out, by key."""
    if query.defined:
        return np.array([DEFINED_GAIN if row.key in defined else 0.0 for row in rows])
    if query.sought not in KINDS:
        return np.zeros(len(rows))
    kind = KINDS.index(query.sought)
    return np.array([float(row.holds[kind]) for row in rows])


@dataclass(frozen=True, slots=True)
class Values:
    """The facets' view of some candidates (index/facets.py)."""

    of_documents: Sequence[DocumentInfo]
    rows: Sequence[Row]

    @property
    def passages(self) -> int:
        return len(self.rows)

    def documents(self) -> Sequence[DocumentInfo]:
        return self.of_documents

    def passage_documents(self) -> Sequence[str]:
        return [row.document_id for row in self.rows]

    def passage_portefeuilles(self) -> Iterator[tuple[str, int]]:
        yield from ((name, place) for place, row in enumerate(self.rows) for name in row.portefeuilles)


def _pair(counts: str | None) -> tuple[int, int]:
    """'[2, 0]' → (2, 0); nothing where a word does not stand."""
    if counts is None:
        return 0, 0
    text, _, context = counts.strip("[]").partition(",")
    return int(text), int(context)
