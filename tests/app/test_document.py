from __future__ import annotations

import re
from pathlib import Path

import pytest

from app_pages._links import quote_for_link
from ingest.documents import Box
from tests.app.conftest import Portal, Shown
from tests.app.fake_searcher import HANDOVER, REPORT, FakeSearcher, hostile_searcher, searcher_with_report


class MovedSearcher(FakeSearcher):
    """As index.Searcher: a quote that is not on the page is found on the nearest page that has it."""

    def find_quote(self, document_id: str, page: int, quote: str) -> tuple[tuple[int, Box], ...]:
        pages = sorted(range(1, HANDOVER.pages + 1), key=lambda number: abs(number - page))
        found = (super(MovedSearcher, self).find_quote(document_id, number, quote) for number in pages)
        return next(filter(None, found), ())


def html_of(shown: Shown) -> str:
    """The document's page as it leaves for the browser."""
    return "".join(part.proto.body for part in shown.test.get("html") if "zp-document" in part.proto.body[:40])


def test_document_shows_the_page_as_a_picture_with_its_text_beneath(portal: Portal, handover_pdf: Path) -> None:
    shown = portal("document", FakeSearcher(file=handover_pdf), document=HANDOVER.id, pagina="18")

    assert f'src="./beeld/{HANDOVER.id}?pagina=18&amp;zoom=100&amp;versie=d1" alt="Pagina 18' in html_of(shown)
    assert "Pagina 18 van 28" in shown.text
    assert (1, HANDOVER.title) in shown.headings
    assert (2, "Tekst van pagina 18") in shown.headings
    assert shown.text.index("Inge Nieuwenhuizen") < shown.text.index("Uitvoering onderzoek")
    assert "Bereikt in de afgelopen periode binnen de portefeuille onderwijs:" in shown.text
    assert shown.marks == []
    assert "zp-on" not in html_of(shown)


def test_document_marks_the_words_of_the_link(portal: Portal, handover_pdf: Path) -> None:
    shown = portal(
        "document", FakeSearcher(file=handover_pdf), document=HANDOVER.id, pagina="18", citaat="Inge Nieuwenhuizen"
    )

    assert shown.marks == ["Inge Nieuwenhuizen"]
    assert html_of(shown).count("zp-on-quote") == 1
    assert html_of(shown).count("zp-on-passage") == 1
    assert "Gemarkeerd: “Inge Nieuwenhuizen”" in shown.text


def test_document_marks_a_whole_passage_from_a_shortened_quote(portal: Portal, handover_pdf: Path) -> None:
    searcher = FakeSearcher(file=handover_pdf)
    text = searcher.page(HANDOVER.id, 12).passages[0].text

    shown = portal("document", searcher, document=HANDOVER.id, pagina="12", citaat=quote_for_link(text))

    assert "".join(shown.marks).startswith("Bestuurlijk voorbereidingsoverleg")
    assert "plattelandsgemeenten" in "".join(shown.marks)


def test_document_says_that_the_words_of_an_old_link_are_gone(portal: Portal, handover_pdf: Path) -> None:
    shown = portal(
        "document", FakeSearcher(file=handover_pdf), document=HANDOVER.id, pagina="18", citaat="Anne <b>Weg</b>"
    )

    assert "De woorden uit de link staan niet in dit document." in shown.text
    assert "Gezocht: ‘Anne <b>Weg</b>’" in shown.text
    assert shown.params("Zoek deze woorden in alle bronnen") == {"v": ["Anne <b>Weg</b>"]}
    assert "img" in shown.tags


@pytest.mark.parametrize("page", ["17", "29", "abc"])
def test_document_follows_words_that_moved_to_another_page(portal: Portal, handover_pdf: Path, page: str) -> None:
    searcher = MovedSearcher(file=handover_pdf)

    shown = portal("document", searcher, document=HANDOVER.id, pagina=page, citaat="Inge Nieuwenhuizen")

    assert f"De link noemt pagina {page}. De woorden uit de link staan nu op pagina 18; die ziet u hier." in shown.text
    assert "Pagina 18 van 28" in shown.text
    assert shown.marks == ["Inge Nieuwenhuizen"]
    assert shown.params("Groter")["pagina"] == ["18"]


def test_document_leads_to_the_pages_around_it(portal: Portal, handover_pdf: Path) -> None:
    shown = portal("document", FakeSearcher(file=handover_pdf), document=HANDOVER.id, pagina="18", citaat="Inge")

    assert shown.params("← Vorige") == {"document": [HANDOVER.id], "pagina": ["17"]}
    assert shown.params("Volgende") == {"document": [HANDOVER.id], "pagina": ["19"]}
    assert shown.params("Groter") == {
        "document": [HANDOVER.id],
        "pagina": ["18"],
        "citaat": ["Inge"],
        "zoom": ["150"],
    }
    assert shown.params(HANDOVER.title) == {"document": [HANDOVER.id], "pagina": ["1"]}


@pytest.mark.parametrize("typed", ["abc", "-1", "0", "29", "99999", "1.5", "<script>", "9" * 4000])
def test_document_says_which_pages_there_are_for_a_page_that_is_not(portal: Portal, typed: str) -> None:
    shown = portal("document", document=HANDOVER.id, pagina=typed)

    assert f"Pagina ‘{typed[:20]}’ is er niet. Dit document heeft 28 pagina’s." in shown.text
    assert shown.params("Naar pagina 1") == {"document": [HANDOVER.id], "pagina": ["1"]}
    assert "img" not in shown.tags
    assert "script" not in shown.tags


@pytest.mark.parametrize("unknown", ["weg", "../../etc/passwd", "<script>alert(1)</script>", "\x00"])
def test_document_offers_the_documents_that_there_are_for_an_unknown_one(portal: Portal, unknown: str) -> None:
    shown = portal("document", document=unknown)

    assert "is er niet (meer). Kies een ander document." in shown.text
    assert shown.params(HANDOVER.title)["document"] == [HANDOVER.id]
    assert "script" not in shown.tags


def test_document_that_waits_says_why_and_leads_to_its_place_among_the_sources(portal: Portal) -> None:
    shown = portal("document", document=REPORT.id)

    assert f"‘{REPORT.title}’ kan hier nu niet worden geopend: wacht op netwerk." in shown.text
    assert shown.params("Bekijk deze bron bij Bronnen") == {"bron": [REPORT.id]}


def test_document_that_was_withdrawn_leads_to_a_search_for_the_words_of_the_link(portal: Portal) -> None:
    shown = portal("document", document="weg", citaat="de eerste acht woorden … de laatste acht")

    assert shown.params("Zoek deze woorden in alle bronnen") == {"v": ["de eerste acht woorden"]}


def test_document_steps_from_one_place_of_the_question_to_the_next(portal: Portal, handover_pdf: Path) -> None:
    searcher, question = FakeSearcher(file=handover_pdf), "Wie zit in de Gezonde Marke?"

    shown = portal("document", searcher, document=HANDOVER.id, pagina="12", citaat="Kerngroep", v=question)

    assert "Vindplaats 1 van 2 bij uw vraag" in shown.text
    assert re.search(r'zp-hit-next" href="[^"]*pagina=13&amp;citaat=', html_of(shown))
    assert "zp-hit-previous" not in html_of(shown), "it is the first"
    assert shown.params("Terug naar: Wie zit")["v"] == [question]


def test_document_has_an_outline_that_is_open_where_the_reader_is(portal: Portal, handover_pdf: Path) -> None:
    shown = portal("document", FakeSearcher(file=handover_pdf), document=HANDOVER.id, pagina="18")

    outline = html_of(shown).partition('<details class="zp-outline">')[2].partition("</details>")[0]
    assert "Onderwijs en Cultuur" in outline
    assert "Terugblik en resultaten" in outline, "below the present section"
    assert "Gezonde Marke" not in outline, "below another section"
    assert outline.count('aria-current="true"') == 1


def test_document_without_parameters_is_the_list_of_documents(portal: Portal) -> None:
    shown = portal("document")

    assert (1, "Documenten") in shown.headings
    assert HANDOVER.title in shown.links
    assert "er niet" not in shown.text


def test_document_whose_file_is_gone_still_shows_its_text(portal: Portal, tmp_path: Path) -> None:
    shown = portal("document", FakeSearcher(file=tmp_path / "weg.pdf"), document=HANDOVER.id, pagina="18")

    assert "Van deze pagina is geen afbeelding te maken. Lees de tekst hieronder." in shown.text
    assert "Inge Nieuwenhuizen" in shown.text


def test_document_page_without_text_says_so(portal: Portal, handover_pdf: Path) -> None:
    shown = portal("document", FakeSearcher(file=handover_pdf), document=HANDOVER.id, pagina="2")

    assert "Op deze pagina staat geen tekst die gelezen kon worden." in shown.text


def test_document_shows_words_of_a_document_as_words(portal: Portal, handover_pdf: Path) -> None:
    words = "<script>alert(1)</script> **x** :material/home: $y$"
    searcher = hostile_searcher(words)
    searcher.file = handover_pdf

    shown = portal("document", searcher, document=words, pagina="1")

    assert shown.text.count(words) >= 6, "title, publisher, date, heading, lead-in, text"
    assert "script" not in shown.tags
    assert not any(href.startswith("javascript") for href in shown.links.values())


def test_document_leads_back_to_the_search_that_led_to_it(portal: Portal, handover_pdf: Path) -> None:
    shown = portal(searcher=FakeSearcher(file=handover_pdf), v="Wie is <b>Inge</b>?", portefeuille=["O&C"])
    shown.test.switch_page("app_pages/document.py")
    shown.test.query_params["document"] = HANDOVER.id
    shown.test.run()

    back = type(shown)(shown.test)

    assert back.params("Terug naar: Wie is <b>Inge</b>?") == {
        "v": ["Wie is <b>Inge</b>?"],
        "portefeuille": ["Onderwijs en Cultuur"],
    }


def test_document_shows_which_sources_a_page_names_and_marks_the_words(portal: Portal, handover_pdf: Path) -> None:
    shown = portal("document", FakeSearcher(file=handover_pdf), document=HANDOVER.id, pagina="14")

    assert (2, "Verwijzingen") in shown.headings
    assert f"{REPORT.title} (nog niet opgehaald, platform31.nl)" in shown.text
    assert shown.link("platform31.nl") == REPORT.url
    assert shown.params("“Platform31 publiceerde")["citaat"] == [
        "Platform31 publiceerde hierover op 1 oktober 2025 een artikel"
    ]


def test_document_of_a_report_shows_where_the_handover_names_it(portal: Portal) -> None:
    shown = portal("document", searcher_with_report(), document=REPORT.id)

    assert shown.params(f"Genoemd in {HANDOVER.title} op p. 14")["pagina"] == ["14"]
    assert "Sinds eind 2023 is het Flexteam operationeel" in shown.text


def test_document_that_names_nothing_has_no_references(portal: Portal) -> None:
    assert "Verwijzingen" not in portal("document", document=HANDOVER.id, pagina="18").text


def test_document_says_how_many_of_its_pages_can_be_searched(portal: Portal) -> None:
    shown = portal("document", document=HANDOVER.id, pagina="18")

    assert "27 van 28 pagina’s doorzoekbaar" in shown.text
    assert shown.params("Bekijk deze bron bij Bronnen") == {"bron": [HANDOVER.id]}


def test_document_original_opens_at_the_place_that_is_looked_at(portal: Portal) -> None:
    shown = portal("document", searcher_with_report(), document=REPORT.id, citaat="helpt gemeenten")

    assert shown.link("Origineel") == f"{REPORT.url}#aanpak"
