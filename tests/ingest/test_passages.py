from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.documents import Block, BlockKind, Box, Document, Page, Passage, Source
from ingest.folding import letters_only
from ingest.passages import MAX_CHARACTERS, MAX_WORDS, passages_of

SENTENCE = (
    "De twaalf gemeenten van Drenthe werken samen aan wonen, zorg, sport en cultuur voor alle inwoners."  # 16 words
)


def block(kind: str, text: str, level: int = 0, page: int = 1) -> Block:
    return Block(BlockKind(kind), text, level, ((page, Box(0, 0, 100, 10)),), (0,))


def cut(*blocks: Block, portefeuilles: tuple[str, ...] = (), pages: int = 3) -> list[Passage]:
    sheets = tuple(Page(number, str(number), 595, 842) for number in range(1, pages + 1))
    source = Source("bron", "Een titel", portefeuilles=portefeuilles)
    return passages_of(Document(source, "bron.pdf", "0", sheets, blocks))


def words(passage: Passage) -> int:
    return sum(len(passage.text[unit.start : unit.end].split()) for unit in passage.units)


@pytest.mark.parametrize("sentences", [1, 7, 8, 15, 16, 40])
def test_passages_are_even_and_hold_every_sentence_once(sentences: int) -> None:
    text = " ".join(f"{number}e {SENTENCE}" for number in range(sentences))
    found = cut(block("paragraph", text))
    assert " ".join(passage.text for passage in found) == text
    assert max(words(passage) for passage in found) <= MAX_WORDS
    assert len(found) <= -(-sentences * 17 // MAX_WORDS) + 1


def test_passages_keep_bullets_whole_and_show_their_level() -> None:
    (passage,) = cut(
        block("bullet", "Een plan.", 1), block("bullet", "Met een begin.", 2), block("bullet", "Nog een.", 1)
    )
    assert passage.text == "• Een plan.\n  ◦ Met een begin.\n• Nog een."
    assert [passage.text[unit.start : unit.end] for unit in passage.units] == [
        "Een plan.",
        "Met een begin.",
        "Nog een.",
    ]
    assert [unit.lead_in for unit in passage.units] == ["", "Een plan.", ""]


def test_passages_know_of_every_sentence_on_which_page_it_begins() -> None:
    boxes = (Box(0, 0, 100, 10), Box(0, 20, 100, 30))
    text = "De eerste zin staat hier. De tweede begint hier en gaat om. De derde staat op het volgende blad."
    lines = Block(BlockKind("paragraph"), text, 0, ((1, boxes[0]), (2, boxes[1])), (0, text.index("gaat")))
    (passage,) = cut(lines)
    assert [unit.page for unit in passage.units] == [1, 1, 2]


def test_passages_show_a_numeral_as_it_is() -> None:
    (passage,) = cut(block("bullet", "1. Jong Leren.", 1), block("bullet", "b) Cultuur.", 1))
    assert passage.text == "1. Jong Leren.\nb) Cultuur."


def test_passages_never_cross_a_heading() -> None:
    found = cut(
        block("heading", "Portefeuille Sport", 1),
        block("paragraph", "Een."),
        block("heading", "Portefeuille Financiën", 1),
        block("paragraph", "Twee."),
    )
    assert [(passage.text, passage.portefeuilles) for passage in found] == [
        ("Een.", ("Sport",)),
        ("Twee.", ("Financiën",)),
    ]


def test_passages_have_the_portefeuille_of_the_register_where_no_heading_names_one() -> None:
    assert cut(block("paragraph", "Een."), portefeuilles=("Sport", "Financiën"))[0].portefeuilles == (
        "Sport",
        "Financiën",
    )


def test_passages_begin_anew_on_a_new_page() -> None:
    found = cut(block("paragraph", "Een.", page=1), block("paragraph", "Twee.", page=2))
    assert [(passage.text, passage.pages) for passage in found] == [("Een.", (1,)), ("Twee.", (2,))]


def test_passages_cut_a_sentence_without_end_between_words() -> None:
    endless = " ".join(f"woord{number}" for number in range(500))
    found = cut(block("paragraph", endless))
    assert " ".join(passage.text for passage in found) == endless
    assert len(found) == 5  # 4 of 120 words and what is left
    assert all(words(passage) <= MAX_WORDS and len(passage.text) <= MAX_CHARACTERS for passage in found)


@pytest.mark.parametrize("kind", ["paragraph", "bullet"])
def test_passages_cut_a_word_without_end(kind: str) -> None:
    endless = "x" * 5000 + " en " + "y" * 3000
    found = cut(block(kind, endless, 1))
    assert letters_only("".join(passage.text for passage in found)) == letters_only(endless)
    assert all(len(passage.text) <= MAX_CHARACTERS for passage in found)


def test_passages_have_ids_in_reading_order_and_units_in_order() -> None:
    found = cut(*[block("paragraph", f"{SENTENCE} {SENTENCE}") for _ in range(12)])
    assert [passage.passage_id for passage in found] == [f"bron:{number:05d}" for number in range(1, len(found) + 1)]
    for passage in found:
        edges = [edge for unit in passage.units for edge in (unit.start, unit.end)]
        assert edges == sorted(edges)
        assert edges[-1] == len(passage.text)


def test_passages_of_nothing_are_none() -> None:
    assert cut() == []
    assert cut(block("heading", "Alleen een kop", 1)) == []


def test_passages_have_the_anchor_of_the_block_that_they_begin_with() -> None:
    opening = block("paragraph", SENTENCE)
    later = replace(opening, anchor="wonen"), replace(opening, anchor="zorg")
    heading = block("heading", "Wonen", 1)
    assert [passage.anchor for passage in cut(opening, heading, *later)] == ["", "wonen"]
