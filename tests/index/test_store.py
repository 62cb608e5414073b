from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.builder import describe
from index.errors import DamagedVersionError, UnknownDocumentError
from index.results import DocumentInfo, SourceStatus
from index.store import Store, write_store
from ingest.documents import Box, Document, Line, Passage, Unit
from tests.index.toy import HANDOVER, PASSAGES, STATUSES, VISION, document_of, pages_of

VOCABULARY = {"gemeente": 12, "zorgverzekeraar": 1, "café": 2}
HANDOVER_PASSAGES = [passage for passage in PASSAGES if passage.document_id == HANDOVER.id]


def written(
    file: Path,
    passages: Sequence[Passage] = PASSAGES,
    sources: Sequence[SourceStatus] = STATUSES,
    documents: Sequence[tuple[Document, DocumentInfo]] | None = None,
) -> Store:
    if documents is None:
        made = [
            document_of(source, pages_of([passage for passage in PASSAGES if passage.document_id == source.id]))
            for source in (HANDOVER, VISION)
        ]
        documents = [(document, describe(document, passages)) for document in made]
    write_store(file, documents, passages, VOCABULARY, sources)
    return Store(file)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return written(tmp_path_factory.mktemp("opslag") / "store.sqlite")


def test_store_gives_passages_back_as_they_were(store: Store) -> None:
    assert store.passages == len(PASSAGES)
    assert store.passages_at(range(len(PASSAGES))) == PASSAGES  # text, units with lead-ins, regions with boxes, all


def test_store_whose_file_was_removed_is_still_read_by_every_thread(tmp_path: Path) -> None:
    folder = tmp_path / "versie"
    folder.mkdir()
    store = written(folder / "store.sqlite")
    shutil.rmtree(folder)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: store.passages_at([2, 0]), range(40)))
    assert found == [[PASSAGES[2], PASSAGES[0]]] * 40


def test_store_gives_passages_in_the_order_asked_for(store: Store) -> None:
    assert store.passages_at([4, 0, 4]) == [PASSAGES[4], PASSAGES[0], PASSAGES[4]]
    assert store.passages_at([]) == []


def test_store_keeps_every_character_of_a_passage(tmp_path: Path) -> None:
    text = "“’s Middags” \\ [b]…[/] <b>&amp;</b> 🙂 ‮ \ufb01 € 28,2 \t e\u0301\n  ◦ ✓ 'quote\" %_; --"
    odd = Passage(
        passage_id="overdracht:00099",
        document_id=HANDOVER.id,
        heading_path=("A › B", "", "[red]x[/]"),
        portefeuilles=(),
        text=text,
        units=(Unit(0, 5, "Lijst: “a”"), Unit(5, len(text))),
        regions=((3, Box(0.1, 0.2, 594.9, 841.9)), (4, Box(-1.0, 2.5, 3.0, 4.0))),
        anchor="wat-doet-de-vdg?-ë&\"'",
    )
    assert written(tmp_path / "store.sqlite", [odd]).passages_at([0]) == [odd]


def test_store_rounds_boxes_to_a_tenth_of_a_point(tmp_path: Path) -> None:
    box = Box(1.23456, 2.34567, 3.45678, 4.56789)
    passage = replace(PASSAGES[0], regions=((1, box),))
    ((page, found),) = written(tmp_path / "store.sqlite", [passage]).passages_at([0])[0].regions
    assert page == 1
    assert (found.left, found.top, found.right, found.bottom) == pytest.approx(
        (box.left, box.top, box.right, box.bottom), abs=0.05
    )


def test_store_knows_documents_in_the_registers_order(store: Store) -> None:
    handover, vision = store.documents()
    assert (handover.id, handover.title, handover.file, handover.publisher, handover.date, handover.url) == (
        *("overdracht", "Overdrachtsdocument 2026", "overdracht.pdf", "Vereniging van Drentse Gemeenten", "2026"),
        None,
    )
    assert (handover.pages, handover.pages_searchable, handover.passages) == (5, 5, 7)
    assert vision.url == "https://example.org/visie"
    assert vision.portefeuilles == ("Energie, Klimaat en Milieu",)
    assert vision.kind == "rapport"
    assert store.document("energievisie") == vision
    assert store.kept_name("energievisie") == "digest-energievisie.pdf"


@pytest.mark.parametrize("document_id", ["", "weg", "' OR 1=1", "Overdracht"])
def test_store_says_which_document_is_unknown(store: Store, document_id: str) -> None:
    for ask in (store.document, store.kept_name, store.passages_in, lambda name: store.page(name, 1)):
        with pytest.raises(UnknownDocumentError, match="staat niet"):
            ask(document_id)


def test_store_gives_all_passages_of_a_document_in_reading_order(store: Store) -> None:
    own = [passage for passage in PASSAGES if passage.document_id == PASSAGES[0].document_id]

    assert list(store.passages_in(PASSAGES[0].document_id)) == own
    with pytest.raises(UnknownDocumentError):
        store.passages_in("gone")


def test_store_gives_pages_with_their_lines_and_the_passages_that_begin_there(tmp_path: Path) -> None:
    lines = (
        Line("Voorzitter: 's avonds bereikbaar", Box(50.0, 60.0, 300.0, 72.5), 10.5, 700, True),
        Line("Een gewone regel", Box(50.0, 74.0, 300.0, 86.0), 9.0),
    )
    document = document_of(HANDOVER, pages_of(HANDOVER_PASSAGES))
    first = replace(document.pages[0], label="iv", width=420.9, height=595.3, lines=lines)
    document = replace(document, pages=(first, *document.pages[1:]))
    info = describe(document, HANDOVER_PASSAGES)
    store = written(tmp_path / "store.sqlite", HANDOVER_PASSAGES, documents=[(document, info)])
    page = store.page(HANDOVER.id, 1)
    assert (page.number, page.label, page.width, page.height, page.lines) == (1, "iv", 420.9, 595.3, lines)
    assert page.text == "Voorzitter: 's avonds bereikbaar\nEen gewone regel"
    begun = [[passage.passage_id for passage in store.page(HANDOVER.id, number).passages] for number in range(1, 6)]
    assert [[name[-1] for name in names] for names in begun] == [["1"], ["2", "3"], ["4"], ["5", "6"], ["7"]]


def test_store_gives_the_passages_of_a_document_in_reading_order(store: Store) -> None:
    assert store.passages_in(HANDOVER.id) == tuple(HANDOVER_PASSAGES)


@pytest.mark.parametrize("number", [0, -1, 6, 1_000_000])
def test_store_says_which_page_there_is_not(store: Store, number: int) -> None:
    with pytest.raises(IndexError, match=f"overdracht heeft geen pagina {number}"):
        store.page("overdracht", number)


def test_store_keeps_the_ledger(store: Store) -> None:
    assert store.sources() == STATUSES


def test_store_keeps_the_vocabulary(store: Store) -> None:
    assert store.vocabulary() == VOCABULARY


def test_store_counts_the_passages_below_each_heading_once(store: Store, tmp_path: Path) -> None:
    repeated = [replace(PASSAGES[0], heading_path=("Sport", "Sport"))]
    below = {heading for passage in PASSAGES for heading in passage.heading_path}
    headings = store.headings()
    assert set(headings) == below
    assert headings["Bereikt"] == sum("Bereikt" in passage.heading_path for passage in PASSAGES)
    assert written(tmp_path / "store.sqlite", repeated).headings() == {"Sport": 1}


def test_store_tells_documents_and_portefeuilles_of_rows(store: Store) -> None:
    assert store.passage_documents() == [passage.document_id for passage in PASSAGES]
    expected = {(name, row) for row, passage in enumerate(PASSAGES) for name in passage.portefeuilles}
    assert set(store.passage_portefeuilles()) == expected


@pytest.mark.parametrize(
    ("words", "rows"),
    [("(doe)", [3]), ("zilveren kruis", [4]), ("€ 28,2", [4]), ("%", []), ("_", []), ("'", []), ("rijbewijs", [])],
)
def test_store_finds_very_words(store: Store, words: str, rows: list[int]) -> None:
    assert store.texts_with(words) == rows
    assert store.texts_with("rijbewijs", words) == rows  # one of them is enough


def test_store_serves_more_passages_than_sqlite_takes_values(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    # SQLite as it is shipped takes 32,766 values in a statement; some systems build it with more
    connect = sqlite3.connect

    def limited(*arguments: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **named)
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 32766)
        return connection

    monkeypatch.setattr(sqlite3, "connect", limited)
    with ThreadPoolExecutor(1) as pool:  # a thread of its own, so that it opens its own connection
        assert len(pool.submit(store.passages_at, [0] * 33_000).result()) == 33_000


def test_store_serves_many_threads(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: store.passages_at([number % 9])[0].passage_id, range(200)))
    assert found == [PASSAGES[number % 9].passage_id for number in range(200)]


def test_store_is_never_written_to(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    opened = written(file)
    before = file.read_bytes()
    opened.sources()
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["store.sqlite"]  # no journal beside it
    with pytest.raises((sqlite3.OperationalError, DamagedVersionError), match="readonly"):
        list(opened._rows("DELETE FROM passage"))


def test_store_of_nothing(tmp_path: Path) -> None:
    empty = written(tmp_path / "store.sqlite", [], (), [])
    assert (empty.passages, empty.documents(), empty.sources(), empty.passage_documents()) == (0, (), (), [])


@pytest.mark.parametrize("damage", ["missing", "empty", "half", "garbage", "schema"])
def test_store_that_is_damaged_says_so(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "store.sqlite"
    written(file)
    whole = file.read_bytes()
    file.unlink()
    if damage == "schema":
        sqlite3.connect(file).execute("CREATE TABLE anders (a)")
    elif damage != "missing":
        file.write_bytes({"empty": b"", "half": whole[: len(whole) // 2], "garbage": b"kapot" * 999}[damage])
    with pytest.raises(DamagedVersionError, match=r"store\.sqlite"):
        Store(file)


def test_store_damaged_in_the_middle_says_so_when_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    written(file)
    content = bytearray(file.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)  # the schema stays, what the tables hold is gone
    file.write_bytes(content)

    def read() -> None:
        store = Store(file)
        store.passages_at(range(store.passages))
        store.page(HANDOVER.id, 1)
        store.vocabulary()
        store.sources()

    with pytest.raises(DamagedVersionError, match=r"store\.sqlite"):
        read()
