"""Names of people in Dutch: their parts, when two are one person's, and what is a word or a place."""

from __future__ import annotations

import pytest

from index.person_names import NameReader, PersonName, may_be_one, mended_particles, name_of

READER = NameReader(["gezonde", "marke", "veilig", "thuis", "bakker", "dijk"], ["emmen", "assen"])


def name(text: str) -> PersonName:
    found = name_of(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("drs. H.M. de Jonge", ("H.M. de Jonge", "H.M.", "de", "Jonge")),
        ("G.K.Visser", ("G.K. Visser", "G.K.", "", "Visser")),
        ("mevrouw Van Dam", ("Van Dam", "", "van", "Dam")),
        ("Kiena ten Brink", ("Kiena ten Brink", "Kiena", "ten", "Brink")),
        ("Anne-Marie van der Os-de Wit", ("Anne-Marie van der Os-de Wit", "Anne-Marie", "van der", "Os-de Wit")),
        ("Zsolt Szabó", ("Zsolt Szabó", "Zsolt", "", "Szabó")),
        ("Jan in ’t Veld", ("Jan in ’t Veld", "Jan", "in ’t", "Veld")),
        ("Jan\nvan  Dam", ("Jan van Dam", "Jan", "van", "Dam")),
    ],
)  # fmt: skip
def test_person_names_parts(text: str, parts: tuple[str, str, str, str]) -> None:
    assert name(text) == PersonName(*parts)


@pytest.mark.parametrize("text", ["", "jan", "Jan <b>Smit</b>", "van", "12 Jan"])
def test_person_names_no_name(text: str) -> None:
    assert name_of(text) is None


def test_person_names_are_listed_by_surname() -> None:
    one = name("Kiena ten Brink")

    assert (one.sort_key, one.letter, one.slug, one.initials) == ("brink kiena ten", "B", "kiena-ten-brink", "k")
    assert name("Jan Éluard").letter == "E"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Hugo de Jonge", "H.M. de Jonge", True),
        ("H. de Jonge", "H.M. de Jonge", True),
        ("Inge Nieuwenhuizen", "Inge Nieuwenhuisen", True),
        ("Anna Jansen-de Vries", "Anna Jansen", True),
        ("Jan Smid", "Jan Smit", False),
        ("Jan de Boer", "Jan Boer", False),
        ("Hugo de Jonge", "K.M. de Jonge", False),
        ("Hugo de Jonge", "Henk de Jonge", False),
        ("Hugo de Jonge", "De Jonge", False),
        ("Inge Nieuwenhuizen", "Ilse Nieuwenhuisen", False),
    ],
)
def test_person_names_may_be_one(one: str, other: str, same: bool) -> None:
    assert may_be_one(name(one), name(other)) is same
    assert may_be_one(name(other), name(one)) is same


@pytest.mark.parametrize("text", ["Jan Smit", "drs. A.B. Jansen", "A. Bakker", "Roos Bakker"])
def test_person_names_reader_takes_a_full_name(text: str) -> None:
    assert READER.full(text) is not None


@pytest.mark.parametrize(
    "text", ["Gezonde Marke", "Veilig Thuis", "Gemeente Emmen", "Provincie Drenthe", "Emmen Noord", "Smit"]
)
def test_person_names_reader_refuses_words_and_places(text: str) -> None:
    assert READER.full(text) is None


@pytest.mark.parametrize("text", ["De Vries", "Van Dam", "Kos"])
def test_person_names_reader_takes_a_surname_behind_a_role(text: str) -> None:
    assert READER.lone(text) is not None


@pytest.mark.parametrize(
    "text", ["Emmen", "Wonen", "Bakker", "van Emmen", "Brokxlaan", "Inge", "Van", "Jan Smit", "Bo"]
)
def test_person_names_reader_refuses_a_surname_that_may_be_a_word(text: str) -> None:
    assert READER.lone(text) is None


def test_person_names_particle_with_one_wrong_letter_is_mended() -> None:
    assert mended_particles("Renate dan Hollander") == "Renate den Hollander"
    assert mended_particles("Jan van Dam") == "Jan van Dam"
    assert mended_particles("Jan met Dam") == "Jan met Dam"
