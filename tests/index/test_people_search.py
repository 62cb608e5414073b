"""People sought by name, with typing faults, or by subject."""

from __future__ import annotations

import pytest

from index.people_search import People
from tests.index.toy import passage_of


@pytest.fixture(scope="module")
def people() -> People:
    chair = "Voorzitter VDG-portefeuille Sport: Inge Nieuwenhuizen (burgemeester gemeente de Wolden)"
    group = "Kerngroep Gezonde Marke (nu: Kiena ten Brink en Joop Slomp)"
    return People(
        [
            passage_of("n", 0, [chair], portefeuilles=["Sport"]),
            passage_of("n", 1, [group], portefeuilles=["Gezondheid en Welzijn"]),
            passage_of("n", 2, ["wethouder Jan Smit (Emmen)", "wethouder Jan Smit (Assen)", "wethouder Piet Smid"]),
            passage_of("n", 3, ["De dementiezorg vraagt aandacht."], portefeuilles=["Gezondheid en Welzijn"]),
        ]
    )


def names(people: People, typed: str) -> list[str]:
    return [one.person.name.text for one in people.search(typed)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Inge Nieuwenhuizen", ["Inge Nieuwenhuizen"]),
        ("inge nieuwenhuisen", ["Inge Nieuwenhuizen"]),
        ("Niewenhuizen", ["Inge Nieuwenhuizen"]),
        ("nieu", ["Inge Nieuwenhuizen"]),
        ("huizen", ["Inge Nieuwenhuizen"]),
        ("ten Brink", ["Kiena ten Brink"]),
        ("Brink, Kiena", ["Kiena ten Brink"]),
        ("Slopm", ["Joop Slomp"]),
        # a slip is forgiven only where nobody is called so
        ("Smid", ["Piet Smid"]),
        ("Jan Smit", ["Jan Smit", "Jan Smit"]),
        # a role, a place, a body, a name with a place
        ("burgemeester", ["Inge Nieuwenhuizen"]),
        ("Emmen", ["Jan Smit"]),
        ("burgemeesters de Wolden", ["Inge Nieuwenhuizen"]),
        ("Gezonde Marke", ["Kiena ten Brink", "Joop Slomp"]),
        ("Smit Assen", ["Jan Smit"]),
        # a portefeuille, in full and by its abbreviation
        ("portefeuille sport", ["Inge Nieuwenhuizen"]),
        ("G&W", ["Kiena ten Brink", "Joop Slomp"]),
        # nobody
        ("zwembad", []),
        ("Pietersen", []),
        ("???", []),
        ("<script>", []),
    ],
)
def test_people_search_finds(people: People, typed: str, expected: list[str]) -> None:
    assert names(people, typed) == expected


def test_people_search_of_nothing_is_everyone_by_surname(people: People) -> None:
    expected = ["Kiena ten Brink", "Inge Nieuwenhuizen", "Joop Slomp", "Piet Smid", "Jan Smit", "Jan Smit"]

    assert names(people, "  ") == expected
    assert [one.via for one in people.search("")] == [()] * len(expected)


def test_people_search_goes_through_the_portefeuille_that_speaks_of_a_subject(people: People) -> None:
    assert [(one.person.name.text, one.via) for one in people.search("dementiezorg")] == [
        ("Kiena ten Brink", ("Gezondheid en Welzijn",)),
        ("Joop Slomp", ("Gezondheid en Welzijn",)),
    ]


def test_people_search_very_long_words_end(people: People) -> None:
    assert names(people, "smit" * 2500) == []


def test_people_named_finds_by_address_and_says_when_there_are_more(people: People) -> None:
    assert [one.name.text for one in people.named("kiena-ten-brink")] == ["Kiena ten Brink"]
    assert [one.municipalities for one in people.named("jan-smit-emmen")] == [("Emmen",)]
    # a link from before the second one was known
    assert {one.municipalities for one in people.named("jan-smit")} == {("Emmen",), ("Assen",)}
    assert people.named("gone") == ()


def test_people_namesakes_are_the_others_of_that_name(people: People) -> None:
    (one,) = people.named("jan-smit-emmen")
    (alone,) = people.named("piet-smid")

    assert [other.slug for other in people.namesakes(one)] == ["jan-smit-assen"]
    assert people.namesakes(alone) == ()
