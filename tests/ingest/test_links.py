from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ingest.documents import Box, CitedBy, Document, Link, Source
from ingest.links import sources_of_links
from ingest.sources import _ID as REGISTER_ID

HANDOVER = Source("overdracht", "Overdrachtsdocument")
REGIOPLAN = Source(
    "regioplan",
    "Regioplan Drenthe",
    url="https://www.Provincie.drenthe.nl/regioplan",
    cited_by=(CitedBy("overdracht", 12, "Regioplan Drenthe"),),
)


def document(*links: tuple[int, str, str], source: Source = HANDOVER) -> Document:
    """Links as (page, words, address)."""
    found = tuple(Link(page, Box(0, 0, 1, 1), words, url) for page, words, url in links)
    return Document(source, "overdracht.pdf", "0" * 64, (), (), found)


def new(*links: tuple[int, str, str]) -> list[Source]:
    return sources_of_links(document(*links), [HANDOVER])[1:]


def test_links_become_sources_with_the_words_and_page_they_stand_on() -> None:
    (found,) = new((14, " Platform31 \n artikel ", "https://www.Platform31.nl/flexteam/?utm_source=pdf#top"))
    assert found == Source(
        id="platform31-nl-flexteam",
        title="Platform31 artikel",
        publisher="platform31.nl",
        url="https://www.platform31.nl/flexteam/",
        kind="link",
        cited_by=(CitedBy("overdracht", 14, "Platform31 artikel"),),
    )


def test_links_to_one_address_are_one_source_with_every_place() -> None:
    (found,) = new(
        (3, "Lees meer", "https://vdg.nl/plan"),
        (5, "strategie VNG 2030", "HTTPS://VDG.NL:443/plan#p5"),
        (5, "Strategie  VNG 2030", "https://vdg.nl/plan"),
    )
    assert found.cited_by == (CitedBy("overdracht", 3, "Lees meer"), CitedBy("overdracht", 5, "strategie VNG 2030"))
    assert found.title == "strategie VNG 2030"


def test_links_join_the_registers_entry_with_the_same_address() -> None:
    links = (
        (12, "regioplan Drenthe", "https://www.provincie.drenthe.nl/regioplan#a"),  # the register says so already
        (13, "het plan", "https://www.provincie.drenthe.nl/regioplan"),
    )
    found = sources_of_links(document(*links), [REGIOPLAN, HANDOVER])
    assert found == [
        replace(REGIOPLAN, cited_by=(*REGIOPLAN.cited_by, CitedBy("overdracht", 13, "het plan"))),
        HANDOVER,
    ]


@pytest.mark.parametrize(
    ("words", "tidy"),
    [
        ("artikel).", "artikel"),
        ("(Gezonde Marke", "Gezonde Marke"),
        ("regioplan Drenthe,", "regioplan Drenthe"),
        ("Vereniging van Drentse Gemeenten (VDG)", "Vereniging van Drentse Gemeenten (VDG)"),
        ("Manifest ‘Drenthe’", "Manifest ‘Drenthe’"),
    ],
)
def test_links_words_are_without_the_sentences_signs(words: str, tidy: str) -> None:
    (found,) = new((1, words, "https://vdg.nl/x"))
    assert (found.title, found.cited_by[0].words) == (tidy, tidy)


def test_links_a_page_that_the_register_quotes_at_length_is_not_named_twice() -> None:
    links = [(12, "plan Drenthe,", "https://www.provincie.drenthe.nl/regioplan")]
    assert sources_of_links(document(*links), [REGIOPLAN]) == [REGIOPLAN]


def test_links_taken_twice_change_nothing() -> None:
    linked = document((1, "plan", "https://vdg.nl/plan"), (2, "hier", "https://vdg.nl/?p=1"))
    once = sources_of_links(linked, [HANDOVER, REGIOPLAN])
    assert len(once) == 4
    assert sources_of_links(linked, once) == once


def test_links_of_two_documents_meet_in_one_source() -> None:
    nota = Source("nota", "Nota")
    known = sources_of_links(document((1, "plan A", "https://vdg.nl/plan")), [HANDOVER, nota])
    (*_, found) = sources_of_links(document((7, "plan B", "https://vdg.nl/plan"), source=nota), known)
    assert found.title == "plan A"
    assert found.cited_by == (CitedBy("overdracht", 1, "plan A"), CitedBy("nota", 7, "plan B"))


@pytest.mark.parametrize("url", ["mailto:info@vdg.nl", "#page=3", "", "file:///etc/passwd", "tel:0592", "bijlage.pdf"])
def test_links_that_do_not_lead_to_the_web_are_no_sources(url: str) -> None:
    assert new((1, "woorden", url)) == []


def test_links_of_a_document_to_itself_are_no_sources() -> None:
    own = replace(HANDOVER, url="https://vdg.nl/overdracht.pdf")
    linked = document((1, "dit document", "https://vdg.nl/overdracht.pdf#page=3"), source=own)
    assert sources_of_links(linked, [own]) == [own]


@pytest.mark.parametrize(
    ("words", "url", "title"),
    [
        ("Regioplan Drenthe", "https://vdg.nl/x", "Regioplan Drenthe"),
        ("Lees meer", "https://www.vdg.nl/stukken/regio-plan_2025.pdf", "regio plan 2025 (vdg.nl)"),
        ("(@ Bekijk de video )", "https://vdg.nl/film/", "film (vdg.nl)"),
        ("", "https://www.vdg.nl/", "vdg.nl"),
        ("→", "https://www.vdg.nl/financi%C3%ABn", "financiën (vdg.nl)"),
        ("https://www.vdg.nl/plan", "https://www.vdg.nl/plan", "plan (vdg.nl)"),
        ("www.vdg.nl", "https://www.vdg.nl", "vdg.nl"),
        ("woord " * 100, "https://vdg.nl/x", ("woord " * 25).strip()),
    ],
)
def test_links_titles(words: str, url: str, title: str) -> None:
    (found,) = new((1, words, url))
    assert found.title == title


def test_links_ids_are_as_the_register_wants_them_and_differ() -> None:
    addresses = [
        "https://vdg.nl/Plan",
        "http://vdg.nl/plan",
        "https://vdg.nl/?p=1",
        "https://vdg.nl/?p=2",
        "https://vdg.nl/" + "lang/" * 100,
        "https://vdg.nl/" + "lang/" * 101,
        "https://vdg.nl/financiën",
        "https://[2001:db8::1]/",
        "https://overdracht/",
    ]
    found = new(*((1, "x", address) for address in addresses))
    ids = [source.id for source in found]
    assert len(set(ids)) == len(addresses)
    assert all(REGISTER_ID.fullmatch(each) and len(each) <= 64 for each in ids)
    assert ids[0] == "vdg-nl-plan"
    assert "overdracht" not in ids  # that is the handover's own
    assert re.fullmatch(r"overdracht-[0-9a-f]{8}", ids[-1])


def test_links_id_does_not_depend_on_the_links_beside_it() -> None:
    alone = new((1, "x", "https://vdg.nl/?p=2"))
    among = new((1, "x", "https://vdg.nl/?p=1"), (1, "x", "https://vdg.nl/?p=2"), (2, "x", "https://vdg.nl/"))
    assert alone[0].id == among[1].id
