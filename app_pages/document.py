"""The document page: a page of a source as a picture with the words of the link marked, and its text beneath."""

from __future__ import annotations

import streamlit as st

from app_pages import _frame, _resources
from app_pages._document.citation import Citation, locate
from app_pages._document.gone import no_document_html, no_page_html
from app_pages._document.hits import Found, found_in
from app_pages._document.outline import Outline, outline_of
from app_pages._document.page import Shown, page_html
from app_pages._links import DocumentAddress, DocumentRequest, SearchAddress, page_number, parse_document
from app_pages._marking import isolated, printable
from app_pages._parts import link
from app_pages._zoeken import feedback
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
        _frame.put(no_document_html(request, documents.values(), searcher.sources()))
        return
    shown = _shown(searcher, document, request)
    if shown is None:
        _frame.put(no_page_html(document, request))
        return
    st.set_page_config(page_title=f"{printable(document.title)}, p. {shown.page.number} · {_frame.NAME}")
    _frame.put(page_html(shown, documents.values()))
    feedback.show_passage(shown.marked)


def _shown(searcher: Searcher, document: DocumentInfo, request: DocumentRequest) -> Shown | None:
    """All that is to be shown of one page; None if the document has no such page."""
    asked = page = _page(searcher, document, request.page)
    citation = None
    if request.quote:
        page, citation = _cited(searcher, document, page, request.quote)
    if page is None:
        return None
    return Shown(
        here=DocumentAddress(
            document.id, page.number, request.quote, request.zoom, request.question, heading=request.heading
        ),
        document=document,
        file=searcher.file_path(document.id),
        page=page,
        passages=passages_on(searcher, document.id, page),
        citation=citation,
        references=References(searcher),
        outline=_outline(searcher, searcher.version, document.id),
        found=_found(searcher, searcher.version, document.id, request.question),
        moved_from="" if asked and asked.number == page.number else request.page,
    )


def _page(searcher: Searcher, document: DocumentInfo, typed: str) -> StoredPage | None:
    """The page that was typed in the address bar; None if the document has no such page."""
    number = page_number(typed, document.pages)
    try:
        return searcher.page(document.id, number) if number is not None else None
    except (UnknownDocumentError, IndexError):
        return None


def _cited(
    searcher: Searcher, document: DocumentInfo, page: StoredPage | None, quote: str
) -> tuple[StoredPage | None, Citation]:
    """The page to show for the words of a link, and where they stand on it.

    That of the link, or the nearest that has the words: since the link was made they may have moved, or the document
    may have lost pages.
    """
    start = page.number if page else document.pages
    citation = _located(searcher, document, start, quote)
    if not citation.found or (page and citation.is_here):
        return page, citation
    number = start if citation.is_here else citation.elsewhere[0]
    return searcher.page(document.id, number), _located(searcher, document, number, quote)


def _located(searcher: Searcher, document: DocumentInfo, number: int, quote: str) -> Citation:
    passages = passages_on(searcher, document.id, searcher.page(document.id, number))
    return locate(searcher, document.id, number, passages, quote)


def _way_back(question: str) -> None:
    """A link to the search that brought the reader here, or to an empty one.

    A mailed link has the question only, without the filters that were on.
    """
    last = st.session_state.get("last_search") or SearchAddress()
    if question and question != last.question:
        last = SearchAddress(question)
    words = f"Terug naar: {isolated(last.question)}" if last.question else "Naar zoeken"
    _frame.put(f'<p class="zp-back">{link(last.href, "← " + words)}</p>')


# The version stands for the searcher (underscore: not part of the key).
@st.cache_data(max_entries=OUTLINES_KEPT, show_spinner=False)
def _outline(_searcher: Searcher, version: str, document_id: str) -> Outline:
    return outline_of(_searcher.passages(document_id))


@st.cache_data(max_entries=QUESTIONS_KEPT, ttl=QUESTION_SECONDS, show_spinner=False)
def _found(_searcher: Searcher, version: str, document_id: str, question: str) -> tuple[Found, ...]:
    return found_in(_searcher, document_id, question)


show()
