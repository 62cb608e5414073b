"""Damage to PDFs that knows their structure: `OBJECTS` works on the file as it is written, `PDF` on its objects.

For `PDF` the file is opened with pypdf, changed and written anew, so that nothing but the change is wrong with it.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Mapping
from random import Random

import pypdf
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

Mutation = Callable[[bytes, Random], bytes]

# A stream that unpacks to this is over what any page needs; packed it takes 300 kB.
BOMB = 64 * 1024 * 1024
HUGE = (-1, 0, 10**6, 2**31 - 1, 2**31, 2**63, 10**30)
SIZES = ((0, 0, 0, 0), (0, 0, -5, 900), (0, 0, 1e9, 1e9), (0, 0, 1e-9, 1e-9), (1e38, 1e38, 1e39, 1e39), (5, 5, 5, 842))

_OBJECT = re.compile(rb"(\d+ \d+ obj\b)(.*?)(endobj)", re.DOTALL)


# ── As it is written ─────────────────────────────────────────────────────────────────────────────────────────────


def _objects_swapped(data: bytes, chance: Random) -> bytes:
    """The contents of two objects change places: a font is a page, a page is a font."""
    objects = list(_OBJECT.finditer(data))
    if len(objects) < 2:
        return data
    one, other = sorted(chance.sample(objects, 2), key=lambda match: match.start())
    between = data[one.end(2) : other.start(2)]
    return data[: one.start(2)] + other[2] + between + one[2] + data[other.end(2) :]


def _references_changed(data: bytes, chance: Random) -> bytes:
    """Some references point to another object than they did."""
    numbers = [match[1].split()[0] for match in _OBJECT.finditer(data)] or [b"1"]

    def other(match: re.Match[bytes]) -> bytes:
        return chance.choice(numbers) + b" 0 R" if chance.random() < 0.05 else match[0]

    return re.sub(rb"\d+ 0 R", other, data)


def _numbers_changed(data: bytes, chance: Random) -> bytes:
    """Some numbers outside streams are huge, or negative."""

    def in_object(match: re.Match[bytes]) -> bytes:
        head, stream, rest = match[2].partition(b"stream")
        head = re.sub(
            rb"(?<=[\s\[])\d+(?=[\s\]/>])",
            lambda number: str(chance.choice(HUGE)).encode() if chance.random() < 0.03 else number[0],
            head,
        )
        return match[1] + head + stream + rest + match[3]

    return _OBJECT.sub(in_object, data)


def _nested_arrays(data: bytes, chance: Random) -> bytes:
    """An object that is 100,000 arrays, or dictionaries, in each other."""
    objects = list(_OBJECT.finditer(data))
    if not objects:
        return data
    one = chance.choice(objects)
    opening, closing = chance.choice(((b"[", b"]"), (b"<</A", b">>"), (b"[", b"")))
    return data[: one.start(2)] + b"\n" + opening * 100_000 + closing * 100_000 + b"\n" + data[one.end(2) :]


def _lying_lengths(data: bytes, chance: Random) -> bytes:
    return re.sub(rb"/Length \d+", lambda _: b"/Length %d" % chance.choice(HUGE), data)


def _lying_start(data: bytes, chance: Random) -> bytes:
    """The table of objects is said to be elsewhere, or has its entries wrong."""
    if chance.random() < 0.5:
        return re.sub(rb"startxref\s+\d+", b"startxref\n%d" % chance.choice((0, 7, len(data), 10**15)), data)
    return re.sub(rb"\d{10} \d{5} n", lambda _: b"%010d 00000 n" % chance.randrange(len(data)), data)


OBJECTS: Mapping[str, Mutation] = {
    "objects swapped": _objects_swapped,
    "references changed": _references_changed,
    "numbers changed": _numbers_changed,
    "100,000 nested arrays": _nested_arrays,
    "lengths that lie": _lying_lengths,
    "places that lie": _lying_start,
}


# ── As objects ───────────────────────────────────────────────────────────────────────────────────────────────────

Change = Callable[[pypdf.PdfWriter, Random], None]


def _rewritten(change: Change) -> Mutation:
    def rewrite(data: bytes, chance: Random) -> bytes:
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
        change(writer, chance)
        stream = io.BytesIO()
        writer.write(stream)
        return stream.getvalue()

    return rewrite


def _huge_page_count(writer: pypdf.PdfWriter, chance: Random) -> None:
    _tree(writer)[NameObject("/Count")] = NumberObject(chance.choice(HUGE))


def _circular_page_tree(writer: pypdf.PdfWriter, chance: Random) -> None:
    """The tree of pages has itself among its branches, once or a hundred times."""
    tree = _tree(writer)
    kids = tree["/Kids"]
    assert isinstance(kids, ArrayObject)
    root = writer.root_object.raw_get("/Pages")
    for _ in range(chance.choice((1, 100))):
        kids.insert(chance.randrange(len(kids) + 1), root)


def _same_page_often(writer: pypdf.PdfWriter, chance: Random) -> None:
    """One page three thousand times."""
    tree = _tree(writer)
    kids = tree["/Kids"]
    assert isinstance(kids, ArrayObject)
    kids.extend([chance.choice(kids)] * 3_000)
    tree[NameObject("/Count")] = NumberObject(len(kids))


def _odd_page_sizes(writer: pypdf.PdfWriter, chance: Random) -> None:
    for page in writer.pages:
        name = NameObject(chance.choice(("/MediaBox", "/CropBox")))
        page[name] = ArrayObject([FloatObject(value) for value in chance.choice(SIZES)])
        page[NameObject("/Rotate")] = NumberObject(chance.choice((0, 45, 90, -90, 10**9)))
        page[NameObject("/UserUnit")] = FloatObject(chance.choice((1, 0, -1, 1e9)))


def _fonts_damaged(writer: pypdf.PdfWriter, chance: Random) -> None:
    """Fonts lose parts; their files and their tables of characters get noise."""
    for thing in _objects(writer):
        if not isinstance(thing, DictionaryObject):
            continue
        for name in ("/ToUnicode", "/FontFile", "/FontFile2", "/FontFile3", "/Encoding", "/Widths", "/DescendantFonts"):
            if name in thing and chance.random() < 0.5:
                held = thing[name]
                if isinstance(held, StreamObject) and chance.random() < 0.7:
                    _damage_stream(held, chance)
                else:
                    del thing[name]


def _content_damaged(writer: pypdf.PdfWriter, chance: Random) -> None:
    """Signs of the pages' drawing instructions change: numbers, operators, brackets."""
    for page in writer.pages:
        content = page.get_contents()
        if content is not None:
            data = bytearray(content.get_data())
            for _ in range(chance.choice((1, 20, 200))):
                if data:
                    data[chance.randrange(len(data))] = chance.choice(b"0123456789-.()<>[]/ qQTjBTET\xff")
            page[NameObject("/Contents")] = writer._add_object(_stream(bytes(data)))


def _content_bomb(writer: pypdf.PdfWriter, chance: Random) -> None:
    """A page whose instructions unpack to BOMB bytes: blanks, states saved without end, or text without end."""
    filler = chance.choice((b" ", b"q ", b"(a) Tj ", b"BT ", b"0 0 m "))
    page = chance.choice(list(writer.pages))
    page[NameObject("/Contents")] = writer._add_object(_stream(filler * (BOMB // len(filler))))


def _forms_in_themselves(writer: pypdf.PdfWriter, chance: Random) -> None:
    """A drawing that draws itself, twice."""
    form = _stream(b"/X Do /X Do BT (a) Tj ET")
    reference = writer._add_object(form)
    resources = DictionaryObject({NameObject("/XObject"): DictionaryObject({NameObject("/X"): reference})})
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = ArrayObject([NumberObject(value) for value in (0, 0, 500, 500)])
    form[NameObject("/Resources")] = resources
    page = chance.choice(list(writer.pages))
    page[NameObject("/Resources")] = resources
    page[NameObject("/Contents")] = writer._add_object(_stream(b"/X Do"))


def _outline_circle(writer: pypdf.PdfWriter, chance: Random) -> None:
    """An outline whose items follow, or hold, themselves."""
    for number in range(3):
        writer.add_outline_item(title=f"Hoofdstuk {number}", page_number=0)
    items = [thing for thing in _objects(writer) if isinstance(thing, DictionaryObject) and "/Title" in thing]
    for item in items:
        if item.indirect_reference is not None:
            item[NameObject(chance.choice(("/Next", "/First", "/Parent")))] = item.indirect_reference


def _links_in_circles(writer: pypdf.PdfWriter, chance: Random) -> None:
    """A page's annotations are the page itself, a number, or a hundred thousand times the same."""
    for page in writer.pages:
        reference = page.indirect_reference
        odd = (reference, NumberObject(7), ArrayObject([reference] * 100_000), DictionaryObject())
        chosen = chance.choice(odd)
        if chosen is not None:
            page[NameObject("/Annots")] = chosen


def _keys_lost(writer: pypdf.PdfWriter, chance: Random) -> None:
    """A twentieth of all entries is gone, or is something else."""
    for thing in _objects(writer):
        if isinstance(thing, DictionaryObject):
            for key in list(thing):
                if chance.random() < 0.05:
                    if chance.random() < 0.5:
                        del thing[key]
                    else:
                        thing[NameObject(key)] = chance.choice(
                            (NumberObject(-1), NameObject("/X"), ArrayObject(), FloatObject(1e30), DictionaryObject())
                        )


def _tree(writer: pypdf.PdfWriter) -> DictionaryObject:
    tree = writer.root_object["/Pages"]
    assert isinstance(tree, DictionaryObject)
    return tree


def _objects(writer: pypdf.PdfWriter) -> list[PdfObject]:
    found = (IndirectObject(number, 0, writer).get_object() for number in range(1, len(writer._objects) + 1))
    return [thing for thing in found if thing is not None]


def _damage_stream(stream: StreamObject, chance: Random) -> None:
    """Noise in what the stream unpacks to; it is left as it was if it does not unpack."""
    try:
        data = bytearray(zlib.decompress(stream._data))
    except zlib.error:
        return
    for _ in range(chance.choice((1, 50))):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    stream._data = zlib.compress(bytes(data))


def _stream(data: bytes) -> StreamObject:
    made = StreamObject()
    made._data = zlib.compress(data, 1)
    made[NameObject("/Filter")] = NameObject("/FlateDecode")
    return made


PDF: Mapping[str, Mutation] = {
    name: _rewritten(change)
    for name, change in {
        "huge page count": _huge_page_count,
        "circular page tree": _circular_page_tree,
        "one page 3,000 times": _same_page_often,
        "odd page sizes": _odd_page_sizes,
        "fonts damaged": _fonts_damaged,
        "content damaged": _content_damaged,
        "content bomb": _content_bomb,
        "forms in themselves": _forms_in_themselves,
        "outline in a circle": _outline_circle,
        "links in circles": _links_in_circles,
        "keys lost": _keys_lost,
    }.items()
}
