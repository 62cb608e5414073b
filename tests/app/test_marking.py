from __future__ import annotations

import html
import re

import pytest

from app_pages._marking import escape, find_span, isolated, marked, passage_html, without_bullet

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt; &amp; &nbsp;",
    "**vet** _schuin_ [link](https://example.org) `code`",
    ":material/home: :red[rood] :smile:",
    "$x^2$ en $$y$$",
    "' onmouseover='alert(1) \" x=\"",
    "</bdi></mark></li></style>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_marking_escape_shows_the_text_itself(text: str) -> None:
    shown = escape(text)

    assert html.unescape(shown) == text
    assert not re.search("[<>\"']", shown)


@pytest.mark.parametrize("text", HOSTILE)
def test_marking_marks_do_not_break_the_escaping(text: str) -> None:
    marks = [(start, start + 1) for start in range(0, len(text), 2)]

    shown = marked(text, marks)

    assert html.unescape(re.sub("</?mark>", "", shown)) == text
    assert shown.count("<mark>") == len(marks)


def test_marking_escape_leaves_out_signs_that_turn_text_around() -> None:
    assert escape("factuur\u202efdp.exe\u2066\u200f") == "factuurfdp.exe"
    assert escape("a\x00b\x1b[31m\x7f") == "ab[31m"
    assert escape("regel\n\teen") == "regel\n\teen"
    assert escape("بلدية") == "بلدية"


def test_marking_isolated_keeps_a_text_in_its_own_direction() -> None:
    assert isolated("<a>") == "<bdi>&lt;a&gt;</bdi>"


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        ([(0, 4)], "<mark>Inge</mark> is hier"),
        ([(8, 12), (0, 4)], "<mark>Inge</mark> is <mark>hier</mark>"),
        ([(0, 3), (2, 4), (1, 2)], "<mark>Inge</mark> is hier"),
        ([(-5, 2), (10, 99)], "<mark>In</mark>ge is hi<mark>er</mark>"),
        ([(4, 4), (7, 5), (50, 60)], "Inge is hier"),
    ],
)
def test_marking_marks_are_ordered_joined_and_cut_to_the_text(marks: list[tuple[int, int]], shown: str) -> None:
    assert marked("Inge is hier", marks) == shown


def test_marking_passage_shows_bullets_of_two_levels_as_lists() -> None:
    shown = passage_html("Er is:\n• een\n◦ twee\n◦ drie\n• vier\nSlot.")

    assert shown == ("<p>Er is:</p><ul><li>een<ul><li>twee</li><li>drie</li></ul></li><li>vier</li></ul><p>Slot.</p>")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("◦ alleen\n◦ twee", "<ul><li>alleen</li><li>twee</li></ul>"),
        ("• een\n\n•twee", "<ul><li>een</li><li>twee</li></ul>"),
        ("12+1+4 • geen lijst", "<p>12+1+4 • geen lijst</p>"),
        ("", ""),
        ("•", "<ul><li></li></ul>"),
    ],
)
def test_marking_passage_takes_lists_as_they_come(text: str, shown: str) -> None:
    assert passage_html(text) == shown


def test_marking_passage_marks_across_lines_stay_within_each_line() -> None:
    text = "• een <b>\n◦ twee"

    shown = passage_html(text, [(2, len(text))])

    assert shown == ("<ul><li><mark>een &lt;b&gt;</mark><ul><li><mark>twee</mark></li></ul></li></ul>")


def test_marking_passage_closes_what_it_opens_for_any_order_of_lines() -> None:
    lines = ["tekst", "• een", "◦ twee", "◦ drie", "slot", "◦ los", "• vier", "tekst"]
    for start in range(len(lines)):
        shown = passage_html("\n".join(lines[start:] + lines[:start]))
        for tag in ("ul", "li", "p"):
            assert shown.count(f"<{tag}>") == shown.count(f"</{tag}>")


def test_marking_without_bullet_takes_off_one_sign() -> None:
    assert without_bullet("• Lobby cultuurgelden") == "Lobby cultuurgelden"
    assert without_bullet("Lobby • cultuur ") == "Lobby • cultuur"
    assert without_bullet("") == ""


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("De Gemeen-\nten, samen.", "gemeenten samen", "Gemeen-\nten, samen"),
        ("Financiën van de VDG", "financien", "Financiën"),
        ("• Lobby\n◦ Ruimte", "Lobby Ruimte", "Lobby\n◦ Ruimte"),
        ("De officiële ﬁets", "fiets", "ﬁets"),
        ("Inge (de Wolden). En", "Inge (de Wolden).", "Inge (de Wolden)."),
        ("Inge de Wolden; en", "Inge (de Wolden).", "Inge de Wolden"),
    ],
)
def test_marking_find_span_sees_through_typesetting(text: str, quote: str, found: str) -> None:
    span = find_span(text, quote)

    assert span is not None
    assert text[slice(*span)] == found


def test_marking_find_span_finds_nothing_where_nothing_is() -> None:
    assert find_span("De Drentse gemeenten", "Groningse") is None
    assert find_span("De Drentse gemeenten", " … ") is None
    assert find_span("", "x") is None
