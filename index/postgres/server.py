"""The version that a server published, open for searching: what any number of portals read at once.

A question brings the passages that may answer it: all that its filters let through if these are few, else the best by
meaning (HNSW) and by words. Of those alone everything is fetched, and the searcher ranks them as it does all of a
folder. Documents, vocabulary and a sample of the vectors stay in memory; passages never.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg.errors import InvalidSchemaName, UndefinedTable

from index.backend import Field
from index.begrippen import StoredBegrippen
from index.bm25 import FIELDS, Corpus
from index.completing import Spelled, spelled_in
from index.dutch import Analyser
from index.errors import NoVersionError, ReplacedVersionError, UnknownDocumentError, public_address
from index.facets import Facets, Filters
from index.fusion import HUB_SHARE, idf
from index.operators import Demands, demands_of
from index.postgres.candidates import (
    FOR_FACETS,
    FOR_HITS,
    Allowed,
    Effort,
    Key,
    Wanted,
    by_meaning,
    by_words,
    few_enough,
)
from index.postgres.connecting import Connection, first_value, pool_at
from index.postgres.fetched import Values, held_by, words_of
from index.postgres.fetching import KEYS, meaning_of_documents, rows_of, split, vectors_of, written_out_in
from index.postgres.publishing import PLACES
from index.query import Query
from index.results import DocumentInfo, SourceStatus
from index.sample import Sample, in_context
from index.store import StoredPage, lines_of_json, passage_of_row, status_of_json
from index.versions import kept_name
from ingest.documents import Passage

# What filters let through is taken whole up to so many passages: no index can then lose any of them.
FEW = 1000
# Terms whose frequency is remembered; a portal asks for the same ones again and again.
_MOST_TERMS = 100_000

_OF_VERSION = (
    "document d JOIN passage p ON p.document_id = d.document_id AND p.content = d.content WHERE d.version = %s"
)
_PASSAGE = "p.id, p.document_id, p.heading_path, p.portefeuilles, p.text, p.units, p.regions, p.anchor"


class Postgres:
    """The version that answers now, at this address. A passage's key is that of the server."""

    def __init__(self, address: str, few: int = FEW) -> None:
        """Raises BackendError, or NoVersionError if nothing was published."""
        self._pool = pool_at(address)
        self._few = few
        with self._pool.reading() as connection:
            row = _current(connection, address)
            self._number, self.version, created, self.model, self.model_fingerprint, self._dimension = row[:6]
            self.passages, mean, deviation, self._tokens, begrippen, mean_question, owners, vectors = row[6:]
            self._documents = {
                info["id"]: DocumentInfo(**{**info, "portefeuilles": tuple(info["portefeuilles"])})
                for (info,) in connection.execute(
                    "SELECT info FROM document WHERE version = %s ORDER BY place", (self._number,)
                )
            }
            contents = connection.execute(
                "SELECT document_id, content, passages FROM document WHERE version = %s", (self._number,)
            ).fetchall()
        self.created = datetime.fromisoformat(created)
        self.usual_similarity = (mean, deviation)
        self._begrippen = StoredBegrippen(
            *(tuple(tuple(group) for group in begrippen[kind]) for kind in ("own", "found"))
        )
        self._places = {document_id: place for place, document_id in enumerate(self._documents)}
        self._content_of = {document_id: content for document_id, content, _ in contents}
        self._document_of = {content: document_id for document_id, content, _ in contents}
        self._mean_question = np.frombuffer(mean_question, dtype="<f4")
        self._sample = Sample.of(
            np.frombuffer(owners, dtype=np.int32).reshape(-1, 2),
            np.frombuffer(vectors, dtype="<f4").reshape(-1, self._dimension),
            self._mean_question,
        )
        self._frequencies: dict[str, tuple[int, ...]] = {}
        self._extents: dict[Filters, tuple[int, int]] = {}

    def begrippen(self) -> StoredBegrippen:
        """The words that mean the same."""
        return self._begrippen

    # ── Searching ────────────────────────────────────────────────────────────────────────────────────────────

    def field(self, query: Query, vector: NDArray[np.float32], analyser: Analyser, choices: Sequence[Filters]) -> Field:
        """The candidates for a question within each of these filters, all seen at one moment."""
        phrases = list(dict.fromkeys(phrase for same in query.alternatives for phrase in same.phrases))
        demands = demands_of(query.operators, analyser)
        wanted = Wanted(
            self._corrected(vector),
            self._masses(query.weights),
            tuple(term for term, _ in query.typed),
            self._rarest_words(phrases),
        )
        with self._reading() as connection, self._reading() as second:
            found: dict[Key, None] = {}
            many: list[tuple[Allowed, Effort]] = []
            for place, filters in enumerate(choices):
                allowed = Allowed(self._number, filters, demands)
                some = few_enough(connection, allowed, self._few) if self._may_be_few(filters, demands) else None
                found.update(dict.fromkeys(some or ()))
                if some is None:
                    many.append((allowed, FOR_FACETS if place else FOR_HITS))
            # the nearest that a filter lets through take as long as all the rest
            near, others = self._pool.at_once(
                lambda: [by_meaning(connection, *one, wanted) for one in many[:1]],
                lambda: [
                    *(by_words(second, *one, wanted) for one in many),
                    *(by_meaning(second, *one, wanted) for one in many[1:]),
                ],
            )
            found.update(dict.fromkeys(key for keys in (*near, *others) for key in keys))
            keys = sorted(found, key=lambda key: (self._places[key[0]], key[1]))
            ids = list(dict.fromkeys(document_id for document_id, _ in keys))
            (rows, defined), ((owners, dots), around) = self._pool.at_once(
                lambda: (
                    rows_of(connection, keys, list(query.weights), phrases),
                    written_out_in(connection, keys, query.definitions),
                ),
                lambda: (
                    vectors_of(second, keys, vector, self._mean_question),
                    meaning_of_documents(second, self._number, ids, wanted.vector),
                ),
            )
        numbers = {document_id: number for number, document_id in enumerate(ids)}
        documents = np.array([numbers[document_id] for document_id, _ in keys], dtype=np.int64)
        return Field(
            keys=np.array([key for _, key in keys], dtype=np.int64),
            words=words_of(query, rows, phrases, self._corpus(query, phrases)),
            similarities=dots[:, 0],
            hubs=dots[:, 1],
            owners=owners,
            held=held_by(query, rows, defined),
            demanded=np.ones(len(keys), dtype=bool),  # the server left the others out
            documents=documents,
            document_ids=ids,
            facets=Facets.of(Values([self._documents[one] for one in ids], rows)),
            in_context=in_context(self._sample.scale(vector), around[:, 0], around[:, 1], documents),
        )

    def _may_be_few(self, filters: Filters, demands: Demands) -> bool:
        """Whether so few passages may be let through that all are taken; what demands leave over is not known yet."""
        return demands != Demands() or self.extent(filters)[0] <= self._few

    def _masses(self, weights: Mapping[str, float]) -> dict[str, tuple[float, int]]:
        """What each term of a question that the corpus holds says, and in how many passages it stands."""
        frequencies = self.frequencies(weights)
        return {
            term: (weight * idf(self.passages, frequencies[term]), frequencies[term])
            for term, weight in weights.items()
            if frequencies[term]
        }

    def _rarest_words(self, phrases: Sequence[tuple[str, ...]]) -> dict[tuple[str, tuple[str, ...]], int]:
        """In how many passages the rarest word of each phrase stands, by column; without those that stand nowhere."""
        counts = self._by_field(word for phrase in phrases for word in phrase)
        rarest = {
            (column, phrase): min(counts[word][place] for word in phrase)
            for phrase in phrases
            for place, column in enumerate(("written", "written_context"), start=FIELDS - 2)
        }
        return {one: frequency for one, frequency in rarest.items() if frequency}

    def _corrected(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """A question's vector less what it has in common with any: its product with a passage's is without hubs."""
        return (vector - HUB_SHARE * self._mean_question).astype(np.float32)

    def _corpus(self, query: Query, phrases: Sequence[tuple[str, ...]]) -> Corpus:
        words = [*query.weights, *(word for phrase in phrases for word in phrase)]
        return Corpus(self.passages, self._tokens, self._by_field(words))

    def frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        """In how many passages each term stands, in text or context, whichever is more."""
        return {term: max(counts[:2]) for term, counts in self._by_field(terms).items()}

    def _by_field(self, terms: Iterable[str]) -> dict[str, tuple[int, ...]]:
        """In how many passages each word stands, by field as in index/bm25.py."""
        wanted, known = list(terms), self._frequencies  # another thread may begin a new one
        if missing := [term for term in wanted if term not in known]:
            found = self._all(
                "SELECT word, counts FROM frequency WHERE version = %s AND word = ANY(%s)", self._number, missing
            )
            known.update(dict.fromkeys(missing, (0,) * FIELDS))
            known.update((word, tuple(counts)) for word, counts in found)
            if len(known) > _MOST_TERMS:
                self._frequencies = {}
        return {term: known[term] for term in wanted}

    def extent(self, filters: Filters) -> tuple[int, int]:
        """How many passages the filters let through, and of how many documents."""
        if filters not in self._extents:
            allowed = Allowed(self._number, filters)
            with self._reading() as connection:
                row = connection.execute(
                    "SELECT count(*), count(DISTINCT d.document_id) "
                    f"FROM {allowed.tables} WHERE {allowed.where}".encode(),
                    allowed.values,
                ).fetchone()
            self._extents[filters] = row or (0, 0)
        return self._extents[filters]

    # ── What there is to look at ─────────────────────────────────────────────────────────────────────────────

    def passages_at(self, keys: Sequence[int]) -> list[Passage]:
        """The passages with these keys, in the order asked for."""
        pairs = [(self._document_of[key // PLACES], key) for key in keys]
        with self._reading() as connection:
            rows = connection.execute(
                f"SELECT {_PASSAGE} FROM {KEYS} JOIN passage p USING (document_id, key) ORDER BY number".encode(),
                split(pairs),
            ).fetchall()
        return [passage_of_row(row) for row in rows]

    def around(self, key: int, reach: int) -> tuple[list[Passage], int]:
        """A passage with at most `reach` before and behind it in its document, and its place among them."""
        with self._reading() as connection:
            rows = connection.execute(
                f"SELECT p.key, {_PASSAGE} FROM passage p "
                "WHERE p.document_id = %s AND p.content = %s AND p.key BETWEEN %s AND %s ORDER BY p.key".encode(),
                (self._document_of[key // PLACES], key // PLACES, key - reach, key + reach),
            ).fetchall()
        keys = [row[0] for row in rows]
        return [passage_of_row(row[1:]) for row in rows], keys.index(key)

    def documents(self) -> tuple[DocumentInfo, ...]:
        """All documents, in the register's order."""
        return tuple(self._documents.values())

    def document(self, document_id: str) -> DocumentInfo:
        """Raises UnknownDocumentError."""
        try:
            return self._documents[document_id]
        except KeyError:
            raise UnknownDocumentError(document_id) from None

    def kept_name(self, document_id: str) -> str:
        """The name under which the document's file is kept in data/files. Raises UnknownDocumentError."""
        info = self.document(document_id)
        return kept_name(info.digest, info.file)

    def page(self, document_id: str, number: int) -> StoredPage:
        """Raises UnknownDocumentError if there is no such document, IndexError if it has no such page."""
        self.document(document_id)
        content = self._content_of[document_id]
        with self._reading() as connection:
            row = connection.execute(
                "SELECT label, width, height, lines FROM page WHERE document_id = %s AND content = %s AND number = %s",
                (document_id, content, number),
            ).fetchone()
            begun = connection.execute(
                f"SELECT {_PASSAGE} FROM passage p "
                "WHERE p.document_id = %s AND p.content = %s AND p.page = %s ORDER BY p.key".encode(),
                (document_id, content, number),
            ).fetchall()
        if row is None:
            raise IndexError(f"{document_id} heeft geen pagina {number}.")
        label, width, height, lines = row
        return StoredPage(number, label, width, height, lines_of_json(lines), tuple(map(passage_of_row, begun)))

    def passages_in(self, document_id: str) -> tuple[Passage, ...]:
        """All passages of a document, in reading order. Raises UnknownDocumentError."""
        self.document(document_id)
        rows = self._all(
            f"SELECT {_PASSAGE} FROM passage p WHERE p.document_id = %s AND p.content = %s ORDER BY p.key",
            document_id,
            self._content_of[document_id],
        )
        return tuple(map(passage_of_row, rows))

    def vocabulary(self) -> dict[str, int]:
        """The corpus's folded words and how often each stands there."""
        return dict(self._all("SELECT word, count FROM vocabulary WHERE version = %s", self._number))

    def sources(self) -> tuple[SourceStatus, ...]:
        """The ledger, in the register's order."""
        rows = self._all("SELECT status FROM source WHERE version = %s ORDER BY place", self._number)
        return tuple(status_of_json(status) for (status,) in rows)

    def headings(self) -> dict[str, int]:
        """Every heading that passages stand under, as it is written, and how many there are beneath it."""
        counts: dict[str, int] = {}
        rows = self._all(f"SELECT p.heading_path, count(*) FROM {_OF_VERSION} GROUP BY p.heading_path", self._number)
        for path, count in rows:
            for heading in set(json.loads(path)):
                counts[heading] = counts.get(heading, 0) + count
        return counts

    def portefeuilles(self) -> dict[str, int]:
        """Every portefeuille that passages belong to, and how many do."""
        return dict(
            self._all(
                "SELECT name, count(*)::int FROM document d JOIN passage_words w "
                "ON w.document_id = d.document_id AND w.content = d.content, unnest(w.portefeuilles) AS name "
                "WHERE d.version = %s GROUP BY name",
                self._number,
            )
        )

    def spelled(self) -> Spelled:
        """How texts and headings write words."""
        texts = (text for (text,) in self._all(f"SELECT p.text FROM {_OF_VERSION}", self._number))
        return spelled_in(chain(texts, self.headings()))

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._reading() as connection:
            return connection.execute(statement.encode(), values).fetchall()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """The server as it is at one moment. Raises ReplacedVersionError if it no longer has this version."""
        with self._pool.reading() as connection:
            if first_value(connection, "SELECT number FROM version WHERE number = %s", self._number) is None:
                raise ReplacedVersionError(self.version)
            yield connection


def published_version(address: str) -> str | None:
    """The name of the version that answers, or None if nothing was published yet. Raises BackendError."""
    with pool_at(address).reading() as connection:
        try:
            # no more than the name: this is asked before every question
            name = first_value(connection, "SELECT name FROM current JOIN version ON number = version")
        except (UndefinedTable, InvalidSchemaName):
            return None
        return None if name is None else str(name)


def _current(connection: Connection, address: str) -> tuple[Any, ...]:
    """The row of the version that answers. Raises NoVersionError."""
    try:
        row = connection.execute(
            "SELECT number, name, created, model, model_fingerprint, dimension, passages, similarity_mean, "
            "similarity_deviation, tokens, begrippen, mean_question, sample_owners, sample_vectors "
            "FROM current JOIN version ON number = version"
        ).fetchone()
    except (UndefinedTable, InvalidSchemaName):
        row = None
    if row is None:
        raise NoVersionError(public_address(address))
    return row
