"""All of a document's page as one piece of HTML: outline at the side; heading, picture, references and text beside it.

Pure functions from values to strings, as in _parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app_pages._document.citation import Citation
from app_pages._document.gone import words_gone_html
from app_pages._document.hits import Found, hit_links_html
from app_pages._document.outline import Outline, outline_html
from app_pages._document.paging import page_links_html, page_steps_html
from app_pages._document.picture import PictureError, page_size
from app_pages._document.picture_html import sheet_html, zoom_html
from app_pages._document.picture_route import picture_address
from app_pages._document.references import named_html, page_names_html, unread_html
from app_pages._document.text import page_text_html
from app_pages._files import file_link_html, is_pdf
from app_pages._links import ELLIPSIS, DocumentAddress, Zoom, original_address
from app_pages._marking import NAMED_BY, escape, isolated, without_bullet
from app_pages._parts import about_html, counted, document_list_html, link, notice_html, outside_link, title_html
from app_pages._verzameling.collect import keep_html
from index import DocumentInfo, StoredPage
from index.references import References
from ingest.documents import Box, Passage

# Characters of the marked words that stand above the picture: two lines on a laptop.
MARKED_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to show of one page, and where the reader is (`here`): `file` is the one that was ingested.

    `passages` are those of the page in reading order, `found` the places of the reader's question in the document.
    `moved_from` is the page that the link names, as typed, if its words stand on another one now.
    """

    here: DocumentAddress
    document: DocumentInfo
    file: Path
    page: StoredPage
    passages: Sequence[Passage]
    citation: Citation | None
    references: References
    outline: Outline
    found: Sequence[Found]
    moved_from: str = ""

    @property
    def marked(self) -> tuple[Passage, ...]:
        """The passages that hold the words of the link."""
        return tuple(one for one in self.passages if self.citation and one.passage_id in self.citation.spans)

    @property
    def section(self) -> int | None:
        """The section that is looked at: of the marked words, else the one that was chosen, else the page's first."""
        for passage in self.marked:
            return self.outline.of_passage.get(passage.passage_id)
        chosen = self.outline.chosen(self.here.page, self.here.heading) if self.here.heading else None
        return chosen if chosen is not None else self.outline.at_page(self.here.page)

    @property
    def opened_at(self) -> Passage | None:
        """The passage with which the chosen section begins on this page; None if none was chosen, or words were."""
        if not self.here.heading or self.here.quote:
            return None
        chosen = self.outline.chosen(self.here.page, self.here.heading)
        inside = self.outline.within(chosen) if chosen is not None else frozenset()
        return next((one for one in self.passages if one.passage_id in inside), None)


def page_html(shown: Shown, documents: Iterable[DocumentInfo]) -> str:
    """The whole page. Its parts stand in one piece, so that all of it changes at once when the reader turns a page."""
    here, document = shown.here, shown.document
    outline = outline_html(shown.outline, here, shown.section)
    parts = (
        hit_links_html(shown.found, here),
        page_steps_html(here, document.pages),
        _remarks_html(shown),
        _picture_html(shown),
        _references_html(shown),
        _text_html(shown),
        page_links_html(here, document.pages),
    )
    # The script brings the marked words into view once for every place; another size is no other place.
    place = replace(here, zoom=Zoom.FIT).href
    return (
        f'<div class="zp-document{"" if outline else " zp-no-outline"}" data-place="{escape(place)}">'
        f'<div class="zp-document-head">{_heading_html(shown, documents)}</div>'
        f'{outline}<div class="zp-document-page">{"".join(parts)}</div></div>'
    )


def _heading_html(shown: Shown, documents: Iterable[DocumentInfo]) -> str:
    """Title, where the document comes from and can be had, the other documents (folded away), and what is unread."""
    document, number = shown.document, shown.here.page
    original = original_address(document.url, _anchor(shown), number)
    about = about_html(
        document,
        counted(document.pages, "pagina"),
        outside_link(original, "Origineel") if document.url else "",
        file_link_html(document, number, shown.file),
    )
    others = document_list_html(documents, document.id)
    return (
        f'{title_html(document.title)}<p class="zp-quiet zp-about">{about}</p>'
        f'<div class="zp-folded"><details class="zp-choose"><summary>Ander document kiezen</summary>{others}</details>'
        f"{unread_html(document, shown.references.sources.get(document.id))}</div>"
    )


def _anchor(shown: Shown) -> str:
    """The name, in the web page itself, of the place that is looked at: the words of the link, else the first."""
    opened = (shown.opened_at,) if shown.opened_at else ()
    return next((one.anchor for one in (*shown.marked, *opened, *shown.passages) if one.anchor), "")


def _remarks_html(shown: Shown) -> str:
    """What to know about the words of the link: that they are gone, moved, or go on on another page."""
    citation, here = shown.citation, shown.here
    if citation is None:
        return ""
    if not citation.found:
        gone = "De woorden uit de link staan niet in dit document. Het kan vernieuwd zijn."
        return words_gone_html([gone, f"Gezocht: ‘{here.quote}’"], here.quote)
    if shown.moved_from:
        named = f"De link noemt pagina {shown.moved_from[:20]}."
        return notice_html([f"{named} De woorden uit de link staan nu op pagina {here.page}; die ziet u hier."])
    pages = [link(replace(here, page=one).href, f"pagina {one}") for one in citation.elsewhere]
    words = "Het citaat staat ook op" if citation.quote else "Het citaat staat op"
    return f'<div class="zp-notice"><p>{words} {" en ".join(pages)}.</p></div>' if pages else ""


def _picture_html(shown: Shown) -> str:
    """The page as a picture, below what is marked on it and its steps of size; or why there is no picture.

    Only a PDF has a picture. Of anything else the text is the page.
    """
    here, citation = shown.here, shown.citation
    marked = _marked_words_html(here) if citation and citation.found else ""
    if not is_pdf(shown.document):
        return marked
    try:
        size = page_size(shown.file, here.page)
    except PictureError as error:
        return marked + notice_html([str(error)])
    quote, passage = (citation.quote, citation.passage) if citation else ((), ())
    source = picture_address(shown.document, here.page, here.zoom)
    sheet = sheet_html(here, source, size, quote, passage, _section_boxes(shown))
    return f'<div class="zp-picture-bar">{marked}{zoom_html(here)}</div>{sheet}'


def _marked_words_html(here: DocumentAddress) -> str:
    """The words that are marked, with a link that keeps them."""
    quote = without_bullet(here.quote)
    short = quote[:MARKED_SHOWN].rstrip()
    words = f"“{isolated(short)}{f' {ELLIPSIS}' if len(short) < len(quote) else ''}”"
    keep = keep_html(
        DocumentAddress(here.document, here.page, here.quote), f"het gemarkeerde citaat, {short[:NAMED_BY]}"
    )
    return f'<p class="zp-marked"><span class="zp-quiet">Gemarkeerd:</span> {words} {keep}</p>'


def _section_boxes(shown: Shown) -> tuple[Box, ...]:
    """The first line of the section that was chosen, to bring into view."""
    opened = shown.opened_at
    return tuple(box for number, box in opened.regions if number == shown.here.page)[:1] if opened else ()


def _references_html(shown: Shown) -> str:
    """Which sources this page names, and which places name this document; nothing if there are neither."""
    references, document = shown.references, shown.document
    names = page_names_html(references.on_page(document.id, shown.here.page), references)
    named = named_html(references.to_source(document.id))
    return f'<section class="zp-notes"><h2>Verwijzingen</h2>{names}{named}</section>' if names or named else ""


def _text_html(shown: Shown) -> str:
    spans = shown.citation.spans if shown.citation else {}
    opened = shown.opened_at
    return page_text_html(
        shown.here.page,
        shown.page.text,
        shown.passages,
        spans,
        pictured=is_pdf(shown.document),
        opened_at=opened.passage_id if opened else "",
    )
