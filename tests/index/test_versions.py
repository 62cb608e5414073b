from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from index import versions
from index.errors import DamagedVersionError, NoVersionError, OtherFormError
from index.sums import FileSum, measure
from index.versions import (
    FORM,
    KEPT,
    Layout,
    Manifest,
    building,
    current_version,
    open_current,
    publish,
    write_manifest,
)

ROOT = Path(__file__).parents[2]
MANIFEST = Manifest(FORM, "2026-11-23T21:00:00+00:00", "recept", "speelgoed", "speelgoed-64", 64, 1, 2, 3)


def published(data: Path, content: str = "inhoud") -> str:
    with building(data) as layout:
        layout.store.write_text(content)
        layout.words.mkdir()
        (layout.words / "meta.json").write_text("{}")
        write_manifest(layout, MANIFEST)
        return publish(data, layout)


def names(data: Path) -> list[str]:
    return sorted(path.name for path in (data / "index").iterdir())


def test_publish_makes_the_version_current_whole(tmp_path: Path) -> None:
    name = published(tmp_path, "een")
    found, layout, manifest = open_current(tmp_path)
    assert found == name == current_version(tmp_path)
    assert replace(manifest, files=()) == MANIFEST
    assert layout.folder == tmp_path / "index" / name
    assert layout.store.read_text() == "een"
    assert (tmp_path / "index" / "CURRENT").read_text() == f"{name}\n"
    assert names(tmp_path) == sorted([name, "CURRENT"])


def test_publish_switches_and_leaves_the_version_before_as_it_was(tmp_path: Path) -> None:
    first = published(tmp_path, "een")
    second = published(tmp_path, "twee")
    assert first != second
    assert open_current(tmp_path)[1].store.read_text() == "twee"
    assert Layout(tmp_path / "index" / first).store.read_text() == "een"


def test_publish_keeps_three_versions_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(f"20261123T21{minute:02}00Z" for minute in range(6))
    monkeypatch.setattr(versions, "new_name", lambda data: next(moments))
    made = [published(tmp_path, str(number)) for number in range(6)]
    assert names(tmp_path) == sorted([*made[-KEPT:], "CURRENT"])


def test_publish_keeps_the_newest_of_many_in_one_second(tmp_path: Path) -> None:
    made = [published(tmp_path, str(number)) for number in range(12)]
    assert current_version(tmp_path) == made[-1]
    assert names(tmp_path) == sorted([*made[-KEPT:], "CURRENT"])


def test_publish_keeps_the_current_version_when_the_clock_went_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter(["20261123T210000Z", "20261123T210100Z", "20261123T210200Z", "20200101T000000Z"])
    monkeypatch.setattr(versions, "new_name", lambda data: next(moments))
    made = [published(tmp_path, str(number)) for number in range(4)]
    assert current_version(tmp_path) == made[-1]
    assert open_current(tmp_path)[1].store.read_text() == "3"


def test_building_that_fails_leaves_nothing_and_the_old_version_answers(tmp_path: Path) -> None:
    name = published(tmp_path)

    def fail() -> None:
        with building(tmp_path) as layout:
            layout.store.write_text("half")
            raise RuntimeError("stuk")

    with pytest.raises(RuntimeError, match="stuk"):
        fail()
    assert names(tmp_path) == sorted([name, "CURRENT"])


def test_building_clears_what_a_killed_run_left(tmp_path: Path) -> None:
    name = published(tmp_path)
    script = (
        "import os, signal, sys; from pathlib import Path; from index.versions import building\n"
        "with building(Path(sys.argv[1])) as layout:\n"
        "    layout.store.write_text('half'); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, check=False)
    assert done.returncode == -9
    assert len(names(tmp_path)) == 3
    assert current_version(tmp_path) == name  # what is half is never seen
    with building(tmp_path) as layout:
        assert [entry for entry in names(tmp_path) if entry.startswith(".building")] == [layout.folder.name]
    assert names(tmp_path) == sorted([name, "CURRENT"])


@pytest.mark.parametrize("stop", ["manifest", "rename", "switch"])
def test_publish_broken_off_leaves_the_old_version_answering(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    name = published(tmp_path, "oud")
    rename, replace = os.rename, os.replace

    def broken(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    if stop == "manifest":
        monkeypatch.setattr(versions, "sync", broken)
    elif stop == "rename":
        monkeypatch.setattr(os, "rename", broken)
    else:
        monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(OSError, match="No space"):
        published(tmp_path, "nieuw")
    monkeypatch.undo()
    assert (os.rename, os.replace) == (rename, replace)
    assert current_version(tmp_path) == name
    assert open_current(tmp_path)[1].store.read_text() == "oud"
    assert published(tmp_path, "nieuwer") == current_version(tmp_path)


def test_open_current_without_a_version_says_what_to_do(tmp_path: Path) -> None:
    assert current_version(tmp_path) is None
    with pytest.raises(NoVersionError, match="python -m ingest"):
        open_current(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"../../x", b"../geheim", b"..", b".", b"/etc", b"a/b", b"a\0b", b"\xff\xfe", b"x" * 5000]
)
def test_open_current_naming_no_version_is_refused(tmp_path: Path, content: bytes) -> None:
    published(tmp_path)
    # a whole version outside the folder, which CURRENT must not be able to name
    outside = tmp_path / "geheim"
    outside.mkdir()
    (outside / "manifest.json").write_text((open_current(tmp_path)[1].manifest).read_text())
    (tmp_path / "manifest.json").write_text((outside / "manifest.json").read_text())
    (tmp_path / "index" / "CURRENT").write_bytes(content)
    with pytest.raises((NoVersionError, DamagedVersionError)) as raised:
        open_current(tmp_path)
    assert "zoekindex" in str(raised.value)


def test_open_current_naming_a_version_that_is_gone_says_so(tmp_path: Path) -> None:
    published(tmp_path)
    (tmp_path / "index" / "CURRENT").write_text("20200101T000000Z\n")
    with pytest.raises(DamagedVersionError, match=r"20200101T000000Z.*manifest\.json") as raised:
        open_current(tmp_path)
    assert raised.value.version == tmp_path / "index" / "20200101T000000Z"


@pytest.mark.parametrize("content", [None, "", "{", "[]", "null", "7", '"x"', "{}", f'{{"form": {FORM}}}', "\udcff"])
def test_open_current_with_a_damaged_manifest_says_so(tmp_path: Path, content: str | None) -> None:
    published(tmp_path)
    manifest = open_current(tmp_path)[1].manifest
    manifest.unlink()
    if content is not None:
        manifest.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(DamagedVersionError, match=r"manifest\.json"):
        open_current(tmp_path)


@pytest.mark.parametrize("form", [FORM + 1, 0, "1", None])
def test_open_current_of_another_form_says_so(tmp_path: Path, form: object) -> None:
    published(tmp_path)
    manifest = open_current(tmp_path)[1].manifest
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "form": form}))
    with pytest.raises(OtherFormError, match=r"andere uitgave van het portaal: .*python -m ingest"):
        open_current(tmp_path)


def test_open_current_of_a_form_with_other_fields_says_so(tmp_path: Path) -> None:
    published(tmp_path)
    older = {
        name: value for name, value in asdict(MANIFEST).items() if name != "files"
    }  # as the first release wrote it
    open_current(tmp_path)[1].manifest.write_text(json.dumps({**older, "form": 1}, indent=2))
    with pytest.raises(OtherFormError, match=f"de vorm is 1 in plaats van {FORM}"):
        open_current(tmp_path)


def test_manifest_has_what_each_file_of_the_version_is(tmp_path: Path) -> None:
    published(tmp_path, "een")
    _, layout, manifest = open_current(tmp_path)
    assert manifest.files == (
        FileSum("store.sqlite", 3, hashlib.sha256(b"een").hexdigest()),
        FileSum("words/meta.json", *measure(layout.words / "meta.json")),
    )


def test_manifest_changed_in_any_byte_is_told(tmp_path: Path) -> None:
    published(tmp_path)
    manifest = open_current(tmp_path)[1].manifest
    whole = manifest.read_bytes()
    for place, byte in enumerate(whole):
        other = {ord(" "): ord("\t"), ord("\n"): ord(" ")}.get(byte, byte ^ 0x01)  # white space is no JSON's business
        manifest.write_bytes(whole[:place] + bytes([other]) + whole[place + 1 :])
        with pytest.raises(DamagedVersionError):
            open_current(tmp_path)
    for more in (b"\n", b" ", b"{}"):
        manifest.write_bytes(whole + more)
        with pytest.raises(DamagedVersionError):
            open_current(tmp_path)
