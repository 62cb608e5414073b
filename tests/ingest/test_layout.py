from __future__ import annotations

import random
from dataclasses import replace

import pytest

from ingest.documents import Box
from ingest.layout import Run, columns_of, rows_of

LINE = "een regel gewone tekst over Drenthe"


def run(
    text: str, left: float, top: float, *, width: float | None = None, size: float = 10.0, weight: int = 400
) -> Run:
    right = left + (width if width is not None else 5.0 * len(text))
    return Run(text, Box(left, top, right, top + size), size, weight, False)


def column(name: str, left: float, lines: int = 6, top: float = 100.0) -> list[Run]:
    return [run(f"{name}{number} {LINE}", left, top + 12 * number, width=170) for number in range(lines)]


def reading_order(runs: list[Run]) -> list[str]:
    return [line.text.split()[0] for part in columns_of(runs) for line in part.lines]


def names(name: str, lines: int = 6) -> list[str]:
    return [f"{name}{number}" for number in range(lines)]


@pytest.mark.parametrize("seed", range(5))
def test_layout_reads_two_columns_one_after_the_other_whatever_the_order_in_the_file(seed: int) -> None:
    runs = [*column("L", 40), *column("R", 240)]
    random.Random(seed).shuffle(runs)
    assert reading_order(runs) == [*names("L"), *names("R")]


def test_layout_reads_three_columns() -> None:
    runs = [*column("C", 440), *column("A", 40), *column("B", 240)]
    assert reading_order(runs) == [*names("A"), *names("B"), *names("C")]


def test_layout_reads_a_title_over_both_columns_first() -> None:
    title = run("Titel over de volle breedte van de pagina heen", 40, 60, width=370, size=18)
    assert reading_order([*column("L", 40), *column("R", 240), title]) == ["Titel", *names("L"), *names("R")]


def test_layout_reads_on_above_a_line_across_before_what_stands_below_it() -> None:
    across = run("Tussenkop over beide kolommen van deze pagina", 40, 180, width=370)
    runs = [*column("A", 40), *column("B", 240), across, *column("C", 40, top=200), *column("D", 240, top=200)]
    assert reading_order(runs) == [*names("A"), *names("B"), "Tussenkop", *names("C"), *names("D")]


def test_layout_keeps_one_column_one() -> None:
    assert reading_order(column("A", 40, lines=12)) == names("A", 12)
    assert len(columns_of(column("A", 40, lines=12))) == 1


def test_layout_keeps_bold_words_in_their_sentence() -> None:
    runs: list[Run] = []
    for number in range(8):
        top, at = 100.0 + 14 * number, 55.0 + 12 * (number % 3)
        runs += [run(f"S{number}", 40, top, width=10)]
        runs += [run("  De gemeenten willen een", at, top, width=120), run(" duidelijke scheiding", at + 122, top)]
        runs[-1] = replace(runs[-1], weight=700)
        runs += [run(" tussen Kamer en kabinet.", runs[-1].box.right + 2, top)]
    assert reading_order(runs) == names("S", 8)
    ((first, *_),) = [part.lines for part in columns_of(runs)]
    assert first.text == "S0 De gemeenten willen een duidelijke scheiding tussen Kamer en kabinet."


def test_layout_keeps_a_table_of_contents_in_rows() -> None:
    runs = [
        part
        for number in range(8)
        for part in (
            run(f"Hoofdstuk{number} over het een en ander", 40, 100 + 14 * number, width=200),
            run(str(number * 3 + 2), 500, 100 + 14 * number),
        )
    ]
    lines = [line.text for part in columns_of(runs) for line in part.lines]
    assert lines[1] == "Hoofdstuk1 over het een en ander 5"
    assert len(lines) == 8


def test_layout_joins_what_stands_on_one_line() -> None:
    bold = run("Voorzitter:", 40, 100, weight=700)
    plain = run(" Inge Nieuwenhuizen, wethouder van de gemeente", 96, 100.5)
    (only,) = columns_of([plain, bold])
    assert [line.text for line in only.lines] == ["Voorzitter: Inge Nieuwenhuizen, wethouder van de gemeente"]
    assert only.lines[0].weight == 400
    assert only.lines[0].box.left == 40


def test_layout_makes_a_line_bold_when_nearly_all_of_it_is() -> None:
    (only,) = columns_of([run("• ", 40, 100), run("Aandachtspunten bestuurders", 50, 100, weight=700)])
    assert only.lines[0].weight == 700


def test_layout_of_an_empty_page_is_empty() -> None:
    assert columns_of([]) == []
    assert rows_of([]) == []
