from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import ingest.pipeline as pipeline
from ingest.documents import Document, Source
from ingest.extracted import Extracted
from ingest.ledger import Before, Change, State
from ingest.pipeline import Kept, Reading, _ranges, digest_of, read_here, read_sources
from ingest.readers import read_document
from tests.ingest.pdfs import Sheet, drawn_pdf, locked, stacked, text_pdf

OLD, NEW, BROKEN = text_pdf("Wat er gisteren stond."), text_pdf("Wat er vandaag staat."), b"%PDF-1.7 stuk"


def source(folder: Path, data: bytes | None, name: str = "nota.pdf") -> Source:
    if data is not None:
        (folder / name).write_bytes(data)
    return Source(Path(name).stem, "Nota", path=folder / name)


def no_copy(digest: str) -> Kept | None:
    return None


def read_one(
    one: Source, before: dict[str, str] | None = None, kept: Callable[[str], Kept | None] = no_copy
) -> Reading:
    return read_sources([one], known(before or {}), kept)


def known(digests: dict[str, str], file: str = "nota.pdf") -> dict[str, Before]:
    """What the last version had, by id."""
    return {one: Before(Source(one, "Nota"), digest, file if digest else "") for one, digest in digests.items()}


def copy_of(data: bytes) -> Callable[[str], Kept | None]:
    return lambda digest: Kept("nota.pdf", data)


# (searchable before: None is absent, '' is nothing) × (now) × (copy) → state, change, what is searchable now
COMBINATIONS = [
    (None, NEW, None, "gelezen", "nieuw", "vandaag"),
    (None, BROKEN, None, "beschadigd", "nieuw", ""),
    (None, None, None, "bestand ontbreekt", "nieuw", ""),
    ("", NEW, None, "gelezen", "nieuw", "vandaag"),
    ("", BROKEN, None, "beschadigd", "ongewijzigd", ""),
    ("", None, None, "bestand ontbreekt", "ongewijzigd", ""),
    ("OLD", OLD, OLD, "gelezen", "ongewijzigd", "gisteren"),
    ("OLD", NEW, OLD, "gelezen", "gewijzigd", "vandaag"),
    ("OLD", BROKEN, OLD, "beschadigd", "ongewijzigd", "gisteren"),
    ("OLD", b"", OLD, "leeg", "ongewijzigd", "gisteren"),
    ("OLD", locked(NEW, user="x"), OLD, "versleuteld", "ongewijzigd", "gisteren"),
    ("OLD", None, OLD, "bestand ontbreekt", "ongewijzigd", "gisteren"),
    ("OLD", BROKEN, None, "beschadigd", "gewijzigd", ""),  # no copy: it was lost
    ("OLD", BROKEN, NEW, "beschadigd", "gewijzigd", ""),  # the copy is not what it should be
    ("BROKEN", NEW, BROKEN, "gelezen", "gewijzigd", "vandaag"),
    ("BROKEN", b"", BROKEN, "leeg", "gewijzigd", ""),  # the copy cannot be read any more than the source
]


@pytest.mark.parametrize(("searchable", "now", "copy", "state", "change", "found"), COMBINATIONS)
def test_pipeline_tells_state_and_change_apart(
    tmp_path: Path, searchable: str | None, now: bytes | None, copy: bytes | None, state: str, change: str, found: str
) -> None:
    digests = {"OLD": digest_of(OLD), "BROKEN": digest_of(BROKEN), "": ""}
    before = {} if searchable is None else {"nota": digests[searchable]}
    reading = read_one(source(tmp_path, now), before, copy_of(copy) if copy is not None else no_copy)
    (entry,) = reading.entries
    assert (entry.state.value, entry.change.value) == (state, change)
    assert found in " ".join(passage.text for passage in reading.passages)
    assert bool(found) == bool(reading.documents) == bool(entry.digest) == bool(entry.passages)
    assert (entry.reason == "") == (state == "gelezen")
    if state != "gelezen" and found:
        assert entry.reason.endswith("De vorige versie blijft doorzoekbaar.")
        assert entry.file == "nota.pdf"
        assert reading.contents == {digest_of(OLD): OLD}


@pytest.mark.parametrize(
    "fault",
    [RecursionError(), MemoryError(), OverflowError(), UnicodeDecodeError("utf-8", b"", 0, 1, "x"), KeyError("x")],
)
def test_pipeline_loses_one_source_to_any_fault(
    tmp_path: Path, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(one: Source, data: bytes, file: str, digest: str) -> Document:
        if file == "stuk.pdf":
            raise fault
        return read_document(one, data, file, digest)

    monkeypatch.setattr(pipeline, "read_document", faulty)
    names = ["een.pdf", "stuk.pdf", "twee.pdf"]
    reading = read_sources(
        [source(tmp_path, NEW, name) for name in names], known({"stuk": digest_of(OLD)}), copy_of(OLD)
    )
    assert [entry.state.value for entry in reading.entries] == ["gelezen", "beschadigd", "gelezen"]
    assert type(fault).__name__ in reading.entries[1].reason
    assert len(reading.documents) == 3  # a copy under another name can be read


def test_pipeline_survives_a_copy_that_cannot_be_opened(tmp_path: Path) -> None:
    def broken(digest: str) -> Kept | None:
        raise PermissionError(13, "Permission denied")

    (entry,) = read_one(source(tmp_path, BROKEN), {"nota": digest_of(OLD)}, broken).entries
    assert (entry.state, entry.change) == (State.BESCHADIGD, Change.GEWIJZIGD)


def test_pipeline_lets_a_user_stop_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> Document:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "read_document", stopped)
    with pytest.raises(KeyboardInterrupt):
        read_one(source(tmp_path, NEW))


def test_pipeline_waits_for_a_source_with_only_an_address() -> None:
    reading = read_sources([Source("a", "A", url="https://vng.nl"), Source("b", "B")], {}, no_copy)
    assert [entry.state for entry in reading.entries] == [State.WACHT_OP_NETWERK, State.ZONDER_ADRES]


def test_pipeline_refuses_a_folder_and_a_giant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (entry,) = read_one(Source("map", "Map", path=tmp_path)).entries
    assert (entry.state, "is een map" in entry.reason) == (State.BESTAND_ONTBREEKT, True)
    monkeypatch.setattr(pipeline, "MAX_BYTES", 100)
    (entry,) = read_one(source(tmp_path, NEW)).entries
    assert entry.state is State.TE_GROOT


def test_pipeline_reads_two_files_with_one_content_and_says_so(tmp_path: Path) -> None:
    reading = read_sources([source(tmp_path, NEW, "een.pdf"), source(tmp_path, NEW, "twee.pdf")], {}, no_copy)
    assert [entry.warnings for entry in reading.entries] == [(), ("Dit is precies hetzelfde bestand als 'Nota'.",)]
    assert len({passage.passage_id for passage in reading.passages}) == 2
    assert len(reading.contents) == 1


def test_pipeline_counts_pages_and_names_those_without_text(tmp_path: Path) -> None:
    full = Sheet(stacked(["Een regel tekst."]))
    figure, blank = Sheet(raw=b"10 10 m 90 90 l S\n" * 30), Sheet()
    data = drawn_pdf(full, figure, figure, full, blank, figure)
    (entry,) = read_one(source(tmp_path, data)).entries
    assert (entry.pages, entry.pages_searchable, entry.words) == (6, 2, 6)
    assert entry.warnings == ("Zonder doorzoekbare tekst: pagina 2-3, 6.",)


@pytest.mark.parametrize(("numbers", "said"), [([1, 2, 3, 7], "1-3, 7"), ([4], "4"), ([1, 3, 5], "1, 3, 5"), ([], "")])
def test_pipeline_writes_ranges_of_pages(numbers: list[int], said: str) -> None:
    assert _ranges(numbers) == said


def test_pipeline_shows_its_progress(tmp_path: Path) -> None:
    sources = [source(tmp_path, NEW, name) for name in ("een.pdf", "twee.pdf")]
    shown: list[Source] = []
    read_sources(sources, {}, no_copy, shown.append)
    assert shown == sources
    assert shown == sources


def test_pipeline_reads_several_at_a_time_and_tells_in_order(tmp_path: Path) -> None:
    """Each of two readings waits until the other has begun: one after another, neither would end."""
    together = threading.Barrier(2, timeout=20)

    def meet(one: Source, data: bytes, file: str, digest: str) -> Extracted:
        together.wait()
        return read_here(one, data, file, digest)

    sources = [source(tmp_path, NEW, f"{number}.pdf") for number in range(4)]
    reading = read_sources(sources, {}, no_copy, read=meet, at_once=2)
    assert [entry.source for entry in reading.entries] == sources
    assert {entry.state for entry in reading.entries} == {State.GELEZEN}


def test_pipeline_a_file_under_another_name_has_moved(tmp_path: Path) -> None:
    was = {"oud": Before(Source("oud", "Oude nota"), digest_of(NEW), "oud.pdf")}
    (entry,) = read_sources([source(tmp_path, NEW)], was, no_copy).entries
    assert (entry.change, entry.warnings) == (
        Change.VERHUISD,
        ("Verhuisd: dit stond eerst als 'oud.pdf' in het portaal.",),
    )


def test_pipeline_a_second_copy_has_not_moved(tmp_path: Path) -> None:
    was = known({"nota": digest_of(NEW)})
    entries = read_sources([source(tmp_path, NEW), source(tmp_path, NEW, "kopie.pdf")], was, no_copy).entries
    assert [entry.change for entry in entries] == [Change.ONGEWIJZIGD, Change.NIEUW]
