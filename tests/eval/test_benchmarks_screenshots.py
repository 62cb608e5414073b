from __future__ import annotations

import io

from PIL import Image

from eval.benchmarks.screenshots import ACROSS, NAME, SMALL, sheet


def picture(width: int, height: int, colour: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(made, "PNG")
    return made.getvalue()


def test_screenshots_stand_together_on_a_sheet_each_in_its_place() -> None:
    pictures = {f"view-{number}": picture(360, 740, "white") for number in range(ACROSS)}
    pictures["tall"] = picture(1280, 9000, "red")

    whole = sheet(pictures)

    assert whole.size == (ACROSS * (SMALL[0] + 10), 2 * (SMALL[1] + NAME + 10))
    below = SMALL[1] + NAME + 10 + NAME
    assert whole.getpixel((SMALL[0] - 1, below + SMALL[1] - 1)) == (255, 0, 0)  # cut off where its place ends
    assert whole.getpixel((SMALL[0] - 1, below + SMALL[1])) == (128, 128, 128)
    assert whole.getpixel((ACROSS * (SMALL[0] + 10) - 11, NAME)) == (255, 255, 255)
