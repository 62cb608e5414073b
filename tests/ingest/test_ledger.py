from __future__ import annotations

import pytest

from ingest.documents import Source
from ingest.ledger import Change, Entry, State, change_of, gone


@pytest.mark.parametrize(
    ("before", "digest", "change"),
    [
        ({}, "1", "nieuw"),
        ({}, "", "nieuw"),
        ({"nota": ""}, "1", "nieuw"),
        ({"nota": ""}, "", "ongewijzigd"),
        ({"nota": "1"}, "1", "ongewijzigd"),
        ({"nota": "1"}, "2", "gewijzigd"),
        ({"nota": "1"}, "", "gewijzigd"),
    ],
)
def test_ledger_tells_the_change_from_what_is_searchable(before: dict[str, str], digest: str, change: str) -> None:
    assert change_of("nota", digest, before) == change


def test_ledger_tells_what_is_gone() -> None:
    here, lost = Source("nota", "Nota"), Source("weg", "Weg")
    (entry,) = gone([Entry(here, State.GELEZEN, Change.NIEUW)], {"nota": here, "weg": lost})
    assert (entry.source, entry.change, entry.passages, entry.digest) == (lost, Change.VERVALLEN, 0, "")
    assert entry.reason.endswith(".")
