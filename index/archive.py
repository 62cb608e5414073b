"""A backup: one archive that turns a bare install into the same portal.

    manifest.json                the version, and of every other member its name, size and SHA-256; always first
    corpus/…                     what people made: the sources, the register, begrippen, uploads
    data/index/<version>/…       the version that answers
    data/files/… data/fetched/…  the files that it shows, and what was fetched
    data/forgotten.json …        what may not come back, and what else people made under data/

The same portal gives the same bytes. What comes in is not trusted: every member must be an ordinary file that the
manifest names, in its order, with its size and digest, in a place where the portal keeps such files. Only when all of
it has been unpacked aside and checked is anything put in its place, CURRENT last. No model comes out of an archive.

All of this is for the one run that holds the lock of the data folder.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from index.builder import verify
from index.errors import SearchIndexError
from index.maintenance import FORGOTTEN, finish_forgetting, forgotten, forgotten_of, write_forgotten
from index.store import Store
from index.versions import (
    Layout,
    age_key,
    copy_name,
    current_version,
    open_current,
    put_in_place,
    read_manifest,
    remove_old,
    switch,
    versions,
)

# Raised when the form of an archive changes.
FORM = 1
MANIFEST = "manifest.json"
# Under data/, what people make: everything there whose name begins like this, with any ending, or a folder.
_PEOPLE = ("forgotten", "feedback", "uploads", "access", "settings")
# What SQLite keeps beside a database that is being written to.
_LOGS = ("-wal", "-shm", "-journal")
# Level 1: vectors and PDFs hardly shrink at any level, and the store nearly as much as at 6, in a third of the time.
_LEVEL = 1
# Bounds on what is taken in. A million passages with their reports are some 20 GB in 100,000 files.
MOST_BYTES = 64 * 1024**3
MOST_MEMBERS = 500_000
_MANIFEST_BYTES = 256 * 1024**2
# The most that the headers before one member take: a long name and its PAX record are under 10 kB; tarfile reads ahead
# in blocks of 10 kB.
_HEADERS = 64 * 1024
_BLOCK = 1024 * 1024


class ArchiveError(SearchIndexError):
    """Raised when an archive cannot be made, or cannot be trusted. Nothing has changed then."""

    def __init__(self, file: Path, what: str) -> None:
        super().__init__(f"{file.name}: {what}. Er is niets veranderd.")


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its name ('corpus/bronnen.toml'), its size in bytes and its SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive holds. `aside` is the folder with what stood in the place of something else, if anything did."""

    version: str
    members: tuple[Member, ...]
    aside: Path | None = None

    @property
    def size(self) -> int:
        """Of all members together, in bytes."""
        return sum(member.size for member in self.members)


# ── Out ──────────────────────────────────────────────────────────────────────────────────────────────────────────


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
        members = tuple(Member(name, *_measure(path)) for name, path in paths.items())
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
        if path.name.startswith(_PEOPLE):
            yield from _snapshot(f"data/{path.name}", path, snapshots)


def _named(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in parts):
            yield "/".join((name, *parts)), path


def _snapshot(name: str, path: Path, snapshots: Path) -> Iterator[tuple[str, Path]]:
    """A file or folder of people; of a database that the portal may be writing to, a copy as SQLite itself makes it."""
    for inner, source in list(_named(name, path)) if path.is_dir() else [(name, path)]:
        if source.name.endswith(_LOGS):
            continue  # its rows are in the copy, and SQLite may clear it away any moment
        with source.open("rb") as file:
            is_database = file.read(16) == b"SQLite format 3\0"
        if is_database:
            copy = snapshots / inner.replace("/", "__")
            with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(copy)) as made:
                live.backup(made)
            yield inner, copy
        else:
            yield inner, source


def _measure(path: Path) -> tuple[int, str]:
    whole, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            whole.update(block)
            size += len(block)
    return size, whole.hexdigest()


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


# ── In ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def import_archive(file: Path, data: Path, corpus: Path) -> Archive:
    """Puts what an archive holds in its place. Raises ArchiveError, and has then changed nothing.

    Files of the corpus that are not in the archive, or differ from it, are kept in a hidden folder of the corpus, which
    no ingest reads. A document that was removed for good here stays so. Killed halfway, the version that answered goes
    on answering, and importing once more completes it.
    """
    data.mkdir(parents=True, exist_ok=True)
    corpus.mkdir(parents=True, exist_ok=True)
    unpacked = data / ".terugzetten"
    shutil.rmtree(unpacked, ignore_errors=True)
    try:
        with _dutch_errors(file):
            archive = _unpack(file, unpacked)
            layout = Layout(unpacked / "data" / "index" / archive.version)
            verify(layout, read_manifest(layout))
            _check_lists(file, unpacked)
        kept = forgotten(data)
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        replaced = _put_tree(unpacked / "corpus", corpus, corpus / f".voor-terugzetten-{moment}", alone=True)
        name = _put_version(data, layout)
        coming = forgotten(unpacked / "data")
        shutil.rmtree(unpacked / "data" / "index")
        (unpacked / "data" / FORGOTTEN).unlink(missing_ok=True)
        replaced |= _put_tree(unpacked / "data", data, corpus / f".voor-terugzetten-{moment}" / "data", alone=False)
        if coming or kept:
            merged = {entry.id: entry for entry in (*coming, *kept)}
            write_forgotten(data, [replace(entry, done=False) for entry in merged.values()])
        switch(data, name)
        finish_forgetting(data)  # what was removed for good here does not come back out of a backup
        remove_old(data)
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    aside = corpus / f".voor-terugzetten-{moment}" if replaced else None
    return Archive(current_version(data) or name, archive.members, aside)


@contextmanager
def _dutch_errors(file: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        if error.filename is None or Path(os.fsdecode(error.filename)) != file:
            raise
        raise ArchiveError(file, "dit bestand bestaat niet") from error
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, UnicodeError, RecursionError) as error:
        raise ArchiveError(file, f"het archief is beschadigd ({error})") from error
    except SearchIndexError as error:
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveError(file, f"de zoekindex in het archief is niet heel ({error})") from error


def _unpack(file: Path, folder: Path) -> Archive:
    """Unpacks all members into a folder, each held against the manifest."""
    with gzip.open(file, "rb") as packed:
        stream = _Bounded(packed, file)
        stream.allow(_HEADERS)
        with tarfile.open(fileobj=stream, mode="r|", bufsize=tarfile.RECORDSIZE) as tar:
            head = _next(tar, file, Member(MANIFEST, -1, ""))
            if head.size > _MANIFEST_BYTES:
                raise ArchiveError(file, "de inhoudsopgave is te groot")
            stream.allow(head.size + _HEADERS)
            content = tar.extractfile(head)
            archive = _archive_of(file, content.read() if content else b"")
            folder.mkdir(parents=True)
            if archive.size > min(MOST_BYTES, shutil.disk_usage(folder).free):
                raise ArchiveError(file, f"er is {archive.size // 1024**2} MB schijfruimte nodig, en die is er niet")
            for member in archive.members:
                stream.allow(_HEADERS)
                header = _next(tar, file, member)
                stream.allow(member.size + _HEADERS)
                _extract(tar, header, member, folder, file)
            stream.allow(_HEADERS)
            if tar.next() is not None:
                raise ArchiveError(file, "er zit meer in het archief dan de inhoudsopgave noemt")
        while stream.read(_BLOCK):  # to the end, where gzip's own checksum stands
            pass
    return archive


def _next(tar: tarfile.TarFile, file: Path, member: Member) -> tarfile.TarInfo:
    """The next header, which must be that of this member: an ordinary file, no link, device or folder."""
    header = tar.next()
    if header is None:
        raise ArchiveError(file, f"{member.name} ontbreekt in het archief")
    ordinary = header.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not header.issparse()
    if not ordinary or header.name != member.name or member.size not in (-1, header.size):
        raise ArchiveError(file, f"waar {member.name} hoort te staan, staat iets anders ({header.name[:100]!r})")
    return header


def _extract(tar: tarfile.TarFile, header: tarfile.TarInfo, member: Member, folder: Path, file: Path) -> None:
    target = folder / member.name
    target.parent.mkdir(parents=True, exist_ok=True)
    whole = hashlib.sha256()
    source = tar.extractfile(header)
    with target.open("xb") as out:
        while source is not None and (block := source.read(_BLOCK)):
            whole.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if whole.hexdigest() != member.sha256:
        raise ArchiveError(file, f"{member.name} is niet meer wat het was toen het archief werd gemaakt")


def _archive_of(file: Path, content: bytes) -> Archive:
    """The manifest of an archive. Raises ArchiveError if it names what has no place in a portal."""
    try:
        read = json.loads(content)
        form, version = read["form"], str(read["version"])
        members = tuple(Member(str(one["name"]), int(one["size"]), str(one["sha256"])) for one in read["members"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ArchiveError(file, "dit is geen reservekopie van het zoekportaal") from error
    if form != FORM:
        raise ArchiveError(file, f"de vorm ({form}) hoort bij een andere uitgave van het portaal")
    if len(members) > MOST_MEMBERS:
        raise ArchiveError(file, f"er zitten {len(members)} bestanden in; dat zijn er te veel")
    seen: set[str] = set()
    for member in members:
        if member.size < 0 or member.name in seen or not _has_place(member.name, version):
            raise ArchiveError(file, f"{member.name[:100]!r} hoort niet in een reservekopie")
        seen.add(member.name)
    if above := {str(parent) for name in seen for parent in PurePosixPath(name).parents} & seen:
        raise ArchiveError(file, f"{min(above)!r} is zowel een bestand als een map")
    return Archive(version, members)


def _has_place(name: str, version: str) -> bool:
    """Whether a member may stand there: 'corpus/a/b.pdf' → True; '../x', 'data/models/m.onnx', '/etc/x' → False."""
    parts = name.split("/")
    if any(not part or part.startswith(".") or "\0" in part or len(os.fsencode(part)) > 255 for part in parts):
        return False
    match parts:
        case ["corpus", _, *_]:
            return True
        case ["data", "index", folder, _, *_]:
            return folder == version
        case ["data", "files", _] | ["data", "fetched", _, *_]:
            return True
        case ["data", first, *_]:
            return first.startswith(_PEOPLE)
    return False


def _check_lists(file: Path, unpacked: Path) -> None:
    path = unpacked / "data" / FORGOTTEN
    try:
        forgotten_of(path.read_bytes() if path.exists() else b"[]")
    except (ValueError, TypeError, KeyError) as error:
        raise ArchiveError(file, f"{FORGOTTEN} is onleesbaar") from error


def _put_version(data: Path, layout: Layout) -> str:
    """Puts the version among the others, under its own name unless another with that name differs."""
    name = layout.folder.name
    (data / "index").mkdir(exist_ok=True)
    if (data / "index" / name).exists() and _contents(data / "index" / name) == _contents(layout.folder):
        return name
    if any(age_key(other)[0] == age_key(name)[0] for other in versions(data)):
        name = copy_name(data, name)  # another one of that moment: the last copy is the one that counts
    put_in_place(data, layout, name)
    return name


def _contents(folder: Path) -> dict[str, tuple[int, str]]:
    return {str(path.relative_to(folder)): _measure(path) for path in folder.rglob("*") if path.is_file()}


def _put_tree(source: Path, target: Path, aside: Path, *, alone: bool) -> bool:
    """Moves all files of a tree to their place in another; what differs there is moved aside first.

    With `alone`, what the tree does not have goes aside too. Returns whether anything was moved aside.
    """
    coming = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
    # a database's own log goes with it: SQLite would write what stands in an old one over the new database
    known = {target / f"{name}{log}" for name in coming for log in ("", *_LOGS)}
    moved = False
    for path in sorted(_visible(target)) if alone else sorted(path for path in known if os.path.lexists(path)):
        name = path.relative_to(target)
        logged = any(path.with_name(path.name + log).exists() for log in _LOGS)
        same = name in coming and path.is_file() and not path.is_symlink() and not logged
        if same and _measure(path) == _measure(source / name):
            continue
        (aside / name).parent.mkdir(parents=True, exist_ok=True)
        _move(path, aside / name)
        moved = True
    for name in sorted(coming):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        _move(source / name, target / name)
    return moved


def _move(source: Path, target: Path) -> None:
    """Moves a file or link, in one step; also to another disk."""
    try:
        os.replace(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        aside = target.with_name(f".{target.name}.deel")
        shutil.copy2(source, aside, follow_symlinks=False)
        os.replace(aside, target)
        source.unlink()


def _visible(folder: Path) -> Iterator[Path]:
    """All files and links of a folder, save hidden ones."""
    for top, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(top) / name).is_symlink()]
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(top) / name for name in (*links, *files) if not name.startswith("."))


class _Bounded(io.RawIOBase):
    """A stream that gives no more bytes than it was last allowed: a bomb of zeros ends where it begins."""

    def __init__(self, file: gzip.GzipFile, path: Path) -> None:
        self._file = file
        self._path = path
        self._left = 0

    def allow(self, count: int) -> None:
        """Allows so many bytes from here; what was allowed before and not taken lapses."""
        self._left = count

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(block)
        if self._left < 0:
            raise ArchiveError(self._path, "het archief is groter dan de inhoudsopgave zegt")
        return block
