from __future__ import annotations

from dataclasses import replace

from app_pages._links import DocumentAddress, SearchAddress
from app_pages._parts import (
    ALSO_SHOWN,
    DOCUMENTS_SHOWN,
    also_html,
    counted,
    document_filter_html,
    document_list_html,
    dutch_date,
    link,
    outside_link,
    portefeuille_filter_html,
    source_line,
)
from index.results import Place
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


def test_parts_portefeuille_filter_shows_counts_in_the_order_of_the_handover() -> None:
    shown = portefeuille_filter_html(SearchAddress("x", ("Sport",)), {"Financiën": 2, "Gezondheid en Welzijn": 5})

    places = [
        shown.index(name) for name in ("Alleen Gezondheid en Welzijn, 5", "Filter uit: Sport, 0", "Alleen Financ")
    ]
    assert places == sorted(places)
    assert "Onderwijs" not in shown


def test_parts_filter_without_values_is_not_there() -> None:
    assert portefeuille_filter_html(SearchAddress("x"), {}) == ""


def test_parts_document_filter_folds_away_the_long_tail_but_never_what_is_on() -> None:
    counts = {f"d{number}": number for number in range(1, 25)}

    shown = document_filter_html(SearchAddress("x", (), ("d1",)), counts, str.upper)

    row, folded = shown.split("<details>")
    assert row.count("<li>") == DOCUMENTS_SHOWN
    assert folded.count("<li>") == 24 - DOCUMENTS_SHOWN
    assert row.index("D1<") < row.index("D24<") < row.index("D23<")


def test_parts_also_names_the_other_places_with_the_same_words_each_as_a_link() -> None:
    places = [Place(HANDOVER, page, f"p{page}") for page in range(1, ALSO_SHOWN + 3)]

    one, many = also_html(places[:1]), also_html(places)

    assert "Ook in:" in one
    assert DocumentAddress(HANDOVER.id, 1).href in one.replace("&amp;", "&")
    assert f"{HANDOVER.title}</bdi>, p. 1</a>" in one
    assert "en nog" not in one
    assert many.count("<a ") == ALSO_SHOWN
    assert "en nog 2 plaatsen" in many
    assert also_html(()) == ""
