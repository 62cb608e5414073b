"""The document page: a page of a source as a picture with the words of the link marked, and its text beneath."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from app_pages import _frame, _resources
from app_pages._citation import locate
from app_pages._document_hits import Found, found_in
from app_pages._document_outline import Outline, outline_of
from app_pages._document_page import Shown, page_html
from app_pages._links import DocumentAddress, DocumentRequest, SearchAddress, page_number, parse_document
from app_pages._marking import isolated
from app_pages._parts import counted, document_list_html, link, notice_html, title_html
from index import DocumentInfo, Searcher, StoredPage
from index.errors import UnknownDocumentError
from index.references import References, passages_on

# What is kept for the next page of the same document: outlines, and the places of a question, both a few kilobytes.
OUTLINES_KEPT = 50
QUESTIONS_KEPT = 200
# The text of a question is nowhere kept for long.
QUESTION_SECONDS = 600


def show() -> None:
    """The page, from the address bar: ?document=…&pagina=18&citaat=…&kop=…&zoom=150&v=…"""
    searcher = _resources.searcher()
    request = parse_document(_resources.query_params())
    documents = {document.id: document for document in searcher.documents()}
    document = documents.get(request.document)
    _way_back(request.question)
    if document is None:
        gone = f"Het document ‘{request.document[:60]}’ is er niet (meer). Kies een ander document."
        _choose(documents.values(), gone if request.document else "")
        return
    page = _page(searcher, document, request.page)
    if page is None:
        _no_such_page(document, request.page)
        return
    st.set_page_config(page_title=f"{document.title}, p. {page.number} · {_frame.NAME}")
    _frame.put(page_html(_shown(searcher, document, page, request), documents.values()))


def _shown(searcher: Searcher, document: DocumentInfo, page: StoredPage, request: DocumentRequest) -> Shown:
    """All that is to be shown of one page."""
    passages = passages_on(searcher, document.id, page)
    return Shown(
        here=DocumentAddress(
            document.id, page.number, request.quote, request.zoom, request.question, heading=request.heading
        ),
        document=document,
        file=searcher.file_path(document.id),
        page=page,
        passages=passages,
        citation=locate(searcher, document.id, page.number, passages, request.quote) if request.quote else None,
        references=References(searcher),
        outline=_outline(searcher, searcher.version, document.id),
        found=_found(searcher, searcher.version, document.id, request.question),
    )


def _way_back(question: str) -> None:
    """A link to the search that brought the reader here, or to an empty one.

    A mailed link has the question only, without the filters that were on.
    """
    last = st.session_state.get("last_search") or SearchAddress()
    if question and question != last.question:
        last = SearchAddress(question)
    words = f"Terug naar: {isolated(last.question)}" if last.question else "Naar zoeken"
    _frame.put(f'<p class="zp-back">{link(last.href, "← " + words)}</p>')


def _choose(documents: Iterable[DocumentInfo], problem: str) -> None:
    """No document, or one that is gone: say so, and show which there are."""
    _frame.put(title_html("Documenten") + notice_html([problem] if problem else []) + document_list_html(documents))


def _page(searcher: Searcher, document: DocumentInfo, typed: str) -> StoredPage | None:
    """The page that was typed in the address bar; None if the document has no such page."""
    number = page_number(typed, document.pages)
    try:
        return searcher.page(document.id, number) if number is not None else None
    except (UnknownDocumentError, IndexError):
        return None


def _no_such_page(document: DocumentInfo, typed: str) -> None:
    """A page that this document does not have: say which it has, and lead to the first."""
    has = f"Dit document heeft {counted(document.pages, 'pagina')}."
    _frame.put(
        title_html(document.title)
        + notice_html([f"Pagina ‘{typed[:20]}’ is er niet. {has}"])
        + f"<p>{link(DocumentAddress(document.id).href, 'Naar pagina 1')}</p>"
    )


# The version stands for the searcher (underscore: not part of the key).
@st.cache_data(max_entries=OUTLINES_KEPT, show_spinner=False)
def _outline(_searcher: Searcher, version: str, document_id: str) -> Outline:
    return outline_of(_searcher.passages(document_id))


@st.cache_data(max_entries=QUESTIONS_KEPT, ttl=QUESTION_SECONDS, show_spinner=False)
def _found(_searcher: Searcher, version: str, document_id: str, question: str) -> tuple[Found, ...]:
    return found_in(_searcher, document_id, question)


show()
