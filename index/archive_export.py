"""Writing a backup: what goes along, each file measured first and held against that while it is packed."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import IO

from index.archive import FORM, LOGS, MANIFEST, PEOPLE, Archive, ArchiveError
from index.checking import verify
from index.store import Store
from index.sums import FileSum, measure
from index.versions import Layout, open_current

# Level 1: vectors and PDFs hardly shrink at any level, and the store nearly as much as at 6, in a third of the time.
_LEVEL = 1


def export_archive(data: Path, corpus: Path, file: Path) -> Archive:
    """Writes the archive, aside and then renamed, so that there is never half a one under its name.

    Raises NoVersionError or DamagedVersionError if no whole version answers, ArchiveError, OSError.
    """
    version, layout, manifest = open_current(data)
    verify(layout, manifest)
    for folder in (data, corpus):
        if file.resolve().is_relative_to(folder.resolve()):
            raise ArchiveError(file, f"kies een plaats buiten {folder}, anders komt het archief in zichzelf terecht")
    if not file.parent.is_dir():
        raise ArchiveError(file, f"de map {file.parent} bestaat niet")
    aside = file.with_name(f".{file.name}.deel")
    snapshots = file.with_name(f".{file.name}.kopie")
    try:
        shutil.rmtree(snapshots, ignore_errors=True)
        snapshots.mkdir()
        paths = dict(sorted(_paths(data, corpus, version, snapshots)))
        members = tuple(FileSum(name, *measure(path)) for name, path in paths.items())
        with aside.open("wb") as raw:
            _write(raw, Archive(version, members), paths, file)
            raw.flush()
            os.fsync(raw.fileno())
        os.replace(aside, file)
    finally:
        aside.unlink(missing_ok=True)
        shutil.rmtree(snapshots, ignore_errors=True)
    return Archive(version, members)


def _paths(data: Path, corpus: Path, version: str, snapshots: Path) -> Iterator[tuple[str, Path]]:
    """(member's name, file) of everything that goes along; hidden files are nobody's work."""
    layout = Layout(data / "index" / version)
    yield from _named("corpus", corpus)
    yield from _named(f"data/index/{version}", layout.folder)
    yield from _named("data/fetched", data / "fetched")
    store = Store(layout.store)
    for name in {store.kept_name(document.id) for document in store.documents()}:
        if (data / "files" / name).is_file():
            yield f"data/files/{name}", data / "files" / name
    for path in list(data.iterdir()):
        if path.name.startswith(PEOPLE):
            yield from _snapshot(f"data/{path.name}", path, snapshots)


def _named(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in parts):
            yield "/".join((name, *parts)), path


def _snapshot(name: str, path: Path, snapshots: Path) -> Iterator[tuple[str, Path]]:
    """A file or folder of people; of a database that the portal may be writing to, a copy as SQLite itself makes it."""
    for inner, source in list(_named(name, path)) if path.is_dir() else [(name, path)]:
        if source.name.endswith(LOGS):
            continue  # its rows are in the copy, and SQLite may clear it away any moment
        with source.open("rb") as file:
            is_database = file.read(16) == b"SQLite format 3\0"
        if is_database:
            copy = snapshots / inner.replace("/", "__")
            try:
                with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(copy)) as made:
                    live.backup(made)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:  # damaged: it goes along as it is, rather than that there is no backup
                copy = source
            yield inner, copy
        else:
            yield inner, source


def _write(raw: IO[bytes], archive: Archive, paths: Mapping[str, Path], file: Path) -> None:
    listed = [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in archive.members]
    manifest = json.dumps({"form": FORM, "version": archive.version, "members": listed}, indent=1).encode()
    with (
        gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        tar.addfile(_header(MANIFEST, len(manifest)), io.BytesIO(manifest))
        for member in archive.members:
            with paths[member.name].open("rb") as source:
                reader = _Digesting(source)
                try:
                    tar.addfile(_header(member.name, member.size), reader)
                except OSError as error:
                    if error.errno is not None:
                        raise
                    reader.whole.update(b"shorter than it was")  # tarfile's own 'unexpected end of data'
            if reader.whole.hexdigest() != member.sha256:
                raise ArchiveError(
                    file, f"{member.name} veranderde tijdens het maken van het archief; probeer het nog eens"
                )


def _header(name: str, size: int) -> tarfile.TarInfo:
    """An ordinary file of nobody in particular, at no particular time."""
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, 0o644
    return header


class _Digesting(io.RawIOBase):
    """A file that digests what is read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.whole = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size)
        self.whole.update(block)
        return block
