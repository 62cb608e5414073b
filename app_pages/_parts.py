"""Pieces of the portal's pages as HTML: source lines, chips, page links, lists of documents.

Pure functions from values to strings. Every word of a document goes through _marking; our own words are plain Dutch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from app_pages._links import DocumentAddress, web_address
from app_pages._marking import escape, isolated, passage_html, without_bullet
from index.results import DocumentInfo
from ingest.documents import Passage

_MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()


def counted(number: int, noun: str) -> str:
    """A number with its noun: (1, 'bron') → '1 bron', (1200, 'passage') → '1.200 passages'."""
    plurals = {"bron": "bronnen", "passage": "passages", "pagina": "pagina’s", "plaats": "plaatsen"}
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
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def link(href: str, content: str, *, css: str = "", current: str = "", label: str = "") -> str:
    """A link inside the portal. `content` is HTML already; `href` and `label` (for screen readers) are text."""
    attributes = f' aria-current="{current}"' if current else ""
    attributes += f' aria-label="{escape(label)}"' if label else ""
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
    return f"<li>{link(href, content, css='zp-chip zp-stay', current='true' if on else '', label=label)}</li>"


def chips_html(name: str, shown: Sequence[str]) -> str:
    """A filter's row of values; nothing if there is nothing to choose."""
    if not shown:
        return ""
    row = f"<ul>{''.join(shown)}</ul>"
    return f'<nav class="zp-filter" aria-label="Filter op {name.lower()}"><p>{name}</p><div>{row}</div></nav>'


def page_links_html(here: DocumentAddress, pages: int, name: str) -> str:
    """Previous and next page, where the reader is, and the way to any page near it, both ends included.

    `name` tells a screen reader which of the page's two rows of links this is.
    """
    number = here.page
    previous = _other_page(here, number - 1) if number > 1 else ""
    following = _other_page(here, number + 1) if number < pages else ""
    near = [one for one in range(1, pages + 1) if one in (1, pages) or abs(one - number) <= 2]
    numbers = []
    for before, one in zip([0, *near], near, strict=False):
        if one - before > 1:
            numbers.append('<li aria-hidden="true">…</li>')
        current = "page" if one == number else ""
        number_link = link(_other_page(here, one), str(one), css="zp-number", current=current, label=f"Pagina {one}")
        numbers.append(f"<li>{number_link}</li>")
    return (
        f'<nav class="zp-pages" aria-label="{escape(name)}">'
        f"{_step(previous, '← Vorige')}"
        f'<p class="zp-count">Pagina <strong>{number}</strong> van {pages}</p>'
        f"{_step(following, 'Volgende →')}"
        f'<ul class="zp-numbers">{"".join(numbers)}</ul></nav>'
    )


def notice_html(sentences: Iterable[str]) -> str:
    """Sentences of ours (or with a typed value in them) in a quiet box; nothing if there are none."""
    paragraphs = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    return f'<div class="zp-notice" role="status">{paragraphs}</div>' if paragraphs else ""


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


def page_text_html(number: int, text: str, passages: Sequence[Passage], spans: Mapping[str, tuple[int, int]]) -> str:
    """The words of a page for who cannot see its picture: its passages below their headings, in reading order.

    `spans` are the stretches to mark, by passage id. What is in no passage (a cover, a heading that stands alone) is
    in `text`, the page line by line, which is folded away.
    """
    parts = [f'<section class="zp-page-text"><h2>Tekst van pagina {number}</h2>']
    path: tuple[str, ...] = ()
    lead_in = ""
    for passage in passages:
        if passage.heading_path != path:
            parts.append(_new_headings_html(path, passage.heading_path))
            path, lead_in = passage.heading_path, ""
        introduced = passage.units[0].lead_in if passage.units else ""
        if introduced != lead_in:
            lead_in = introduced
            parts.append(lead_in_html(lead_in))
        span = spans.get(passage.passage_id)
        parts.append(f'<div class="zp-text">{passage_html(passage.text, [span] if span else [])}</div>')
    if text.strip():
        lines = f'<div class="zp-lines">{escape(text)}</div>'
        opened = "" if passages else " open"
        parts.append(f"<details{opened}><summary>De tekst regel voor regel</summary>{lines}</details>")
    else:
        parts.append("<p>Op deze pagina staat geen tekst die gelezen kon worden.</p>")
    return "".join([*parts, "</section>"])


def _new_headings_html(before: Sequence[str], after: Sequence[str]) -> str:
    """The headings that begin here, each at its own level: (('A', 'B'), ('A', 'C')) → '<h4>C</h4>'."""
    same = 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    same = max(0, min(same, len(after) - 1))  # back to a heading that was left: its name again
    levels = range(3 + same, 3 + len(after))
    return "".join(
        f"<h{min(level, 6)}>{isolated(heading)}</h{min(level, 6)}>"
        for level, heading in zip(levels, after[same:], strict=True)
    )


def _other_page(here: DocumentAddress, number: int) -> str:
    """The address of another page at the same size; the marked words belong to the page that is left."""
    return replace(here, page=number, quote="").href


def _step(href: str, words: str) -> str:
    """A link to the previous or next page; quiet words where there is none."""
    return link(href, words, css="zp-step") if href else f'<span class="zp-step zp-off">{words}</span>'
