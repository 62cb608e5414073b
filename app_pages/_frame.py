"""What stands around every page: looks, header with menu, and the pages that say that something is missing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st

from app_pages._marking import escape
from app_pages._parts import link

NAME = "Zoekportaal VDG"


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the portal: its address below the portal's own, its module, and what it is called."""

    path: str
    module: str
    title: str
    menu: bool = True  # in the menu above, or in the foot


PLACES = (
    Place("", "zoeken", "Zoeken"),
    Place("portefeuilles", "portefeuilles", "Portefeuilles"),
    Place("wie-is-wie", "wie_is_wie", "Wie is wie"),
    Place("document", "document", "Documenten"),
    Place("bronnen", "bronnen", "Bronnen"),
    Place("verzamelen", "verzamelen", "Verzameling"),
    Place("eerste-dag", "eerste_dag", "Eerste dag", menu=False),
    Place("toegankelijkheid", "toegankelijkheid", "Toegankelijkheid", menu=False),
    Place("privacy", "privacy", "Privacy", menu=False),
    Place("beheer", "beheer", "Beheer", menu=False),
)

_HERE = Path(__file__).parent


def show(current: Place) -> None:
    """Looks and header, with the menu; `current` is the page that is shown."""
    st.html(f"<style>{_together('style', '*.css')}</style>")
    st.html(
        f'<header class="zp-header">{link("./", NAME, css="zp-brand")}'
        f'<nav aria-label="Hoofdmenu"><ul>{_items_html(current, menu=True)}</ul></nav></header>'
    )
    with st.container(key="zp-script"):
        # Our own files, nothing of a reader or a document in them. The comment makes them run anew on another page.
        script = f"<script>{_together('script', '*.js')}\n// {current.path}</script>"
        st.html(script, unsafe_allow_javascript=True)


def show_foot(current: Place) -> None:
    """What stands beneath every page: the places that are seldom needed."""
    items = _items_html(current, menu=False)
    if items:
        st.html(f'<footer class="zp-foot"><nav aria-label="Over het portaal"><ul>{items}</ul></nav></footer>')


def _items_html(current: Place, *, menu: bool) -> str:
    return "".join(
        f"<li>{link('./' + one.path, one.title, current='page' if one == current else '')}</li>"
        for one in PLACES
        if one.menu is menu
    )


@cache
def _together(folder: str, pattern: str) -> str:
    """The files of a folder as one text; `base` says what the others build on, so it goes first."""
    files = sorted((_HERE / folder).glob(pattern), key=lambda file: (file.stem != "base", file.name))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def put(html: str) -> None:
    """Show HTML made by _parts; nothing for the empty string, which Streamlit would refuse."""
    if html:
        st.html(html)


def show_no_version() -> None:
    """Nothing was ingested yet: what the bureau must do."""
    st.html(
        '<section class="zp-card zp-onzeker"><h1 class="zp-h1">Er is nog niets om in te zoeken</h1>'
        "<p>De bronnen zijn nog niet ingelezen. Dat doet het bureau, met een van deze opdrachten in de map van "
        "het portaal:</p>"
        "<ul><li><code>make start</code> leest de bronnen in en opent het portaal.</li>"
        "<li><code>.venv/bin/python -m ingest</code> leest alleen de bronnen in.</li></ul>"
        "<p>Is dat klaar? Laad deze pagina dan opnieuw.</p></section>"
    )


def show_failure(what: str) -> None:
    """Something went wrong that the reader cannot help; `what` is one of our own Dutch messages, or empty."""
    st.html(
        '<section class="zp-card zp-onzeker" role="alert"><h1 class="zp-h1">Dit lukt nu niet</h1>'
        f"<p>{escape(what) or 'Er ging iets mis bij het maken van deze pagina.'}</p>"
        "<p>Laad de pagina opnieuw. Blijft het misgaan? Meld het dan bij het bureau, met de tijd en het adres "
        "van deze pagina.</p></section>"
    )
