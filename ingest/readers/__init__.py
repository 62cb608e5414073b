"""One module a format: bytes → Document. What a file is, is told from its content, not from its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from ingest.charset import is_text
from ingest.documents import Document, Source
from ingest.errors import UnreadableError
from ingest.kinds import Kind, kind_of
from ingest.readers._charset import text_of
from ingest.readers.docx import read_docx
from ingest.readers.html import read_html
from ingest.readers.markdown import is_markdown, read_markdown
from ingest.readers.odt import read_odt
from ingest.readers.pdf import read_pdf
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
    kind = kind_of(data)
    if kind in _READERS:
        return _READERS[kind]
    ending = PurePath(file).suffix.lower().lstrip(".")
    if ending in _READERS:
        reason = f"{file} heet een {ending}, maar is dat niet. Vraag het bestand opnieuw op."
        raise UnreadableError("beschadigd", reason)
    if is_markdown(data, file):  # before HTML: a text may begin with a tag, or quote '<html>'
        return read_markdown
    if kind is Kind.HTML or (ending in ("html", "htm") and is_text(data)):
        return read_html
    if kind is Kind.TEXT:
        return lambda source, data, file, digest: read_text(source, text_of(data, file), file, digest)
    raise UnreadableError("niet ondersteund", f"{file} is een soort bestand dat niet wordt gelezen. {SAVE_AS}")


# Kinds that their content tells for sure.
_READERS: dict[Kind | None, Reader] = {Kind.PDF: read_pdf, Kind.DOCX: read_docx, Kind.ODT: read_odt}

SAVE_AS = "Sla het op als pdf, docx of odt."
