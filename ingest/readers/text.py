"""Plain text → Document: paragraphs and lists as blank lines and bullets set them apart, on one page without boxes."""

from __future__ import annotations

import re

from ingest.cleaning import bullet_sign, has_numeral, without_bullet
from ingest.documents import Block, BlockKind, Box, Document, Line, Page, Source

_NOWHERE = Box(0.0, 0.0, 0.0, 0.0)


def read_text(source: Source, text: str, file: str, digest: str) -> Document:
    """The document that a text is. A line of its own within a paragraph counts as a paragraph too."""
    lines = [line for line in (" ".join(line.split()) for line in re.split(r"[\r\n\f]+", text)) if line]
    page = Page(1, "1", 0.0, 0.0, tuple(Line(line, _NOWHERE, 10.0) for line in lines))
    return Document(source, file, digest, (page,), tuple(_block(line) for line in lines))


def _block(line: str) -> Block:
    if bullet_sign(line) or has_numeral(line):
        return Block(BlockKind.BULLET, without_bullet(line), 1, ((1, _NOWHERE),), (0,))
    return Block(BlockKind.PARAGRAPH, line, 0, ((1, _NOWHERE),), (0,))
