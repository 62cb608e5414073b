"""What the document page says when a link leads to something that is not there (any more), and where to go instead.

Pure functions from values to strings, as in _parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app_pages._links import QUESTION_LIMIT, DocumentAddress, DocumentRequest, SearchAddress, SourcesAddress, quote_ends
from app_pages._parts import counted, document_list_html, link, notice_html, title_html
from index.results import DocumentInfo, SourceStatus


def no_document_html(
    request: DocumentRequest, documents: Iterable[DocumentInfo], sources: Iterable[SourceStatus]
) -> str:
    """No document was asked for, or one that cannot be opened: say why, and show which there are."""
    known = next((source for source in sources if source.id == request.document), None)
    if not request.document:
        problem = ""
    elif known:
        why = f"‘{known.title}’ kan hier nu niet worden geopend: {known.state}."
        problem = notice_html([why], link(SourcesAddress(source=known.id).href, "Bekijk deze bron bij Bronnen"))
    else:
        gone = f"Het document ‘{request.document[:60]}’ is er niet (meer). Kies een ander document."
        problem = words_gone_html([gone], request.quote)
    return f"{title_html('Documenten')}{problem}{document_list_html(documents)}"


def no_page_html(document: DocumentInfo, request: DocumentRequest) -> str:
    """A page that this document does not have: say which it has, and lead to the first."""
    has = f"Dit document heeft {counted(document.pages, 'pagina')}."
    problem = words_gone_html([f"Pagina ‘{request.page[:20]}’ is er niet. {has}"], request.quote)
    return f"{title_html(document.title)}{problem}<p>{link(DocumentAddress(document.id).href, 'Naar pagina 1')}</p>"


def words_gone_html(sentences: Sequence[str], quote: str) -> str:
    """These sentences, and the way to search for the words of the link elsewhere, if it has any."""
    ends = quote_ends(quote)
    words = (ends[0] if ends else quote)[:QUESTION_LIMIT]
    search = link(SearchAddress(words).href, "Zoek deze woorden in alle bronnen") if words else ""
    return notice_html(sentences, search)
