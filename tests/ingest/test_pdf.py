from __future__ import annotations

import random
from dataclasses import replace

import pypdfium2
import pytest

from ingest.documents import Box
from ingest.errors import UnreadableError
from ingest.folding import letters_only
from ingest.layout import Run
from ingest.ledger import State
from ingest.readers import pdf as pdf_reader
from ingest.readers import pdf_structure
from ingest.readers.pdf_text import Turn, _sign, read_runs
from tests.ingest.pdfs import A4, Drawn, Linked, Sheet, drawn_pdf, locked, stacked, text_pdf, typeset
from tests.ingest.reading import LIST, passages, read

LINES = ["De gemeente Assen is voorzitter van de stuurgroep en", "werkt samen met de provincie Drenthe."]
TEXT = " ".join(LINES)
GOOD = drawn_pdf(Sheet(stacked(LINES)))


# ── What cannot be read ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "file", "state"),
    [
        (b"", "leeg.pdf", "leeg"),
        (b" \n\t", "leeg.pdf", "leeg"),
        (b"geen pdf", "nota.pdf", "beschadigd"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "foto.png", "niet ondersteund"),
        (b"%PDF-1.7\n" + random.Random(1).randbytes(5000), "rommel.pdf", "beschadigd"),
        (GOOD[:20], "kop.pdf", "beschadigd"),
        (GOOD[: len(GOOD) // 2], "half.pdf", "beschadigd"),
        (locked(GOOD, user="x"), "slot.pdf", "versleuteld"),
        (drawn_pdf(), "zonder.pdf", "beschadigd"),
        (drawn_pdf(Sheet(raw=b"0.5 g 100 100 200 200 re f"), Sheet()), "beeld.pdf", "gescand niet gelezen"),
        (drawn_pdf(Sheet([Drawn(72, 700, "7")])), "nummer.pdf", "ok"),
    ],
)
def test_pdf_says_what_is_wrong_with_a_file(data: bytes, file: str, state: str) -> None:
    if state == "ok":
        assert read(data, file=file).pages[0].text == "7"
        return
    with pytest.raises(UnreadableError) as caught:
        read(data, file=file)
    assert caught.value.state == state
    assert caught.value.reason.startswith(file)
    assert caught.value.reason.endswith(".")


def test_pdf_does_not_blame_a_password_of_the_file_before() -> None:
    for _ in range(2):
        with pytest.raises(UnreadableError) as caught:
            read(locked(GOOD, user="x"))
        assert caught.value.state == "versleuteld"
        with pytest.raises(UnreadableError) as caught:
            read(drawn_pdf())
        assert caught.value.state == "beschadigd"


def test_pdf_reads_what_only_its_owner_may_change() -> None:
    assert [passage.text for passage in passages(locked(GOOD, user=""))] == [TEXT]


@pytest.fixture(scope="module")
def typeset_pdf() -> bytes:
    return typeset(LIST + '= Sport\nEen regel met #link("https://vng.nl")[een verwijzing].')


@pytest.mark.parametrize("seed", range(40))
def test_pdf_with_flipped_bytes_is_read_or_refused(seed: int, typeset_pdf: bytes) -> None:
    chance = random.Random(seed)
    data = bytearray(typeset_pdf if seed % 2 else GOOD)
    for _ in range(chance.choice((1, 5, 30))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        outcome = "gelezen" if read(bytes(data)).pages else "zonder pagina's"
    except UnreadableError as error:
        outcome = error.state
    assert outcome in {"gelezen", *State} - {State.BESTAND_ONTBREEKT}


@pytest.mark.parametrize("fault", [RecursionError(), MemoryError(), OverflowError(), pypdfium2.PdfiumError("x")])
def test_pdf_loses_one_page_to_a_fault_on_it(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = iter([None, fault, None])

    def faulty(page: pypdfium2.PdfPage) -> tuple[list[Run], int, Turn]:
        outcome = next(outcomes)
        if outcome is not None:
            raise outcome
        return read_runs(page)

    monkeypatch.setattr(pdf_reader, "read_runs", faulty)
    document = read(drawn_pdf(*[Sheet(stacked(LINES))] * 3))
    assert [bool(page.lines) for page in document.pages] == [True, False, True]
    assert document.warnings == (f"Pagina 2 is beschadigd en niet gelezen ({type(fault).__name__}).",)


def test_pdf_of_which_no_page_can_be_read_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(page: pypdfium2.PdfPage) -> tuple[list[Run], int, Turn]:
        raise pypdfium2.PdfiumError("x")

    monkeypatch.setattr(pdf_reader, "read_runs", faulty)
    with pytest.raises(UnreadableError) as caught:
        read(GOOD)
    assert caught.value.state == "beschadigd"


def test_pdf_whose_structure_is_broken_still_has_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(pdf_structure, "_read_links", faulty)
    document = read(GOOD)
    assert document.pages[0].lines
    assert document.warnings == ("De verwijzingen zijn niet te lezen (RecursionError).",)


# ── Where things stand ───────────────────────────────────────────────────────────────────────────────────────────


def rounded(box: Box) -> tuple[int, ...]:
    return tuple(round(value) for value in (box.left, box.top, box.right, box.bottom))


UPRIGHT = stacked(LINES)
SIDEWAYS = [Drawn(100 + 12 * n, 72, line, turn=(0, 1)) for n, line in enumerate(LINES)]
LINK = Linked((72, 748, 200, 760), "https://vng.nl")
SIDE_LINK = Linked((90, 72, 102, 200), "https://vng.nl")


@pytest.mark.parametrize(
    ("sheet", "size", "first"),
    [
        (Sheet(UPRIGHT, links=[LINK]), (595, 842), (72, 83, 314, 94)),
        (Sheet(UPRIGHT, crop=(50, 100, 500, 800), links=[LINK]), (450, 700), (22, 41, 264, 52)),
        (Sheet(UPRIGHT, media=(20, 30, 615, 872), links=[LINK]), (595, 842), (52, 113, 294, 124)),
        (Sheet(SIDEWAYS, rotate=90, links=[SIDE_LINK]), (842, 595), (72, 91, 314, 102)),
        (Sheet(SIDEWAYS, rotate=90, crop=(50, 20, 500, 800), links=[SIDE_LINK]), (780, 450), (52, 41, 294, 52)),
        (Sheet(SIDEWAYS, links=[SIDE_LINK]), (595, 842), (91, 528, 102, 770)),
    ],
    ids=["plain", "cropped", "shifted", "rotated", "rotated and cropped", "text set sideways"],
)
def test_pdf_places_text_and_links_on_the_page_as_it_is_shown(
    sheet: Sheet, size: tuple[float, float], first: tuple[int, ...]
) -> None:
    document = read(drawn_pdf(sheet))
    (page,) = document.pages
    assert (page.width, page.height) == size
    assert [line.text for line in page.lines] == LINES
    assert rounded(page.lines[0].box) == first
    assert [block.text for block in document.blocks] == [TEXT]
    assert rounded(document.blocks[0].regions[0][1]) == first
    (link,) = document.links
    assert link.words == "De gemeente Assen is voorzitter"
    middle = ((link.box.left + link.box.right) / 2, (link.box.top + link.box.bottom) / 2)
    assert first[0] <= middle[0] <= first[2]
    assert first[1] <= middle[1] <= first[3]


@pytest.mark.parametrize("quarters", range(4))
def test_pdf_puts_a_turned_box_back_where_it_was(quarters: int) -> None:
    turn = Turn(quarters, 595, 842)
    box = Box(91, 528, 102, 770)
    assert turn.back(turn.upright(box)) == box
    upright = turn.upright(Box(0, 0, 595, 842))
    assert (upright.width, upright.height) == ((842, 595) if quarters % 2 else (595, 842))


def test_pdf_leaves_out_what_lies_outside_a_cropped_page() -> None:
    sheet = Sheet([*UPRIGHT, Drawn(60, 832, "handover.indd 3")], crop=(50, 100, 500, 800))
    assert read(drawn_pdf(sheet)).pages[0].text.split("\n") == LINES


def test_pdf_leaves_a_label_at_another_angle_out_and_says_so() -> None:
    document = read(drawn_pdf(Sheet([*UPRIGHT, Drawn(20, 300, "CONCEPT", turn=(0, 1))])))
    assert document.pages[0].text.split("\n") == LINES
    assert document.warnings == ("Gedraaide tekst is overgeslagen op pagina 1.",)


@pytest.mark.parametrize(
    ("code", "sign"),
    [
        (ord("a"), "a"),
        (0x02, "-"),
        (0xFFFE, "-"),
        (0, " "),
        (0xA0, " "),
        (0x2003, " "),
        (0x07, " "),
        (0x200B, ""),
        (0xFEFF, ""),
        (0xD83D, ""),
        (0x1F600, "😀"),
        (0xFB01, "fi"),
        (0x110000, " "),
        (0xF0B7, "\uf0b7"),
    ],
)
def test_pdf_reads_a_character_code(code: int, sign: str) -> None:
    assert _sign(code) == sign


# ── What is read ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("columns", [2, 3])
def test_pdf_reads_columns_in_order(columns: int) -> None:
    words = " ".join(f"w{number}" for number in range(500))
    source = f'#set page(paper: "a4", flipped: true, columns: {columns}, margin: 50pt)\n#set text(size: 10pt)\n{words}'
    assert " ".join(block.text for block in read(typeset(source)).blocks) == words


def test_pdf_reads_a_title_over_two_columns_first() -> None:
    words = " ".join(f"w{number}" for number in range(300))
    title = '#place(top + center, scope: "parent", float: true, text(24pt)[Een titel over alles heen])'
    source = f'#set page(paper: "a5", columns: 2, margin: 50pt)\n#set text(size: 10pt)\n{title}\n{words}'
    assert " ".join(block.text for block in read(typeset(source)).blocks) == f"Een titel over alles heen {words}"


def test_pdf_tells_the_pages_on_which_nothing_is_lost() -> None:
    contents = Sheet(stacked(["Inhoudsopgave", "1. Inleiding ....... 3", "2. Wonen ....... 5", "3. Zorg ....... 9"]))
    rule, picture = b"0.5 g 70 40 450 1 re f\n", b"q 100 0 0 100 72 600 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q\n"
    text = Sheet(stacked(LINES))
    document = read(drawn_pdf(contents, Sheet(raw=rule), Sheet(raw=picture), Sheet(raw=20 * rule), text))
    assert document.contents_pages == (1, 2)  # not the picture, nor the drawing
    both = Sheet([*contents.drawn, *stacked(LINES, top=500)])
    assert read(drawn_pdf(both, text)).contents_pages == ()


def test_pdf_keeps_each_line_of_a_table_of_contents_together() -> None:
    chapters = [f"Hoofdstuk over onderwerp {letter}" for letter in "ABCDEF"]
    body = "\n".join(f"= {chapter}\n{'De gemeenten werken samen. ' * 30}" for chapter in chapters)
    lines = read(typeset(LIST + "#outline(title: none)\n#pagebreak()\n" + body)).pages[0].text.split("\n")
    assert [letters_only(line).startswith(letters_only(name)) for line, name in zip(lines, chapters, strict=False)] == [
        True
    ] * 6
    assert all(line[-1].isdigit() for line in lines[:6])


def test_pdf_knows_its_outline_labels_and_links() -> None:
    source = (
        LIST
        + '#set page(numbering: "i")\n= Sport\nLees het #link("https://vng.nl/plan")[plan van de vereniging].\n'
        + "#pagebreak()\n== Vooruitblik\nTekst."
    )
    document = read(typeset(source))
    assert document.outline == ((1, "Sport", 1), (2, "Vooruitblik", 2))
    assert [page.label for page in document.pages] == ["i", "ii"]
    assert [(link.page, link.words, link.url) for link in document.links] == [
        (1, "plan van de vereniging.", "https://vng.nl/plan")
    ]
    assert "creationdate" in document.metadata


def test_pdf_makes_one_link_of_its_pieces_on_two_lines() -> None:
    url = "https://vng.nl/x"
    links = [Linked((200, 748, 320, 760), url), Linked((72, 736, 150, 748), url)]
    (link,) = read(drawn_pdf(Sheet(stacked(LINES), links=links))).links
    assert link.words == "van de stuurgroep en werkt samen met"


def test_pdf_skips_a_link_without_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = Sheet(stacked(LINES), links=[LINK, replace(LINK, url="https://drenthe.nl")])
    broken = drawn_pdf(sheet).replace(b"/Rect [72 748 200 760]", b"/Rect [72 (a) 200 760]", 1)
    assert [link.url for link in read(broken).links] == ["https://drenthe.nl"]


def test_pdf_warns_of_nothing_when_all_is_well() -> None:
    assert read(text_pdf("Een regel tekst.", "En nog een regel.")).warnings == ()
    assert A4[2:] == (595, 842)


def test_pdf_that_says_it_has_a_million_pages_is_read_as_far_as_it_goes() -> None:
    data = text_pdf("De raad stelt het plan vast.").replace(b"/Count 1", b"/Count 1000000")
    document = read(data)
    assert document.pages[0].text == "De raad stelt het plan vast."
    assert len(document.pages) <= 1 + pdf_reader.DAMAGED_ON_END
    assert any("tot 1000000" in warning for warning in document.warnings)
