"""A backup comes in whole, over whatever is there, and nothing that was tampered with comes in at all."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import sqlite3
import tarfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from index import archive_import
from index.archive import ArchiveError
from index.archive_export import export_archive
from index.archive_import import import_archive
from index.forgetting import forget
from index.forgotten import forgotten
from index.searcher import Searcher
from index.versions import current_version, versions
from tests.conftest import ToyEncoder
from tests.index.portals import answers, contents, feedback
from tests.index.toy import publish_one


def with_a_byte_changed(archive: bytes, place: int) -> bytes:
    """The archive with the first byte from a place on changed that says something.

    Some bytes of a gzip file say nothing of what it holds (a time, which of two equal stretches is repeated): with
    another value there it is the same archive, and rightly taken.
    """
    before = gzip.decompress(archive)
    for at in range(place, len(archive)):
        changed = archive[:at] + bytes([archive[at] ^ 0x55]) + archive[at + 1 :]
        try:
            if gzip.decompress(changed) != before:
                return changed
        except (EOFError, gzip.BadGzipFile, zlib.error):
            return changed
    raise AssertionError("no byte from there on says anything")


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


def one_byte(name: str) -> Callable[[Members], Members]:
    def tamper(members: Members) -> Members:
        changed = (
            content[:-1] + bytes([content[-1] ^ 1]) if h.name.endswith(name) else content for h, content in members
        )
        return listed([(header, content) for (header, _), content in zip(members, changed, strict=True)])

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
    "version changed in one byte": (
        one_byte("vectors.faiss"),
        r"niet heel \(het bestand vectors\.faiss is veranderd\)",
    ),
    "version of another release": (
        with_content("/manifest.json", b'{"form": 1}'),
        r"andere uitgave van het portaal \(de vorm is 1 in plaats van \d+\)",
    ),
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
    made = {"nothing": b"", "text": b"Beste bureau,", "no tar": gzip.compress(b"Beste bureau,"), "gone": b""}
    if how.startswith("cut"):
        file.write_bytes(whole[: len(whole) * int(how[4:]) // 8])
    else:
        file.write_bytes(made[how] if how in made else with_a_byte_changed(whole, len(whole) * int(how) // 10))
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

            patch.setattr(archive_import, step, broken)
            if step == "put_in_place":
                shutil.rmtree(data / "index" / json.loads(unpacked(file)[0][1])["version"])
            with pytest.raises(OSError, match="No space"):
                import_archive(file, data, corpus)
        hits = Searcher(data, ToyEncoder()).search("Welke versie antwoordt?").hits
        assert hits[0].passage.text == "De versie die antwoordt."
    import_archive(file, data, corpus)
    assert answers(data) == wanted
    assert (corpus / "bronnen.toml").read_text() == "# register\n"
