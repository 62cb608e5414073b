from __future__ import annotations

import pytest

from ingest.documents import Box
from ingest.furniture import without_furniture
from ingest.layout import Run

HEIGHT = 842.0
BAR = "Introductie | Organisatie | Overdracht per portefeuille | G&W | EKM | Sport | Financiën"


def run(text: str, top: float, left: float = 72.0, size: float = 10.0) -> Run:
    return Run(text, Box(left, top, left + 5.0 * len(text), top + size), size, 400, False)


def body(number: int) -> list[Run]:
    return [
        run(f"Dit is regel {line} van de lopende tekst op bladzijde {number}", 300 + 14 * line) for line in range(5)
    ]


def texts(pages: list[list[Run]]) -> list[list[str]]:
    return [[part.text for part in page] for page in pages]


def test_furniture_takes_off_a_navigation_bar_and_reads_the_page_number_beside_it() -> None:
    pages = [(HEIGHT, [*body(n), run(BAR, 810), run(str(n), 810, left=540)]) for n in range(1, 7)]
    kept, labels = without_furniture(pages)
    assert texts(kept) == texts([body(n) for n in range(1, 7)])
    assert labels == ["1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize(
    ("printed", "label"),
    [("7", "7"), ("- 7 -", "7"), ("Pagina 7 van 12", "7"), ("7/12", "7"), ("blz. 7", "7"), ("| 7", "7")],
)
def test_furniture_takes_a_bare_page_number_off_even_a_single_page(printed: str, label: str) -> None:
    kept, labels = without_furniture([(HEIGHT, [*body(1), run(printed, 815)])])
    assert texts(kept) == texts([body(1)])
    assert labels == [label]


def test_furniture_takes_both_numbers_off_a_spread() -> None:
    kept, labels = without_furniture([(HEIGHT, [*body(1), run("- 4 -", 815), run("- 5 -", 815, left=400)])])
    assert texts(kept) == texts([body(1)])
    assert labels == ["5"]


@pytest.mark.parametrize("cells", [["2022", "2023", "2024"], ["7", "7", "247"], ["2025"], ["€ 7"]])
def test_furniture_leaves_a_row_of_figures(cells: list[str]) -> None:
    row = [run(cell, 810, left=72 + 80 * place) for place, cell in enumerate(cells)]
    kept, labels = without_furniture([(HEIGHT, [*body(1), *row])])
    assert texts(kept)[0][5:] == cells
    assert labels == [""]


def test_furniture_leaves_a_number_in_the_middle_of_a_page() -> None:
    kept, labels = without_furniture([(HEIGHT, [*body(1), run("42", 500), *[run("laatste regel", 520)]])])
    assert "42" in texts(kept)[0]
    assert labels == [""]


def test_furniture_takes_off_the_name_of_a_chapter_in_small_type() -> None:
    chapters = ["Samenwerking", "Samenwerking", "Samenwerking", *["Financiën"] * 7]
    pages = [(HEIGHT, [run(name, 30, size=8), *body(n)]) for n, name in enumerate(chapters)]
    assert texts(without_furniture(pages)[0]) == texts([body(n) for n in range(10)])


def test_furniture_leaves_a_heading_that_opens_three_of_many_pages() -> None:
    heading = "Lopende dossiers en ontwikkelingen"
    pages = [(HEIGHT, [*([run(heading, 40, size=16)] if n < 3 else []), *body(n)]) for n in range(28)]
    kept, _ = without_furniture(pages)
    assert [page[0].text for page in kept[:3]] == [heading] * 3


def test_furniture_leaves_what_repeats_elsewhere_than_in_the_margins() -> None:
    pages = [(HEIGHT, [*body(n), run("Terugblik en resultaten", 500)]) for n in range(6)]
    assert all("Terugblik en resultaten" in page for page in texts(without_furniture(pages)[0]))
