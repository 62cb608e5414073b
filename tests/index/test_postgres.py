"""Versions on a real PostgreSQL server: the same answers as from a folder, whatever happens meanwhile."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest

from eval.benchmarks.postgres_server import Server
from eval.questions import read_questions
from index.edition import DocumentContent, Edition, edition_of
from index.encoder import Encoder, load_encoder
from index.errors import BackendError, NoVersionError, ReplacedVersionError
from index.forgetting import forget
from index.postgres.connecting import connect, migrate
from index.postgres.publishing import publish
from index.postgres.server import Postgres
from index.results import SearchResult
from index.searcher import Searcher, published_version
from index.settings import ROOT, Settings
from ingest.documents import Source
from tests.conftest import Bureau, ToyEncoder
from tests.index.toy import GW, OC, document_of, passage_of, publish_one, publish_toy

QUESTIONS = [
    "Wie is voorzitter van Onderwijs en Cultuur?",
    "Wat is het DOE?",
    "Hoeveel geld is er voor mentale veerkracht?",
    'zorgverzekeraar "Zilveren Kruis"',
    "zorgverzekeraar -regio",
    "Welke doelen heeft het coalitieakkoord?",
    "Wat staat er in de energievisie van de provincie?",
    "fiets",
]
# What the server may let through before it looks for the nearest; 0: always the nearest.
FEW = pytest.mark.parametrize("few", [1000, 0], ids=["all", "candidates"])
TABLES = ("content", "page", "passage", "passage_words", "passage_vector")


def on_server(data: Path, address: str, encoder: Encoder, few: int = 1000) -> Searcher:
    return Searcher(data, encoder, backend=Postgres(address, few))


def rows(address: str, statement: str) -> list[tuple[object, ...]]:
    with closing(connect(address)) as connection:
        return connection.execute(statement.encode()).fetchall()


def ids(result: SearchResult) -> list[str]:
    return [hit.passage.passage_id for hit in result.hits]


def wait_for(name: str | None, data: Path, address: str) -> None:
    for _ in range(600):
        if published_version(data, address) == name:
            return
        time.sleep(0.1)
    raise AssertionError("the replica did not follow")


@pytest.fixture
def on_both(published: Path, address: str) -> Path:
    """The toy corpus in a folder and on the server."""
    publish(address, edition_of(published))
    return published


@FEW
@pytest.mark.parametrize("question", QUESTIONS)
def test_postgres_finds_what_the_folder_finds(on_both: Path, address: str, question: str, few: int) -> None:
    embedded, server = Searcher(on_both, ToyEncoder()), on_server(on_both, address, ToyEncoder(), few)
    expected, found = embedded.search(question), server.search(question)
    # what a document adds to its passages is told from its middle, and moves some that are nearly alike
    assert ids(found)[:2] == ids(expected)[:2]
    assert set(ids(found)) == set(ids(expected))
    assert found.answer.text == expected.answer.text
    assert found.answer.confidence == pytest.approx(expected.answer.confidence, abs=0.02)
    assert (found.searched, found.reading) == (expected.searched, expected.reading)
    assert found.hits[:1] == () or found.hits[0].marks == expected.hits[0].marks


def test_postgres_shows_what_the_folder_shows(on_both: Path, address: str) -> None:
    embedded, server = Searcher(on_both, ToyEncoder()), on_server(on_both, address, ToyEncoder())
    assert server.documents() == embedded.documents()
    assert server.sources() == embedded.sources()
    assert (server.version, server.created) == (embedded.version, embedded.created)
    for document in embedded.documents():
        assert server.passages(document.id) == embedded.passages(document.id)
        assert server.file_path(document.id) == embedded.file_path(document.id)
        assert server.page(document.id, 1) == embedded.page(document.id, 1)
    with pytest.raises(IndexError):
        server.page(document.id, 999)
    assert server.completer().complete("zor") == embedded.completer().complete("zor")


@pytest.mark.model
@FEW
def test_postgres_agrees_on_the_handover(real_data: Path, address: str, few: int) -> None:
    settings = Settings.of_environment()
    encoder = load_encoder(settings.model, settings.models)
    publish(address, edition_of(real_data))
    embedded, server = Searcher(real_data, encoder), on_server(real_data, address, encoder, few)
    files = [ROOT / "eval" / name for name in ("questions.jsonl", "questions_second.jsonl")]
    first, eight = [], []
    for question in (one.question for file in files for one in read_questions(file)[::4]):
        expected, found = ids(embedded.search(question)), ids(server.search(question))
        first.append(found[:1] == expected[:1])
        eight.append(len(set(found) & set(expected)) >= min(8, len(expected)))
    assert np.mean(first) >= 0.97
    assert np.mean(eight) >= 0.95


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1,200 passages in twelve documents, all much alike; three of them are of a portefeuille of their own."""
    data = tmp_path_factory.mktemp("veel")
    draw = random.Random(6)
    words = [f"woord{number}" for number in range(200)]
    documents = [document_of(Source(f"stuk{number}", f"Stuk {number}"), [["tekst"]]) for number in range(12)]
    passages = []
    for number in range(1200):
        rare = number % 400 == 7
        text = " ".join(draw.choices(words, k=30))
        passages.append(passage_of(f"stuk{number % 12}", number // 12, [text], portefeuilles=[OC] if rare else [GW]))
    passages.sort(key=lambda one: int(one.document_id[4:]))
    publish_toy(data, documents, passages)
    return data


@FEW
@pytest.mark.parametrize("asked", [{"portefeuilles": [OC]}, {"documents": ["stuk3"]}, {"portefeuilles": [GW]}, {}])
def test_postgres_filters_lose_no_recall(many: Path, address: str, asked: dict[str, Any], few: int) -> None:
    publish(address, edition_of(many))
    embedded, server = Searcher(many, ToyEncoder()), on_server(many, address, ToyEncoder(), few)
    for question in ("woord7 woord12", "Waar gaat woord150 over?", "woord3 woord4 woord5 woord6"):
        expected, found = embedded.search(question, **asked), server.search(question, **asked)
        assert ids(found)[:1] == ids(expected)[:1]
        assert len(set(ids(found)) & set(ids(expected))) >= 0.9 * len(ids(expected))
        assert found.searched == expected.searched


# ── Publishing ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_postgres_killed_in_mid_publication_the_last_version_answers(
    server: Server, address: str, tmp_path: Path, toy_encoder: Encoder
) -> None:
    publish_one(tmp_path, "De eerste versie blijft antwoorden.")
    publish(address, edition_of(tmp_path))
    first = published_version(tmp_path, address)
    before = [rows(address, f"SELECT count(*) FROM {table}") for table in TABLES]
    publish_one(tmp_path, "De tweede versie komt nooit aan.")
    edition = edition_of(tmp_path)

    def cut_off() -> Iterator[DocumentContent]:
        yield from edition.contents
        server.kill()

    with pytest.raises(BackendError):
        publish(address, replace(edition, contents=cut_off()))
    server.start()
    assert published_version(tmp_path, address) == first
    assert (
        on_server(tmp_path, address, toy_encoder).search("Welke versie?").hits[0].passage.text.startswith("De eerste")
    )
    assert [rows(address, f"SELECT count(*) FROM {table}") for table in TABLES] == before
    publish(address, edition_of(tmp_path))
    assert (
        on_server(tmp_path, address, toy_encoder).search("Welke versie?").hits[0].passage.text.startswith("De tweede")
    )


def test_postgres_portals_see_the_switch_and_finish_what_they_began(
    address: str, tmp_path: Path, toy_encoder: Encoder
) -> None:
    names = []
    for number in range(1, 3):
        publish_one(tmp_path, f"Dit is uitgave {number}.", "Een zin die blijft.")
        publish(address, edition_of(tmp_path))
        names.append(published_version(tmp_path, address))
        if number == 1:
            portals = [on_server(tmp_path, address, toy_encoder) for _ in range(2)]
    assert names[0] != names[1]
    assert {portal.search("Welke uitgave?").hits[0].passage.text for portal in portals} == {"Dit is uitgave 1."}
    assert (
        on_server(tmp_path, address, toy_encoder).search("Welke uitgave?").hits[0].passage.text == "Dit is uitgave 2."
    )


def test_postgres_portals_read_from_a_replica(server: Server, address: str, tmp_path: Path) -> None:
    replica, encoder = Server(server), ToyEncoder()
    try:
        replica.start()
        there = address.replace(str(server.folder), str(replica.folder))
        for number in (1, 2):
            publish_one(tmp_path, f"Dit is uitgave {number}.", "Een zin die blijft.")
            publish(address, edition_of(tmp_path))
            wait_for(published_version(tmp_path, address), tmp_path, there)
            found = on_server(tmp_path, there, encoder).search("Welke uitgave?")
            assert found.hits[0].passage.text == f"Dit is uitgave {number}."
        with pytest.raises(BackendError):
            publish(there, replace(edition_of(tmp_path), name="een andere"))
    finally:
        replica.remove()


def test_postgres_what_did_not_change_is_kept_once(address: str, tmp_path: Path) -> None:
    kept = [passage_of("blijft", 1, ["Een zin die blijft."])]
    for number in range(2):
        changing = passage_of("wisselt", 1, [f"Een zin {'nu' if number else 'toen'}."])
        documents = [document_of(Source(one, one), [["zin"]]) for one in ("blijft", "wisselt")]
        publish_toy(tmp_path, documents, [*kept, changing])
        publish(address, edition_of(tmp_path))
    count = "SELECT document_id, count(*)::int FROM content GROUP BY 1 ORDER BY 1"
    assert rows(address, count) == [("blijft", 1), ("wisselt", 2)]


def test_postgres_keeps_nothing_of_what_the_folder_removed(address: str, tmp_path: Path, toy_encoder: Encoder) -> None:
    documents = [document_of(Source(one, one), [["zin"]]) for one in ("blijft", "gaat")]
    publish_toy(tmp_path, documents, [passage_of("blijft", 1, ["Iets."]), passage_of("gaat", 1, ["Geheim."])])
    publish(address, edition_of(tmp_path))
    old = on_server(tmp_path, address, toy_encoder)
    forget(tmp_path, "gaat")
    publish(address, edition_of(tmp_path))
    for table in TABLES:
        assert rows(address, f"SELECT DISTINCT document_id FROM {table}") == [("blijft",)]
    for look in (old.search, old.passages):
        with pytest.raises(ReplacedVersionError, match="Stel de vraag opnieuw"):
            look("gaat")


def test_postgres_a_version_that_is_still_there_is_only_switched_to(address: str, tmp_path: Path) -> None:
    editions: list[Edition] = []
    for number in range(2):
        publish_one(tmp_path, f"Uitgave {number}.")
        editions.append(edition_of(tmp_path))
        publish(address, editions[-1])
    publish(address, replace(editions[0], kept=[one.name for one in editions], contents=iter(())))
    assert published_version(tmp_path, address) == editions[0].name
    assert rows(address, "SELECT count(*)::int FROM version") == [(2,)]


@pytest.mark.parametrize("text", ["Thema's \\ en 'haken' $1 %s \x00 <b>", "x" * 3000 + " zorg", "🚲 \u202e draait om"])
def test_postgres_takes_whatever_stands_in_a_document(
    address: str, tmp_path: Path, toy_encoder: Encoder, text: str
) -> None:
    publish_one(tmp_path, text, "Een gewone zin over zorg.")
    publish(address, edition_of(tmp_path))
    server = on_server(tmp_path, address, toy_encoder, 0)
    assert text.replace("\x00", "\ufffd") in {hit.passage.text for hit in server.search(text).hits}
    assert server.search(f'"{text[:40]}" -\'; DROP TABLE version; --').searched.passages == 2


def test_postgres_migrations_are_applied_in_order_and_once(address: str) -> None:
    with closing(connect(address)) as connection:
        applied = migrate(connection)
        connection.commit()
        assert applied == sorted(applied)
        assert applied[0] == "0001_versions.sql"
        assert migrate(connection) == []
        assert [name for (name,) in connection.execute("SELECT name FROM migration ORDER BY name")] == applied


def test_postgres_without_a_version_says_what_to_do(address: str, tmp_path: Path) -> None:
    assert published_version(tmp_path, address) is None
    with pytest.raises(NoVersionError, match="python -m ingest"):
        Postgres(address)


def test_postgres_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(BackendError, match="ZOEKPORTAAL_BACKEND") as raised:
        published_version(Path(), "postgresql://jan:geheim@localhost:1/vdg?password=stil")
    assert "localhost:1/vdg" in str(raised.value)
    assert not {"geheim", "stil", "jan"} & set(str(raised.value).replace(":", " ").split())


def test_postgres_a_connection_that_was_cut_is_replaced(server: Server, address: str, on_both: Path) -> None:
    portal = on_server(on_both, address, ToyEncoder())
    before = ids(portal.search(QUESTIONS[0]))
    with psycopg.connect(server.address(), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'zoekportaal'"
        )
    assert ids(portal.search(QUESTIONS[0])) == before


def test_postgres_is_filled_by_the_ingest(bureau: Bureau, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZOEKPORTAAL_BACKEND", address)
    bureau.put("een.pdf", "De gemeenten werken samen aan zorg voor alle inwoners van Drenthe.")
    assert bureau.run() == 0
    first = published_version(bureau.data, address)
    bureau.put("twee.pdf", "De provincie werkt samen met gemeenten aan de energievisie voor Drenthe.")
    assert bureau.run() == 0
    assert published_version(bureau.data, address) == published_version(bureau.data) != first
    assert len(on_server(bureau.data, address, bureau.encoder).documents()) == 2
    assert bureau.run("--rollback") == 0
    assert published_version(bureau.data, address) == published_version(bureau.data) == first
