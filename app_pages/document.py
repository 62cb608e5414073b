"""The document page: a page of a source as a picture with the words of the link marked, and its text beneath."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st

from app_pages import _feedback, _frame, _resources
from app_pages._citation import Citation, locate
from app_pages._links import DocumentAddress, SearchAddress, original_address, page_number, parse_document
from app_pages._marking import isolated
from app_pages._parts import (
    counted,
    document_list_html,
    dutch_date,
    link,
    notice_html,
    outside_link,
    page_links_html,
    page_text_html,
    title_html,
)
from app_pages._picture import Boxes, PictureError, page_picture
from app_pages._references import named_html, page_names_html, unread_html
from index import DocumentInfo, Searcher, StoredPage
from index.errors import UnknownDocumentError
from index.references import References, passages_on
from ingest.documents import Passage

# Pictures kept for the next reader: some 0.3 MB each.
PICTURES_KEPT = 100


def show() -> None:
    """The page, from the address bar: ?document=…&pagina=18&citaat=…"""
    searcher = _resources.searcher()
    request = parse_document(_resources.query_params())
    documents = {document.id: document for document in searcher.documents()}
    document = documents.get(request.document)
    _way_back()
    if document is None:
        gone = f"Het document ‘{request.document[:60]}’ is er niet (meer). Kies een ander document."
        _choose(documents.values(), gone if request.document else "")
        return
    page = _page(searcher, document, request.page)
    if page is None:
        _no_such_page(document, request.page)
        return
    st.set_page_config(page_title=f"{document.title}, p. {page.number} · {_frame.NAME}")
    passages = passages_on(searcher, document.id, page)
    citation = locate(searcher, document.id, page.number, passages, request.quote) if request.quote else None
    references = References(searcher)
    _heading(document, documents.values(), _anchor(passages, citation))
    _frame.put(unread_html(document, references.sources.get(document.id)))
    here = DocumentAddress(document.id, page.number, request.quote, request.large)
    _frame.put(page_links_html(here, document.pages, "Bladeren"))
    _frame.put(_remarks_html(document, citation, request.quote))
    _picture(searcher, document, here, citation)
    _feedback.show_passage([one for one in passages if citation and one.passage_id in citation.spans])
    _frame.put(_references_html(references, document, page.number))
    _frame.put(page_text_html(page.number, page.text, passages, citation.spans if citation else {}))
    _frame.put(page_links_html(here, document.pages, "Bladeren, onderaan"))


def _way_back() -> None:
    """A link to the search that brought the reader here, or to an empty one."""
    last = st.session_state.get("last_search") or SearchAddress()
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


def _anchor(passages: Sequence[Passage], citation: Citation | None) -> str:
    """The name, in the web page itself, of the place that is looked at: the words of the link, else the first."""
    marked = [passage for passage in passages if citation and passage.passage_id in citation.spans]
    return next((passage.anchor for passage in (*marked, *passages) if passage.anchor), "")


def _heading(document: DocumentInfo, documents: Iterable[DocumentInfo], anchor: str) -> None:
    """Title, where it comes from, and the other documents, folded away. `anchor` is a place in the original."""
    about = [isolated(document.publisher)] if document.publisher else []
    about += [isolated(dutch_date(document.date))] if document.date else []
    about.append(counted(document.pages, "pagina"))
    if document.url:
        about.append(outside_link(original_address(document.url, anchor), "Origineel"))
    others = document_list_html(documents, document.id)
    _frame.put(
        f'{title_html(document.title)}<p class="zp-quiet">{" · ".join(about)}</p>'
        f'<details class="zp-choose"><summary>Ander document kiezen</summary>{others}</details>'
    )


def _remarks_html(document: DocumentInfo, citation: Citation | None, quote: str) -> str:
    """What to know about the words of the link: that they are gone, or go on on another page."""
    if citation is None:
        return ""
    if not citation.found:
        gone = "De woorden uit de link staan niet op deze pagina. Het document kan vernieuwd zijn."
        return notice_html([gone, f"Gezocht: ‘{quote}’"])
    pages = [link(DocumentAddress(document.id, one, quote).href, f"pagina {one}") for one in citation.elsewhere]
    words = "Het citaat staat ook op" if citation.quote else "Het citaat staat op"
    return f'<div class="zp-notice"><p>{words} {" en ".join(pages)}.</p></div>' if pages else ""


def _references_html(references: References, document: DocumentInfo, number: int) -> str:
    """Which sources this page names, and which places name this document; nothing if there are neither."""
    names = page_names_html(references.on_page(document.id, number), references)
    named = named_html(references.to_source(document.id))
    return f'<section class="zp-notes"><h2>Verwijzingen</h2>{names}{named}</section>' if names or named else ""


def _picture(searcher: Searcher, document: DocumentInfo, here: DocumentAddress, citation: Citation | None) -> None:
    """The page as a picture, with a link that makes it larger or smaller; or why there is no picture."""
    quote, passage = (citation.quote, citation.passage) if citation else ((), ())
    try:
        picture = _cached_picture(searcher.file_path(document.id), document.digest, here.page, quote, passage)
    except (PictureError, UnknownDocumentError) as error:
        _frame.put(notice_html([str(error)]))
        return
    with st.container(key="zp-picture-large" if here.large else "zp-picture"):
        seen = "met het citaat gemarkeerd; " if quote else ""
        alt = f"Pagina {here.page} als afbeelding, {seen}de tekst staat hieronder"
        # PNG as it is: left to itself, Streamlit makes a JPEG of it, with specks around the letters.
        st.image(picture, width="stretch", output_format="PNG", alt=alt)
    size = "Afbeelding kleiner" if here.large else "Afbeelding groter"
    _frame.put(f"<p>{link(replace(here, large=not here.large).href, size, css='zp-chip zp-stay')}</p>")


# The digest stands for the file's content, so the path (underscore: not part of the key) may move with a version.
@st.cache_data(max_entries=PICTURES_KEPT, show_spinner=False)
def _cached_picture(_path: Path, digest: str, number: int, quote: Boxes, passage: Boxes) -> bytes:
    """One page as a PNG. Raises PictureError, which is not kept."""
    return page_picture(_path, number, quote, passage)


show()
