"""One module a format: bytes → Document. What a file is, is told from its content, not from its name."""

from __future__ import annotations

from collections.abc import Callable

from ingest.documents import Document, Source
from ingest.errors import UnreadableError
from ingest.readers._archives import Kind, kind_of
from ingest.readers._charset import decoded, is_text
from ingest.readers.docx import read_docx
from ingest.readers.html import is_html, read_html
from ingest.readers.markdown import is_markdown, read_markdown
from ingest.readers.odt import read_odt
from ingest.readers.pdf import is_pdf, read_pdf
from ingest.readers.text import read_text

__all__ = ["read_document"]

Reader = Callable[[Source, bytes, str, str], Document]


def read_document(source: Source, data: bytes, file: str, digest: str) -> Document:
    """Reads a source whatever its format. Raises UnreadableError with the ledger's state and a reason in Dutch."""
    if not data.strip():
        raise UnreadableError("leeg", f"{file} is leeg. Vraag het bestand opnieuw op bij de uitgever.")
    return _reader_of(data, file)(source, data, file, digest)


def _reader_of(data: bytes, file: str) -> Reader:
    """The reader for a file. Its name counts only where the content leaves it open: a broken archive, plain text."""
    name = file.lower()
    if is_pdf(data):
        return read_pdf
    kind = kind_of(data)
    broken = kind is Kind.BROKEN_ZIP
    if kind in (Kind.DOCX, Kind.LOCKED) or (broken and name.endswith((".docx", ".docm"))):
        return read_docx
    if kind is Kind.ODT or (broken and name.endswith(".odt")):
        return read_odt
    if kind is not Kind.NO_ARCHIVE:
        raise UnreadableError("niet ondersteund", f"{file} is een soort bestand dat niet wordt gelezen. {SAVE_AS}")
    if name.endswith(".pdf"):
        raise UnreadableError("beschadigd", f"{file} heet een pdf, maar is dat niet. Vraag het bestand opnieuw op.")
    if is_markdown(data, file):  # before HTML: a text about the web may quote '<html>'
        return read_markdown
    if is_html(data) or (name.endswith((".html", ".htm")) and is_text(data)):
        return read_html
    if is_text(data):
        return lambda source, data, file, digest: read_text(source, decoded(data), file, digest)
    raise UnreadableError("niet ondersteund", f"{file} is een soort bestand dat niet wordt gelezen. {SAVE_AS}")


SAVE_AS = "Sla het op als pdf, docx of odt."
