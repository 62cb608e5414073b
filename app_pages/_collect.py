"""Collecting passages: what a reader keeps, as a link that adds it to the collection."""

from __future__ import annotations

from app_pages._links import DocumentAddress
from app_pages._marking import escape


def keep_html(place: DocumentAddress, about: str) -> str:
    """The link that keeps a passage; `about` says which one to a screen reader.

    The script takes the click and keeps the passage in the browser; without it the link leads to the collection.
    """
    params = place.href.partition("?")[2]
    return f'<a class="zp-keep" href="./verzamelen?{escape(params)}" aria-label="Bewaar: {escape(about)}">Bewaar</a>'
