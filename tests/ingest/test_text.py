from __future__ import annotations

from ingest.documents import Source
from ingest.passages import passages_of
from ingest.readers.text import read_text


def test_text_makes_a_block_of_each_line() -> None:
    document = read_text(
        Source("t", "T"), "Een zin.\r\n\n• Een punt\n1. Nog een\n  \f Slot  van  het stuk.", "t.txt", "0"
    )
    assert [(block.kind.value, block.text) for block in document.blocks] == [
        ("paragraph", "Een zin."),
        ("bullet", "Een punt"),
        ("bullet", "1. Nog een"),
        ("paragraph", "Slot van het stuk."),
    ]
    (passage,) = passages_of(document)
    assert passage.text == "Een zin.\n• Een punt\n1. Nog een\nSlot van het stuk."


def test_text_of_nothing_has_no_blocks() -> None:
    assert read_text(Source("t", "T"), " \n\n", "t.txt", "0").blocks == ()
