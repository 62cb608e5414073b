from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from app_pages._links import SearchAddress
from app_pages._zoeken.filters import QUESTION_SHOWN, SHOWN, all_in_portefeuilles_html, filters_html, kind_in_words
from index.results import Answer, Searched, SearchResult, Status
from ingest.portefeuilles import PORTEFEUILLES

PLAIN = SearchResult("x", Answer(Status.GEVONDEN, 0.9), (), Searched(9, 1, 0), 0.01)
HOSTILE = '"><script>alert(1)</script>'


def rows_of(html: str) -> list[str]:
    """What a screen reader says of each value of each filter."""
    rows = re.findall(r'<a class="zp-link zp-row.*?</a>', html)
    return [" ".join(unescape(re.sub(r"<[^>]+>", "", row)).split()) for row in rows]


def test_filters_show_portefeuilles_in_the_order_of_the_handover_with_a_bar_each() -> None:
    result = replace(PLAIN, facet_portefeuilles={"Financiën": 2, "Gezondheid en Welzijn": 5})

    shown = filters_html(result, SearchAddress("x", ("Sport",)), {})

    assert rows_of(shown) == [
        "Gezondheid en Welzijn 5 passages",
        "× Sport 0 passages. Staat aan",
        "Financiën 2 passages",
    ]
    assert re.findall(r"width:(\d+)%", shown) == ["100", "0", "40"]
    assert "Filters (1 aan)" in shown


def test_filters_with_one_value_offer_no_choice_unless_it_is_on() -> None:
    result = replace(PLAIN, facet_kinds={"plan": 3}, facet_years={"2026": 3})

    assert filters_html(result, SearchAddress("x"), {}) == ""
    assert rows_of(filters_html(result, SearchAddress("x", kinds=("plan",)), {})) == ["× plan 3 passages. Staat aan"]


def test_filters_show_documents_by_title_what_is_on_first_and_fold_the_long_tail() -> None:
    counts = {f"d{number}": number for number in range(1, 25)}
    titles = {one: one.upper() for one in counts}

    shown = filters_html(replace(PLAIN, facet_documents=counts), SearchAddress("x", (), ("d1",)), titles)

    row, folded = shown.split("<details><summary>Meer")
    assert rows_of(row)[:3] == ["× D1 1 passage. Staat aan", "D24 24 passages", "D23 23 passages"]
    assert (len(rows_of(row)), len(rows_of(folded))) == (SHOWN, 24 - SHOWN)
    assert "bij document" in folded
    on = tuple(f"d{number}" for number in range(1, SHOWN + 3))
    shown = filters_html(replace(PLAIN, facet_documents=counts), SearchAddress("x", (), on), titles)
    assert len(rows_of(shown.split("<details><summary>Meer")[0])) == SHOWN + 2, "what is on is never folded away"


def test_filters_show_the_latest_year_first() -> None:
    shown = filters_html(replace(PLAIN, facet_years={"2024": 9, "2026": 1, "2025": 4}), SearchAddress("x"), {})
    assert rows_of(shown) == ["2026 1 passage", "2025 4 passages", "2024 9 passages"]


def test_filters_show_values_of_a_document_as_words() -> None:
    counts = {HOSTILE: 2, "plan": 1}
    result = replace(PLAIN, facet_kinds=counts, facet_publishers=counts, facet_documents=counts)

    shown = filters_html(result, SearchAddress(HOSTILE), {HOSTILE: HOSTILE})

    assert rows_of(shown).count(f"{HOSTILE} 2 passages") == 3
    assert "<script" not in shown


def test_all_in_portefeuilles_shortens_a_long_question_in_its_words_only() -> None:
    question = "woord " * 30
    shown = all_in_portefeuilles_html(SearchAddress(question), list(PORTEFEUILLES))

    assert shown.count("<li>") == len(PORTEFEUILLES)
    assert unescape(shown).count(question.replace(" ", "+")) == len(PORTEFEUILLES)
    assert max(len(words) for words in re.findall(r"<bdi>(.*?)</bdi>", shown)) <= QUESTION_SHOWN


def test_kind_in_words_says_what_the_register_means_by_a_link() -> None:
    assert [kind_in_words(kind) for kind in ("rapport", "link", "")] == ["rapport", "gevonden via een link", ""]
