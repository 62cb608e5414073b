"""What the tests of the corpus share: the handover document as it is committed, read by pypdf."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfReader

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder with the sources and their register."""
    return REPOSITORY / "corpus"


@pytest.fixture(scope="session")
def handover_pdf(corpus: Path) -> Path:
    """The handover document."""
    return corpus / "overdrachtsdocument-vdg-2026.pdf"


@pytest.fixture(scope="session")
def handover(handover_pdf: Path) -> PdfReader:
    """The handover document, opened with pypdf."""
    return PdfReader(handover_pdf)


@pytest.fixture(scope="session")
def page_lines(handover: PdfReader) -> dict[int, list[str]]:
    """The lines of every page in reading order, foot included: {2: ['Voorwoord', …]}."""
    return {
        number: [line.strip() for line in page.extract_text().splitlines() if line.strip()]
        for number, page in enumerate(handover.pages, start=1)
    }


@pytest.fixture(scope="session")
def link_words(handover: PdfReader, handover_pdf: Path) -> dict[str, tuple[int, str]]:
    """Address → (page, the words that the link stands on); a link over two lines counts as one."""
    found: dict[str, tuple[int, str]] = {}
    with pypdfium2.PdfDocument(handover_pdf) as document:
        for number, page in enumerate(handover.pages, start=1):
            words = document[number - 1].get_textpage()
            for reference in page.get("/Annots", []):
                annotation = reference.get_object()
                address = annotation.get("/A", {}).get("/URI")
                if address is not None:
                    left, bottom, right, top = (float(edge) for edge in annotation["/Rect"])
                    here = words.get_text_bounded(left, bottom, right, top).strip()
                    before = found[address][1] + " " if address in found else ""
                    found[str(address)] = (number, before + here)
    return found
