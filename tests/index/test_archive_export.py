"""A backup goes out whole, and turns a bare install into the same portal."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest

import ingest.__main__ as entry
from index import archive_export
from index.archive import MANIFEST, ArchiveError
from index.archive_export import export_archive
from index.archive_import import import_archive
from index.errors import NoVersionError
from index.forgetting import forget
from index.forgotten import forgotten
from index.sums import measure
from index.versions import current_version, versions
from tests.conftest import ToyEncoder
from tests.index.portals import answers, contents, feedback
from tests.ingest.pdfs import text_pdf


def test_archive_turns_a_bare_install_into_the_same_portal(portal: tuple[Path, Path], tmp_path: Path) -> None:
    data, corpus = portal
    file = tmp_path / "kopie.tar.gz"
    out = export_archive(data, corpus, file)
    bare = tmp_path / "kaal"
    came = import_archive(file, bare / "data", bare / "corpus")
    assert (came.version, came.members, came.aside) == (out.version, out.members, None)
    assert answers(bare / "data") == answers(data)
    assert versions(bare / "data") == [current_version(data)]
    assert contents(bare / "corpus") == {name: data for name, data in contents(corpus).items() if name != ".DS_Store"}
    assert contents(bare / "data" / "files") == {
        name: data for name, data in contents(data / "files").items() if name != "digest-stuk.pdf"
    }
    assert (bare / "data" / "fetched" / "aa.json").read_text() == "{}"
    assert not (bare / "data" / "models").exists()
    assert feedback(bare / "data") == [1]
    assert not [path for path in (*tmp_path.iterdir(), *(bare / "data").iterdir()) if path.name.startswith(".")]


def test_archive_of_the_same_portal_has_the_same_bytes(portal: tuple[Path, Path], tmp_path: Path) -> None:
    made = []
    for name in ("een.tar.gz", "twee.tgz"):
        export_archive(*portal, tmp_path / name)
        made.append((tmp_path / name).read_bytes())
        for path in portal[1].rglob("*"):
            os.utime(path, (1, 1))
    assert made[0] == made[1]


def test_archive_is_one_that_tar_opens(portal: tuple[Path, Path], tmp_path: Path) -> None:
    out = export_archive(*portal, tmp_path / "kopie.tar.gz")
    with tarfile.open(tmp_path / "kopie.tar.gz") as tar:
        headers = tar.getmembers()
    assert [header.name for header in headers] == [MANIFEST, *(member.name for member in out.members)]
    assert {(header.mtime, header.uid, header.uname) for header in headers} == {(0, 0, "")}
    assert [member.name for member in out.members] == sorted(member.name for member in out.members)
    assert out.size == sum(header.size for header in headers[1:])


def test_archive_and_then_an_ingest_finds_nothing_changed(
    tmp_path: Path, toy_encoder: ToyEncoder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(entry, "load_encoder", lambda *_args, **_more: toy_encoder)
    monkeypatch.setattr(entry, "identify", lambda *_args: toy_encoder.fingerprint)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "zorg.pdf").write_bytes(text_pdf("De preferente zorgverzekeraar is Zilveren Kruis."))
    assert entry.main(["--corpus", str(tmp_path / "corpus"), "--data", str(tmp_path / "data")]) == 0
    export_archive(tmp_path / "data", tmp_path / "corpus", tmp_path / "kopie.tar.gz")
    import_archive(tmp_path / "kopie.tar.gz", tmp_path / "kaal" / "data", tmp_path / "kaal" / "corpus")
    capsys.readouterr()
    arguments = ["--corpus", str(tmp_path / "kaal" / "corpus"), "--data", str(tmp_path / "kaal" / "data")]
    assert entry.main(arguments) == 0
    assert "niets veranderd" in capsys.readouterr().out


def test_export_takes_along_what_was_removed_for_good(portal: tuple[Path, Path], tmp_path: Path) -> None:
    data, corpus = portal
    forget(data, "energievisie")
    export_archive(data, corpus, tmp_path / "kopie.tar.gz")
    import_archive(tmp_path / "kopie.tar.gz", tmp_path / "kaal", tmp_path / "kaal-corpus")
    assert forgotten(tmp_path / "kaal") == forgotten(data)
    assert answers(tmp_path / "kaal") == answers(data)


def test_export_refuses_a_place_inside_what_it_takes_along(portal: tuple[Path, Path], tmp_path: Path) -> None:
    for folder in portal:
        with pytest.raises(ArchiveError, match="buiten"):
            export_archive(*portal, folder / "kopie.tar.gz")
    with pytest.raises(ArchiveError, match="bestaat niet"):
        export_archive(*portal, tmp_path / "nergens" / "kopie.tar.gz")
    with pytest.raises(NoVersionError):
        export_archive(tmp_path / "leeg", portal[1], tmp_path / "kopie.tar.gz")


def test_export_that_fails_leaves_the_archive_before_it(
    portal: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kopie.tar.gz").write_text("de vorige")

    def changing(path: Path) -> tuple[int, str]:
        found = measure(path)
        if path.name == "bronnen.toml":
            path.write_text("# ander wo\n")
        return found

    monkeypatch.setattr(archive_export, "measure", changing)
    with pytest.raises(ArchiveError, match=r"corpus/bronnen\.toml veranderde"):
        export_archive(*portal, tmp_path / "kopie.tar.gz")
    assert (tmp_path / "kopie.tar.gz").read_text() == "de vorige"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
