from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ingest.writing import write_whole


def test_writing_puts_a_file_in_the_place_of_another_with_the_rights_of_a_new_one(tmp_path: Path) -> None:
    file = tmp_path / "lijst.json"
    before = os.umask(0o027)
    try:
        write_whole(file, b"oud")
        assert stat.S_IMODE(file.stat().st_mode) == 0o640
        write_whole(file, "nieuwe inhoud, en méér".encode(), rights=0o600)
    finally:
        os.umask(before)
    assert file.read_text("utf-8") == "nieuwe inhoud, en méér"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_writing_that_fails_leaves_what_was_there_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    file = tmp_path / "lijst.json"
    write_whole(file, b"oud")

    def full(*_arguments: object) -> None:
        raise OSError("schijf vol")

    monkeypatch.setattr(os, fails, full)
    with pytest.raises(OSError, match="schijf vol"):
        write_whole(file, b"nieuw")
    assert file.read_bytes() == b"oud"
    assert list(tmp_path.iterdir()) == [file]


def test_writing_takes_away_what_a_killed_run_left(tmp_path: Path) -> None:
    left = tmp_path / ".lijst.json.deel"
    left.write_bytes(b"half")
    left.chmod(0o400)
    write_whole(tmp_path / "lijst.json", b"heel")
    assert [path.name for path in tmp_path.iterdir()] == ["lijst.json"]
    assert (tmp_path / "lijst.json").read_bytes() == b"heel"


def test_writing_is_on_disk_before_it_takes_the_place_of_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    real = {name: getattr(os, name) for name in ("fsync", "replace")}
    for name in real:

        def told(*arguments: object, name: str = name) -> object:
            done.append(name)
            return real[name](*arguments)

        monkeypatch.setattr(os, name, told)
    write_whole(tmp_path / "lijst.json", b"heel")
    assert done == ["fsync", "replace", "fsync"]  # the bytes, the switch, the folder that has the name
