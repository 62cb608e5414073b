from __future__ import annotations

import re
from dataclasses import replace

from app_pages._bronnen.ledger import sources_html, why_not
from app_pages._links import SourcesAddress
from ingest.ledger import Change
from ingest.privacy import Finding, Kind, warning_of
from tests.app.conftest import Portal
from tests.app.fake_searcher import HANDOVER, SOURCES


def test_bronnen_lists_every_source_with_its_state_and_the_reason(portal: Portal) -> None:
    shown = portal("bronnen")

    assert "Van 2 bronnen is er 1 doorzoekbaar, samen 5 passages." in shown.text
    assert "27 van 28 pagina’s" in shown.text
    assert "Zonder doorzoekbare tekst: pagina 28." in shown.text
    assert "wacht op netwerk" in shown.text
    assert "Het adres is bekend, maar het rapport is nog niet opgehaald." in shown.text
    assert SOURCES[1].reason not in shown.text  # what the bureau must do


def test_bronnen_filters_on_what_can_be_searched(portal: Portal) -> None:
    shown = portal("bronnen")

    assert shown.params("Nog niet doorzoekbaar 1") == {"stand": ["ontbreekt"]}
    missing = portal("bronnen", stand="ontbreekt")
    assert SOURCES[1].title in missing.text
    assert HANDOVER.title not in missing.text
    assert missing.link("Alle bronnen") == "./bronnen"


def test_bronnen_shows_one_source_when_a_hit_leads_to_it(portal: Portal) -> None:
    shown = portal("bronnen", bron=HANDOVER.id)

    assert "Zonder doorzoekbare tekst: pagina 28." in shown.text
    assert SOURCES[1].title not in shown.text
    assert shown.link("Alle bronnen") == "./bronnen"


def test_bronnen_of_a_source_that_is_gone_says_so(portal: Portal) -> None:
    shown = portal("bronnen", bron="weg")

    assert "Er is geen bron die hierbij past." in shown.text


def test_ledger_marks_and_filters_each_change() -> None:
    moved, gone, lost = (
        replace(SOURCES[0], id=change, title=f"Titel {change}", change=change, passages=passages)
        for change, passages in (("verhuisd", 5), ("vervallen", 0), ("gewijzigd", 0))
    )

    everything = sources_html([moved, gone, lost], (), SourcesAddress())
    one = sources_html([moved, gone, lost], (), SourcesAddress(change=Change.VERHUISD))

    assert '<span class="zp-change zp-verhuisd">verhuisd</span>' in everything
    assert "(ongewijzigd)" in sources_html([SOURCES[1]], (), SourcesAddress())
    assert "Van 2 bronnen is er 1 doorzoekbaar" in everything, "a source that is gone counts no more"
    assert 'aria-label="Alleen verhuisd, 1 bron"' in everything
    assert "Alleen nieuw" not in everything, "no source is new"
    assert ("Titel verhuisd" in one, "Titel vervallen" in one, "Titel gewijzigd" in one) == (True, False, False)
    assert 'aria-label="Filter uit: verhuisd, 1 bron"' in one


def test_ledger_does_not_lead_readers_to_personal_data() -> None:
    finding = Finding(Kind.EMAIL, "p1", 3, "j…@x.nl")
    source = replace(SOURCES[0], warnings=(warning_of([finding]), "Gedraaide tekst is overgeslagen op pagina 1."))

    shown = sources_html([source], (), SourcesAddress())

    assert "overgeslagen op pagina 1" in shown
    assert "persoonsgegevens" not in shown


def test_bronnen_leads_to_the_page_to_the_original_and_to_where_a_source_is_named(portal: Portal) -> None:
    shown = portal("bronnen")

    assert shown.params(HANDOVER.title) == {"document": [HANDOVER.id], "pagina": ["1"]}
    assert shown.link("Flexteam Warmtetransitie") == SOURCES[1].url
    assert shown.params("p. 14") == {
        "document": [HANDOVER.id],
        "pagina": ["14"],
        "citaat": ["Platform31 publiceerde hierover op 1 oktober 2025 een artikel"],
    }


def test_ledger_escapes_what_a_source_says_of_itself() -> None:
    words = "<script>alert(1)</script>"
    source = replace(
        SOURCES[1],
        title=words,
        publisher=words,
        state=words,
        reason=words,
        url="javascript:alert(1)",
        cited_by=((words, 3, words),),
    )

    shown = sources_html([source], {words}, SourcesAddress())

    assert "<script>" not in shown
    assert "javascript:" not in shown
    assert shown.count("&lt;script&gt;") >= 4


def test_ledger_says_that_the_version_before_of_a_source_can_still_be_searched() -> None:
    kept = replace(SOURCES[0], state="dode link", reason="Het adres geeft 404. Vul het register aan.")

    shown = sources_html([kept], set(), SourcesAddress())

    assert "Op het adres staat niets meer. De vorige versie blijft doorzoekbaar." in shown
    assert "Vul het register aan" not in shown
    assert why_not(SOURCES[0]) == why_not(replace(SOURCES[0], state="<b>")) == ""


def test_ledger_names_a_page_without_a_link_when_its_document_is_not_there() -> None:
    shown = sources_html([SOURCES[1]], set(), SourcesAddress())

    assert "p. 14" in shown
    assert "document?" not in shown


def test_ledger_names_every_page_once_and_in_order() -> None:
    cited = (("vdg", 12, "Eerst"), ("vdg", 3, "Vooraf"), ("vdg", 12, "Nog eens"))
    shown = sources_html([replace(SOURCES[1], cited_by=cited)], {"vdg"}, SourcesAddress())

    assert re.findall(r"Genoemd op pagina (\d+): (\w+)", shown) == [("3", "Vooraf"), ("12", "Eerst")]
