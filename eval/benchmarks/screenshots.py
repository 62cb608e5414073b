"""Pictures of every page of the portal, in both themes and on a phone, to look at: one command, a file for each.

The pictures of one look also stand together on a sheet, small: overzicht-licht.png.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Page

from eval.benchmarks.portal_views import LOOKS, VIEWS, opened, window
from eval.benchmarks.portals import chromium, running_copy
from index.settings import Settings

# The tallest picture: a page of a document with all its text is thousands of pixels.
TALLEST = 4000

# A picture on a sheet, the room for its name above it, and how many stand beside each other.
SMALL, NAME, ACROSS = (320, 480), 20, 6

# The portal scrolls within the window; in a picture it must be as tall as what it holds.
_HEIGHT = """
() => Math.ceil(document.querySelector('[data-testid="stMain"]')?.scrollHeight ?? document.body.scrollHeight)
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Makes the pictures and says where they are."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.screenshots", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Settings.of_environment().data, help="the portal's data folder")
    parser.add_argument("--out", type=Path, default=Path("data/screenshots"), help="where the pictures go")
    parser.add_argument("--only", default="", help="only views whose name begins with this")
    given = parser.parse_args(arguments)
    given.out.mkdir(parents=True, exist_ok=True)
    views = [view for view in VIEWS if view.name.startswith(given.only)]
    with running_copy(given.data) as address, chromium() as browser:
        for look in LOOKS:
            pictures = {}
            with window(browser, look) as context:
                for view in views:
                    with context.new_page() as page:
                        opened(page, address, view)
                        pictures[view.name] = whole_picture(page, look.width, look.height)
                    (given.out / f"{view.name}-{look.name}.png").write_bytes(pictures[view.name])
            sheet(pictures).save(given.out / f"overzicht-{look.name}.png")
    print(f"{len(views) * len(LOOKS)} schermafdrukken in {given.out}")
    return 0


def whole_picture(page: Page, width: int, height: int) -> bytes:
    """The whole page as a PNG, down to TALLEST pixels."""
    page.set_viewport_size({"width": width, "height": min(TALLEST, max(height, page.evaluate(_HEIGHT)))})
    page.wait_for_timeout(150)
    return page.screenshot()


def sheet(pictures: dict[str, bytes]) -> Image.Image:
    """Pictures side by side, the top of each, with its name above it."""
    rows = -(-len(pictures) // ACROSS)
    whole = Image.new("RGB", (ACROSS * (SMALL[0] + 10), rows * (SMALL[1] + NAME + 10)), "grey")
    draw = ImageDraw.Draw(whole)
    for number, (name, data) in enumerate(pictures.items()):
        left, top = number % ACROSS * (SMALL[0] + 10), number // ACROSS * (SMALL[1] + NAME + 10)
        draw.text((left + 4, top + 4), name, fill="white")
        picture = Image.open(io.BytesIO(data))
        scaled = picture.resize((SMALL[0], max(1, picture.height * SMALL[0] // picture.width)))
        whole.paste(scaled.crop((0, 0, SMALL[0], min(SMALL[1], scaled.height))), (left, top + NAME))
    return whole


if __name__ == "__main__":
    sys.exit(main())
