from __future__ import annotations

from dataclasses import replace

import pytest

from index.facets import Filters
from tests.app.conftest import Portal
from tests.app.fake_searcher import HANDOVER, REPORT, FakeSearcher, hostile_searcher, searcher_with_report

QUESTION = "Wie is voorzitter van de portefeuille Onderwijs en Cultuur?"
ANSWER = "Voorzitter VDG-portefeuille Onderwijs en Cultuur: Inge Nieuwenhuizen (burgemeester gemeente de Wolden)"


def test_zoeken_without_a_question_shows_examples_that_can_be_clicked(portal: Portal) -> None:
    searcher = FakeSearcher()

    shown = portal(searcher=searcher)

    assert shown.params(QUESTION) == {"v": [QUESTION]}
    assert "Er wordt gezocht in 5 passages uit 1 bron. Bijgewerkt op 23 november 2026." in shown.text
    assert shown.test.text_input(key="vraag").label == "Uw vraag"
    assert searcher.asked == []


def test_zoeken_gives_the_answer_first_with_its_source_as_a_link(portal: Portal) -> None:
    shown = portal(v=QUESTION)

    assert shown.text.index("Gevonden") < shown.text.index(ANSWER) < shown.text.index("Passages")
    source = "Overdrachtsdocument VDG 2026 · Portefeuille Onderwijs en Cultuur · p. 18 · 2026"
    assert shown.params(source) == {
        "document": [HANDOVER.id],
        "pagina": ["18"],
        "citaat": [ANSWER],
        "v": [QUESTION],  # for the next hit in this document
    }
    assert shown.link(source).startswith("document?")
    assert shown.test.text_input(key="vraag").value == QUESTION


def test_zoeken_shows_the_line_that_introduces_the_answer_apart_from_it(portal: Portal) -> None:
    shown = portal(v="Vaststelling programmaplan Drentse Energie Aanpak")

    lead, answer = "Staat onder: Bereikt in de afgelopen periode:", "Vaststelling programmaplan Drentse Energie"
    card = shown.text[: shown.text.index("Passages")]
    assert card.index(lead) < card.index(answer)
    assert "• " not in card


def test_zoeken_lists_passages_with_marked_words_and_a_link_each(portal: Portal) -> None:
    shown = portal(v=QUESTION)

    assert {"Voorzitter", "Onderwijs", "Cultuur"} <= set(shown.marks)
    hits = [words for words in shown.links if words.startswith("Portefeuille ") and "· p. " in words]
    assert len(hits) == shown.text.count("Waarom gevonden?") == 5
    assert all(shown.params(words)["pagina"] for words in hits)
    assert shown.headings[-5:] == [
        (2, "Filters"),
        (2, "Passages"),
        (3, HANDOVER.title),
        (2, "Minder passend"),
        (3, HANDOVER.title),
    ]


def test_zoeken_links_carry_document_page_and_quote_but_never_a_passage_id(portal: Portal) -> None:
    shown = portal(v=QUESTION)

    to_pages = [href for href in shown.links.values() if href.startswith("document?")]
    assert to_pages
    for words in shown.links:
        if shown.links[words] in to_pages:
            assert set(shown.params(words)) == {"document", "pagina", "citaat", "v"}
            assert not {"p0", "p1", "p2", "p3", "p4"} & {value for one in shown.params(words).values() for value in one}


def test_zoeken_not_found_says_how_much_was_searched_and_what_comes_nearest(portal: Portal) -> None:
    shown = portal(v="Hoe vraag ik een rijbewijs aan?")

    assert "Niet gevonden" in shown.text
    assert "Het antwoord staat in 0 van 5 passages in 1 bron; 1 bron is nog niet opgehaald." in shown.text
    assert shown.params("Bekijk welke bronnen ontbreken") == {"stand": ["ontbreekt"]}
    assert (2, "Wat er het dichtst bij komt") in shown.headings
    assert "Ze geven er geen antwoord op." in shown.text
    assert "Bron:" not in shown.text
    assert "Helpt dit u toch verder?" in shown.text, "'Was dit wat u zocht?' would mock who got no answer"
    assert (2, "Filters") not in shown.headings, "counts of passages that do not answer would contradict the answer"


def test_zoeken_says_once_how_many_sources_cannot_be_searched_yet(portal: Portal) -> None:
    shown = portal(v=QUESTION)

    assert shown.text.count("1 van 2 bronnen is nog niet doorzoekbaar") == 1
    assert shown.params("1 van 2 bronnen is nog niet doorzoekbaar") == {"stand": ["ontbreekt"]}
    assert "nog niet doorzoekbaar" not in portal(v="Hoe vraag ik een rijbewijs aan?").text, "the card says it there"


def test_zoeken_is_silent_about_sources_when_all_can_be_searched(portal: Portal) -> None:
    assert "nog niet doorzoekbaar" not in portal(searcher=searcher_with_report(), v=QUESTION).text


def test_zoeken_says_at_a_documents_first_hit_that_not_all_its_pages_can_be_searched(portal: Portal) -> None:
    shown = portal(v=QUESTION)

    assert shown.text.count("27 van 28 pagina’s doorzoekbaar") == 1
    assert "Zonder doorzoekbare tekst: pagina 28." in shown.text
    assert shown.params("Bekijk deze bron bij Bronnen") == {"bron": [HANDOVER.id]}


def test_zoeken_hit_from_a_report_shows_where_the_handover_names_it(portal: Portal) -> None:
    shown = portal(searcher=searcher_with_report(), v="Waarmee helpt het Flexteam gemeenten met warmtetransitie?")

    place = f"Genoemd in {HANDOVER.title} op p. 14"
    assert shown.params(place) == {
        "document": [HANDOVER.id],
        "pagina": ["14"],
        "citaat": ["Platform31 publiceerde hierover op 1 oktober 2025 een artikel"],
    }
    assert "Sinds eind 2023 is het Flexteam operationeel (Platform31 publiceerde hierover" in shown.text
    assert shown.text.count(place) == 2, "with its sentence at the first hit of the report, in brief at the second"


def test_zoeken_hit_from_the_handover_shows_which_reports_it_names(portal: Portal) -> None:
    shown = portal(searcher=searcher_with_report(), v="Vaststelling programmaplan Drentse Energie Aanpak")

    assert f"Verwijst naar: {REPORT.title}" in shown.text
    assert f"{REPORT.title} (" not in shown.text
    assert shown.links[REPORT.title] == f"document?document={REPORT.id}&pagina=1"


def test_zoeken_says_of_a_named_report_that_cannot_be_searched_why_and_where_it_is(portal: Portal) -> None:
    shown = portal(v="Vaststelling programmaplan Drentse Energie Aanpak")

    assert f"Verwijst naar: {REPORT.title} (nog niet opgehaald, platform31.nl)" in shown.text
    assert shown.link("platform31.nl") == REPORT.url


def test_zoeken_leads_to_the_place_in_a_page_of_the_web(portal: Portal) -> None:
    shown = portal(searcher=searcher_with_report(), v="Waarmee helpt het Flexteam gemeenten met warmtetransitie?")

    assert shown.link("Deze plek op de website zelf") == f"{REPORT.url}#aanpak"


def test_zoeken_unsure_says_to_check_the_source(portal: Portal) -> None:
    shown = portal(v="Welke zorgverzekeraar is preferent in Drenthe?")

    assert "Onzeker: controleer de bron" in shown.text


def test_zoeken_says_which_words_were_read_otherwise_than_typed(portal: Portal) -> None:
    shown = portal(v="Wie is vorzitter van Onderwijs en Cultuur?")

    assert "Gezocht naar voorzitter (u typte vorzitter)." in shown.text
    assert shown.params("Zoek op wat ik typte")["letterlijk"] == ["1"]
    assert shown.test.text_input(key="vraag").value == "Wie is vorzitter van Onderwijs en Cultuur?"


def test_zoeken_filters_come_from_the_address_bar_and_can_be_put_off(portal: Portal) -> None:
    searcher = FakeSearcher()

    others = {"document": [HANDOVER.id], "soort": ["overdrachtsdocument"], "uitgever": [HANDOVER.publisher]}
    shown = portal(searcher=searcher, v=QUESTION, portefeuille=["G&W"], jaar=["2026"], **others)

    assert searcher.asked[-1] == (
        QUESTION,
        Filters(("Gezondheid en Welzijn",), (HANDOVER.id,), ("overdrachtsdocument",), (HANDOVER.publisher,), ("2026",)),
    )
    assert shown.params("Onderwijs en Cultuur 2")["portefeuille"] == ["Gezondheid en Welzijn", "Onderwijs en Cultuur"]
    assert shown.params("× Gezondheid en Welzijn 1") == {"v": [QUESTION], "jaar": ["2026"], **others}
    assert "Filters (5 aan)" in shown.text
    assert shown.params("Alle filters uit") == {"v": [QUESTION]}
    assert shown.params("Zoek in alle bronnen en portefeuilles") == {"v": [QUESTION]}


def test_zoeken_filters_that_mean_nothing_are_said_and_left_out(portal: Portal) -> None:
    searcher = FakeSearcher()

    shown = portal(searcher=searcher, v=QUESTION, portefeuille=["<b>Defensie</b>"], document=["weg"], jaar=["<b>"])

    assert searcher.asked[-1] == (QUESTION, Filters())
    assert "Uit het jaar ‘<b>’ is er geen document (meer)." in shown.text
    assert "De portefeuille ‘<b>Defensie</b>’ bestaat niet." in shown.text
    assert "Het document ‘weg’ is er niet (meer)." in shown.text


def test_zoeken_shows_everything_in_a_portefeuille_about_the_question(portal: Portal) -> None:
    shown = portal(v=QUESTION)
    everything = shown.params(f"Alles in Onderwijs en Cultuur over ‘{QUESTION}’")

    assert everything == {"v": [QUESTION], "portefeuille": ["Onderwijs en Cultuur"], "meer": ["1"]}
    whole = portal(**{name: values[0] for name, values in everything.items()})
    assert whole.text.count("Waarom gevonden?") == 2, "all that the portefeuille has"
    assert "Alles in Onderwijs en Cultuur" not in whole.text


def test_zoeken_shows_less_fitting_passages_after_ten_only_when_all_is_asked_for(portal: Portal) -> None:
    rows = FakeSearcher().rows
    fitting, other = rows[3], rows[1]
    many = [fitting, *((HANDOVER, replace(other[1], passage_id=f"x{number}")) for number in range(20))]

    few, all_of_it = (portal(searcher=FakeSearcher(rows=many), v=QUESTION, **more) for more in ({}, {"meer": "1"}))

    assert (few.text.count("Waarom gevonden?"), all_of_it.text.count("Waarom gevonden?")) == (10, 21)
    assert (2, "Minder passend") in all_of_it.headings


def test_zoeken_shows_each_document_below_its_own_title(portal: Portal) -> None:
    shown = portal(searcher=searcher_with_report(), v="Waarmee helpt het Flexteam gemeenten met warmtetransitie?")

    about = shown.headings[shown.headings.index((2, "Passages")) : shown.headings.index((2, "Minder passend"))]
    assert [words for level, words in about if level == 3] == [REPORT.title, HANDOVER.title]


def test_zoeken_typing_a_question_puts_it_in_the_address_bar_with_the_filters(portal: Portal) -> None:
    shown = portal(portefeuille=["Sport"], v="eerst")

    shown.test.text_input(key="vraag").set_value("  Welke   zorgverzekeraar? ")
    shown.test.button[0].click().run()

    assert shown.test.query_params["v"] == "Welke zorgverzekeraar?"
    assert shown.test.query_params["portefeuille"] == "Sport"
    assert shown.test.text_input(key="vraag").value == "Welke zorgverzekeraar?"


def test_zoeken_box_follows_the_address_bar_when_the_reader_goes_back(portal: Portal) -> None:
    shown = portal(v="eerst")
    shown.test.query_params["v"] = QUESTION
    shown.test.run()

    assert shown.test.text_input(key="vraag").value == QUESTION


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "&lt;b&gt; &amp;",
        "**vet** [link](https://example.org)",
        ":material/home: $x^2$ :red[rood]",
        "\"><b onmouseover='x'>",
    ],
)
def test_zoeken_shows_words_of_a_document_as_words(portal: Portal, words: str) -> None:
    searcher = hostile_searcher(words)

    shown = portal(searcher=searcher, v="voorzitter onderwijs cultuur", document=[words])

    assert shown.text.count(words) >= 6, "title, heading path and text, in the answer and in the hit; the filter"
    assert not {"script", "img", "b"} & shown.tags
    assert not shown.test.get("markdown")
    assert shown.params("p. 1")["document"] == [words]


def test_zoeken_question_of_a_reader_is_escaped_too(portal: Portal) -> None:
    shown = portal(v="<script>alert(1)</script> onderwijs")

    assert "script" not in shown.tags
