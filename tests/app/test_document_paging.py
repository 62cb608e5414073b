from __future__ import annotations

import html
import re

import pytest

from app_pages._document.paging import page_links_html, page_steps_html
from app_pages._links import DocumentAddress, Zoom


@pytest.mark.parametrize(
    ("number", "pages", "numbers"),
    [(1, 2, [1, 2]), (1, 28, [1, 2, 3, 28]), (14, 28, [1, 12, 13, 14, 15, 16, 28]), (28, 28, [1, 26, 27, 28])],
)
def test_document_paging_leads_to_near_pages_and_both_ends(number: int, pages: int, numbers: list[int]) -> None:
    shown = page_links_html(DocumentAddress("vdg", number, "citaat", heading="kop"), pages)

    assert [one for one in range(1, 40) if f'aria-label="Pagina {one}"' in shown] == numbers
    assert shown.count("zp-off") == (number == 1) + (number == pages)
    assert "citaat" not in shown, "the marked words belong to the page that is left"
    assert "kop=" not in shown


def test_document_paging_keeps_size_and_question() -> None:
    shown = page_links_html(DocumentAddress("vdg", 2, zoom=Zoom.WIDE, question="Wie?"), 3)

    assert "pagina=3&amp;zoom=150&amp;v=Wie%3F" in shown


def test_document_paging_is_not_there_for_one_page() -> None:
    assert page_links_html(DocumentAddress("vdg"), 1) == ""
    assert page_steps_html(DocumentAddress("vdg"), 1) == ""


def test_document_paging_goes_to_any_page_of_a_long_document_and_keeps_size_and_question() -> None:
    hostile = '"><script>alert(1)</script>'
    shown = page_steps_html(DocumentAddress("vdg", 2, "citaat", Zoom.WIDE, hostile, "kop"), 28)

    kept = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown))
    assert kept == {"document": "vdg", "zoom": "150", "v": html.escape(hostile)}
    assert 'name="pagina" min="1" max="28"' in shown
    assert "<script>" not in shown
    assert "<form" not in page_steps_html(DocumentAddress("vdg", 2), 3)
