from __future__ import annotations

import pytest

from ingest.errors import UnknownPortefeuilleError
from ingest.portefeuilles import PORTEFEUILLES, portefeuille_named, portefeuille_of_heading


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("o&c", "Onderwijs en Cultuur"),
        ("financien", "Financiën"),
        ("EZ&I", "Economische Zaken en Industrie"),
        ("  psi ", "Participatie, Schuldhulpverlening en Integratie"),
        *((full, full) for full in PORTEFEUILLES),
        *((short, full) for full, short in PORTEFEUILLES.items()),
    ],
)
def test_portefeuilles_are_known_in_full_and_abbreviated(name: str, full: str) -> None:
    assert portefeuille_named(name) == full


@pytest.mark.parametrize("name", ["", "Landbouw", "G", "Portefeuille Sport"])
def test_portefeuilles_say_which_there_are(name: str) -> None:
    with pytest.raises(UnknownPortefeuilleError, match="G&W, EKM"):
        portefeuille_named(name)


@pytest.mark.parametrize(
    ("heading", "full"),
    [
        ("Portefeuille Sport", "Sport"),
        ("PORTEFEUILLE FINANCIËN", "Financiën"),
        ("Portefeuillestructuur", None),
        ("Portefeuille Landbouw", None),
        ("Sport", None),
    ],
)
def test_portefeuilles_are_opened_by_a_heading(heading: str, full: str | None) -> None:
    assert portefeuille_of_heading(heading) == full
