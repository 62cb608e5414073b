from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.documents import BlockKind
from ingest.readers._items import Item, joined
from ingest.readers._tables import MAX_COLUMNS, Cell, items_of_table


def cell(text: str, across: int = 1, down: int = 1, *, head: bool = False, bold: bool = False) -> Cell:
    items = (Item(BlockKind.PARAGRAPH, text),) if text else ()
    return Cell(items, across, down, head, bold)


def table(*rows: Sequence[str | Cell]) -> list[list[Cell]]:
    return [[one if isinstance(one, Cell) else cell(one) for one in row] for row in rows]


def labelled(rows: list[list[Cell]], heads: int = 0, *, headed: bool = False) -> list[str]:
    return [item.row.labelled if item.row else f"¶ {item.text}" for item in items_of_table(rows, heads, headed=headed)]


def test_readers_tables_first_row_names_the_columns() -> None:
    rows = table(["Gemeente", "2025"], ["Assen", "12 %"], ["Emmen", "8 %"])
    assert labelled(rows) == ["Gemeente: Assen · 2025: 12 %", "Gemeente: Emmen · 2025: 8 %"]


def test_readers_tables_bold_first_row_names_the_columns() -> None:
    rows = table([cell("Taak", bold=True), cell("Wie", bold=True)], ["Verslag", "Jan"])
    assert labelled(rows) == ["Taak: Verslag · Wie: Jan"]


def test_readers_tables_without_names_the_first_cell_names_the_row() -> None:
    assert labelled(table(["Naam:", "Jan"], ["Plaats", "Assen"])) == ["Naam: Jan", "Plaats: Assen"]


def test_readers_tables_a_list_of_values_has_no_head() -> None:
    assert labelled(table(["Omzet", "2024"], ["Start", "2023"], ["Slot", "2025"])) == [
        "Omzet: 2024",
        "Start: 2023",
        "Slot: 2025",
    ]


def test_readers_tables_title_and_groups_over_the_whole_width() -> None:
    rows = table(
        [cell("Uitgaven", 2)],
        ["Gemeente", "Bedrag"],
        [cell("Noord", 2)],
        ["Assen", "10"],
        ["Tynaarlo", "12"],
    )
    assert labelled(rows) == [
        "¶ Uitgaven",
        "¶ Noord",
        "Noord · Gemeente: Assen · Bedrag: 10",
        "Noord · Gemeente: Tynaarlo · Bedrag: 12",
    ]


def test_readers_tables_value_over_two_columns_stands_under_both() -> None:
    rows = table(["Gemeente", "2024", "2025"], ["Assen", cell("geen cijfers", 2)], ["Emmen", "1", "2"])
    (first, _) = items_of_table(rows, 1)
    assert first.row is not None
    assert first.row.labelled == "Gemeente: Assen · 2024 2025: geen cijfers"
    assert first.text == "Assen\tgeen cijfers"


def test_readers_tables_text_never_says_a_merged_cell_twice() -> None:
    rows = table(["Regio", "Plaats"], [cell("Noord", down=2), "Assen"], ["Roden"])
    assert [item.text for item in items_of_table(rows, 1)] == ["Noord\tAssen", "Roden"]
    assert labelled(rows, 1) == ["Regio: Noord · Plaats: Assen", "Regio: Noord · Plaats: Roden"]


def test_readers_tables_long_row_becomes_its_cells() -> None:
    long = "woord " * 80
    rows = table(["Risico", "Gevolg", "Maatregel"], ["Brand", long.strip(), long.strip()])
    items = items_of_table(rows, 1)
    assert [item.text.split()[0] for item in items] == ["Brand", "woord", "woord"]
    assert items[2].row is not None
    assert items[2].row.labelled.startswith("Brand · Maatregel: woord")


@pytest.mark.parametrize("prose", ["woord " * 70, ""])
def test_readers_tables_one_column_or_prose_is_text(prose: str) -> None:
    rows = table(["Kader", prose.strip()]) if prose else table(["Kader"], ["Nog iets"])
    assert all(item.row is None for item in items_of_table(rows))


def test_readers_tables_odd_grids_end() -> None:
    assert items_of_table([]) == []
    assert items_of_table([[], [Cell()]]) == []
    wide = table([cell("A", 10**6), "B"], [cell("C", 0, 10**6)], ["D"])
    assert {item.text for item in items_of_table(wide)} <= {"A", "C", "D", "B"}
    ragged = items_of_table(table(["A"], ["B", "C"], ["D", "E", "F"], [cell("G", 1, 5)]), 1)
    assert [item.text for item in ragged] == ["B\tC", "D\tE\tF", "G"]
    many = items_of_table(table([str(number) for number in range(3 * MAX_COLUMNS)]))
    assert [item.text for item in many] == [str(number) for number in range(3 * MAX_COLUMNS)]


def test_readers_tables_pieces_of_a_paragraph_are_joined() -> None:
    assert joined([(1, "loopt door "), (2, "op de volgende")]) == ("loopt door op de volgende", ((0, 1), (11, 2)))
    assert joined([(1, "ge"), (2, "meente")]) == ("gemeente", ((0, 1), (2, 2)))
    assert joined([(1, " "), (2, "Tekst")]) == ("Tekst", ((0, 2),))
    assert joined([]) == ("", ((0, 1),))
