from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from index.answer import answer_of, best_unit, page_of
from index.calibration import CALIBRATION
from index.dutch import Analyser
from index.evidence import Evidence
from index.query import Query, QueryReader
from index.results import DocumentInfo, Hit, Status
from ingest.documents import Passage, Unit
from tests.index.toy import CHAIR, PASSAGES, PLAN, passage_of

NO_EVIDENCE = Evidence(**{field.name: 0.0 for field in fields(Evidence)})
INFO = DocumentInfo("overdracht", "Overdracht", "overdracht.pdf", "VDG", "2026", None, "d", 5, 5, 7, ())


def query(question: str) -> Query:
    return QueryReader(Analyser(), {}).read(question)


def chosen(question: str, passage: Passage, chances: list[float], similarities: list[float]) -> str:
    unit = best_unit(query(question), passage, chances, np.array(similarities, dtype=np.float32))
    return passage.text[unit.start : unit.end]


def test_best_unit_is_the_likeliest() -> None:
    passage = passage_of("overdracht", 1, ["Eén.", "Twee.", "Drie."])
    assert chosen("Wat dan?", passage, [0.3, 0.8, 0.5], [0.9, 0.8, 0.9]) == "Twee."


def test_best_unit_of_equals_is_the_nearest_in_meaning_and_then_the_first() -> None:
    passage = passage_of("overdracht", 1, ["Eén.", "Twee.", "Drie."])
    assert chosen("Wat dan?", passage, [0.5, 0.5, 0.5], [0.8, 0.9, 0.9]) == "Twee."
    assert chosen("Wat dan?", passage, [0.5, 0.5, 0.5], [0.9, 0.9, 0.9]) == "Eén."


def test_best_unit_writes_out_the_abbreviation_that_is_asked_for() -> None:
    passage = passage_of("overdracht", 1, ["Het DOE komt bijeen.", "Het Drents Overleg Energie (DOE) is nieuw."])
    assert chosen("Wat is het DOE?", passage, [0.9, 0.5], [0.9, 0.8]) == "Het Drents Overleg Energie (DOE) is nieuw."
    assert chosen("Waar komt het DOE bijeen?", passage, [0.9, 0.5], [0.9, 0.8]) == "Het DOE komt bijeen."


def test_best_unit_of_one_is_that_one() -> None:
    assert chosen("?", passage_of("overdracht", 1, ["Enige zin."]), [0.1], [0.0]) == "Enige zin."


def test_best_unit_wants_a_number_for_each_unit() -> None:
    passage = passage_of("overdracht", 1, ["Eén.", "Twee."])
    with pytest.raises((ValueError, IndexError)):
        chosen("Wat dan?", passage, [0.8], [0.0])


@pytest.mark.parametrize("status", [Status.GEVONDEN, Status.ONZEKER])
def test_answer_of_gives_the_units_own_words_with_lead_in_and_page(status: Status) -> None:
    passage = PASSAGES[3]
    hit = Hit(1, 2.0, passage, INFO)
    answer = answer_of(hit, passage.units[0], 0.7, status)
    assert (answer.status, answer.confidence, answer.text) == (status, 0.7, PLAN)
    assert (answer.lead_in, answer.hit, answer.page) == ("Bereikt in de afgelopen periode:", hit, 3)


PILOT = "De regio houdt een pilot met flexwonen."


@pytest.mark.parametrize(
    ("units", "lead_in", "expected"),
    [
        ([PILOT, "Deze loopt tot 2027."], "", f"{PILOT}\nDeze loopt tot 2027."),
        (["Nul.", PILOT, "Hierbij helpt de provincie."], "", f"{PILOT}\nHierbij helpt de provincie."),
        ([PILOT, "Die begon in 2024.", "Zij loopt door."], "", f"{PILOT}\nDie begon in 2024.\nZij loopt door."),
        (["Dit is het begin."], "", "Dit is het begin."),
        ([PILOT, "Emmen doet mee."], "", "Emmen doet mee."),
        ([PILOT, "Dit document geeft een overzicht."], "", "Dit document geeft een overzicht."),
        ([PILOT, "Ditmaal is het raak."], "", "Ditmaal is het raak."),
        (["Flexwonen", "Deze bullet staat los."], "Lijst:", "Deze bullet staat los."),
    ],
)
def test_answer_of_a_sentence_that_refers_back_has_the_sentence_before_it(
    units: list[str], lead_in: str, expected: str
) -> None:
    passage = passage_of("overdracht", 1, units, lead_in=lead_in)
    answer = answer_of(Hit(1, 2.0, passage, INFO), passage.units[-1], 0.7, Status.GEVONDEN)
    assert answer.text == expected
    assert answer.text in passage.text


def test_answer_of_a_sentence_that_refers_back_begins_on_the_page_of_the_one_before() -> None:
    passage = passage_of("overdracht", 1, [PILOT, "Deze loopt tot 2027, zo is besloten."], pages=[4, 5])
    assert answer_of(Hit(1, 2.0, passage, INFO), passage.units[1], 0.7, Status.GEVONDEN).page == 4


def test_confidence_in_a_sentence_that_nothing_shows_to_answer_is_never_sure() -> None:
    thin = replace(NO_EVIDENCE, similarity=-1.01, known=1.0)
    sure = replace(CALIBRATION, intercept=20.0)
    assert sure.status(sure.confidence(replace(thin, similarity=-0.9))) is Status.GEVONDEN
    assert sure.status(sure.confidence(thin)) is Status.ONZEKER
    assert replace(CALIBRATION, intercept=-20.0).confidence(thin) < 0.01


def test_answer_of_not_found_says_nothing() -> None:
    passage = PASSAGES[1]
    answer = answer_of(Hit(1, 2.0, passage, INFO), passage.units[0], 0.1, Status.NIET_GEVONDEN)
    assert (answer.text, answer.lead_in, answer.hit, answer.page, answer.confidence) == ("", "", None, None, 0.1)


def test_page_of_a_passage_on_one_page() -> None:
    assert {page_of(PASSAGES[1], unit) for unit in PASSAGES[1].units} == {2}


def test_page_of_a_passage_on_two_pages() -> None:
    first, second = PASSAGES[5].units
    assert (page_of(PASSAGES[5], first), page_of(PASSAGES[5], second)) == (4, 5)


def test_page_of_a_unit_that_knows_its_page_is_no_guess() -> None:
    # of a long footnote in small letters hardly a line stands on the first page, yet it begins there
    passage = passage_of(
        "overdracht", 1, ["Zo.", "Noot.", "Een lange zin die op het tweede blad verder gaat."], pages=[4, 5]
    )
    known = tuple(replace(unit, page=page) for unit, page in zip(passage.units, (4, 5, 5), strict=True))
    late = replace(passage, units=known, regions=(*passage.regions[:1] * 9, *passage.regions[1:]))
    assert [page_of(late, unit) for unit in known] == [4, 5, 5]
    # as do stretches of it, even those whose page is not said
    assert page_of(late, Unit(known[1].start, known[2].end)) == 5
    assert page_of(late, Unit(known[1].start + 1, known[1].end)) == 5
    assert page_of(late, Unit(known[0].start + 1, known[0].end)) == 4


def test_page_of_stays_within_the_passage() -> None:
    passage = passage_of("overdracht", 1, ["…", CHAIR, "!"], pages=[7, 8, 9])
    assert page_of(passage, passage.units[0]) == 7
    for start in range(len(passage.text)):
        assert page_of(passage, Unit(start, len(passage.text))) in (7, 8, 9)
    signs = passage_of("overdracht", 1, ["…", "!"], pages=[7, 8])
    assert page_of(signs, signs.units[1]) in (7, 8)


@pytest.mark.parametrize("intercept", [-1e6, -40.0, -1.0, 0.0, 1.0, 40.0, 1e6])
def test_calibration_confidence_is_a_chance(intercept: float) -> None:
    assert 0 <= replace(CALIBRATION, intercept=intercept).confidence(NO_EVIDENCE) <= 1


def test_calibration_confidence_rises_with_what_speaks_for_it() -> None:
    for field in fields(Evidence):
        calibration = replace(CALIBRATION, intercept=0.0, **{field.name: 1.5})
        weak, strong = (replace(NO_EVIDENCE, **{field.name: value}) for value in (0.2, 0.9))
        assert calibration.confidence(weak) < calibration.confidence(strong)
    assert replace(CALIBRATION, intercept=0.0).confidence(NO_EVIDENCE) == 0.5


@pytest.mark.parametrize(
    ("confidence", "status"),
    [
        (0.0, Status.NIET_GEVONDEN),
        (0.299, Status.NIET_GEVONDEN),
        (0.3, Status.ONZEKER),
        (0.599, Status.ONZEKER),
        (0.6, Status.GEVONDEN),
        (1.0, Status.GEVONDEN),
    ],
)
def test_calibration_status_by_its_thresholds(confidence: float, status: Status) -> None:
    assert replace(CALIBRATION, found=0.6, not_found=0.3).status(confidence) is status


def test_calibration_that_is_in_use_makes_sense() -> None:
    assert 0 < CALIBRATION.not_found <= CALIBRATION.found < 1
