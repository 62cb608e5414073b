"""Pieces of the collection's page as HTML: what the script reads, a kept passage with its source, buttons that copy."""

from __future__ import annotations

from app_pages._links import DocumentAddress, query_string, quote_for_link
from app_pages._marking import escape, isolated, passage_html
from app_pages._parts import link, source_line
from app_pages._rows import stretch_with_rows_html
from app_pages._verzameling.collection import SHOWN, Collection, sheet_params
from app_pages._verzameling.found import Found, Stand


def state_html(collection: Collection, edits: int) -> str:
    """The list for the script, which keeps it in the browser when it is the reader's own and he changed it here.

    `edits` counts his changes: another list that comes by the back button is none. Whether the list is his own only the
    browser knows, so the notice of a shared one stands ready for the script to show.
    """
    return (
        f'<div class="zp-collection" data-list="{escape(collection.as_json)}" data-edits="{edits}">'
        '<div class="zp-notice zp-shared" hidden><p><strong>Dit is een gedeelde lijst.</strong> '
        "Wat u hier verandert, staat alleen in deze link, niet in uw eigen verzameling.</p>"
        f"<p>{_button('Voeg toe aan mijn verzameling', 'zp-add')} "
        '<a class="zp-link zp-mine" href="./verzamelen" hidden>Naar mijn verzameling</a></p></div>'
        '<p class="zp-not-kept zp-quiet" hidden>Uw browser bewaart deze verzameling niet. Kopieer de link als u haar '
        "later nog nodig hebt.</p></div>"
    )


def empty_html() -> str:
    """No passages yet: how to keep one."""
    return (
        "<p>Er staat niets in uw verzameling.</p>"
        "<ol><li>Zoek een passage, of open een document.</li>"
        "<li>Klik bij een passage op <strong>Bewaar</strong>. In het menu ziet u hoeveel u er hebt.</li>"
        "<li>Kom hier terug. Zet de passages op volgorde, schrijf er iets bij en neem ze mee naar Word.</li></ol>"
        f"<p>{link('./', 'Naar zoeken')}</p>"
        '<p class="zp-quiet">Uw verzameling blijft in deze browser. Niemand anders ziet haar, tenzij u de link deelt.'
        "</p>"
    )


def passage_found_html(number: int, kept: Found) -> str:
    """A kept passage: its source as a heading and a link, what is wrong with it, its words as the page has them."""
    if kept.document is None:
        head = f"{number}. Document {isolated(kept.item.document)} · p. {kept.item.page}"
    else:
        address = DocumentAddress(kept.document.id, kept.page, quote_for_link(kept.text) or kept.item.quote)
        source = source_line(kept.document, kept.heading_path, kept.page, with_date=True)
        head = f"{number}. {link(address.href, source)}"
    said = stretch_with_rows_html(kept.passage, kept.span) if kept.passage else passage_html(kept.text)
    words = f'<blockquote class="zp-text zp-kept">{said}</blockquote>' if kept.text else ""
    return f'<h3 class="zp-source">{head}</h3>{_remark_html(kept)}{words}'


def sheets_html(collection: Collection, sheet: int, where: str) -> str:
    """Where a long list goes on: '1 – 10 · 11 – 20 · 21 – 23', the sheet that is shown marked; nothing for a short one.

    It stands on the page twice; `where` tells the two apart for who hears them.
    """
    if len(collection.sheets()) == 1:
        return ""
    items = []
    for number in collection.sheets():
        first, last = 1 + SHOWN * (number - 1), min(SHOWN * number, len(collection.items))
        words = f"{first} – {last}" if last > first else str(first)
        href = "./verzamelen" + query_string(sheet_params(collection, number))
        current = "page" if number == sheet else ""
        items.append(f"<li>{link(href, words, css='zp-chip', current=current, label=f'Passages {words}')}</li>")
    return (
        f'<nav class="zp-filter" aria-label="Passages per {SHOWN}, {where} de lijst"><p>Passages</p>'
        f"<div><ul>{''.join(items)}</ul></div></nav>"
    )


def copy_link_html() -> str:
    """The button that copies the address of this list."""
    return _button("Kopieer link", "zp-copy")


def copy_html(number: int, cited: str) -> str:
    """The button that copies how one passage is cited."""
    label = f"Kopieer verwijzing {number}"
    return _button("Kopieer verwijzing", "zp-copy", f' data-copy="{escape(cited)}" aria-label="{label}"')


def _remark_html(kept: Found) -> str:
    """What a reader must know before he uses it; nothing if the quote stands where the link says."""
    if kept.document is None:
        sentence = "Dit document is er niet (meer). De passage gaat niet mee als u de verzameling meeneemt."
    elif kept.stand is Stand.GONE and kept.item.quote:
        sentence = (
            "Deze woorden staan niet (meer) in het document. De passage gaat niet mee als u de verzameling meeneemt."
        )
    elif kept.stand is Stand.GONE:
        sentence = f"Het document heeft geen pagina {kept.item.page} (meer). De passage gaat niet mee."
    elif kept.stand is Stand.ELSEWHERE:
        sentence = f"Deze woorden staan nu op pagina {kept.page}. Eerst was dat pagina {kept.item.page}."
    else:
        return "" if kept.text else '<p class="zp-quiet">De hele pagina, zonder citaat.</p>'
    lost = kept.stand is Stand.GONE and kept.item.quote
    sought = f'<p class="zp-quiet">In de link stond: ‘{isolated(kept.item.quote)}’</p>' if lost else ""
    return f'<div class="zp-notice"><p>{sentence}</p>{sought}</div>'


def _button(words: str, css: str, attributes: str = "") -> str:
    return f'<button type="button" class="zp-button {css}"{attributes}>{words}</button>'
