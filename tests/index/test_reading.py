from __future__ import annotations

import pytest

from index.reading import correction_sentence, reading_sentences
from index.results import Answer, Reading, Searched, SearchResult, Status


def said(reading: Reading) -> list[str]:
    result = SearchResult("", Answer(Status.NIET_GEVONDEN, 0.0), (), Searched(9, 1, 0), 0.01, reading=reading)
    return reading_sentences(result, {"a": "Visie", "b": "Akkoord"})


@pytest.mark.parametrize(
    ("reading", "sentences"),
    [
        (Reading(), []),
        (
            Reading(phrases=("Zilveren Kruis", "samen sterk"), excluded=("jeugd", "sport")),
            [
                'Alleen passages met "Zilveren Kruis" en "samen sterk".',
                "Zonder: jeugd, sport.",
                "Er is geen passage die hieraan voldoet.",
            ],
        ),
        (Reading(also=("IZA",)), ["Ook gezocht op: IZA."]),
        (Reading(documents=("a",)), ["U noemt ‘Visie’. Passages daaruit staan hoger."]),
        (Reading(documents=("a", "b", "c")), ["U noemt ‘Visie’, ‘Akkoord’ en ‘c’. Passages daaruit staan hoger."]),
        (Reading(documents=("a", "b", "c", "d")), []),
    ],
)
def test_reading_is_told_in_sentences(reading: Reading, sentences: list[str]) -> None:
    assert said(reading) == sentences


def test_reading_tells_what_was_typed_and_what_it_was_read_as() -> None:
    assert correction_sentence("warmtetranistie", "warmtetransitie") == (
        "Gezocht naar warmtetransitie (u typte warmtetranistie)."
    )
