"""A page of a PDF as a picture, with the words that a reader came for marked on it.

Boxes come in points with their origin at the page's top left corner as it is shown (ingest.documents.Box), so a box
needs only the scale of the picture. Marks darken nothing: they are multiplied with the page, as a marker pen does.
"""

from __future__ import annotations

import io
import math
import threading
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageDraw

from ingest.documents import Box

Boxes = tuple[Box, ...]

# Width of the picture in pixels: the widest that st.image sends as it is; a wider one it would scale down and blur.
PICTURE_WIDTH = 1460

# The most pixels a picture may have, whatever size a page says it is (PDF allows 14,400 points square, and more):
# 1460 × 4100, some 18 MB as RGB. A portrait A4 page has 1460 × 2066.
MOST_PIXELS = 6_000_000

# Marker colours. Multiplied with white paper they are themselves; black letters stay black (contrast 16:1 and 19:1).
QUOTE_COLOUR = (255, 226, 89)
PASSAGE_COLOUR = (255, 247, 209)

# How far a mark reaches beyond the letters' boxes, in points: letters that touch their mark's edge read badly.
MARGIN = 1.5

# PDFium keeps state for the whole process and is not safe to call from two threads, and every reader has their own.
_PDFIUM = threading.Lock()


class PictureError(Exception):
    """Raised when a page cannot be made into a picture: no PDF, a damaged one, or no such page. Dutch message."""


def page_picture(path: Path, number: int, quote: Boxes = (), passage: Boxes = ()) -> bytes:
    """Page `number` (physical, from 1) as a PNG, with the passage marked lightly and the quote in it clearly.

    Boxes are in points, origin top left. Raises PictureError, with a Dutch message, if the page cannot be shown.
    """
    picture, scale = _rendered(path, number)
    if quote or passage:
        picture = _marked(picture, scale, quote, passage)
    buffer = io.BytesIO()
    # A page of the handover is 242 kB at level 3 and 247 kB at the default, 6; the cover 106 against 92 kB.
    picture.save(buffer, format="PNG", compress_level=3)
    return buffer.getvalue()


def _rendered(path: Path, number: int) -> tuple[Image.Image, float]:
    """The page as an RGB picture, and its pixels per point."""
    with _PDFIUM:
        try:
            with pdfium.PdfDocument(path) as pdf:
                if not 1 <= number <= len(pdf):
                    raise PictureError(f"Pagina {number} staat niet in het bestand ({len(pdf)} pagina’s).")
                page = pdf[number - 1]
                scale = _scale(*page.get_size())
                return page.render(scale=scale).to_pil().convert("RGB"), scale
        except (pdfium.PdfiumError, OSError) as error:
            raise PictureError("Van deze pagina is geen afbeelding te maken. Lees de tekst hieronder.") from error


def _scale(width: float, height: float) -> float:
    """Pixels per point for a page of this size in points: (595, 842) → 2.45."""
    width, height = max(width, 1.0), max(height, 1.0)
    return min(PICTURE_WIDTH / width, math.sqrt(MOST_PIXELS / (width * height)))


def _marked(picture: Image.Image, scale: float, quote: Boxes, passage: Boxes) -> Image.Image:
    """The picture multiplied with a white sheet that carries the marks; the quote's lie over the passage's."""
    sheet = Image.new("RGB", picture.size, "white")
    draw = ImageDraw.Draw(sheet)
    for boxes, colour in ((passage, PASSAGE_COLOUR), (quote, QUOTE_COLOUR)):
        for box in boxes:
            left, top = (box.left - MARGIN) * scale, (box.top - MARGIN) * scale
            right, bottom = (box.right + MARGIN) * scale, (box.bottom + MARGIN) * scale
            if right > left and bottom > top:
                draw.rounded_rectangle((left, top, right, bottom), radius=2 * scale, fill=colour)
    return ImageChops.multiply(picture, sheet)
