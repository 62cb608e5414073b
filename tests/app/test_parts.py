from __future__ import annotations

import re
from dataclasses import replace

import pytest

from app_pages._links import DocumentAddress
from app_pages._parts import (
    counted,
    document_list_html,
    dutch_date,
    link,
    outside_link,
    page_links_html,
    page_text_html,
    source_line,
)
from tests.app.fake_searcher import HANDOVER, FakeSearcher


def test_parts_dates_are_dutch_and_anything_else_stays() -> None:
    assert dutch_date("2025-10-01") == "1 oktober 2025"
    assert dutch_date("2026") == "2026"
    assert dutch_date("voorjaar 2026") == "voorjaar 2026"


def test_parts_counted_knows_one_from_many() -> None:
    assert [counted(1, "bron"), counted(0, "bron"), counted(2, "pagina")] == ["1 bron", "0 bronnen", "2 pagina’s"]


def test_parts_document_list_says_how_much_of_a_document_can_be_searched() -> None:
    whole = replace(HANDOVER, title="Heel", pages_searchable=28)

    heel, deels = document_list_html([HANDOVER, whole]).split("</li>")[:2]

    assert "28 pagina’s<" in heel
    assert "27 van 28 pagina’s doorzoekbaar" in deels


def test_parts_source_line_names_document_headings_page_and_date() -> None:
    shown = source_line(HANDOVER, ("Portefeuille Sport", "Vooruitblik"), 21, with_date=True)

    words = shown.replace("<bdi>", "").replace("</bdi>", "")
    assert "Overdrachtsdocument VDG 2026</span> · Portefeuille Sport › Vooruitblik · " in words
    assert words.endswith('<span class="zp-page">p. 21</span> · <span>2026</span>')
    assert "2026</span>" not in source_line(replace(HANDOVER, title="x"), (), 21)


def test_parts_link_cannot_be_broken_out_of() -> None:
    assert 'href="a&quot;b"' in link('a"b', "x", label='"><script>')
    assert "<script>" not in link('a"b', "x", label='"><script>')


def test_parts_outside_link_points_to_web_addresses_only() -> None:
    assert outside_link("javascript:alert(1)", "Titel") == "Titel"
    assert outside_link('https://x.nl/"><b>', "Titel").startswith('<a href="https://x.nl/&quot;&gt;&lt;b&gt;"')


@pytest.mark.parametrize(
    ("paths", "headings"),
    [
        ([()], []),
        ([("A",), ("A", "B"), ("A", "C")], ["<h3>A", "<h4>B", "<h4>C"]),
        ([("A", "B"), ("A",)], ["<h3>A", "<h4>B", "<h3>A"]),
        ([("A", "B"), ("C", "B")], ["<h3>A", "<h4>B", "<h3>C", "<h4>B"]),
        ([("A", "B", "C", "D", "E")], ["<h3>A", "<h4>B", "<h5>C", "<h6>D", "<h6>E"]),
    ],
)
def test_parts_page_text_has_each_heading_once_at_its_own_level(
    paths: list[tuple[str, ...]], headings: list[str]
) -> None:
    first = FakeSearcher().rows[0][1]
    passages = [replace(first, passage_id=str(number), heading_path=path) for number, path in enumerate(paths)]

    shown = page_text_html(12, "tekst", passages, {})

    assert re.findall(r"<h[3-6]>\w", shown.replace("<bdi>", "")) == headings


@pytest.mark.parametrize(
    ("number", "pages", "numbers"),
    [(1, 1, [1]), (1, 28, [1, 2, 3, 28]), (14, 28, [1, 12, 13, 14, 15, 16, 28]), (28, 28, [1, 26, 27, 28])],
)
def test_parts_page_links_lead_to_near_pages_and_both_ends(number: int, pages: int, numbers: list[int]) -> None:
    shown = page_links_html(DocumentAddress("vdg", number, "citaat"), pages, "Bladeren")

    assert [one for one in range(1, 40) if f'aria-label="Pagina {one}"' in shown] == numbers
    assert shown.count("zp-off") == (number == 1) + (number == pages)
    assert "citaat=" not in shown, "the marked words belong to the page that is left"
