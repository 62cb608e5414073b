"""Which portefeuilles name each other as a small picture: eight in a circle, a line for each pair.

A data address in an <img>, since Streamlit's HTML holds no SVG. Its own colours do on the light and the dark ground:
white on dark green for the words, and lines of a grey that keeps 3:1 to both.
"""

from __future__ import annotations

from math import cos, pi, sin
from urllib.parse import quote

from app_pages._marking import escape
from index.cross_links import CrossLinks
from ingest.portefeuilles import PORTEFEUILLES

_SIZE = 420
_RADIUS = 165


def picture_html(found: CrossLinks) -> str:
    """The picture, with what it shows in words for who cannot see it."""
    pairs = {frozenset(pair) for pair in found}
    alt = (
        f"Tekening: de acht portefeuilles in een kring, met {len(pairs)} lijnen tussen portefeuilles die de ander "
        "noemen. De tabel of lijst hierboven geeft dezelfde verbanden."
    )
    address = f"data:image/svg+xml,{quote(_svg(found))}"
    return f'<img class="zp-network" src="{address}" alt="{escape(alt)}" width="{_SIZE}" height="{_SIZE}">'


def _svg(found: CrossLinks) -> str:
    """A thicker line where more lines of the document name the other; both directions count together."""
    places = {name: _place(number) for number, name in enumerate(PORTEFEUILLES)}
    counts: dict[frozenset[str], int] = {}
    for ends, namings in found.items():
        counts[frozenset(ends)] = counts.get(frozenset(ends), 0) + len(namings)
    lines = ""
    for pair, count in counts.items():
        (x1, y1), (x2, y2) = (places[name] for name in PORTEFEUILLES if name in pair)
        lines += f'<path d="M{x1} {y1}L{x2} {y2}" stroke-width="{1.5 + 1.5 * min(count, 4)}"/>'
    signs = "".join(_sign(PORTEFEUILLES[name], *place) for name, place in places.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE} {_SIZE}">'
        f'<g stroke="#7d8c84" stroke-linecap="round">{lines}</g>'
        '<g fill="#1f5a41" stroke="#7d8c84" stroke-width="1.5" font-family="Source Sans,Arial,sans-serif" '
        'font-size="15" font-weight="600" text-anchor="middle">'
        f"<style>text{{fill:#fff;stroke:none}}</style>{signs}</g></svg>"
    )


def _sign(short: str, x: int, y: int) -> str:
    """An abbreviation on its ground, which is as wide as it needs."""
    wide = 34 + 9 * len(short)
    return (
        f'<rect x="{x - wide // 2}" y="{y - 20}" width="{wide}" height="40" rx="20"/>'
        f'<text x="{x}" y="{y + 5}">{escape(short)}</text>'
    )


def _place(number: int) -> tuple[int, int]:
    """Where a portefeuille stands, the first at the top: 0 → (210, 45)."""
    angle = 2 * pi * number / len(PORTEFEUILLES) - pi / 2
    return round(_SIZE / 2 + _RADIUS * cos(angle)), round(_SIZE / 2 + _RADIUS * sin(angle))
