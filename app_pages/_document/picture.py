"""A page of a PDF as a picture, at the resolution that is asked for.

What is marked on it is no part of the picture (see _document_picture): so one picture serves every quote of a page,
for every reader, and a mark is a place in the web page that can be brought into view.
"""

from __future__ import annotations

import io
import math
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from app_pages._links import Zoom

# Width of the picture in pixels that fits: nearly twice the room on a laptop, so that it is sharp on a fine screen too.
FITTING_WIDTH = 1460

# The most pixels a picture may have, whatever size a page says it is (PDF allows 14,400 points square, and more):
# some 48 MB as RGB. A portrait A4 page has 12 million at its widest.
MOST_PIXELS = 16_000_000

# Pictures kept for the next reader: most 0.1 to 0.7 MB each, a scan at its widest 2 MB. Sizes are two numbers each.
PICTURES_KEPT = 60
SIZES_KEPT = 2000

# A page of letters has few colours and is best kept exactly; of a scan or photograph a PNG would be some ten times as
# large as a JPEG. Told apart by the share of a sample of pixels that its commonest colours have.
_SAMPLE = (200, 200)
_COMMON_COLOURS = 8
_COMMON_SHARE = 0.6

# PDFium keeps state for the whole process and is not safe to call from two threads, and every reader has their own.
_PDFIUM = threading.Lock()


class PictureError(Exception):
    """Raised when a page cannot be made into a picture: no PDF, a damaged one, or no such page. Dutch message."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it goes over the line, and what kind of picture it is ('image/png')."""

    content: bytes
    media_type: str


@lru_cache(maxsize=SIZES_KEPT)
def page_size(path: Path, number: int) -> tuple[float, float]:
    """Width and height in points of a page as it is shown. Raises PictureError, which is not kept.

    Kept, so that who turns a page need not wait for a picture that is being made for somebody else.
    """
    with _PDFIUM, _opened(path) as pdf:
        return _size(_page(pdf, number))


@lru_cache(maxsize=PICTURES_KEPT)
def page_picture(path: Path, number: int, zoom: Zoom = Zoom.FIT) -> Picture:
    """Page `number` (physical, from 1) as a picture. Raises PictureError, which is not kept.

    A kept file has the digest of its content for its name, so its path says what is in it.
    """
    picture = _rendered(path, number, zoom)
    buffer = io.BytesIO()
    if _is_photograph(picture):
        picture.save(buffer, format="JPEG", quality=85)
        return Picture(buffer.getvalue(), "image/jpeg")
    # A page of the handover is 242 kB at level 3 and 247 kB at the default, 6; the cover 106 against 92 kB.
    picture.save(buffer, format="PNG", compress_level=3)
    return Picture(buffer.getvalue(), "image/png")


def _rendered(path: Path, number: int, zoom: Zoom) -> Image.Image:
    with _PDFIUM, _opened(path) as pdf:
        page = _page(pdf, number)
        try:
            picture: Image.Image = page.render(scale=_scale(*_size(page), zoom)).to_pil().convert("RGB")
        except pdfium.PdfiumError as error:
            raise _unreadable() from error
    return picture


def _opened(path: Path) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(path)
    except (pdfium.PdfiumError, OSError) as error:
        raise _unreadable() from error


def _page(pdf: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    if not 1 <= number <= len(pdf):
        raise PictureError(f"Pagina {number} staat niet in het bestand ({len(pdf)} pagina’s).")
    try:
        return pdf[number - 1]
    except pdfium.PdfiumError as error:
        raise _unreadable() from error


def _size(page: pdfium.PdfPage) -> tuple[float, float]:
    width, height = page.get_size()
    return max(width, 1.0), max(height, 1.0)


def _scale(width: float, height: float, zoom: Zoom) -> float:
    """Pixels per point for a page of this size in points: (595, 842, Zoom.FIT) → 2.45."""
    return min(FITTING_WIDTH * zoom / (100 * width), math.sqrt(MOST_PIXELS / (width * height)))


def _is_photograph(picture: Image.Image) -> bool:
    """Whether no few colours make up most of the picture, as they do on a page of letters."""
    sample = picture.resize(_SAMPLE, Image.Resampling.NEAREST)
    counts = sorted((count for count, _ in sample.getcolors(_SAMPLE[0] * _SAMPLE[1]) or ()), reverse=True)
    return sum(counts[:_COMMON_COLOURS]) < _COMMON_SHARE * _SAMPLE[0] * _SAMPLE[1]


def _unreadable() -> PictureError:
    return PictureError("Van deze pagina is geen afbeelding te maken. Lees de tekst hieronder.")
