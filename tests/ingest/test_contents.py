"""Tables of contents are found to their first and last line; what looks like one and is content stays."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.contents import without_contents, without_contents_blocks
from ingest.documents import Block, BlockKind, Box, Line
from ingest.layout import Column
from tests.ingest.reading import read

SHARED = Path(__file__).parents[2] / "../shared" / "documents"
BOX = Box(0, 0, 100, 10)

DOTTED = [
    "Managementsamenvatting................................ 2",
    "1. Inleiding ......................................... 5",
    "1.1. Uitgangspunten . . . . . . . . . . . . . . . . .  6",
    "Begrippen ……………………………………………… iv",
]
NUMBERED = ["1. Democratische rechtsorde 1", "Media 3", "2. Duurzaam land 6", "Landbouw en stikstof 10"]
TEXT = ["De gemeente Assen stelt in 2025 het programma vast.", "Dat kost 3,2 miljoen euro."]


def column(*texts: str) -> Column:
    return Column(tuple(Line(text, BOX, 10.0) for text in texts), BOX)


def left_over(*pages: Sequence[str]) -> tuple[list[list[str]], tuple[int, ...]]:
    """What remains of pages of one column, and the pages on which a table stood."""
    kept, numbers = without_contents([(number, [column(*texts)]) for number, texts in enumerate(pages, 1)])
    return [[line.text for found in columns for line in found.lines] for _, columns in kept], numbers


@pytest.mark.parametrize(
    "lines",
    [
        ["Inhoudsopgave", *NUMBERED],
        ["INHOUD", *DOTTED],
        ["Inhoudsopgave", "Inhoudsopgave", *NUMBERED],
        DOTTED,
        # the title of an entry is broken over two lines, another has no number of its own
        ["Inhoud", "Hoe zijn de taken verdeeld bij het", "ontwikkelen? 9", "Deel A", NUMBERED[3], "Slot 11"],
        # the layout took titles and leaders for two columns
        ["Inhoud", "1. Voorstel", "..... 9", "2. Doelen", "3. Partijen", "........ 14", "......... 15", "....... 15"],
    ],
    ids=["numbers", "leaders", "twice headed", "no heading", "broken titles", "columns"],
)  # fmt: skip
def test_contents_is_found_whole_and_text_behind_it_stays(lines: list[str]) -> None:
    assert left_over(["Titel van het rapport", *lines, *TEXT], TEXT) == ([["Titel van het rapport", *TEXT], TEXT], (1,))


def test_contents_goes_on_over_pages() -> None:
    first, second = ["Inhoudsopgave", *NUMBERED], ["3. Veiligheid 16", "4. Bestaanszekerheid 19", "5. Zorg 28"]
    assert left_over(first, second, TEXT) == ([[], [], TEXT], (1, 2))
    # a page of text whose first lines hold one number that would fit is no more of it
    text = ["3. Veiligheid", "De politie krijgt meer mensen erbij in de jaren tot 20", *TEXT]
    assert left_over(first, text) == ([[], text], (1,))


def test_contents_without_page_numbers_is_told_by_titles_that_come_back() -> None:
    titles = ["1. Installatie", "2. Overzicht", "3. Als het alarm afgaat", "4. Specificaties"]
    text = ["1. Installatie", *TEXT, "2. Overzicht", *TEXT, "3. Als het alarm afgaat", *TEXT]
    assert left_over(["Inhoudsopgave", *titles, *text]) == ([text], (1,))


def test_contents_without_heading_or_leaders_is_told_by_titles_that_come_back() -> None:
    titles = ["Wonen", "Zorg", "Energie", "Sport", "Cultuur", "Onderwijs"]
    entries = [f"{title} {3 * number + 2}" for number, title in enumerate(titles)]
    chapters = [[title, *TEXT] for title in titles]
    assert left_over(entries, *chapters) == ([[], *chapters], (1,))


@pytest.mark.parametrize(
    "lines",
    [
        ["Gemeente Assen 12", "Gemeente Emmen 14", "Gemeente Coevorden 18", "Meppel 20", "Hoogeveen 21", "Tynaarlo 22"],
        ["Waarneembaar 7 / 9", "Bedienbaar 11 / 14", "Begrijpelijk 17 / 17", "Robuust 22 / 22", "Totaal 27 / 32"],
        ["Inhoud", "1. De gemeente bouwt huizen.", "2. De provincie betaalt.", "3. Het Rijk toetst.", "4. Klaar."],
        ["Inhoud", "Het voorstel bevat vier punten.", *TEXT],
        ["Naam: ..............", "Adres: .............", "Plaats: ...........", "Datum: ............", "Paraaf: ..."],
        ["Zie bladzijde 3", *TEXT, "Zie bladzijde 5", *TEXT, "Zie bladzijde 9", *TEXT, "Zie bladzijde 12"],
        ["Totaal 0"] * 8,
        [],
    ],
    ids=["table", "scores", "numbered text", "text", "form", "references", "nothing", "empty"],
)  # fmt: skip
def test_contents_leaves_what_only_looks_like_it(lines: list[str]) -> None:
    assert left_over(lines, TEXT) == ([lines, TEXT], ())


def test_contents_keeps_columns_and_drops_the_empty_ones() -> None:
    pages = [(1, [column("Inhoud", *NUMBERED), column(*TEXT)]), (2, [column(*TEXT)])]
    kept, numbers = without_contents(pages)
    assert kept == [(1, [column(*TEXT)]), (2, [column(*TEXT)])]
    assert numbers == (1,)


def test_contents_is_found_among_blocks_too() -> None:
    def block(text: str) -> Block:
        return Block(BlockKind.PARAGRAPH, text, 0, ((1, BOX),), (0,))

    entries = [block(text) for text in ("Inhoudsopgave", "1\tInleiding\t3", "2\tWonen\t5", "3\tZorg\t9")]
    rest = tuple(block(text) for text in ("Inleiding", *TEXT))
    assert without_contents_blocks([*entries, *rest]) == rest


def test_contents_looks_through_a_long_table_of_figures_in_time() -> None:
    lines = [f"Gemeente {'abcdefghij'[number % 10]}, raming 1" for number in range(20_000)]
    began = time.perf_counter()
    assert left_over(lines) == ([lines], ())
    assert time.perf_counter() - began < 5


# Pages on which a table of contents stands, looked up by eye, with the words that the last entry begins with.
TABLES = {
    "MinBZK__AI-verordening_Handreiking_AI-systemen.pdf": {3: "5. Bepaalde AI-systemen"},
    "MinBZK__GenAI_compliance_FAQ.pdf": {3: "Welke eisen zijn er rond"},
    "MinBZK__Kader-verantwoord-gebruik-generatieveAI-RKIs.pdf": {4: "Bijlage 2: Voorbeelden"},
    "favstats__coalitieakkoord-2021-2025.pdf": {3: "Bijlage: financiën"},
    "minvws__10999.pdf": {2: "8. Specifica"},
    "minvws__2025-06-04-toegankelijkheidsonderzoek-open.minvws.nl.pdf": {2: "Over Cardan"},
    "minvws__Bijlage_B_-_Advies_Autoriteit_Persoonsgegevens.pdf": {2: "8. Conclusie advies"},
    "vesperlabs-com__Verkiezingsprogramma-DENK-2025.pdf": {3: "Financiële paragraaf"},
    "MinBZK__AI-Verordening_Factsheet_Bestuurders.pdf": {},
    "MinBZK__AI_Verordening_Roadmap_Inwerkingtreding.pdf": {},
    "minvws__Bijlage_D_-_Advies_Raad_van_State.pdf": {},
    "openstate__Besluitenlijst-raadsvergadering-29-juni-2015.pdf": {},
}


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the shared documents are not beside the repository")
@pytest.mark.parametrize("file", TABLES, ids=lambda file: file[:40])
def test_contents_of_a_shared_document_is_found_to_its_last_line(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.ocr.available", lambda: False)  # the text layer, also where letters were lost
    document = read((SHARED / file).read_bytes())
    pages = [(page.number, [Column(page.lines, BOX)] if page.lines else []) for page in document.pages]
    kept, numbers = without_contents(pages)
    assert numbers == tuple(TABLES[file])
    for number, last in TABLES[file].items():
        before = [line.text for line in document.pages[number - 1].lines]
        after = [line.text for found in kept[number - 1][1] for line in found.lines]
        end = max(place for place, text in enumerate(before) if text.startswith(last))
        begin = before.index("Inhoudsopgave")
        assert after == before[:begin] + before[end + 1 :]
