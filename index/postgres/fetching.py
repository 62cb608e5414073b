"""The statements that fetch what there is to know of a question's candidates, in the order of the corpus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.postgres.candidates import Key, as_phrase, as_vector
from index.postgres.connecting import Connection
from index.postgres.fetched import Row

# The candidates with their place; their document leads to the shard that has them.
KEYS = "unnest(%s::text[], %s::bigint[]) WITH ORDINALITY AS candidate (document_id, key, number)"


def rows_of(
    connection: Connection, keys: Sequence[Key], terms: Sequence[str], phrases: Sequence[tuple[str, ...]]
) -> list[Row]:
    """What the words' score, facets and what is sought need.

    OFFSET 0 keeps the planner from reading `counts` anew for each term: unpacking it is most of the work.
    """
    counts = "".join(", unpacked.counts->>%s::text" for _ in terms)
    places = "".join(f", w.{column} @@ %s::tsquery" for _ in phrases for column in ("written", "written_context"))
    found = connection.execute(
        f"SELECT w.document_id, w.key, w.portefeuilles, w.lengths, w.holds{counts}{places} "
        f"FROM {KEYS} JOIN passage_words w USING (document_id, key), "
        "LATERAL (SELECT w.counts || '{}'::jsonb AS counts OFFSET 0) unpacked ORDER BY number".encode(),
        (*terms, *(as_phrase(phrase) for phrase in phrases for _ in range(2)), *split(keys)),
    ).fetchall()
    end = 5 + len(terms)
    return [Row(row[0], row[1], row[2], row[3], row[4], row[5:end], row[end:]) for row in found]


def vectors_of(
    connection: Connection, keys: Sequence[Key], vector: NDArray[np.float32], mean_question: NDArray[np.float32]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """(vectors, 2) row and unit, and (vectors, 2) how near each is to the question and to the mean question."""
    near = f"-(v.embedding <#> %s::halfvec({len(vector)}))"
    found = connection.execute(
        f"SELECT number - 1, v.unit, {near}, {near} FROM {KEYS} "
        "JOIN passage_vector v USING (document_id, key) ORDER BY number, v.unit".encode(),
        (as_vector(vector), as_vector(mean_question), *split(keys)),
        binary=True,  # thousands of floats: written out and read again they took twice as long
    ).fetchall()
    table = np.array(found, dtype=np.float64).reshape(-1, 4)
    return table[:, :2].astype(np.int32), table[:, 2:].astype(np.float32)


def written_out_in(connection: Connection, keys: Sequence[Key], forms: Sequence[str]) -> set[int]:
    """The candidates that write an abbreviation out in one of these forms (in lower case), by key."""
    if not forms:
        return set()
    found = connection.execute(
        f"SELECT key FROM {KEYS} JOIN passage p USING (document_id, key) "
        "WHERE EXISTS (SELECT FROM unnest(%s::text[]) AS form WHERE strpos(lower(p.text), form) > 0)".encode(),
        (*split(keys), list(forms)),
    )
    return {key for (key,) in found}


def meaning_of_documents(
    connection: Connection, version: int, ids: Sequence[str], vector: NDArray[np.float32]
) -> NDArray[np.float64]:
    """(documents, 2) how near the middle of each is to a vector, and how many passages it has."""
    found = connection.execute(
        "SELECT document_id, -(centroid <#> %s::vector), passages FROM document "
        "WHERE version = %s AND document_id = ANY(%s)",
        (as_vector(vector), version, list(ids)),
    )
    near = {document_id: (nearness, passages) for document_id, nearness, passages in found}
    return np.array([near[document_id] for document_id in ids], dtype=np.float64).reshape(-1, 2)


def split(keys: Iterable[Key]) -> tuple[list[str], list[int]]:
    """The documents and the passages of keys, as KEYS takes them."""
    pairs = list(keys)
    return [document_id for document_id, _ in pairs], [key for _, key in pairs]
