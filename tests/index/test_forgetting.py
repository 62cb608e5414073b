"""Removing a document so that none of its words is left anywhere."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from index.checking import verify
from index.embeddings import embed_passages, embed_queries
from index.errors import DamagedVersionError, UnknownDocumentError
from index.forgetting import finish_forgetting, forget
from index.forgotten import FORGOTTEN, Forgotten, forgotten, readmit
from index.results import SourceStatus
from index.rollback import rollback
from index.searcher import Searcher
from index.store import Store
from index.versions import Layout, current_version, open_current, read_manifest, versions, write_manifest
from ingest.documents import Source
from tests.conftest import ToyEncoder
from tests.index.toy import STATUSES, CountingEncoder, document_of, passage_of, publish_one, publish_toy

ROOT = Path(__file__).parents[2]

STAYS, GOES = Source("blijft", "Jaarplan", "Provincie", 2025), Source("gaat", "Casus Dideldom", url="https://vng.nl/a")
SECRET = "De heer Dideldom uit Gasselternijveen heeft schulden bij zeven incassobureaus."
RARE = ("Dideldom", "dideldom", "Gasselternijveen", "gasselternijveen", "incassobureau")
TREES = "In het voorjaar worden duizend bomen geplant langs de provinciale weg."
SCHOOLS = ["De scholen werken samen aan het leesoffensief.", "De bibliotheken doen daaraan mee."]


def publish(data: Path, number: int = 1, *, twin: bool = False) -> str:
    """A version with a document that stays, one that goes, and a source that the latter names."""
    passages = [
        passage_of("gaat", 1, [SECRET, "Dit gaat over Gasselternijveen."], headings=["Casus Dideldom"]),
        passage_of("blijft", 1, [TREES], headings=[f"Uitgave {number}"]),
        passage_of("gaat", 2, ["Nog iets over Dideldom."], portefeuilles=["Sport"]),
        passage_of("blijft", 2, SCHOOLS, pages=[2], portefeuilles=["Onderwijs en Cultuur"]),
    ]
    documents = [
        document_of(GOES, [[SECRET, "Dit gaat over Gasselternijveen.", "Nog iets over Dideldom."]]),
        document_of(STAYS, [[TREES], SCHOOLS]),
    ]
    if twin:
        tweeling = replace(document_of(Source("tweeling", "Zelfde stuk"), [[SECRET]]), digest="digest-gaat")
        documents.append(tweeling)
        passages.append(passage_of("tweeling", 1, [SECRET]))
    sources = [_status("gaat", GOES.title, url=GOES.url), _status("blijft", STAYS.title), AGENDA]
    version = publish_toy(data, documents, passages, sources=sources, recipe=f"recept {number}")
    for kept in (data / "files").glob("digest-gaat*"):
        kept.write_bytes(SECRET.encode() + SECRET.encode("utf-16"))
    return version


def _status(source_id: str, title: str, **more: object) -> SourceStatus:
    values = {"id": source_id, "title": title, "digest": f"digest-{source_id}", "cited_by": (), "year": 2025}
    return replace(STATUSES[0], **{**values, **more})  # type: ignore[arg-type]


AGENDA = _status(
    "agenda",
    "Agenda",
    digest="",
    cited_by=(("gaat", 1, "zoals Dideldom zei"), ("blijft", 2, "de agenda")),
    warnings=("Dit is precies hetzelfde bestand als 'Casus Dideldom'.", "Zonder doorzoekbare tekst: pagina 6."),
)


def best(data: Path, question: str) -> str:
    hits = Searcher(data, ToyEncoder()).search(question).hits
    return hits[0].passage.text if hits else ""


def traces(folder: Path) -> list[str]:
    """Files in which a word of the document that was removed still stands, in any of the ways to write it."""
    wanted = [word.encode(code) for word in RARE for code in ("utf-8", "utf-16-le", "utf-16-be")]
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(word in path.read_bytes() for word in wanted)
    ]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Three versions with the secret in them, and everything else that may hold it."""
    data = tmp_path / "data"
    for number in range(3):
        publish(data, number)
    fetched = data / "fetched"
    fetched.mkdir()
    (fetched / "aa.json").write_text(json.dumps({"address": "https://VNG.nl/a/", "digest": "x", "words": "Dideldom"}))
    (fetched / "aa-1234.pdf").write_text("andere bytes met Dideldom")
    (fetched / "bb.json").write_text(json.dumps({"address": "https://elders.nl", "digest": "digest-gaat", "t": RARE}))
    (fetched / "bb-77.html").write_text(SECRET)
    (fetched / "cc.json").write_text(json.dumps({"address": "https://vng.nl/b", "digest": "digest-blijft"}))
    (fetched / "cc-88.pdf").write_text("blijft")
    extracted = data / "extracted"
    extracted.mkdir()
    (extracted / "digest-gaat.json").write_text(SECRET)
    (extracted / "digest-blijft.json").write_text("blijft")
    (data / "cache" / "tekst").write_text(SECRET)
    readings = data / "cache" / "readings"
    readings.mkdir()
    for name in ("digest-gaat-0a1b.json.zst", "digest-gaat-9f8e.json.zst", ".digest-gaat-77.tmp"):
        (readings / name).write_text(SECRET)
    (readings / "digest-blijft-0a1b.json.zst").write_text("blijft")
    (data / "files" / ".digest-gaat.pdf").write_text(SECRET)  # left by a killed run
    (data / "files" / "digest-lang-geleden.pdf").write_text(SECRET)  # of a version that is no more
    assert {path.split("/")[0] for path in traces(data)} == {"index", "fetched", "extracted", "files", "cache"}
    assert best(data, "Wie heeft schulden bij incassobureaus?").startswith(SECRET)
    return data


def test_forget_leaves_no_byte_of_the_document(data: Path) -> None:
    before = versions(data)
    said: list[str] = []
    entry = forget(data, "gaat", said.append)
    assert traces(data) == []
    assert said == []
    assert entry == Forgotten("gaat", entry.since, ("digest-gaat",), ("https://vng.nl/a",), done=True)
    assert versions(data) == [f"{name}.1" for name in before]
    assert current_version(data) == f"{before[-1]}.1"
    assert sorted(path.name for path in (data / "index").iterdir() if path.name.startswith(".")) == []
    assert [path.name for path in (data / "files").iterdir()] == ["digest-blijft.pdf"]
    assert sorted(path.name for path in (data / "fetched").iterdir()) == ["cc-88.pdf", "cc.json"]
    assert [path.name for path in (data / "extracted").iterdir()] == ["digest-blijft.json"]
    assert [path.name for path in (data / "cache" / "readings").iterdir()] == ["digest-blijft-0a1b.json.zst"]


def test_forget_leaves_the_rest_as_it_was(data: Path) -> None:
    before = Searcher(data, ToyEncoder()).search("bomen langs de weg")
    forget(data, "gaat")
    for name in versions(data):
        layout = Layout(data / "index" / name)
        verify(layout, read_manifest(layout))
    searcher = Searcher(data, ToyEncoder())
    assert [info.id for info in searcher.documents()] == ["blijft"]
    after = searcher.search("bomen langs de weg")
    assert after.hits[0].passage == before.hits[0].passage
    assert after.searched.passages == 2
    assert searcher.page("blijft", 2).text.splitlines() == SCHOOLS
    assert searcher.search("leesoffensief", portefeuilles=["O&C"]).hits[0].passage.text == "\n".join(SCHOOLS)
    assert searcher.search("Provincie Jaarplan 2025").hits  # publisher, title and year still find it
    agenda = next(status for status in searcher.sources() if status.id == "agenda")
    assert agenda.cited_by == (("blijft", 2, "de agenda"),)
    assert agenda.warnings == ("Zonder doorzoekbare tekst: pagina 6.",)


def test_forget_is_what_would_have_been_built_without_it(data: Path, tmp_path: Path) -> None:
    forget(data, "gaat")
    passages = [
        passage_of("blijft", 1, [TREES], headings=["Uitgave 2"]),
        passage_of("blijft", 2, SCHOOLS, pages=[2], portefeuilles=["Onderwijs en Cultuur"]),
    ]
    publish_toy(tmp_path / "nieuw", [document_of(STAYS, [[TREES], SCHOOLS])], passages)
    made, built = open_current(data)[1], open_current(tmp_path / "nieuw")[1]
    assert made.vectors.read_bytes() == built.vectors.read_bytes()
    assert made.owners.read_bytes() == built.owners.read_bytes()
    assert Store(made.store).vocabulary() == Store(built.store).vocabulary()
    assert Store(made.store).passages_at([0, 1]) == passages


def test_forget_keeps_only_the_embeddings_that_versions_use(data: Path) -> None:
    forget(data, "gaat")
    cache = data / "cache" / "embeddings.sqlite"
    encoder = CountingEncoder()
    embed_passages([f"Jaarplan – Uitgave 2: {TREES}", "Jaarplan: " + "\n".join(SCHOOLS)], encoder, cache)
    embed_queries([TREES, *SCHOOLS], encoder, cache)
    assert encoder.embedded == []  # what stays costs nothing
    embed_queries([SECRET], encoder, cache)
    assert encoder.embedded == [SECRET]  # what went is not known any more


def test_forget_makes_the_next_ingest_see_a_change(data: Path) -> None:
    forget(data, "gaat")
    assert {read_manifest(Layout(data / "index" / name)).recipe for name in versions(data)} == {""}


def test_forget_keeps_versions_in_their_order_for_a_rollback(data: Path) -> None:
    before = versions(data)
    rollback(data)
    forget(data, "gaat")
    assert current_version(data) == f"{before[1]}.1"
    assert rollback(data) == f"{before[0]}.1"
    assert best(data, "bomen") == TREES


def test_forget_twice_and_after_a_return(data: Path) -> None:
    forget(data, "gaat")
    names = versions(data)
    forget(data, "gaat")
    assert versions(data) == names
    assert readmit(data, "gaat")
    assert not readmit(data, "gaat")
    assert forgotten(data) == ()
    publish(data, 9)
    assert forget(data, "gaat").done
    assert traces(data) == []
    forget(data, "blijft")
    assert [entry.id for entry in forgotten(data)] == ["blijft", "gaat"]
    assert Searcher(data, ToyEncoder()).search("bomen").hits == ()


def test_forget_says_that_the_same_content_stands_elsewhere(tmp_path: Path) -> None:
    publish(tmp_path, twin=True)
    said: list[str] = []
    entry = forget(tmp_path, "gaat", said.append)
    assert said == ["Let op: dezelfde inhoud staat ook in 'tweeling'. Die blijft staan; verwijder die apart."]
    assert entry.digests == ()  # or the ingest would leave the twin out as well
    assert (tmp_path / "files" / "digest-gaat.pdf").exists()
    forget(tmp_path, "tweeling")
    assert traces(tmp_path) == []


def test_forget_of_an_unknown_document_changes_no_version(data: Path) -> None:
    before = versions(data)
    with pytest.raises(UnknownDocumentError, match="'nergens'"):
        forget(data, "nergens")
    assert versions(data) == before
    assert forgotten(data) == ()
    assert not (data / "files" / "digest-lang-geleden.pdf").exists()  # of versions that are no more


def test_forget_of_a_source_that_was_never_read(data: Path) -> None:
    forget(data, "agenda")
    assert "agenda" not in {status.id for status in Searcher(data, ToyEncoder()).sources()}
    assert forgotten(data)[0].bars("agenda")


def test_forget_deletes_older_versions_that_are_damaged(data: Path) -> None:
    oldest = versions(data)[0]
    (data / "index" / oldest / "manifest.json").unlink()
    forget(data, "gaat")
    assert len(versions(data)) == 2
    assert traces(data) == []


def test_forget_waits_for_a_new_version_when_the_current_one_is_damaged(data: Path) -> None:
    name = str(current_version(data))
    (data / "index" / name / "owners.npy").unlink()
    with pytest.raises(DamagedVersionError, match=r"'gaat' verdwijnt eruit bij de volgende inlezing.*python -m ingest"):
        forget(data, "gaat")
    assert [(entry.id, entry.done) for entry in forgotten(data)] == [("gaat", False)]
    publish_one(data, "Een nieuwe versie zonder het stuk.")
    assert finish_forgetting(data)
    assert traces(data) == []
    assert forgotten(data)[0].done


def test_finish_forgetting_has_nothing_to_do(tmp_path: Path) -> None:
    assert finish_forgetting(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_forget_refuses_a_table_that_it_does_not_know(tmp_path: Path) -> None:
    """Whoever adds one must say whose it is: a column `document` or `row`."""
    publish(tmp_path)
    _, layout, manifest = open_current(tmp_path)
    with sqlite3.connect(layout.store) as connection:
        connection.execute("CREATE TABLE nieuw (words TEXT)")
    connection.close()
    write_manifest(layout, manifest)
    with pytest.raises(DamagedVersionError, match="onbekende tabel nieuw"):
        forget(tmp_path, "gaat")


KILLER = """
import os, shutil, signal, sys
from pathlib import Path
from index.forgetting import forget

EVENTS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree", "sqlite3.connect")
whole, folder = Path(sys.argv[1]), Path(sys.argv[2])


def run(moment):
    data = Path(shutil.copytree(whole, folder / str(moment)))
    seen = 0

    def watch(event, given):
        nonlocal seen
        # reading touches nothing: only what writes, renames and removes counts as a moment
        writes = event != "open" or (given[1] or "r")[0] != "r"
        if event in EVENTS and writes and given and str(given[0]).startswith(str(data)):
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    forget(data, "gaat")
    (folder / "last").write_text(str(seen))


def forked(moment):
    child = os.fork()
    if not child:
        run(moment)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


assert forked(0) == 0
last = int((folder / "last").read_text())
assert last > 20, last
for moment in range(1, last + 1, max(1, last // int(sys.argv[3]))):
    assert forked(moment) == -signal.SIGKILL, moment
"""


def test_forget_survives_being_killed_at_any_moment(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    folder.mkdir()
    command = [sys.executable, "-c", KILLER, str(data), str(folder), "14"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    states = set()
    for killed in sorted(path for path in folder.iterdir() if path.is_dir() and path.name != "0"):
        answer = best(killed, "Wie heeft schulden bij incassobureaus?")
        states.add(answer.startswith(SECRET))
        assert best(killed, "Waar worden bomen geplant?") == TREES
        if not (killed / FORGOTTEN).exists():
            forget(killed, "gaat")
        assert finish_forgetting(killed)
        assert traces(killed) == []
        assert len(versions(killed)) == 3
        assert best(killed, "Waar worden bomen geplant?") == TREES
    assert states == {True, False}  # killed before and after the switch
