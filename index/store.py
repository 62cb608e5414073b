"""The store: documents, pages, passages and ledger of one version in SQLite, written once and only read after that."""

from __future__ import annotations

import json
import queue
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from index.errors import DamagedVersionError, UnknownDocumentError
from index.results import DocumentInfo, SourceStatus
from index.versions import kept_name
from ingest.documents import Box, Document, Line, Passage, Unit

_SCHEMA = """
CREATE TABLE document (
    id TEXT PRIMARY KEY, title TEXT, file TEXT, publisher TEXT, date TEXT, url TEXT, digest TEXT,
    pages INTEGER, pages_searchable INTEGER, passages INTEGER, portefeuilles TEXT, kind TEXT, place INTEGER
);
CREATE TABLE page (
    document TEXT REFERENCES document(id), number INTEGER, label TEXT, width REAL, height REAL, lines TEXT,
    PRIMARY KEY (document, number)
) WITHOUT ROWID;
CREATE TABLE passage (
    row INTEGER PRIMARY KEY, id TEXT, document TEXT REFERENCES document(id), page INTEGER, heading_path TEXT,
    portefeuilles TEXT, text TEXT, units TEXT, regions TEXT, anchor TEXT
);
CREATE INDEX passage_by_page ON passage (document, page);
CREATE TABLE passage_portefeuille (portefeuille TEXT, row INTEGER, PRIMARY KEY (portefeuille, row)) WITHOUT ROWID;
CREATE TABLE vocabulary (word TEXT PRIMARY KEY, count INTEGER) WITHOUT ROWID;
CREATE TABLE source (place INTEGER PRIMARY KEY, status TEXT);
"""

# SQLite as it is shipped takes 32,766 values in one statement.
_MOST_VALUES = 30_000


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page as the store has it: its lines in reading order, their text, and the passages that begin on it."""

    number: int
    label: str
    width: float
    height: float
    lines: tuple[Line, ...]
    passages: tuple[Passage, ...]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


class Paged(Protocol):
    """A page as it was read or as a store has it."""

    @property
    def number(self) -> int: ...
    @property
    def label(self) -> str: ...
    @property
    def width(self) -> float: ...
    @property
    def height(self) -> float: ...
    @property
    def lines(self) -> Sequence[Line]: ...


class StoreWriter:
    """Writes a store as its documents and passages come; a passage's row is its place among all, from 0."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file)
        self._connection.executescript(_SCHEMA)
        self._places, self._rows = count(), count()

    def add_document(self, info: DocumentInfo, pages: Iterable[Paged]) -> None:
        self._connection.execute(
            "INSERT INTO document VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                *(info.id, info.title, info.file, info.publisher, info.date, info.url, info.digest),
                *(info.pages, info.pages_searchable, info.passages),
                *(json.dumps(info.portefeuilles), info.kind, next(self._places)),
            ),
        )
        self._connection.executemany(
            "INSERT INTO page VALUES (?,?,?,?,?,?)",
            ((info.id, page.number, page.label, page.width, page.height, lines_to_json(page.lines)) for page in pages),
        )

    def add_passage(self, passage: Passage) -> None:
        row = next(self._rows)
        self._connection.execute("INSERT INTO passage VALUES (?,?,?,?,?,?,?,?,?,?)", (row, *passage_to_row(passage)))
        self._connection.executemany(
            "INSERT INTO passage_portefeuille VALUES (?,?)", ((name, row) for name in passage.portefeuilles)
        )

    def finish(self, vocabulary: Mapping[str, int], sources: Sequence[SourceStatus]) -> None:
        self._connection.executemany("INSERT INTO vocabulary VALUES (?,?)", vocabulary.items())
        self._connection.executemany(
            "INSERT INTO source VALUES (?,?)",
            ((place, json.dumps(status_to_json(status))) for place, status in enumerate(sources)),
        )
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()


def write_store(
    file: Path,
    documents: Sequence[tuple[Document, DocumentInfo]],
    passages: Sequence[Passage],
    vocabulary: Mapping[str, int],
    sources: Sequence[SourceStatus],
) -> None:
    """Writes everything at once."""
    with closing(StoreWriter(file)) as writer:
        for document, info in documents:
            writer.add_document(info, document.pages)
        for passage in passages:
            writer.add_passage(passage)
        writer.finish(vocabulary, sources)


class Store:
    """A published store. Safe to use from several threads, also when its version has been removed since."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._is_open = False
        if not file.is_file():
            raise DamagedVersionError(file.parent, f"het bestand {file.name} ontbreekt")
        self._documents = self._read_documents()
        # rows follow each other from 0, which a check of the whole version holds it to; to count them would read all
        self.passages = self._one("SELECT coalesce(max(row) + 1, 0) FROM passage")

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
        """The name under which the document's file is kept in data/files."""
        info = self.document(document_id)
        return kept_name(info.digest, info.file)

    def passages_at(self, rows: Sequence[int]) -> list[Passage]:
        """The passages at these rows, in the order asked for."""
        found: dict[int, Passage] = {}
        for start in range(0, len(rows), _MOST_VALUES):
            some = rows[start : start + _MOST_VALUES]
            marks = ",".join("?" * len(some))
            statement = f"SELECT {_PASSAGE_COLUMNS} FROM passage WHERE row IN ({marks})"
            found.update((row, passage_of_row(rest)) for row, *rest in self._rows(statement, *some))
        return [found[row] for row in rows]

    def page(self, document_id: str, number: int) -> StoredPage:
        """Raises UnknownDocumentError if there is no such document, IndexError if it has no such page."""
        self.document(document_id)
        rows = self._rows(
            "SELECT label, width, height, lines FROM page WHERE document = ? AND number = ?", document_id, number
        )
        if not rows:
            raise IndexError(f"{document_id} heeft geen pagina {number}.")
        label, width, height, lines = rows[0]
        begun = self._rows(
            f"SELECT {_PASSAGE_COLUMNS} FROM passage WHERE document = ? AND page = ? ORDER BY row", document_id, number
        )
        passages = tuple(passage_of_row(rest) for _, *rest in begun)
        return StoredPage(number, label, width, height, lines_of_json(lines), passages)

    def page_numbers(self, document_id: str) -> list[int]:
        """The numbers of the document's pages that are kept, in order."""
        return [row[0] for row in self._rows("SELECT number FROM page WHERE document = ? ORDER BY number", document_id)]

    def passages_in(self, document_id: str) -> tuple[Passage, ...]:
        """All passages of a document, in reading order. Raises UnknownDocumentError."""
        self.document(document_id)
        rows = self._rows(f"SELECT {_PASSAGE_COLUMNS} FROM passage WHERE document = ? ORDER BY row", document_id)
        return tuple(passage_of_row(rest) for _, *rest in rows)

    def texts_with(self, *forms: str) -> list[int]:
        """The rows of the passages whose text holds one of these (in lower case) to the letter, capitals aside."""
        holds = " OR ".join(["instr(folded, ?)"] * len(forms))
        statement = f"SELECT row FROM (SELECT row, lower(text) AS folded FROM passage) WHERE {holds} ORDER BY row"
        return [row[0] for row in self._rows(statement, *forms)]

    def passage_documents(self) -> list[str]:
        """The document id of each passage, by row."""
        return [row[0] for row in self._rows("SELECT document FROM passage ORDER BY row")]

    def passage_portefeuilles(self) -> Iterator[tuple[str, int]]:
        """(portefeuille, row) pairs."""
        yield from self._rows("SELECT portefeuille, row FROM passage_portefeuille")

    def vocabulary(self) -> dict[str, int]:
        """The corpus's folded words and how often each stands there."""
        return dict(self._rows("SELECT word, count FROM vocabulary"))

    def sources(self) -> tuple[SourceStatus, ...]:
        """The ledger, in the register's order."""
        return tuple(
            status_of_json(json.loads(row[0])) for row in self._rows("SELECT status FROM source ORDER BY place")
        )

    def headings(self) -> dict[str, int]:
        """Every heading that passages stand under, as it is written, and how many there are beneath it."""
        counts: Counter[str] = Counter()
        for path, beneath in self._rows("SELECT heading_path, count(*) FROM passage GROUP BY heading_path"):
            for heading in set(json.loads(path)):
                counts[heading] += beneath
        return dict(counts)

    def texts(self) -> Iterator[str]:
        """The text of every passage, by row."""
        yield from (row[0] for row in self._rows("SELECT text FROM passage ORDER BY row"))

    def _read_documents(self) -> dict[str, DocumentInfo]:
        names = [field.name for field in fields(DocumentInfo)]
        found: dict[str, DocumentInfo] = {}
        for values in self._rows(f"SELECT {', '.join(names)} FROM document ORDER BY place"):
            columns = dict(zip(names, values, strict=True))
            columns["portefeuilles"] = tuple(json.loads(columns["portefeuilles"]))
            found[columns["id"]] = DocumentInfo(**columns)
        return found

    def _one(self, statement: str) -> int:
        return int(self._rows(statement)[0][0])

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Raises DamagedVersionError if the file proves damaged, wherever in it that is."""
        try:
            connection = self._taken()
            try:
                return list(connection.execute(statement, values))
            finally:
                self._idle.put(connection)
        except sqlite3.DatabaseError as error:
            raise DamagedVersionError(self._file.parent, f"{self._file.name} is niet te lezen ({error})") from error

    def _taken(self) -> sqlite3.Connection:
        """A connection that no other thread uses now; one more if there is none, as long as the file is there."""
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            pass
        try:
            # immutable: nothing ever writes to a published version, so no lock files are needed
            address = f"{self._file.resolve().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        except sqlite3.OperationalError:
            if not self._is_open:
                raise
            # newer versions came and this one was removed: what is open of it can still be read, in turns
            return self._idle.get()
        self._is_open = True
        return connection


_PASSAGE_COLUMNS = "row, id, document, heading_path, portefeuilles, text, units, regions, anchor"


def passage_to_row(passage: Passage) -> tuple[object, ...]:
    """A passage as the columns id, document, page, heading_path, portefeuilles, text, units, regions, anchor."""
    # a version of before units knew their page has three values; Unit's own default stands for the fourth
    units = [[unit.start, unit.end, unit.lead_in, unit.page] for unit in passage.units]
    regions = [[page, *_corners(box)] for page, box in passage.regions]
    return (
        *(passage.passage_id, passage.document_id, passage.pages[0], json.dumps(passage.heading_path)),
        *(json.dumps(passage.portefeuilles), passage.text, json.dumps(units), json.dumps(regions), passage.anchor),
    )


def passage_of_row(row: Sequence[str]) -> Passage:
    """The passage of these columns, page left out."""
    passage_id, document, heading_path, portefeuilles, text, units, regions, anchor = row
    return Passage(
        passage_id=passage_id,
        document_id=document,
        heading_path=tuple(json.loads(heading_path)),
        portefeuilles=tuple(json.loads(portefeuilles)),
        text=text,
        units=tuple(Unit(*unit) for unit in json.loads(units)),
        regions=tuple((page, Box(*corners)) for page, *corners in json.loads(regions)),
        anchor=anchor,
    )


def lines_to_json(lines: Iterable[Line]) -> str:
    """A page's lines as one column."""
    return json.dumps([[line.text, *_corners(line.box), line.size, line.weight, int(line.italic)] for line in lines])


def lines_of_json(text: str) -> tuple[Line, ...]:
    """The lines of that column."""
    return tuple(
        Line(words, Box(left, top, right, bottom), size, weight, bool(italic))
        for words, left, top, right, bottom, size, weight, italic in json.loads(text)
    )


def _corners(box: Box) -> tuple[float, ...]:
    return tuple(round(value, 1) for value in (box.left, box.top, box.right, box.bottom))


def status_to_json(status: SourceStatus) -> dict[str, object]:
    """A row of the ledger as JSON has it."""
    return {field: getattr(status, field) for field in SourceStatus.__slots__}


def status_of_json(values: dict[str, Any]) -> SourceStatus:
    """The row of the ledger of that JSON."""
    lists = {name: tuple(values[name]) for name in ("portefeuilles", "warnings")}
    cited_by = tuple((document, page, words) for document, page, words in values["cited_by"])
    return SourceStatus(**{**values, **lists, "cited_by": cited_by})
