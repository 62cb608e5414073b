from __future__ import annotations

import pytest

from index.asked import Asked, Kind, fewest_missing, lack
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
        ("Waarom werken gemeenten samen?", Kind.OTHER),
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


def test_asked_first_word_is_no_name() -> None:
    assert asked("Gemeenten werken samen?").names == ()


def test_lack_is_how_far_the_text_that_holds_it_stays_behind() -> None:
    texts = ["Het flexteam helpt.", "Het kost € 5.", "Ook € 6."]
    assert lack(asked("Hoeveel kost het?"), [2.0, 1.6, 0.0], texts) == pytest.approx(0.4)
    assert lack(asked("Hoeveel kost het?"), [2.0, 2.5, 0.0], texts) == 0.0
    assert lack(asked("Waarom?"), [2.0, 1.6, 0.0], texts) == 0.0


def test_lack_is_at_most_one() -> None:
    assert lack(asked("Hoeveel kost het?"), [5.0, 0.0], ["Niets.", "€ 5"]) == 1.0
    assert lack(asked("Hoeveel kost het?"), [5.0], ["Niets."]) == 1.0


def test_fewest_missing_looks_at_texts_that_are_about_as_near() -> None:
    question = asked("Wat doet Assen?")
    assert fewest_missing(question, [2.0, 1.8], ["Emmen bouwt.", "Assen bouwt."]) == 0
    assert fewest_missing(question, [2.0, 0.5], ["Emmen bouwt.", "Assen bouwt."]) == 1
    assert fewest_missing(asked("Wat doen ze?"), [2.0], ["Emmen bouwt."]) == 0
