from __future__ import annotations

import threading
from pathlib import Path

import pytest

import ingest.watching as watching
from ingest.watching import changes_in


def test_watching_tells_what_came_changed_and_went(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_QUIET", 100)
    monkeypatch.setattr(watching, "_LOOK", 50)
    (tmp_path / "oud.pdf").write_bytes(b"oud")
    (tmp_path / "stond er al.pdf").write_bytes(b"stond er al")
    stop = threading.Event()
    told: set[str] = set()

    def change() -> None:
        (tmp_path / "oud.pdf").unlink()
        (tmp_path / "map").mkdir()
        (tmp_path / "map" / "nieuw.pdf").write_bytes(b"nieuw")
        (tmp_path / "~$nieuw.docx").write_bytes(b"open in Word")
        (tmp_path / "rapport.pdf.crdownload").write_bytes(b"komt nog")

    threading.Timer(0.5, change).start()
    threading.Timer(20.0, stop.set).start()
    for names in changes_in(tmp_path, stop):
        told.update(names)
        if {"oud.pdf", "nieuw.pdf"} <= told:
            break
    assert not stop.is_set()
    assert told == {"oud.pdf", "nieuw.pdf"}
