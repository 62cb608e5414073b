from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from app_pages._document.hits import Found, found_in, hit_links_html
from app_pages._links import DocumentAddress, Zoom
from index.results import SearchResult
from tests.app.fake_searcher import HANDOVER, FakeSearcher, searcher_with_report

FOUND = (Found("Inge Nieuwenhuizen is voorzitter", (4,)), Found("De voorzitter", (9, 10)), Found("Voorzitters", (20,)))
HERE = DocumentAddress("vdg", 9, "De voorzitter", Zoom.WIDE, "Wie is voorzitter?")


def words(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def steps(html: str) -> list[tuple[str, ...]]:
    """Page and quote of the links to the previous and the next place."""
    queries = [parse_qs(urlsplit(href.replace("&amp;", "&")).query) for href in re.findall(r'href="([^"]+)"', html)]
    return [(query["pagina"][0], query["citaat"][0], query["zoom"][0], query["v"][0]) for query in queries]


def test_document_hits_stand_in_reading_order_and_in_this_document_only() -> None:
    found = found_in(searcher_with_report(), HANDOVER.id, "Flexteam voorzitter Gezonde Marke")

    assert [one.pages[0] for one in found] == [12, 13, 14, 18]


def test_document_hits_are_those_that_are_about_the_question() -> None:
    @dataclass
    class Fewer(FakeSearcher):
        kept: list[int] = field(default_factory=list)

        def search(self, *arguments: object, **named: object) -> SearchResult:
            result = FakeSearcher.search(self, *arguments, **named)  # type: ignore[arg-type]
            self.kept.append(result.relevant)
            return result

    searcher = Fewer()

    assert len(found_in(searcher, HANDOVER.id, "Zilveren Kruis")) == searcher.kept[0] == 1


def test_document_hits_of_no_question_are_none() -> None:
    searcher = FakeSearcher()

    assert found_in(searcher, HANDOVER.id, "") == ()
    assert searcher.asked == []
    assert hit_links_html((), HERE) == ""


def test_document_hits_lead_to_the_place_before_and_after() -> None:
    shown = hit_links_html(FOUND, HERE)

    assert "Vindplaats 2 van 3" in words(shown)
    assert steps(shown) == [
        ("4", "Inge Nieuwenhuizen is voorzitter", "150", "Wie is voorzitter?"),
        ("20", "Voorzitters", "150", "Wie is voorzitter?"),
    ]


def test_document_hits_know_the_place_by_a_sentence_of_it_and_by_its_ends() -> None:
    long = Found(" ".join(f"woord{number}" for number in range(100)), (9,))

    for quote in ("woord12 woord13", "woord0 woord1 … woord98 woord99"):
        assert "Vindplaats 1 van 1" in words(hit_links_html([long], DocumentAddress("vdg", 9, quote)))


def test_document_hits_elsewhere_on_the_way_lead_to_the_nearest_ones() -> None:
    shown = hit_links_html(FOUND, DocumentAddress("vdg", 12, question="v"))

    assert "3 vindplaatsen bij uw vraag" in words(shown)
    assert re.findall(r"pagina=(\d+)", shown) == ["9", "20"]


def test_document_hits_first_and_last_have_nothing_beyond() -> None:
    assert re.findall(r"pagina=(\d+)", hit_links_html(FOUND, DocumentAddress("vdg", 1))) == ["4"]
    assert re.findall(r"pagina=(\d+)", hit_links_html(FOUND, DocumentAddress("vdg", 28))) == ["20"]
