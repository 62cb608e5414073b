"""Reading a backup, which is not trusted: unpacked aside, checked to the last byte, and only then put in its place."""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from index.archive import FORM, LOGS, MANIFEST, PEOPLE, Archive, ArchiveError
from index.checking import verify
from index.errors import DamagedVersionError, OtherFormError
from index.forgetting import finish_forgetting
from index.forgotten import FORGOTTEN, forgotten, forgotten_of, write_forgotten
from index.sums import BLOCK, FileSum, measure
from index.versions import (
    Layout,
    age_key,
    copy_name,
    current_version,
    put_in_place,
    read_manifest,
    remove_old,
    switch,
    versions,
)

# Bounds on what is taken in. A million passages with their reports are some 20 GB in 100,000 files.
MOST_BYTES = 64 * 1024**3
MOST_MEMBERS = 500_000
_MANIFEST_BYTES = 256 * 1024**2
# The most that the headers before one member take: a long name and its PAX record are under 10 kB; tarfile reads ahead
# in blocks of 10 kB.
_HEADERS = 64 * 1024


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
    except OtherFormError as error:
        what = f"de zoekindex in het archief is gemaakt door een andere uitgave van het portaal ({error.what})"
        raise ArchiveError(file, f"{what}; zet de kopie met die uitgave terug") from error
    except DamagedVersionError as error:
        raise ArchiveError(file, f"de zoekindex in het archief is niet heel ({error.what})") from error


def _unpack(file: Path, folder: Path) -> Archive:
    """Unpacks all members into a folder, each held against the manifest."""
    with gzip.open(file, "rb") as packed:
        stream = _Bounded(packed, file)
        stream.allow(_HEADERS)
        with tarfile.open(fileobj=stream, mode="r|", bufsize=tarfile.RECORDSIZE) as tar:
            head = _next(tar, file, FileSum(MANIFEST, -1, ""))
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
        while stream.read(BLOCK):  # to the end, where gzip's own checksum stands
            pass
    return archive


def _next(tar: tarfile.TarFile, file: Path, member: FileSum) -> tarfile.TarInfo:
    """The next header, which must be that of this member: an ordinary file, no link, device or folder."""
    header = tar.next()
    if header is None:
        raise ArchiveError(file, f"{member.name} ontbreekt in het archief")
    ordinary = header.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not header.issparse()
    if not ordinary or header.name != member.name or member.size not in (-1, header.size):
        raise ArchiveError(file, f"waar {member.name} hoort te staan, staat iets anders ({header.name[:100]!r})")
    return header


def _extract(tar: tarfile.TarFile, header: tarfile.TarInfo, member: FileSum, folder: Path, file: Path) -> None:
    target = folder / member.name
    target.parent.mkdir(parents=True, exist_ok=True)
    whole = hashlib.sha256()
    source = tar.extractfile(header)
    with target.open("xb") as out:
        while source is not None and (block := source.read(BLOCK)):
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
        members = tuple(FileSum(str(one["name"]), int(one["size"]), str(one["sha256"])) for one in read["members"])
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
            return first.startswith(PEOPLE)
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
    return {str(path.relative_to(folder)): measure(path) for path in folder.rglob("*") if path.is_file()}


def _put_tree(source: Path, target: Path, aside: Path, *, alone: bool) -> bool:
    """Moves all files of a tree to their place in another; what differs there is moved aside first.

    With `alone`, what the tree does not have goes aside too. Returns whether anything was moved aside.
    """
    coming = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
    # a database's own log goes with it: SQLite would write what stands in an old one over the new database
    known = {target / f"{name}{log}" for name in coming for log in ("", *LOGS)}
    moved = False
    for path in sorted(_visible(target)) if alone else sorted(path for path in known if os.path.lexists(path)):
        name = path.relative_to(target)
        logged = any(path.with_name(path.name + log).exists() for log in LOGS)
        same = name in coming and path.is_file() and not path.is_symlink() and not logged
        if same and measure(path) == measure(source / name):
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
