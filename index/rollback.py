"""Going back: the youngest older version that is whole answers again.

For the one run that holds the lock of the data folder.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from index.checking import verify
from index.errors import DamagedVersionError, OtherFormError, SearchIndexError
from index.versions import Layout, age_key, current_version, read_manifest, switch, versions


class NothingToRollBackError(SearchIndexError):
    """Raised when there is no earlier version that is whole."""

    def __init__(self) -> None:
        super().__init__(
            "Er is geen eerdere versie die heel is, dus er is niets teruggezet. "
            "Maak een nieuwe versie met: python -m ingest"
        )


def rollback(data: Path, say: Callable[[str], None] = lambda message: None) -> str:
    """Makes the youngest older version that is whole the current one, and returns its name.

    `say` is told, in Dutch, of each version that is passed over. Raises NothingToRollBackError.

    The version that was left stays on disk. The next ingest compares the corpus with the version that now answers: if
    the corpus is still the one that the left version was made from, it publishes that anew, and the left version goes;
    if the corpus is again what the current version was made from, nothing changes. So: mend the corpus before it.
    """
    current = current_version(data)
    model = _model(data, current)
    for name in reversed(versions(data)):
        if current is not None and age_key(name) >= age_key(current):
            continue
        if hindrance := _hindrance(data, name, model):
            say(f"Versie {name} {hindrance} en wordt overgeslagen.")
        else:
            switch(data, name)
            return name
    raise NothingToRollBackError


def _model(data: Path, name: str | None) -> str | None:
    """The fingerprint of the model that a version was made with; None if that cannot be read."""
    try:
        return read_manifest(Layout(data / "index" / name)).model_fingerprint if name else None
    except DamagedVersionError:
        return None


def _hindrance(data: Path, name: str, model: str | None) -> str:
    """Why a version cannot answer questions that this model reads, as 'is beschadigd'; '' if it can."""
    layout = Layout(data / "index" / name)
    try:
        manifest = read_manifest(layout)
        verify(layout, manifest)
    except OtherFormError:
        return "is gemaakt door een andere uitgave van het portaal"
    except DamagedVersionError:
        return "is beschadigd"
    return "" if model in (None, manifest.model_fingerprint) else "is met een ander taalmodel gemaakt"
