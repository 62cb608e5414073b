from __future__ import annotations

import re
from dataclasses import replace

import pytest

from app_pages._document.text import page_text_html
from ingest.documents import Unit
from tests.app.fake_searcher import FakeSearcher


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
def test_document_text_has_each_heading_once_at_its_own_level(
    paths: list[tuple[str, ...]], headings: list[str]
) -> None:
    first = FakeSearcher().rows[0][1]
    passages = [replace(first, passage_id=str(number), heading_path=path) for number, path in enumerate(paths)]

    shown = page_text_html(12, "tekst", passages, {})

    assert re.findall(r"<h[3-6]>\w", shown.replace("<bdi>", "")) == headings


def test_document_text_marks_the_span_and_the_section_that_was_chosen() -> None:
    one, other = (passage for _, passage in FakeSearcher().rows[:2])

    shown = page_text_html(12, "tekst", [one, other], {one.passage_id: (2, 13)}, opened_at=other.passage_id)

    assert shown.count("<mark>Bestuurlijk</mark>") == 1
    assert shown.index("zp-has-mark") < shown.index('data-here="kop"')


def test_document_text_names_the_line_that_introduces_passages_once() -> None:
    first = replace(FakeSearcher().rows[0][1], heading_path=())

    assert page_text_html(12, "", [first, replace(first, passage_id="2")], {}).count("Staat onder:") == 1


def test_document_text_without_a_picture_is_the_page_itself() -> None:
    passage = FakeSearcher().rows[0][1]

    assert "<h2>Pagina 12</h2>" in page_text_html(12, "tekst", [passage], {}, pictured=False)
    assert "<h2>Tekst van pagina 12</h2>" in page_text_html(12, "tekst", [passage], {})


def test_document_text_shows_a_row_of_a_table_as_a_table() -> None:
    text = "Emmen\t107.000"
    passage = replace(
        FakeSearcher().rows[0][1],
        text=text,
        units=(Unit(0, len(text), "Gemeente: Emmen · Inwoners: 107.000"),),
        heading_path=(),
    )

    shown = page_text_html(12, "", [passage], {})

    assert "Staat onder:" not in shown
    assert re.search(r"<t[dh][^>]*>(<bdi>)?Emmen", shown)
