from __future__ import annotations

from dataclasses import replace

import pytest

from app_pages._beheer.runs import Version
from app_pages._bronnen.runs_brought import brought, brought_by, brought_html
from app_pages._links import Order, SourcesAddress, Stand, parse_sources
from ingest.ledger import Change, State
from ingest.progress import Outcome, RunState
from tests.app.conftest import Portal
from tests.app.fake_searcher import SOURCES, FakeSearcher
from tests.conftest import Bureau

HOSTILE = "<script>alert(1)</script>\u202e"
VERSION = Version("20261125T102531534293Z", "25 november 2026, 11:25", current=True, documents=1, passages=5)
READ, WAITING = SOURCES
REFUSED = replace(
    WAITING, id="slot", title="Slot", state=State.VERSLEUTELD, change="nieuw", reason="Er zit een slot op."
)
GONE = replace(WAITING, id="weg", title="Weg", state=State.BESTAND_ONTBREEKT, change="vervallen", reason="Het is weg.")


def run_state(outcome: Outcome, version: str = "") -> RunState:
    return RunState(1, 2, 0.0, 1764060000.0, outcome=outcome, version=version)


def test_brought_by_tells_new_gone_and_refused_sources_apart() -> None:
    lost = replace(WAITING, id="kwijt", change="gewijzigd")

    run = brought_by(VERSION, [READ, WAITING, REFUSED, GONE, lost, replace(READ, id="zelfde", change="ongewijzigd")])

    assert {change: [one.id for one in some] for change, some in run.changed.items()} == {
        Change.NIEUW: [READ.id],
        Change.GEWIJZIGD: ["kwijt"],
        Change.VERVALLEN: ["weg"],
    }
    assert [one.id for one in run.refused] == ["slot"]


def test_brought_html_opens_the_run_of_the_address() -> None:
    run = brought_by(VERSION, [READ, REFUSED, GONE])

    closed = brought_html([run], None, SourcesAddress(order=Order.YEAR))
    opened = brought_html([run], None, SourcesAddress(run=VERSION.name))

    assert "1 nieuw, 1 vervallen, 1 niet gelezen." in closed
    assert f"./bronnen?volgorde=jaar&amp;keer={VERSION.name}" in closed
    assert "Er zit een wachtwoord op." not in closed
    assert "Er zit een wachtwoord op." in opened
    assert "Er zit een slot op." not in opened, "the ledger's own words are for the bureau"
    assert f'href="document?document={READ.id}&amp;pagina=1"' in opened
    assert 'href="./bronnen"' in opened, "a click closes it"
    assert brought_html([], None, SourcesAddress()) == ""


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (run_state(Outcome.LOOPT), "De bronnen worden nu ingelezen."),
        (run_state(Outcome.KLAAR), "Er was niets veranderd."),
        (run_state(Outcome.MISLUKT), "De vorige versie blijft antwoorden."),
        (run_state(Outcome.WEGGEVALLEN), "De vorige versie blijft antwoorden."),
    ],
)
def test_brought_html_says_how_the_last_run_went(last: RunState, told: str) -> None:
    assert told in brought_html([brought_by(VERSION, SOURCES)], last, SourcesAddress())
    published = brought_html([brought_by(VERSION, SOURCES)], run_state(Outcome.KLAAR, "v"), SourcesAddress())
    assert "<p>" not in published, "the list tells of it"


def test_brought_html_shows_hostile_words_as_words() -> None:
    source = replace(REFUSED, title=HOSTILE, reason=HOSTILE, state=HOSTILE, id=HOSTILE)
    version = replace(VERSION, name=HOSTILE, made=HOSTILE)

    html = brought_html([brought_by(version, [source])], None, SourcesAddress(run=HOSTILE))

    assert "<script" not in html
    assert "\u202e" not in html


def test_brought_of_real_runs_is_read_from_the_versions(bureau: Bureau) -> None:
    bureau.put("sport.pdf", "De raad stelde de nota over sport in Assen vast.")
    bureau.put("wonen.pdf", "De gemeente bouwt woningen voor starters in Emmen.")
    bureau.run("--offline")
    bureau.put("sport.pdf", "De raad stelde de nota over sport in Emmen vast.")
    (bureau.corpus / "wonen.pdf").unlink()
    bureau.put("leeg.pdf")
    bureau.run("--offline")

    younger, older = brought(bureau.data)

    titles = {change: [one.title for one in some] for change, some in younger.changed.items()}
    assert titles == {Change.GEWIJZIGD: ["sport"], Change.VERVALLEN: ["wonen"]}
    assert [one.title for one in younger.refused] == ["leeg"]
    assert [one.title for one in older.changed[Change.NIEUW]] == ["sport", "wonen"]
    assert (younger.version.current, older.version.current) == (True, False)


def test_brought_leaves_out_a_damaged_version(bureau: Bureau) -> None:
    for words in ("De raad stelde de nota over sport vast.", "De raad stelde de begroting vast."):
        bureau.put("nota.pdf", words)
        bureau.run("--offline")
    (bureau.data / "index" / bureau.versions()[0] / "manifest.json").write_text("{")
    (bureau.data / "index" / bureau.versions()[1] / "store.sqlite").write_bytes(b"kapot " * 1000)

    assert brought(bureau.data) == []


def test_bronnen_says_what_is_missing_and_why_and_filters_by_it(portal: Portal) -> None:
    shown = portal("bronnen")

    assert "Wat er ontbreekt, en waarom" in [words for _, words in shown.headings]
    assert "1 bron: wacht op netwerk. Het adres is bekend, maar het rapport is nog niet opgehaald." in shown.text
    address = shown.params("1 bron")
    assert address == {"stand": ["ontbreekt"], "toestand": ["wacht op netwerk"]}
    filtered = portal("bronnen", **address)
    assert WAITING.title in filtered.text
    assert READ.reason == ""
    assert READ.title not in filtered.text.partition("Genoemd op")[2]


@pytest.mark.parametrize(
    ("order", "first"),
    [("", "overdracht"), ("titel", "anders"), ("jaar", "overdracht"), ("genoemd", "rapport"), ("<b>", "overdracht")],
)
def test_bronnen_orders_by_the_address(portal: Portal, order: str, first: str) -> None:
    sources = [
        replace(WAITING, id="rapport", title="rapport", year=2020),
        replace(WAITING, id="anders", title="anders", year=None, cited_by=()),
        replace(WAITING, id="overdracht", title="overdracht", year=2026, cited_by=(), passages=5),
    ]
    shown = portal("bronnen", FakeSearcher(statuses=sources), volgorde=order)

    table = shown.text[shown.text.rindex("Genoemd op") :]
    assert min(("rapport", "anders", "overdracht"), key=lambda name: table.index(name)) == first


def test_sources_address_goes_there_and_back() -> None:
    address = SourcesAddress(Stand.MISSING, Change.NIEUW, "a", State.LEEG, Order.YEAR, "v")
    params = {
        "stand": ["ontbreekt"],
        "verandering": ["nieuw"],
        "bron": ["a"],
        "toestand": ["leeg"],
        "volgorde": ["jaar"],
        "keer": ["v"],
    }

    assert parse_sources(params) == address
    assert parse_sources({"toestand": ["<b>"], "volgorde": ["x"], "keer": ["k" * 999]}) == SourcesAddress(run="k" * 40)
