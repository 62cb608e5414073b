from __future__ import annotations

from pathlib import Path

import pytest

from index.cross_links import cross_links
from index.profiles import portefeuilles_of
from index.searcher import open_searcher
from tests.index.test_profiles import Corpus
from tests.index.toy import passage_of

SPORT, EKM, EZI = "Sport", "Energie, Klimaat en Milieu", "Economische Zaken en Industrie"


def test_cross_links_are_the_lines_in_which_one_names_another() -> None:
    rows = [
        passage_of("stuk", 1, ["Voorzitter portefeuille Sport: Jan Smit"], headings=["Portefeuille Sport"]),
        passage_of(
            "stuk",
            2,
            ["Zuinige hallen (verbinding portefeuille EKM).", "Sport."],
            headings=["Portefeuille Sport", "Nu"],
        ),
        passage_of("stuk", 3, ["Opgegaan in het Overleg Energie (OE)."], headings=["Portefeuille EKM", "Terugblik"]),
        passage_of("stuk", 4, ["Verduurzaming (verbinding OE)."], headings=["Portefeuille EZI", "Samenwerking"]),
    ]

    found = cross_links([one for of_one in portefeuilles_of(Corpus(rows)) for one in of_one.profiles])

    assert set(found) == {(SPORT, EKM), (EZI, EKM)}, "its own name is no link, nor is one that is never named"
    (naming,) = found[SPORT, EKM]
    assert [naming.line.text[start:end] for start, end in naming.marks] == ["EKM"]
    (naming,) = found[EZI, EKM]
    assert naming.line.text == "Verduurzaming (verbinding OE)."


@pytest.mark.model
def test_cross_links_of_the_real_handover(real_data: Path) -> None:
    found = cross_links([one.profiles[0] for one in portefeuilles_of(open_searcher(real_data))])

    assert len(found) == 22
    assert [naming.line.text for naming in found[EZI, EKM]] == ["Verduurzamingsvraagstukken (verbinding DOE)."]
    assert not any("VNG-c" in naming.line.text for namings in found.values() for naming in namings)
    assert (EKM, EZI) not in found, "'Industrie & Bedrijven' is a theme of the energy programme, not a portefeuille"
