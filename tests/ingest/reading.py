"""What the tests of the ingest share: a PDF read without a pipeline around it."""

from __future__ import annotations

from ingest.documents import Document, Passage, Source
from ingest.passages import passages_of
from ingest.pipeline import digest_of
from ingest.readers import read_document

LIST = """
#set page(width: 420pt, height: 595pt, margin: 50pt, numbering: "1")
#set text(size: 10pt, lang: "nl")
#set par(justify: true)
#show heading.where(level: 1): set text(size: 20pt)
#show heading.where(level: 2): set text(size: 15pt)
#show heading.where(level: 3): set text(size: 10pt)
"""


def read(data: bytes, *, title: str = "Titel", file: str = "bron.pdf") -> Document:
    """The document in these bytes. Raises UnreadableError."""
    return read_document(Source("bron", title), data, file, digest_of(data))


def passages(data: bytes, *, title: str = "Titel") -> list[Passage]:
    """Its passages."""
    return passages_of(read(data, title=title))
