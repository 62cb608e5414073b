from __future__ import annotations

import re

from app_pages._marking import passage_html
from app_pages._rows import cells_html, passage_with_rows_html, stretch_with_rows_html
from ingest.documents import Box, Passage, Unit


def passage_of(*lines: tuple[str, str]) -> Passage:
    """Lines with their lead-ins, each a unit; a bullet's sign stands before its unit."""
    text, units = "", []
    for line, lead_in in lines:
        text += "\n" if text else ""
        sign = 2 if line.startswith("• ") else 0
        units.append(Unit(len(text) + sign, len(text) + len(line), lead_in))
        text += line
    return Passage("r", "d", (), (), text, tuple(units), ((1, Box(0, 0, 1, 1)),))


ROWS = (
    ("Assen\t12 %", "Gemeente: Assen · 2025: 12 %"),
    ("Emmen\t14 %", "Gemeente: Emmen · 2025: 14 %"),
)


def cells(html: str) -> list[str]:
    return re.findall(r"<t[dh](?: [^>]*)?>(.*?)</t[dh]>", html.replace("<bdi>", "").replace("</bdi>", ""))


def test_rows_stand_under_the_names_of_their_columns() -> None:
    html = passage_with_rows_html(passage_of(*ROWS), [])
    assert cells(html) == ["Gemeente", "2025", "Assen", "12 %", "Emmen", "14 %"]
    assert html.count("<table") == 1
    assert html.count('scope="col"') == 2


def test_rows_have_the_words_of_the_question_marked_in_their_cells() -> None:
    passage = passage_of(*ROWS)
    start = passage.text.index("Emmen")
    assert cells(passage_with_rows_html(passage, [(start, start + 5)]))[4] == "<mark>Emmen</mark>"


def test_rows_without_a_cell_leave_its_place_empty_and_a_merged_one_is_shown() -> None:
    html = passage_with_rows_html(
        passage_of(("Assen", "Gemeente: Assen"), ("14 %", "Gemeente: Assen · 2025: 14 %")), []
    )
    assert cells(html) == ["Gemeente", "2025", "Assen", "", "Assen", "14 %"]


def test_rows_of_two_columns_with_one_name_lose_nothing() -> None:
    html = passage_with_rows_html(
        passage_of(
            ("Assen\t12\t14", "Gemeente: Assen · Deel: 12 · Deel: 14"),
        ),
        [],
    )
    assert cells(html) == ["Gemeente", "Deel", "Assen", "12 · 14"]


def test_rows_among_text_and_bullets_keep_their_place_and_marks() -> None:
    passage = passage_of(("De inleiding.", ""), ("• Een punt", "Punten:"), *ROWS, ("Het slot.", ""))
    start = passage.text.index("slot")
    html = passage_with_rows_html(passage, [(start, start + 4)])
    assert html.startswith("<p>De inleiding.</p><ul><li>Een punt</li></ul><div")
    assert html.endswith("<p>Het <mark>slot</mark>.</p>")


def test_rows_a_passage_without_any_is_shown_as_ever() -> None:
    passage = passage_of(("Zin.", ""), ("• Een", "Lijst:"), ("• Twee", "Lijst:"))
    assert passage_with_rows_html(passage, [(0, 3)]) == passage_html(passage.text, [(0, 3)])


def test_rows_cannot_be_broken_out_of() -> None:
    hostile = "<script>alert(1)</script>"
    row = (f"Assen\t{hostile}", f"Gemeente: Assen · {hostile}: {hostile}")
    assert "<script>" not in passage_with_rows_html(passage_of(row), []) + cells_html((("Gemeente", hostile),))


def test_rows_of_a_stretch_are_a_table_where_they_are_whole() -> None:
    passage = passage_of(("Vooraf.", ""), *ROWS)
    second = passage.text.index("Emmen")
    assert cells(stretch_with_rows_html(passage, (second, len(passage.text)))) == ["Gemeente", "2025", "Emmen", "14 %"]
    part = stretch_with_rows_html(passage, (second, second + len("Emmen\t14")))
    assert "<table" not in part
    assert "14" in part


def test_rows_of_a_stretch_leave_out_no_word() -> None:
    passage = passage_of(("• Een zin.", ""), ("• Nog een.", ""), *ROWS)
    for start in range(len(passage.text)):
        for end in range(start + 1, len(passage.text) + 1):
            html = stretch_with_rows_html(passage, (start, end))
            said = "".join(re.sub(r"<[^>]+>", "", html).split())
            wanted = "".join(passage.text[start:end].replace("•", "").split())
            assert wanted in said.replace("Gemeente2025", "")
