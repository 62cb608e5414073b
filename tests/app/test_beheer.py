from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app_pages._beheer import access
from app_pages._beheer import register as _register
from app_pages._beheer import upload_staging as staging
from app_pages._beheer.access import Decision
from app_pages._beheer.links import BeheerAddress, Part, parse_beheer
from app_pages._beheer.runs import Version
from index.forgotten import Forgotten, write_forgotten
from index.settings import Settings
from ingest.addresses import networks_of
from ingest.register import change_source
from ingest.sources import sources_of
from tests.app.conftest import Portal
from tests.app.fake_searcher import SOURCES, FakeSearcher

HOSTILE = "<script>alert(1)</script> **vet**"


@pytest.fixture
def places(places: Settings) -> Settings:
    """With one source in the register."""
    (places.corpus / "bronnen.toml").write_text(f"[[bron]]\nid = 'sport'\ntitel = '{HOSTILE}'\njaar = 2020\n")
    return places


@pytest.fixture
def allowed(places: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(access, "here", lambda: Decision(True))
    return places


@pytest.mark.parametrize(
    ("alone", "why"), [(True, "alleen op de computer waarop het portaal draait"), (False, "pas als het inloggen")]
)
def test_beheer_without_a_browser_on_this_machine_is_refused(
    portal: Portal, places: Settings, monkeypatch: pytest.MonkeyPatch, alone: bool, why: str
) -> None:
    monkeypatch.setattr(access, "is_alone", lambda: alone)

    shown = portal("beheer")

    assert why in shown.text
    assert HOSTILE not in shown.text
    assert not shown.test.button


def test_beheer_offers_to_log_in(portal: Portal, places: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "here", lambda: Decision(False, "Log in.", can_log_in=True))

    shown = portal("beheer", deel="inlezen")

    assert [button.label for button in shown.test.button] == ["Inloggen"]
    assert "Versies" not in shown.text


def test_beheer_lists_the_sources_as_words(portal: Portal, allowed: Settings) -> None:
    shown = portal("beheer", FakeSearcher(statuses=()))

    assert HOSTILE in shown.text
    assert "script" not in shown.tags
    assert shown.params("Wijzig") == {"deel": ["bronnen"], "bron": ["sport"]}
    assert [level for level, _ in shown.headings][:2] == [1, 2]


def test_beheer_says_that_a_source_was_removed_for_good(portal: Portal, allowed: Settings) -> None:
    write_forgotten(allowed.data, [Forgotten("sport", "2026-11-25")])

    shown = portal("beheer", FakeSearcher(statuses=()))

    assert "voorgoed verwijderd" in shown.text
    assert "nog niet ingelezen" not in shown.text


def test_beheer_changes_a_source(portal: Portal, allowed: Settings) -> None:
    shown = portal("beheer", deel="bronnen", bron="sport")
    shown.test.text_input(key="bron-sport-titel").set_value("Sportnota")
    shown.test.checkbox(key="bron-sport-Sport").check()
    shown.test.button[0].click().run()

    (source,) = sources_of(allowed.corpus)
    assert (source.title, source.year, source.portefeuilles) == ("Sportnota", 2020, ("Sport",))


def test_beheer_leaves_what_somebody_else_changed_meanwhile(portal: Portal, allowed: Settings) -> None:
    shown = portal("beheer", deel="bronnen", bron="sport")
    change_source(allowed.corpus, "sport", {"titel": "Sportnota", "portefeuilles": ["Sport"]})
    shown.test.text_input(key="bron-sport-jaar").set_value("2021")
    shown.test.button[0].click().run()

    (source,) = sources_of(allowed.corpus)
    assert (source.title, source.year, source.portefeuilles) == ("Sportnota", 2021, ("Sport",))
    assert shown.test.text_input(key="bron-sport-1-titel").value == "Sportnota"


def test_beheer_lets_a_document_out_of_quarantine(portal: Portal, allowed: Settings) -> None:
    held = replace(SOURCES[1], id="sport", state="in quarantaine")

    shown = portal("beheer", FakeSearcher(statuses=(held,)), deel="bronnen", bron="sport")
    shown.test.text_input(key="bron-sport-vrijgegeven").set_value(" A.  Bos ")
    shown.test.button[0].click().run()

    assert sources_of(allowed.corpus)[0].personal_data.startswith("vrijgegeven door A. Bos, ")


def test_beheer_makes_a_source_of_a_link_the_bureaus_own(portal: Portal, allowed: Settings) -> None:
    linked = replace(SOURCES[1], id="site-nl-artikel", title=HOSTILE, url="https://site.nl/artikel", portefeuilles=())
    gone = replace(linked, id="weg", url="https://site.nl/weg", change="vervallen")
    searcher = FakeSearcher(statuses=(*SOURCES, linked, gone))

    listed = portal("beheer", searcher)
    assert "https://site.nl/artikel (van een link in een document)" in listed.text
    assert "https://site.nl/weg" not in listed.text
    shown = portal("beheer", searcher, deel="bronnen", bron="site-nl-artikel")
    shown.test.text_input(key="bron-site-nl-artikel-titel").set_value("Het artikel")
    shown.test.checkbox(key="bron-site-nl-artikel-Sport").check()
    shown.test.button[0].click().run()

    made = sources_of(allowed.corpus)[-1]
    assert (made.id, made.title, made.url) == ("site-nl-artikel", "Het artikel", "https://site.nl/artikel")
    assert made.portefeuilles == ("Sport",)
    assert "van een link" not in portal("beheer", FakeSearcher(statuses=(linked,))).text


def test_beheer_checks_again_when_something_is_done(
    portal: Portal, allowed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> str:
        raise access.NotAllowedError("U mag dit niet meer.")

    monkeypatch.setattr(access, "require", refuse)
    shown = portal("beheer", deel="bronnen", bron="sport")
    shown.test.text_input(key="bron-sport-titel").set_value("Anders")
    shown.test.button[0].click().run()

    assert sources_of(allowed.corpus)[0].title == HOSTILE
    assert any("U mag dit niet meer." in part.proto.body for part in shown.test.get("html"))


def test_beheer_says_what_is_wrong_with_a_source(portal: Portal, allowed: Settings) -> None:
    shown = portal("beheer", deel="bronnen", bron="sport")
    shown.test.text_input(key="bron-sport-jaar").set_value("vorig")
    shown.test.button[0].click().run()

    assert sources_of(allowed.corpus)[0].year == 2020
    assert any("vier cijfers" in part.proto.body for part in shown.test.get("html"))


@pytest.mark.parametrize("part", ["toevoegen", "inlezen", "begrippen", "gebruik", "onzin"])
def test_beheer_shows_each_part(portal: Portal, allowed: Settings, part: str) -> None:
    shown = portal("beheer", deel=part, voorstel="", bron="", melding="<b>")

    assert shown.headings[0] == (1, "Beheer")
    assert "<b>" not in shown.text


@pytest.mark.parametrize(("problem", "offered"), [("", True), ("Gemaakt door een andere uitgave.", False)])
def test_beheer_offers_to_go_back_only_to_a_version_that_can_be_read(
    portal: Portal, allowed: Settings, monkeypatch: pytest.MonkeyPatch, problem: str, offered: bool
) -> None:
    versions = [Version("v2", "2 mei 2026", True), Version("v1", "1 mei 2026", False, problem=problem)]
    monkeypatch.setattr("app_pages._beheer.runs.versions_of", lambda data: versions)

    shown = portal("beheer", deel="inlezen")

    assert ("Vorige versie terugzetten" in [button.label for button in shown.test.button]) is offered
    assert ("geen oudere versie" in shown.text) is not offered


def test_beheer_keeps_begrippen(portal: Portal, allowed: Settings) -> None:
    shown = portal("beheer", deel="begrippen")
    shown.test.text_input[0].set_value("zwembad, bad")
    shown.test.button[0].click().run()

    assert 'woorden = ["zwembad", "bad"]' in (allowed.corpus / "begrippen.toml").read_text("utf-8")


def test_beheer_says_which_row_of_the_begrippen_is_wrong(portal: Portal, allowed: Settings) -> None:
    shown = portal("beheer", deel="begrippen")
    shown.test.text_input[0].set_value("zwembad")
    shown.test.button[0].click().run()

    told = " ".join(part.proto.body for part in shown.test.get("html"))
    assert "Er is niets bewaard. Begrip 1: geef twee of meer woorden" in told
    assert "begrippen.toml" not in told


def test_beheer_of_a_proposal_that_is_gone_says_so(portal: Portal, allowed: Settings) -> None:
    assert "wacht niet meer" in portal("beheer", deel="toevoegen", voorstel="0" * 24).text


def test_beheer_publishes_what_waits_after_showing_it(
    portal: Portal, allowed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr("app_pages._beheer.runs.start", lambda settings, more=(): started.append(tuple(more)))
    key, place = staging.new_place(allowed.data)
    place.write_text("# Nota wonen 2025\n\nDe gemeente bouwt woningen voor starters in Assen en in Emmen.\n")
    staging.finish(allowed.data, key, "nota.md", "")

    shown = portal("beheer", deel="toevoegen", voorstel=key)
    assert "woningen voor starters" in shown.text
    assert shown.test.text_input(key=f"voorstel-{key}-titel").value == "Nota wonen 2025"
    next(button for button in shown.test.button if button.label == "Publiceren").click().run(timeout=20)

    assert [source.title for source in sources_of(allowed.corpus)] == [HOSTILE, "Nota wonen 2025"]
    assert started == [()]


def test_beheer_publishes_the_report_of_a_known_source(
    portal: Portal, allowed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app_pages._beheer.runs.start", lambda settings, more=(): None)
    register = allowed.corpus / "bronnen.toml"
    register.write_text("[[bron]]\nid = 'wonen'\ntitel = 'Nota Wonen 2025'\nuitgever = 'VDG'\n")
    key, place = staging.new_place(allowed.data)
    place.write_text("# Nota wonen 2025\n\nDe gemeente bouwt woningen voor starters in Assen en in Emmen.\n")
    staging.finish(allowed.data, key, "n.md", "")

    shown = portal("beheer", FakeSearcher(statuses=()), deel="toevoegen", voorstel=key)
    assert shown.test.selectbox[0].value == "wonen"
    assert shown.test.text_input(key=f"voorstel-{key}-wonen-uitgever").value == "VDG"
    next(button for button in shown.test.button if button.label == "Publiceren").click().run(timeout=20)

    (source,) = sources_of(allowed.corpus)
    assert (source.id, source.title, source.path) == ("wonen", "Nota Wonen 2025", allowed.corpus / "n.md")


@pytest.mark.parametrize(
    "typed",
    [
        "ftp://vdg.nl/x",
        "javascript:alert(1)",
        "https://a:b@vdg.nl/",
        "http://127.0.0.1/",
        "http://10.0.0.1/x",
        "http://localhost/",
        "https://[::1]/",
        "http://169.254.169.254/latest",
        "https://vdg.nl:22/",
        "vdg.nl",
        "https://a b/",
    ],
)
def test_register_refuses_an_address_that_is_not_public(typed: str) -> None:
    assert _register.problem_of_address(typed)


@pytest.mark.parametrize("typed", ["https://www.vdg.nl/visie.pdf", "http://vdg.nl", " https://vdg.nl/ë?x=1 "])
def test_register_takes_a_public_address(typed: str) -> None:
    assert _register.problem_of_address(typed) == ""


def test_register_takes_an_address_in_a_network_that_is_allowed() -> None:
    networks = networks_of(["10.1.0.0/16"])

    assert _register.problem_of_address("http://10.1.2.3:8080/nota.pdf", networks) == ""
    assert _register.problem_of_address("http://raad.internal/nota.pdf", networks) == ""
    assert _register.problem_of_address("http://10.2.0.1/nota.pdf", networks)


@pytest.mark.parametrize("year", ["24", "20245", "²⁰²⁴", "1700", "2030", "-202"])
def test_register_refuses_what_is_no_year(year: str) -> None:
    assert _register.problems_of(_register.Filled("Nota", year=year), date(2026, 11, 25))


def test_beheer_address_goes_there_and_back() -> None:
    address = BeheerAddress(Part.ADD, source="a", proposal="b", problem="c")

    assert parse_beheer(address.params) == address
    assert parse_beheer({"deel": ["<x>"]}) == BeheerAddress()
