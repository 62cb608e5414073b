from __future__ import annotations

import random

import pytest

from ingest.documents import Source
from ingest.errors import UnreadableError
from ingest.ledger import State
from ingest.readers.markdown import content_of_markdown, is_markdown, read_markdown

TEXT = """---
title: "Nota Jeugd"
datum: 2025-03-01
---
# Jeugdzorg

Inleiding met een [plan](https://voorbeeld.nl/plan) en **nadruk**.
Deze regel hoort erbij.

## Wat is bereikt?

Bereikt in deze periode:

- Een akkoord
  - met twaalf gemeenten
- Een fonds

| Gemeente | 2024 | 2025 |
|:---------|-----:|-----:|
| Assen    | 11 % | 12 % |

<script>geheim()</script>
<table><tr><th>Naam</th><th>Uren</th></tr><tr><td>Jan</td><td>8</td></tr></table>
"""


def test_readers_markdown_blocks() -> None:
    document = read_markdown(Source("bron", "Titel"), TEXT.encode(), "nota.md", "0")
    assert [(block.kind.value, block.level, block.text) for block in document.blocks] == [
        ("heading", 1, "Jeugdzorg"),
        ("paragraph", 0, "Inleiding met een plan en nadruk. Deze regel hoort erbij."),
        ("heading", 2, "Wat is bereikt?"),
        ("lead-in", 0, "Bereikt in deze periode:"),
        ("bullet", 1, "Een akkoord"),
        ("bullet", 2, "met twaalf gemeenten"),
        ("bullet", 1, "Een fonds"),
        ("row", 0, "Assen\t11 %\t12 %"),
        ("row", 0, "Jan\t8"),
    ]
    assert [(link.words, link.url) for link in document.links] == [("plan", "https://voorbeeld.nl/plan")]
    assert document.metadata == {"title": "Nota Jeugd", "creationdate": "D:20250301"}


def test_readers_markdown_rows_and_anchors() -> None:
    items = content_of_markdown(TEXT.encode(), "nota.md").items
    assert [(item.anchor, item.row.labelled) for item in items if item.row] == [
        ("wat-is-bereikt", "Gemeente: Assen · 2024: 11 % · 2025: 12 %"),
        ("wat-is-bereikt", "Naam: Jan · Uren: 8"),
    ]


def test_readers_markdown_repeated_headings_have_their_own_anchors() -> None:
    items = content_of_markdown(b"# Doel\n\nEen.\n\n# Doel\n\nTwee.", "n.md").items
    assert [item.anchor for item in items] == ["doel", "doel", "doel-1", "doel-1"]


def test_readers_markdown_is_told_by_name_among_texts() -> None:
    assert is_markdown(b"# Kop", "nota.MD")
    assert not is_markdown(b"# Kop", "nota.txt")
    assert not is_markdown(bytes(100), "nota.md")


@pytest.mark.parametrize(
    ("data", "state"),
    [(b"", "leeg"), (b"---\ntitle: x\n---\n", "leeg"), (b"\x00\x01" * 500, "beschadigd")],
)
def test_readers_markdown_says_what_is_wrong_with_a_file(data: bytes, state: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        content_of_markdown(data, "nota.md")
    assert State(caught.value.state) == state


def test_readers_markdown_deep_nesting_and_noise_raise_nothing_else() -> None:
    rng = random.Random(2)
    assert content_of_markdown(b">" * 5000 + b" tekst", "n.md").items
    assert content_of_markdown(b"[" * 5000 + b" tekst", "n.md").items
    for _ in range(100):
        data = bytearray(TEXT.encode())
        for _ in range(20):
            data[rng.randrange(len(data))] = rng.choice(b"#*-|>`[]()<! \n\xff")
        assert content_of_markdown(bytes(data), "n.md").items
