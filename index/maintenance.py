"""What the bureau does to published versions: go back to an earlier one, and remove a document for good.

Versions are immutable, so a document is removed by copies without it, made beside the versions that hold it: 1 the list
of forgotten documents says what is to go · 2 for each version, the current one first, a copy is made and verified,
CURRENT is switched to it, and the version itself is deleted · 3 caches and kept files lose what no version uses ·
4 the list says that it is done. Killed at any point, the old or the new version answers, and the next call finishes.

    data/forgotten.json    [{"id", "sinds", "inhoud": [digests], "adressen", "klaar"}]; goes along in a backup

All of this is for the one run that holds the lock of the data folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index.builder import about_of, evidence, index_words, vectors_of, verify, vocabulary_of
from index.errors import DamagedVersionError, SearchIndexError, UnknownDocumentError
from index.store import Store
from index.vectors import Vectors, write_vectors
from index.versions import (
    Layout,
    age_key,
    building,
    clear_unfinished,
    copy_name,
    current_version,
    discard,
    put_in_place,
    read_manifest,
    switch,
    versions,
    write_manifest,
)
from ingest.documents import Passage

FORGOTTEN = "forgotten.json"
Say = Callable[[str], None]


class NothingToRollBackError(SearchIndexError):
    """Raised when there is no earlier version that is whole."""

    def __init__(self) -> None:
        super().__init__(
            "Er is geen eerdere versie die heel is, dus er is niets teruggezet. "
            "Maak een nieuwe versie met: python -m ingest"
        )


class ForgottenListError(SearchIndexError):
    """Raised when the list of forgotten documents cannot be read: going on would bring them back."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is onleesbaar. Daarin staat welke documenten zijn verwijderd en niet terug mogen komen. "
            "Zet dit bestand terug uit een reservekopie."
        )


# ── Going back ───────────────────────────────────────────────────────────────────────────────────────────────────


def rollback(data: Path, say: Say = lambda message: None) -> str:
    """Makes the youngest older version that is whole the current one, and returns its name.

    `say` is told, in Dutch, of each version that is passed over. Raises NothingToRollBackError.

    The version that was left stays on disk. The next ingest compares the corpus with the version that now answers: if
    the corpus is still the one that the left version was made from, it publishes that anew, and the left version goes;
    if the corpus is again what the current version was made from, nothing changes. So: mend the corpus before it.
    """
    current = current_version(data)
    model = _model(data, current)
    for name in reversed(versions(data)):
        if current is not None and age_key(name) >= age_key(current):
            continue
        if not _is_whole(data, name):
            say(f"Versie {name} is beschadigd en wordt overgeslagen.")
        elif model and _model(data, name) != model:
            say(f"Versie {name} is met een ander taalmodel gemaakt en wordt overgeslagen.")
        else:
            switch(data, name)
            return name
    raise NothingToRollBackError


def _model(data: Path, name: str | None) -> str | None:
    """The fingerprint of the model that a version was made with; None if that cannot be read."""
    try:
        return read_manifest(Layout(data / "index" / name)).model_fingerprint if name else None
    except SearchIndexError:
        return None


def _is_whole(data: Path, name: str) -> bool:
    layout = Layout(data / "index" / name)
    try:
        verify(layout, read_manifest(layout))
    except Exception:  # damage shows in as many ways as there are libraries that read the files
        return False
    return True


# ── The list of forgotten documents ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A document that was removed for good: its id, the day (2026-11-23), and what else it is known by.

    `digests` are those of its contents, save what another document has too; `done` tells that nothing of it is left.
    """

    id: str
    since: str
    digests: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    done: bool = False

    def bars(self, source_id: str, digest: str = "") -> bool:
        """Whether a source may not be read, because it is this document or has its content."""
        return source_id == self.id or (digest != "" and digest in self.digests)


def forgotten(data: Path) -> tuple[Forgotten, ...]:
    """The documents that an ingest must leave out. Raises ForgottenListError."""
    path = data / FORGOTTEN
    try:
        return forgotten_of(path.read_bytes())
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ForgottenListError(path) from error


def forgotten_of(content: bytes) -> tuple[Forgotten, ...]:
    """Reads the list. Raises ValueError, TypeError or KeyError."""
    return tuple(
        Forgotten(str(one["id"]), str(one["sinds"]), tuple(one["inhoud"]), tuple(one["adressen"]), bool(one["klaar"]))
        for one in json.loads(content)
    )


def write_forgotten(data: Path, entries: Iterable[Forgotten]) -> None:
    """Replaces the list, in one step."""
    listed = [
        {"id": one.id, "sinds": one.since, "inhoud": one.digests, "adressen": one.addresses, "klaar": one.done}
        for one in sorted(entries, key=lambda one: one.id)
    ]
    aside = data / f".{FORGOTTEN}"
    with aside.open("w", encoding="utf-8") as file:
        json.dump(listed, file, ensure_ascii=False, indent=2)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, data / FORGOTTEN)


def readmit(data: Path, document_id: str) -> bool:
    """Takes a document off the list, so that the next ingest reads it again; whether it stood there."""
    entries = forgotten(data)
    left = [entry for entry in entries if entry.id != document_id]
    if len(left) != len(entries):
        write_forgotten(data, left)
    return len(left) != len(entries)


# ── Removing a document for good ─────────────────────────────────────────────────────────────────────────────────


def forget(data: Path, document_id: str, say: Say = lambda message: None) -> Forgotten:
    """Removes a document from every version, cache and kept file, and puts it on the list, which the ingest respects.

    Nothing is embedded anew. The corpus and backups are the bureau's own and stay as they are. `say` is told, in
    Dutch, what the bureau should know. Raises UnknownDocumentError if no version knows it, and DamagedVersionError if
    the current version is damaged: it is on the list then, and the ingest that mends the version finishes the job.
    """
    before = {entry.id: entry for entry in forgotten(data)}
    known = before.get(document_id)
    digests, addresses = set(known.digests if known else ()), set(known.addresses if known else ())
    others: dict[str, set[str]] = {}  # content → documents that have it too
    found = known is not None
    for name in versions(data):
        if not _is_whole(data, name):
            continue
        store = Store(Layout(data / "index" / name).store)
        found = found or _names(store, {document_id})
        rows = [(one.id, one.digest, one.url) for one in store.documents()]
        for one_id, digest, url in rows + [(one.id, one.digest, one.url) for one in store.sources()]:
            if one_id == document_id:
                digests.add(digest)
                addresses.add(url or "")
            else:
                others.setdefault(digest, set()).add(one_id)
    current = current_version(data)
    if not found and (current is None or _is_whole(data, current)):
        _clear_files(data, [])  # it may have been in versions that are no more
        raise UnknownDocumentError(document_id)
    for twin in sorted({twin for digest in digests - {""} for twin in others.get(digest, ())}):
        say(f"Let op: dezelfde inhoud staat ook in '{twin}'. Die blijft staan; verwijder die apart.")
    entry = Forgotten(
        document_id,
        known.since if known else datetime.now(UTC).date().isoformat(),
        tuple(sorted(digests - {"", *others})),
        tuple(sorted(addresses - {""})),
    )
    write_forgotten(data, {**before, document_id: entry}.values())  # 1
    if not finish_forgetting(data):
        raise DamagedVersionError(data / "index" / str(current), "daaruit kan nu niets worden verwijderd")
    return replace(entry, done=True)


def finish_forgetting(data: Path) -> bool:
    """Finishes what was broken off; every ingest begins and ends with it. False if the current version is damaged.

    Then it cannot be done yet; a new version must be published first, without what is on the list.
    """
    entries = forgotten(data)
    ids = {entry.id for entry in entries if not entry.done}
    if not ids:
        return True
    clear_unfinished(data)
    _settle(data)
    current = current_version(data)
    if current is not None and not _is_whole(data, current):
        return False
    for name in sorted(versions(data), key=lambda name: name != current):  # 2
        if not _is_whole(data, name):
            discard(data, name)  # it answers nobody, and nobody can tell what it holds
        elif _names(Store(Layout(data / "index" / name).store), ids):
            _copy_without(data, name, ids)
            _settle(data)
    _clear_files(data, [entry for entry in entries if entry.id in ids])  # 3
    write_forgotten(data, [replace(entry, done=True) for entry in entries])  # 4
    return True


def _settle(data: Path) -> None:
    """Puts copies in the place of what they are copies of: of each moment only the last whole one stays."""
    moments = Counter(age_key(name)[0] for name in versions(data))
    for moment in (moment for moment, count in moments.items() if count > 1):
        copies = [name for name in versions(data) if age_key(name)[0] == moment]
        last = next((name for name in reversed(copies) if _is_whole(data, name)), None)
        if last is not None and current_version(data) in copies:
            switch(data, last)
        for name in copies:
            if last is not None and name != last:
                discard(data, name)


def _names(store: Store, ids: Collection[str]) -> bool:
    """Whether a version holds one of these documents, or quotes one in its ledger."""
    return any(document.id in ids for document in store.documents()) or any(
        source.id in ids or any(document in ids for document, _, _ in source.cited_by) for source in store.sources()
    )


def _copy_without(data: Path, name: str, ids: Collection[str]) -> None:
    """Puts a copy of a version beside it, without these documents and with the vectors that it has.

    The hubs are kept as well: they compare with the mean of some hundreds of sentences, which tells nothing of any one.
    """
    old = Layout(data / "index" / name)
    manifest = read_manifest(old)
    store, vectors = Store(old.store), Vectors(old)
    stays = np.array([document not in ids for document in store.passage_documents()], dtype=bool)
    with building(data) as copy:
        passages = _copy_store(old.store, copy.store, store, ids)
        copied = Store(copy.store)
        years = {source.id: source.year for source in copied.sources()}
        about = {info.id: about_of(info.title, info.publisher, years.get(info.id)) for info in copied.documents()}
        index_words(copy, passages, about, copied.vocabulary())
        chosen = stays[vectors.owners[:, 0]]
        owners = np.array(vectors.owners[chosen])
        owners[:, 0] = (np.cumsum(stays) - 1)[owners[:, 0]]
        none = np.empty((0, vectors.dimension), dtype=np.float32)
        write_vectors(copy, vectors_of(vectors, len(vectors))[chosen], owners, none)
        np.save(copy.hubs, vectors.hubs[chosen], allow_pickle=False)
        made = replace(
            manifest,
            recipe="",  # like no corpus's: the next ingest sees that something changed, whatever the corpus holds
            documents=len(about),
            passages=len(passages),
            vectors=len(owners),
        )
        write_manifest(copy, made)
        if lost := {path.name for path in old.folder.iterdir()} - {path.name for path in copy.folder.iterdir()}:
            raise DamagedVersionError(old.folder, f"onbekende onderdelen: {', '.join(sorted(lost))}")
        verify(copy, made)
        put_in_place(data, copy, copy_name(data, name))


def _copy_store(file: Path, target: Path, store: Store, ids: Collection[str]) -> list[Passage]:
    """Writes a store anew without these documents, so that no byte of them was ever in it; returns its passages.

    Tables are told by their columns: `document` says whose a row is, `row` is a passage's place, which closes up.
    """
    marks = ",".join("?" * len(ids))
    with closing(sqlite3.connect(target.resolve().as_uri(), uri=True)) as connection:
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("ATTACH ? AS old", (f"{file.resolve().as_uri()}?mode=ro&immutable=1",))
        connection.execute(
            "CREATE TEMP TABLE place AS SELECT row AS was, row_number() OVER (ORDER BY row) - 1 AS now "
            f"FROM old.passage WHERE document NOT IN ({marks})",
            tuple(ids),
        )
        connection.execute("CREATE UNIQUE INDEX temp.place_was ON place (was)")
        made = list(connection.execute("SELECT type, name, sql FROM old.sqlite_master WHERE sql IS NOT NULL"))
        for kind, table, sql in made:
            if kind != "table":
                continue
            connection.execute(sql)
            columns = [column for _, column, *_ in connection.execute(f"PRAGMA old.table_info({table})")]
            whose = "document" if "document" in columns else "id" if table == "document" else ""
            if table in ("vocabulary", "source"):
                continue
            if not whose and "row" not in columns:
                raise DamagedVersionError(file.parent, f"onbekende tabel {table}")
            values = ", ".join("place.now" if column == "row" else f"it.{column}" for column in columns)
            join = "JOIN temp.place ON place.was = it.row" if "row" in columns else ""
            where = f"WHERE it.{whose} NOT IN ({marks})" if whose else ""
            statement = f"INSERT INTO main.{table} SELECT {values} FROM old.{table} AS it {join} {where}"
            connection.execute(statement, tuple(ids) if whose else ())
        for kind, _, sql in made:
            if kind == "index":
                connection.execute(sql)
        titles = {document.title for document in store.documents() if document.id in ids}
        statuses = list(connection.execute("SELECT place, status FROM old.source ORDER BY place"))
        connection.executemany("INSERT INTO main.source VALUES (?,?)", _ledger_without(statuses, ids, titles))
        connection.commit()
        copied = Store(target)
        passages = copied.passages_at(range(copied.passages))
        connection.executemany("INSERT INTO main.vocabulary VALUES (?,?)", vocabulary_of(passages).items())
        connection.commit()
    return passages


def _ledger_without(
    statuses: Iterable[tuple[int, str]], ids: Collection[str], titles: Collection[str]
) -> Iterator[tuple[int, str]]:
    """The ledger's rows without those of these documents, the words that they cite others by, and their titles."""
    for place, text in statuses:
        status = json.loads(text)
        if status["id"] not in ids:
            status["cited_by"] = [cited for cited in status["cited_by"] if cited[0] not in ids]
            status["warnings"] = [
                warning for warning in status["warnings"] if not any(f"'{title}'" in warning for title in titles)
            ]
            yield place, json.dumps(status)


def _clear_files(data: Path, entries: Sequence[Forgotten]) -> None:
    """Removes from the kept and fetched files and from the caches whatever no version uses."""
    whole = [Layout(data / "index" / name) for name in versions(data) if _is_whole(data, name)]
    stores = [Store(layout.store) for layout in whole]
    documents = [document for store in stores for document in store.documents()]
    used = {store.kept_name(document.id) for store in stores for document in store.documents()}
    for path in _below(data / "files"):
        if path.name not in used:
            path.unlink()
    digests = {document.digest for document in documents}
    cache = data / "cache" / "embeddings.sqlite"
    for path in [*_below(data / "cache"), *_below(data / "extracted")]:
        # what is not named after a document that stays may be of the one that goes, and a cache can be made anew
        if path != cache and not any(digest in str(path.relative_to(data)) for digest in digests):
            path.unlink()
    if cache.is_file():
        _shrink_cache(cache, whole)
    _clear_fetched(data / "fetched", entries, {document.url for document in documents})


def _clear_fetched(folder: Path, entries: Sequence[Forgotten], used: Collection[str | None]) -> None:
    """Removes fetched files by their content, and records that name it or the address, with all files beside them.

    '3f0c.json' names the address → '3f0c.json' and '3f0c-9a1b.pdf' go.
    """
    digests = {digest for entry in entries for digest in entry.digests}
    addresses = {_plain(address) for entry in entries for address in entry.addresses if address not in used}
    keys: set[str] = set()
    for path in _below(folder):
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() in digests or (
            path.suffix == ".json" and _tells(content, digests, addresses)
        ):
            keys.add(_key(path))
    for path in _below(folder):
        if _key(path) in keys:
            path.unlink()


def _tells(content: bytes, digests: Collection[str], addresses: Collection[str]) -> bool:
    try:
        record = json.loads(content)
    except ValueError:
        return False
    values = [value for value in record.values() if isinstance(value, str)] if isinstance(record, dict) else []
    return any(value in digests or _plain(value) in addresses for value in values)


def _key(path: Path) -> str:
    return path.name.lstrip(".").split(".")[0].split("-")[0]


def _plain(address: str) -> str:
    """'HTTPS://Example.org/a/' → '//example.org/a': as alike as two ways to write one address may be."""
    return address.casefold().partition(":")[2].partition("#")[0].rstrip("/")


def _below(folder: Path) -> list[Path]:
    """All files of a folder, at any depth; none if it is not there."""
    return [path for path in sorted(folder.rglob("*")) if not path.is_dir() or path.is_symlink()]


def _shrink_cache(cache: Path, layouts: Iterable[Layout]) -> None:
    """Writes the embeddings anew with only what the versions use: a vector, too, says something of its text."""
    aside = cache.with_name(f".{cache.name}")
    aside.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(aside)) as connection:
            connection.execute("ATTACH ? AS old", (str(cache),))
            (sql,) = connection.execute("SELECT sql FROM old.sqlite_master WHERE name = 'embedding'").fetchone()
            connection.execute(sql)
            for layout in layouts:
                keys = ((key,) for key in _cache_keys(layout))
                statement = "INSERT OR IGNORE INTO main.embedding SELECT * FROM old.embedding WHERE key = ?"
                connection.executemany(statement, keys)
            connection.commit()
        os.replace(aside, cache)
    except (sqlite3.DatabaseError, TypeError):  # damaged, or no cache at all
        aside.unlink(missing_ok=True)
        cache.unlink()
    for left in cache.parent.glob(f"{cache.name}-*"):
        left.unlink()


def _cache_keys(layout: Layout) -> Iterator[bytes]:
    """The keys under which index/embeddings.py keeps what a version was made from."""
    model = read_manifest(layout).model_fingerprint
    store = Store(layout.store)
    passages = store.passages_at(range(store.passages))
    texts, _ = evidence(passages, {document.id: document.title for document in store.documents()})
    questions = (passage.text[unit.start : unit.end] for passage in passages for unit in passage.units)
    for role, wanted in (("passage", texts), ("query", questions)):
        for text in wanted:
            yield hashlib.sha256(f"{model}\n{role}\n{text}".encode()).digest()
