"""A collection of passages as a value, and its address: what a reader keeps, in order, with notes.

The whole collection stands in the address bar, so that it can be mailed. What is read from there is untrusted: sizes
are bounded before anything is unpacked, and what means nothing is left out.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app_pages._links import DocumentAddress, last_of, parse_document, query_string
from app_pages._marking import printable

# What one list holds; with quotes as short as links have them, so many fit in LINK_LIMIT. Also in script/verzamelen.js.
MOST_ITEMS = 50

# Passages that are shown at a time: each has boxes and buttons of its own, which take a browser some 25 ms together.
SHOWN = 10

# The longest address of a list that we make: web servers and mail programs cut off what is longer.
LINK_LIMIT = 8_000

# The longest note, in characters.
NOTE_LIMIT = 500

# What is read at most: of a list in an address, and of that list when it is unpacked.
_PACKED_LIMIT = 24_000
_UNPACKED_LIMIT = 200_000

UNREADABLE = "De lijst in deze link is niet te lezen. Misschien is de link niet helemaal overgenomen."
TOO_MANY = f"In een lijst passen {MOST_ITEMS} passages. De rest is weggelaten. Deel die in een tweede link."


@dataclass(frozen=True, slots=True)
class Item:
    """A passage that is kept: document, physical page, the words (as a link has them; '' for a whole page), a note."""

    document: str
    page: int
    quote: str = ""
    note: str = ""

    @property
    def key(self) -> tuple[str, int, str]:
        """What makes it the same passage, whatever its note says."""
        return self.document, self.page, self.quote

    @property
    def address(self) -> DocumentAddress:
        """Where it stands in the portal."""
        return DocumentAddress(self.document, self.page, self.quote)


@dataclass(frozen=True, slots=True)
class Collection:
    """Items in the order in which their reader wants them, each passage once."""

    items: tuple[Item, ...] = ()

    @property
    def params(self) -> dict[str, list[str]]:
        """The query parameters: Collection(two items) → {'lijst': ['z…']}; an empty one has none."""
        return {"lijst": [_packed(self.items)]} if self.items else {}

    @property
    def href(self) -> str:
        """Collection(two items) → './verzamelen?lijst=z…'."""
        return "./verzamelen" + query_string(self.params)

    @property
    def fits(self) -> bool:
        """Whether its address is short enough to be mailed."""
        return len(self.href) <= LINK_LIMIT

    @property
    def as_json(self) -> str:
        """What the script keeps in the browser: '[["vdg",18,"Inge",""]]', in ASCII.

        Without angle brackets: Streamlit's cleaner of HTML takes away an attribute that holds '</script' or ']>'.
        """
        text = json.dumps(_rows(self.items), separators=(",", ":"))
        return text.replace("<", "\\u003c").replace(">", "\\u003e")

    def moved(self, item: Item, steps: int) -> Collection:
        """With an item so many places further down (or up, if negative); unchanged if it is not in the list."""
        place = self._place(item)
        if place is None:
            return self
        rest = [*self.items[:place], *self.items[place + 1 :]]
        rest.insert(max(0, min(len(rest), place + steps)), self.items[place])
        return Collection(tuple(rest))

    def without(self, item: Item) -> Collection:
        """Without that passage."""
        return Collection(tuple(one for one in self.items if one.key != item.key))

    def with_note(self, item: Item, note: str) -> Collection:
        """With another note at that passage."""
        return Collection(tuple(replace(one, note=_note(note)) if one.key == item.key else one for one in self.items))

    def sheets(self) -> range:
        """The numbers of the sheets on which it is shown: one with 21 items → range(1, 4)."""
        return range(1, 2 + max(len(self.items) - 1, 0) // SHOWN)

    def sheet_of(self, item: Item) -> int:
        """The sheet on which an item is shown; the first for one that is not in the list."""
        return 1 + (self._place(item) or 0) // SHOWN

    def _place(self, item: Item) -> int | None:
        return next((place for place, one in enumerate(self.items) if one.key == item.key), None)


def parse_collection(params: Mapping[str, Sequence[str]]) -> tuple[Collection, tuple[str, ...]]:
    """Read the page's parameters: a whole list, or the one passage of a 'Bewaar' link; and what is wrong with them.

    {'document': ['vdg'], 'pagina': ['18'], 'citaat': ['Inge']} → Collection((Item('vdg', 18, 'Inge'),)), ()
    """
    packed = last_of(params, "lijst")
    if packed:
        rows = _unpacked(packed)
        if rows is None:
            return Collection(), (UNREADABLE,)
        items = [item for row in rows if (item := _item(row))]
    else:
        asked = parse_document(params)
        number = int(asked.page) if asked.page.isascii() and asked.page.isdecimal() and len(asked.page) < 8 else None
        items = [item] if asked.document and (item := _item([asked.document, number, asked.quote, ""])) else []
    once = tuple({item.key: item for item in reversed(items)}.values())[::-1]
    return Collection(once[:MOST_ITEMS]), (TOO_MANY,) if len(once) > MOST_ITEMS else ()


def parse_sheet(params: Mapping[str, Sequence[str]], collection: Collection) -> int:
    """Which sheet of a list was asked for: {'blad': ['2']} → 2; the last for one beyond it, the first for no number."""
    asked = last_of(params, "blad")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 1
    return max(1, min(number, len(collection.sheets())))


def sheet_params(collection: Collection, sheet: int) -> dict[str, list[str]]:
    """The query parameters of a sheet of a list: (collection, 2) → {'lijst': ['z…'], 'blad': ['2']}."""
    return collection.params | ({"blad": [str(sheet)]} if sheet > 1 else {})


def _rows(items: Sequence[Item]) -> list[list[str | int]]:
    return [[item.document, item.page, item.quote, item.note] for item in items]


def _packed(items: Sequence[Item]) -> str:
    """'z' and the list as JSON, compressed, in letters that an address may hold.

    The script writes 'a' and the JSON itself in a browser that cannot compress.
    """
    text = json.dumps(_rows(items), separators=(",", ":"), ensure_ascii=False).encode()
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return "z" + base64.urlsafe_b64encode(squeezer.compress(text) + squeezer.flush()).decode().rstrip("=")


def _unpacked(packed: str) -> list[object] | None:
    """The rows of a list in an address, not yet looked at; None if it is not a list of ours.

    Nothing is read that is too long, and no more is unpacked than a list can have, whatever the packing promises.
    """
    kind, letters = packed[0], packed[1:]
    if kind not in "az" or len(packed) > _PACKED_LIMIT or not letters.isascii():
        return None
    try:
        # altchars alone would also skip signs that do not belong there
        raw = base64.b64decode(letters.replace("-", "+").replace("_", "/") + "=" * (-len(letters) % 4), validate=True)
        if kind == "z":
            opener = zlib.decompressobj(-zlib.MAX_WBITS)
            raw = opener.decompress(raw, _UNPACKED_LIMIT)
            if not opener.eof:
                return None
        rows = json.loads(raw.decode())
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        return None
    return rows if isinstance(rows, list) else None


def _item(row: object) -> Item | None:
    """A row of a list as an item; None if it is none: ['vdg', 18, 'Inge', ''] → Item('vdg', 18, 'Inge')."""
    match row:
        case [str(document), int(page), str(quote), str(note)] if not isinstance(page, bool):
            document = _whole_signs(document)[:200].strip()
            known = bool(document) and 1 <= page <= 10_000_000
            return Item(document, page, _whole_signs(quote)[:1200].strip(), _note(note)) if known else None
    return None


def _note(typed: str) -> str:
    """A note is shown in a box, where no HTML keeps its signs apart from what stands around it."""
    return printable(_whole_signs(typed))[:NOTE_LIMIT].strip()


def _whole_signs(text: str) -> str:
    """Without halves of signs, which JSON can hold and no address: 'a\\ud800' → 'a'."""
    return text.encode("utf-8", "ignore").decode()
