"""The page Wie is wie, as a reader meets it: the list, the search, one person with every fact and its source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
import streamlit as st

from ingest.documents import Passage
from tests.app.conftest import Portal, Shown
from tests.app.fake_searcher import HANDOVER, REPORT, FakeSearcher, hostile_searcher
from tests.index.toy import passage_of


@pytest.fixture(autouse=True)
def _nobody_kept() -> Iterator[None]:
    """The people of a version are kept; the fake searchers of these tests all have the same one."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def searcher_over(units: Sequence[str], *, version: str = "v1", portefeuilles: Sequence[str] = ()) -> FakeSearcher:
    """A corpus of one passage in the report."""
    return FakeSearcher(rows=[(REPORT, passage_of(REPORT.id, 0, units, portefeuilles=portefeuilles))], version=version)


def names(shown: Shown) -> list[str]:
    """The people on a page, in its order: links to one person."""
    return [words for words, href in shown.links.items() if "persoon=" in href]


def test_wie_is_wie_lists_everyone_by_surname(portal: Portal) -> None:
    shown = portal("wie_is_wie")

    assert shown.headings[0] == (1, "Wie is wie")
    assert names(shown) == [
        "Kiena ten Brink",
        "Jan Broekema",
        "Inge Nieuwenhuizen",
        "Joop Slomp",
        "Ankie van Tongeren",
        "Raymond Wanders",
    ]
    assert "6 personen." in shown.text
    assert [words for level, words in shown.headings if level == 2] == ["Filters", "B", "N", "S", "T", "W"]
    assert "burgemeester, gemeente De Wolden · voorzitter, VDG-portefeuille Onderwijs en Cultuur" in shown.text
    assert shown.params("Inge Nieuwenhuizen") == {"persoon": ["inge-nieuwenhuizen"]}


def test_wie_is_wie_list_says_nothing_twice(portal: Portal) -> None:
    units = ["VNG-cie Zorg, Jeugd (waarnemer Jan Smit)", "VNG-cie Zorg Jeugd (waarnemer Jan Smit)"]

    assert portal("wie_is_wie", searcher=searcher_over(units)).text.count("waarnemer") == 1


def test_wie_is_wie_letters_only_where_they_save_scrolling(portal: Portal) -> None:
    # twelve people, all in one municipality
    surnames = "Aalders Bakker Claassen Dijkema Evers Fokkens Groen Hollander Ipema Jansen Klaver Lubbers".split()
    many = searcher_over([f"wethouder Jan {name} (Emmen)" for name in surnames])

    assert portal("wie_is_wie", searcher=many).links["K"] == "#letter-K"
    st.cache_resource.clear()
    assert "B" not in portal("wie_is_wie").links


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Nieuwenhuisen", ["Inge Nieuwenhuizen"]),
        ("  joop   SLOMP ", ["Joop Slomp"]),
        ("Gezonde Marke", ["Kiena ten Brink", "Jan Broekema", "Joop Slomp", "Raymond Wanders"]),
        ("O&C", ["Inge Nieuwenhuizen", "Ankie van Tongeren"]),
    ],
)
def test_wie_is_wie_finds_by_name_and_by_subject(portal: Portal, typed: str, expected: list[str]) -> None:
    shown = portal("wie_is_wie", wie=typed)

    assert names(shown) == expected
    assert shown.params(expected[0])["wie"] == [" ".join(typed.split())], "the way back leads to what was sought"
    assert (2, "Gevonden") in shown.headings


def test_wie_is_wie_says_through_which_portefeuille_somebody_was_found(portal: Portal) -> None:
    shown = portal("wie_is_wie", wie="nieuwkomersonderwijs")

    assert "Bij niemand staat ‘nieuwkomersonderwijs’ zelf." in shown.text
    assert names(shown) == ["Inge Nieuwenhuizen", "Ankie van Tongeren"]
    assert "Via portefeuille Onderwijs en Cultuur" in shown.text


def test_wie_is_wie_nobody_found_says_what_can_be_done(portal: Portal) -> None:
    shown = portal("wie_is_wie", wie="Pietersen", gemeente="Emmen")

    assert (
        "De bronnen noemen niemand met een openbare functie die past bij ‘Pietersen’ binnen deze filters." in shown.text
    )
    assert shown.links["Bekijk iedereen"] == "./wie-is-wie"
    assert shown.params("Zoek zonder filters") == {"wie": ["Pietersen"]}
    assert shown.params("Zoek ‘Pietersen’ in alle bronnen") == {"v": ["Pietersen"]}


def test_wie_is_wie_typed_words_come_into_the_address_with_the_filters_that_are_on(portal: Portal) -> None:
    shown = portal("wie_is_wie", gemeente="De Wolden")
    assert names(shown) == ["Inge Nieuwenhuizen"]

    shown.test.text_input[0].set_value("  Nieuwenhuisen ")
    shown.test.button[0].click().run()

    assert dict(shown.test.query_params) == {"wie": "Nieuwenhuisen", "gemeente": "De Wolden"}
    assert names(Shown(shown.test)) == ["Inge Nieuwenhuizen"]


def test_wie_is_wie_filters_count_and_go_on_and_off(portal: Portal) -> None:
    shown = portal("wie_is_wie")
    assert shown.params("De Wolden") == {"gemeente": ["De Wolden"]}
    assert shown.params("Gezondheid en Welzijn 4") == {"portefeuille": ["Gezondheid en Welzijn"]}

    filtered = portal("wie_is_wie", portefeuille="Gezondheid en Welzijn", wie="gezonde marke")

    assert filtered.params("× Gezondheid en Welzijn") == {"wie": ["gezonde marke"]}
    assert filtered.params("Alle filters uit") == {"wie": ["gezonde marke"]}


def test_wie_is_wie_filter_of_one_person_is_left_out(portal: Portal) -> None:
    assert (2, "Filters") not in portal("wie_is_wie", wie="Slomp").headings


def test_wie_is_wie_person_has_every_fact_with_its_source(portal: Portal) -> None:
    shown = portal("wie_is_wie", persoon="jan-broekema")

    assert shown.headings[0] == (1, "Jan Broekema")
    assert (2, "Overleggen en organisaties") in shown.headings
    assert (3, "vertegenwoordiging stedelijke gemeenten, Kerngroep Gezonde Marke") in shown.headings
    source = shown.params(HANDOVER.title)
    assert (source["document"], source["pagina"]) == ([HANDOVER.id], ["12"])
    assert source["citaat"][0].startswith(("Bestuurlijk voorbereidingsoverleg", "Kerngroep Gezonde Marke (nu: Jan"))
    assert shown.params("Alles over Jan Broekema in de bronnen") == {"v": ['"Jan Broekema"']}
    assert shown.link("Bewaar").startswith("./verzamelen?")
    assert shown.links["← Alle mensen"] == "./wie-is-wie"
    assert shown.links["Gezondheid en Welzijn"] == "./wie-is-wie?portefeuille=Gezondheid+en+Welzijn"


def test_wie_is_wie_person_knows_the_way_back_to_what_was_sought(portal: Portal) -> None:
    shown = portal("wie_is_wie", persoon="joop-slomp", wie="slompp", gemeente="Emmen")

    assert shown.params("← Terug naar wat u zocht") == {"wie": ["slompp"], "gemeente": ["Emmen"]}


def test_wie_is_wie_the_same_fact_stands_once_with_all_its_places(portal: Portal) -> None:
    first = passage_of(HANDOVER.id, 0, ["Jan Smit, wethouder gemeente Emmen"], pages=(3,))
    again = [passage_of(HANDOVER.id, page, ["Wethouder Jan Smit (Emmen)"], pages=(page,)) for page in range(4, 12)]
    report = passage_of(REPORT.id, 0, ["Jan Smit (wethouder van Emmen)"])
    rows: list[tuple[object, Passage]] = [(HANDOVER, one) for one in (first, *again)]

    shown = portal("wie_is_wie", FakeSearcher(rows=[*rows, (REPORT, report)]), persoon="jan-smit")  # type: ignore[list-item]

    assert [words for level, words in shown.headings if level == 3] == ["wethouder, gemeente Emmen"]
    assert shown.params("p. 4")["pagina"] == ["4"]
    assert "en nog 4 plaatsen" in shown.text


def test_wie_is_wie_the_same_name_elsewhere_is_said_and_not_joined(portal: Portal) -> None:
    two = searcher_over(["wethouder Jan Smit (Emmen)", "burgemeester Jan Smit (Assen)"])

    shown = portal("wie_is_wie", searcher=two, persoon="jan-smit-emmen")

    assert "Deze naam staat ook elders in de bronnen: Assen." in shown.text
    assert shown.params("Assen") == {"persoon": ["jan-smit-assen"]}
    assert "burgemeester" not in shown.text

    choice = portal("wie_is_wie", searcher=two, persoon="jan-smit")
    assert "Er zijn meer mensen met deze naam." in choice.text
    assert {choice.links[one] for one in choice.links if "persoon=" in choice.links[one]} >= {
        "./wie-is-wie?persoon=jan-smit-assen"
    }


def test_wie_is_wie_person_who_is_gone_leads_back_to_the_list(portal: Portal) -> None:
    shown = portal("wie_is_wie", persoon="<b>weg</b>")

    assert "Deze persoon staat niet (meer) in de bronnen. Zoek hieronder op naam." in shown.text
    assert "Inge Nieuwenhuizen" in names(shown)


def test_wie_is_wie_shows_no_citizens_authors_or_contacts(portal: Portal) -> None:
    shown = portal(
        "wie_is_wie",
        searcher=searcher_over(
            [
                "Auteur: Tineke Kort. Contactpersoon: Bart Pluim, tel. 0591 12 34 56, b.pluim@emmen.nl",
                "Mevrouw De Boer uit Emmen vertelt over haar wijk, Jan Vos (voorzitter van de bewonersraad) ook.",
                "Jan Smit (wethouder gemeente Emmen, j.smit@emmen.nl)",
            ]
        ),
    )

    assert names(shown) == ["Jan Smit"]
    person = portal(
        "wie_is_wie",
        searcher=searcher_over(["Jan Smit, wethouder gemeente Emmen, j.smit@emmen.nl"]),
        persoon="jan-smit",
    )
    assert "@emmen.nl" not in person.text


def test_wie_is_wie_follows_a_newly_published_version(portal: Portal) -> None:
    assert names(portal("wie_is_wie", searcher=searcher_over(["wethouder Jan Smit"], version="v1"))) == ["Jan Smit"]
    assert names(portal("wie_is_wie", searcher=searcher_over(["wethouder Piet Vos"], version="v2"))) == ["Piet Vos"]


def test_wie_is_wie_without_anybody_says_so(portal: Portal) -> None:
    shown = portal("wie_is_wie", searcher=searcher_over(["De zorg verandert."]))

    assert "De bronnen noemen niemand met een openbare functie." in shown.text


HOSTILE = "<script>alert(1)</script> **vet** &amp; \u202eomgekeerd"


@pytest.mark.parametrize(
    "params", [{"wie": HOSTILE}, {"gemeente": HOSTILE}, {"portefeuille": HOSTILE}, {"persoon": HOSTILE}]
)
def test_wie_is_wie_hostile_address_shows_as_text(portal: Portal, params: dict[str, str]) -> None:
    shown = portal("wie_is_wie", **params)

    assert "script" not in shown.tags
    assert "\u202e" not in shown.text
    assert "persoon" in params or "<script>alert(1)</script> **vet** &amp;" in shown.text


def test_wie_is_wie_hostile_words_of_a_source_show_as_text(portal: Portal) -> None:
    words = "<script>x</script> <img src=x> & **vet** \u202e"
    hostile = hostile_searcher(words)
    (document, passage), *_ = hostile.rows
    text = f"Voorzitter stuurgroep {words}: Jan Smit"
    unit = replace(passage.units[0], start=0, end=len(text))
    rows = [(document, replace(passage, text=text, units=(unit,)))]

    shown = portal("wie_is_wie", searcher=replace(hostile, rows=rows), persoon="jan-smit")

    assert shown.headings[0] == (1, "Jan Smit")
    assert not {"script", "img"} & shown.tags
    assert (3, f"voorzitter, stuurgroep {words[:-2]}") in shown.headings
    assert "\u202e" not in shown.text


def test_wie_is_wie_a_search_of_ten_thousand_signs_is_cut(portal: Portal) -> None:
    shown = portal("wie_is_wie", wie="x" * 10_000)

    assert "x" * 120 in shown.text
    assert "x" * 121 not in shown.text
