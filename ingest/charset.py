"""Bytes → text, when nothing says for sure how they were written down."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What a page says of itself stands in its first kilobytes: <meta charset="…">, <?xml encoding="…"?>.
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
_SENSIBLE = re.compile(r"(?:iso-?8859|latin|windows|cp\d|koi8|mac|us-ascii|ascii)", re.I)
# Bytes that no text has; tab, line feed, form feed, carriage return and escape it may have.
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27})


def decoded(data: bytes) -> str:
    """The text of some bytes: by byte order mark, as UTF-8 if they are valid as such, as they say, or as Windows does.

    UTF-8 goes before what the file says: text in another encoding is hardly ever valid UTF-8 by chance, and servers
    often say ISO-8859-1 out of habit. Never raises; what cannot be read becomes '\N{REPLACEMENT CHARACTER}'.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _clean(data[len(mark) :].decode(encoding, "replace"))
    wide = _wide(data[:400])
    if wide:
        return _clean(data.decode(wide, "replace"))
    try:
        return _clean(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _clean(data.decode(_declared(data[:4096]), "replace"))


def is_text(data: bytes) -> bool:
    """Whether some bytes can be text at all: hardly any control signs among the first 64 kB."""
    head = data[: 64 * 1024]
    if any(data.startswith(mark) for mark, _ in _MARKS) or _wide(data[:400]):
        head = decoded(head).encode("utf-8")
    return bool(head) and len(head) - len(head.translate(None, _CONTROLS)) <= len(head) // 500


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: every second byte of Western text is zero."""
    if len(head) < 8:
        return ""
    even, odd = head[::2].count(0) / len(head[::2]), head[1::2].count(0) / len(head[1::2])
    if odd > 0.7 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 and odd < 0.1 else ""


def _declared(head: bytes) -> str:
    """The encoding that a page names, as browsers take it: ISO-8859-1 is Windows-1252."""
    found = _DECLARED.search(head)
    name = found.group(1).decode("ascii", "replace").lower() if found else ""
    if not _SENSIBLE.match(name) or re.fullmatch(r"(?:iso-?8859-?1|latin-?1|l1|us-ascii|ascii)", name):
        return "cp1252"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"


def _clean(text: str) -> str:
    """Without zero signs, and without the halves of characters that no other program can store."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
