from __future__ import annotations

import re
from dataclasses import replace

from app_pages._document.outline import SIBLINGS_SHOWN, TITLE_LIMIT, Outline, outline_html, outline_of
from app_pages._links import DocumentAddress, Zoom
from ingest.documents import Box, Passage
from tests.app.fake_searcher import FakeSearcher

HERE = DocumentAddress("vdg", 3)


def passages(*paths: tuple[int, tuple[str, ...]]) -> list[Passage]:
    """A passage for each (page, heading path), named by its place."""
    first = FakeSearcher().rows[0][1]
    box = Box(0, 0, 1, 1)
    return [
        replace(first, passage_id=str(place), heading_path=path, regions=((page, box),))
        for place, (page, path) in enumerate(paths)
    ]


def titles(outline: Outline) -> list[tuple[str, int, int | None]]:
    return [(one.title, one.page, one.parent) for one in outline.headings]


def shown(outline: Outline, present: int | None, here: DocumentAddress = HERE) -> list[str]:
    """The headings that are written out, without their pages."""
    html = outline_html(outline, here, present)
    return [re.sub("<[^>]+>", "", one) for one in re.findall(r'<a [^>]+>(.*?) <span class="zp-page">', html)]


def test_document_outline_has_each_heading_once_on_its_first_page() -> None:
    outline = outline_of(passages((1, ("A",)), (1, ("A", "B")), (2, ("A", "B")), (4, ("C",))))

    assert titles(outline) == [("A", 1, None), ("B", 1, 0), ("C", 4, None)]
    assert dict(outline.of_passage) == {"0": 0, "1": 1, "2": 1, "3": 2}


def test_document_outline_tells_sections_of_the_same_name_apart() -> None:
    outline = outline_of(passages((1, ("A", "Vooruitblik")), (3, ("B", "Vooruitblik")), (5, ("A",))))

    assert titles(outline) == [
        ("A", 1, None),
        ("Vooruitblik", 1, 0),
        ("B", 3, None),
        ("Vooruitblik", 3, 2),
        ("A", 5, None),
    ]


def test_document_outline_of_a_page_is_its_first_section_or_the_one_before() -> None:
    outline = outline_of(passages((1, ("A",)), (3, ("B",)), (3, ("C",))))

    assert [outline.at_page(page) for page in (1, 2, 3, 9)] == [0, 0, 1, 2]
    assert outline_of(passages((2, ("A",)))).at_page(1) is None


def test_document_outline_knows_a_chosen_section_until_it_is_gone() -> None:
    outline = outline_of(passages((3, ("Een\nkop",)), (3, ("B",)), (3, ("B", "C"))))

    assert outline.chosen(3, "Een kop") == 0
    assert outline.chosen(4, "Een kop") is None
    assert outline.within(1) == {"1", "2"}


def test_document_outline_is_unfolded_where_the_reader_is() -> None:
    outline = outline_of(passages((1, ("A", "B")), (3, ("C", "D", "E"))))

    assert shown(outline, None) == ["A", "C"]
    assert shown(outline, 2) == ["A", "C", "D"]
    assert shown(outline, 4) == ["A", "C", "D", "E"]
    assert shown(outline_of(passages((1, ("Titel", "A")), (2, ("Titel", "B")))), None) == ["Titel", "A", "B"]


def test_document_outline_links_keep_size_and_question_and_leave_the_quote() -> None:
    html = outline_html(outline_of(passages((3, ("A & B",)))), DocumentAddress("vdg", 9, "q", Zoom.WIDE, "Wie?"), None)

    assert 'href="document?document=vdg&amp;pagina=3&amp;kop=A+%26+B&amp;zoom=150&amp;v=Wie%3F"' in html


def test_document_outline_stays_short_however_many_headings_there_are() -> None:
    outline = outline_of(passages(*((page, (f"Kop {page}",)) for page in range(1, 1001))))

    html = outline_html(outline, HERE, 500)

    assert len(shown(outline, 500)) == SIBLINGS_SHOWN
    assert f"en nog {1000 - SIBLINGS_SHOWN} koppen" in html
    assert 'aria-current="true"' in html


def test_document_outline_shows_headings_as_words() -> None:
    hostile = "<script>alert(1)</script> \u202e" + "x" * 10_000

    html = outline_html(outline_of(passages((3, (hostile,)))), HERE, 0)

    assert "<script>" not in html
    assert "\u202e" not in html
    assert len(html) < 10 * TITLE_LIMIT


def test_document_outline_without_headings_is_not_there() -> None:
    assert outline_html(outline_of(passages((1, ()))), HERE, None) == ""
