from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from ingest.pictures import Picture


def lined(turn: float = 0.0) -> Picture:
    """A page of black lines, as text is from afar, turned anticlockwise by degrees."""
    image = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(image)
    for number in range(40):
        draw.rectangle((150, 150 + 34 * number, 1090 - 60 * (number % 3), 164 + 34 * number), fill=40)
    return Picture(image.rotate(turn, Image.Resampling.BICUBIC, fillcolor=255), 150, 0.0)


@pytest.mark.parametrize("turn", [-2.8, -1.0, 0.4, 2.0])
def test_pictures_are_put_straight(turn: float) -> None:
    straight, turned = lined(turn).straightened()
    assert turned == pytest.approx(-turn, abs=0.15)
    assert straight.straightened() == (straight, 0.0)


@pytest.mark.parametrize("image", [lined(0.0).image, Image.effect_noise((600, 800), 60)])
def test_pictures_without_a_slant_stay_as_they_are(image: Image.Image) -> None:
    picture = Picture(image, 150, 0.0)
    assert picture.straightened() == (picture, 0.0)


def test_pictures_of_one_grey_are_blank() -> None:
    assert Picture(Image.new("L", (100, 100), 250), 150, 0.0).is_blank()
    assert not lined().is_blank()
