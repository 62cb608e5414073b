"""The picture of a page in the web page: the words that a reader came for marked in place, and how large it is shown.

Boxes come in points with their origin at the page's top left corner as it is shown (ingest.documents.Box); here they
become per cents of the picture, so that they fit at every size. Marks darken nothing: they are multiplied with the
page, as a marker pen does.

Pure functions from values to strings, as in _parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app_pages._links import DocumentAddress, Zoom
from app_pages._marking import escape
from app_pages._parts import choice_html
from ingest.documents import Box

Boxes = Iterable[Box]
Size = tuple[float, float]

# How far a mark reaches beyond the letters' boxes, in points: letters that touch their mark's edge read badly.
MARGIN = 1.5

_NAMES = {Zoom.FIT: "Passend", Zoom.WIDE: "Groter", Zoom.WIDEST: "Grootst"}


def zoom_html(here: DocumentAddress) -> str:
    """The steps of size, the present one marked."""
    steps = "".join(
        choice_html(replace(here, zoom=zoom).href, name, zoom is here.zoom) for zoom, name in _NAMES.items()
    )
    return f'<nav class="zp-zoom" aria-label="Grootte van de afbeelding"><ul>{steps}</ul></nav>'


def sheet_html(
    here: DocumentAddress, source: str, size: Size, quote: Boxes = (), passage: Boxes = (), section: Boxes = ()
) -> str:
    """The picture at `source` of a page of this size, with the passage marked lightly and the quote in it clearly.

    `section` are boxes of the place that is looked at without being marked. A picture wider than its room scrolls in
    a region of its own, which the keyboard can reach.
    """
    width, height = size
    quote = tuple(quote)
    marks = [_mark_html(box, size, "zp-on-passage") for box in passage]
    marks += [_mark_html(box, size, "zp-on-quote") for box in quote]
    marks += [_mark_html(box, size, "zp-on-section") for box in section]
    marked = "; het citaat is gemarkeerd" if quote else ""
    alt = f"Pagina {here.page} als afbeelding{marked}. De tekst staat hieronder."
    scrolls = here.zoom is not Zoom.FIT
    region = f' role="region" tabindex="0" aria-label="Afbeelding van pagina {here.page}"' if scrolls else ""
    image = (
        f'<img src="{escape(source)}" alt="{alt}" width="{max(1, round(width))}" height="{max(1, round(height))}" '
        'decoding="async">'
    )
    return (
        f'<div class="zp-sheet{" zp-scrolls" if scrolls else ""}"{region}>'
        f'<div class="zp-picture-paper" style="--zp-zoom: {here.zoom / 100}">'
        f"{image}{''.join(filter(None, marks))}</div></div>"
    )


def _mark_html(box: Box, size: Size, css: str) -> str:
    """A mark over a box, cut to the page; nothing if no part of it lies on the page."""
    width, height = size
    left, right = max(0.0, box.left - MARGIN), min(width, box.right + MARGIN)
    top, bottom = max(0.0, box.top - MARGIN), min(height, box.bottom + MARGIN)
    if right <= left or bottom <= top:
        return ""
    places = {
        "left": left / width,
        "top": top / height,
        "width": (right - left) / width,
        "height": (bottom - top) / height,
    }
    style = "; ".join(f"{name}: {share:.3%}" for name, share in places.items())
    return f'<span class="zp-on {css}" style="{style}" aria-hidden="true"></span>'
