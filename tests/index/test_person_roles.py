"""Public roles in Dutch: which words name one, for whom it is held, and which bodies are public."""

from __future__ import annotations

import pytest

from index.person_roles import At, Held, held_in, is_public_body, municipality, without_contact, without_rest

PLACES = frozenset({"assen", "emmen", "aa en hunze", "den helder"})


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("wethouder gemeente Borger-Odoorn", [("wethouder", "Borger-Odoorn", At.MUNICIPALITY)]),
        ("Wethouder van Emmen", [("wethouder", "Emmen", At.MUNICIPALITY)]),
        ("burgemeester van Aa en Hunze", [("burgemeester", "Aa en Hunze", At.MUNICIPALITY)]),
        ("burgemeester gemeente de wolden", [("burgemeester", "", At.NOTHING)]),
        ("burgemeester gemeente de Wolden", [("burgemeester", "De Wolden", At.MUNICIPALITY)]),
        ("wethouder Financiën", [("wethouder", "", At.NOTHING)]),
        ("burgemeester van Assen en voorzitter van de VDG",
         [("burgemeester", "Assen", At.MUNICIPALITY), ("voorzitter", "VDG", At.BODY)]),
        ("oud-wethouder van Emmen", [("oud-wethouder", "Emmen", At.MUNICIPALITY)]),
        ("gedeputeerde van de provincie Drenthe", [("gedeputeerde", "provincie Drenthe", At.ORGANISATION)]),
        ("dijkgraaf van waterschap Hunze", [("dijkgraaf", "waterschap Hunze", At.ORGANISATION)]),
        ("Tweede Kamerlid", [("Tweede Kamerlid", "", At.NOTHING)]),
        ("directeur van de GGD Drenthe", [("directeur", "GGD Drenthe", At.BODY)]),
        # not public, or no role at all
        ("voorzitter", []),
        ("voorzitter van voetbalvereniging Alcides", []),
        ("lid van de cliëntenraad", []),
        ("directeur Bedrijfsvoering", []),
        ("ambtelijk secretaris van de stuurgroep", []),
        ("oudburgemeesterlijk", []),
        ("raadsledenvergadering", []),
    ],
)  # fmt: skip
def test_person_roles_held_in(phrase: str, expected: list[tuple[str, str, At]]) -> None:
    assert [(held.role, held.place, held.at) for held in held_in(phrase, "", PLACES)] == expected


def test_person_roles_body_around_the_role() -> None:
    assert held_in("vertegenwoordiger Drenthe", "VNG-cie EKEM") == (
        Held("vertegenwoordiger Drenthe", "VNG-cie EKEM", At.BODY),
    )
    assert held_in("directeur Bedrijfsvoering", "gemeente Emmen") == ()
    assert held_in("directeur", "gemeente Emmen") == (Held("directeur", "gemeente Emmen", At.BODY),)


@pytest.mark.parametrize("former", ["voormalig wethouder", "oud-wethouder", "gewezen wethouder"])
def test_person_roles_tells_what_is_over(former: str) -> None:
    assert [held.former for held in held_in(former)] == [True]
    assert [held.former for held in held_in("waarnemend wethouder")] == [False]


@pytest.mark.parametrize(
    "body",
    ["stuurgroep Noaber", "VNG-cie EKEM", "Vereniging van Drentse Gemeenten", "dagelijks bestuur", "gemeenteraad",
     "Rekenkamercommissie", "Algemene Ledenvergadering VDG", "GGD Drenthe", "college van B&W"],
)  # fmt: skip
def test_person_roles_public_body(body: str) -> None:
    assert is_public_body(body)


@pytest.mark.parametrize(
    "body",
    ["Stichting Meerwerf", "voetbalvereniging Alcides", "het bestuur van de vereniging Noord", "bewonerscommissie",
     "cliëntenraad", "dorpsraad Zweeloo", "jongerenraad", "ondernemingsraad", "raad van toezicht", "wijkoverleg",
     "Actiecomité Zuid", "klankbordgroep", "Bouwbedrijf Jansen", ""],
)  # fmt: skip
def test_person_roles_private_body(body: str) -> None:
    assert not is_public_body(body)


def test_person_roles_municipality_as_it_writes_itself() -> None:
    assert [municipality(one) for one in ("de Wolden", "Borger Odoorn", "hollands Kroon")] == [
        "De Wolden",
        "Borger-Odoorn",
        "Hollands Kroon",
    ]


@pytest.mark.parametrize(
    "more",
    [", tel. 0591 12 34 56", ", j.berg@emmen.nl", " 06-12345678", ", bereikbaar via de griffie", " (0591) 123456"],
)
def test_person_roles_without_contact(more: str) -> None:
    assert without_contact(f"griffier van Emmen{more}") == "griffier van Emmen"


def test_person_roles_without_rest() -> None:
    assert without_rest("lid van de raad die in mei is gekozen") == "lid van de raad"
    assert without_rest("lid van de raad") == "lid van de raad"
