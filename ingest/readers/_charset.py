"""Bytes of a web page, a Markdown file or a plain text → its text, or why it has none."""

from __future__ import annotations

from ingest.charset import decoded, is_text
from ingest.errors import UnreadableError
from ingest.readers._archives import damaged, empty

# A file over this size is refused. The longest laws on wetten.overheid.nl are about 5 MB.
MAX_BYTES = 20 * 1024 * 1024


def text_of(data: bytes, file: str) -> str:
    """The text in `data`, whatever its encoding. Raises UnreadableError."""
    if not data.strip():
        raise empty(file)
    if len(data) > MAX_BYTES:
        raise UnreadableError("te groot", f"{file} is groter dan {MAX_BYTES // 1024 // 1024} MB. Splits het.")
    if not is_text(data):
        raise damaged(file)
    return decoded(data)
