"""Whether the parts of a version belong together: what was opened, held against the manifest."""

from __future__ import annotations

from index.errors import DamagedVersionError
from index.store import Store
from index.vectors import Vectors
from index.versions import Layout, Manifest
from index.words import Words


def check(layout: Layout, manifest: Manifest, store: Store, vectors: Vectors, words: Words) -> None:
    """Raises DamagedVersionError if a part has other counts than the manifest; takes no time."""
    counted = {
        "passages": (manifest.passages, store.passages),
        "passages in de woordenindex": (manifest.passages, len(words)),
        "vectoren": (manifest.vectors, len(vectors)),
        "getallen in een vector": (manifest.dimension, vectors.dimension),
    }
    for what, (expected, found) in counted.items():
        if expected != found:
            raise DamagedVersionError(layout.folder, f"{found} {what} in plaats van {expected}")
    if len(vectors) and int(vectors.owners[:, 0].max()) >= manifest.passages:
        raise DamagedVersionError(layout.folder, "er zijn vectoren zonder passage")
