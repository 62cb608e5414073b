from __future__ import annotations

import pytest

from index.dutch import Analyser
from index.spelling import Spelling

WORDS = {
    "schuldhulpverlening": 9, "schuldhulpmaatje": 2, "schuldenproblematiek": 3, "gemeenteraad": 5, "gemeenteraden": 1,
    "zeehaven": 1, "warmtetransitie": 4, "zorgtransitie": 1, "onderwijsveld": 1, "bestuur": 8, "bestuurder": 20,
}  # fmt: skip


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling(Analyser(WORDS), WORDS, known={"omgevingsvizie"})


@pytest.mark.parametrize(
    ("question", "compounds"),
    [
        ("Wie helpt bij schulden hulp?", ("schuldhulpverlening", "schuldhulpmaatje")),
        ("schuld hulp verlening", ("schuldhulpverlening", "schuldhulpmaatje")),
        ("de gemeente raad", ("gemeenteraad",)),
        ("zee haven", ("zeehaven",)),
        ("schulden, hulp", ()),  # a sign keeps them apart
        ("schulden en hulp", ()),
        ("hulp schulden", ()),
        ("bestuur", ()),
        ("", ()),
    ],
)
def test_spelling_joins_neighbours_that_make_a_compound_of_the_corpus(
    spelling: Spelling, question: str, compounds: tuple[str, ...]
) -> None:
    assert spelling.compounds(question) == compounds


def test_spelling_of_equal_slips_the_most_frequent_word_is_meant() -> None:
    frequent = Spelling(Analyser(), {"beleidsnota": 1, "beleidsnoto": 7})
    assert frequent.mend("beleidsnotq")[1] == (("beleidsnotq", "beleidsnoto"),)


def test_spelling_never_changes_what_the_corpus_its_titles_or_the_question_hold_to_be_right(spelling: Spelling) -> None:
    for word in (*WORDS, "omgevingsvizie"):
        assert spelling.mend(word) == (word, ())
    assert spelling.mend("warmtetranistie") == ("warmtetransitie", (("warmtetranistie", "warmtetransitie"),))
    assert spelling.mend("warmtetranistie", {"warmtetranistie"}) == ("warmtetranistie", ())


@pytest.mark.parametrize(
    ("question", "mended"),
    [
        ("de raad van Alkmaar", "de raad van Alkmaar"),  # a name is no 'alsmaar'
        ("alkmaar", "alsmaar"),
        ("de stichting Meerwerff", "de stichting meerwerf"),
        ("portefeuille Kultuur", "portefeuille cultuur"),
        ("de afspraken van Hartvielig", "de afspraken van hartveilig"),
        ("voortaan", "voortaan"),  # two slips from 'voorjaar', in a word of eight letters
        ("wethouder Ooyevaar", "wethouder ooijevaar"),  # two slips that sound alike
        ("bibliotheekwet", "bibliotheekwet"),  # a compound of known words, two slips from 'bibliotheekwerk'
        ("in Klaverzeil", "in klaverzijl"),  # a compound too, but it sounds like a word of the corpus
    ],
)
def test_spelling_leaves_names_and_words_that_the_lists_lack(question: str, mended: str) -> None:
    words = "alsmaar meerwerf cultuur hartveilig voorjaar ooijevaar bibliotheekwerk klaverzijl".split()
    assert Spelling(Analyser(words), dict.fromkeys(words, 3)).mend(question)[0] == mended


def test_spelling_of_many_words_proposes_those_that_are_said_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.spelling._MOST_PROPOSED", 2)
    words = {"warmtetransitie": 9, "warmtetranistie": 1, "gemeente": 8}
    spelling = Spelling(Analyser(words), words)
    assert spelling.mend("warmtetransitei")[0] == "warmtetransitie"
    assert spelling.mend("warmtetranistie")[0] == "warmtetranistie"  # said once: known, though not proposed
