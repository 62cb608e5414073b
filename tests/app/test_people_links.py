"""The address of the page Wie is wie, written and read back."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from app_pages._wie_is_wie.people_links import WHO_LIMIT, PeopleAddress, parse_people


@pytest.mark.parametrize(
    "address",
    [
        PeopleAddress(),
        PeopleAddress("Klaas Smid"),
        PeopleAddress("G&W + ‘zorg’", "De Wolden", "Participatie, Schuldhulpverlening en Integratie"),
        PeopleAddress("smid", person="klaas-smid"),
    ],
)
def test_people_links_read_back_what_was_written(address: PeopleAddress) -> None:
    assert parse_people(parse_qs(urlsplit(address.href).query)) == address


def test_people_links_are_short_where_nothing_is_asked() -> None:
    assert PeopleAddress().href == "./wie-is-wie"
    assert PeopleAddress(person="klaas-smid").href == "./wie-is-wie?persoon=klaas-smid"
    assert PeopleAddress("smid", "Assen", person="klaas-smid").everyone == PeopleAddress("smid", "Assen")


def test_people_links_take_the_last_value_and_cut_it() -> None:
    read = parse_people({"wie": ["a", "  Klaas \n Smid "], "persoon": [], "gemeente": ["x" * 10_000]})

    assert read == PeopleAddress("Klaas Smid", "x" * WHO_LIMIT)
