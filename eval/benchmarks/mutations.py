"""Damage done to good files on purpose, always the same for the same seed: the input of the fuzz run.

    mutated(Seed("nota.docx", data), random.Random("1/7")) → ("nested 10,000 deep", b"PK…")

Every format gets the blind damage of `BYTES` and damage that knows its structure (mutations_pdf.py, and `ZIP` and
`MARKUP` here); what is made of it need not be a good file of its format any more.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from eval.benchmarks.mutations_pdf import OBJECTS, PDF

Mutation = Callable[[bytes, Random], bytes]

DEEP = 10_000
# What a bomb unpacks to: over every bound of the readers, and still made in a second.
BOMB = 96 * 1024 * 1024

_OPENING = re.compile(rb"<([A-Za-z][\w:-]*)((?:\s[^<>]*)?)>")
_ATTRIBUTE = re.compile(rb'="([^"]{0,80})"')
_NUMBERS = (b"-1", b"0", b"2147483648", b"99999999999999999999", b"1e308", b"NaN", b"", b"\xc3", b"&#0;", b"../../x")


@dataclass(frozen=True, slots=True)
class Seed:
    """A good file to start from; its name's ending tells the format."""

    name: str
    data: bytes

    @property
    def format(self) -> str:
        return self.name.rpartition(".")[2].lower()


def mutated(seed: Seed, chance: Random) -> tuple[str, bytes]:
    """What was done, and the file that came of it."""
    kinds = mutations_of(seed.format)
    name = chance.choice(sorted(kinds))
    return name, kinds[name](seed.data, chance)


def mutations_of(extension: str) -> Mapping[str, Mutation]:
    """All that can be done to a format, by name."""
    if extension == "pdf":
        return {**BYTES, **OBJECTS, **PDF}
    if extension in ("docx", "odt"):
        inside = {f"inside: {name}": _inside(change) for name, change in {**BYTES, **MARKUP}.items()}
        return {**BYTES, **ZIP, **inside}
    return {**BYTES, **MARKUP, **HTML}


# ── Blind ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _flip_bits(data: bytes, chance: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 4, 32, 256))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut_off(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _without_head(data: bytes, chance: Random) -> bytes:
    return data[chance.randrange(min(len(data), 4096)) :]


def _repeat(data: bytes, chance: Random) -> bytes:
    start, end = _stretch(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 3, 20)) + data[end:]


def _zero(data: bytes, chance: Random) -> bytes:
    start, end = _stretch(data, chance)
    return data[:start] + bytes(end - start) + data[end:]


def _drop(data: bytes, chance: Random) -> bytes:
    start, end = _stretch(data, chance)
    return data[:start] + data[end:]


def _noise(data: bytes, chance: Random) -> bytes:
    start, end = _stretch(data, chance)
    return data[:start] + chance.randbytes(end - start) + data[end:]


def _swap(data: bytes, chance: Random) -> bytes:
    a, b, c, d = sorted(chance.randrange(len(data) + 1) for _ in range(4))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _stretch(data: bytes, chance: Random) -> tuple[int, int]:
    start = chance.randrange(len(data))
    return start, min(len(data), start + chance.choice((1, 16, 512, 8192)))


BYTES: Mapping[str, Mutation] = {
    "bits flipped": _flip_bits,
    "cut off": _cut_off,
    "head lost": _without_head,
    "stretch repeated": _repeat,
    "stretch zeroed": _zero,
    "stretch dropped": _drop,
    "stretch of noise": _noise,
    "stretches swapped": _swap,
}


# ── Markup: XML inside a zip, and HTML ───────────────────────────────────────────────────────────────────────────


def _duplicate_element(data: bytes, chance: Random) -> bytes:
    """One element, with what is in it, a thousand times; cut as text, so that it may be half an element."""
    start, end = _element(data, chance)
    return data[:end] + data[start : min(end, start + 4000)] * 1000 + data[end:]


def _nest(data: bytes, chance: Random) -> bytes:
    """One element DEEP times inside itself."""
    opening = _some_opening(data, chance)
    if opening is None:
        return data
    tag = b"</" + opening[1] + b">"
    closing = data.find(tag, opening.end())
    closing = opening.end() if closing < 0 else closing
    inner = data[opening.end() : closing]
    return data[: opening.end()] + opening[0] * DEEP + inner + tag * DEEP + data[closing:]


def _unclosed(data: bytes, chance: Random) -> bytes:
    opening = _some_opening(data, chance)
    return data if opening is None else data[: opening.end()] + opening[0] * DEEP + data[opening.end() :]


def _odd_attributes(data: bytes, chance: Random) -> bytes:
    """A tenth of the attributes gets a value that nobody expects."""

    def odd(match: re.Match[bytes]) -> bytes:
        return b'="' + chance.choice(_NUMBERS) + b'"' if chance.random() < 0.1 else match[0]

    return _ATTRIBUTE.sub(odd, data)


def _tags_swapped(data: bytes, chance: Random) -> bytes:
    names = sorted({match[1] for match in _OPENING.finditer(data)})
    if not names:
        return data
    old, new = chance.choice(names), chance.choice(names)
    return re.sub(rb"(</?)" + re.escape(old) + rb"(?=[\s/>])", rb"\1" + new, data)


def _entities(data: bytes, chance: Random) -> bytes:
    """'A billion laughs': ten entities that each name the one before ten times."""
    levels = (b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 10))
    declared = b'<!DOCTYPE x [<!ENTITY l0 "haha">' + b"".join(levels) + b"]>"
    head = re.match(rb"\s*<\?xml[^>]*>", data)
    start = head.end() if head else 0
    start_element, end_element = _element(data[start:], chance)
    place = start + chance.choice((start_element, end_element))
    return data[:start] + declared + data[start:place] + b"&l9;" + data[place:]


def _other_encoding(data: bytes, chance: Random) -> bytes:
    codec = chance.choice(("utf-16", "utf-32", "cp037", "latin-1"))
    return data.decode("utf-8", "replace").encode(codec, "replace")


def _element(data: bytes, chance: Random) -> tuple[int, int]:
    opening = _some_opening(data, chance)
    if opening is None:
        return 0, len(data)
    tag = b"</" + opening[1] + b">"
    closing = data.find(tag, opening.end())
    return opening.start(), (closing + len(tag) if closing >= 0 else opening.end())


def _some_opening(data: bytes, chance: Random) -> re.Match[bytes] | None:
    openings = [match for match in _OPENING.finditer(data) if not match[2].endswith(b"/")]
    return chance.choice(openings) if openings else None


MARKUP: Mapping[str, Mutation] = {
    "elements duplicated": _duplicate_element,
    "nested 10,000 deep": _nest,
    "10,000 unclosed": _unclosed,
    "odd attributes": _odd_attributes,
    "element names swapped": _tags_swapped,
    "entities that explode": _entities,
    "another encoding": _other_encoding,
}


def _wide_cells(data: bytes, chance: Random) -> bytes:
    span = b' colspan="%d" rowspan="%d"' % (chance.choice((1000, 65535, 10**9)), chance.choice((1, 1000, 10**9)))
    return re.sub(rb"<t([dh])", rb"<t\1" + span, data)


def _tables_in_tables(data: bytes, chance: Random) -> bytes:
    depth = chance.choice((50, 1000))
    table = b"<table><tr><td>cel</td><td>" * depth + b"diep" + b"</td></tr></table>" * depth
    return data.replace(b"</body>", table + b"</body>")


def _lying_charset(data: bytes, chance: Random) -> bytes:
    said = chance.choice((b"utf-16", b"utf-7", b"x-unknown", b"base64_codec", b"\xff\xfe", b"a" * 100_000))
    return data.replace(b"utf-8", said, 1)


def _nul_bytes(data: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + b"\0" * chance.choice((1, 1000)) + b"&#0;&#xD800;&#x10FFFF;&#99999999999;" + data[place:]


HTML: Mapping[str, Mutation] = {
    "cells of a billion columns": _wide_cells,
    "tables in tables": _tables_in_tables,
    "lying charset": _lying_charset,
    "signs that are none": _nul_bytes,
}


# ── Zip ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _inside(change: Mutation) -> Mutation:
    """The change done to one part of the zip, mostly the text itself."""

    def in_part(data: bytes, chance: Random) -> bytes:
        parts = _parts(data)
        main = [name for name in parts if name in ("word/document.xml", "content.xml")]
        name = chance.choice(main if main and chance.random() < 0.7 else sorted(name for name in parts if parts[name]))
        return _zipped({**parts, name: change(parts[name], chance)})

    return in_part


def _lying_sizes(data: bytes, chance: Random) -> bytes:
    """The list of contents says other sizes, places or methods than the parts have."""
    changed = bytearray(data)
    for match in re.finditer(rb"PK\x01\x02", data):
        if chance.random() < 0.5:
            offset, width = chance.choice(((10, "<H"), (16, "<I"), (20, "<I"), (24, "<I"), (28, "<H"), (42, "<I")))
            top = 0xFFFF if width == "<H" else 0xFFFFFFFF
            value = chance.choice((0, 1, 99, top // 2, top))
            changed[match.start() + offset : match.start() + offset + struct.calcsize(width)] = struct.pack(
                width, value
            )
    return bytes(changed)


def _bomb(data: bytes, chance: Random) -> bytes:
    """One part unpacks to much more than it seems: blanks, text without end, or elements without end."""
    parts = _parts(data)
    name = chance.choice([name for name in parts if name.endswith(".xml")])
    filler = chance.choice((b" ", b"a", b"<a/>", b"<w:p><w:r><w:t>a</w:t></w:r></w:p>"))
    end = parts[name].rfind(b"</")
    return _zipped({**parts, name: parts[name][:end] + filler * (BOMB // len(filler)) + parts[name][end:]})


def _many_parts(data: bytes, chance: Random) -> bytes:
    return _zipped({**_parts(data), **{f"x/{number}.xml": b"" for number in range(chance.choice((5000, 60_000)))}})


def _part_lost(data: bytes, chance: Random) -> bytes:
    parts = _parts(data)
    del parts[chance.choice(sorted(parts))]
    return _zipped(parts)


def _parts_swapped(data: bytes, chance: Random) -> bytes:
    parts = _parts(data)
    one, other = chance.choice(sorted(parts)), chance.choice(sorted(parts))
    return _zipped({**parts, one: parts[other], other: parts[one]})


ZIP: Mapping[str, Mutation] = {
    "zip sizes that lie": _lying_sizes,
    "zip bomb": _bomb,
    "zip of many parts": _many_parts,
    "zip part lost": _part_lost,
    "zip parts swapped": _parts_swapped,
}


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), part, stored, compresslevel=1)
    return stream.getvalue()
