"""/gezond: whether the portal can answer a question right now, for whoever watches it (`/_stcore/health` only says that
the server runs)."""

from __future__ import annotations

import logging

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from app_pages import _resources
from index.errors import SearchIndexError

# Any question will do: it must go through encoder, words, fusion and store.
QUESTION = "Wie is de voorzitter?"


def routes() -> list[BaseRoute]:
    """The one route of the health check."""
    return [Route("/gezond", _health)]


def _health(request: Request) -> Response:
    """200 with version and passages, or 503 with what is wrong; run in a thread, since a search blocks."""
    try:
        searcher = _resources.searcher()
        result = searcher.search(QUESTION, k=1)
    except SearchIndexError as error:
        return _told({"gezond": False, "fout": str(error)}, 503)
    except Exception:
        logging.getLogger("zoekportaal").exception("The health check failed")
        return _told({"gezond": False, "fout": "Het zoeken werkt niet; het log zegt waarom."}, 503)
    told = {"gezond": True, "versie": searcher.version, "passages": result.searched.passages}
    return _told(told, 200)


def _told(what: dict[str, object], status: int) -> Response:
    return JSONResponse(what, status, headers={"cache-control": "no-store"})
