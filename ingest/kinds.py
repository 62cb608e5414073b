"""What a file is, told from its content: servers and file names say otherwise too often.

Both the fetching of an address and the choice of a reader go by it, so that nothing is fetched that cannot be read.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from enum import StrEnum

from ingest.charset import decoded, is_text

# How far into a file its kind must show. PDF's own rule for its header is the first 1,024 bytes.
_HEAD = 1024
_LEADING_MOST = 64 * 1024  # a licence as a comment before the first tag is a few thousand
_HTML_START = re.compile(r"<(!doctype\s+html|html|head|body|title|meta|script|style|div|h[1-6]|p|table|a)[\s>/]", re.I)
_LEADING = re.compile(r"(\s|<!--.*?-->|<\?xml[^>]*>)+", re.S)
# A whole page further on, behind what a server let slip before it: 'Warning: date() … <!DOCTYPE html>'.
_WHOLE_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]", re.I)
_WHOLE_PAGE_WITHIN = 4096
# RTF, PostScript, XML of other sorts (feeds, pictures) and JSON: texts for programs.
_OTHER_LANGUAGE = re.compile(r'\{\\rtf|%!PS|<[a-z?!]|\{\s*["}]|\[\s*[{"]', re.I)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP, _ZIP_END = b"PK\x03\x04", b"PK\x05\x06"
_ODT = b"application/vnd.oasis.opendocument.text"
# A zip's list of contents. A real document has a few hundred parts of about 100 bytes each in it.
MAX_DIRECTORY = 4 * 1024 * 1024
# What a damaged zip can make the standard library raise.
ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
    NotImplementedError,
    RuntimeError,  # a member with a password
)

# A zip's end may be followed by a comment of 65,535 bytes; behind a PDF's some servers put a web page.
_TAIL = 64 * 1024 + 22


class Kind(StrEnum):
    """What the portal can read; the value is the usual end of a file's name."""

    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    HTML = "html"
    TEXT = "txt"


_END_MARKS = {Kind.PDF: b"%%EOF", Kind.DOCX: _ZIP_END, Kind.ODT: _ZIP_END}


def kind_of(data: bytes) -> Kind | None:
    """The kind of a file by its content, damaged or locked as it may be; None if it is none that can be read.

    b'%PDF-1.7 …' → PDF, b'<!DOCTYPE html>…' → HTML, b'\\x89PNG…' → None
    """
    if b"%PDF-" in data[:_HEAD]:
        return Kind.PDF
    if data.startswith(_ZIP):
        return _kind_of_zip(data)
    if data.startswith(_OLE):
        return Kind.DOCX if is_locked(data) else None
    return _kind_of_text(data)


def is_locked(data: bytes) -> bool:
    """Whether it is a Word file with a password: those are OLE files around an encrypted package."""
    return data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in data


def is_complete(data: bytes, kind: Kind) -> bool:
    """Whether the end is there, for kinds that have one. Readers mend a PDF that was cut off, and say nothing of it."""
    mark = _END_MARKS.get(kind)
    return mark is None or mark in data[-_TAIL:] or is_locked(data)


def zip_directory_size(data: bytes) -> int:
    """The size in bytes of a zip's list of contents, as its last record says; 0 if there is no such record."""
    end = data.rfind(_ZIP_END, max(0, len(data) - _TAIL))
    if end < 0 or len(data) < end + 16:
        return 0
    size: int = struct.unpack_from("<I", data, end + 12)[0]
    return size


def _kind_of_zip(data: bytes) -> Kind | None:
    """Word and OpenDocument are zip files, told by the names of their parts; nothing is unpacked but one short part."""
    if zip_directory_size(data) > MAX_DIRECTORY:
        return _kind_of_broken_zip(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "mimetype" in names:
                with archive.open("mimetype") as part:
                    return Kind.ODT if part.read(len(_ODT) + 20).startswith(_ODT) else None
    except ZIP_FAULTS:
        return _kind_of_broken_zip(data)
    return Kind.DOCX if any(name.startswith("word/document") for name in names) else None


def _kind_of_broken_zip(data: bytes) -> Kind | None:
    """The same for a zip that was cut off: its parts' names stand before them too, plainly."""
    if data[30:38] == b"mimetype" and _ODT in data[:128]:
        return Kind.ODT
    return Kind.DOCX if b"word/document" in data else None


def _kind_of_text(data: bytes) -> Kind | None:
    beginning = decoded(data[:_LEADING_MOST])
    leading = _LEADING.match(beginning)
    start = beginning[leading.end() :] if leading else beginning
    if _HTML_START.match(start):
        return Kind.HTML  # before the rest is looked at: web pages do hold a stray byte or control character
    if not start or not is_text(data):
        return None
    if _WHOLE_PAGE.search(beginning[:_WHOLE_PAGE_WITHIN]):
        return Kind.HTML
    return None if _OTHER_LANGUAGE.match(start) else Kind.TEXT
