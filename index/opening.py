"""The version of a data folder that answers, opened in the form that it was built in."""

from __future__ import annotations

from pathlib import Path

from index.backend import Backend
from index.embedded import Embedded
from index.large.backend import Large
from index.versions import open_current


def open_folder(data: Path) -> Backend:
    """The current version. Raises NoVersionError or DamagedVersionError."""
    version, layout, manifest = open_current(data)
    return Large(version, layout, manifest) if manifest.large else Embedded(version, layout, manifest)
