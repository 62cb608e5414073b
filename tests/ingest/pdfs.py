"""Small PDFs for the tests: drawn sign by sign where the place of each line matters, typeset by Typst where not."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pypdf
import typst

A4 = (0.0, 0.0, 595.0, 842.0)
FONTS = ("Helvetica", "Helvetica-Bold", "Helvetica-Oblique")


@dataclass(frozen=True)
class Drawn:
    """A line of text at (x, y) in PDF coordinates, y upwards from the bottom; `turn` is (cos, sin) of its direction."""

    x: float
    y: float
    text: str
    size: float = 10.0
    font: str = "Helvetica"
    turn: tuple[int, int] = (1, 0)


@dataclass(frozen=True)
class Linked:
    """A link annotation over a rectangle (left, bottom, right, top) in PDF coordinates."""

    rect: tuple[float, float, float, float]
    url: str


@dataclass(frozen=True)
class Sheet:
    """A page: what is drawn on it, its boxes and its rotation in degrees, clockwise."""

    drawn: Sequence[Drawn] = ()
    media: tuple[float, float, float, float] = A4
    crop: tuple[float, float, float, float] | None = None
    rotate: int = 0
    links: Sequence[Linked] = ()
    raw: bytes = b""  # drawn before the rest, as it is


def drawn_pdf(*sheets: Sheet) -> bytes:
    """The PDF of these pages."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    fonts: list[str] = []
    for font in FONTS:
        objects.append(
            f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>".encode("ascii")
        )
        fonts.append(f"/{font} {len(objects)} 0 R")
    kids: list[int] = []
    for sheet in sheets:
        content = sheet.raw + b"\n".join(_operators(drawn) for drawn in sheet.drawn)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        stream = len(objects)
        annotations = [_annotation(link) for link in sheet.links]
        crop = f"/CropBox [{_numbers(sheet.crop)}]" if sheet.crop else ""
        objects.append(
            (
                f"<< /Type /Page /Parent 2 0 R /MediaBox [{_numbers(sheet.media)}] {crop} /Rotate {sheet.rotate} "
                f"/Resources << /Font << {' '.join(fonts)} >> >> /Contents {stream} 0 R "
                f"/Annots [{' '.join(annotations)}] >>"
            ).encode("ascii")
        )
        kids.append(len(objects))
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    objects[1] = f"<< /Type /Pages /Kids [{listed}] /Count {len(kids)} >>".encode("ascii")
    return _file(objects)


def _operators(drawn: Drawn) -> bytes:
    """b'BT /Helvetica 10 Tf 1 0 0 1 72 700 Tm (Sport) Tj ET'"""
    cos, sin = drawn.turn
    text = drawn.text.encode("cp1252")
    for sign in (b"\\", b"(", b")"):
        text = text.replace(sign, b"\\" + sign)
    place = f"{cos} {sin} {-sin} {cos} {drawn.x} {drawn.y}".encode("ascii")
    return b"BT /%s %f Tf %s Tm (%s) Tj ET" % (drawn.font.encode("ascii"), drawn.size, place, text)


def _annotation(link: Linked) -> str:
    return f"<< /Type /Annot /Subtype /Link /Rect [{_numbers(link.rect)}] /A << /S /URI /URI ({link.url}) >> >>"


def _numbers(values: Sequence[float]) -> str:
    return " ".join(f"{value:g}" for value in values)


def _file(objects: Sequence[bytes]) -> bytes:
    whole = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places: list[int] = []
    for number, content in enumerate(objects, start=1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(whole)
    whole += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    whole += b"".join(b"%010d 00000 n \n" % place for place in places)
    whole += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(whole)


def stacked(
    lines: Sequence[str], x: float = 72.0, top: float = 750.0, size: float = 10.0, step: float = 12.0
) -> list[Drawn]:
    """Lines of running text under each other, the first at `top`."""
    return [Drawn(x, top - number * step, line, size) for number, line in enumerate(lines)]


def text_pdf(*paragraphs: str) -> bytes:
    """One page of running text, a paragraph a line: the quickest PDF with something to find in it."""
    return drawn_pdf(Sheet([Drawn(72.0, 750.0 - 40.0 * n, line) for n, line in enumerate(paragraphs)]))


def typeset(source: str) -> bytes:
    """What Typst makes of a source in its own language, in the font that it carries."""
    pdf = typst.compile(source.encode(), format="pdf", ignore_system_fonts=True)
    assert isinstance(pdf, bytes)
    return pdf


def locked(pdf: bytes, *, user: str, owner: str = "geheim") -> bytes:
    """The PDF encrypted: an empty user password lets anybody read it, and nobody change it."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    writer.encrypt(user_password=user, owner_password=owner, algorithm="AES-256")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
