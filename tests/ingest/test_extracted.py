from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import pytest

import ingest.extracted as extracted_module
from ingest.documents import CitedBy, Source
from ingest.errors import UnreadableError
from ingest.extracted import Extracted, ExtractionCache, Reader
from ingest.pipeline import digest_of, read_here
from tests.ingest.pdfs import text_pdf

DATA = text_pdf("De raad van Assen stelt het plan vast.", "Het plan geldt tot en met 2030.")
WITH_BSN = text_pdf("De heer Jansen heeft BSN 123456782 en woont in Assen.")
NOTA = Source("nota", "Nota", "VDG", 2026, ("Sport",), Path("nota.pdf"), "https://vdg.nl/nota.pdf")


def counted(folder: Path) -> tuple[Reader, list[Source], ExtractionCache]:
    """A reader that keeps, and the sources that were truly read."""
    read: list[Source] = []

    def read_and_count(source: Source, data: bytes, file: str, digest: str) -> Extracted:
        read.append(source)
        return read_here(source, data, file, digest)

    cache = ExtractionCache(folder)
    return cache.reader(read_and_count), read, cache


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_extracted_gives_what_was_read_without_reading_again(tmp_path: Path) -> None:
    once = counted(tmp_path)[0](NOTA, DATA, "nota.pdf", digest_of(DATA))
    reader, read, _ = counted(tmp_path)
    assert reader(NOTA, DATA, "nota.pdf", digest_of(DATA)) == once == read_here(NOTA, DATA, "nota.pdf", digest_of(DATA))
    assert read == []


def test_extracted_follows_the_register_where_it_is_no_part_of_the_reading(tmp_path: Path) -> None:
    counted(tmp_path)[0](NOTA, DATA, "nota.pdf", digest_of(DATA))
    reader, read, _ = counted(tmp_path)
    moved = replace(NOTA, path=Path("elders/nota.pdf"), url=None, cited_by=(CitedBy("overdracht", 3, "de nota"),))
    assert reader(moved, DATA, "nota.pdf", digest_of(DATA)).document.source == moved
    assert read == []


@pytest.mark.parametrize("what", ["title", "portefeuilles", "id", "name", "content", "code", "tesseract"])
def test_extracted_reads_anew_when_anything_that_counts_changed(
    tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(tmp_path)[0](NOTA, DATA, "nota.pdf", digest_of(DATA))
    source, data, name = NOTA, DATA, "nota.pdf"
    match what:
        case "title":
            source = replace(NOTA, title="De nota")
        case "portefeuilles":
            source = replace(NOTA, portefeuilles=())
        case "id":
            source = replace(NOTA, id="andere-nota")
        case "name":
            name = "nota.md"
        case "content":
            data = text_pdf("Iets anders.")
        case "code":
            monkeypatch.setattr(extracted_module, "_code", lambda: "other")
        case _:
            monkeypatch.setattr("ingest.extracted.ocr.version", lambda: "tesseract 99")
    reader, read, _ = counted(tmp_path)
    reader(source, data, name, digest_of(data))
    assert read == [source]


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "other"])
def test_extracted_reads_anew_what_was_damaged(tmp_path: Path, damage: str) -> None:
    once = counted(tmp_path)[0](NOTA, DATA, "nota.pdf", digest_of(DATA))
    (path,) = tmp_path.iterdir()
    kept = bytearray(path.read_bytes())
    kept[len(kept) // 2] ^= 0x10
    damaged = {"cut": kept[:-9], "flip": kept, "empty": bytearray(), "other": bytearray(zlib.compress(b"{}"))}
    path.write_bytes(damaged[damage])
    reader, read, _ = counted(tmp_path)
    assert reader(NOTA, DATA, "nota.pdf", digest_of(DATA)) == once
    assert read == [NOTA]
    assert counted(tmp_path)[0](NOTA, DATA, "nota.pdf", digest_of(DATA)) == once  # mended


def test_extracted_keeps_nothing_of_what_goes_in_quarantine(tmp_path: Path) -> None:
    counted(tmp_path)[0](NOTA, WITH_BSN, "nota.pdf", digest_of(WITH_BSN))
    assert files(tmp_path) == []
    released = replace(NOTA, personal_data="vrijgegeven: voorbeeldnummer")
    counted(tmp_path)[0](released, WITH_BSN, "nota.pdf", digest_of(WITH_BSN))
    assert len(files(tmp_path)) == 1


def test_extracted_keeps_no_refusal(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        counted(tmp_path)[0](NOTA, b"%PDF-1.7 stuk", "nota.pdf", "0" * 64)
    assert files(tmp_path) == []


def test_extracted_clears_what_nobody_asked_for(tmp_path: Path) -> None:
    first, other = text_pdf("Eerst."), text_pdf("Daarna.")
    for data in (first, other):
        counted(tmp_path)[0](NOTA, data, "nota.pdf", digest_of(data))
    reader, _, cache = counted(tmp_path)
    reader(NOTA, other, "nota.pdf", digest_of(other))
    cache.clear_unused()
    (left,) = files(tmp_path)
    assert left.startswith(digest_of(other))


def test_extracted_goes_on_without_a_place_to_keep_things(tmp_path: Path) -> None:
    (tmp_path / "readings").write_text("a file where the folder should be")
    reader, read, cache = counted(tmp_path / "readings")
    assert reader(NOTA, DATA, "nota.pdf", digest_of(DATA)).passages
    cache.clear_unused()
    assert read == [NOTA]


@pytest.mark.parametrize(
    ("warning", "tesseract", "kept"),
    [
        ("Alleen beeld, niet gelezen: pagina 3.", True, 0),
        ("Onbetrouwbare tekstlaag: pagina 3.", True, 0),
        ("Alleen beeld, niet gelezen: pagina 3.", False, 1),  # another run cannot do better, until Tesseract is there
        ("Van het beeld gelezen (tekstherkenning): pagina 3.", True, 1),
    ],
)
def test_extracted_keeps_no_reading_that_another_run_may_finish(
    tmp_path: Path, warning: str, tesseract: bool, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.extracted.ocr.available", lambda: tesseract)

    def read_partly(source: Source, data: bytes, file: str, digest: str) -> Extracted:
        whole = read_here(source, data, file, digest)
        return replace(whole, document=replace(whole.document, warnings=(warning,)))

    ExtractionCache(tmp_path).reader(read_partly)(NOTA, DATA, "nota.pdf", digest_of(DATA))
    assert len(files(tmp_path)) == kept
