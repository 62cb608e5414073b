from __future__ import annotations

from dataclasses import replace

import pytest

from app_pages._links import quote_for_link
from app_pages._verzameling.collection import Item
from app_pages._verzameling.found import Stand, found, whole_span
from index.store import StoredPage
from ingest.documents import Box, Line, Passage
from tests.app.fake_searcher import HANDOVER, FakeSearcher


class WithHeading(FakeSearcher):
    """Page 3 has lines that are in no passage, as a cover has."""

    def page(self, document_id: str, number: int) -> StoredPage:
        page = super().page(document_id, number)
        lines = tuple(Line(words, Box(0, 0, 9, 9), 9.0) for words in ("Over de ge-", "meenten van Drenthe"))
        return replace(page, lines=lines) if number == 3 else page


@pytest.mark.parametrize("number", range(5))
def test_collection_found_makes_a_shortened_quote_whole_in_the_words_of_the_page(number: int) -> None:
    searcher = FakeSearcher()
    _, passage = searcher.rows[number]

    kept = found(searcher, Item(HANDOVER.id, passage.pages[0], quote_for_link(passage.text)))

    assert kept.text == passage.text
    assert (kept.stand, kept.page, kept.heading_path) == (Stand.HERE, passage.pages[0], passage.heading_path)


def test_collection_found_takes_the_passage_that_is_all_quote_before_one_that_holds_its_ends_too() -> None:
    long = f"De wet voegt artikel 6d toe aan de Wet {'en veel meer ' * 20}waar hier en daar onder artikel 3c staat:"

    class Twice(FakeSearcher):
        def page(self, document_id: str, number: int) -> StoredPage:
            _, one = self.rows[0]
            texts = (f"Vooraf. {long.replace('veel', 'niets')}", long)
            both = tuple(replace(one, passage_id=str(at), text=text) for at, text in enumerate(texts))
            return replace(super().page(document_id, number), passages=both)

    _, first = Twice().rows[0]
    kept = found(Twice(), Item(HANDOVER.id, first.pages[0], quote_for_link(long)))
    assert kept.text == long


@pytest.mark.parametrize(
    "tampered",
    [
        "preferente zorgverzekeraar: Menzis",
        "• Provincie Drenthe (geen inzet Sociale Agenda)",
        "Provincie Drenthe (inzet Sociale Agenda) … CMO STAMM en Trendbureau Groningen",
        "CMO STAMM … Provincie Drenthe",
        "<script>alert(1)</script>",
        "…",
        "!!!",
    ],
)
def test_collection_found_gives_no_words_for_a_quote_that_was_tampered_with(tampered: str) -> None:
    kept = found(FakeSearcher(), Item(HANDOVER.id, 13, tampered))

    assert (kept.stand, kept.text) == (Stand.GONE, "")


@pytest.mark.parametrize(
    ("text", "quote", "words"),
    [
        ("zie “Een wet” hier", "“Een wet”", "“Een wet”"),
        ("zie “Een wet” hier", "Een wet", "Een wet"),
        ("• (Een wet) hier", "• (Een wet)", "(Een wet)"),
        ("zie Een wet hier", "“Een wet”", "Een wet"),
        ("“Een wet", "“‘Een wet", "Een wet"),
    ],
)
def test_collection_found_takes_the_mark_that_opens_a_quote(text: str, quote: str, words: str) -> None:
    span = whole_span(text, quote)

    assert span is not None
    assert text[slice(*span)] == words


def test_collection_found_gives_one_item_of_a_list_without_its_bullet() -> None:
    kept = found(FakeSearcher(), Item(HANDOVER.id, 13, "Partners Gezonde Marke"))

    assert kept.text == "Partners Gezonde Marke"


def test_collection_found_never_gives_the_words_of_the_link() -> None:
    kept = found(FakeSearcher(), Item(HANDOVER.id, 13, "PREFERENTE <b>zorg verzekeraar</b"[:25]))

    assert kept.stand is Stand.GONE or kept.text in FakeSearcher().rows[1][1].text


def test_collection_found_finds_words_that_moved_and_says_where() -> None:
    kept = found(FakeSearcher(), Item(HANDOVER.id, 2, "Inge Nieuwenhuizen"))

    assert (kept.stand, kept.page, kept.text) == (Stand.ELSEWHERE, 18, "Inge Nieuwenhuizen")


def test_collection_found_finds_words_that_are_in_no_passage() -> None:
    kept = found(WithHeading(), Item(HANDOVER.id, 3, "de gemeenten van Drenthe"))

    assert (kept.stand, kept.page, kept.text) == (Stand.HERE, 3, "de gemeenten van Drenthe")


def test_collection_found_takes_the_page_on_which_the_words_of_a_long_passage_stand() -> None:
    class Exact(FakeSearcher):
        def find_quote(self, document_id: str, page: int, quote: str) -> tuple[tuple[int, Box], ...]:
            return ((7, Box(0, 0, 9, 9)),)

    passage = Passage("p", HANDOVER.id, (), (), "een lang verhaal", (), ((6, Box(0, 0, 9, 9)), (7, Box(0, 0, 9, 9))))
    searcher = Exact(rows=[(HANDOVER, passage)])

    assert found(searcher, Item(HANDOVER.id, 7, "lang verhaal")).stand is Stand.HERE
    assert found(searcher, Item(HANDOVER.id, 6, "lang verhaal")).page == 7


@pytest.mark.parametrize(
    ("item", "stand"),
    [
        (Item("weg", 1, "Inge"), Stand.GONE),
        (Item(HANDOVER.id, 18), Stand.HERE),
        (Item(HANDOVER.id, 9_999_999, "Inge Nieuwenhuizen"), Stand.ELSEWHERE),
        (Item("<script>", 10_000_000, ""), Stand.GONE),
    ],
)
def test_collection_found_of_what_is_not_there(item: Item, stand: Stand) -> None:
    assert found(FakeSearcher(), item).stand is stand


@pytest.mark.parametrize(
    ("text", "quote", "words"),
    [
        ("Alle gemeenten samen", "gemeente", "gemeenten"),
        ("De raad stemt intussen niet in", "raad stemt in", "raad stemt intussen"),
        ("een twee drie vier", "een … drie", "een twee drie"),
        ("a … b", "a … b", "a … b"),
        ("slot begin midden slot", "begin … slot", "begin midden slot"),
    ],
)
def test_collection_found_takes_whole_words(text: str, quote: str, words: str) -> None:
    span = whole_span(text, quote)

    assert span is not None
    assert text[slice(*span)] == words


def test_collection_found_takes_no_page_for_a_quote() -> None:
    assert whole_span("begin " + "woord " * 400 + "einde", "begin … einde") is None
