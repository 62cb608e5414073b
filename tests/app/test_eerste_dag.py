from __future__ import annotations

from datetime import date

import pytest

from app_pages._portefeuilles import profiles
from app_pages._portefeuilles.profile_links import FirstDayAddress, parse_first_day
from ingest.portefeuilles import PORTEFEUILLES
from tests.app.conftest import Portal
from tests.app.fake_searcher import HANDOVER
from tests.app.handovers import LINK, MEETING, handover

HOSTILE = "<img src=x onerror=alert(1)> \u202e**vet** 1 januari 2028 " + "lang" * 2500
EKM = "Energie, Klimaat en Milieu"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "today", lambda: date(2026, 11, 25))


def test_eerste_dag_offers_all_eight_and_shows_nothing_before_one_is_chosen(portal: Portal) -> None:
    shown = portal("eerste_dag", handover())

    assert [shown.params(name)["portefeuille"] for name in PORTEFEUILLES] == [[name] for name in PORTEFEUILLES]
    assert shown.headings == [(1, "Uw eerste dag")]
    assert "button" not in shown.tags


def test_eerste_dag_adds_and_leaves_out_portefeuilles_in_the_address(portal: Portal) -> None:
    shown = portal("eerste_dag", handover(), portefeuille=["Sport", "EKM"])

    assert shown.params("✓ Sport") == {"portefeuille": [EKM]}
    assert shown.params("Financiën") == {"portefeuille": [EKM, "Sport", "Financiën"]}


def test_eerste_dag_leads_down_to_each_portefeuille_where_there_are_several(portal: Portal) -> None:
    one, two = (portal("eerste_dag", handover(), portefeuille=names) for names in (["Sport"], ["Sport", "EKM"]))

    bodies = ["".join(part.proto.body for part in shown.test.get("html")) for shown in (one, two)]
    assert "#portefeuille-" not in bodies[0]
    for place in ("portefeuille-2", "portefeuille-5"):
        assert f'href="#{place}"' in bodies[1]
        assert f'id="{place}"' in bodies[1]


def test_eerste_dag_tells_who_what_and_when_each_line_with_its_source(portal: Portal) -> None:
    shown = portal("eerste_dag", handover(), portefeuille="Sport")

    assert shown.headings == [
        (1, "Uw eerste dag"),
        (2, "Data die eraan komen"),
        (2, "Sport"),
        (3, "Voorzitter en VNG-commissie"),
        (3, "Wie zit waar: afspraken en netwerken"),
        (3, "Wat er loopt"),
        (3, "Waar u op let"),
        (3, "Met wie u kennismaakt"),
    ]
    assert "Anna de Wit (wethouder gemeente Assen) p. 1" in shown.text
    assert "De overdracht noemt geen afspraken en netwerken." in shown.text
    assert shown.params("p. 3")["citaat"] == ["De huur van de hallen loopt af."]
    assert "Sportbond Noord p. 4" in shown.text
    met = shown.text[shown.text.index("Voorzitters van verbonden portefeuilles") :]
    assert f"{EKM}Voorzitter: Piet Groen (burgemeester gemeente Emmen) p. 6" in met
    assert LINK not in met


def test_eerste_dag_keeps_past_dates_apart_from_those_to_come(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = portal("eerste_dag", handover(), portefeuille="Sport")

    coming, past = "Op 2 maart 2027", "Tot 1 mei 2026"
    assert shown.text.index(coming) < shown.text.index("Voorbij op 25 november 2026 (1 regel)") < shown.text.index(past)
    assert shown.params("p. 2")["document"] == [HANDOVER.id]
    monkeypatch.setattr(profiles, "today", lambda: date(2027, 3, 3))
    later = portal("eerste_dag", handover(), portefeuille="Sport")
    assert "De overdracht noemt geen data die nog komen." in later.text
    assert later.text.index("Voorbij op 3 maart 2027 (2 regels)") < later.text.index(MEETING)


def test_eerste_dag_names_the_portefeuille_of_a_date_where_there_are_several(portal: Portal) -> None:
    assert f"Sport: {MEETING}" not in portal("eerste_dag", handover(), portefeuille="Sport").text
    assert f"Sport: {MEETING}" in portal("eerste_dag", handover(), portefeuille=["Sport", "EKM"]).text


def test_eerste_dag_on_paper_says_what_it_is_of_and_from_which_day(portal: Portal) -> None:
    shown = portal("eerste_dag", handover(), portefeuille=["Sport", "EKM"])

    assert "button" in shown.tags
    assert f"Portefeuilles: {EKM}; Sport" in shown.text
    assert "Letterlijk uit: Overdrachtsdocument VDG 2026. Gemaakt op 25 november 2026." in shown.text


def test_eerste_dag_says_which_portefeuille_the_handover_leaves_out(portal: Portal) -> None:
    shown = portal("eerste_dag", handover(), portefeuille=["Financiën", "Vissen"])

    assert "De overdracht vertelt niets over de portefeuille Financiën." in shown.text
    assert "De portefeuille ‘Vissen’ bestaat niet." in shown.text
    assert (2, "Data die eraan komen") not in shown.headings


def test_eerste_dag_shows_hostile_words_as_text(portal: Portal) -> None:
    searcher = handover((("Portefeuille O&C", f"Dossiers {HOSTILE}"), 1, (HOSTILE,)))

    shown = portal("eerste_dag", searcher, portefeuille=["O&C", HOSTILE])

    assert "img" not in shown.tags
    assert "<img src=x onerror=alert(1)> **vet** 1 januari 2028 lang" in shown.text
    assert "\u202e" not in shown.text


def test_eerste_dag_reads_each_portefeuille_once_in_their_own_order() -> None:
    address, problems = parse_first_day({"portefeuille": ["sport", "ekm", "Sport", "x"]})

    assert address == FirstDayAddress((EKM, "Sport"))
    assert problems == ("De portefeuille ‘x’ bestaat niet.",)
    assert address.href == "eerste-dag?portefeuille=Energie%2C+Klimaat+en+Milieu&portefeuille=Sport"
