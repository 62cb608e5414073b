"""What stands around every page: looks, header with menu, and the pages that say that something is missing."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app_pages._marking import escape
from app_pages._parts import link

NAME = "Zoekportaal VDG"

# The menu: address below the portal's own, and what it is called.
MENU = {"": "Zoeken", "document": "Documenten", "bronnen": "Bronnen"}

_HERE = Path(__file__).parent


def show(current: str) -> None:
    """Looks and header; `current` is the address of the page that is shown, a key of MENU."""
    st.html(_HERE / "_style.css")
    items = "".join(
        f"<li>{link('./' + path, name, current='page' if path == current else '')}</li>" for path, name in MENU.items()
    )
    st.html(
        f'<header class="zp-header">{link("./", NAME, css="zp-brand")}'
        f'<nav aria-label="Hoofdmenu"><ul>{items}</ul></nav></header>'
    )
    with st.container(key="zp-script"):
        script = (_HERE / "_browser.js").read_text(encoding="utf-8")
        # Our own file, nothing of a reader or a document in it. The comment makes it run anew on another page.
        st.html(f"<script>{script}\n// {current}</script>", unsafe_allow_javascript=True)


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
