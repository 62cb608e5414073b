"""Which passages hold the kind of thing that a question may ask for, told once when a version is built.

To look for a person, a date or a number in every passage takes 0.2 ms a passage; the first question that asked for one
would wait for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.errors import DamagedVersionError
from index.fusion import Scores, holds_sought
from index.query import Sought
from index.versions import Layout
from ingest.documents import Passage

# In this order a version keeps what its passages hold.
KINDS = (Sought.PERSON, Sought.DATE, Sought.NUMBER)


def write_sought(layout: Layout, passages: Sequence[Passage]) -> None:
    """Writes (passages, kinds): whether each holds a person, a date, a number."""
    held = [holding(passage.text) for passage in passages]
    np.save(layout.sought, np.array(held, dtype=bool).reshape(-1, len(KINDS)), allow_pickle=False)


def holding(text: str) -> list[bool]:
    """Whether a text holds a person, a date, a number."""
    return [holds_sought(text, kind) for kind in KINDS]


def read_sought(layout: Layout, passages: int) -> dict[Sought, Scores]:
    """For each kind 1 where a passage holds it, else 0: (n,). Raises DamagedVersionError."""
    try:
        held = np.load(layout.sought, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise DamagedVersionError(layout.folder, f"{layout.sought.name} is niet te lezen") from error
    if held.shape != (passages, len(KINDS)):
        raise DamagedVersionError(layout.folder, f"{layout.sought.name} hoort niet bij de passages")
    found = {kind: held[:, place].astype(float) for place, kind in enumerate(KINDS)}
    return {**found, Sought.OTHER: np.zeros(passages)}
