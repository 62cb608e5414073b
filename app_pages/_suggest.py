"""/aanvullen: what a question may become while it is typed, from the corpus's own words and headings, as JSON.

What is typed is not kept anywhere, and not written to a log.
"""

from __future__ import annotations

import logging

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from app_pages import _resources
from app_pages._links import QUESTION_LIMIT
from app_pages._marking import printable
from index import Searcher
from index.completing import Completer
from index.errors import SearchIndexError


def routes() -> list[BaseRoute]:
    """The one route of completing."""
    return [Route("/aanvullen", _completions)]


def _completions(request: Request) -> Response:
    """?v=wie+is+voorz → ["wie is voorzitter", …]; an empty list when there is nothing to offer. Run in a thread."""
    typed = request.query_params.get("v", "")[:QUESTION_LIMIT]
    try:
        searcher = _resources.searcher()
        offered = _completer(searcher.version, searcher).complete(typed)
    except SearchIndexError:
        offered = []  # the page says what is wrong
    except Exception:
        logging.getLogger("zoekportaal").exception("Completing failed")
        offered = []
    return JSONResponse([printable(one) for one in offered], headers={"cache-control": "no-store"})


# By its version: an ingest brings other words. The underscore keeps the searcher itself out of the key.
@st.cache_resource(max_entries=1, show_spinner=False)
def _completer(version: str, _searcher: Searcher) -> Completer:
    return _searcher.completer()
