from __future__ import annotations

from pathlib import Path

import pytest

from index.completing import COMPLETIONS, HEADINGS_FIRST, LONGEST_HEADING, Completer, Spelled, spelled_in
from index.searcher import Searcher
from tests.conftest import ToyEncoder
from tests.index.toy import publish_corpus

HEADINGS = {
    "Portefeuille Onderwijs en Cultuur": 9,
    "Onderwijs en Cultuur": 4,
    "2.3 Gezonde Marke:": 3,
    "Gezonde marke": 2,
    "3D-printen": 1,
    "Financiën": 5,
    "• Overig": 1,
    "Maatregelen (tijdelijk)": 1,
    "Zo lang " * 20: 1,
}
WORDS = {"werkgroep": 9, "werkgroepen": 4, "werkgelegenheid": 7, "financien": 6, "onderwijs": 30, "gezondheid": 2}


@pytest.fixture(scope="module")
def completer() -> Completer:
    return Completer(HEADINGS, WORDS, Spelled({"financien": "financiën"}, {}))


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        # headings before words, those that begin so before those that hold it
        ("onder", ["Onderwijs en Cultuur", "Portefeuille Onderwijs en Cultuur", "onderwijs"]),
        # behind other words only the part from there on, and the words as they were typed
        ("Wie doet onderw", ["Wie doet Onderwijs en Cultuur", "Wie doet onderwijs"]),
        ("wie zit in de werkgr", ["wie zit in de werkgroep", "wie zit in de werkgroepen"]),
        # a heading's number and colon are none of its words, and one that is written in two ways is one
        ("gezonde ma", ["Gezonde Marke"]),
        ("3D", ["3D-printen"]),
        ("gezonde maat", ["gezonde Maatregelen (tijdelijk)"]),
        # accents as the sources write them, typed or not
        ("financie", ["Financiën"]),
        ("wat met FINANCIË", ["wat met Financiën"]),
        # the most frequent word first
        ("werk", ["werkgroep", "werkgelegenheid", "werkgroepen"]),
        ("  wie   zit in de   werkgroe", ["wie zit in de werkgroep", "wie zit in de werkgroepen"]),
    ],
)
def test_completer_goes_on_where_the_reader_stops(completer: Completer, typed: str, offered: list[str]) -> None:
    assert completer.complete(typed) == offered


@pytest.mark.parametrize("typed", ["", " ", "w", "werk ", "werkgroep?", "-", "xyzzy", "zo lang zo", "<script>", "\x00"])
def test_completer_offers_nothing_where_nothing_goes_on(completer: Completer, typed: str) -> None:
    assert completer.complete(typed) == []


def test_completer_guesses_no_heading_by_three_letters_and_none_from_within_brackets(completer: Completer) -> None:
    assert completer.complete("gezonde maa") == completer.complete("tijdel") == []
    assert completer.complete("maa") == ["Maatregelen (tijdelijk)"]


def test_completer_does_not_offer_what_stands_there(completer: Completer) -> None:
    assert completer.complete("Werkgroep") == ["werkgroepen"]


def test_completer_offers_no_more_than_a_reader_looks_through() -> None:
    headings = {f"Thema {letter}": 1 for letter in "abcdefghijkl"}
    words = {f"thema{letter}": 1 for letter in "abcdefghijkl"}
    offered = Completer(headings, words).complete("thema")
    assert len(offered) == COMPLETIONS
    assert [one for one in offered if one.startswith("Thema ")] == offered[:HEADINGS_FIRST]


def test_completer_leaves_out_stop_words_and_headings_that_are_sentences() -> None:
    completer = Completer({"x" * (LONGEST_HEADING + 1): 1}, {"welke": 9, "werk": 1})
    assert completer.complete("we") == ["werk"]
    assert completer.complete("xx") == []


def test_completer_of_an_empty_corpus_offers_nothing() -> None:
    assert Completer({}, {}).complete("onderwijs") == []


def test_spelled_is_as_that_the_corpus_has_most() -> None:
    texts = ["de financiën", "Financiën en financiën", "co\u0308rdinator", "Coördinator", "geld"]
    assert spelled_in(texts).accented == {
        "financien": "financiën",
        "coordinator": "coördinator",
    }


def test_searcher_completes_from_titles_headings_portefeuilles_and_words(tmp_path: Path) -> None:
    publish_corpus(tmp_path)
    completer = Searcher(tmp_path, ToyEncoder()).completer()
    assert completer.complete("energiev") == ["Energievisie 2050", "energievisie"]  # a document's title, and a word
    assert completer.complete("onderwijs en")[0] == "Onderwijs en Cultuur"  # a portefeuille, before its own heading
    assert completer.complete("vooruitb")[0] == "Vooruitblik"  # a heading
    assert completer.complete("wie is de zorgv") == ["wie is de zorgverzekeraar"]  # a word of a text


def test_completer_leaves_out_what_stands_in_addresses_only() -> None:
    texts = ["Zie https://github.com/minvws/mobileappapi.git en minvws.", "Mail zorg@minvws.nl over zorg."]
    words = {"github": 1, "mobileappapi": 1, "minvws": 3, "zorg": 2, "zie": 1}
    completer = Completer({}, words, spelled_in(texts))
    assert completer.complete("mobile") == completer.complete("gith") == []
    assert completer.complete("minv") == ["minvws"]
    assert completer.complete("zor") == ["zorg"]
