from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index.duplicates import folded
from index.encoder import Encoder
from index.searcher import Searcher
from ingest.documents import Passage, Source
from tests.index.toy import document_of, passage_of, publish_toy

LONG = (
    "De gemeenten in Drenthe werken samen aan de warmtetransitie en delen daarbij hun kennis, hun mensen en hun "
    "middelen, zodat elke wijk op tijd een goed plan heeft."
)


def rows_of(passages: Sequence[Passage], count: int = 10) -> list[tuple[int, list[str]]]:
    """(row, ids of what was folded into it) of the passages in their order."""
    kept = folded(range(len(passages)), count, lambda rows: [passages[row] for row in rows])
    return [(one.row, [passage.passage_id for passage in one.also]) for one in kept]


def made(*texts: str) -> list[Passage]:
    return [passage_of("stuk", number, [text], headings=[f"Kop {number}"]) for number, text in enumerate(texts)]


@pytest.mark.parametrize(
    "again",
    [
        LONG,
        LONG.upper(),
        LONG.replace(",", " ;"),
        LONG.replace("daarbij ", ""),
        LONG.replace("goed plan", "beter plan"),
    ],
)
def test_folded_nearly_the_same_words_are_one(again: str) -> None:
    assert rows_of(made(LONG, "Iets heel anders over sport.", again)) == [(0, ["stuk:00002"]), (1, [])]


@pytest.mark.parametrize(
    "other",
    [
        LONG.replace("Drenthe", "Groningen"),
        LONG.replace("elke wijk", "elke wijk in 2026"),
        LONG.replace("werken samen", "werken niet samen"),
        LONG + " Dat kost geld, en dat geld is er de komende jaren nog niet voor alle gemeenten.",
        "Een tekst over iets anders met net zo veel woorden als er in de eerste tekst staan.",
    ],
)
def test_folded_another_name_number_denial_or_more_text_stays(other: str) -> None:
    assert rows_of(made(LONG, other)) == [(0, []), (1, [])]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Assen\t12 %\t5.400 woningen in het jaar", "Assen\t13 %\t5.400 woningen in het jaar"),
        ("Assen\t12 %\t5.400 woningen in het jaar", "Emmen\t12 %\t5.400 woningen in het jaar"),
        (f"{LONG} Trekker: Jan Smid.", f"{LONG} Trekker: Mark Tuit."),
    ],
)
def test_folded_never_rows_or_items_that_differ_in_a_number_or_name(one: str, other: str) -> None:
    assert rows_of(made(one, other)) == [(0, []), (1, [])]


def test_folded_short_texts_say_something_only_under_their_own_heading() -> None:
    passages = made("Provincie Drenthe", "Provincie Drenthe")
    assert rows_of(passages) == [(0, []), (1, [])]
    assert rows_of([replace(one, heading_path=("Partners",)) for one in passages]) == [(0, ["stuk:00001"])]


def test_folded_signs_alone_are_not_the_same() -> None:
    assert rows_of([replace(one, heading_path=()) for one in made("…", "!")]) == [(0, []), (1, [])]


def test_folded_reads_on_until_there_are_enough() -> None:
    passages = made(LONG, LONG, LONG, "Een tweede tekst.", "Een derde tekst.", "Een vierde tekst.")
    assert rows_of(passages, count=2) == [(0, ["stuk:00001", "stuk:00002"]), (3, [])]
    assert rows_of(passages, count=3) == [(0, ["stuk:00001", "stuk:00002"]), (3, []), (4, [])]
    assert rows_of([], count=3) == []


@pytest.fixture
def twice(tmp_path: Path, toy_encoder: Encoder) -> Searcher:
    documents = [document_of(Source(name, name.title()), [[LONG], ["Zorg."]]) for name in ("visie", "plan")]
    passages = [
        passage_of("visie", 1, [LONG]),
        passage_of("visie", 2, ["De huisartsen doen mee aan zorg."], pages=[2]),
        passage_of("plan", 1, [LONG], pages=[2]),
        passage_of("plan", 2, ["De scholen lezen voor."], pages=[2]),
    ]
    publish_toy(tmp_path, documents, passages)
    return Searcher(tmp_path, toy_encoder)


def test_searcher_folds_the_same_words_into_the_better_hit(twice: Searcher) -> None:
    hits = twice.search("warmtetransitie gemeenten Drenthe", k=3).hits
    assert [hit.passage.passage_id for hit in hits][:1] == ["visie:00001"]
    assert [(place.document.title, place.page, place.passage_id) for place in hits[0].also] == [
        ("Plan", 2, "plan:00001")
    ]
    assert [hit.rank for hit in hits] == [1, 2, 3], "the next ones move up"
    assert all(not hit.also for hit in hits[1:])


def test_searcher_without_the_better_one_gives_the_other(twice: Searcher) -> None:
    hits = twice.search("warmtetransitie gemeenten Drenthe", documents=["plan"]).hits
    assert hits[0].passage.passage_id == "plan:00001"
    assert hits[0].also == ()
