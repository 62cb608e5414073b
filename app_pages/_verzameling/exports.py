"""What leaves the portal: a kept quote with its source, made harmless for a file; and how one is cited.

An entry is made only of words that were found in the stored text just now. Every text in it is plain: no control
characters, no halves of signs, none that turn the direction of what stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote as percent_encoded

from app_pages._links import ELLIPSIS, DocumentAddress, original_address, quote_for_link
from app_pages._marking import printable, without_bullet
from app_pages._parts import dutch_date
from app_pages._verzameling.found import Found, Stand
from index import DocumentInfo
from index.facets import year_of

TITLE = "Verzameling uit het zoekportaal"

# Stands between the headings of a path, which is shortened above a quote when it has more characters than this.
PATH_SIGN = " › "
HEADING_LIMIT = 100

# Signs that XML forbids though Unicode has them, and two line ends that some programs do not know.
_ODD = {0xFFFE: None, 0xFFFF: None, 0x2028: "\n", 0x2029: "\n"}

# What an address may hold as it is (RFC 3986); everything else is percent-encoded.
_IN_ADDRESSES = "%/:=&?~#+!$,;@()*'-._"


@dataclass(frozen=True, slots=True)
class Entry:
    """A quote on its way out: `quote` verbatim ('' where a whole page was kept), `consulted` in words.

    `address` leads to the page, `source_address` to the document; `document` is its id, to tell sources apart.
    `short_address` is for the eye where a link can be behind it: without the words to mark.
    """

    number: int
    quote: str
    document: str
    title: str
    publisher: str
    year: str
    page: int
    heading: str
    address: str
    short_address: str
    source_address: str
    consulted: str
    note: str


def entries_of(kept: Iterable[Found], portal: str, today: date) -> tuple[Entry, ...]:
    """The items that stand in their document, numbered anew; `portal` is the portal's own address ('https://…/')."""
    there = [(one, one.document) for one in kept if one.document and one.stand is not Stand.GONE]
    return tuple(_entry(number, one, document, portal, today) for number, (one, document) in enumerate(there, start=1))


def citation(entry: Entry) -> str:
    """'‘De woorden.’ VDG (2026). Overdracht, p. 18. Geraadpleegd op 25 november 2026, van https://…', on one line."""
    words = " ".join(without_bullet(entry.quote).split())
    return f"‘{words}’ {reference(entry)}" if words else reference(entry)


def reference(entry: Entry) -> str:
    """Where a quote stands, for a reader and with its address: 'VDG (2026). Overdracht, p. 18. Geraadpleegd op …'.

    In plain text no link can be behind shorter words, so it is the address without the words to mark.
    """
    return f"{source_words(entry)}, p. {entry.page}. {consulted_words(entry)} {entry.short_address}"


def source_words(entry: Entry) -> str:
    """Who published it, when and what: 'VDG (2026). Overdracht'; what is not known is left out."""
    return "".join(around_title(entry))


def around_title(entry: Entry) -> tuple[str, str, str]:
    """The title, and what stands before and after it: ('VDG (2026). ', 'Overdracht', ''), ('', 'Verslag', ' (2025)').

    A source of which no publisher is known begins with its title.
    """
    year = f" ({entry.year})" if entry.year else ""
    return (f"{entry.publisher}{year}. ", entry.title, "") if entry.publisher else ("", entry.title, year)


def heading_words(entry: Entry) -> str:
    """'Citaat 3: 2.1 Vooruitblik'; many a heading has a number of its own, hence the word before ours.

    Of a long path the first and the last heading are enough above a quote: 'Sport › … › Vooruitblik'.
    """
    heading = entry.heading or entry.title
    path = heading.split(PATH_SIGN)
    if len(heading) > HEADING_LIMIT and len(path) > 2:
        heading = PATH_SIGN.join((path[0], ELLIPSIS, path[-1]))
    return f"Citaat {entry.number}: {heading}"


def consulted_words(entry: Entry) -> str:
    """'Geraadpleegd op 25 november 2026, van'."""
    return f"Geraadpleegd op {entry.consulted}, van"


def plain(text: str) -> str:
    """Text for a file, with nothing in it that breaks one: 'a\\x00b\\ud800\\u202ec' → 'abc'."""
    return printable(text.translate(_ODD))


def line(text: str) -> str:
    """Plain text on one line: 'een\\n titel' → 'een titel'."""
    return " ".join(plain(text).split())


def _entry(number: int, kept: Found, document: DocumentInfo, portal: str, today: date) -> Entry:
    whole = original_address(document.url)
    at_page = original_address(document.url, kept.anchor, kept.page)
    place = DocumentAddress(document.id, kept.page, quote_for_link(kept.text))
    return Entry(
        number=number,
        quote="\n".join(filter(None, (line(one) for one in plain(kept.text).split("\n")))),
        document=document.id,
        title=line(document.title),
        publisher=line(document.publisher),
        year=year_of(document),
        page=kept.page,
        heading=PATH_SIGN.join(line(heading) for heading in kept.heading_path),
        address=_safe(at_page or portal + place.href),
        short_address=_safe(at_page or portal + replace(place, quote="").href),
        source_address=_safe(whole or portal + DocumentAddress(document.id).href),
        consulted=dutch_date(today.isoformat()),
        note=plain(kept.item.note).strip(),
    )


def _safe(address: str) -> str:
    """An address without what could end it early in a file: 'https://a/b c>' → 'https://a/b%20c%3E'."""
    return percent_encoded(plain(address), safe=_IN_ADDRESSES)
