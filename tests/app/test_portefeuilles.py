from __future__ import annotations

import re
from dataclasses import replace

import pytest

from app_pages._portefeuilles.profile_links import PortefeuilleAddress, parse_portefeuille
from ingest.portefeuilles import PORTEFEUILLES
from tests.app.conftest import Portal, Shown
from tests.app.fake_searcher import HANDOVER, REPORT, FakeSearcher
from tests.app.handovers import CHAIR, LINK, MEETING, handover, with_report

HOSTILE = "<script>alert(1)</script> **vet** &amp; [x](javascript:1) \u202etxet " + "lang" * 2500
EKM, OC = "Energie, Klimaat en Milieu", "Onderwijs en Cultuur"


def test_portefeuilles_overview_has_a_card_for_each_with_chair_and_counts(portal: Portal) -> None:
    shown = portal("portefeuilles", handover())

    assert [words for level, words in shown.headings if level == 2][:8] == list(PORTEFEUILLES)
    assert shown.params("Sport") == {"portefeuille": ["Sport"]}
    assert "Voorzitter: Anna de Wit (wethouder gemeente Assen)" in shown.text
    assert "3 lopende dossiers · 1 aandachtspunt · 1 andere portefeuille genoemd" in shown.text
    assert shown.text.count("De overdracht vertelt niets over deze portefeuille.") == 6
    assert shown.link("Uw eerste dag") == "eerste-dag"


def test_portefeuilles_overview_without_a_handover_says_what_the_bureau_can_do(portal: Portal) -> None:
    shown = portal("portefeuilles", with_report(FakeSearcher(rows=[]), "Sport is gezond."))

    assert "Geen van de bronnen vertelt iets per portefeuille." in shown.text
    assert "table" not in shown.tags


def test_portefeuilles_matrix_counts_the_lines_and_leads_to_them(portal: Portal) -> None:
    shown = portal("portefeuilles", handover())

    table = next(part.proto.body for part in shown.test.get("html") if "zp-matrix" in part.proto.body)
    assert table.count('scope="col"') == 9
    assert table.count('scope="row"') == 8
    assert table.count("Sport noemt Energie, Klimaat en Milieu: 1 regel") == 2, "in the table and in the list"
    assert shown.params(f"{EKM} (1)") == {"portefeuille": ["Sport"], "noemt": [EKM]}
    assert '<img class="zp-network" src="data:image/svg+xml,' in table
    assert 'alt="Tekening: de acht portefeuilles in een kring, met 1 lijnen' in table


def test_portefeuilles_lines_that_name_another_are_marked_and_have_their_source(portal: Portal) -> None:
    shown = portal("portefeuilles", handover(), portefeuille="Sport", noemt="EKM")

    assert shown.headings == [
        (1, f"Sport en {EKM}"),
        (2, f"Sport noemt {EKM}"),
        (2, f"{EKM} noemt Sport"),
    ]
    assert shown.marks == ["EKM"]
    assert shown.params("p. 5") == {"document": [HANDOVER.id], "pagina": ["5"], "citaat": [LINK]}
    assert "Geen enkele regel." in shown.text


def test_portefeuilles_one_shows_every_part_with_the_source_of_every_line(portal: Portal) -> None:
    shown = portal("portefeuilles", handover(), portefeuille="Sport")

    assert [words for level, words in shown.headings if level == 2] == [
        "Voorzitter en VNG-commissie",
        "Wat er bereikt is",
        "Lopende dossiers",
        "Afspraken en netwerken",
        "Domein-overstijgende vraagstukken",
        "Samenwerkingspartners",
        "Aandachtspunten",
        "Dwarsverbanden",
        "In andere documenten",
    ]
    assert (3, "Hallen") in shown.headings, "a heading below the part's own"
    assert "De overdracht noemt geen resultaten." in shown.text
    assert "De overdracht noemt geen afspraken en netwerken." in shown.text
    assert "Voorzitter VDG-portefeuille Sport: Anna de Wit (wethouder gemeente Assen) p. 1" in shown.text
    sources = {page: shown.params(page)["citaat"] for page in ("p. 1", "p. 3", "p. 4")}
    assert sources == {"p. 1": [CHAIR], "p. 3": ["De huur van de hallen loopt af."], "p. 4": ["Sportbond Noord"]}
    assert f"{MEETING} p. 2" in shown.text
    assert _html(shown).count('class="zp-keep"') == 7, "every line can be kept"


def test_portefeuilles_one_leads_on_to_people_first_day_and_every_other_portefeuille(portal: Portal) -> None:
    shown = portal("portefeuilles", handover(), portefeuille="sport")

    assert shown.links["Eerste dag"].startswith("./"), "in the foot"
    assert 'href="eerste-dag?portefeuille=Sport"' in _html(shown)
    assert 'href="./wie-is-wie?portefeuille=Sport"' in _html(shown)
    assert shown.params(OC) == {"portefeuille": ["Sport"], "naast": [OC]}
    assert shown.params(f"{EKM} (1)") == {"portefeuille": ["Sport"], "noemt": [EKM]}


def test_portefeuilles_one_is_searched_with_its_filter_on(portal: Portal) -> None:
    searcher = handover()
    shown = portal("portefeuilles", searcher, portefeuille="Sport")

    box = shown.test.text_input(key="in-portefeuille")
    assert box.label == "Zoek in deze portefeuille"
    box.input("  Wie huurt   de hallen? ")
    shown.test.button[0].click().run()

    ((question, filters),) = searcher.asked
    assert (question, filters.portefeuilles) == ("Wie huurt de hallen?", ("Sport",))
    assert shown.test.query_params == {"v": "Wie huurt de hallen?", "portefeuille": "Sport"}


def test_portefeuilles_one_counts_the_other_documents_that_touch_it(portal: Portal) -> None:
    searcher = with_report(handover(), "Zie de portefeuille Sport.", "Sport is gezond.")
    shown = portal("portefeuilles", searcher, portefeuille="Sport")

    assert "1 ander document hoort bij deze portefeuille of noemt haar naam." in shown.text
    assert shown.params(REPORT.title) == {"v": ["Sport"], "document": [REPORT.id]}
    none = portal("portefeuilles", replace(handover(), version="later"), portefeuille="Sport")
    assert "Geen ander document hoort bij deze portefeuille" in none.text
    assert none.params("in alle bronnen") == {"v": ["Sport"]}


def test_portefeuilles_one_that_the_handover_leaves_out_says_so(portal: Portal) -> None:
    shown = portal("portefeuilles", handover(), portefeuille="Financiën")

    assert "De overdracht vertelt niets over de portefeuille Financiën." in shown.text
    assert "p. 1" not in shown.links


def test_portefeuilles_shows_a_list_within_a_list(portal: Portal) -> None:
    results = (("Portefeuille O&C", "Resultaten"), 1, ("Vier thema’s:", "> Scholen", "> Boeken", "Klaar."))
    shown = portal("portefeuilles", handover(results), portefeuille="O&C")

    body = next(part.proto.body for part in shown.test.get("html") if "Vier thema" in part.proto.body)
    lists = body[body.index("<ul><li>Vier") :]
    assert re.sub(r'<span class="zp-place">.*?</span>', "", lists).startswith(
        "<ul><li>Vier thema’s: <ul><li>Scholen </li><li>Boeken </li></ul></li><li>Klaar. </li></ul>"
    )


def test_portefeuilles_leads_to_its_parts_and_only_to_those_that_it_has(portal: Portal) -> None:
    shown = portal("portefeuilles", handover(), portefeuille="Sport")
    inside = {words: href for words, href in shown.links.items() if href.startswith("#")}

    assert inside["Lopende dossiers"] == "#deel-running"
    assert "Overig" not in inside
    for href in inside.values():
        assert f'id="{href[1:]}"' in _html(shown)


def test_portefeuilles_shows_the_line_above_a_list_if_it_is_not_shown_already(portal: Portal) -> None:
    shown = portal("portefeuilles", FakeSearcher(), portefeuille="EKM")

    assert shown.text.count("Staat onder: Bereikt in de afgelopen periode:") == 1


def test_portefeuilles_beside_each_other_have_every_part_twice(portal: Portal) -> None:
    shown = portal("portefeuilles", handover(), portefeuille="Sport", naast="EKM")

    assert shown.headings[0] == (1, f"Sport naast {EKM}")
    assert [words for level, words in shown.headings if level == 3] == ["Sport", EKM] * 7
    results = shown.text[shown.text.index("Wat er bereikt is") : shown.text.index("Lopende dossiers")]
    assert "De overdracht noemt geen resultaten." in results
    assert "Warmteplan vastgesteld. p. 7" in results
    assert shown.params("Waar zij elkaar noemen") == {"portefeuille": ["Sport"], "noemt": [EKM]}


@pytest.mark.parametrize("unknown", ["Vissen", HOSTILE, "", " "])
def test_portefeuilles_with_an_unknown_name_shows_the_overview_and_says_so(portal: Portal, unknown: str) -> None:
    shown = portal("portefeuilles", handover(), portefeuille=unknown)

    assert (1, "Portefeuilles") in shown.headings
    assert ("bestaat niet" in shown.text) is bool(unknown.strip())
    assert "script" not in shown.tags


def test_portefeuilles_show_hostile_words_as_text(portal: Portal) -> None:
    searcher = handover(
        (("Portefeuille O&C", HOSTILE, HOSTILE), 1, (HOSTILE, f"verbinding portefeuille Sport {HOSTILE}"))
    )

    for params in (
        {},
        {"portefeuille": "O&C"},
        {"portefeuille": "O&C", "naast": "Sport"},
        {"portefeuille": "O&C", "noemt": "Sport"},
    ):
        shown = portal("portefeuilles", searcher, **params)
        assert "script" not in shown.tags
        assert "\u202e" not in shown.text
        if params:
            assert "<script>alert(1)</script> **vet** &amp; [x](javascript:1) txet lang" in shown.text
        assert not any(href.startswith("javascript") for href in shown.links.values())


@pytest.mark.parametrize(
    ("params", "address", "problems"),
    [
        ({}, PortefeuilleAddress(), 0),
        ({"portefeuille": ["o&c"], "naast": ["FINANCIEN"]}, PortefeuilleAddress(OC, "Financiën"), 0),
        ({"portefeuille": ["x", "Sport"]}, PortefeuilleAddress("Sport"), 0),
        ({"portefeuille": ["Sport"], "naast": ["x"]}, PortefeuilleAddress("Sport"), 1),
        ({"portefeuille": ["Sport"], "naast": ["sport"]}, PortefeuilleAddress("Sport"), 1),
        ({"naast": ["Sport"], "noemt": ["x" * 9000]}, PortefeuilleAddress("Sport"), 1),
    ],
)
def test_portefeuilles_read_the_address_bar(
    params: dict[str, list[str]], address: PortefeuilleAddress, problems: int
) -> None:
    read, said = parse_portefeuille(params)

    assert read == address
    assert len(said) == problems
    assert all(len(sentence) < 120 for sentence in said)


def _html(shown: Shown) -> str:
    return "".join(part.proto.body for part in shown.test.get("html"))
