from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import unescape

from app_pages._links import DocumentAddress, SearchAddress
from app_pages._zoeken.hits import ALSO_SHOWN, LOOKED_AT, OF_ONE_DOCUMENT, also_html, grouped, groups_html, more_html
from index.facets import FACET_HITS
from index.results import Answer, DocumentInfo, Hit, Place, Searched, SearchResult, Status
from tests.app.fake_searcher import HANDOVER, REPORT, FakeSearcher

PASSAGE = FakeSearcher().rows[0][1]
ASKED = SearchAddress("zorg & welzijn", ("Sport",))
OTHER = replace(REPORT, id="ander", title="Ander")


def found(*documents: DocumentInfo) -> tuple[Hit, ...]:
    return tuple(Hit(rank, 9.0, PASSAGE, document) for rank, document in enumerate(documents, start=1))


def result_of(hits: Sequence[Hit], relevant: int, **more: object) -> SearchResult:
    plain = SearchResult("x", Answer(Status.GEVONDEN, 0.9), tuple(hits), Searched(9, 1, 0), 0.01, relevant=relevant)
    return replace(plain, **more)  # type: ignore[arg-type]


def test_grouped_keeps_one_document_from_drowning_the_others() -> None:
    hits = found(HANDOVER, REPORT, HANDOVER, HANDOVER, HANDOVER, HANDOVER, OTHER)

    groups = grouped(hits, 10)

    assert [group.document.id for group in groups] == [HANDOVER.id, REPORT.id, OTHER.id]
    assert [hit.rank for hit in groups[0].shown] == [1, 3, 4]
    assert [hit.rank for hit in groups[0].folded] == [5, 6]


def test_grouped_leaves_out_documents_for_which_there_is_no_room() -> None:
    groups = grouped(found(*[HANDOVER] * OF_ONE_DOCUMENT, REPORT, OTHER), OF_ONE_DOCUMENT + 1)
    assert [group.document.id for group in groups] == [HANDOVER.id, REPORT.id]


def test_grouped_shows_hits_of_one_document_only_as_they_come() -> None:
    (group,) = grouped(found(*[HANDOVER] * 12), 10)
    assert (len(group.shown), group.folded) == (10, ())
    assert grouped((), 10) == []


def test_groups_lead_to_all_passages_of_a_document_where_there_are_more() -> None:
    hits = found(*[HANDOVER] * 5, REPORT)
    result = result_of(hits, 20, facet_documents={HANDOVER.id: 19, REPORT.id: 1})

    shown = groups_html(grouped(hits, 10), result, ASKED, {})

    assert "Nog 2 passages uit dit document" in shown
    assert "Alle 19 passages uit dit document" in shown
    assert f"document={HANDOVER.id}&meer=1" in unescape(shown)
    assert shown.count("<h3") == 2
    assert shown.count("<h4") == 6


def test_groups_carry_the_question_to_the_page_but_not_into_what_is_kept() -> None:
    hits = found(HANDOVER)
    shown = unescape(groups_html(grouped(hits, 10), result_of(hits, 1), ASKED, {1: "<p>opmerking</p>"}))

    assert "&v=zorg+%26+welzijn" in shown
    kept = shown[shown.index('href="./verzamelen?') :].partition(" aria-label")[0]
    assert "zorg" not in kept
    assert shown.index("opmerking") < shown.index("./verzamelen?")


def test_more_is_offered_where_there_is_more_than_is_shown() -> None:
    hits = found(*[HANDOVER] * 12)
    groups = grouped(hits, 10)

    assert "Toon alle 12 passages die over uw vraag gaan" in more_html(groups, result_of(hits, 12), ASKED)
    assert "meer=1" in more_html(groups, result_of(hits, LOOKED_AT + 1), ASKED)
    assert f"Toon de {FACET_HITS} passages" in more_html(groups, result_of(hits, FACET_HITS), ASKED)
    assert more_html(groups, result_of(hits, 12), replace(ASKED, more=True)) == ""
    assert more_html(grouped(hits[:10], 10), result_of(hits[:10], 10), ASKED) == ""


def test_also_names_the_other_places_with_the_same_words_each_as_a_link() -> None:
    places = [Place(HANDOVER, page, f"p{page}") for page in range(1, ALSO_SHOWN + 3)]

    one, many = also_html(places[:1]), also_html(places, "zorg")

    assert "Ook in:" in one
    assert DocumentAddress(HANDOVER.id, 1).href in unescape(one)
    assert f"{HANDOVER.title}</bdi>, p. 1</a>" in one
    assert "en nog" not in one
    assert many.count("<a ") == unescape(many).count("&v=zorg") == ALSO_SHOWN
    assert "en nog 2 plaatsen" in many
    assert also_html(()) == ""
