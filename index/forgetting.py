"""Removing a document for good: from every version, cache and kept file.

Versions are immutable, so a document is removed by copies without it, made beside the versions that hold it: 1 the list
of forgotten documents says what is to go · 2 for each version, the current one first, a copy is made and verified,
CURRENT is switched to it, and the version itself is deleted · 3 caches and kept files lose what no version uses ·
4 the list says that it is done. Killed at any point, the old or the new version answers, and the next call finishes.

All of this is for the one run that holds the lock of the data folder.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index.begrippen import read_stored
from index.builder import begrippen_of, index_words, vocabulary_of, write_begrippen
from index.checking import is_whole, verify
from index.clearing import clear_files
from index.edition import Edition, edition_at
from index.errors import DamagedVersionError, UnknownDocumentError
from index.forgotten import Forgotten, forgotten, write_forgotten
from index.passage_words import about_of
from index.publishing import write_edition
from index.sought import write_sought
from index.store import Store, status_of_json, status_to_json
from index.vectors import Vectors, write_vectors
from index.versions import (
    Layout,
    Manifest,
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


def forget(data: Path, document_id: str, say: Callable[[str], None] = lambda message: None) -> Forgotten:
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
        if not is_whole(data, name):
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
    if not found and (current is None or is_whole(data, current)):
        clear_files(data, [])  # it may have been in versions that are no more
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
        what = f"'{document_id}' verdwijnt eruit bij de volgende inlezing"
        raise DamagedVersionError(data / "index" / str(current), what)
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
    if current is not None and not is_whole(data, current):
        return False
    for name in sorted(versions(data), key=lambda name: name != current):  # 2
        if not is_whole(data, name):
            discard(data, name)  # it answers nobody, and nobody can tell what it holds
        elif _names(Store(Layout(data / "index" / name).store), ids):
            _copy_without(data, name, ids)
            _settle(data)
    clear_files(data, [entry for entry in entries if entry.id in ids])  # 3
    write_forgotten(data, [replace(entry, done=True) for entry in entries])  # 4
    return True


def _settle(data: Path) -> None:
    """Puts copies in the place of what they are copies of: of each moment only the last whole one stays."""
    moments = Counter(age_key(name)[0] for name in versions(data))
    for moment in (moment for moment, count in moments.items() if count > 1):
        copies = [name for name in versions(data) if age_key(name)[0] == moment]
        last = next((name for name in reversed(copies) if is_whole(data, name)), None)
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
    if manifest.large:
        with building(data) as copy:
            _keep(data, name, copy, write_edition(copy, _without(old, manifest, ids), large=True))
        return
    store, vectors = Store(old.store), Vectors(old)
    stays = np.array([document not in ids for document in store.passage_documents()], dtype=bool)
    with building(data) as copy:
        passages = _copy_store(old.store, copy.store, store, ids)
        copied = Store(copy.store)
        years = {source.id: source.year for source in copied.sources()}
        about = {info.id: about_of(info.title, info.publisher, years.get(info.id)) for info in copied.documents()}
        index_words(copy, passages, about, copied.vocabulary())
        write_begrippen(copy, read_stored(old.begrippen).own, passages, copied.vocabulary())
        write_sought(copy, passages)
        chosen = stays[vectors.owners[:, 0]]
        owners = np.array(vectors.owners[chosen])
        owners[:, 0] = (np.cumsum(stays) - 1)[owners[:, 0]]
        none = np.empty((0, vectors.dimension), dtype=np.float32)
        write_vectors(copy, vectors.first(len(vectors))[chosen], owners, none)
        np.save(copy.hubs, vectors.hubs[chosen], allow_pickle=False)
        made = replace(
            manifest,
            recipe="",  # like no corpus's: the next ingest sees that something changed, whatever the corpus holds
            documents=len(about),
            passages=len(passages),
            vectors=len(owners),
        )
        _keep(data, name, copy, made)


def _keep(data: Path, name: str, copy: Layout, made: Manifest) -> None:
    """Puts a copy in place, if it is whole and has all that the version has of which it is one."""
    old = Layout(data / "index" / name)
    made = write_manifest(copy, made)
    if lost := {path.name for path in old.folder.iterdir()} - {path.name for path in copy.folder.iterdir()}:
        raise DamagedVersionError(old.folder, f"onbekende onderdelen: {', '.join(sorted(lost))}")
    verify(copy, made)
    put_in_place(data, copy, copy_name(data, name))


def _without(old: Layout, manifest: Manifest, ids: Collection[str]) -> Edition:
    """A large version as a stream without these documents; what is told of all together is told anew."""
    store = Store(old.store)
    stay = [document for document in store.documents() if document.id not in ids]

    def passages() -> Iterator[Passage]:
        for document in stay:
            yield from store.passages_in(document.id)

    vocabulary = vocabulary_of(passages())
    edition = edition_at(old, replace(manifest, recipe=""), vocabulary)
    titles = {document.title for document in store.documents() if document.id in ids}
    statuses = [(place, json.dumps(status_to_json(status))) for place, status in enumerate(store.sources())]
    return replace(
        edition,
        begrippen=begrippen_of(edition.begrippen.own, passages(), vocabulary),
        sources=[status_of_json(json.loads(text)) for _, text in _ledger_without(statuses, ids, titles)],
        contents=(content for content in edition.contents if content.info.id not in ids),
    )


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
