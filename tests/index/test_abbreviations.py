from __future__ import annotations

import pytest

from index.abbreviations import abbreviations_in, long_form
from index.dutch import Analyser
from tests.index.toy import passage_of


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Het Integraal Zorgakkoord (IZA) geldt.", ("IZA", "Integraal Zorgakkoord")),
        ("Het IZA (Integraal Zorgakkoord) geldt.", ("IZA", "Integraal Zorgakkoord")),
        ("• Bestuurlijk voorbereidingsoverleg Marke – BVOM", ("BVOM", "Bestuurlijk voorbereidingsoverleg Marke")),
        ("IZA: Integraal Zorgakkoord\nGALA is anders.", ("IZA", "Integraal Zorgakkoord")),
        ("Zie de Vereniging van Drentse Gemeenten (hierna: VDG).", ("VDG", "Vereniging van Drentse Gemeenten")),
        ("de Wet maatschappelijke ondersteuning (Wmo, 2015)", ("Wmo", "Wet maatschappelijke ondersteuning")),
        ("onze gemeentelijke gezondheidsdienst (GGD)", ("GGD", "gemeentelijke gezondheidsdienst")),
        ("Energie, Klimaat en Milieu (EKM)", ("EKM", "Energie, Klimaat en Milieu")),
        ("nieuwe Diagnosis Keys (DKs)", ("DK", "Diagnosis Keys")),
    ],
)
def test_abbreviations_are_found_however_they_are_written_out(
    analyser: Analyser, text: str, expected: tuple[str, str]
) -> None:
    assert abbreviations_in([passage_of("stuk", 1, [text])], analyser) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "De gemeente Assen (VNG) werkt samen.",  # no initials of these words
        "Het akkoord is af. Zorg (AZ) is er.",  # not over the end of a sentence
        "Zie bijlage (A).",
        "Inge Nieuwenhuizen (burgemeester)",
        "Denk aan de volgende punten: IZA: in zijn algemeenheid geldt dat",  # in the middle of a sentence
        "De VNG – Vereniging – bestaat.",
        "vergroten van Drentse gemeenten (DG en VG)",
        "(IZA) (IZA)",
    ],
)
def test_abbreviations_whose_letters_the_words_do_not_make_are_left_alone(analyser: Analyser, text: str) -> None:
    assert abbreviations_in([passage_of("stuk", 1, [text])], analyser) == []


def test_abbreviations_are_found_in_headings_and_lead_ins_and_the_most_frequent_goes_first(analyser: Analyser) -> None:
    passages = [
        passage_of(
            "stuk", 1, ["Tekst."], headings=["Drents Overleg Energie (DOE)"], lead_in="Wet open overheid (Woo):"
        ),
        passage_of("stuk", 2, ["De Wet Open Overheid (WOO) geldt."]),
    ]
    assert abbreviations_in(passages, analyser) == [("Woo", "Wet open overheid"), ("DOE", "Drents Overleg Energie")]


def test_abbreviations_long_form_takes_the_words_that_make_it(analyser: Analyser) -> None:
    assert long_form("VNG", "namens de Vereniging van Nederlandse Gemeenten".split(), analyser) == (
        "Vereniging van Nederlandse Gemeenten"
    )
    assert long_form("VNG", "van nieuwe gemeenten".split(), analyser) == ""
    assert long_form("IZA", [], analyser) == ""
