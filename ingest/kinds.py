"""What a file is, told from its content: servers and file names say otherwise too often."""

from __future__ import annotations

import re
from enum import StrEnum

# How far into a file its kind must show. PDF's own rule for its header is the first 1,024 bytes.
_HEAD = 1024
_LEADING_MOST = 64 * 1024  # a licence as a comment before the first tag is a few thousand
_HTML_START = re.compile(r"<(!doctype\s+html|html|head|body|title|meta|script|style|div|h[1-6]|p|table|a)[\s>/]", re.I)
_LEADING = re.compile(r"(\s|<!--.*?-->|<\?xml[^>]*>)+", re.S)
# Signs that no running text holds: all control characters but tab, line ends and form feed.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
# RTF, PostScript, XML of other sorts (feeds, pictures) and JSON: texts for programs.
_OTHER_LANGUAGE = re.compile(r'\{\\rtf|%!PS|<[a-z?!]|\{\s*["}]|\[\s*[{"]', re.I)
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}  # byte order marks

# A zip's end may be followed by a comment of 65,535 bytes; behind a PDF's some servers put a web page.
_TAIL = 64 * 1024 + 22


class Kind(StrEnum):
    """What the portal can read; the value is the usual end of a file's name."""

    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    HTML = "html"
    TEXT = "txt"


_END_MARKS = {Kind.PDF: b"%%EOF", Kind.DOCX: b"PK\x05\x06", Kind.ODT: b"PK\x05\x06"}


def kind_of(data: bytes) -> Kind | None:
    """The kind of a file by its content; None if it is none of those that can be read.

    b'%PDF-1.7 …' → PDF, b'<!DOCTYPE html>…' → HTML, b'\\x89PNG…' → None
    """
    if b"%PDF-" in data[:_HEAD]:
        return Kind.PDF
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_zip(data)
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    beginning = data[:_LEADING_MOST].decode(encoding, "replace")
    leading = _LEADING.match(beginning)
    start = beginning[leading.end() :] if leading else beginning
    if _HTML_START.match(start):
        return Kind.HTML  # before the rest is looked at: web pages do hold a stray byte or control character
    if not start or _OTHER_LANGUAGE.match(start):
        return None
    return Kind.TEXT if _is_text(data, encoding) else None


def is_complete(data: bytes, kind: Kind) -> bool:
    """Whether the end is there, for kinds that have one. Readers mend a PDF that was cut off, and say nothing of it."""
    mark = _END_MARKS.get(kind)
    return mark is None or mark in data[-_TAIL:]


def _kind_of_zip(data: bytes) -> Kind | None:
    """Word and OpenDocument are zip files. Their parts' names stand in them plainly, so nothing is unpacked here."""
    if data[30:38] == b"mimetype" and b"application/vnd.oasis.opendocument.text" in data[:128]:
        return Kind.ODT
    if b"[Content_Types].xml" in data and b"word/document" in data:
        return Kind.DOCX
    return None


def _is_text(data: bytes, encoding: str) -> bool:
    """Whether all of it is running text. Old files are in Windows-1252, where nearly every byte is a sign."""
    for candidate in (encoding, "cp1252"):
        try:
            return not _CONTROL.search(data.decode(candidate))
        except UnicodeDecodeError:
            continue
    return False
