from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from ingest.kept import Record, Run, Shelf, is_gone, with_run

ADDRESS = "https://vdg.nl/plan.pdf"


def runs(*given: str) -> list[Run]:
    """'1 404', '2 500': day of the month and HTTP's status; 'ok' for a file that was read."""
    found = []
    for each in given:
        day, status = each.split()
        outcome = "gelezen" if status == "ok" else "anders"
        found.append(Run(f"2026-11-{int(day):02}T09:00:00+00:00", outcome, 200 if status == "ok" else int(status)))
    return found


@pytest.mark.parametrize(
    ("history", "gone"),
    [
        ([], False),
        (["1 404", "2 404"], False),
        (["1 404", "2 404", "3 404"], True),
        (["1 404", "2 410", "9 404"], True),
        (["1 404", "1 404", "1 404"], False),  # three runs on one day
        (["1 404", "2 404", "2 404"], False),
        (["1 404", "2 404", "3 ok", "4 404"], False),
        (["1 404", "2 404", "3 ok"], False),
        (["1 404", "2 404", "3 304", "4 404"], False),
        (["1 404", "2 404", "3 403", "4 404"], False),  # it is there: it wants a log-in
        (["1 404", "2 500", "3 0", "4 404", "5 404"], True),  # an outage says nothing either way
        (["1 500", "2 500", "3 500"], False),
        (["1 0", "2 0", "3 0"], False),
        (["1 ok", "2 404", "3 404", "4 404", "5 500"], True),
    ],
)
def test_kept_is_gone(history: list[str], gone: bool) -> None:
    assert is_gone(runs(*history)) is gone


def test_kept_history_has_a_line_a_day_and_outcome() -> None:
    history: tuple[Run, ...] = ()
    for hour in range(10, 20):
        history = with_run(history, Run(f"2026-11-01T{hour}:00:00+00:00", "dode link", 404))
    assert history == (Run("2026-11-01T19:00:00+00:00", "dode link", 404),)
    for number in range(300):
        history = with_run(history, Run(f"day-{number:06}", "dode link", 404))
    assert len(history) == 100
    assert history[-1].date == "day-000299"


def kept(data: bytes, kind: str = "pdf") -> Record:
    return Record(ADDRESS, ADDRESS, digest=hashlib.sha256(data).hexdigest(), kind=kind, history=(*runs("1 ok"),))


def test_kept_comes_back_as_it_was(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "fetched")
    shelf.keep(kept(b"een"), b"een")
    record = Shelf(tmp_path / "fetched").record(ADDRESS)
    assert record == kept(b"een")
    assert shelf.content(record) == b"een"
    assert shelf.record("https://vdg.nl/ander") == Record("https://vdg.nl/ander")


def test_kept_forgets_all_of_one_address(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.keep(kept(b"een"), b"een")
    shelf.keep(Record("https://vdg.nl/ander"))
    assert shelf.forget(ADDRESS)
    assert not shelf.forget(ADDRESS)
    assert len(list(tmp_path.iterdir())) == 1
    assert shelf.content(kept(b"een")) is None


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", '{"address": "x"}', '{"address": "https://vdg.nl/plan.pdf", "history": [{}]}',
        json.dumps({"address": ADDRESS, "history": [], "digest": "../../etc/passwd", "kind": "pdf"}),
        json.dumps({"address": ADDRESS, "history": [], "digest": 3}),
        json.dumps({"address": "https://elders.nl/", "history": []}),
        json.dumps({"address": ADDRESS, "history": [], "onbekend": 1}),
    ],
)  # fmt: skip
def test_kept_a_damaged_record_is_no_record(tmp_path: Path, text: str) -> None:
    shelf = Shelf(tmp_path)
    shelf.keep(Record(ADDRESS))
    (path,) = tmp_path.iterdir()
    path.write_text(text)
    assert shelf.record(ADDRESS) == Record(ADDRESS)
