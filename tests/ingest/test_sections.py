from __future__ import annotations

from ingest.documents import Block, BlockKind, Box, Document, Page, Source
from ingest.sections import introductions, sections_of

BOX = Box(0, 0, 100, 10)


def block(kind: str, text: str, level: int = 0, page: int = 1) -> Block:
    return Block(BlockKind(kind), text, level, ((page, BOX),), (0,))


def document(*blocks: Block, pages: int = 1, title: str = "Overdrachtsdocument") -> Document:
    sheets = tuple(Page(number, str(number), 595, 842) for number in range(1, pages + 1))
    return Document(Source("bron", title), "bron.pdf", "0", sheets, blocks)


def paths(read: Document) -> list[tuple[str, ...]]:
    return [section.heading_path for section in sections_of(read)]


def test_sections_know_the_path_of_headings_above_them() -> None:
    read = document(
        block("heading", "Portefeuille Sport", 1),
        block("heading", "Terugblik", 2),
        block("paragraph", "Er is veel gedaan."),
        block("heading", "Vooruitblik", 2),
        block("heading", "Aandachtspunten bestuurders:", 3),
        block("bullet", "Borg de financiering.", 1),
        block("heading", "Portefeuille Financiën", 1),
        block("paragraph", "De voorzitter is Jan."),
    )
    assert paths(read) == [
        ("Portefeuille Sport", "Terugblik"),
        ("Portefeuille Sport", "Vooruitblik", "Aandachtspunten bestuurders"),
        ("Portefeuille Financiën",),
    ]


def test_sections_end_a_list_with_its_introduction() -> None:
    read = document(
        block("heading", "Terugblik", 2),
        block("lead-in", "Bereikt in de afgelopen periode:"),
        block("bullet", "Een netwerk.", 1),
        block("bullet", "Een plan.", 1),
        block("paragraph", "Verder met iets anders."),
    )
    assert paths(read) == [("Terugblik", "Bereikt in de afgelopen periode"), ("Terugblik",)]


def test_sections_leave_the_documents_own_title_out_of_the_path() -> None:
    read = document(
        block("heading", "OVERDRACHTS-DOCUMENT", 1), block("heading", "Missie", 2), block("paragraph", "Zo.")
    )
    assert paths(read) == [("Missie",)]


def test_sections_take_nothing_from_a_cover() -> None:
    cover = [block("heading", "Samen sterk", 1), block("paragraph", "Opnieuw gezet.")]
    inside = [block("heading", "Missie", 2, page=2), block("paragraph", "Zo.", page=2)]
    assert paths(document(*cover, *inside, pages=4)) == [(), ("Missie",)]
    assert paths(document(*cover, *inside, pages=2)) == [("Samen sterk",), ("Samen sterk", "Missie")]


def test_sections_leave_out_a_heading_without_text() -> None:
    assert paths(document(block("heading", "Leeg", 1), block("heading", "Vol", 1), block("paragraph", "Zo."))) == [
        ("Vol",)
    ]


def test_sections_know_their_pages() -> None:
    read = document(block("paragraph", "Een.", page=2), block("paragraph", "Twee.", page=4), pages=4)
    assert [section.pages for section in sections_of(read)] == [(2, 4)]


def test_sections_introduce_a_bullet_by_its_parent_or_the_sentence_before_the_list() -> None:
    blocks = [
        block("paragraph", "Er is veel. Drie dingen vallen op:"),
        block("bullet", "Het eerste.", 1),
        block("bullet", "Een onderdeel.", 2),
        block("bullet", "Het tweede.", 1),
        block("paragraph", "Klaar."),
        block("bullet", "Los.", 1),
    ]
    opening = "Drie dingen vallen op:"
    assert introductions(blocks) == ["", opening, "Het eerste.", opening, "", ""]


def test_sections_keep_a_last_line_that_is_set_as_a_heading_with_its_text() -> None:
    read = document(
        block("heading", "Voorwoord", 1),
        block("paragraph", "Ik vraag uw steun!"),
        block("heading", "Stephan van Baarle", 2),
        block("heading", "Politiek leider", 2),
        block("heading", "Wonen", 1, page=2),
        block("paragraph", "Er komen huizen bij.", page=2),
    )
    assert [(section.heading_path, [one.text for one in section.blocks]) for section in sections_of(read)] == [
        (("Voorwoord",), ["Ik vraag uw steun!", "Stephan van Baarle", "Politiek leider"]),
        (("Wonen",), ["Er komen huizen bij."]),
    ]


def test_sections_leave_out_a_title_on_a_page_of_its_own() -> None:
    read = document(
        block("paragraph", "Tot zover."),
        block("heading", "Deel 2", 1, page=2),
        block("heading", "Wonen", 1, page=3),
        block("paragraph", "Er komen huizen bij.", page=3),
        pages=3,
    )
    assert [one.text for section in sections_of(read) for one in section.blocks] == [
        "Tot zover.",
        "Er komen huizen bij.",
    ]
