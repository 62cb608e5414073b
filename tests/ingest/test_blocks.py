from __future__ import annotations

import pytest

from ingest.documents import Block, BlockKind
from tests.ingest.pdfs import Drawn, Sheet, drawn_pdf, stacked, typeset
from tests.ingest.reading import LIST, read

FILLER = [
    "De twaalf Drentse gemeenten werken samen aan de opgaven die voor",
    "alle inwoners van belang zijn, en de vereniging helpt hen daarbij met",
    "kennis, menskracht en een gezamenlijke stem richting het Rijk en de",
    "provincie. Dat gebeurt in acht portefeuilles, elk met een voorzitter.",
]


def shapes(blocks: tuple[Block, ...]) -> list[tuple[str, int, str]]:
    return [(block.kind.value, block.level, block.text) for block in blocks]


def test_blocks_of_a_page_with_headings_and_a_list_in_two_levels() -> None:
    source = """
= Portefeuille Sport
== Terugblik en resultaten
De portefeuillehouders kwamen vier keer bijeen.

Bereikt in de afgelopen periode:
- Het Drents Beweegbeleid 2025-2028 is door alle gemeenten vastgesteld, na een lange voorbereiding waaraan iedereen
  heeft bijgedragen.
  - De uitvoering begint in 2026.
- Er is een netwerk van buurtsportcoaches.

Daarna gaat het verder.
=== Aandachtspunten bestuurders
+ Borg de financiering.
+ Houd de preventie op de agenda.
"""
    assert shapes(read(typeset(LIST + source)).blocks) == [
        ("heading", 1, "Portefeuille Sport"),
        ("heading", 2, "Terugblik en resultaten"),
        ("paragraph", 0, "De portefeuillehouders kwamen vier keer bijeen."),
        ("lead-in", 0, "Bereikt in de afgelopen periode:"),
        (
            "bullet",
            1,
            "Het Drents Beweegbeleid 2025-2028 is door alle gemeenten vastgesteld, na een lange voorbereiding waaraan "
            "iedereen heeft bijgedragen.",
        ),
        ("bullet", 2, "De uitvoering begint in 2026."),
        ("bullet", 1, "Er is een netwerk van buurtsportcoaches."),
        ("paragraph", 0, "Daarna gaat het verder."),
        ("heading", 3, "Aandachtspunten bestuurders"),
        ("bullet", 1, "1. Borg de financiering."),
        ("bullet", 1, "2. Houd de preventie op de agenda."),
    ]


def test_blocks_close_the_words_that_a_narrow_column_broke() -> None:
    text = (
        "Gemeentesecretarissen en portefeuillehouders bespreken woningmarktonderzoeken, schuldhulptrajecten en "
        "gezondheidsbevorderingsprogramma’s, evenals de arbeidsmarktkrapte binnen overheidsorganisaties."
    )
    narrow = (
        '#set page(width: 190pt, height: 400pt, margin: 25pt)\n#set text(size: 10pt, lang: "nl", hyphenate: true)\n'
    )
    document = read(typeset(narrow + "#set par(justify: true)\n" + text))
    assert sum(line.text.endswith("-") for page in document.pages for line in page.lines) >= 2
    assert [block.text for block in document.blocks] == [text]


def test_blocks_know_where_each_of_their_lines_begins() -> None:
    (block,) = read(drawn_pdf(Sheet(stacked(FILLER)))).blocks
    assert block.text == " ".join(FILLER)
    assert [block.text[start:].split()[0] for start in block.starts] == ["De", "alle", "kennis,", "provincie."]
    start = block.text.index("menskracht")
    assert block.regions_between(start, start + 10) == (block.regions[2],)
    assert len(block.regions_between(0, len(block.text))) == 4


def test_blocks_go_on_over_a_page_in_mid_sentence() -> None:
    first, second = Sheet(stacked(FILLER[:2])), Sheet(stacked(FILLER[2:]))
    (block,) = read(drawn_pdf(first, second)).blocks
    assert block.text == " ".join(FILLER)
    assert [page for page, _ in block.regions] == [1, 1, 2, 2]


def test_blocks_begin_anew_on_a_page_after_a_full_stop() -> None:
    blocks = read(drawn_pdf(Sheet(stacked(FILLER)), Sheet(stacked(FILLER)))).blocks
    assert [block.page for block in blocks] == [1, 2]


def test_blocks_part_at_a_white_line() -> None:
    drawn = [*stacked(FILLER), *stacked(FILLER, top=680)]
    assert len(read(drawn_pdf(Sheet(drawn))).blocks) == 2


@pytest.mark.parametrize("label", ["Bekijk de video", "(Bekijk de video)", "Lees meer", "Klik hier."])
def test_blocks_leave_buttons_out(label: str) -> None:
    drawn = [*stacked(FILLER), Drawn(72, 600, label)]
    document = read(drawn_pdf(Sheet(drawn)))
    assert [block.text for block in document.blocks] == [" ".join(FILLER)]
    assert label in document.pages[0].text  # what the reader sees stays


def test_blocks_take_bold_words_within_a_sentence_for_emphasis() -> None:
    drawn = [*stacked(FILLER[:2]), Drawn(72, 726, "kennis, menskracht en een stem", font="Helvetica-Bold")]
    drawn += [Drawn(72, 714, "richting het Rijk en de provincie.")]
    assert [block.kind for block in read(drawn_pdf(Sheet(drawn))).blocks] == [BlockKind.PARAGRAPH]


def test_blocks_take_a_bold_line_of_its_own_for_a_heading() -> None:
    drawn = [Drawn(72, 774, "Samenwerking en netwerk", font="Helvetica-Bold"), *stacked(FILLER)]
    assert [block.kind.value for block in read(drawn_pdf(Sheet(drawn))).blocks] == ["heading", "paragraph"]


def test_blocks_join_a_heading_over_two_lines() -> None:
    drawn = [Drawn(72, 800, "Participatie, Schuldhulpverlening", 18), Drawn(72, 779, "en Integratie", 18)]
    blocks = read(drawn_pdf(Sheet([*drawn, *stacked(FILLER)]))).blocks
    assert blocks[0].text == "Participatie, Schuldhulpverlening en Integratie"
    assert (blocks[0].kind, len(blocks)) == (BlockKind.HEADING, 2)


def test_blocks_join_a_widely_set_heading_that_was_broken_since_its_line_was_full() -> None:
    close = [
        Drawn(72, 400 - 21 * n, line, 18) for n, line in enumerate(["Een kop die over", "drie regels gaat", "dus"])
    ]

    def headings(first: str, second: str) -> list[str]:
        drawn = [Drawn(72, 800, first, 18), Drawn(72, 769, second, 18), *stacked(FILLER * 2), *close]
        return [block.text for block in read(drawn_pdf(Sheet(drawn))).blocks if block.kind is BlockKind.HEADING]

    full = "Participatie en Schuldhulpverlening en Wonen en"
    assert headings(full, "met Integratie") == [f"{full} met Integratie", "Een kop die over drie regels gaat dus"]
    assert headings("Participatie", "Integratie")[:2] == ["Participatie", "Integratie"]


@pytest.mark.parametrize("font", ["Helvetica-Bold", "Helvetica-Oblique"])
def test_blocks_take_a_paragraph_in_bold_or_italics_for_text(font: str) -> None:
    quoted = ["De Afdeling merkt op dat het voorstel in", "zeven woorden niet kan worden samengevat", "en raadt"] * 2
    drawn = [Drawn(72, 600 - 12 * n, line, font=font) for n, line in enumerate(quoted)]
    blocks = read(drawn_pdf(Sheet([*stacked(FILLER * 3), *drawn]))).blocks
    assert {block.kind for block in blocks} == {BlockKind.PARAGRAPH}


def test_blocks_take_large_type_that_runs_on_for_text() -> None:
    pull_quote = [Drawn(72, 800 - 17 * n, line, 14) for n, line in enumerate(FILLER)]
    blocks = read(drawn_pdf(Sheet([*pull_quote, *stacked(FILLER * 3, top=600)]))).blocks
    assert blocks[0].kind is BlockKind.PARAGRAPH


def test_blocks_number_a_list_without_full_stops() -> None:
    items = ["1 Gezondheid en Welzijn", "2 Energie, Klimaat en Milieu", "3 Ruimte en Wonen", "4 Onderwijs en Cultuur"]
    blocks = read(drawn_pdf(Sheet([*stacked(FILLER), *stacked(items, top=660, step=16)]))).blocks
    assert [block.text for block in blocks[1:]] == items
    assert {block.kind for block in blocks[1:]} == {BlockKind.BULLET}


def test_blocks_go_on_over_a_page_past_the_footnotes() -> None:
    notes = [Drawn(72, 100, "22 Kamerstukken II 2019/20, 35 526, nr. 3.", 7), Drawn(72, 88, "23 Zie bijlage.", 7)]
    first, second = Sheet([*stacked(FILLER[:2]), *notes]), Sheet(stacked(FILLER[2:]))
    blocks = read(drawn_pdf(first, second)).blocks
    assert blocks[0].text == " ".join(FILLER)
    assert [page for page, _ in blocks[0].regions] == [1, 1, 2, 2]
    assert [block.text[:2] for block in blocks[1:]] == ["22", "23"]


def test_blocks_begin_anew_past_the_footnotes_after_a_full_stop() -> None:
    first = Sheet([*stacked(FILLER), Drawn(72, 100, "22 Kamerstukken II 2019/20, 35 526, nr. 3.", 7)])
    assert [block.page for block in read(drawn_pdf(first, Sheet(stacked(FILLER)))).blocks] == [1, 1, 2]
