"""The handover PDF behaves like the original: pages, foot, outline, links, broken words, metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

# The words that begin each page of the original; the cover is page 1.
PAGE_BEGINNINGS = {
    1: "Vereniging van Drentse Gemeenten",
    2: "Voorwoord",
    3: "Introductie VDG",
    4: "Organisatie VDG",
    5: "De Algemene Ledenvergadering",
    6: "Samenwerkingsagenda 2023 - 2027",
    7: "Als we over alle portefeuilles heen kijken",
    8: "2. Personele schaarste",
    9: "Samenspel versterken",
    10: "De samenwerking met de waterschappen",
    11: "Overdracht per portefeuille",
    12: "Portefeuille Gezondheid en Welzijn",
    13: "• Werkgroepen van Gezonde Marke:",
    14: "Portefeuille Energie, Klimaat en Milieu",
    15: "Lopende dossiers en ontwikkelingen • Verbinding DOE",
    16: "Portefeuille Ruimte en Wonen",
    17: "• Uitwisseling huisvesting statushouders",
    18: "Portefeuille Onderwijs en Cultuur",
    19: "Lopende dossiers en ontwikkelingen • Herijking",
    20: "Portefeuille Sport",
    21: "Lopende dossiers en ontwikkelingen • Drents Beweegbeleid",
    22: "Portefeuille Participatie, Schuldhulpverlening en Integratie",
    23: "• Uitwisseling thema Integratie",
    24: "Portefeuille Economische Zaken en Industrie",
    25: "Samenwerking en netwerk Domein-overstijgende vraagstukken: • Programmatische aanpak",
    26: "Portefeuille Financiën",
    27: "Samenwerking en netwerk Domein-overstijgende vraagstukken: • Stijgende kosten",
    28: "",
}

NAVIGATION = {
    "Introductie": 3,
    "Organisatie": 4,
    "Samenwerkingsagenda": 6,
    "Overdracht per portefeuille": 11,
    "G&W": 12,
    "EKM": 14,
    "R&W": 16,
    "O&C": 18,
    "Sport": 20,
    "PSI": 22,
    "EZI": 24,
    "Financiën": 26,
}
INNER_PAGES = range(2, 28)

# The columns of a portfolio page begin with these words: (page, last words of the left one, first of the right one).
COLUMNS = (
    (13, "• Regionale netwerksamenwerking Gezonde Marke", "Vooruitblik"),
    (14, "2025 t/m 2027.", "• Uitwisseling en kennisdeling op het thema Energiearmoede"),
    (19, "• Onderwijs (PO, VO mbo, hbo en hubs)", "Cultuur: • Provincie Drenthe (inzet Cultuurnota)"),
    (21, "• Vereniging Sport en Gemeenten (VSG)", "Vooruitblik"),
    (24, "• Acquisitieagenda en doorontwikkeling Ik ben Drentse Ondernemer.", "Lopende dossiers en ontwikkelingen"),
)


def test_handover_pdf_every_page_begins_as_in_the_original(page_lines: dict[int, list[str]]) -> None:
    assert list(page_lines) == list(PAGE_BEGINNINGS)
    for number, beginning in PAGE_BEGINNINGS.items():
        assert " ".join(page_lines[number]).startswith(beginning), number
    assert page_lines[28] == []


@pytest.mark.parametrize(("page", "left_ends", "right_begins"), COLUMNS)
def test_handover_pdf_columns_follow_each_other(
    page: int, left_ends: str, right_begins: str, page_lines: dict[int, list[str]]
) -> None:
    assert f"{left_ends} {right_begins}" in " ".join(page_lines[page])


def test_handover_pdf_inner_pages_end_in_number_and_navigation_bar(page_lines: dict[int, list[str]]) -> None:
    for number in INNER_PAGES:
        assert re.split(r"\s+\|\s+", page_lines[number][-1].removeprefix(f"{number} ")) == list(NAVIGATION), number
    assert not any("Introductie" in line for line in page_lines[1] + page_lines[28])


def test_handover_pdf_navigation_bar_leads_to_its_pages(handover: PdfReader) -> None:
    for number in INNER_PAGES:
        targets = [
            page_of(handover, annotation["/Dest"])
            for annotation in page_annotations(handover, number)
            if "/Dest" in annotation and float(annotation["/Rect"][3]) < 40  # within 40 points of the page's foot
        ]
        assert targets == list(NAVIGATION.values()), number


def test_handover_pdf_outline_has_every_heading_on_its_page(handover: PdfReader) -> None:
    entries = outline(handover, handover.outline)
    assert {title: page for level, title, page in entries if level == 1} == {
        "Voorwoord": 2,
        **{PAGE_BEGINNINGS[page]: page for page in sorted(NAVIGATION.values())},
    }
    assert [entry for entry in entries if entry[1] == "Vooruitblik"] == [
        (2, "Vooruitblik", page) for page in (13, 17, 19, 21, 23, 25, 27)
    ]
    assert (3, "2. Personele schaarste", 8) in entries
    assert not [title for _, title, _ in entries if title.endswith(":") or title.startswith("Voorzitter")]


def test_handover_pdf_links_stand_on_the_words_that_name_them(link_words: dict[str, tuple[int, str]]) -> None:
    assert {(page, words) for page, words in link_words.values()} == {
        (2, "Vereniging van Drentse Gemeenten (VDG)"),
        (12, "Gezonde Marke"),
        (12, "regioplan Drenthe"),
        (14, "artikel"),
        (14, "Manifest ‘Drenthe van afval naar grondstoffen’"),
    }


def test_handover_pdf_film_buttons_stand_on_their_pages(page_lines: dict[int, list[str]]) -> None:
    assert [number for number, lines in page_lines.items() if "Bekijk de video" in lines] == [3, 4, 10, 16]


def test_handover_pdf_breaks_words_at_line_ends(page_lines: dict[int, list[str]], corpus: Path) -> None:
    source = (corpus / "typesetting" / "overdrachtsdocument.typ").read_text(encoding="utf-8")
    source_words = set(re.findall(r"\w+", source))
    broken = [
        closed
        for lines in page_lines.values()
        for line, following in pairwise(lines)
        if (closed := broken_word(line, following)) in source_words
    ]
    assert len(broken) >= 15  # 70 at the time of writing


def test_handover_pdf_hyphens_of_words_are_read_as_hyphens(page_lines: dict[int, list[str]]) -> None:
    # The font has one glyph for the hyphen and the soft hyphen; the first one set decides how plain readers read all.
    text = "\n".join(line for lines in page_lines.values() for line in lines)
    assert "\u00ad" not in text
    assert "Voorzitter VDG-portefeuille Sport: Jan Zwiers" in text


def test_handover_pdf_has_metadata_language_and_tags(handover: PdfReader) -> None:
    assert handover.metadata is not None
    assert handover.metadata.title == "Overdrachtsdocument 2026"
    assert handover.metadata.author == "Vereniging van Drentse Gemeenten"
    assert str(handover.root_object["/Lang"]).startswith("nl")
    assert "/StructTreeRoot" in handover.root_object


def test_handover_pdf_uses_the_sizes_that_tell_headings_apart(handover: PdfReader) -> None:
    sizes: dict[str, float] = {}

    def note(text: str, _cm: object, matrix: list[float], _font: object, size: float) -> None:
        for words in ("Portefeuille Financiën", "Terugblik en resultaten", "Bereikt in de afgelopen periode:"):
            if text.strip() == words:
                sizes[words] = size * abs(matrix[3])

    handover.pages[25].extract_text(visitor_text=note)
    title, section, lead_in = sizes.values()
    assert title > 1.4 * section > 1.4 * 1.2 * lead_in


def broken_word(line: str, following: str) -> str:
    """('de Drentse Gemeen-', 'ten (VDG) van') → 'Gemeenten'; '' where the line ends in no hyphen"""
    begun = re.search(r"(\w+)-$", line)
    rest = re.match(r"\w+", following)
    return begun[1] + rest[0] if begun and rest else ""


def page_annotations(reader: PdfReader, number: int) -> list[Mapping[str, Any]]:
    """The annotations of a page, from 1."""
    page: Mapping[str, Any] = reader.pages[number - 1]
    return [reference.get_object() for reference in page.get("/Annots", [])]


def page_of(reader: PdfReader, destination: Any) -> int:
    """The page, from 1, that a link leads to, by its name or by [page, /XYZ, x, y]."""
    named = reader.named_destinations[destination] if isinstance(destination, str) else None
    index = reader.get_destination_page_number(named) if named else reader.get_page_number(destination[0].get_object())
    assert index is not None
    return index + 1


def outline(reader: PdfReader, entries: Sequence[Any], level: int = 1) -> list[tuple[int, str, int]]:
    """(level, title, page from 1) of every bookmark, in order; a list holds what is under the bookmark before it."""
    found: list[tuple[int, str, int]] = []
    for entry in entries:
        if isinstance(entry, list):
            found += outline(reader, entry, level + 1)
        else:
            index = reader.get_destination_page_number(entry)
            assert index is not None
            found.append((level, str(entry.title), index + 1))
    return found
