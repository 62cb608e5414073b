from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.naming import INTRODUCED_GAIN, NAME_WEIGHT, TITLE_GAIN, YEAR_GAIN
from index.searcher import Searcher
from ingest.documents import Source
from tests.conftest import ToyEncoder
from tests.index.toy import document_of, passage_of, publish_one, publish_toy

# What every one of them says, so that only the name tells them apart.
SAME = ["Wij bouwen woningen voor starters.", "Wij zorgen voor natuur en water.", "Wij leggen fietspaden aan."]
SOURCES = [
    Source("akkoord", "Coalitieakkoord 2022-2026", "Gemeente Emmen", 2022),
    Source("visie", "Energievisie Drenthe", "Provincie Drenthe", 2021),
    Source("verslag-2023", "Jaarverslag 2023", "Gemeente Emmen", 2023),
    Source("verslag-2024", "Jaarverslag 2024", "Gemeente Emmen", 2024),
    Source("zorg", "Regioplan zorg en welzijn", "Zorgkantoor", 2020),
    Source("advies", "Advies Autoriteit Persoonsgegevens (AP)", "", 2020),
    Source("raad", "Advies Raad van State", "", 2019),
    Source("sport", "Drents beweegbeleid", "Sport Drenthe", 2018),
]


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    data = tmp_path_factory.mktemp("namen")
    documents = [document_of(source, [SAME]) for source in SOURCES]
    passages = [
        passage_of(source.id, number, [text]) for source in SOURCES for number, text in enumerate(SAME, start=1)
    ]
    passages.append(passage_of("raad", 4, ["De Autoriteit Persoonsgegevens (AP) adviseerde eerder."]))
    publish_toy(data, documents, passages)
    return Searcher(data, ToyEncoder())


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Wat zegt het coalitieakkoord over wonen?", {"akkoord"}),
        ("Hoeveel woningen komen er volgens het coalitieakkoord?", {"akkoord"}),
        ("woningen coalitieakkoord", {"akkoord"}),
        ("Waar komen fietspaden volgens de provincie?", {"visie"}),
        ("Wat staat er over natuur in de energievisie?", {"visie"}),
        ("Wat meldt het jaarverslag over natuur?", {"verslag-2023", "verslag-2024"}),
        ("Wat meldt het jaarverslag 2024 over natuur?", {"verslag-2024"}),
        ("jaarverslag 2023 natuur", {"verslag-2023"}),
        ("Wat vindt de Raad van State van natuur?", {"raad"}),
        ("Hoe zit het met natuur volgens het advies van de AP?", {"advies"}),  # by its abbreviation
        ("Hoe zit het met natuur volgens het beweegbeleid?", {"sport"}),
        ("Wat is het plan voor de zorg in de regio?", set()),  # about it
        ("Welk advies is er over natuur?", set()),  # two bear the word, and nothing introduces it
        ("Waar komen woningen?", set()),
        ("Wat doet de gemeente aan natuur?", set()),
        ("", set()),
    ],
)
def test_naming_knows_the_documents_that_a_question_names(searcher: Searcher, question: str, named: set[str]) -> None:
    query = searcher.read(question)
    assert set(query.named) == named
    assert dict(query.documents) == dict.fromkeys(named, INTRODUCED_GAIN)


def test_naming_by_most_of_a_title_gains_less_than_by_an_introduction(searcher: Searcher) -> None:
    query = searcher.read("Waar staat het Drents beweegbeleid voor fietspaden?")
    assert dict(query.documents) == {"sport": TITLE_GAIN}
    assert query.typed == searcher.read("Drents beweegbeleid fietspaden").typed  # it may be about these words


def test_naming_a_year_alone_gains_a_little_and_is_not_told(searcher: Searcher) -> None:
    query = searcher.read("Hoeveel woningen kwamen er in 2021?")
    assert dict(query.documents) == {"visie": YEAR_GAIN}
    assert query.named == ()


def test_naming_favours_the_passages_of_the_named_document(searcher: Searcher) -> None:
    for question, document in (
        ("Welke woningen komen er volgens het coalitieakkoord?", "akkoord"),
        ("Welke woningen komen er volgens de provincie?", "visie"),
        ("Welke woningen staan in het jaarverslag 2024?", "verslag-2024"),
    ):
        best = searcher.search(question).hits[0]
        assert (best.document.id, best.passage.text) == (document, SAME[0])


def test_naming_words_that_only_name_weigh_less_and_need_not_stand_in_the_passage(searcher: Searcher) -> None:
    query = searcher.read("Wat zegt het coalitieakkoord over woningen?")
    assert [term for term, _ in query.typed] == ["woning"]
    assert (query.weights["coalitieakkoord"], query.weights["woning"]) == (NAME_WEIGHT, 1.0)
    assert [term for term, _ in searcher.read("coalitieakkoord").typed] == ["coalitieakkoord"]  # there is nothing else


def test_naming_changes_nothing_where_there_is_one_document(tmp_path: Path) -> None:
    publish_one(tmp_path, *SAME)
    searcher = Searcher(tmp_path, ToyEncoder())
    query = searcher.read("Wat zegt het stuk over woningen in 2026?")
    assert (query.named, query.documents) == ((), {})
    assert {"stuk", "woning"} <= {term for term, _ in query.typed}
    assert set(query.weights.values()) == {1.0}
    one_document = np.zeros(len(SAME), dtype=np.int64)
    assert not searcher._names.gains(query, ["stuk"], one_document).any()
