"""Index: passages → index version; query → hits and answer.

The public face: `open_searcher` opens the published version, `Searcher.search` answers. Nothing here imports torch
or sentence-transformers, so a portal starts in a second.
"""

from __future__ import annotations

from index.errors import SearchIndexError
from index.results import Answer, DocumentInfo, Hit, SearchResult, SourceStatus, Status
from index.searcher import Searcher, open_searcher, published_version
from index.store import StoredPage
from index.versions import current_version

__all__ = [
    "Answer",
    "DocumentInfo",
    "Hit",
    "SearchIndexError",
    "SearchResult",
    "Searcher",
    "SourceStatus",
    "Status",
    "StoredPage",
    "current_version",
    "open_searcher",
    "published_version",
]
