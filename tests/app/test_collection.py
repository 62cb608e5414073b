from __future__ import annotations

import base64
import json
import zlib
from urllib.parse import parse_qs, urlsplit

import pytest

from app_pages._links import DocumentAddress, quote_for_link
from app_pages._verzameling.collect import keep_html
from app_pages._verzameling.collection import (
    LINK_LIMIT,
    MOST_ITEMS,
    NOTE_LIMIT,
    TOO_MANY,
    UNREADABLE,
    Collection,
    Item,
    parse_collection,
)

INGE = Item("vdg", 18, "Inge Nieuwenhuizen … de Wolden)", "voor het voorstel & <b>\nregel 2")
FLEX = Item("vdg", 14, "Flexteam = 50 %")


def read(href: str) -> tuple[Collection, tuple[str, ...]]:
    return parse_collection(parse_qs(urlsplit(href).query))


def packed(text: str, kind: str = "z") -> str:
    """Any text as the value of `lijst`, packed as ours."""
    raw = text.encode()
    if kind == "z":
        squeezer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        raw = squeezer.compress(raw) + squeezer.flush()
    return kind + base64.urlsafe_b64encode(raw).decode().rstrip("=")


def test_collection_comes_back_from_its_address() -> None:
    collection = Collection((INGE, FLEX))

    assert read(collection.href) == (collection, ())
    assert Collection().href == "./verzamelen"
    assert read("./verzamelen") == (Collection(), ())


def test_collection_reads_the_link_beside_a_passage() -> None:
    html = keep_html(DocumentAddress("vdg", 18, "Inge & co", question="wie"), 'VDG "2026"')
    href = html.partition('href="')[2].partition('"')[0].replace("&amp;", "&")

    assert read(href) == (Collection((Item("vdg", 18, "Inge & co"),)), ())
    assert "v=" not in href
    assert 'aria-label="Bewaar: VDG &quot;2026&quot;"' in html


def test_collection_for_the_script_has_no_brackets_that_would_be_cleaned_away() -> None:
    text = Collection((Item("vdg", 18, "</script> ]> -->"),)).as_json

    assert json.loads(text) == [["vdg", 18, "</script> ]> -->", ""]]
    assert not {"<", ">"} & set(text)


def test_collection_reads_what_a_browser_without_compression_wrote() -> None:
    rows = json.dumps([["vdg", 18, "Inge", "ja"]])

    assert parse_collection({"lijst": [packed(rows, "a")]})[0] == Collection((Item("vdg", 18, "Inge", "ja"),))


def test_collection_is_moved_removed_and_noted() -> None:
    third = Item("vdg", 1, "c")
    collection = Collection((INGE, FLEX, third))

    assert collection.moved(third, -1).items == (INGE, third, FLEX)
    assert collection.moved(INGE, 1).items == (FLEX, INGE, third)
    assert collection.moved(INGE, -5) == collection
    assert collection.moved(Item("weg", 1), 1) == collection
    assert collection.without(FLEX).items == (INGE, third)
    assert collection.with_note(FLEX, "  x" + "y" * 1000).items[1].note == "x" + "y" * (NOTE_LIMIT - 3)


def test_collection_holds_each_passage_once_and_no_more_than_fit() -> None:
    rows = [["vdg", page, "woorden", ""] for page in range(1, 100)]

    collection, problems = parse_collection({"lijst": [packed(json.dumps([rows[0], *rows]))]})

    assert [item.page for item in collection.items] == list(range(1, MOST_ITEMS + 1))
    assert problems == (TOO_MANY,)


def test_collection_of_long_passages_still_fits_in_a_link() -> None:
    # words that differ everywhere, so that packing gains less than it does on Dutch
    words = [f"{number * 7919 % 100_003:x}wo{number % 97}rd" for number in range(MOST_ITEMS * 60)]
    quotes = [quote_for_link(" ".join(words[60 * one : 60 * one + 60])) for one in range(MOST_ITEMS)]

    collection = Collection(tuple(Item("overdrachtsdocument-vdg-2026", 18, quote) for quote in quotes))

    assert len(collection.href) < 2 * LINK_LIMIT
    assert Collection(collection.items[:25]).fits


BOMB = packed("[" + " " * 50_000_000 + "]")


@pytest.mark.parametrize(
    "value",
    [
        "x",
        "z",
        "zééé",
        "z!!!!",
        "zAAAA",
        "a",
        "q" + packed("[]")[1:],
        packed("[]")[:-1],
        packed("{}"),
        packed("null"),
        packed("[" * 90_000),
        packed("[" + "1" * 90_000 + "]"),
        "a" + "A" * 30_000,
        BOMB,
        packed(json.dumps([["vdg", 1, "x", ""]]))[:-6],
        "a" + base64.urlsafe_b64encode(b'["\xff"]').decode(),
    ],
    ids=lambda value: value[:12],
)
def test_collection_says_that_a_list_cannot_be_read(value: str) -> None:
    assert parse_collection({"lijst": [value]}) == (Collection(), (UNREADABLE,))


@pytest.mark.parametrize(
    "row",
    [
        "x",
        7,
        None,
        [],
        ["vdg", 1, "x"],
        ["vdg", "1", "x", ""],
        ["vdg", True, "x", ""],
        ["vdg", 1.5, "x", ""],
        ["vdg", 0, "x", ""],
        ["vdg", 10**18, "x", ""],
        ["", 1, "x", ""],
        [["vdg"], 1, "x", ""],
        ["vdg", 1, None, ""],
    ],
)
def test_collection_leaves_out_a_row_that_means_nothing(row: object) -> None:
    good = ["vdg", 18, "Inge", ""]

    assert parse_collection({"lijst": [packed(json.dumps([row, good]))]})[0].items == (Item("vdg", 18, "Inge"),)


def test_collection_survives_halves_of_signs_and_bounds_every_text() -> None:
    row = ["v\ud800dg" + "x" * 999, 1, "\udfff" + "q" * 99_999, "n\ud800" + "n" * 9_999]

    (item,) = parse_collection({"lijst": [packed(json.dumps([row]))]})[0].items

    assert (len(item.document), len(item.quote), len(item.note)) == (200, 1200, NOTE_LIMIT)
    assert read(Collection((item,)).href)[0].items == (item,)


def test_collection_takes_signs_that_turn_text_round_out_of_a_note() -> None:
    row = ["vdg", 1, "Inge", "een\u202e twee\x07\ndrie"]

    assert parse_collection({"lijst": [packed(json.dumps([row]))]})[0].items[0].note == "een twee\ndrie"


@pytest.mark.parametrize("page", ["abc", "-1", "0", "9" * 4000, "٣"])
def test_collection_keeps_nothing_for_a_page_that_is_no_number(page: str) -> None:
    assert parse_collection({"document": ["vdg"], "pagina": [page], "citaat": ["x"]})[0] == Collection()
