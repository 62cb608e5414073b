"""The sources page: what the last runs brought, what is missing, and every source of the register."""

from __future__ import annotations

from app_pages import _frame, _resources
from app_pages._bronnen.ledger import sources_html
from app_pages._bronnen.runs_brought import brought, brought_html
from app_pages._links import parse_sources
from ingest.progress import last_run

_searcher = _resources.searcher()
_data = _resources.SETTINGS.data
_address = parse_sources(_resources.query_params())
_runs = brought_html(brought(_data), last_run(_data), _address)
_documents = {document.id for document in _searcher.documents()}
_frame.put(sources_html(_searcher.sources(), _documents, _address, _runs))
