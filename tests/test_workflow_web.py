"""Whole runs with sources on the web: a server of our own plays the publisher."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.versions import current_version
from tests.conftest import Bureau
from tests.ingest import web
from tests.ingest.pdfs import Drawn, Linked, Sheet, drawn_pdf, text_pdf

CHAIR = "De voorzitter van de portefeuille Sport is wethouder Raymond Wanders."
INSURER = "De preferente zorgverzekeraar in Drenthe is Zilveren Kruis."
TREES = "In het voorjaar worden duizend bomen geplant langs de provinciale weg."


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[web.Web]:
    monkeypatch.setenv("ZOEKPORTAAL_NETWERKEN", "127.0.0.0/8")
    with web.Web() as server:
        yield server


def register(bureau: Bureau, address: str) -> None:
    entry = f'[[bron]]\nid = "rapport"\ntitel = "Rapport"\nadres = "{address}"\n'
    (bureau.corpus / "bronnen.toml").write_text(entry, encoding="utf-8")


def test_workflow_web_a_report_at_an_address_is_fetched_and_found(bureau: Bureau, publisher: web.Web) -> None:
    publisher.routes["/rapport.pdf"] = web.versioned(text_pdf(INSURER), etag='"1"')
    register(bureau, publisher.url("/rapport.pdf"))
    assert bureau.run() == 0
    assert bureau.best("Welke zorgverzekeraar is preferent?") == INSURER
    assert bureau.states() == {"rapport": ("gelezen", "nieuw")}


def test_workflow_web_what_did_not_change_publishes_nothing(bureau: Bureau, publisher: web.Web) -> None:
    publisher.routes["/rapport.pdf"] = web.versioned(text_pdf(INSURER), etag='"1"')
    register(bureau, publisher.url("/rapport.pdf"))
    bureau.run()
    before = current_version(bureau.data)
    assert bureau.run() == 0
    assert (current_version(bureau.data), "niets veranderd" in bureau.out) == (before, True)


def test_workflow_web_what_changed_is_read_anew(bureau: Bureau, publisher: web.Web) -> None:
    publisher.routes["/rapport.pdf"] = web.versioned(text_pdf(INSURER), etag='"1"')
    register(bureau, publisher.url("/rapport.pdf"))
    bureau.run()
    publisher.routes["/rapport.pdf"] = web.versioned(text_pdf(TREES), etag='"2"')
    bureau.run()
    assert bureau.best("Waar worden bomen geplant?") == TREES
    assert bureau.states() == {"rapport": ("gelezen", "gewijzigd")}


@pytest.mark.parametrize(
    ("code", "state"), [(404, "dode link"), (403, "inloggen vereist"), (500, "storing bij de bron")]
)
def test_workflow_web_an_outage_removes_nothing(bureau: Bureau, publisher: web.Web, code: int, state: str) -> None:
    bureau.put("sport.pdf", CHAIR)
    publisher.routes["/rapport.pdf"] = web.versioned(text_pdf(INSURER), etag='"1"')
    register(bureau, publisher.url("/rapport.pdf"))
    bureau.run()
    publisher.routes["/rapport.pdf"] = web.status(code)
    bureau.put("bomen.pdf", TREES)  # so that a version is published
    assert bureau.run() == 0
    assert bureau.best("Welke zorgverzekeraar is preferent?") == INSURER
    assert bureau.states()["rapport"] == (state, "ongewijzigd")


def test_workflow_web_an_address_that_never_answered_says_why(bureau: Bureau, publisher: web.Web) -> None:
    bureau.put("sport.pdf", CHAIR)
    publisher.routes["/rapport.pdf"] = web.status(404)
    register(bureau, publisher.url("/rapport.pdf"))
    assert bureau.run() == 0
    assert bureau.states()["rapport"][0] == "dode link"


def test_workflow_web_a_private_address_is_refused(
    bureau: Bureau, publisher: web.Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZOEKPORTAAL_NETWERKEN")
    bureau.put("sport.pdf", CHAIR)
    register(bureau, publisher.url("/rapport.pdf"))
    assert bureau.run() == 0
    assert bureau.states()["rapport"][0] == "adres geweigerd"
    assert publisher.asked == []


def test_workflow_web_offline_asks_nobody_and_goes_on(bureau: Bureau, publisher: web.Web) -> None:
    bureau.put("sport.pdf", CHAIR)
    publisher.routes["/rapport.pdf"] = web.versioned(text_pdf(INSURER), etag='"1"')
    register(bureau, publisher.url("/rapport.pdf"))
    assert bureau.run("--offline") == 0
    assert (bureau.states()["rapport"][0], publisher.asked) == ("wacht op netwerk", [])


def test_workflow_web_the_links_of_a_document_become_sources(bureau: Bureau, publisher: web.Web) -> None:
    publisher.routes["/rapport.pdf"] = web.versioned(text_pdf(INSURER), etag='"1"')
    handover = drawn_pdf(
        Sheet(
            [Drawn(72, 700, CHAIR), Drawn(72, 650, "Lees ook het zorgrapport van de verzekeraar.")],
            links=[Linked((72, 645, 300, 665), publisher.url("/rapport.pdf"))],
        )
    )
    (bureau.corpus / "overdracht.pdf").write_bytes(handover)
    (bureau.corpus / "bronnen.toml").write_text(
        '[[bron]]\nid = "overdracht"\ntitel = "Overdracht"\nbestand = "overdracht.pdf"\nvolg_links = true\n', "utf-8"
    )
    assert bureau.run() == 0
    assert bureau.best("Welke zorgverzekeraar is preferent?") == INSURER
    assert len(bureau.states()) == 2


def test_workflow_web_a_web_page_is_read_without_its_menus(bureau: Bureau, publisher: web.Web, tmp_path: Path) -> None:
    page = f"<html><head><title>Zorg</title></head><body><nav>Home Contact</nav><main><h1>Zorg</h1><p>{INSURER}</p>"
    page += "<p>De afspraken met de verzekeraar gelden voor de hele provincie en lopen tot en met 2027.</p></main>"
    publisher.routes["/zorg"] = web.file(f"{page}</body></html>".encode(), "text/html; charset=utf-8")
    register(bureau, publisher.url("/zorg"))
    assert bureau.run() == 0
    assert INSURER in bureau.best("Welke zorgverzekeraar is preferent?")
    assert "Contact" not in bureau.best("Welke zorgverzekeraar is preferent?")


def test_workflow_web_being_offline_is_no_news_of_a_dead_link(bureau: Bureau, publisher: web.Web) -> None:
    bureau.put("sport.pdf", CHAIR)
    publisher.routes["/rapport.pdf"] = web.status(404)
    register(bureau, publisher.url("/rapport.pdf"))
    bureau.run()
    before = current_version(bureau.data)
    for more in (["--offline"], [], ["--offline"]):
        assert bureau.run(*more) == 0
    assert current_version(bureau.data) == before
    assert bureau.states()["rapport"][0] == "dode link"
