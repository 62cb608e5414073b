"""Collecting passages: what a reader keeps, as a link that adds it to the collection."""

from __future__ import annotations

from app_pages._links import DocumentAddress
from app_pages._marking import escape
from app_pages._parts import link
from app_pages._verzameling.collection import Item


def keep_html(place: DocumentAddress, about: str) -> str:
    """The link that keeps a passage; `about` says which one to a screen reader.

    script/verzamelen.js takes the click, keeps the passage in the browser and says 'Bewaard'; without it the link leads
    to a collection of this passage alone.
    """
    params = Item(place.document, place.page, place.quote).address.href.partition("?")[2]
    return f'<a class="zp-keep" href="./verzamelen?{escape(params)}" aria-label="Bewaar: {escape(about)}">Bewaar</a>'


def source_html(place: DocumentAddress, source: str, about: str) -> str:
    """'Bron: Overdracht · p. 18 Bewaar': where words stand, as a link to the page, and the link that keeps them.

    `source` is HTML (_parts.source_line); `about` as in keep_html.
    """
    return (
        f'<p class="zp-source"><span class="zp-quiet">Bron:</span> {link(place.href, source)} '
        f"{keep_html(place, about)}</p>"
    )
