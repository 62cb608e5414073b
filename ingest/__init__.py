"""Ingest: sources → documents → sections → passages, and the ledger of what happened to every source.

The public face: `sources_of` says what there is to read, `read_sources` reads it. `python -m ingest` does one run.
"""

from __future__ import annotations

from ingest.documents import Document, Passage, Source
from ingest.errors import BusyError, CorpusError, IngestError, UnreadableError
from ingest.ledger import Change, Entry, State
from ingest.pipeline import Reading, read_sources
from ingest.sources import sources_of

__all__ = [
    "BusyError",
    "Change",
    "CorpusError",
    "Document",
    "Entry",
    "IngestError",
    "Passage",
    "Reading",
    "Source",
    "State",
    "UnreadableError",
    "read_sources",
    "sources_of",
]
