"""/bestand/<document>: the very file that a document was read from, for who wants to see or keep the original.

A source is somebody else's work: nothing in it may run as if the portal had written it. A browser shows a PDF in a
viewer of its own; every other kind is handed over to be saved, never opened here.
"""

from __future__ import annotations

from pathlib import Path, PurePath
from urllib.parse import quote as percent_encoded

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from app_pages import _resources
from app_pages._marking import escape
from app_pages._parts import link
from index import DocumentInfo
from index.errors import SearchIndexError

PDF = ".pdf"

_MEDIA_TYPES = {
    PDF: "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".html": "text/html",
    ".htm": "text/html",
    ".md": "text/markdown",
    ".txt": "text/plain",
}

# For the page that says that there is no file: it stands outside Streamlit, and so outside our style sheets.
_LOOKS = (
    ":root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif; padding: 1rem; } a { color: inherit; }"
)


def routes() -> list[BaseRoute]:
    """The one route of the kept files."""
    return [Route("/bestand/{document:path}", _file)]


def file_address(document: DocumentInfo, page: int = 0) -> str:
    """Where the file is: (vdg, 18) → './bestand/vdg#page=18'; only a PDF can be opened at a page."""
    place = f"#page={page}" if page and is_pdf(document) else ""
    return f"./bestand/{percent_encoded(document.id, safe='')}{place}"


def is_pdf(document: DocumentInfo) -> bool:
    """Whether the document's file is a PDF, which has pages to look at."""
    return _kind(document) == PDF


def file_link_html(document: DocumentInfo, page: int, path: Path) -> str:
    """A link to the file at a page; nothing if it is not kept here (any more)."""
    if not path.is_file():
        return ""
    kind = _kind(document).removeprefix(".").upper()
    words = f"Bestand openen op p. {page} (PDF)" if is_pdf(document) else f"Bestand downloaden ({escape(kind)})"
    return f'<a href="{escape(file_address(document, page))}">{words}</a>'


def _file(request: Request) -> Response:
    """The file of a document of the published version, by its id; ranges of it too, as a PDF viewer asks for them."""
    try:
        searcher = _resources.searcher()
        document = _resources.document_of(searcher, request.path_params["document"])
        path = searcher.file_path(document.id) if document else None
    except SearchIndexError as error:
        return _told("Dit lukt nu niet", str(error), 503)
    if document is None or path is None or not path.is_file():
        return _told("Dit bestand is er niet", "Het hoort niet (meer) bij de bronnen van het portaal.", 404)
    # Nothing is guessed (nosniff, as on every answer of the portal) and no character set claimed that is not known.
    headers = {"content-type": _MEDIA_TYPES.get(_kind(document), "application/octet-stream")}
    headers["cache-control"] = "no-cache"  # the same address may have another file after the next ingest
    if not is_pdf(document):
        headers["content-security-policy"] = "sandbox; default-src 'none'"
    disposition = "inline" if is_pdf(document) else "attachment"
    return FileResponse(path, headers=headers, filename=_file_name(document), content_disposition_type=disposition)


def _kind(document: DocumentInfo) -> str:
    """The ending of the file's name: 'Visie.DOCX' → '.docx'."""
    return PurePath(document.file).suffix.lower()


def _file_name(document: DocumentInfo) -> str:
    """The name under which it is saved, without a folder or signs that are no part of a name."""
    name = "".join(char for char in PurePath(document.file.replace("\\", "/")).name if char.isprintable())
    return name or "bestand"


def _told(title: str, what: str, status: int) -> Response:
    """A small page of its own: who followed a link here left the portal's pages."""
    back = link("../document", "Naar de documenten")
    page = (
        f'<!doctype html><html lang="nl"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_LOOKS}</style>"
        f"<body><main><h1>{escape(title)}</h1><p>{escape(what)}</p><p>{back}</p></main>"
    )
    return HTMLResponse(page, status, headers={"cache-control": "no-store"})
