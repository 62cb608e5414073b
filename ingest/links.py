"""Link annotations → sources: every report that a document links to is something to read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from ingest.addresses import normalised
from ingest.documents import CitedBy, Document, Source
from ingest.folding import fold, letters_only

# Words that say nothing about what a link leads to. Compared as letters only.
_GENERIC = frozenset(
    letters_only(words)
    for words in (
        "hier", "klik hier", "deze", "deze link", "link", "via deze link", "lees meer", "lees verder", "meer lezen",
        "meer info", "meer informatie", "website", "de website", "bekijk", "bekijk hier", "bekijk de video", "video",
        "download", "pdf", "bron", "zie", "zie ook", "ga naar", "here", "read more",
    )
)  # fmt: skip
# A file's name is at most 255 bytes on Linux, and an id goes into names and addresses: a quarter of that is enough.
_LONGEST_ID = 64
_LONGEST_TITLE = 150


def sources_of_links(document: Document, known: Sequence[Source]) -> list[Source]:
    """The known sources in their order, with what this document says of them, then a source for each new address.

    Addresses are the same if their normalised forms are. A link to the document itself, and one that does not lead to
    the web (mailto:, a place in the document), is no source. Doing it twice changes nothing.
    """
    sources = {source.id: source for source in known}
    by_address: dict[str, str] = {}
    for source in known:
        address = normalised(source.url) if source.url else None
        if address:
            by_address.setdefault(address, source.id)
    own = document.source.id
    for link in document.links:
        address = normalised(link.url)
        if address is None or by_address.get(address) == own:
            continue
        if address not in by_address:
            new = _new_source(address, {own, *sources})
            by_address[address] = new.id
            sources[new.id] = new
        source_id = by_address[address]
        words = _tidy(link.words)
        sources[source_id] = _cited(sources[source_id], CitedBy(own, link.page, words))
    return [_titled(source, document) for source in sources.values()]


def _new_source(address: str, taken: Collection[str]) -> Source:
    """A source without a title as yet. Its publisher is the site's name: that is all that a link tells."""
    host = _site(address)
    return Source(id=_id_of(address, taken), title="", publisher=host, url=address, kind="link")


def _cited(source: Source, place: CitedBy) -> Source:
    """The source with a place that names it; not if that page is known to, in the same words or more of them."""
    words = letters_only(place.words)
    same_page = (at for at in source.cited_by if (at.document, at.page) == (place.document, place.page))
    if any(words in letters_only(at.words) for at in same_page):
        return source
    return replace(source, cited_by=(*source.cited_by, place))


def _tidy(words: str) -> str:
    """The words without the signs of the sentence around them: 'artikel).' → 'artikel'; '(VDG)' keeps its brackets."""
    tidy = " ".join(words.split()).strip(" .,;:")
    if tidy.count(")") > tidy.count("("):
        tidy = tidy.removesuffix(")")
    if tidy.count("(") > tidy.count(")"):
        tidy = tidy.removeprefix("(")
    return tidy.strip(" .,;:")


def _titled(source: Source, document: Document) -> Source:
    """The source with a title: the first words that say something of those that link to it, else its address's."""
    if source.title:
        return source
    words = (at.words for at in source.cited_by if at.document == document.source.id)
    found = next((each for each in words if _says_something(each)), "")
    return replace(source, title=found[:_LONGEST_TITLE].strip() or _title_of(source.url or ""))


def _says_something(words: str) -> bool:
    """'regioplan Drenthe' → True; 'Lees meer', '→', 'https://www.vdg.nl' → False."""
    letters = letters_only(words)
    return len(letters) > 2 and letters not in _GENERIC and not re.match(r"(https?://|www\.)\S*$", words.strip(), re.I)


def _title_of(address: str) -> str:
    """'https://www.vdg.nl/stukken/regio-plan.pdf' → 'regio plan (vdg.nl)'; 'https://www.vdg.nl/' → 'vdg.nl'."""
    last = unquote(urlsplit(address).path.rstrip("/").rpartition("/")[2])
    words = " ".join(re.sub(r"\.\w{2,4}$", "", last).replace("-", " ").replace("_", " ").split())
    return f"{words[:_LONGEST_TITLE]} ({_site(address)})" if words else _site(address)


def _site(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _id_of(address: str, taken: Collection[str]) -> str:
    """'https://www.vdg.nl/stukken/plan.pdf' → 'vdg-nl-stukken-plan-pdf'.

    What the path does not tell apart (a query, a long path, another scheme) is told by a digest of the whole address,
    not by a count: links that people mailed should still work when another link joins or leaves the document.
    """
    parts = urlsplit(address)
    slug = re.sub(r"[^a-z0-9]+", "-", fold(_site(address) + unquote(parts.path))).strip("-") or "link"
    if not parts.query and len(slug) <= _LONGEST_ID and slug not in taken:
        return slug
    return f"{slug[: _LONGEST_ID - 9].strip('-')}-{hashlib.sha256(address.encode()).hexdigest()[:8]}"
