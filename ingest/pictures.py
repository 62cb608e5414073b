"""The picture of a page on its way to Tesseract: put straight, turned, cleaned of its grain.

PIL only: numpy starts threads of its own, which the processes that files are read in (worker_helper.py) cannot have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from PIL import Image, ImageFilter

# Shades between the darkest and the lightest spot of a picture with anything on it, of 256. Without, it is not read.
_CONTRAST = 40
# A scan's slant is looked for up to so many degrees either way, in these steps, at this height in dots. Sheets go
# through a scanner straighter than that; Tesseract itself copes with less than half a degree.
_SLANTS, _STEP, _FINE_STEP, _GLANCE = 3.0, 0.5, 0.1, 1000
_STRAIGHT = 0.25
# How much sharper the lines of text must be when put straight: less is found in photographs.
_SHARPER = 1.1


@dataclass(frozen=True, slots=True)
class Picture:
    """A page's picture in grey, and the moment (time.monotonic) until which there is time to read it."""

    image: Image.Image
    dpi: int
    deadline: float

    def turned(self, quarters: int) -> Picture:
        """Turned back, so that text which is turned anticlockwise by `quarters` stands upright."""
        return replace(self, image=self.image.rotate(-90 * quarters, expand=True))

    def straightened(self) -> tuple[Picture, float]:
        """With its lines level, and by how many degrees it was turned for that, anticlockwise about its middle."""
        slant = _slant(self.image)
        if abs(slant) < _STRAIGHT:
            return self, 0.0
        return replace(self, image=self.image.rotate(slant, Image.Resampling.BICUBIC, fillcolor=255)), slant

    def cleaned(self) -> Picture:
        """Without the grain of a bad photocopy: it took one from nothing read to 94 % of its words."""
        return replace(self, image=self.image.filter(ImageFilter.MedianFilter(5)))

    def is_blank(self) -> bool:
        """Whether it is all of one grey, more or less."""
        shades = [shade for shade, dots in enumerate(self.image.histogram()) if dots]
        return not shades or shades[-1] - shades[0] < _CONTRAST


def _slant(image: Image.Image) -> float:
    """The turn in degrees, anticlockwise, that makes the lines of text level; 0 if none is clearly better."""
    small = image.reduce(max(1, image.height // _GLANCE))
    turns = [step * _STEP for step in range(-round(_SLANTS / _STEP), round(_SLANTS / _STEP) + 1)]
    sharpness = {turn: _sharpness(small, turn) for turn in turns}
    near = max(sharpness, key=sharpness.__getitem__)
    around = [near + step * _FINE_STEP for step in range(-4, 5)]
    sharpness |= {turn: _sharpness(small, turn) for turn in around}
    best = max(around, key=sharpness.__getitem__)
    return round(best, 1) if sharpness[best] > _SHARPER * sharpness[0.0] else 0.0


def _sharpness(image: Image.Image, turn: float) -> float:
    """How strongly rows of dots differ from the next: lines of text and the white between them, if they are level."""
    level = image.rotate(turn, Image.Resampling.BILINEAR, fillcolor=255).convert("F")
    rows = memoryview(level.resize((1, image.height), Image.Resampling.BOX).tobytes()).cast("f")
    return sum((below - above) ** 2 for above, below in pairwise(rows))
