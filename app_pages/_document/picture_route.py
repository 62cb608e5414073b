"""/beeld/<document>: the picture of a page, for the document page.

Its address has the digest of the file, so that a browser may keep it for good: another file has another address.
"""

from __future__ import annotations

from urllib.parse import quote as percent_encoded

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from app_pages import _resources
from app_pages._document.picture import PictureError, page_picture
from app_pages._links import Zoom, page_number, zoom_of
from index import DocumentInfo
from index.errors import SearchIndexError

_FOR_GOOD = "private, max-age=31536000, immutable"


def routes() -> list[BaseRoute]:
    """The one route of the pictures."""
    return [Route("/beeld/{document:path}", _picture)]


def picture_address(document: DocumentInfo, page: int, zoom: Zoom) -> str:
    """(vdg, 18, Zoom.FIT) → './beeld/vdg?pagina=18&zoom=100&versie=c4252b03'."""
    name = percent_encoded(document.id, safe="")
    return f"./beeld/{name}?pagina={page}&zoom={int(zoom)}&versie={percent_encoded(document.digest[:8])}"


def _picture(request: Request) -> Response:
    """The picture, or 404 with what is wrong; run in a thread, since making a picture blocks."""
    try:
        searcher = _resources.searcher()
        document = _resources.document_of(searcher, request.path_params["document"])
        number = page_number(request.query_params.get("pagina", ""), document.pages) if document else None
        if document is None or number is None:
            return _told("Deze pagina is er niet (meer).", 404)
        picture = page_picture(searcher.file_path(document.id), number, zoom_of(request.query_params.get("zoom", "")))
    except PictureError as error:
        return _told(str(error), 404)
    except SearchIndexError as error:
        return _told(str(error), 503)
    is_latest = request.query_params.get("versie") == document.digest[:8]
    headers = {"cache-control": _FOR_GOOD if is_latest else "no-cache"}
    return Response(picture.content, media_type=picture.media_type, headers=headers)


def _told(what: str, status: int) -> Response:
    return PlainTextResponse(what, status, headers={"cache-control": "no-store"})
