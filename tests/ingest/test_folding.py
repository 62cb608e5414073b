from __future__ import annotations

import pytest

from ingest.folding import fold, letters_only


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("€ 28,2 miljoen", "€282miljoen"),
        ("Coördinator Financiën", "coordinatorfinancien"),
        ("Gemeen-\nten", "gemeenten"),
        ("VNG-middelen (2023–2027)", "vngmiddelen20232027"),
    ],
)
def test_folding_compares_by_letters(text: str, letters: str) -> None:
    assert letters_only(text) == letters


def test_folding_takes_capitals_and_accents_off() -> None:
    assert fold("Één Coördinator") == "een coordinator"
