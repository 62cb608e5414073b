from __future__ import annotations

import re

from app_pages._document.picture_html import MARGIN, sheet_html, zoom_html
from app_pages._links import DocumentAddress, Zoom
from ingest.documents import Box

HERE = DocumentAddress("vdg", 3, "woorden")
SIZE = (800.0, 400.0)


def places(html: str, css: str) -> list[tuple[float, ...]]:
    """Left, top, width and height of each mark of this kind, in points of the page."""
    found = re.findall(
        rf'zp-on {css}" style="left: ([-\d.]+)%; top: ([-\d.]+)%; width: ([-\d.]+)%; height: ([-\d.]+)%"', html
    )
    return [
        tuple(round(float(share) * length / 100, 1) for share, length in zip(one, (*SIZE, *SIZE), strict=True))
        for one in found
    ]


def test_document_picture_marks_boxes_where_they_are_on_the_page() -> None:
    shown = sheet_html(HERE, "x.png", SIZE, [Box(80, 100, 240, 120)], [Box(60, 90, 300, 200)])

    assert places(shown, "zp-on-quote") == [(80 - MARGIN, 100 - MARGIN, 160 + 2 * MARGIN, 20 + 2 * MARGIN)]
    assert len(places(shown, "zp-on-passage")) == 1
    assert shown.index("zp-on-passage") < shown.index("zp-on-quote"), "the quote lies over the passage"
    assert "het citaat is gemarkeerd" in shown


def test_document_picture_cuts_marks_to_the_page_and_leaves_out_what_is_not_on_it() -> None:
    boxes = [Box(-50, -50, 40, 40), Box(700, 300, 1e9, 1e9), Box(900, 10, 950, 20), Box(600, 300, 500, 200)]

    inside = places(sheet_html(HERE, "x.png", SIZE, boxes), "zp-on-quote")

    assert inside == [(0, 0, 40 + MARGIN, 40 + MARGIN), (700 - MARGIN, 300 - MARGIN, 100 + MARGIN, 100 + MARGIN)]


def test_document_picture_that_is_wider_than_its_room_can_be_reached_by_keyboard() -> None:
    wide = sheet_html(DocumentAddress("vdg", 3, zoom=Zoom.WIDE), "x.png", SIZE)

    assert 'role="region" tabindex="0" aria-label="Afbeelding van pagina 3"' in wide
    assert "--zp-zoom: 1.5" in wide
    assert "tabindex" not in sheet_html(HERE, "x.png", SIZE)
    assert "gemarkeerd" not in wide


def test_document_picture_cannot_be_broken_out_of() -> None:
    assert 'src="&quot;&gt;&lt;script&gt;"' in sheet_html(HERE, '"><script>', SIZE)


def test_document_picture_marks_the_present_size() -> None:
    shown = zoom_html(DocumentAddress("vdg", 3, "woorden", Zoom.WIDEST, "vraag"))

    assert re.search(r'aria-current="true">Grootst', shown)
    assert shown.count("citaat=woorden") == 3
    assert shown.count("zoom=") == 2, "the usual size goes without saying"
