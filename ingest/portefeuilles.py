"""The eight portefeuilles of the VDG: their full names, their abbreviations, and how a heading names one."""

from __future__ import annotations

import unicodedata

from ingest.errors import UnknownPortefeuilleError

# Order and names as in the handover document's own list (page 11), abbreviations as in its navigation bar.
PORTEFEUILLES: dict[str, str] = {
    "Gezondheid en Welzijn": "G&W",
    "Energie, Klimaat en Milieu": "EKM",
    "Ruimte en Wonen": "R&W",
    "Onderwijs en Cultuur": "O&C",
    "Sport": "Sport",
    "Participatie, Schuldhulpverlening en Integratie": "PSI",
    "Economische Zaken en Industrie": "EZI",
    "Financiën": "Financiën",
}


def portefeuille_named(name: str) -> str:
    """The full name for a full name or an abbreviation, whatever its capitals and accents.

    'o&c' → 'Onderwijs en Cultuur', 'financien' → 'Financiën', 'EZ&I' → 'Economische Zaken en Industrie'
    Raises UnknownPortefeuilleError, with the names that exist, for anything else.
    """
    wanted = _folded(name)
    for full, short in PORTEFEUILLES.items():
        if wanted in (_folded(full), _folded(short)):
            return full
    raise UnknownPortefeuilleError(name, tuple(PORTEFEUILLES.values()))


def portefeuille_of_heading(heading: str) -> str | None:
    """The portefeuille that a heading opens: 'Portefeuille Sport' → 'Sport'; None if it opens none."""
    words = heading.strip()
    if not words.casefold().startswith("portefeuille "):
        return None
    try:
        return portefeuille_named(words[len("portefeuille ") :])
    except UnknownPortefeuilleError:
        return None


def _folded(name: str) -> str:
    """'Financiën' → 'financien', 'EZ&I' → 'ezi': letters only."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in decomposed if char.isalpha())
