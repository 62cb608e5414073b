from __future__ import annotations

from dataclasses import replace

from app_pages._document.references import (
    PLACES_SHOWN,
    named_html,
    named_in_brief_html,
    names_html,
    unread_html,
    waiting_html,
)
from index.references import Mention, References
from tests.app.fake_searcher import HANDOVER, REPORT, SOURCES, FakeSearcher, searcher_with_report

WORDS = "Energievisie 2050"
MENTION = Mention(SOURCES[1], HANDOVER, 14, WORDS, f"Bespreking van de {WORDS}.", on_page=True)
HOSTILE = '<script>alert("x")</script> **x**'


def test_references_show_a_long_sentence_around_the_words_only() -> None:
    sentence = f"{'eerder ' * 40}over de {WORDS} en {'later ' * 40}".strip()

    shown = named_html([replace(MENTION, sentence=sentence)])

    quote = shown[shown.index("“") : shown.index("”")].replace("<bdi>", "").replace("</bdi>", "")
    assert quote.startswith("“… eerder ")
    assert quote.endswith("later …")
    assert f"<mark>{WORDS}</mark>" in quote
    assert len(quote) < 250


def test_references_show_a_short_sentence_whole() -> None:
    assert f"“<bdi>Bespreking van de <mark>{WORDS}</mark>.</bdi>”" in named_html([MENTION])


def test_references_fold_the_places_after_the_first_few() -> None:
    places = [replace(MENTION, page=page) for page in range(1, PLACES_SHOWN + 2)]

    shown, folded = named_html(places).split("<details>")

    assert "Nog 1 plaats " in folded
    assert shown.count("Genoemd in") == PLACES_SHOWN
    assert folded.count("Genoemd in") == 1
    assert "<details>" not in named_html(places[:PLACES_SHOWN])


def test_references_mark_no_words_that_are_not_on_the_page() -> None:
    shown = named_html([replace(MENTION, on_page=False, sentence=WORDS)])

    assert "pagina=14" in shown
    assert "citaat" not in shown


def test_references_of_a_link_without_words_are_a_page_only() -> None:
    shown = named_html([replace(MENTION, words="", sentence="", on_page=False)])

    assert "op p. 14" in shown
    assert "“" not in shown


def test_references_in_brief_name_each_document_once() -> None:
    other = replace(HANDOVER, id="bijlage", title="Bijlage")
    places = [MENTION, replace(MENTION, page=15), replace(MENTION, document=other, page=2)]

    shown = named_in_brief_html(places)

    assert shown.count(HANDOVER.title + "</bdi>") == 1
    assert [f">p. {page}</a>" in shown for page in (14, 15, 2)] == [True] * 3
    assert named_in_brief_html([]) == ""


def test_references_show_words_of_a_document_as_words() -> None:
    source = replace(SOURCES[1], title=HOSTILE, state=HOSTILE, url="javascript:alert(1)", warnings=(HOSTILE,))
    hostile = Mention(source, replace(HANDOVER, title=HOSTILE), 14, HOSTILE, f"Zie {HOSTILE}.", on_page=True)
    references = References(FakeSearcher())

    shown = (
        named_html([hostile])
        + named_in_brief_html([hostile])
        + names_html([source], references)
        + unread_html(HANDOVER, source)
    )

    assert "<script>" not in shown
    assert "javascript:" not in shown
    assert shown.count("&lt;script&gt;") >= 6


def test_references_say_nothing_of_a_document_that_can_be_searched_in_full() -> None:
    assert unread_html(REPORT, searcher_with_report().sources()[1]) == ""


def test_references_count_one_source_as_one() -> None:
    assert "1 van 24 bronnen is nog niet doorzoekbaar" in waiting_html(1, 24)
    assert "20 van 24 bronnen zijn nog niet doorzoekbaar" in waiting_html(20, 24)
    assert waiting_html(0, 24) == ""
