"""Beheer, for the bureau only: sources, files that come in, runs, begrippen, and how the portal is used."""

from __future__ import annotations

import streamlit as st

from app_pages import _frame, _resources
from app_pages._beheer import access, begrippen_page, register_page, runs_page, upload_page, usage_report
from app_pages._beheer.access import Decision
from app_pages._beheer.links import BeheerAddress, Part, parse_beheer
from app_pages._marking import escape, isolated
from app_pages._parts import link, title_html

_NAMES = {
    Part.SOURCES: "Bronnen",
    Part.ADD: "Toevoegen",
    Part.RUNS: "Inlezen",
    Part.BEGRIPPEN: "Begrippen",
    Part.USAGE: "Gebruik",
}


def show() -> None:
    """Draws the page for whoever may see it; for anybody else why not, and what to do."""
    decision = access.here()
    _frame.put(title_html("Beheer"))
    if not decision.allowed:
        _refusal(decision)
        return
    address = parse_beheer(_resources.query_params())
    _frame.put(_menu_html(address.part))
    if address.part is Part.ADD:
        upload_page.show(address, decision.who)
    elif address.part is Part.RUNS:
        runs_page.show()
    elif address.part is Part.BEGRIPPEN:
        begrippen_page.show()
    elif address.part is Part.USAGE:
        usage_report.show()
    else:
        register_page.show(address.source)
    if decision.who:
        _logged_in(decision.who)


def _refusal(decision: Decision) -> None:
    st.html(f'<section class="zp-card zp-onzeker"><p>{escape(decision.why)}</p></section>')
    if decision.can_log_in:
        st.button("Inloggen", type="primary", on_click=st.login)
    elif decision.who:
        _logged_in(decision.who)


def _logged_in(who: str) -> None:
    st.html(f'<p class="zp-quiet zp-who">Ingelogd als {isolated(who)}</p>')
    st.button("Uitloggen", on_click=st.logout)


def _menu_html(current: Part) -> str:
    items = "".join(
        f"<li>{link(BeheerAddress(part).href, name, current='page' if part is current else '')}</li>"
        for part, name in _NAMES.items()
    )
    return f'<nav class="zp-parts" aria-label="Beheer"><ul>{items}</ul></nav>'


show()
