from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from app_pages._zoeken.why import WORDS_SHOWN, Meanings, why_html
from index.results import Answer, Hit, Reading, Searched, SearchResult, Status, Why
from tests.app.fake_searcher import HANDOVER, FakeSearcher

PASSAGE = FakeSearcher().rows[0][1]
FIRST = Hit(1, 9.0, PASSAGE, HANDOVER, (), Why(("sport", "<b>"), 3.0, 0.5))
SECOND = Hit(2, 8.0, PASSAGE, HANDOVER, (), Why((), 0.0, 0.7))
RESULT = SearchResult("x", Answer(Status.GEVONDEN, 0.9), (FIRST, SECOND), Searched(9, 1, 0), 0.01)


def reasons(hit: Hit, result: SearchResult = RESULT) -> list[str]:
    found = re.findall(r"<li>(.*?)</li>", why_html(hit, result, Meanings(result.hits)))
    return [unescape(re.sub(r"</?bdi>", "", one)) for one in found]


def test_why_names_the_words_and_the_place_in_meaning() -> None:
    assert reasons(FIRST) == [
        "Woorden uit uw vraag: ‘sport’, ‘<b>’.",
        "Betekenis: van de 2 gevonden passages staat deze op plaats 2 (1 lijkt het meest).",
    ]
    assert reasons(SECOND) == [
        "Geen van uw woorden staat hier. De passage gaat wel over iets wat erop lijkt.",
        "Betekenis: van de 2 gevonden passages lijkt deze het meest op uw vraag.",
    ]
    assert "<b>" not in why_html(FIRST, RESULT, Meanings(RESULT.hits))


def test_why_of_the_only_hit_compares_nothing() -> None:
    assert reasons(FIRST, replace(RESULT, hits=(FIRST,)))[1] == "Dit is de enige passage die gevonden is."


def test_why_says_how_the_question_was_read() -> None:
    reading = Reading(also=("Drents Overleg Energie",), documents=(HANDOVER.id,))
    result = replace(RESULT, corrections=(("vorzitter", "voorzitter"),), reading=reading)
    assert reasons(FIRST, result)[2:] == [
        "Gezocht naar voorzitter (u typte vorzitter).",
        "Ook gezocht op woorden die hetzelfde betekenen: ‘Drents Overleg Energie’.",
        "U noemt dit document in uw vraag. Daarom staat het hoger.",
    ]


def test_why_counts_the_words_that_would_not_be_read() -> None:
    many = replace(FIRST, why=Why(tuple(f"woord{number}" for number in range(WORDS_SHOWN + 3))))
    assert reasons(many)[0].endswith(f"‘woord{WORDS_SHOWN - 1}’ en nog 3.")
