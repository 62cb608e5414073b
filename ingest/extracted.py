"""What was read, kept by content: a file that did not change is not read again, however many runs there are.

A reading depends on the bytes, on the code and the programs that read them, and on what the register says of the
source. All of that goes into the name under which it is kept, so that nothing stale is ever found; what no run asks for
any more is cleared. The name begins with the digest of the bytes, so that all that was kept of a file can be removed.

Kept as MessagePack, which holds values only: unlike a pickle, a file that somebody put here cannot run anything.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec

from ingest import ocr
from ingest.documents import Document, Passage, Source
from ingest.privacy import Finding, is_quarantined, is_released
from ingest.readers.pdf import UNREAD_PICTURE, UNREAD_TEXT

# The libraries that decide what is read; another version may read another text.
_LIBRARIES = ("lxml", "pypdf", "pypdfium2", "simplemma", "trafilatura")


@dataclass(frozen=True, slots=True)
class Extracted:
    """One file, read: the document, its passages, and the personal data that was found in it."""

    document: Document
    passages: tuple[Passage, ...]
    findings: tuple[Finding, ...]


Reader = Callable[[Source, bytes, str, str], Extracted]


class ExtractionCache:
    """The readings in a folder. May be used from several threads. One that is lost or damaged is read anew."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made_by = f"{_code()} {ocr.version()}"
        self._used: set[str] = set()

    def reader(self, read: Reader) -> Reader:
        """`read`, but for what is kept already.

        What it refuses is not kept; nor is a document with pages that another run may be able to read, nor one that
        goes in quarantine: nothing of it may lie about.
        """

        def read_unless_kept(source: Source, data: bytes, file: str, digest: str) -> Extracted:
            path = self._path(source, file, digest)
            extracted = _load(path)
            if extracted is None:
                extracted = read(source, data, file, digest)
                if _is_unfinished(extracted) or is_quarantined(extracted.findings, is_released(source.personal_data)):
                    return extracted
                _save(path, extracted)
            self._used.add(path.name)
            # Where it stands and who names it is no part of a reading.
            return replace(extracted, document=replace(extracted.document, source=source))

        return read_unless_kept

    def clear_unused(self) -> None:
        """Removes what this object was not asked for."""
        with suppress(OSError):
            for path in self._folder.iterdir():
                if path.name not in self._used:
                    path.unlink(missing_ok=True)

    def _path(self, source: Source, file: str, digest: str) -> Path:
        about = replace(source, path=None, url=None, cited_by=(), follow_links=False, personal_data="")
        key = hashlib.sha256(repr((about, file, self._made_by)).encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / f"{digest}-{key[:32]}.msgpack.z"


def _is_unfinished(extracted: Extracted) -> bool:
    """Whether Tesseract is here and had no time for some of the pages; its absence is part of the key."""
    unread = any(warning.startswith((UNREAD_PICTURE, UNREAD_TEXT)) for warning in extracted.document.warnings)
    return unread and ocr.available()


def _load(path: Path) -> Extracted | None:
    try:
        # zlib's own checksum tells a damaged file: a reading with one letter changed must not pass for the document's
        return _decoder().decode(zlib.decompress(path.read_bytes()))
    except (OSError, zlib.error, msgspec.MsgspecError, ValueError):
        return None


def _save(path: Path, extracted: Extracted) -> None:
    """Writes a reading whole or not at all. A disk that is full costs the cache, not the run."""
    document = extracted.document
    bare = replace(extracted, document=replace(document, source=replace(document.source, path=None)))
    aside = path.with_name(f".{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(zlib.compress(msgspec.msgpack.encode(bare), 1))
        os.replace(aside, path)
    except OSError:
        with suppress(OSError):
            aside.unlink(missing_ok=True)


@cache
def _decoder() -> msgspec.msgpack.Decoder[Extracted]:
    # The one field that MessagePack has no word for is a source's path, which is never kept.
    return msgspec.msgpack.Decoder(Extracted, dec_hook=lambda kind, value: kind(value))


@cache
def _code() -> str:
    """A digest of what reads: this package and the libraries it reads with."""
    whole = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("**/*.py")):
        whole.update(path.read_bytes())
    for library in _LIBRARIES:
        whole.update(f"{library} {version(library)}".encode())
    return whole.hexdigest()
