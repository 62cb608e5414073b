"""A version published to the server in one transaction: whatever ends it half-way, the version before still answers.

1 the schema brought up to date · 2 contents that the server does not have yet · 3 the version and its ledger ·
4 the switch · 5 versions that its folder no longer has, and what only they held. Contents never change, and versions
share them: one new report costs one report.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.bm25 import FIELDS
from index.edition import DocumentContent, Edition, SearchablePassage
from index.facets import year_of
from index.postgres.connecting import PUBLISHING, Connection, connect, first_value, migrate, telling_trouble
from index.sample import SAMPLE, centroid_of
from index.store import lines_to_json, passage_to_row, status_to_json

# A document has fewer passages than this: the largest reports have some thousands.
PLACES = 1 << 20
# Nobody looks for a longer word, and the server refuses those over 2,046 bytes.
_LONGEST_WORD = 200

_OID_OF_TEXT = 25
_OF_A_CONTENT = ("content", "page", "passage", "passage_words", "passage_vector")


def publish(address: str, edition: Edition) -> None:
    """Makes an edition the version that answers; one that the server still has is only switched to.

    Raises BackendError.
    """
    with telling_trouble(address), closing(connect(address)) as connection:
        migrate(connection)  # 1
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (PUBLISHING,))
        number = first_value(connection, "SELECT number FROM version WHERE name = %s", edition.name)
        if number is None:
            number = _written(connection, edition)
        connection.execute(  # 4
            "INSERT INTO current (version) VALUES (%s) ON CONFLICT (one) DO UPDATE SET version = excluded.version",
            (number,),
        )
        _remove_old(connection, [*edition.kept, edition.name])  # 5
        connection.commit()


@dataclass
class _Whole:
    """What is told of all passages together, gathered one by one."""

    every: int  # so many passages, one goes into the sample
    passages: int = 0
    tokens: list[int] = field(default_factory=lambda: [0] * FIELDS)
    frequencies: list[Counter[str]] = field(default_factory=lambda: [Counter() for _ in range(FIELDS)])
    owners: list[tuple[int, int]] = field(default_factory=list)
    vectors: list[NDArray[np.float32]] = field(default_factory=list)

    def add(self, one: SearchablePassage) -> None:
        for place, words in enumerate(_fields(one)):
            self.tokens[place] += len(words)
            self.frequencies[place].update(set(words))
        if self.passages % self.every == 0:
            row = self.passages // self.every
            self.owners += [(row, unit) for unit in one.units]
            self.vectors.append(one.vectors)
        self.passages += 1


def _written(connection: Connection, edition: Edition) -> int:
    """2 contents · 3 version and ledger; returns the version's number."""
    manifest = edition.manifest
    whole = _Whole(every=max(1, -(-manifest.passages // SAMPLE)))
    number = int(first_value(connection, "SELECT nextval('version_number')"))
    for place, content in enumerate(edition.contents):
        for passage in content.passages:
            whole.add(passage)
        own = _content_number(connection, content, manifest.model_fingerprint)  # 2
        info = content.info
        connection.execute(
            "INSERT INTO document VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(number, info.id, own, place, json.dumps(asdict(info)), info.kind, info.publisher, year_of(info)),
                *(
                    len(content.passages),
                    _as_vector(centroid_of([one.vectors for one in content.passages], manifest.dimension)),
                ),
            ),
        )
    owners = np.array(whole.owners, dtype=np.int32).reshape(-1, 2)
    sample = np.vstack(whole.vectors) if whole.vectors else np.empty((0, manifest.dimension))
    connection.execute(  # 3
        f"INSERT INTO version VALUES ({', '.join(['%s'] * 15)})".encode(),
        (
            *(number, edition.name, manifest.created, manifest.model, manifest.model_fingerprint, manifest.dimension),
            *(manifest.documents, whole.passages, manifest.similarity_mean, manifest.similarity_deviation),
            *(whole.tokens, json.dumps(asdict(edition.begrippen))),
            *(_bytes(edition.mean_question), owners.tobytes(), _bytes(sample)),
        ),
    )
    words = sorted(set().union(*whole.frequencies))
    _copy(connection, "vocabulary", ((number, word, count) for word, count in edition.vocabulary.items()))
    _copy(connection, "frequency", ((number, word, [one[word] for one in whole.frequencies]) for word in words))
    ledger = enumerate(edition.sources)
    _copy(connection, "source", ((number, place, json.dumps(status_to_json(status))) for place, status in ledger))
    connection.execute(
        f"CREATE INDEX IF NOT EXISTS passage_vector_nearest_{manifest.dimension} ON passage_vector "
        f"USING hnsw ((embedding::halfvec({manifest.dimension})) halfvec_ip_ops) "
        f"WHERE dimension = {manifest.dimension}".encode()
    )
    connection.execute("ANALYZE document, passage_words, passage_vector")
    return number


def _content_number(connection: Connection, content: DocumentContent, model_fingerprint: str) -> int:
    """The number of a content, written now unless the server has the very same."""
    digest = _digest(content, model_fingerprint)
    document_id = content.info.id
    same = "SELECT content FROM content WHERE document_id = %s AND digest = %s"
    known = first_value(connection, same, document_id, digest)
    if known is not None:
        return int(known)
    number = int(first_value(connection, "SELECT nextval('content_number')"))
    connection.execute("INSERT INTO content VALUES (%s, %s, %s)", (document_id, number, digest))
    pages = (
        (document_id, number, page.number, page.label, page.width, page.height, lines_to_json(page.lines))
        for page in content.pages
    )
    _copy(connection, "page", pages)
    keyed = list(enumerate(content.passages, start=number * PLACES))
    passages = ((document_id, key, number, *_without_document(one)) for key, one in keyed)
    _copy(connection, "passage", passages)
    _copy(connection, "passage_words", ((document_id, key, number, *_words_row(one)) for key, one in keyed))
    with connection.cursor().copy("COPY passage_vector FROM STDIN (FORMAT binary)") as copy:
        copy.write(b"PGCOPY\n\xff\r\n\x00" + bytes(8))
        for key, passage in keyed:
            for unit, vector in zip(passage.units, passage.vectors, strict=True):
                copy.write(_vector_row(document_id, key, unit, number, passage.passage.portefeuilles, vector))
        copy.write(struct.pack("!h", -1))
    return number


def _remove_old(connection: Connection, kept: Sequence[str]) -> None:
    """Versions that the folder no longer has: too old, or with a document that was removed for good."""
    connection.execute("DELETE FROM version WHERE name <> ALL(%s)", (list(kept),))
    connection.execute("DELETE FROM document WHERE version NOT IN (SELECT number FROM version)")
    connection.execute("DELETE FROM embedding_task")  # what a run that was killed left there
    gone = connection.execute(
        "SELECT document_id, content FROM content c WHERE NOT EXISTS "
        "(SELECT FROM document d WHERE d.document_id = c.document_id AND d.content = c.content)"
    ).fetchall()
    if gone:
        ids, contents = [document_id for document_id, _ in gone], [content for _, content in gone]
        for table in _OF_A_CONTENT:
            connection.execute(
                f"DELETE FROM {table} t USING unnest(%s::text[], %s::bigint[]) AS gone (document_id, content) "
                "WHERE t.document_id = gone.document_id AND t.content = gone.content".encode(),
                (ids, contents),
            )


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _copy(connection: Connection, table: str, rows: Iterable[Sequence[object]]) -> None:
    with connection.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row([value.replace("\x00", "\ufffd") if isinstance(value, str) else value for value in row])


def _without_document(one: SearchablePassage) -> list[object]:
    passage_id, _, *rest = passage_to_row(one.passage)
    return [passage_id, *rest]


def _words_row(one: SearchablePassage) -> list[object]:
    text, context, written, written_context = _fields(one)
    counts: dict[str, list[int]] = {}
    for place, words in enumerate((text, context)):
        for word in words:
            counts.setdefault(word, [0, 0])[place] += 1
    return [
        *(list(one.passage.portefeuilles), _tsvector(((text, "A"), (context, ""))), json.dumps(counts)),
        *(_tsvector([(written, "")]), _tsvector([(written_context, "")]), _tsvector([(list(one.words.lemmas), "")])),
        *([len(words) for words in _fields(one)], list(one.holds)),
    ]


def _fields(one: SearchablePassage) -> list[list[str]]:
    """The words of a passage by field, in the order of index/bm25.py."""
    words = one.words
    fields = (words.text, words.context, words.written, words.written_context)
    return [[word for word in field if len(word) <= _LONGEST_WORD] for field in fields]


def _tsvector(parts: Iterable[tuple[Sequence[str], str]]) -> str:
    """(['de', 'weg', 'de'], 'A') → "'de':1A,3A 'weg':2A"; a word's place beyond 16,383 counts as there."""
    places: dict[str, list[str]] = {}
    for words, weight in parts:
        for place, word in enumerate(words, start=1):
            places.setdefault(word, []).append(f"{min(place, 16383)}{weight}")
    return " ".join(f"{lexeme(word)}:{','.join(found)}" for word, found in places.items())


def lexeme(word: str) -> str:
    """A word as tsvector and tsquery take it literally: "thema's" → "'thema''s'"."""
    escaped = word[:_LONGEST_WORD].replace("\x00", "\ufffd").replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _vector_row(
    document_id: str, key: int, unit: int, content: int, portefeuilles: Sequence[str], vector: NDArray[np.float32]
) -> bytes:
    """A row of passage_vector as COPY takes it in binary: as text, a hundred thousand take minutes."""
    name = document_id.encode()
    names = b"".join(struct.pack("!i", len(one)) + one for one in (each.encode() for each in portefeuilles))
    shape = (1, 0, _OID_OF_TEXT, len(portefeuilles), 1) if portefeuilles else (0, 0, _OID_OF_TEXT)
    array = struct.pack(f"!{len(shape)}i", *shape) + names
    half = vector.astype(">f2").tobytes()
    return b"".join(
        (
            struct.pack("!hi", 7, len(name)) + name,
            struct.pack("!iqiiiq", 8, key, 4, unit, 8, content),
            struct.pack("!i", len(array)) + array,
            struct.pack("!ii", 4, len(vector)),
            struct.pack("!ihh", 4 + len(half), len(vector), 0) + half,
        )
    )


def _as_vector(values: NDArray[np.float64]) -> str:
    return "[" + ",".join(f"{value:.7g}" for value in values) + "]"


def _bytes(values: NDArray[np.float32] | NDArray[np.float64]) -> bytes:
    return values.astype("<f4").tobytes()


def _digest(content: DocumentContent, model_fingerprint: str) -> str:
    """The identity of all that is kept of a content."""
    whole = hashlib.sha256(model_fingerprint.encode())
    for part in _parts(content):
        whole.update(part)
        whole.update(b"\0")
    return whole.hexdigest()


def _parts(content: DocumentContent) -> Iterator[bytes]:
    for page in content.pages:
        yield repr((page.number, page.label, page.width, page.height, lines_to_json(page.lines))).encode()
    for passage in content.passages:
        yield repr((_without_document(passage), _words_row(passage), list(passage.units))).encode()
        yield passage.vectors.astype(">f2").tobytes()
