from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from app_pages._picture import (
    MOST_PIXELS,
    PASSAGE_COLOUR,
    PICTURE_WIDTH,
    QUOTE_COLOUR,
    PictureError,
    page_picture,
)
from ingest.documents import Box

SCALE = PICTURE_WIDTH / 842


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def colour(picture: Image.Image, x: float, y: float) -> tuple[int, ...]:
    """The colour at a place in points from the top left."""
    value = picture.getpixel((round(x * SCALE), round(y * SCALE)))
    assert isinstance(value, tuple)
    return value


def test_picture_shows_the_page_at_twice_the_columns_width(handover_pdf: Path) -> None:
    picture = opened(page_picture(handover_pdf, 1))

    assert picture.width == PICTURE_WIDTH
    assert abs(picture.height - 595 * SCALE) <= 1
    assert colour(picture, 110, 110) == (0, 0, 0)
    assert colour(picture, 300, 300) == (255, 255, 255)


def test_picture_marks_boxes_where_they_are_on_the_page(handover_pdf: Path) -> None:
    quote, passage = Box(90, 90, 200, 130), Box(80, 80, 400, 200)

    picture = opened(page_picture(handover_pdf, 3, (quote,), (passage,)))

    assert colour(picture, 190, 110) == QUOTE_COLOUR
    assert colour(picture, 300, 150) == PASSAGE_COLOUR
    assert colour(picture, 110, 110) == (0, 0, 0), "black letters stay black below a mark"
    assert colour(picture, 300, 300) == (255, 255, 255)
    assert colour(picture, 190, 595 - 110) == (255, 255, 255), "the origin is the top left, not the bottom left"


def test_picture_takes_boxes_outside_the_page_and_turned_ones(handover_pdf: Path) -> None:
    picture = opened(
        page_picture(handover_pdf, 1, (Box(-50, -50, 40, 40), Box(600, 300, 500, 200), Box(800, 500, 1e6, 1e6)))
    )

    assert colour(picture, 20, 20) == QUOTE_COLOUR
    assert colour(picture, 550, 250) == (255, 255, 255)
    assert colour(picture, 830, 580) == QUOTE_COLOUR


def test_picture_of_a_turned_page_is_as_it_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "turned.pdf"
    with pdfium.PdfDocument.new() as pdf:
        pdf.new_page(400, 800).set_rotation(90)
        pdf.save(file)

    picture = opened(page_picture(file, 1, (Box(700, 10, 790, 50),)))

    assert picture.width > picture.height
    assert picture.getpixel((round(750 / 800 * picture.width), round(30 / 400 * picture.height))) == QUOTE_COLOUR


@pytest.mark.parametrize(("width", "height"), [(14400, 14400), (10, 14400), (1, 1)])
def test_picture_of_a_page_of_any_size_stays_within_memory(tmp_path: Path, width: int, height: int) -> None:
    file = tmp_path / "size.pdf"
    with pdfium.PdfDocument.new() as pdf:
        pdf.new_page(width, height)
        pdf.save(file)

    picture = opened(page_picture(file, 1))

    assert picture.width * picture.height <= MOST_PIXELS * 1.01


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 kapot", b"<html>geen pdf</html>"])
def test_picture_of_what_is_no_pdf_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "kapot.pdf"
    file.write_bytes(content)

    with pytest.raises(PictureError, match="geen afbeelding"):
        page_picture(file, 1)


def test_picture_of_a_file_that_is_gone_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="geen afbeelding"):
        page_picture(tmp_path / "weg.pdf", 1)


@pytest.mark.parametrize("number", [0, -1, 29])
def test_picture_of_a_page_that_is_not_there_is_a_clear_error(handover_pdf: Path, number: int) -> None:
    with pytest.raises(PictureError, match="28 pagina"):
        page_picture(handover_pdf, number)


def test_picture_can_be_asked_for_by_many_readers_at_once(handover_pdf: Path) -> None:
    with ThreadPoolExecutor(8) as readers:
        pictures = list(readers.map(lambda number: page_picture(handover_pdf, number), [1, 2, 3, 4] * 4))

    assert len({len(picture) for picture in pictures}) == 1
