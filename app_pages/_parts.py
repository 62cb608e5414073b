"""Pieces of the portal's pages as HTML: source lines, links, chips, lists of documents.

Pure functions from values to strings. Every word of a document goes through _marking; our own words are plain Dutch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from app_pages._links import DocumentAddress, web_address
from app_pages._marking import escape, isolated, without_bullet
from index.dutch import MONTHS
from index.results import DocumentInfo

# Nouns, with what goes along with them, as they follow a number.
_PLURALS = {
    "aandachtspunt": "aandachtspunten",
    "ander document hoort": "andere documenten horen",
    "andere portefeuille genoemd": "andere portefeuilles genoemd",
    "bron": "bronnen",
    "kop": "koppen",
    "document": "documenten",
    "lopend dossier": "lopende dossiers",
    "minuut": "minuten",
    "pagina": "pagina’s",
    "passage": "passages",
    "persoon": "personen",
    "plaats": "plaatsen",
    "regel": "regels",
    "seconde": "seconden",
    "vindplaats": "vindplaatsen",
    "vraag": "vragen",
}


def counted(number: int, noun: str) -> str:
    """A number with its noun: (1, 'bron') → '1 bron', (1200, 'passage') → '1.200 passages'."""
    return f"{thousands(number)} {noun if number == 1 else _PLURALS[noun]}"


def thousands(number: int) -> str:
    """A number as Dutch writes it: 11914 → '11.914'."""
    return f"{number:,}".replace(",", ".")


def pages_in_words(document: DocumentInfo) -> str:
    """'28 pagina’s', or, where not all can be searched, '27 van 28 pagina’s doorzoekbaar'."""
    pages = counted(document.pages, "pagina")
    whole = document.pages_searchable >= document.pages
    return pages if whole else f"{document.pages_searchable} van {pages} doorzoekbaar"


def about_html(document: DocumentInfo, *more: str) -> str:
    """'VDG · 1 oktober 2025', then `more`, which is HTML; what is not known is left out."""
    known = (document.publisher, dutch_date(document.date))
    return " · ".join([*(isolated(one) for one in known if one), *filter(None, more)])


def lead_in_html(lead_in: str) -> str:
    """The line under which words stand in the source, quieter and clearly apart; nothing for the empty string."""
    if not lead_in.strip():
        return ""
    return f'<p class="zp-lead"><span class="zp-quiet">Staat onder:</span> {isolated(without_bullet(lead_in))}</p>'


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


def chip_html(href: str, name: str, count: int, on: bool, noun: str = "passage") -> str:
    """One value of a filter: 'Sport 4', or '× Sport 4' when it is on and a click takes it off."""
    sign = '<span aria-hidden="true">×</span> ' if on else ""
    content = f'{sign}<span class="zp-name">{isolated(name)}</span> <span class="zp-number-of">{count}</span>'
    label = f"Filter uit: {name}, {counted(count, noun)}" if on else f"Alleen {name}, {counted(count, noun)}"
    return choice_html(href, content, on, label)


def choice_html(href: str, content: str, on: bool, label: str = "") -> str:
    """One of some choices as a chip, marked if it is the one that is on. `content` is HTML."""
    return f"<li>{link(href, content, css='zp-chip zp-stay', current='true' if on else '', label=label)}</li>"


def chips_html(name: str, shown: Sequence[str], label: str = "") -> str:
    """A row of chips behind its name; nothing if there is nothing to choose. `label` is for a row that is no filter."""
    if not shown:
        return ""
    row = f"<ul>{''.join(shown)}</ul>"
    label = label or f"Filter op {name.lower()}"
    return f'<nav class="zp-filter" aria-label="{label}"><p>{name}</p><div>{row}</div></nav>'


def jumps_html(places: Iterable[tuple[str, str]]) -> str:
    """Links to the parts of a long page: (('deel-running', 'Lopende dossiers'), …); the ids are our own."""
    items = "".join(f'<li><a href="#{escape(name)}">{escape(words)}</a></li>' for name, words in places)
    if not items:
        return ""
    return f'<nav class="zp-jumps zp-screen" aria-label="Op deze pagina"><p>Ga naar:</p><ul>{items}</ul></nav>'


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
        title = link(DocumentAddress(one.id).href, isolated(one.title), current="true" if one.id == current else "")
        rows.append(f'<li>{title}<br><span class="zp-quiet">{about_html(one, pages_in_words(one))}</span></li>')
    return f'<ul class="zp-list">{"".join(rows)}</ul>'


def title_html(title: str) -> str:
    """A page's main heading: the title of a document or one of ours, escaped."""
    return f'<h1 class="zp-h1">{isolated(title)}</h1>'
