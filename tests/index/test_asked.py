from __future__ import annotations

import pytest

from index.asked import Asked, Kind
from index.dutch import Analyser

ANALYSER = Analyser({"huurwoningen", "huur", "woningen", "statushouders"})


def asked(question: str) -> Asked:
    return Asked.of(question, ANALYSER)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("telefoonnummer drents energieloket", Kind.CONTACT),
        ("In welk jaar is de vereniging opgericht?", Kind.DATE),
        ("Hoe laat sluit het gemeentehuis?", Kind.DATE),
        ("Hoeveel kost het flexteam per jaar?", Kind.MONEY),
        ("Hoe hoog is de subsidie?", Kind.MONEY),
        ("Wat is het budget voor jeugdzorg?", Kind.MONEY),
        ("aantal vacatures", Kind.NUMBER),
        ("Wat was het gemiddelde aandeel?", Kind.NUMBER),
        ("Wie is voorzitter?", Kind.NAME),
        ("Hoe heet de coördinator?", Kind.NAME),
        ("Wat heeft de bouw gekost?", Kind.MONEY),
        ("Wat betaalt een gemeente per inwoner?", Kind.MONEY),
        ("Waarom werken gemeenten samen?", Kind.OTHER),
        ("Hoe voorkomt men dat te zien is wie besmet is?", Kind.OTHER),
        ("Komt er een nieuwe berekening van hoeveel grond er nodig is?", Kind.OTHER),
        ("Komt er een opvolger, en vanaf wanneer?", Kind.DATE),
        ("Komt er een website?", Kind.OTHER),
        ("Hoe heet het?", Kind.NAME),
        ("", Kind.OTHER),
    ],
)
def test_asked_kind_is_told_from_the_wording(question: str, kind: Kind) -> None:
    assert asked(question).kind is kind


@pytest.mark.parametrize(
    ("question", "text", "held"),
    [
        ("Wat is het telefoonnummer?", "Bel 0592-123456.", True),
        ("Wat is het telefoonnummer?", "Bel met het bureau.", False),
        ("Hoeveel kost het?", "Er is € 28,2 miljoen voor.", True),
        ("Hoeveel kost het?", "Er werken 28 mensen.", False),
        ("Wanneer begint het?", "Het begint in het voorjaar.", True),
        ("Wanneer begint het?", "Het begint in 2027.", True),
        ("Wanneer begint het?", "Het begint binnenkort.", False),
        ("Wanneer begint de agenda van 2026?", "De agenda van 2026 is vol.", False),
        ("Wie is voorzitter?", "Voorzitter is Jan van der Lei.", True),
        ("Wie was voorzitter vóór Klaas Smid?", "Klaas Smid is de voorzitter.", False),
        ("Wie is voorzitter?", "De voorzitter leidt de vergadering.", False),
        ("Wie is voorzitter?", "Het Drents Overleg Energie en Vitale Vakantieparken.", False),
        ("Wie is herbenoemd?", "de heer drs. ing. G.J. Braas te herbenoemen", True),
        ("Welke wethouder zegt dat toe?", "Wethouder Wagner zegt het toe.", True),
        ("Hoe vaak komt de ledenvergadering bijeen?", "De vergadering is jaarlijks.", True),
        ("Hoe lang lopen de afspraken?", "Afspraken Hartveilig 2024 t/m 2027.", True),
        ("Met hoeveel procent stijgt het?", "Het stijgt met 25%.", True),
        ("Hoeveel vergoedt het fonds?", "Het vergoedt 275 per kind.", True),
        ("Waarom is dat?", "Daarom.", True),
    ],
)
def test_asked_is_held_by_a_text_with_the_kind_of_thing(question: str, text: str, held: bool) -> None:
    assert asked(question).is_held(text) is held


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Er komen 45 nieuwe sociale huurwoningen bij.", True),
        ("Twaalf huurwoningen zijn klaar.", True),
        ("Er zijn 45 wethouders die besluiten over huurwoningen.", False),
        ("In 2026 huurwoningen bouwen.", False),
        ("Zie 2025-2028: huurwoningen.", False),
        ("Er komen huurwoningen bij.", False),
    ],
)
def test_asked_number_is_that_of_what_is_counted(text: str, held: bool) -> None:
    assert asked("Hoeveel huurwoningen komen er?").is_held(text) is held


def test_asked_number_is_not_the_one_in_the_question() -> None:
    question = asked("Hoe groot is de regio met 12 gemeenten?")
    assert not question.is_held("De 12 gemeenten werken samen.")
    assert question.is_held("De 12 gemeenten hebben 500.000 inwoners.")


def test_asked_missing_counts_names_years_and_abbreviations() -> None:
    question = asked("Hoeveel IZA-geld krijgt Assen in 2026?")
    assert question.missing(set(ANALYSER.terms("Assen krijgt in 2026 geld uit het IZA."))) == 0
    assert question.missing(set(ANALYSER.terms("Emmen krijgt in 2026 geld uit het IZA."))) == 1
    assert question.missing(set()) == 3


def test_asked_name_may_be_written_out() -> None:
    question = Asked.of("Wie zit het DOE voor?", ANALYSER, {"doe": (("drent", "overleg", "energie"),)})
    assert question.missing({"drent", "overleg", "energie", "voorzitter"}) == 0
    assert question.missing({"overleg", "energie"}) == 1


def test_asked_first_word_is_no_name() -> None:
    assert asked("Gemeenten werken samen?").names == ()
