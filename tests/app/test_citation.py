from __future__ import annotations

from dataclasses import replace

from app_pages._document.citation import locate
from app_pages._links import quote_for_link
from ingest.documents import Box
from tests.app.fake_searcher import HANDOVER, FakeSearcher


def test_citation_marks_the_quote_and_the_passage_around_it() -> None:
    searcher = FakeSearcher()
    passages = searcher.page(HANDOVER.id, 18).passages

    citation = locate(searcher, HANDOVER.id, 18, passages, "Inge Nieuwenhuizen")

    passage = passages[0]
    box = passage.regions[0][1]
    assert citation.found
    assert citation.passage == (box,)
    assert citation.quote == (replace(box, right=box.right - 50),)
    start, end = citation.spans[passage.passage_id]
    assert passage.text[start:end] == "Inge Nieuwenhuizen"


def test_citation_makes_a_shortened_quote_whole_again() -> None:
    searcher = FakeSearcher()
    passages = searcher.page(HANDOVER.id, 12).passages
    shortened = quote_for_link(passages[0].text)
    assert "…" in shortened

    citation = locate(searcher, HANDOVER.id, 12, passages, shortened)

    start, end = citation.spans[passages[0].passage_id]
    assert passages[0].text[start:end].startswith("Bestuurlijk voorbereidingsoverleg")
    assert passages[0].text[start:end].endswith("plattelandsgemeenten)")
    assert citation.quote


def test_citation_marks_both_ends_when_the_text_was_cut_otherwise_since() -> None:
    document, whole = FakeSearcher().rows[0]
    first, second = whole.text.split("\n")
    rows = [
        (document, replace(whole, passage_id="a", text=first, regions=((12, Box(60, 80, 400, 90)),))),
        (document, replace(whole, passage_id="b", text=second, regions=((12, Box(60, 95, 400, 110)),))),
    ]
    searcher = FakeSearcher(rows=rows)

    passages = searcher.page(document.id, 12).passages
    citation = locate(searcher, document.id, 12, passages, quote_for_link(whole.text))

    assert [box.top for box in citation.quote] == [80, 95]


def test_citation_of_words_that_are_gone_is_not_found() -> None:
    searcher = FakeSearcher()

    citation = locate(searcher, HANDOVER.id, 18, searcher.page(HANDOVER.id, 18).passages, "Anne Onbekend")

    assert not citation.found
    assert citation.quote == citation.passage == ()


def test_citation_tells_on_which_other_pages_the_quote_stands() -> None:
    document, passage = FakeSearcher().rows[3]
    over_two = replace(passage, regions=((18, Box(0, 500, 400, 520)), (19, Box(0, 20, 400, 40))))
    searcher = FakeSearcher(rows=[(document, over_two)])

    on_first = locate(searcher, document.id, 18, (over_two,), "Inge Nieuwenhuizen")

    assert on_first.elsewhere == (19,)
    assert [box.top for box in on_first.quote] == [500]
