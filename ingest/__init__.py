"""Ingest: sources → documents → sections → passages, and the ledger of what happened to every source.

The public face: `sources_of` says what there is to read, `read_sources` reads it. `python -m ingest` does one run.

The types come with the package; what reads is loaded when it is first asked for. A search needs the types only, and
the readers (pdfium, pypdf) cost each of its processes a fifth of a second.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ingest.documents import Document, Passage, Source
from ingest.errors import BusyError, CorpusError, IngestError, UnreadableError
from ingest.ledger import Change, Entry, State

if TYPE_CHECKING:
    from ingest.pipeline import Kept, Reading, read_sources
    from ingest.sources import sources_of
else:
    _LATER = {
        "Kept": "ingest.pipeline",
        "Reading": "ingest.pipeline",
        "read_sources": "ingest.pipeline",
        "sources_of": "ingest.sources",
    }

    def __getattr__(name: str) -> object:
        """What is loaded on first use (PEP 562)."""
        if name not in _LATER:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_LATER[name]), name)


__all__ = [
    "BusyError",
    "Change",
    "CorpusError",
    "Document",
    "Entry",
    "IngestError",
    "Kept",
    "Passage",
    "Reading",
    "Source",
    "State",
    "UnreadableError",
    "read_sources",
    "sources_of",
]
