"""A backup goes out and comes in whole, and nothing that was tampered with comes in at all."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import ingest.__main__ as entry
from index import archive as archive_module
from index.__main__ import result_as_json
from index.archive import MANIFEST, ArchiveError, export_archive, import_archive
from index.errors import NoVersionError
from index.maintenance import forget, forgotten
from index.searcher import Searcher
from index.versions import current_version, versions
from tests.conftest import ToyEncoder
from tests.index.toy import publish_corpus, publish_one
from tests.ingest.pdfs import text_pdf

QUESTIONS = (
    "Wie is voorzitter van Onderwijs en Cultuur?",
    "Welke zorgverzekeraar is preferent?",
    "wind op land",
    "Wanneer stelde het DOE het programmaplan vast?",
    "zzz",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder and a corpus with all that people and machine make."""
    folder = tmp_path_factory.mktemp("portaal")
    data, corpus = folder / "data", folder / "corpus"
    publish_one(data, "Een oudere versie, die niet meegaat.")
    publish_corpus(data)
    (corpus / "uploads").mkdir(parents=True)
    (corpus / "bronnen.toml").write_text("# register\n")
    (corpus / "begrippen.toml").write_text("# begrippen\n")
    (corpus / "uploads" / "Financiën (definitief).pdf").write_bytes(b"%PDF-1.7")
    (corpus / ".DS_Store").write_text("rommel")
    (data / "fetched").mkdir()
    (data / "fetched" / "aa.json").write_text("{}")
    (data / "models").mkdir()
    (data / "models" / "model.onnx").write_text("model")
    with closing(sqlite3.connect(data / "feedback.sqlite")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE feedback (helpful INTEGER)")
        connection.execute("INSERT INTO feedback VALUES (1)")
        connection.commit()
        yield folder  # with the database open, as the portal has it: the row stands in its log only


@pytest.fixture
def portal(made: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A copy of it: data folder and corpus."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "data", tmp_path / "corpus"


def answers(data: Path) -> list[str]:
    searcher = Searcher(data, ToyEncoder())
    results = (result_as_json(question, searcher.search(question)) for question in QUESTIONS)
    return [json.dumps({**result, "seconds": 0}, ensure_ascii=False) for result in results]


def feedback(data: Path) -> list[int]:
    with closing(sqlite3.connect(data / "feedback.sqlite")) as connection:
        return [row[0] for row in connection.execute("SELECT helpful FROM feedback")]


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


# ── There and back ───────────────────────────────────────────────────────────────────────────────────────────────


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


# ── Over something that is there ─────────────────────────────────────────────────────────────────────────────────


def test_import_keeps_what_it_replaces(portal: tuple[Path, Path], tmp_path: Path) -> None:
    data, corpus = portal
    export_archive(data, corpus, tmp_path / "kopie.tar.gz")
    before = answers(data)
    (corpus / "bronnen.toml").write_text("# nieuwer\n")
    (corpus / "nieuw.pdf").write_text("nieuw")
    (corpus / "begrippen.toml").unlink()
    newer = publish_one(data, "Een nieuwere versie.")
    came = import_archive(tmp_path / "kopie.tar.gz", data, corpus)
    assert answers(data) == before
    assert (corpus / "bronnen.toml").read_text() == "# register\n"
    assert (corpus / "begrippen.toml").exists()
    assert not (corpus / "nieuw.pdf").exists()
    assert came.aside is not None
    assert came.aside.parent == corpus
    aside = {name: data for name, data in contents(came.aside).items() if "feedback" not in name}
    assert aside == {"bronnen.toml": b"# nieuwer\n", "nieuw.pdf": b"nieuw"}
    assert newer in versions(data)


def test_import_of_a_database_is_not_spoilt_by_the_log_that_was_there(
    portal: tuple[Path, Path], tmp_path: Path
) -> None:
    data, corpus = portal
    export_archive(data, corpus, tmp_path / "kopie.tar.gz")
    with closing(sqlite3.connect(data / "feedback.sqlite")) as later:
        later.execute("INSERT INTO feedback VALUES (0)")
        later.commit()
        came = import_archive(tmp_path / "kopie.tar.gz", data, corpus)
    assert feedback(data) == [1]
    assert came.aside is not None
    assert feedback(came.aside / "data") == [1, 0]  # what was newer is kept


def test_import_of_a_version_that_differs_from_its_namesake(portal: tuple[Path, Path], tmp_path: Path) -> None:
    data, corpus = portal
    export_archive(data, corpus, tmp_path / "kopie.tar.gz")
    name, before = str(current_version(data)), answers(data)
    (data / "index" / name / "owners.npy").write_bytes(b"stuk")
    came = import_archive(tmp_path / "kopie.tar.gz", data, corpus)
    assert came.version == f"{name}.1" == current_version(data)
    assert answers(data) == before


def test_import_does_not_bring_back_what_was_removed_for_good(portal: tuple[Path, Path], tmp_path: Path) -> None:
    data, corpus = portal
    export_archive(data, corpus, tmp_path / "kopie.tar.gz")
    forget(data, "energievisie")
    import_archive(tmp_path / "kopie.tar.gz", data, corpus)
    assert [info.id for info in Searcher(data, ToyEncoder()).documents()] == ["overdracht"]
    assert [(one.id, one.done) for one in forgotten(data)] == [("energievisie", True)]
    assert not (data / "files" / "digest-energievisie.pdf").exists()


def test_export_takes_along_what_was_removed_for_good(portal: tuple[Path, Path], tmp_path: Path) -> None:
    data, corpus = portal
    forget(data, "energievisie")
    export_archive(data, corpus, tmp_path / "kopie.tar.gz")
    import_archive(tmp_path / "kopie.tar.gz", tmp_path / "kaal", tmp_path / "kaal-corpus")
    assert forgotten(tmp_path / "kaal") == forgotten(data)
    assert answers(tmp_path / "kaal") == answers(data)


def test_import_does_not_write_through_a_link(portal: tuple[Path, Path], tmp_path: Path) -> None:
    data, corpus = portal
    export_archive(data, corpus, tmp_path / "kopie.tar.gz")
    elsewhere = tmp_path / "elders"
    elsewhere.mkdir()
    shutil.rmtree(corpus / "uploads")
    (corpus / "uploads").symlink_to(elsewhere)
    import_archive(tmp_path / "kopie.tar.gz", data, corpus)
    assert list(elsewhere.iterdir()) == []
    assert (corpus / "uploads" / "Financiën (definitief).pdf").read_bytes() == b"%PDF-1.7"


# ── What cannot be made ──────────────────────────────────────────────────────────────────────────────────────────


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
    measure = archive_module._measure

    def changing(path: Path) -> tuple[int, str]:
        found = measure(path)
        if path.name == "bronnen.toml":
            path.write_text("# ander wo\n")
        return found

    monkeypatch.setattr(archive_module, "_measure", changing)
    with pytest.raises(ArchiveError, match=r"corpus/bronnen\.toml veranderde"):
        export_archive(*portal, tmp_path / "kopie.tar.gz")
    assert (tmp_path / "kopie.tar.gz").read_text() == "de vorige"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


# ── What does not come in ────────────────────────────────────────────────────────────────────────────────────────

Members = list[tuple[tarfile.TarInfo, bytes]]


def unpacked(file: Path) -> Members:
    with tarfile.open(file) as tar:
        return [(header, tar.extractfile(header).read()) for header in tar]  # type: ignore[union-attr]


def packed(members: Members) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz", format=tarfile.PAX_FORMAT) as tar:
        for header, content in members:
            header.size = len(content) if header.isreg() else 0
            tar.addfile(header, io.BytesIO(content))
    return raw.getvalue()


def listed(members: Members) -> Members:
    """The members with a manifest that speaks of them, as one who tampers would make it."""
    manifest = json.loads(members[0][1])
    manifest["members"] = [
        {"name": header.name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for header, content in members[1:]
    ]
    return [(members[0][0], json.dumps(manifest).encode()), *members[1:]]


def added(name: str, content: bytes = b"kwaad", **more: Any) -> Callable[[Members], Members]:
    def tamper(members: Members) -> Members:
        header = tarfile.TarInfo(name)
        for field, value in more.items():
            setattr(header, field, value)
        return listed([*members, (header, content)])

    return tamper


def changed(members: Members) -> Members:
    return [(header, content.replace(b"register", b"gerommel")) for header, content in members]


def manifest_with(**values: object) -> Callable[[Members], Members]:
    def tamper(members: Members) -> Members:
        return [(members[0][0], json.dumps({**json.loads(members[0][1]), **values}).encode()), *members[1:]]

    return tamper


def with_content(name: str, content: bytes) -> Callable[[Members], Members]:
    def tamper(members: Members) -> Members:
        return listed([(header, content if header.name.endswith(name) else old) for header, old in members])

    return tamper


def huge_header(members: Members) -> Members:
    """A name of 64 MB in a PAX record, which packs to nothing."""
    header = tarfile.TarInfo("corpus/x")
    header.pax_headers = {"comment": "0" * 64_000_000}
    return [*members, (header, b"")]


TAMPERED: dict[str, tuple[Callable[[Members], Members], str]] = {
    "path traversal": (added("corpus/../../buiten"), "hoort niet in een reservekopie"),
    "absolute": (added("/buiten"), "hoort niet"),
    "elsewhere": (added("geheim/x"), "hoort niet"),
    "hidden": (added("corpus/.git/hooks/pre-commit"), "hoort niet"),
    "a model": (added("data/models/model.onnx"), "hoort niet"),
    "CURRENT": (added("data/index/CURRENT"), "hoort niet"),
    "another version": (added("data/index/20200101T000000000000Z/manifest.json"), "hoort niet"),
    "zero byte": (added("corpus/a\0b"), "hoort niet|staat iets anders"),
    "twice": (added("corpus/bronnen.toml"), "hoort niet"),
    "file and folder": (added("corpus/bronnen.toml/x"), "zowel een bestand als een map"),
    "symbolic link": (added("corpus/x", b"", type=tarfile.SYMTYPE, linkname="/etc/passwd"), "staat iets anders"),
    "hard link": (added("corpus/x", b"", type=tarfile.LNKTYPE, linkname="corpus/bronnen.toml"), "staat iets anders"),
    "device": (added("corpus/x", b"", type=tarfile.CHRTYPE, devmajor=1, devminor=5), "staat iets anders"),
    "pipe": (added("corpus/x", b"", type=tarfile.FIFOTYPE), "staat iets anders"),
    "folder": (added("corpus/x", b"", type=tarfile.DIRTYPE), "staat iets anders"),
    "changed": (changed, "niet meer wat het was"),
    "missing": (lambda members: members[:-1], "ontbreekt"),
    "not listed": (lambda members: [*members, (tarfile.TarInfo("corpus/x"), b"x")], "meer in het archief"),
    "other order": (lambda members: [members[0], *members[:0:-1]], "staat iets anders"),
    "no manifest": (lambda members: members[1:], "staat iets anders"),
    "other form": (manifest_with(form=2), "andere uitgave"),
    "version elsewhere": (manifest_with(version=".."), "hoort niet"),
    "no members": (manifest_with(members=None), "geen reservekopie"),
    "negative size": (manifest_with(members=[{"name": "corpus/x", "size": -5, "sha256": ""}]), "hoort niet"),
    "bomb of bytes": (manifest_with(members=[{"name": "corpus/x", "size": 10**15, "sha256": ""}]), "schijfruimte"),
    "bomb of headers": (huge_header, "groter dan|meer in het archief"),
    "damaged version": (with_content("owners.npy", b"niets"), "de zoekindex in het archief is niet heel"),
}


@pytest.mark.parametrize("how", sorted(TAMPERED))
def test_import_refuses_and_changes_nothing(portal: tuple[Path, Path], tmp_path: Path, how: str) -> None:
    data, corpus = portal
    file = tmp_path / "kopie.tar.gz"
    export_archive(data, corpus, file)
    tamper, what = TAMPERED[how]
    file.write_bytes(packed(tamper(unpacked(file))))
    publish_one(data, "De versie die antwoordt.")
    before = contents(tmp_path)
    with pytest.raises(ArchiveError, match=what) as raised:
        import_archive(file, data, corpus)
    assert str(raised.value).endswith("Er is niets veranderd.")
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    "how", ["nothing", "text", "no tar", "gone", *(f"cut {n}" for n in range(1, 8)), *"0123456789"]
)
def test_import_refuses_a_damaged_archive(portal: tuple[Path, Path], tmp_path: Path, how: str) -> None:
    data, corpus = portal
    file = tmp_path / "kopie.tar.gz"
    export_archive(data, corpus, file)
    whole = file.read_bytes()
    place = len(whole) * int(how) // 10 if how.isdigit() else 0
    made = {"nothing": b"", "text": b"Beste bureau,", "no tar": gzip.compress(b"Beste bureau,"), "gone": b""}
    if how.startswith("cut"):
        file.write_bytes(whole[: len(whole) * int(how[4:]) // 8])
    else:
        file.write_bytes(made.get(how, whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]))
    if how == "gone":
        file.unlink()
    before = contents(tmp_path)
    with pytest.raises(ArchiveError, match=r"kopie\.tar\.gz: .* Er is niets veranderd\."):
        import_archive(file, data, corpus)
    assert contents(tmp_path) == before


def test_import_broken_off_goes_on_answering_and_can_be_done_again(
    portal: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, corpus = portal
    file = tmp_path / "kopie.tar.gz"
    export_archive(data, corpus, file)
    wanted = answers(data)
    publish_one(data, "De versie die antwoordt.")
    (corpus / "bronnen.toml").write_text("# nieuwer\n")
    for step in ("put_in_place", "_put_version", "_put_tree", "switch"):
        with monkeypatch.context() as patch:

            def broken(*_args: object, **_more: object) -> None:
                raise OSError(28, "No space left on device")

            patch.setattr(archive_module, step, broken)
            if step == "put_in_place":
                shutil.rmtree(data / "index" / json.loads(unpacked(file)[0][1])["version"])
            with pytest.raises(OSError, match="No space"):
                import_archive(file, data, corpus)
        hits = Searcher(data, ToyEncoder()).search("Welke versie antwoordt?").hits
        assert hits[0].passage.text == "De versie die antwoordt."
    import_archive(file, data, corpus)
    assert answers(data) == wanted
    assert (corpus / "bronnen.toml").read_text() == "# register\n"
