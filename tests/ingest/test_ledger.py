from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.documents import Source
from ingest.ledger import Before, Change, Entry, State, change_of, gone

NOTA = Source("nota", "Nota", url="https://vdg.nl/nota.pdf")


@pytest.mark.parametrize(
    ("before", "digest", "change"),
    [
        (None, "1", "nieuw"),
        (None, "", "nieuw"),
        ("", "1", "nieuw"),
        ("", "", "ongewijzigd"),
        ("1", "1", "ongewijzigd"),
        ("1", "2", "gewijzigd"),
        ("1", "", "gewijzigd"),
    ],
)
def test_ledger_tells_the_change_from_what_is_searchable(before: str | None, digest: str, change: str) -> None:
    was = None if before is None else Before(NOTA, before, "nota.pdf")
    assert change_of(Before(NOTA, digest, "nota.pdf"), was) == change


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (Before(NOTA, "1", "nota-2026.pdf"), "verhuisd"),
        (Before(replace(NOTA, url="https://drenthe.nl/nota.pdf"), "1", "nota.pdf"), "verhuisd"),
        (Before(replace(NOTA, id="energienota"), "1", "nota.pdf"), "verhuisd"),
        (Before(replace(NOTA, url=None), "1", "nota.pdf"), "ongewijzigd"),  # the register tells no address any more
        (Before(replace(NOTA, title="De nota"), "1", "nota.pdf"), "ongewijzigd"),
        (Before(NOTA, "2", "nota-2026.pdf"), "gewijzigd"),
        (Before(NOTA, "", ""), "gewijzigd"),
    ],
)
def test_ledger_tells_what_moved(now: Before, change: str) -> None:
    assert change_of(now, Before(NOTA, "1", "nota.pdf")) == change


def test_ledger_tells_what_is_gone() -> None:
    lost = Source("weg", "Weg")
    before = {"nota": Before(NOTA, "1", "nota.pdf"), "weg": Before(lost, "2", "weg.pdf")}
    (entry,) = gone([Entry(NOTA, State.GELEZEN, Change.NIEUW)], before)
    assert (entry.source, entry.change, entry.passages, entry.digest) == (lost, Change.VERVALLEN, 0, "")
    assert entry.reason.endswith(".")


def test_ledger_what_moved_to_another_name_is_not_gone() -> None:
    before = {"oud": Before(Source("oud", "Oud"), "1", "oud.pdf"), "leeg": Before(Source("leeg", "Leeg"))}
    entries = [Entry(NOTA, State.GELEZEN, Change.VERHUISD, digest="1")]
    assert [entry.source.id for entry in gone(entries, before)] == ["leeg"]


@pytest.mark.parametrize(
    ("was", "place"),
    [(Before(NOTA, "1", "nota.pdf"), "nota.pdf"), (Before(NOTA), NOTA.url), (Before(Source("nota", "Nota")), "nota")],
)
def test_ledger_names_a_place(was: Before, place: str) -> None:
    assert was.place == place
