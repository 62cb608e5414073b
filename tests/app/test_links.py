from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from app_pages._links import (
    QUESTION_LIMIT,
    QUOTE_LIMIT,
    DocumentAddress,
    DocumentRequest,
    Filter,
    SearchAddress,
    SourcesAddress,
    Stand,
    Zoom,
    original_address,
    page_number,
    parse_document,
    parse_search,
    parse_sources,
    quote_ends,
    quote_for_link,
    web_address,
)
from app_pages._marking import span_between
from ingest.ledger import Change

HOSTILE = 'a&b=c#d?e "f" <script> %20 + ü €'


def test_links_search_address_survives_the_address_bar() -> None:
    address = SearchAddress(
        HOSTILE,
        ("Onderwijs en Cultuur", "Energie, Klimaat en Milieu"),
        ("vdg-2026", "a&document=b"),
        literal=True,
        kinds=("plan & <b>", "agenda"),
        publishers=("Provincie Drenthe",),
        years=("2026", "2024"),
        more=True,
    )
    known = {name: address.chosen(name) for name in Filter}

    params = parse_qs(urlsplit(address.href).query)

    assert parse_search(params, known) == (address, ())


def test_links_document_address_survives_the_address_bar() -> None:
    address = DocumentAddress("vdg-2026", 18, HOSTILE, Zoom.WIDEST, HOSTILE, HOSTILE)

    params = parse_qs(urlsplit(address.href).query)

    assert urlsplit(address.href).path == "document"
    assert parse_document(params) == DocumentRequest("vdg-2026", "18", HOSTILE, Zoom.WIDEST, HOSTILE, HOSTILE)


@pytest.mark.parametrize(
    ("typed", "zoom"),
    [({"zoom": ["150"]}, Zoom.WIDE), ({"groot": ["1"]}, Zoom.WIDEST), ({"zoom": ["1e9"]}, Zoom.FIT), ({}, Zoom.FIT)],
)
def test_links_parse_document_knows_our_own_sizes_only(typed: dict[str, list[str]], zoom: Zoom) -> None:
    assert parse_document(typed).zoom is zoom


def test_links_parse_document_cuts_what_has_no_end() -> None:
    request = parse_document({"citaat": ["x" * 10_000], "v": ["x" * 10_000]})

    assert (len(request.quote), len(request.question)) == (1200, QUESTION_LIMIT)


def test_links_are_relative_and_empty_ones_have_no_parameters() -> None:
    assert SearchAddress().href == "./"
    assert SearchAddress("Wie is Smid?").href == "./?v=Wie+is+Smid%3F"
    assert DocumentAddress("vdg", 2, zoom=Zoom.WIDE).href == "document?document=vdg&pagina=2&zoom=150"


def test_links_parse_search_knows_portefeuilles_by_abbreviation_and_once() -> None:
    address, problems = parse_search({"v": ["x"], "portefeuille": ["o&c", "Onderwijs en Cultuur"]}, {})

    assert address.portefeuilles == ("Onderwijs en Cultuur",)
    assert problems == ()


def test_links_parse_search_leaves_out_what_means_nothing_and_says_so() -> None:
    known = {Filter.DOCUMENT: {"vdg"}, Filter.SOORT: {"plan"}, Filter.JAAR: {"2026"}}
    typed = {
        "portefeuille": ["Defensie"],
        "document": ["weg" * 50],
        "soort": ["boek", "plan", "plan"],
        "jaar": ["1900"],
    }
    address, problems = parse_search({"v": ["x"], **typed, "uitgever": ["vdg"]}, known)

    assert address == SearchAddress("x", kinds=("plan",))
    assert [
        word in problem for word, problem in zip(("Defensie", "wegweg", "boek", "vdg", "1900"), problems, strict=True)
    ] == [True] * 5
    assert max(map(len, problems)) < 130


def test_links_parse_search_cuts_a_question_without_end() -> None:
    address, problems = parse_search({"v": ["woord " * 1000]}, {})

    assert len(address.question) <= QUESTION_LIMIT
    assert len(problems) == 1


def test_links_parse_search_takes_nothing_as_an_empty_search() -> None:
    assert parse_search({}, {}) == (SearchAddress(), ())
    assert parse_search({"v": ["  \n "]}, {}) == (SearchAddress(), ())


def test_links_toggling_a_filter_twice_changes_nothing() -> None:
    address = SearchAddress("x", ("Sport",), ("a", "b"))

    assert address.toggled(Filter.PORTEFEUILLE, "Sport").portefeuilles == ()
    assert address.toggled(Filter.PORTEFEUILLE, "Financiën").portefeuilles == ("Sport", "Financiën")
    for name in Filter:
        assert address.toggled(name, "c").chosen(name)[-1] == "c"
        assert address.toggled(name, "c").toggled(name, "c") == address
    assert address.filters_on == 3
    assert address.without_filters() == SearchAddress("x")


def test_links_all_of_one_value_keeps_the_other_filters() -> None:
    address = SearchAddress("x", ("Sport", "Financiën"), years=("2026",))
    assert address.all_of(Filter.PORTEFEUILLE, "Sport") == SearchAddress("x", ("Sport",), years=("2026",), more=True)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1", 1), ("28", 28), ("018", 18)]
    + [(bad, None) for bad in ("0", "29", "-1", "abc", "", "1.5", "99999", "1_0", "١٢", "²", "9" * 5000, " 3")],
)
def test_links_page_number_is_a_page_of_the_document_or_nothing(typed: str, number: int | None) -> None:
    assert page_number(typed, 28) == number


def test_links_short_quote_goes_into_a_link_whole() -> None:
    assert quote_for_link("Inge  Nieuwenhuizen\n(burgemeester)") == "Inge Nieuwenhuizen (burgemeester)"
    assert quote_ends("Inge Nieuwenhuizen") is None


def test_links_long_quote_goes_into_a_link_as_its_two_ends() -> None:
    text = " ".join(f"woord{number}" for number in range(100))

    quote = quote_for_link(text)

    assert len(quote) < QUOTE_LIMIT
    start, end = quote_ends(quote) or ("", "")
    assert text.startswith(start)
    assert text.endswith(end)
    assert len(start.split()) == len(end.split()) == 8


def test_links_end_of_a_long_quote_is_made_longer_where_its_words_stand_earlier_too() -> None:
    refrain = "die in het kader van de app plaatsvindt"
    text = (
        f"Een eerste zin over de verwerking van gegevens, {refrain}. {'Veel woorden. ' * 12}En nog eens een, {refrain}."
    )

    start, end = quote_ends(quote_for_link(text)) or ("", "")

    assert len(end.split()) > 8
    assert text.endswith(end)
    assert span_between(text, start, end) == (0, len(text))


def test_links_end_of_a_quote_that_says_the_same_over_and_over_stays_short_enough() -> None:
    _, end = quote_ends(quote_for_link("ja nee " * 1_000)) or ("", "")
    assert len(end.split()) == 8


def test_links_quote_without_spaces_stays_short_enough_for_a_link() -> None:
    assert len(quote_for_link("x" * 10_000)) <= 4 * QUOTE_LIMIT


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "", None, " https://x"])
def test_links_web_address_refuses_what_is_no_web_address(url: str | None) -> None:
    assert web_address(url) is None


def test_links_web_address_lets_web_addresses_through() -> None:
    assert web_address("HTTPS://www.drenthe.nl/") == "HTTPS://www.drenthe.nl/"


def test_links_sources_address_is_read_back_as_it_was_written() -> None:
    for address in (
        SourcesAddress(),
        SourcesAddress(Stand.MISSING),
        SourcesAddress(Stand.SEARCHABLE, Change.VERHUISD, "energie & klimaat"),
    ):
        assert address.href.startswith("./bronnen")
        assert parse_sources(parse_qs(urlsplit(address.href).query)) == address


def test_links_sources_address_leaves_out_what_means_nothing() -> None:
    assert parse_sources({"stand": ["weg"], "verandering": ["<b>"]}) == SourcesAddress()


@pytest.mark.parametrize(
    ("url", "anchor", "address"),
    [
        ("https://vdg.nl/visie", "samen", "https://vdg.nl/visie#samen"),
        ("https://vdg.nl/visie?a=1#top", "samen leren", "https://vdg.nl/visie?a=1#samen%20leren"),
        ("https://vdg.nl/visie#top", "", "https://vdg.nl/visie#top"),
        ("javascript:alert(1)", "samen", None),
        (None, "samen", None),
    ],
)
def test_links_original_address_is_that_of_the_place_itself(url: str | None, anchor: str, address: str | None) -> None:
    assert original_address(url, anchor) == address


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://vdg.nl/visie.PDF?a=1#top", "https://vdg.nl/visie.PDF?a=1#page=3"),
        ("https://vdg.nl/visie", "https://vdg.nl/visie#samen"),
        ("https://vdg.nl/?file=visie.pdf", "https://vdg.nl/?file=visie.pdf#samen"),
    ],
)
def test_links_original_address_names_the_page_of_a_pdf_only(url: str, address: str) -> None:
    assert original_address(url, "samen", page=3) == address


def test_links_a_search_that_is_taken_literally_survives_the_address_bar_and_every_filter() -> None:
    address = SearchAddress("vraag", literal=True)
    assert address.href == "./?v=vraag&letterlijk=1"
    assert parse_search({"v": ["vraag"], "letterlijk": ["1"]}, {}) == (address, ())
    assert parse_search({"v": ["vraag"], "letterlijk": ["ja"]}, {}) == (SearchAddress("vraag"), ())
    assert address.toggled(Filter.PORTEFEUILLE, "Sport").literal
    assert address.without_filters() == address
