from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from app_pages._document.picture import FITTING_WIDTH, MOST_PIXELS, Picture, PictureError, page_picture, page_size
from app_pages._links import Zoom

SCALE = FITTING_WIDTH / 842


def opened(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.content)).convert("RGB")


def colour(picture: Image.Image, x: float, y: float) -> tuple[int, ...]:
    """The colour at a place in points from the top left."""
    value = picture.getpixel((round(x * SCALE), round(y * SCALE)))
    assert isinstance(value, tuple)
    return value


def test_picture_shows_the_page_at_the_width_that_fits(handover_pdf: Path) -> None:
    picture = opened(page_picture(handover_pdf, 1))

    assert picture.width == FITTING_WIDTH
    assert abs(picture.height - 595 * SCALE) <= 1
    assert colour(picture, 110, 110) == (0, 0, 0)
    assert colour(picture, 300, 300) == (255, 255, 255)


def test_picture_is_larger_at_a_larger_size(handover_pdf: Path) -> None:
    assert opened(page_picture(handover_pdf, 1, Zoom.WIDE)).width == FITTING_WIDTH * 3 // 2


def test_picture_of_letters_is_exact_and_of_a_photograph_small(tmp_path: Path, handover_pdf: Path) -> None:
    noise = Image.effect_noise((600, 600), 80).convert("RGB")
    noise.save(tmp_path / "scan.pdf", format="PDF")

    assert page_picture(handover_pdf, 1).media_type == "image/png"
    photograph = page_picture(tmp_path / "scan.pdf", 1)
    assert photograph.media_type == "image/jpeg"
    assert opened(photograph).width == FITTING_WIDTH


def test_picture_of_a_turned_page_is_as_it_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "turned.pdf"
    with pdfium.PdfDocument.new() as pdf:
        pdf.new_page(400, 800).set_rotation(90)
        pdf.save(file)

    picture = opened(page_picture(file, 1))

    assert picture.width > picture.height
    assert page_size(file, 1) == (800, 400)


@pytest.mark.parametrize(("width", "height"), [(14400, 14400), (10, 14400), (1, 1)])
def test_picture_of_a_page_of_any_size_stays_within_memory(tmp_path: Path, width: int, height: int) -> None:
    file = tmp_path / "size.pdf"
    with pdfium.PdfDocument.new() as pdf:
        pdf.new_page(width, height)
        pdf.save(file)

    picture = opened(page_picture(file, 1, Zoom.WIDEST))

    assert picture.width * picture.height <= MOST_PIXELS * 1.01


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 kapot", b"<html>geen pdf</html>"])
def test_picture_of_what_is_no_pdf_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "kapot.pdf"
    file.write_bytes(content)

    for look in (page_picture, page_size):
        with pytest.raises(PictureError, match="geen afbeelding"):
            look(file, 1)


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

    assert len({len(picture.content) for picture in pictures}) == 1
