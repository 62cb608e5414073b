from __future__ import annotations

from dataclasses import replace

from app_pages._parts import (
    counted,
    document_list_html,
    dutch_date,
    link,
    outside_link,
    source_line,
)
from tests.app.fake_searcher import HANDOVER


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
