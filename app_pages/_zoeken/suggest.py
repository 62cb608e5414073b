"""/aanvullen: what a question may become while it is typed, from the corpus's own words and headings, as JSON.

What is typed is not kept anywhere. It comes in the body of a request: an address would stand in the log of a proxy.
"""

from __future__ import annotations

import logging

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from app_pages import _resources
from app_pages._links import QUESTION_LIMIT
from app_pages._marking import printable
from index import Searcher
from index.completing import Completer
from index.errors import SearchIndexError

# A question's characters take at most so many bytes.
_MOST_BYTES = 4 * QUESTION_LIMIT


def routes() -> list[BaseRoute]:
    """The one route of completing."""
    return [Route("/aanvullen", _completions, methods=["POST"])]


async def _completions(request: Request) -> Response:
    """'wie is voorz' → ["wie is voorzitter", …]; an empty list when there is nothing to offer."""
    typed = b""
    async for some in request.stream():
        typed += some
        if len(typed) > _MOST_BYTES:
            return _answer([])
    return _answer(await run_in_threadpool(_offered, typed.decode(errors="replace")))


def _offered(typed: str) -> list[str]:
    try:
        return completer(_resources.searcher()).complete(typed)
    except SearchIndexError:
        return []  # the page says what is wrong
    except Exception:
        logging.getLogger("zoekportaal").exception("Completing failed")
        return []


def _answer(offered: list[str]) -> Response:
    return JSONResponse([printable(one) for one in offered], headers={"cache-control": "no-store"})


def completer(searcher: Searcher) -> Completer:
    """What completes questions out of the searcher's version."""
    return _completer(searcher.version, searcher)


# By its version: an ingest brings other words. The underscore keeps the searcher itself out of the key.
@st.cache_resource(max_entries=1, show_spinner=False)
def _completer(version: str, _searcher: Searcher) -> Completer:
    return _searcher.completer()
