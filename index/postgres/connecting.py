"""Connections to the server, and the schema brought up to date with numbered files of plain SQL."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import psycopg
from psycopg import IsolationLevel
from psycopg.rows import TupleRow

from index.errors import BackendError

Connection = psycopg.Connection[TupleRow]
_One = TypeVar("_One")
_Other = TypeVar("_Other")

SCHEMA = "zoekportaal"
# A portal answers from several threads, each with two connections; what is idle beyond this is closed.
_MOST_IDLE = 16
# Any number will do, as long as nothing else in the database takes it: one migration, one publication at a time.
MIGRATING, PUBLISHING = 0x7A6F656B, 0x7A6F656C


def connect(address: str) -> Connection:
    """A connection that finds our tables. Raises BackendError.

    Without the iterative scan a filter leaves HNSW with what happens to be among the nearest: recall 0.4 was measured.
    """
    try:
        connection = psycopg.connect(address, connect_timeout=10, application_name="zoekportaal")
        connection.execute(f"SET search_path = {SCHEMA}, public")
        connection.execute("SET hnsw.iterative_scan = 'relaxed_order'")
        connection.execute("SET hnsw.ef_search = 100")
        connection.execute("SET hnsw.max_scan_tuples = 200000")
        connection.commit()
    except psycopg.Error as error:
        raise BackendError(address, error) from error
    return connection


@contextmanager
def telling_trouble(address: str) -> Iterator[None]:
    """Whatever the server answers that it should not becomes a BackendError."""
    try:
        yield
    except psycopg.Error as error:
        raise BackendError(address, error) from error


@cache
def pool_at(address: str) -> Pool:
    """The connections of this process to a server."""
    return Pool(address)


class Pool:
    """Open connections for whoever needs one. Safe to use from several threads."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._idle: queue.LifoQueue[Connection] = queue.LifoQueue(_MOST_IDLE)
        self._threads = ThreadPoolExecutor(_MOST_IDLE, thread_name_prefix="postgres")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection in a transaction that sees one moment of the database and changes nothing.

        Raises BackendError. A connection that failed is not used again: the server may have been restarted.
        """
        with telling_trouble(self.address):
            connection = self._taken()
            try:
                yield connection
                connection.rollback()
            except BaseException:
                connection.close()
                raise
            try:
                self._idle.put_nowait(connection)
            except queue.Full:
                connection.close()

    def at_once(self, one: Callable[[], _One], other: Callable[[], _Other]) -> tuple[_One, _Other]:
        """What both bring; each asks on a connection of its own, so that the server works at both at the same time."""
        beside = self._threads.submit(other)
        try:
            return one(), beside.result()
        finally:
            wait([beside])  # its connection must not be given back while it is in use

    def _taken(self) -> Connection:
        """An idle connection that is still alive, or a new one."""
        while True:
            try:
                connection = self._idle.get_nowait()
            except queue.Empty:
                connection = connect(self.address)
                connection.isolation_level, connection.read_only = IsolationLevel.REPEATABLE_READ, True
                return connection
            try:
                connection.execute("SELECT 1")
                return connection
            except psycopg.Error:
                connection.close()


def migrate(connection: Connection) -> list[str]:
    """Applies the migrations that the database does not have yet, in order, and returns their names.

    All in one transaction that the caller commits: the schema is never half changed.
    """
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATING,))
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    connection.execute("CREATE EXTENSION IF NOT EXISTS vector SCHEMA public")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())"
    )
    done = {name for (name,) in connection.execute("SELECT name FROM migration")}
    folder = files("index.postgres") / "migrations"
    missing = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".sql") and file.name not in done),
        key=lambda file: file.name,
    )
    for file in missing:
        connection.execute(file.read_text(encoding="utf-8").encode())
        connection.execute("INSERT INTO migration (name) VALUES (%s)", (file.name,))
    return [file.name for file in missing]


def first_value(connection: Connection, statement: str, *values: Any) -> Any:
    """The first value of the first row."""
    row = connection.execute(statement.encode(), values).fetchone()
    return row[0] if row else None
