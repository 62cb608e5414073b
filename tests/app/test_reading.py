from __future__ import annotations

import re
from dataclasses import replace

from app_pages._links import SearchAddress
from app_pages._zoeken.reading import corrections_html, reading_html
from index.results import Answer, Reading, Searched, SearchResult, Status
from tests.app.conftest import Portal
from tests.app.fake_searcher import FakeSearcher

PLAIN = SearchResult("", Answer(Status.NIET_GEVONDEN, 0.0), (), Searched(9, 1, 0), 0.01)
ASKED = SearchAddress("warmtetranistie", ("Sport",))


def words_of(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


def test_reading_of_a_question_that_was_taken_as_it_stands_shows_nothing() -> None:
    assert corrections_html(PLAIN, ASKED) == reading_html(PLAIN, {}) == ""


def test_reading_shows_what_was_mended_and_how_to_undo_it() -> None:
    result = replace(PLAIN, corrections=(("a<b", "ab"), ("warmtetranistie", "warmtetransitie")))
    shown = corrections_html(result, ASKED)
    assert "Gezocht naar ab (u typte a&lt;b)." in shown
    assert "Gezocht naar warmtetransitie (u typte warmtetranistie)." in words_of(shown)
    assert shown.count("<a ") == 1
    assert 'href="./?v=warmtetranistie&amp;portefeuille=Sport&amp;letterlijk=1"' in shown


def test_reading_of_a_question_that_is_taken_literally_offers_to_mend_it() -> None:
    shown = corrections_html(PLAIN, replace(ASKED, literal=True))
    assert "Typefouten zijn niet verbeterd." in shown
    assert 'href="./?v=warmtetranistie&amp;portefeuille=Sport"' in shown


def test_reading_shows_what_was_demanded_escaped() -> None:
    result = replace(PLAIN, reading=Reading(phrases=("<b>",), documents=("d",)))
    shown = reading_html(result, {"d": "<Visie>"})
    assert "<b>" not in shown
    assert "‘&lt;Visie&gt;’" in shown


def test_reading_is_undone_by_the_address(portal: Portal) -> None:
    searcher = FakeSearcher()
    shown = portal(searcher=searcher, v="Wie is vorzitter van Onderwijs en Cultuur?", letterlijk="1")
    assert "Gezocht naar" not in shown.text
    assert "letterlijk" not in shown.params("Verbeter ze wel")
