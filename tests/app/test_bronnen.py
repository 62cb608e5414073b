from __future__ import annotations

from dataclasses import replace

from app_pages._ledger import sources_html
from tests.app.conftest import Portal
from tests.app.fake_searcher import HANDOVER, SOURCES


def test_bronnen_lists_every_source_with_its_state_and_the_reason(portal: Portal) -> None:
    shown = portal("bronnen")

    assert "Van 2 bronnen is er 1 doorzoekbaar, samen 5 passages." in shown.text
    assert "28 van 28 pagina’s" in shown.text
    assert "nog niet opgehaald" in shown.text
    assert SOURCES[1].reason in shown.text


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

    shown = sources_html([source], {words})

    assert "<script>" not in shown
    assert "javascript:" not in shown
    assert shown.count("&lt;script&gt;") >= 4


def test_ledger_names_a_page_without_a_link_when_its_document_is_not_there() -> None:
    shown = sources_html([SOURCES[1]], set())

    assert "p. 14" in shown
    assert "document?" not in shown
