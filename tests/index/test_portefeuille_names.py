from __future__ import annotations

import pytest

from index.portefeuille_names import bodies_of, names

EKM, GW, RW, OC, EZI = (
    "Energie, Klimaat en Milieu",
    "Gezondheid en Welzijn",
    "Ruimte en Wonen",
    "Onderwijs en Cultuur",
    "Economische Zaken en Industrie",
)


def named(text: str, portefeuille: str, *bodies: str) -> list[str]:
    return [text[start:end] for start, end in names(text, portefeuille, bodies)]


@pytest.mark.parametrize(
    ("text", "portefeuille", "words"),
    [
        ("De portefeuilles Energie, Klimaat & Milieu en Ruimte & Wonen", EKM, ["Energie, Klimaat & Milieu"]),
        ("De portefeuilles Energie, Klimaat & Milieu en Ruimte & Wonen", RW, ["Ruimte & Wonen"]),
        ("Preventie (verbinding portefeuille G&W en Sport)", GW, ["G&W"]),
        ("Preventie (verbinding portefeuille G&W en Sport)", "Sport", ["Sport"]),
        ("Huisvesting (EZ&I)", EZI, ["EZ&I"]),
        ("Verbinding met Wonen, Jeugd, Gezondheid/zorg, Onderwijs", OC, ["Onderwijs"]),
        ("Verbinding met Wonen, Jeugd, Gezondheid/zorg, Onderwijs", GW, ["Gezondheid"]),
        ("samen met de portefeuille Energie", EKM, ["Energie"]),
        ("Energiearmoede (verbinding energiedomein)", EKM, ["energiedomein"]),
        ("portefeuille economische zaken", EZI, ["economische zaken"]),
    ],
)
def test_portefeuille_names_finds_it(text: str, portefeuille: str, words: list[str]) -> None:
    assert named(text, portefeuille) == words


@pytest.mark.parametrize(
    ("text", "portefeuille"),
    [
        ("Gelieerde VNG-commissie: VNG-cie Zorg, Jeugd en Onderwijs", OC),
        ("Lid van de VNG-commissie Ruimte en Wonen", RW),
        ("Partner: VNG PSI", "Participatie, Schuldhulpverlening en Integratie"),
        ("In deze portefeuille is prioriteit gegeven aan wonen", RW),
        ("Bedrijven ruimte bieden voor onderwijs", RW),
        ("Coalitie Gezondheid en Leefstijl", GW),
        ("maatschappelijke en sportvoorzieningen", "Sport"),
        ("XG&WX en EG&W-beleid", GW),
        ("", "Sport"),
    ],
)
def test_portefeuille_names_leaves_other_words_alone(text: str, portefeuille: str) -> None:
    assert named(text, portefeuille) == []


def test_portefeuille_names_takes_a_body_that_bears_its_name_for_the_portefeuille() -> None:
    texts = ["Het opgaan in het bestuurlijk Drents Overleg Energie (DOE), en de Provinciale Raad (PR)."]

    assert bodies_of(EKM, texts) == {"DOE"}
    assert bodies_of(GW, texts) == frozenset()
    assert bodies_of("Sport", ["Vereniging Sport en Gemeenten (VSG)"]) == {"VSG"}
    assert named("Vraagstukken (verbinding DOE)", EKM, "DOE") == ["DOE"]
    assert named("Wat DOEN wij, en wat doet het DOE?", EKM, "DOE") == [], "only where a connection is meant"
    assert named("Vraagstukken (verbinding DOE)", EKM) == []
