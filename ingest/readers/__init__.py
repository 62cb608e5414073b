"""One module a format: bytes → Document. What a file is, is told from its content, not from its name."""

from __future__ import annotations

from ingest.documents import Document, Source
from ingest.errors import UnreadableError
from ingest.readers.pdf import is_pdf, read_pdf

__all__ = ["read_document"]


def read_document(source: Source, data: bytes, file: str, digest: str) -> Document:
    """Reads a source whatever its format. Raises UnreadableError with the ledger's state and a reason in Dutch."""
    if is_pdf(data):
        return read_pdf(source, data, file, digest)
    if not data.strip():
        raise UnreadableError("leeg", f"{file} is leeg. Vraag het bestand opnieuw op bij de uitgever.")
    if file.lower().endswith(".pdf"):
        raise UnreadableError("beschadigd", f"{file} heet een pdf, maar is dat niet. Vraag het bestand opnieuw op.")
    raise UnreadableError("niet ondersteund", f"{file} is geen pdf. Alleen pdf-bestanden worden gelezen.")
