"""The real handover document, read by the ingest and held against what other programs read in it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pypdf
import pytest

from ingest.documents import Document, Passage, Source
from ingest.folding import letters_only
from ingest.passages import MAX_CHARACTERS, MAX_WORDS, passages_of
from ingest.sources import sources_of
from tests.ingest.reading import read

CORPUS = Path(__file__).parents[2] / "corpus"
PDF = CORPUS / "overdrachtsdocument-vdg-2026.pdf"

# The navigation bar at the foot of the inner pages, after the page number.
BAR = letters_only(
    "Introductie Organisatie Samenwerkingsagenda Overdracht per portefeuille G&W EKM R&W O&C Sport PSI EZI Financiën"
)
# What stands on a page and is in no passage nor in a heading path: the cover, buttons, and a heading without text.
ELSEWHERE = {
    1: ["vereniging van drentse gemeenten", "overdrachtsdocument 2026", "voor de nieuwe colleges van"],
    3: ["bekijk de video"],
    4: ["bekijk de video"],
    10: ["bekijk de video"],
    16: ["bekijk de video"],
    19: ["bestuurlijke regionale vertegenwoordiging"],
}
ELSEWHERE[1].append("de twaalf drentse gemeenten")


@pytest.fixture(scope="module")
def source() -> Source:
    return sources_of(CORPUS)[0]


@pytest.fixture(scope="module")
def document(source: Source) -> Document:
    return read(PDF.read_bytes(), title=source.title, file=PDF.name)


@pytest.fixture(scope="module")
def passages(document: Document) -> list[Passage]:
    return passages_of(document)


@pytest.fixture(scope="module", params=["pypdf", "pdftotext"])
def pages(request: pytest.FixtureRequest) -> list[str]:
    """The letters of each page as another program reads them, in its own reading order."""
    if request.param == "pypdf":
        return [letters_only(page.extract_text()) for page in pypdf.PdfReader(PDF).pages]
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    done = subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", str(PDF), "-"], capture_output=True, check=True)
    return [letters_only(page) for page in done.stdout.decode().split("\f")][:-1]


def units(passages: list[Passage]) -> list[tuple[Passage, str]]:
    """Every sentence and bullet, as letters, longest first."""
    found = [
        (passage, letters_only(passage.text[unit.start : unit.end])) for passage in passages for unit in passage.units
    ]
    return sorted(found, key=lambda pair: -len(pair[1]))


# ── Nothing invented, nothing lost ───────────────────────────────────────────────────────────────────────────────


def test_handover_passages_stand_on_their_pages(passages: list[Passage], pages: list[str]) -> None:
    missing = [
        (passage.pages, letters)
        for passage, letters in units(passages)
        if letters not in "".join(pages[number - 1] for number in passage.pages)
    ]
    assert missing == []


def test_handover_loses_no_word(passages: list[Passage], pages: list[str]) -> None:
    """Each page's letters, with what the passages have of it struck out, leave headings, foot and buttons only."""
    left = dict(enumerate(pages, start=1))
    for passage, letters in units(passages):
        for number in passage.pages:
            if letters in left[number]:
                left[number] = left[number].replace(letters, "|", 1)
                break
        else:
            pytest.fail(f"twice in the passages, once on the page: {letters}")
    headings = {letters_only(heading) for passage in passages for heading in passage.heading_path}
    for number in left:
        known = [*headings, BAR, *map(letters_only, ELSEWHERE.get(number, ()))]
        for letters in sorted(known, key=len, reverse=True):
            left[number] = left[number].replace(letters, "|")
    inner = {number: letters.strip("|") for number, letters in left.items()}
    assert inner == {number: str(number) if 1 < number < 28 else "" for number in inner}


def test_handover_passages_do_not_overlap(passages: list[Passage]) -> None:
    """What stands twice in the passages stands twice in the document."""
    letters = Counter(found for _, found in units(passages) if len(found) > 60)
    whole = "".join(letters_only(page.extract_text()) for page in pypdf.PdfReader(PDF).pages)
    assert [found for found, count in letters.items() if count > whole.count(found)] == []


def test_handover_passages_are_neither_long_nor_empty(passages: list[Passage]) -> None:
    words = [sum(len(passage.text[unit.start : unit.end].split()) for unit in passage.units) for passage in passages]
    assert max(words) <= MAX_WORDS
    assert min(words) >= 1
    assert sum(words) / len(words) > 30
    assert max(len(passage.text) for passage in passages) <= MAX_CHARACTERS


def test_handover_passages_hold_no_foot_and_no_button(passages: list[Passage]) -> None:
    for passage in passages:
        assert "Bekijk de video" not in passage.text
        assert BAR not in letters_only(passage.text)
        assert not re.search(r"\bEKM\b.*\bPSI\b", passage.text, re.DOTALL)
        assert not re.search(r"^\d+$", passage.text, re.MULTILINE)


def test_handover_passages_hold_no_broken_word(passages: list[Passage]) -> None:
    """A hyphen before a space is the document's own: 'sport- en beweegaanbieders' within one line of it."""
    lines = [line for page in pypdf.PdfReader(PDF).pages for line in page.extract_text().splitlines()]
    found = [match for passage in passages for match in re.findall(r"\w+-\s\w+", passage.text)]
    linking = re.compile(r"-\s(?:en|of|tot|dan)\b")
    assert [match for match in found if not linking.search(match) and not any(match in line for line in lines)] == []
    assert "sport- en" in found


# ── Where it stands ──────────────────────────────────────────────────────────────────────────────────────────────

REVIEW, AHEAD, NETWORK = "Terugblik en resultaten", "Vooruitblik", "Samenwerking en netwerk"
REACHED, POINTS = "Bereikt in de afgelopen periode", "Aandachtspunten bestuurders"


@pytest.mark.parametrize(
    ("words", "page", "portefeuille", "path"),
    [
        ("Klaas Smid, voorzitter", 2, "", ["Voorwoord"]),
        ("opgaven: 12+1+4", 3, "", ["Introductie VDG", "Strategie"]),
        (
            "Inge Nieuwenhuizen (burgemeester",
            18,
            "Onderwijs en Cultuur",
            ["Portefeuille Onderwijs en Cultuur"],
        ),
        (
            "preferente zorgverzekeraar: Zilveren Kruis",
            13,
            "Gezondheid en Welzijn",
            ["Portefeuille Gezondheid en Welzijn", NETWORK, "Belangrijkste samenwerkingspartners"],
        ),
        (
            "vaststelling DOE 4 december 2025",
            14,
            "Energie, Klimaat en Milieu",
            ["Portefeuille Energie, Klimaat en Milieu", REVIEW, REACHED],
        ),
        (
            "Joop Slomp – vertegenwoordiging plattelandsgemeenten",
            12,
            "Gezondheid en Welzijn",
            [
                "Portefeuille Gezondheid en Welzijn",
                NETWORK,
                "Afspraken gemeentelijke bestuurlijke en ambtelijke regionale vertegenwoordiging",
                "Gezonde Marke",
            ],
        ),
        ("28,2", 12, "Gezondheid en Welzijn", ["Portefeuille Gezondheid en Welzijn", REVIEW, REACHED]),
        ("Sharing European Sport Expertise", 20, "Sport", ["Portefeuille Sport", REVIEW, REACHED]),
        (
            "schuldhulpmethoden van SchuldenlabNL",
            23,
            "Participatie, Schuldhulpverlening en Integratie",
            ["Portefeuille Participatie, Schuldhulpverlening en Integratie", REVIEW, REACHED],
        ),
        (
            "VDG Strategische Agenda 2019-2022",
            22,
            "Participatie, Schuldhulpverlening en Integratie",
            ["Portefeuille Participatie, Schuldhulpverlening en Integratie", REVIEW, "Historie en invulling PHO PSI"],
        ),
        (
            "provinciaal beleid: Economische Koers",
            24,
            "Economische Zaken en Industrie",
            ["Portefeuille Economische Zaken en Industrie", REVIEW, REACHED],
        ),
        (
            "bespreking spreidingsmonitor en inzet Biblionet",
            18,
            "Onderwijs en Cultuur",
            [
                "Portefeuille Onderwijs en Cultuur",
                REVIEW,
                "Bereikt in de afgelopen periode binnen de portefeuille cultuur",
            ],
        ),
        ("Wet Versterking regie volkshuisvesting", 17, "Ruimte en Wonen", ["Portefeuille Ruimte en Wonen", AHEAD]),
    ],
)
def test_handover_facts_have_their_page_portefeuille_and_headings(
    passages: list[Passage], words: str, page: int, portefeuille: str, path: list[str]
) -> None:
    found = [passage for passage in passages if words in passage.text]
    assert [(p.pages[0], p.portefeuilles, list(p.heading_path)) for p in found[:1]] == [
        (page, (portefeuille,) if portefeuille else (), path)
    ]


@pytest.mark.parametrize(
    ("page", "name"),
    [(13, "Gezondheid en Welzijn"), (21, "Sport"), (25, "Economische Zaken en Industrie"), (27, "Financiën")],
)
def test_handover_has_points_for_the_coming_period(passages: list[Passage], page: int, name: str) -> None:
    path = (f"Portefeuille {name}", AHEAD, POINTS)
    assert next(passage.pages for passage in passages if passage.heading_path == path) == (page,)


def test_handover_has_two_pages_for_each_portefeuille(passages: list[Passage]) -> None:
    pages: dict[str, set[int]] = {}
    for passage in passages:
        for name in passage.portefeuilles:
            pages.setdefault(name, set()).update(passage.pages)
    assert sorted(map(sorted, pages.values())) == [[number, number + 1] for number in range(12, 28, 2)]


def test_handover_pages_know_their_label_and_their_links(document: Document) -> None:
    assert [page.label for page in document.pages] == [str(number) for number in range(1, 29)]
    assert {(link.page, link.words.rstrip(".,)")) for link in document.links} >= {
        (12, "Gezonde Marke"),
        (12, "regioplan Drenthe"),
        (14, "Manifest ‘Drenthe van afval naar grondstoffen’"),
    }
    assert document.warnings == ()
