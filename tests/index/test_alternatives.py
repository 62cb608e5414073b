from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from index.alternatives import MOST, alternatives
from index.calibration import CALIBRATION
from index.encoder import Encoder
from index.query import Sought
from index.results import Answer, AnswerItem, DocumentInfo, Hit, Status
from index.searcher import Searcher
from ingest.documents import Source
from tests.index.toy import document_of, passage_of, publish_toy

DATE = "Het Drents Overleg Energie stelt het programmaplan vast op 4 december 2025."
NUMBER = "Voor de mentale veerkracht van inwoners is € 28,2 miljoen beschikbaar."
PERSON = "De voorzitter van het overleg over sport is Jan Zwiers (burgemeester gemeente Midden-Drenthe)."


def hit_of(text: str, document: str, *, portefeuille: str = "") -> Hit:
    info = DocumentInfo(document, document.title(), f"{document}.pdf", "", "2026", None, "d", 3, 3, 1, ())
    passage = passage_of(document, 1, ["Een andere zin.", text], pages=[3], portefeuilles=[portefeuille or "Sport"])
    return Hit(1, 1.0, passage, info)


def others(one: str, other: str, sought: Sought, *, document: str = "b", portefeuille: str = "") -> list[str]:
    answer = Answer(Status.GEVONDEN, 0.9, one, "", hit_of(one, "a"), 3)
    found = alternatives(answer, sought, [hit_of(other, document, portefeuille=portefeuille)])
    assert all(alternative.page == 3 for alternative in found)
    return [alternative.text for alternative in found]


@pytest.mark.parametrize(
    ("one", "other", "sought"),
    [
        (DATE, DATE.replace("4 december", "11 december"), Sought.DATE),
        (DATE, DATE.replace("4 december 2025", "maart 2026"), Sought.DATE),
        (DATE, DATE.replace("stelt", "stelde").replace("4 december", "5 december"), Sought.DATE),
        (NUMBER, NUMBER.replace("28,2", "30"), Sought.NUMBER),
        (NUMBER, NUMBER.replace("€ 28,2 miljoen", "€ 900.000"), Sought.NUMBER),
        (PERSON, PERSON.replace("Jan Zwiers", "Mark Tuit"), Sought.PERSON),
        (
            "Voorzitter VDG-portefeuille Sport: Jan Zwiers",
            "Voorzitter VDG-portefeuille Sport: Mark Tuit.",
            Sought.PERSON,
        ),
        (PERSON, PERSON.replace("Jan Zwiers (burgemeester gemeente Midden-Drenthe)", "Kiena ten Brink"), Sought.PERSON),
    ],
)
def test_alternatives_are_the_same_words_with_another_value(one: str, other: str, sought: Sought) -> None:
    assert others(one, other, sought) == [other]


@pytest.mark.parametrize(
    ("one", "other", "sought"),
    [
        (DATE, DATE, Sought.DATE),
        (DATE, DATE.replace("4 december 2025", "2025"), Sought.DATE),  # says less, not otherwise
        (DATE, DATE.replace("4 december", "11 december"), Sought.NUMBER),
        (DATE, DATE.replace("4 december", "11 december"), Sought.OTHER),
        (DATE, DATE.replace("Energie", "Wonen").replace("4 december", "11 december"), Sought.DATE),  # another overleg
        (NUMBER, "Voor de aanpak van wegen en bruggen is € 30 miljoen beschikbaar.", Sought.NUMBER),
        (f"In 2025: {NUMBER}", f"In 2026: {NUMBER.replace('28,2', '30')}", Sought.NUMBER),  # of another year
        ("Budget: € 28,2 miljoen", "Budget: € 30 miljoen", Sought.NUMBER),  # too little said around it
        (PERSON, PERSON.replace("Jan Zwiers", "Jan de Zwiers"), Sought.PERSON),
        ("Voorzitter portefeuille Sport: Jan Zwiers", "Voorzitter portefeuille Wonen: Mark Tuit", Sought.PERSON),
        (PERSON, PERSON.replace("sport", "gemeentefinanciën").replace("Jan Zwiers", "Mark Tuit"), Sought.PERSON),
    ],
)
def test_alternatives_are_not_what_agrees_or_speaks_of_something_else(one: str, other: str, sought: Sought) -> None:
    assert others(one, other, sought) == []


def test_alternatives_come_from_other_documents_and_the_same_portefeuille() -> None:
    other = DATE.replace("4 december", "11 december")
    assert others(DATE, other, Sought.DATE, document="a") == []
    assert others(DATE, other, Sought.DATE, portefeuille="Financiën") == []


def test_alternatives_are_one_a_document_and_not_many() -> None:
    answer = Answer(Status.GEVONDEN, 0.9, DATE, "", hit_of(DATE, "a"), 3)
    hits = [hit_of(DATE.replace("4 december", f"{day} december"), f"b{day // 2}") for day in range(10, 24)]
    found = alternatives(answer, Sought.DATE, hits)
    assert [one.hit.document.id for one in found] == ["b5", "b6", "b7"]
    assert len(found) == MOST


def test_alternatives_of_no_answer_or_a_list_are_none() -> None:
    hits = [hit_of(DATE.replace("4 december", "11 december"), "b")]
    assert alternatives(Answer(Status.NIET_GEVONDEN, 0.1), Sought.DATE, hits) == ()
    listed = Answer(Status.GEVONDEN, 0.9, DATE, "", hit_of(DATE, "a"), 3, (AnswerItem(DATE, 3, "a:00001"),))
    assert alternatives(listed, Sought.DATE, hits) == ()


@pytest.mark.parametrize("k", [1, 10])
def test_searcher_shows_what_another_source_says_however_few_hits_are_asked_for(
    tmp_path: Path, toy_encoder: Encoder, k: int
) -> None:
    other = DATE.replace("4 december 2025", "11 december 2025")
    documents = [
        document_of(Source("a", "Agenda", "", 2025), [[DATE]]),
        document_of(Source("b", "Brief", "", 2026), [[other]]),
    ]
    publish_toy(tmp_path, documents, [passage_of("a", 1, [DATE]), passage_of("b", 1, [other])])
    certain = replace(CALIBRATION, found=0.0, not_found=0.0)
    answer = (
        Searcher(tmp_path, toy_encoder, certain).search("Wanneer stelt het DOE het programmaplan vast?", k=k).answer
    )
    assert {answer.text, *(one.text for one in answer.others)} == {DATE, other}
    assert [one.hit.document.date for one in answer.others] in (["2026"], ["2025"])
