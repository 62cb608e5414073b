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

# So many vectors are taken by meaning and so many passages by words: hits and facets look at fifty at most.
NEAREST_VECTORS = 400
BEST_BY_WORDS = 200
# So many passages that hold the question's rarest words are looked at for the best by words.
MATCHES = 4000

Key = tuple[str, int]  # document and passage


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a vector (d,), and of each term what it says and in how many passages it stands.

    `typed` are the terms of the question itself, `phrases` others that mean the same as one of them.
    """

    vector: NDArray[np.float32]
    masses: Mapping[str, tuple[float, int]]
    typed: Sequence[str]
    phrases: Sequence[tuple[str, ...]]


@dataclass(slots=True)
class Allowed:
    """What filters and demands let through of a version, as SQL over document d and passage_words w."""

    version: int
    filters: Filters
    demands: Demands = field(default_factory=Demands)
    conditions: list[str] = field(init=False)
    values: list[object] = field(init=False)
    by_passage: bool = field(init=False, default=False)

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
        of_documents = len(self.conditions)
        if filters.portefeuilles:
            self._add("w.portefeuilles && %s::text[]", list(filters.portefeuilles))
        for phrase in demands.phrases:
            self._add("w.written @@ %s::tsquery", as_phrase(phrase))
        for phrase in demands.excluded_phrases:
            self._add("NOT w.written @@ %s::tsquery", as_phrase(phrase))
        for lemma in demands.excluded_lemmas:
            self._add("NOT w.lemmas @@ %s::tsquery", lexeme(lemma))
        self.by_passage = len(self.conditions) > of_documents

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


def by_meaning(connection: Connection, allowed: Allowed, wanted: Wanted) -> list[Key]:
    """The passages of the vectors nearest to the question's, by HNSW."""
    size = len(wanted.vector)
    words = "JOIN passage_words w ON w.document_id = v.document_id AND w.key = v.key" if allowed.by_passage else ""
    found = connection.execute(
        "SELECT v.document_id, v.key FROM passage_vector v "
        f"JOIN document d ON d.document_id = v.document_id AND d.content = v.content {words} "
        f"WHERE {allowed.where} AND vector_dims(v.embedding) = {size} "
        f"ORDER BY v.embedding::halfvec({size}) <#> %s::halfvec({size}) LIMIT %s".encode(),
        (*allowed.values, as_vector(wanted.vector), NEAREST_VECTORS),
    )
    return list(dict.fromkeys((document_id, key) for document_id, key in found))


def by_words(connection: Connection, allowed: Allowed, wanted: Wanted) -> list[Key]:
    """The passages that hold most of what the question's words say.

    Passages with any of its rarest words are looked at, and those that hold all words that were typed: a word that
    stands everywhere finds nothing by itself, and to look at all its passages would take long.
    """
    rarest_first = sorted(wanted.masses, key=lambda term: (wanted.masses[term][1], term))
    rare: list[str] = []
    matches = 0
    for term in rarest_first:
        matches += wanted.masses[term][1]
        if rare and matches > MATCHES:
            break
        rare.append(term)
    queries = []
    if rare:
        queries.append(("terms", " | ".join(map(lexeme, rare))))
    typed = [term for term in wanted.typed if term in wanted.masses]
    if len(typed) > 1 and not set(typed) <= set(rare):
        queries.append(("terms", " & ".join(map(lexeme, typed))))
    for phrase in wanted.phrases:
        queries += [(column, as_phrase(phrase)) for column in ("written", "written_context")]
    if not queries:
        return []
    matched = " UNION ".join(
        f"(SELECT w.document_id, w.key, w.terms FROM {allowed.tables} "
        f"WHERE {allowed.where} AND w.{column} @@ %s::tsquery LIMIT {MATCHES})"
        for column, _ in queries
    )
    found = connection.execute(
        f"WITH matched AS MATERIALIZED ({matched}) SELECT document_id, key FROM matched ORDER BY "
        "(SELECT sum(mass * ts_rank('{0.8, 0, 0, 1}', matched.terms, term, 1)) "
        "FROM unnest(%s::tsquery[], %s::float8[]) AS wanted (term, mass)) DESC, key LIMIT %s".encode(),
        (
            *(value for _, query in queries for value in (*allowed.values, query)),
            *(list(map(lexeme, rarest_first)), [wanted.masses[term][0] for term in rarest_first], BEST_BY_WORDS),
        ),
    )
    return [(document_id, key) for document_id, key in found]


def as_phrase(words: Sequence[str]) -> str:
    """Words that must stand behind each other: ['zilveren', 'kruis'] → "'zilveren' <-> 'kruis'"."""
    return " <-> ".join(map(lexeme, words))


def as_vector(vector: NDArray[np.float32]) -> str:
    """A vector as the server reads it: '[0.1,0.2]'."""
    return "[" + ",".join(f"{value:.7g}" for value in vector.tolist()) + "]"
