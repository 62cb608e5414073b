"""The rows of links by which a reader goes through a document: page by page, and from one place to the next.

Pure functions from values to strings, as in _parts.
"""

from __future__ import annotations

from dataclasses import replace

from app_pages._links import DocumentAddress
from app_pages._marking import escape
from app_pages._parts import link

# From so many pages on there is a box for the page to go to; in a shorter document every page is near.
MANY_PAGES = 6


def page_steps_html(here: DocumentAddress, pages: int) -> str:
    """Previous and next page, where the reader is, and the way to any other; nothing for a document of one page."""
    go_to = _go_to_html(here, pages) if pages >= MANY_PAGES else ""
    return _pages_html(here, pages, "Bladeren", between=go_to) if pages > 1 else ""


def page_links_html(here: DocumentAddress, pages: int) -> str:
    """The same for beneath the page, with the way to any page near it, both ends included."""
    if pages < 2:
        return ""
    near = [one for one in range(1, pages + 1) if one in (1, pages) or abs(one - here.page) <= 2]
    numbers = []
    for before, one in zip([0, *near], near, strict=False):
        if one - before > 1:
            numbers.append('<li aria-hidden="true">…</li>')
        current = "page" if one == here.page else ""
        number_link = link(other_page(here, one), str(one), css="zp-number", current=current, label=f"Pagina {one}")
        numbers.append(f"<li>{number_link}</li>")
    return _pages_html(here, pages, "Bladeren, onderaan", below=f'<ul class="zp-numbers">{"".join(numbers)}</ul>')


def _go_to_html(here: DocumentAddress, pages: int) -> str:
    """A box for the number of a page. A form of the browser's own, so that it works without the script as well."""
    kept = replace(here, quote="", heading="").params
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, values in kept.items()
        for value in values
        if name != "pagina"
    )
    return (
        f'<form class="zp-goto" action="document" method="get">{hidden}<label>Ga naar pagina '
        f'<input type="number" name="pagina" min="1" max="{pages}" required inputmode="numeric" autocomplete="off">'
        '</label> <button type="submit" class="zp-button">Ga</button></form>'
    )


def _pages_html(here: DocumentAddress, pages: int, name: str, *, between: str = "", below: str = "") -> str:
    """`name` tells a screen reader which of the page's rows of links this is; the others are ways to further pages."""
    number = here.page
    previous = other_page(here, number - 1) if number > 1 else ""
    following = other_page(here, number + 1) if number < pages else ""
    return (
        f'<nav class="zp-pages" aria-label="{name}">'
        f"{step_html(previous, '← Vorige', 'Vorige pagina', rel='prev')}"
        f'<p class="zp-count">Pagina <strong>{number}</strong> van {pages}</p>'
        f"{between}{step_html(following, 'Volgende →', 'Volgende pagina', rel='next')}{below}</nav>"
    )


def step_html(href: str, words: str, label: str = "", *, rel: str = "", css: str = "") -> str:
    """A link to the previous or next one; quiet words where there is none."""
    if not href:
        return f'<span class="zp-step zp-off">{words}</span>'
    return link(href, words, css=f"zp-step {css}".strip(), label=label, rel=rel)


def other_page(here: DocumentAddress, number: int) -> str:
    """The address of another page at the same size; the marked words belong to the page that is left."""
    return replace(here, page=number, quote="", heading="").href
