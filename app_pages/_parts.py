"""Pieces of the portal's pages as HTML: hits, filters, source lines.

Pure functions from values to strings. Every word of a document goes through _marking; our own words are plain Dutch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from app_pages._collect import keep_html
from app_pages._links import DocumentAddress, SearchAddress, quote_for_link, web_address
from app_pages._marking import escape, isolated, without_bullet
from app_pages._rows import passage_with_rows_html
from index.dutch import MONTHS
from index.results import DocumentInfo, Hit, Place
from index.rows import cells_of
from ingest.portefeuilles import PORTEFEUILLES

# Other places with nearly the same words, named beneath a hit before the rest is only counted.
ALSO_SHOWN = 3

# Documents shown as a filter before the rest goes behind 'Meer documenten': two rows on a laptop.
DOCUMENTS_SHOWN = 6

# Characters of a passage that tell a screen reader which one a link keeps.
NAMED_BY = 60


def counted(number: int, noun: str) -> str:
    """A number with its noun: (1, 'bron') → '1 bron', (1200, 'passage') → '1.200 passages'."""
    plurals = {
        "bron": "bronnen",
        "passage": "passages",
        "pagina": "pagina’s",
        "plaats": "plaatsen",
        "vindplaats": "vindplaatsen",
        "persoon": "personen",
        "vraag": "vragen",
    }
    return f"{number:,} {noun if number == 1 else plurals[noun]}".replace(",", ".")


def pages_in_words(document: DocumentInfo) -> str:
    """'28 pagina’s', or, where not all can be searched, '27 van 28 pagina’s doorzoekbaar'."""
    pages = counted(document.pages, "pagina")
    whole = document.pages_searchable >= document.pages
    return pages if whole else f"{document.pages_searchable} van {pages} doorzoekbaar"


def lead_in_html(lead_in: str) -> str:
    """The line under which words stand in the source, quieter and clearly apart; nothing for the empty string."""
    if not lead_in.strip():
        return ""
    return f'<p class="zp-lead"><span class="zp-quiet">Staat onder:</span> {isolated(without_bullet(lead_in))}</p>'


def hits_html(hits: Sequence[Hit], notes: Mapping[int, str]) -> str:
    """All hits as a numbered list: source line as a link, then the passage with the matching words marked.

    `notes` is HTML to show beneath a hit, by its rank.
    """
    return f'<ol class="zp-hits">{"".join(_hit_html(hit, notes.get(hit.rank, "")) for hit in hits)}</ol>'


def source_line(
    document: DocumentInfo, heading_path: Sequence[str], page: int | None, *, with_date: bool = False
) -> str:
    """'Overdrachtsdocument · Portefeuille Sport › Vooruitblik · p. 21 · 2026', escaped."""
    parts = [f'<span class="zp-title">{isolated(document.title)}</span>']
    if heading_path:
        parts.append(path_html(heading_path))
    if page is not None:
        parts.append(f'<span class="zp-page">p. {page}</span>')
    if with_date and document.date:
        parts.append(f"<span>{isolated(dutch_date(document.date))}</span>")
    return " · ".join(parts)


def path_html(heading_path: Sequence[str]) -> str:
    """('Portefeuille Sport', 'Vooruitblik') → 'Portefeuille Sport › Vooruitblik', escaped."""
    return " › ".join(isolated(heading) for heading in heading_path)


def dutch_date(known: str) -> str:
    """'2025-10-01' → '1 oktober 2025'; '2026' and anything that is not a date stay as they are."""
    try:
        day = date.fromisoformat(known)
    except ValueError:
        return known
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def link(href: str, content: str, *, css: str = "", current: str = "", label: str = "", rel: str = "") -> str:
    """A link inside the portal. `content` is HTML already; `href` and `label` (for screen readers) are text."""
    attributes = f' aria-current="{current}"' if current else ""
    attributes += f' aria-label="{escape(label)}"' if label else ""
    attributes += f' rel="{rel}"' if rel else ""
    return f'<a class="zp-link {css}" href="{escape(href)}"{attributes}>{content}</a>'


def outside_link(url: str | None, content: str) -> str:
    """A link to another site if the address is a web address, else only the content."""
    address = web_address(url)
    return f'<a href="{escape(address)}" rel="noopener noreferrer">{content}</a>' if address else content


def portefeuille_filter_html(address: SearchAddress, counts: Mapping[str, int]) -> str:
    """The portefeuilles that this question touches, each a link that puts its filter on or off."""
    names = [name for name in PORTEFEUILLES if counts.get(name) or name in address.portefeuilles]
    chips = [
        chip_html(
            address.with_portefeuille_toggled(name).href, name, counts.get(name, 0), name in address.portefeuilles
        )
        for name in names
    ]
    return chips_html("Portefeuille", chips)


def document_filter_html(address: SearchAddress, counts: Mapping[str, int], title_of: Callable[[str], str]) -> str:
    """The documents that this question touches, most passages first; the long tail is folded away."""
    chosen = address.documents
    ids = sorted({*counts, *chosen}, key=lambda one: (one not in chosen, -counts.get(one, 0), one))
    chips = [
        chip_html(address.with_document_toggled(one).href, title_of(one), counts.get(one, 0), one in chosen)
        for one in ids
    ]
    return chips_html("Document", chips[:DOCUMENTS_SHOWN], chips[DOCUMENTS_SHOWN:])


def chip_html(href: str, name: str, count: int, on: bool, noun: str = "passage") -> str:
    """One value of a filter: 'Sport 4', or '× Sport 4' when it is on and a click takes it off."""
    sign = '<span aria-hidden="true">×</span> ' if on else ""
    content = f'{sign}<span class="zp-name">{isolated(name)}</span> <span class="zp-number-of">{count}</span>'
    label = f"Filter uit: {name}, {counted(count, noun)}" if on else f"Alleen {name}, {counted(count, noun)}"
    return f"<li>{link(href, content, css='zp-chip zp-stay', current='true' if on else '', label=label)}</li>"


def chips_html(name: str, shown: Sequence[str], folded: Sequence[str] = ()) -> str:
    """A filter's row of values, the rest behind 'Meer'; nothing if there is nothing to choose."""
    if not shown:
        return ""
    row = f"<ul>{''.join(shown)}</ul>"
    more = f"<details><summary>Meer ({len(folded)})</summary><ul>{''.join(folded)}</ul></details>" if folded else ""
    return f'<nav class="zp-filter" aria-label="Filter op {name.lower()}"><p>{name}</p><div>{row}{more}</div></nav>'


def notice_html(sentences: Iterable[str], onward: str = "") -> str:
    """Sentences of ours (or with a typed value in them) in a quiet box; nothing if there are none.

    `onward` is HTML: a link to where the reader can go instead.
    """
    paragraphs = [escape(sentence) for sentence in sentences] + ([onward] if onward else [])
    inner = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f'<div class="zp-notice" role="status">{inner}</div>' if inner else ""


def document_list_html(documents: Iterable[DocumentInfo], current: str = "") -> str:
    """Every document as a link to its first page, with publisher, date and length."""
    rows = []
    for one in sorted(documents, key=lambda document: document.title.casefold()):
        about = [isolated(one.publisher)] if one.publisher else []
        about += [isolated(dutch_date(one.date))] if one.date else []
        about.append(pages_in_words(one))
        title = link(DocumentAddress(one.id).href, isolated(one.title), current="true" if one.id == current else "")
        rows.append(f'<li>{title}<br><span class="zp-quiet">{" · ".join(about)}</span></li>')
    return f'<ul class="zp-list">{"".join(rows)}</ul>'


def title_html(title: str) -> str:
    """A page's main heading: the title of a document or one of ours, escaped."""
    return f'<h1 class="zp-h1">{isolated(title)}</h1>'


def _hit_html(hit: Hit, notes: str) -> str:
    """One hit: its source line is a heading and a link, so that a screen reader can step through them."""
    address = DocumentAddress(hit.document.id, hit.page, quote_for_link(hit.passage.text))
    source = source_line(hit.document, hit.passage.heading_path, hit.page)
    first = hit.passage.units[0] if hit.passage.units else None
    is_row = first and cells_of(hit.passage.text[first.start : first.end], first.lead_in)
    lead_in = lead_in_html(first.lead_in) if first and not is_row else ""
    keep = keep_html(address, f"{hit.document.title}, pagina {hit.page}")
    return (
        f'<li class="zp-hit"><h3 class="zp-source">{link(address.href, source)}</h3>{lead_in}'
        f'<div class="zp-text">{passage_with_rows_html(hit.passage, hit.marks)}</div>{also_html(hit.also)}{notes}'
        f'<p class="zp-actions">{keep}</p></li>'
    )


def also_html(places: Sequence[Place]) -> str:
    """'Ook in: Energievisie 2050, p. 3', each place a link; nothing if the words stand in one place only."""
    if not places:
        return ""
    named = "; ".join(
        link(DocumentAddress(place.document.id, place.page).href, f"{isolated(place.document.title)}, p. {place.page}")
        for place in places[:ALSO_SHOWN]
    )
    rest = len(places) - ALSO_SHOWN
    more = f" en nog {counted(rest, 'plaats')}" if rest > 0 else ""
    return f'<p class="zp-also"><span class="zp-quiet">Ook in:</span> {named}{more}</p>'
