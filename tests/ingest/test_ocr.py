"""Scanned pages: what Tesseract reads in them, with boxes and sizes that the layout can work with."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from ingest import ocr
from ingest.documents import Box, Source
from ingest.errors import UnreadableError
from ingest.layout import Run, columns_of
from ingest.readers.pdf import read_pdf
from ingest.readers.pdf_text import read_runs
from tests.ingest.pdfs import Drawn, Sheet, drawn_pdf, typeset

DPI = 200  # quicker to read than the 300 of the ingest, and as good for clean print

needs_tesseract = pytest.mark.skipif(
    not ocr.available(), reason="tesseract with its Dutch is not installed (tesseract-ocr, tesseract-ocr-nld)"
)

REPORT = """
#set page(width: 420pt, height: 595pt, margin: 50pt)
#set text(size: 10pt, lang: "nl", hyphenate: false)
#text(size: 18pt)[Portefeuille Sport en Bewegen]

De gemeenten hebben het Drents Beweegbeleid vastgesteld. Zij willen dat iedere inwoner plezier heeft in bewegen, ook
wie weinig geld heeft of slecht ter been is.

Het Drents Sportakkoord loopt tot en met 2028. De provincie betaalt 1.250.000 euro mee, zo is afgesproken op 4 december.
"""
COLUMNS = """
#set page(width: 595pt, height: 420pt, margin: 40pt)
#set text(size: 10pt, lang: "nl", hyphenate: false)
#grid(columns: (1fr, 1fr), column-gutter: 30pt)[
Links staat wat er bereikt is. De gemeenten werken samen aan wonen en zorg. Dat gaat goed, want de lijnen zijn kort en
iedereen kent elkaar. Het bureau helpt daarbij.
][
Rechts staat wat er nog moet gebeuren. Het Rijk wil meer woningen bouwen in het noorden. Daarvoor is geld nodig dat er
nog niet is. De lobby gaat dus verder.
]
"""


def scanned(source: str, *, dpi: int = DPI, turned: int = 0) -> bytes:
    """The picture of what Typst makes of a source, as a PDF without any text; turned clockwise by degrees."""
    pdf = pdfium.PdfDocument(typeset(source))
    picture = pdf[0].render(scale=dpi / 72, grayscale=True).to_pil().rotate(-turned, expand=True)
    made = io.BytesIO()
    picture.save(made, "PDF", resolution=dpi)
    return made.getvalue()


@pytest.fixture(scope="module")
def report() -> Iterator[pdfium.PdfPage]:
    pdf = pdfium.PdfDocument(scanned(REPORT))
    yield pdf[0]
    pdf.close()


def lines_of(runs: list[Run]) -> list[str]:
    return [line.text for column in columns_of(runs) for line in column.lines]


def words_of(runs: list[Run]) -> list[str]:
    return re.findall(r"[\w.]+", " ".join(lines_of(runs)))


def typeset_runs(source: str) -> list[Run]:
    """The runs of the same page with its text layer."""
    return read_runs(pdfium.PdfDocument(typeset(source))[0])[0]


@needs_tesseract
def test_ocr_reads_what_stands_on_a_scanned_page(report: pdfium.PdfPage) -> None:
    assert read_runs(report)[0] == []
    runs, turn = ocr.read_page(report, DPI)
    assert words_of(runs) == words_of(typeset_runs(REPORT))
    assert turn.quarters == 0


@needs_tesseract
def test_ocr_tells_sizes_and_places_as_the_text_layer_would(report: pdfium.PdfPage) -> None:
    found, wanted = ocr.read_page(report, DPI)[0], typeset_runs(REPORT)
    sizes = {run.size for run in found}
    assert len(sizes) == 2  # one for the heading and one for all the rest
    assert max(sizes) == pytest.approx(18, rel=0.1)
    assert min(sizes) == pytest.approx(10, rel=0.1)
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        assert one.box.left == pytest.approx(other.box.left, abs=2)
        assert one.box.right == pytest.approx(other.box.right, abs=2)
        # what the layout goes by is where lines stand against each other
        shift = (one.box.bottom - found[-1].box.bottom) - (other.box.bottom - wanted[-1].box.bottom)
        assert abs(shift) < 2.5


@needs_tesseract
def test_ocr_keeps_columns_apart() -> None:
    runs, _ = ocr.read_page(pdfium.PdfDocument(scanned(COLUMNS))[0], DPI)
    assert lines_of(runs) == lines_of(typeset_runs(COLUMNS))
    assert len(columns_of(runs)) == 2


@needs_tesseract
@pytest.mark.parametrize(("turned", "quarters"), [(90, 3), (180, 2), (270, 1)])
def test_ocr_turns_a_page_upright(turned: int, quarters: int) -> None:
    page = pdfium.PdfDocument(scanned(REPORT * 2, turned=turned))[0]
    runs, turn = ocr.read_page(page, DPI)
    assert turn.quarters == quarters
    assert (turn.width, turn.height) == page.get_size()
    assert words_of(runs)[:4] == ["Portefeuille", "Sport", "en", "Bewegen"]
    # the heading stands at the top left of the page, wherever that went
    box = turn.back(runs[0].box)
    left, top = {90: (turn.width - 50, 50), 180: (turn.width - 50, turn.height - 50), 270: (50, turn.height - 50)}[
        turned
    ]
    assert min(abs(box.left - left), abs(box.right - left)) < 25
    assert min(abs(box.top - top), abs(box.bottom - top)) < 25


@needs_tesseract
@pytest.mark.parametrize("degrees", [-2.0, 1.0])
def test_ocr_reads_a_slanted_page_and_knows_where_its_lines_stand(degrees: float) -> None:
    page = pdfium.PdfDocument(scanned(REPORT))[0]
    straight = ocr.read_page(page, DPI)[0]
    picture = page.render(scale=DPI / 72, grayscale=True).to_pil().rotate(-degrees, fillcolor=255)
    made = io.BytesIO()
    picture.save(made, "PDF", resolution=DPI)
    runs, turn = ocr.read_page(pdfium.PdfDocument(made.getvalue())[0], DPI)
    assert turn.slant == pytest.approx(degrees, abs=0.25)
    found, wanted_words = Counter(words_of(runs)), Counter(words_of(straight))
    assert (found & wanted_words).total() > 0.9 * wanted_words.total()
    last, wanted = runs[-1].box, straight[-1].box
    assert abs(last.top - wanted.top) < 3
    moved = turn.back(last)  # to the left edge, where a page turned clockwise has gone up
    assert (moved.top < last.top) == (degrees > 0)


@needs_tesseract
def test_ocr_reads_a_bad_photocopy() -> None:
    page = pdfium.PdfDocument(scanned(REPORT, dpi=150))[0]
    picture = page.render(scale=150 / 72, grayscale=True).to_pil().resize((1750, 2479))
    noise = Image.effect_noise(picture.size, 60)
    made = io.BytesIO()
    Image.blend(picture, noise, 0.4).save(made, "PDF", resolution=300)
    found = Counter(words_of(ocr.read_page(pdfium.PdfDocument(made.getvalue())[0])[0]))
    wanted = Counter(words_of(typeset_runs(REPORT)))
    assert (found & wanted).total() > 0.8 * wanted.total()


def test_ocr_tells_print_from_a_photograph_or_a_dark_cover(report: pdfium.PdfPage) -> None:
    assert ocr.is_print(report)
    for cover in (Image.linear_gradient("L"), Image.new("L", (200, 200), 60)):
        made = io.BytesIO()
        cover.save(made, "PDF")
        assert not ocr.is_print(pdfium.PdfDocument(made.getvalue())[0])


# ── With a stand-in for Tesseract, so that these need none ───────────────────────────────────────────────────────

HEADER = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Puts a program called tesseract on the PATH that does what the shell script says."""
    program = folder / "tesseract"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    for asked in (ocr.available, ocr.version, ocr._languages):
        asked.cache_clear()


@pytest.fixture(autouse=True)
def _ask_anew() -> Iterator[None]:
    yield
    for asked in (ocr.available, ocr.version, ocr._languages):
        asked.cache_clear()


def page_of(width: float = 200, height: float = 100) -> pdfium.PdfPage:
    """A page with something on it; what it says is the stand-in's to tell."""
    sheet = Sheet([Drawn(20, 20, "Assen", 24)], media=(0, 0, width, height))
    return pdfium.PdfDocument(drawn_pdf(sheet))[0]


def test_ocr_is_not_available_without_the_program_or_its_dutch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ocr.available.cache_clear()
    ocr._languages.cache_clear()
    assert not ocr.available()
    stand_in(tmp_path, monkeypatch, "printf 'List of available languages (2):\\neng\\nosd\\n'")
    assert not ocr.available()
    stand_in(tmp_path, monkeypatch, "printf 'List of available languages (2):\\nnld\\nosd\\n'")
    assert ocr.available()


def rows(*words: tuple[int, int, int, int, int, float, str]) -> str:
    """A script that prints Tesseract's table of (line, left, top, width, height, confidence, text)."""
    table = [f"5\t1\t1\t1\t{line}\t1\t{x}\t{y}\t{w}\t{h}\t{conf}\t{text}" for line, x, y, w, h, conf, text in words]
    return (
        "cat > /dev/null; cat << 'EOF'\n" + "\n".join([HEADER, "1\t1\t0\t0\t0\t0\t0\t0\t9\t9\t-1\t", *table]) + "\nEOF"
    )


def test_ocr_makes_runs_of_words_and_leaves_out_what_is_not_sure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = rows(
        (1, 72, 72, 100, 14, 96, "Assen"),
        (1, 180, 72, 80, 14, 20, "stemt"),  # unsure of a word, sure of the line
        (1, 400, 72, 60, 14, 95, "toe"),  # after a gap wider than between words
        (2, 72, 100, 90, 14, 12, "wllkx"),
        (3, 72, 130, 90, 14, 90, "|"),
    )
    stand_in(tmp_path, monkeypatch, script)
    runs, _ = ocr.read_page(page_of(), dpi=144)
    assert [run.text for run in runs] == ["Assen stemt", "toe"]
    assert {(run.size, run.weight, run.italic) for run in runs} == {(10.0, 400, False)}
    assert (runs[0].box.left, runs[0].box.right) == (36, 130)
    assert runs[0].box.top < 36 < 43 < runs[0].box.bottom


def test_ocr_tells_a_bullet_by_its_size_and_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = rows(
        (1, 72, 78, 4, 4, 20, "+"),
        (1, 90, 72, 100, 14, 96, "Assen"),
        (2, 72, 108, 4, 4, 30, "e"),
        (2, 90, 102, 100, 14, 96, "Emmen"),
        (3, 72, 132, 12, 10, 96, "e"),  # a letter
        (3, 90, 132, 100, 14, 96, "Borger"),
        (4, 72, 172, 4, 4, 96, "."),  # on the baseline
        (4, 90, 162, 100, 14, 96, "Meppel"),
        (5, 82, 198, 4, 4, 96, "*"),  # close to its word
        (5, 88, 192, 100, 14, 96, "Aalden"),
        (6, 300, 228, 4, 4, 96, "*"),  # alone at its place
        (6, 320, 222, 100, 14, 96, "Tynaarlo"),
    )
    stand_in(tmp_path, monkeypatch, script)
    runs, _ = ocr.read_page(page_of(), dpi=144)
    found = [line.split()[0] for line in lines_of(runs)]
    assert found == ["•", "•", "e", ".", "*", "*"]


def test_ocr_does_not_look_at_an_empty_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, "exit 1")
    pdf = pdfium.PdfDocument.new()
    assert ocr.read_page(pdf.new_page(595, 842))[0] == []


def test_ocr_passes_over_rows_that_are_no_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(
        tmp_path,
        monkeypatch,
        "cat > /dev/null; printf 'iets\\n5\\ta\\n5\\t1\\t1\\t1\\tx\\t1\\t1\\t1\\t1\\t1\\t9\\tja\\n'",
    )
    assert ocr.read_page(page_of())[0] == []


def test_ocr_gives_a_page_up_when_tesseract_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, "exit 1")
    with pytest.raises(ocr.OcrError, match="niet lezen"):
        ocr.read_page(page_of())
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(ocr.OcrError, match="niet lezen"):
        ocr.read_page(page_of())


def test_ocr_gives_a_page_up_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, "exec sleep 30")
    monkeypatch.setattr(ocr, "PAGE_SECONDS", 0.3)
    with pytest.raises(ocr.OcrError, match="nog niet klaar"):
        ocr.read_page(page_of())


def test_ocr_reads_a_huge_page_more_coarsely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = tmp_path / "size"
    stand_in(tmp_path, monkeypatch, f"wc -c > {note}")
    ocr.read_page(page_of(3370, 2384))  # A0: at 300 dots an inch 139 million
    assert int(note.read_text()) < 1.1 * ocr.MOST_PIXELS


def test_ocr_gives_all_pages_of_a_document_the_same_sizes() -> None:
    def run(text: str, size: float) -> Run:
        return Run(text, Box(0, 0, 1, 1), size, 400, False)

    pages = [[run("Kop", 13.5), run("lopende tekst", 10.0)], [run("Kop", 14.0), run("tekst", 10.5)], []]
    found = ocr.with_common_sizes(pages)
    assert [[text.size for text in runs] for runs in found][1:] == [[found[0][0].size, 10.0], []]
    assert [text.text for text in found[1]] == ["Kop", "tekst"]


@needs_tesseract
def test_ocr_stops_in_time_and_says_which_pages_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.readers.pdf.PICTURE_SECONDS", 0.0)
    with pytest.raises(UnreadableError, match="alleen beelden"):
        read_pdf(Source("scan", "Scan"), scanned(REPORT), "scan.pdf", "0" * 64)
