from __future__ import annotations

import pytest

from index.rows import cells_of


def test_cells_of_a_row_have_their_columns_names() -> None:
    assert cells_of("Assen\t12 %", "Gemeente: Assen · 2025: 12 %") == (("Gemeente", "Assen"), ("2025", "12 %"))


def test_cells_of_a_row_keep_a_cell_that_is_merged_with_the_one_above_and_one_without_a_name() -> None:
    assert cells_of("Assen\t12 %", "Provincie: Drenthe · Gemeente: Assen · 12 %") == (
        ("Provincie", "Drenthe"),
        ("Gemeente", "Assen"),
        ("", "12 %"),
    )


@pytest.mark.parametrize(
    ("text", "lead_in"),
    [
        ("Provincie Drenthe", ""),
        ("Provincie Drenthe", "Partners:"),
        ("Drenthe", "Partners: de volgende"),
        ("Assen\t12 %", "Gemeente: Emmen · 2025: 12 %"),
        ("Assen", "Assen"),
        ("", "Gemeente: Assen"),
    ],
)
def test_cells_of_what_is_no_row_are_none(text: str, lead_in: str) -> None:
    assert cells_of(text, lead_in) == ()
