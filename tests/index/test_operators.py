from __future__ import annotations

import pytest

from index.operators import operators_of
from index.searcher import Searcher
from tests.conftest import ToyEncoder
from tests.index.toy import publish_one


@pytest.mark.parametrize(
    ("question", "text", "phrases"),
    [
        ('zorg "Zilveren Kruis" nu', "zorg Zilveren Kruis nu", ("Zilveren Kruis",)),
        ("„Gezonde Marke” en “samen sterk”", "Gezonde Marke en samen sterk", ("Gezonde Marke", "samen sterk")),
        ("«Gezonde Marke» ‘‘samen sterk’’", "Gezonde Marke samen sterk", ("Gezonde Marke", "samen sterk")),
        ('niet "gesloten', 'niet "gesloten', ()),
        ("thema’s van ‘s avonds", "thema’s van ‘s avonds", ()),
        ("de visie ‘Samen verder’", "de visie ‘Samen verder’", ()),
        ('leeg "" en " ? "', "leeg en", ()),
        ('"Emmen -Assen"', "Emmen -Assen", ("Emmen -Assen",)),
    ],
)
def test_operators_double_quotes_make_a_phrase(question: str, text: str, phrases: tuple[str, ...]) -> None:
    operators = operators_of(question)
    assert (operators.text, operators.phrases) == (text, phrases)
    assert (operators.excluded, operators.excluded_phrases) == ((), ())


@pytest.mark.parametrize(
    ("question", "excluded"),
    [
        ("zorg -jeugd", ("jeugd",)),
        ("-jeugd -sport zorg", ("jeugd", "sport")),
        ("zorg -e-mail.", ("e-mail",)),
        ("jaarverslag -2024", ("2024",)),
        ("de VNG-commissie", ()),
        ("zorg - jeugd – sport", ()),
        ("zorgvragen en -kosten", ()),
        ("zorgvraag, -aanbod of -kosten", ()),
        ("zowel zorgvraag als -aanbod", ()),
    ],
)
def test_operators_a_hyphen_before_a_word_excludes_it(question: str, excluded: tuple[str, ...]) -> None:
    operators = operators_of(question)
    assert operators.excluded == excluded
    assert bool(operators.excluded) == (operators.text != question)


def test_operators_a_hyphen_before_a_phrase_excludes_it() -> None:
    operators = operators_of('zorg -"Zilveren Kruis"')
    assert (operators.text, operators.phrases, operators.excluded_phrases) == ("zorg", (), ("Zilveren Kruis",))


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    data = tmp_path_factory.mktemp("tekens")
    publish_one(
        data,
        "De VNG-commissie Zorg\nkomt bijeen.",
        "De commissie Zorg van de VNG komt vaak bijeen.",
        "Zorgverzekeraars en gemeenten stellen een coördinator aan.",
        "Iedere gemeente kent de zorg.",
    )
    return Searcher(data, ToyEncoder())


def rows(searcher: Searcher, question: str) -> set[int]:
    return {int(hit.passage.passage_id[-1]) for hit in searcher.search(question).hits}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ('"commissie zorg komt bijeen"', {1}),  # over a line end, whatever the capitals
        ('"vng commissie"', {1}),
        ('"commissie Zorg"', {1, 2}),
        ('"zorg commissie"', set()),
        ('"COORDINATOR"', {3}),
        ('"gemeente"', {4}),  # these very words
        ('"gemeente" "zorg"', {4}),
        ("zorg -gemeente", {1, 2}),  # every form of the word
        ("bijeen -zorg", {3}),  # by itself: 'zorgverzekeraar' is another word
        ('bijeen -"van de vng"', {1, 3, 4}),
        ("bijeen -vng-commissie", {2, 3, 4}),
        ("zorg", {1, 2, 3, 4}),
    ],
)
def test_operators_leave_the_passages_that_do_what_is_demanded(
    searcher: Searcher, question: str, expected: set[int]
) -> None:
    assert rows(searcher, question) == expected


def test_operators_nothing_remains_is_not_found(searcher: Searcher) -> None:
    result = searcher.search('Wat doet de "zorg commissie" -sport')
    assert (result.answer.status, result.hits) == ("niet_gevonden", ())
    assert (result.reading.phrases, result.reading.excluded) == (("zorg commissie",), ("sport",))
    assert (result.searched.passages, result.facet_documents) == (4, {})


def test_operators_words_of_a_phrase_are_not_mended(searcher: Searcher) -> None:
    assert searcher.search("coordinatr").corrections == (("coordinatr", "coordinator"),)
    assert searcher.search('"coordinatr"').corrections == ()
