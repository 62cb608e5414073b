"""Everyone whom a corpus names in a public role: invented passages of many forms, and the real handover by gold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.people import Person, people_of
from index.person_roles import At
from ingest.passages import passages_of
from ingest.sources import sources_of
from tests.index.toy import passage_of
from tests.ingest.reading import read

CORPUS = Path(__file__).parents[2] / "corpus"
GOLD = Path(__file__).parent / "handover_people.jsonl"


def people(*units: str, lead_in: str = "", headings: Sequence[str] = ()) -> dict[str, Person]:
    """The people of a corpus of one passage, by name."""
    return {one.name.text: one for one in people_of([passage_of("nota", 0, units, lead_in=lead_in, headings=headings)])}


def said(person: Person) -> set[tuple[str, str]]:
    """Roles with where they are held: {('wethouder', 'Emmen')}."""
    return {(fact.role, fact.place) for fact in person.facts}


@pytest.mark.parametrize(
    ("unit", "name", "role", "place"),
    [
        ("Voorzitter van de dag is wethouder Arend de Vries (Emmen).", "Arend de Vries", "wethouder", "Emmen"),
        ("Aanwezig: A. de Vries (wethouder gemeente Emmen).", "A. de Vries", "wethouder", "Emmen"),
        ("Mevrouw drs. A.B. (Arie) van der Berg-de Vries, burgemeester van Assen", "A.B. Arie van der Berg-de Vries",
         "burgemeester", "Assen"),
        ("Portefeuillehouder: wethouder Geerte Brontsema.", "Geerte Brontsema", "wethouder", ""),
        ("Wethouder Van Dam zegt dit toe.", "Van Dam", "wethouder", ""),
        ("Gedeputeerde J. Smit van de provincie Drenthe was erbij.", "J. Smit", "gedeputeerde", "provincie Drenthe"),
        ("Voorzitter stuurgroep Wonen: Jan-Willem Oostra (burgemeester gemeente de Wolden)", "Jan-Willem Oostra",
         "burgemeester", "De Wolden"),
        ("Voorzitter stuurgroep Wonen: Jan-Willem Oostra (burgemeester gemeente de Wolden)", "Jan-Willem Oostra",
         "voorzitter", "stuurgroep Wonen"),
        ("VNG-cie Ruimte (vertegenwoordiger Drenthe: Wietske Aa, wethouder gemeente Aa en Hunze)", "Wietske Aa",
         "wethouder", "Aa en Hunze"),
        ("VNG-cie Financiën (waarnemer Renske Bos, burgemeester gemeente Meppel)", "Renske Bos", "waarnemer",
         "VNG-cie Financiën"),
        ("Kerngroep Water (nu: Okke Dam – vertegenwoordiging steden en Siert Os – vertegenwoordiging dorpen)",
         "Siert Os", "vertegenwoordiging dorpen", "Kerngroep Water"),
        ("Voormalig voorzitter stuurgroep Wonen: Anno Wietze Hiemstra (tot 5 juni 2025)", "Anno Wietze Hiemstra",
         "voormalig voorzitter", "stuurgroep Wonen"),
        ("de heer drs. G.J. Braas per 9 juli te benoemen als lid van de Rekenkamercommissie Emmen voor drie jaar",
         "G.J. Braas", "lid", "Rekenkamercommissie Emmen"),
        ("De minister van Volksgezondheid, Welzijn en Sport, drs. A.B. Jansen, antwoordt.", "A.B. Jansen",
         "minister van Volksgezondheid, Welzijn en Sport", ""),
        ("Staatssecretaris Szabó (Digitalisering) antwoordt.", "Szabó", "staatssecretaris Digitalisering", ""),
        ("Voorzitter van de stuurgroep Noaber is Okke Zwanenburgh.", "Okke Zwanenburgh", "voorzitter",
         "stuurgroep Noaber"),
        ("Portefeuillehouder Wonen: Jan Jansen (Emmen)", "Jan Jansen", "portefeuillehouder", "Emmen"),
        ("Jan Jansen is sinds 2022 wethouder van de gemeente Emmen en lid van de VNG-commissie Zorg.", "Jan Jansen",
         "lid", "VNG-commissie Zorg"),
        ("Namens Drenthe gaat wethouder Jan Jansen uit Emmen erheen.", "Jan Jansen", "wethouder", "Emmen"),
        ("dhr. J. Jansen (wethouder Assen) en mw. K. de Wit (wethouder Meppel)", "K. de Wit", "wethouder", "Meppel"),
        ("Jan Jansen – wethouder Emmen", "Jan Jansen", "wethouder", "Emmen"),
        ("Wethouders: Jan Jansen (Emmen), Ömer Kaya (Assen)", "Ömer Kaya", "wethouder", "Assen"),
        ("Mevr. A. el Hamdaoui, wethouder van Assen", "A. el Hamdaoui", "wethouder", "Assen"),
        ("De Sportraad, onder voorzitterschap van Berber Houtgraaf, kijkt mee.", "Berber Houtgraaf", "voorzitter",
         "De Sportraad"),
    ],
)  # fmt: skip
def test_people_reads(unit: str, name: str, role: str, place: str) -> None:
    found = people(unit)

    assert name in found
    assert (role, place) in said(found[name])


def test_people_reads_every_name_of_a_list_behind_a_plural() -> None:
    found = people(
        "Aanwezig waren de wethouders Jan van der Berg en Piet Jansen (Meppel), Hielke de Vries en Ter Haar."
    )

    assert {name: said(one) for name, one in found.items()} == {
        "Jan van der Berg": {("wethouder", "")},
        "Piet Jansen": {("wethouder", "Meppel")},
        "Hielke de Vries": {("wethouder", "")},
        "Ter Haar": {("wethouder", "")},
    }


def test_people_reads_names_in_a_list_below_the_line_that_gives_the_role() -> None:
    found = people("Jan van der Berg (gemeente Emmen)", "Tineke Kort", lead_in="Leden van de stuurgroep Wonen:")

    assert said(found["Jan van der Berg"]) == {("lid", "stuurgroep Wonen"), ("", "Emmen")}
    assert said(found["Tineke Kort"]) == {("lid", "stuurgroep Wonen")}
    assert found["Tineke Kort"].facts[0].under == "Leden van de stuurgroep Wonen:"


def test_people_reads_names_and_municipalities_below_wethouders() -> None:
    found = people("Jan van der Berg, gemeente Emmen", "Tineke Kort (Assen)", lead_in="Wethouders:")

    assert said(found["Tineke Kort"]) == {("wethouder", "Assen")}
    assert said(found["Jan van der Berg"]) == {("wethouder", "Emmen")}


def test_people_reads_the_members_that_a_body_consists_of() -> None:
    found = people(
        "De stuurgroep bestaat uit: Jan Jansen (voorzitter, gemeente Emmen), Piet Prins (gemeente Assen) en Kees Kok."
    )

    assert {name: said(one) for name, one in found.items()} == {
        "Jan Jansen": {("", "stuurgroep"), ("voorzitter", "stuurgroep"), ("", "Emmen")},
        "Piet Prins": {("", "stuurgroep"), ("", "Assen")},
        "Kees Kok": {("", "stuurgroep")},
    }


def test_people_reads_names_below_the_heading_of_a_body() -> None:
    found = people("Voorzitter: Jan Jansen", "Tineke Kort, gemeente Assen", headings=["Leden van de stuurgroep Wonen"])

    assert said(found["Jan Jansen"]) == {("voorzitter", "stuurgroep Wonen")}
    assert said(found["Tineke Kort"]) == {("lid", "stuurgroep Wonen"), ("", "Assen")}


@pytest.mark.parametrize(
    "heading", ["Samenwerking en netwerk", "Bestuur", "Klankbordgroep bewoners", "Bewonersoverleg"]
)
def test_people_takes_no_body_from_a_heading_that_names_none(heading: str) -> None:
    assert not people("Voorzitter: Jan Jansen", "Tineke Kort, gemeente Assen", headings=[heading])


def test_people_sentence_below_the_heading_of_a_body_is_no_list() -> None:
    assert not people("Jan Jansen bezocht de vergadering als gast.", headings=["Stuurgroep Wonen"])


def test_people_whoever_is_followed_does_not_hold_the_role() -> None:
    found = people("Wethouder Jan Jansen volgt Piet Prins op als voorzitter van de stuurgroep Wonen.")

    assert {name: said(one) for name, one in found.items()} == {"Jan Jansen": {("wethouder", "")}}


@pytest.mark.parametrize(
    ("row", "labelled", "role", "place"),
    [
        ("Wubbo Haverlag\tburgemeester van Assen", "Naam: Wubbo Haverlag · Functie: burgemeester van Assen",
         "burgemeester", "Assen"),
        ("Emmen\tWubbo Haverlag", "Gemeente: Emmen · Wethouder: Wubbo Haverlag", "", "Emmen"),
        ("Wubbo Haverlag\tEmmen\tlid", "Naam: Wubbo Haverlag · Gemeente: Emmen · Functie in het bestuur: lid",
         "lid", "bestuur"),
    ],
)  # fmt: skip
def test_people_reads_a_row_by_its_columns(row: str, labelled: str, role: str, place: str) -> None:
    unit = passage_of("nota", 0, [row], lead_in=labelled)

    (person,) = people_of([unit])

    assert person.name.text == "Wubbo Haverlag"
    assert (role, place) in said(person)


def test_people_place_of_a_row_ends_with_its_cell() -> None:
    rows = passage_of("a", 0, ["Voorzitter\tgemeente Zandwolde", "Ambtelijk secretaris\tgemeente Zandwolde"])
    other = passage_of("b", 0, ["Tjerk Oldewolt, wethouder van Zandwolde"])

    (person,) = people_of([rows, other])

    assert person.municipalities == ("Zandwolde",)


def test_people_reads_who_signed_a_letter() -> None:
    found = people("Namens het bestuur van de Vereniging van Drentse Gemeenten,", "Klaas Sint, voorzitter")
    minister = people("De Minister van Volksgezondheid, Welzijn en Sport,", "H.M. de Jong")

    assert said(found["Klaas Sint"]) == {("voorzitter", "bestuur van de Vereniging van Drentse Gemeenten")}
    assert said(minister["H.M. de Jong"]) == {("minister van Volksgezondheid, Welzijn en Sport", "")}


@pytest.mark.parametrize(
    "unit",
    [
        # who wrote it, who can be called, who was asked
        "Auteurs: Jan van der Berg en Piet Jansen",
        "Onderzoeker: Linsey Kuik · Consultant: Bart Pluim",
        "Contactpersoon: mevrouw T. Kort, tel. 0591 12 34 56, t.kort@gemeente.nl",
        "Mevrouw De Boer uit Emmen vertelt dat zij lang op een woning wachtte.",
        "De heer Jan van der Berg (inwoner van Emmen) sprak in.",
        "Gast bij punt 4: Thijmen Goudriaan van de netbeheerder.",
        # private bodies, and those in which people speak for themselves
        "Jan van der Berg, voorzitter van voetbalvereniging Alcides",
        "Jan van der Berg, lid van de cliëntenraad",
        "Jan van der Berg (voorzitter van de bewonerscommissie Noord)",
        "Jan van der Berg, secretaris van de dorpsraad Zweeloo",
        "Voorzitter van de ondernemingsraad is Jan van der Berg.",
        "Jan van der Berg, directeur van Stichting Welzijn",
        "Jan van der Berg, lid van de raad van toezicht van het ziekenhuis",
        "Piet Jansen, bestuurder van Bouwbedrijf Jansen b.v.",
        "Leden van het bewonersplatform: Jan van der Berg en Piet Jansen",
        # civil servants: an adviser, an official, the head of a department
        "VNG: Senior adviseur Financiën Jan van der Lei. Jan van der Lei geeft een update.",
        "Jan van der Berg, ambtelijk secretaris van de stuurgroep",
        "Sylvia Brons, programmadirecteur Digitale Ondersteuning van de gemeente Emmen",
        "Projectleider Piet Jansen van de gemeente Emmen",
        # what only looks like a name
        "Het adres is Burgemeester Brokxlaan 52 in Tilburg.",
        "Wethouder Wonen en Zorg: vacant",
        "De wethouder Gezonde Marke opende de dag.",
        "Digitalisering (gemeentelijk bestuurlijk trekker nu: vacant)",
        "Bestuurlijk Netwerk Gezond Leven (nu: Zilveren Kruis)",
        "De minister Van VWS",
    ],
)
def test_people_leaves_out_who_holds_no_public_role(unit: str) -> None:
    common = passage_of("woorden", 1, ["De gezonde marke en het zilveren kruis gaan over zorg en wonen."])

    assert people_of([passage_of("nota", 0, [unit]), common]) == ()


def test_people_leaves_out_the_head_of_a_department_who_signs() -> None:
    found = people(
        "Hoogachtend,", "Namens de Autoriteit Persoonsgegevens,", "ir. C.M. Schut, Directeur Systeemtoezicht"
    )

    assert not found


def test_people_bare_chair_takes_no_body_from_the_heading() -> None:
    found = people("De cliëntenraad heeft zeven leden.", "Voorzitter is Okke Zwanenburgh.", headings=["Bestuur"])

    assert not found


def test_people_words_hold_no_telephone_or_address_of_mail() -> None:
    found = people("Info: Jan van der Berg, griffier van Emmen, tel. 0591 123456, j.berg@emmen.nl en ook dhr. Vos.")

    assert [fact.words for fact in found["Jan van der Berg"].facts] == ["Jan van der Berg, griffier van Emmen"]


def test_people_words_stop_where_the_sentence_goes_on() -> None:
    found = people("De heer E.M. Krijns deelt als voorzitter van de vertrouwenscommissie mee dat de heer K. Bos komt.")

    assert found["E.M. Krijns"].facts[0].words == (
        "De heer E.M. Krijns deelt als voorzitter van de vertrouwenscommissie"
    )


def test_people_fact_has_its_source() -> None:
    units = ["Eerst een regel die langer is dan de tweede.", "Wethouder Jan Zwart (Emmen) tekent."]
    one = passage_of("nota", 0, units, pages=(3, 4), headings=["Sport", "Doel"], portefeuilles=["Sport"])

    (person,) = people_of([one])

    (fact,) = person.facts
    assert (fact.document_id, fact.page, fact.heading_path, fact.portefeuilles) == (
        "nota",
        4,
        ("Sport", "Doel"),
        ("Sport",),
    )
    assert fact.words in one.text
    assert (fact.at, fact.place, fact.former) == (At.MUNICIPALITY, "Emmen", False)
    assert (person.municipalities, person.portefeuilles) == (("Emmen",), ("Sport",))


@pytest.mark.parametrize(
    ("units", "names"),
    [
        # initials and a first name, a slip in a long surname, a surname alone in the same municipality
        (["wethouder H.M. de Jong (Emmen)", "wethouder Hugo de Jong (Emmen)"], ["Hugo de Jong"]),
        (["burgemeester Inge Nieuwenhuizen", "burgemeester Inge Nieuwenhuisen"], ["Inge Nieuwenhuizen"]),
        (["wethouder Jan van Dam (Emmen)", "wethouder Van Dam (gemeente Emmen)"], ["Jan van Dam"]),
        (["wethouder Jan van Dam (Emmen)", "wethouder Van Dam"], ["Jan van Dam"]),
        # a role that changed within one municipality
        (["raadslid Jan van Dam (Emmen)", "Jan van Dam, wethouder gemeente Emmen"], ["Jan van Dam"]),
        # another municipality, another first name, another letter in a short surname, another particle
        (["wethouder Jan van Dam (Emmen)", "wethouder Jan van Dam (Assen)"], ["Jan van Dam", "Jan van Dam"]),
        (["wethouder Jan Smit (Emmen)", "wethouder Piet Smit (Emmen)"], ["Jan Smit", "Piet Smit"]),
        (["wethouder Jan Smit (Emmen)", "wethouder Jan Smid (Emmen)"], ["Jan Smid", "Jan Smit"]),
        (["wethouder Jan de Boer (Emmen)", "wethouder Jan Boer (Emmen)"], ["Jan Boer", "Jan de Boer"]),
        # a surname alone that two people have
        (["wethouder Jan Smit (Emmen)", "wethouder Piet Smit (Assen)", "wethouder Smit"],
         ["Smit", "Jan Smit", "Piet Smit"]),
    ],
)  # fmt: skip
def test_people_joins_names_only_where_that_is_safe(units: list[str], names: list[str]) -> None:
    assert [one.name.text for one in people_of([passage_of("nota", 0, units)])] == names


def test_people_other_spellings_are_kept_once() -> None:
    units = ["minister Hugo de Jong", "minister H.M. de Jong", "minister H.M. De Jong", "minister Hugo de Jong"]

    (person,) = people_of([passage_of("nota", 0, units)])

    assert (person.name.text, person.also) == ("Hugo de Jong", ("H.M. de Jong",))


def test_people_of_one_name_in_two_municipalities_have_addresses_of_their_own() -> None:
    found = people_of([passage_of("n", 0, ["wethouder Jan van Dam (Emmen)", "wethouder Jan van Dam (Assen)"])])

    assert {one.slug: one.municipalities for one in found} == {
        "jan-van-dam-emmen": ("Emmen",),
        "jan-van-dam-assen": ("Assen",),
    }


def test_people_keeps_all_roles_of_a_person_over_the_years() -> None:
    old = passage_of("nota-2022", 0, ["Jan van Dam, raadslid gemeente Emmen"])
    new = passage_of("nota-2026", 0, ["Jan van Dam, oud-raadslid en wethouder van de gemeente Emmen"])

    (person,) = people_of([old, new])

    assert {(one.document_id, one.role, one.former) for one in person.facts} == {
        ("nota-2022", "raadslid", False),
        ("nota-2026", "oud-raadslid", True),
        ("nota-2026", "wethouder", False),
    }


def test_people_order_of_passages_does_not_change_who_there_is() -> None:
    passages = [
        passage_of("a", 0, ["wethouder Van Dam (Emmen)"]),
        passage_of("b", 0, ["wethouder Jan van Dam (Emmen)"]),
        passage_of("c", 0, ["burgemeester P. Bos (Assen)"]),
    ]

    forward, backward = people_of(passages), people_of(passages[::-1])

    assert [(one.slug, set(one.facts)) for one in forward] == [(one.slug, set(one.facts)) for one in backward]


@pytest.mark.parametrize(
    "hostile",
    [
        "wethouder <script>alert(1)</script> (Emmen)",
        "wethouder [Jan](javascript:alert) Smit",
        "\u202ewethouder " + "A. " * 3000,
        "Jan " + "Jan " * 2500 + "(wethouder",
        "Voorzitter stuurgroep: " + ":" * 3000,
        "(" * 3000,
        "wethouder " + "van " * 700 + "Dam",
        "",
    ],
)
def test_people_hostile_text_names_nobody_and_ends(hostile: str) -> None:
    assert all("<" not in one.name.text and "[" not in one.name.text for one in people(hostile).values())


def test_people_of_nothing_are_nobody() -> None:
    assert people_of([]) == ()


def test_people_of_the_handover_are_those_that_a_reader_finds() -> None:
    """Read by hand: everybody in it with a public role, each role with its page, once a page."""
    source = sources_of(CORPUS)[0]
    assert source.path is not None
    document = read(source.path.read_bytes(), title=source.title, file=source.path.name)
    gold = {tuple(json.loads(line).values()) for line in GOLD.read_text("utf-8").splitlines()}

    found = {
        (person.name.text, fact.role, fact.place, fact.page)
        for person in people_of(passages_of(document))
        for fact in person.facts
    }

    assert found == gold
