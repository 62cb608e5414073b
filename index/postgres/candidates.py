"""The statements that find a question's candidates. Every join is on document_id: under Citus none leaves its shard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.facets import Filters
from index.operators import Demands
from index.postgres.connecting import Connection
from index.postgres.publishing import lexeme

Key = tuple[str, int]  # document and passage


@dataclass(frozen=True, slots=True)
class Effort:
    """How many vectors are taken by meaning and passages by words, and how many that match are looked at for these."""

    nearest: int
    best: int
    matches: int


# 100,000 passages in clusters of a thousand that are nearly alike, a filter that keeps a tenth, recall@10 of the whole
# search against exact: 200, 100 and 1000: 0.77; 400, 200 and 4000: 0.92; 800, 400 and 8000: 0.97. Real passages are
# less alike. Facets count at most fifty passages, and are told as well by fewer.
FOR_HITS, FOR_FACETS = Effort(600, 400, 8000), Effort(200, 100, 1000)
# HNSW goes on in steps of this size until it has enough: with 100 the same search took 56 ms, with 400 32 ms.
_MOST_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a vector (d,), and of each term what it says and in how many passages it stands.

    `typed` are the terms of the question itself; `phrases` others that mean the same as one of them, each with the
    column it is looked for in and in how many passages its rarest word stands there.
    """

    vector: NDArray[np.float32]
    masses: Mapping[str, tuple[float, int]]
    typed: Sequence[str]
    phrases: Mapping[tuple[str, tuple[str, ...]], int]


@dataclass(slots=True)
class Allowed:
    """What filters and demands let through of a version, as SQL over document d and passage_words w."""

    version: int
    filters: Filters
    demands: Demands = field(default_factory=Demands)
    conditions: list[str] = field(init=False)
    values: list[object] = field(init=False)

    def __post_init__(self) -> None:
        self.conditions, self.values = ["d.version = %s"], [self.version]
        filters, demands = self.filters, self.demands
        for column, values in (
            ("document_id", filters.documents),
            ("kind", filters.kinds),
            ("publisher", filters.publishers),
            ("year", filters.years),
        ):
            if values:
                self._add(f"d.{column} = ANY(%s)", list(values))
        if filters.portefeuilles:
            self._add("w.portefeuilles && %s::text[]", list(filters.portefeuilles))
        for phrase in demands.phrases:
            self._add("w.written @@ %s::tsquery", as_phrase(phrase))
        for phrase in demands.excluded_phrases:
            self._add("NOT w.written @@ %s::tsquery", as_phrase(phrase))
        for lemma in demands.excluded_lemmas:
            self._add("NOT w.lemmas @@ %s::tsquery", lexeme(lemma))

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return len(self.conditions) > 1

    @property
    def where(self) -> str:
        """The conditions as SQL, for `values`."""
        return " AND ".join(self.conditions)

    @property
    def tables(self) -> str:
        """Documents with their passages."""
        return "document d JOIN passage_words w ON w.document_id = d.document_id AND w.content = d.content"

    def _add(self, condition: str, value: object) -> None:
        self.conditions.append(condition)
        self.values.append(value)


def few_enough(connection: Connection, allowed: Allowed, few: int) -> list[Key] | None:
    """All that is let through, if that is no more than `few` passages; else None."""
    found = connection.execute(
        f"SELECT w.document_id, w.key FROM {allowed.tables} WHERE {allowed.where} LIMIT %s".encode(),
        (*allowed.values, few + 1),
    ).fetchall()
    return [(document_id, key) for document_id, key in found] if len(found) <= few else None


def by_meaning(connection: Connection, allowed: Allowed, effort: Effort, wanted: Wanted) -> list[Key]:
    """The passages of the vectors nearest to the question's, by HNSW.

    The planner takes the joins for choosier than they are, and would first gather all that HNSW can bring, then sort.
    """
    size, nearest = len(wanted.vector), effort.nearest
    where = allowed.where.replace("w.portefeuilles", "v.portefeuilles")
    words = "JOIN passage_words w ON w.document_id = v.document_id AND w.key = v.key" if "w." in where else ""
    connection.execute(
        f"SET LOCAL enable_sort = off; SET LOCAL hnsw.ef_search = {min(nearest, _MOST_AT_ONCE)}".encode()
    )
    found = connection.execute(
        "SELECT v.document_id, v.key FROM passage_vector v "
        f"JOIN document d ON d.document_id = v.document_id AND d.content = v.content {words} "
        f"WHERE {where} AND v.dimension = {size} "
        f"ORDER BY v.embedding::halfvec({size}) <#> %s::halfvec({size}) LIMIT %s".encode(),
        (*allowed.values, as_vector(wanted.vector), nearest),
    ).fetchall()
    connection.execute("SET LOCAL enable_sort = on")
    return list(dict.fromkeys((document_id, key) for document_id, key in found))


def by_words(connection: Connection, allowed: Allowed, effort: Effort, wanted: Wanted) -> list[Key]:
    """The passages that hold most of what the question's words say.

    Passages with any of its rarest words are looked at, and those that hold all words that were typed: a word that
    stands everywhere finds nothing by itself, and to look at all its passages would take long.
    """
    rarest_first = sorted(wanted.masses, key=lambda term: (wanted.masses[term][1], term))
    rare: list[str] = []
    matches = 0
    for term in rarest_first:
        matches += wanted.masses[term][1]
        if rare and matches > effort.matches:
            break
        rare.append(term)
    queries = []
    typed = [term for term in wanted.typed if term in wanted.masses]
    either = list(map(lexeme, rare))
    if len(typed) > 1 and not set(typed) <= set(rare):
        either.append(f"({' & '.join(map(lexeme, typed))})")
    if either:
        queries.append(("terms", " | ".join(either)))
    for (column, phrase), frequency in wanted.phrases.items():
        if not queries or frequency <= effort.matches:
            queries.append((column, as_phrase(phrase)))
    if not queries:
        return []
    matched = " UNION ".join(
        f"(SELECT w.document_id, w.key, w.terms FROM {allowed.tables} "
        f"WHERE {allowed.where} AND w.{column} @@ %s::tsquery LIMIT {effort.matches})"
        for column, _ in queries
    )
    score = " + ".join(["%s::float8 * ts_rank('{0.8, 0, 0, 1}', terms, %s::tsquery, 1)"] * len(rarest_first))
    found = connection.execute(
        f"WITH matched AS MATERIALIZED ({matched}) "
        f"SELECT document_id, key FROM matched ORDER BY {score or '0'} DESC, key LIMIT %s".encode(),
        (
            *(value for _, query in queries for value in (*allowed.values, query)),
            *(value for term in rarest_first for value in (wanted.masses[term][0], lexeme(term))),
            effort.best,
        ),
    )
    return [(document_id, key) for document_id, key in found]


def as_phrase(words: Sequence[str]) -> str:
    """Words that must stand behind each other: ['zilveren', 'kruis'] → "'zilveren' <-> 'kruis'"."""
    return " <-> ".join(map(lexeme, words))


def as_vector(vector: NDArray[np.float32]) -> str:
    """A vector as the server reads it: '[0.1,0.2]'."""
    return "[" + ",".join(f"{value:.7g}" for value in vector.tolist()) + "]"
