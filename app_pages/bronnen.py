"""The sources page: every source of the register, whether it can be searched, and where the handover names it."""

from __future__ import annotations

from app_pages import _frame, _resources
from app_pages._ledger import sources_html
from app_pages._links import parse_sources

_searcher = _resources.searcher()
_frame.put(
    sources_html(
        _searcher.sources(),
        {document.id for document in _searcher.documents()},
        parse_sources(_resources.query_params()),
    )
)
