"""Eerste dag: what a new administrator needs first of the portefeuilles that are chosen, to read or to print."""

from __future__ import annotations

import streamlit as st

from app_pages import _frame, _resources
from app_pages._marking import escape, isolated
from app_pages._parts import dutch_date, notice_html, title_html
from app_pages._portefeuilles import profiles as _profiles
from app_pages._portefeuilles.first_day import (
    agenda_html,
    first_day_html,
    linked_profiles,
    portefeuilles_html,
    sheet_parts_html,
)
from app_pages._portefeuilles.profile_links import FirstDayAddress, parse_first_day
from index.profiles import Portefeuille, Profile

INTRODUCTION = (
    "Kies uw portefeuilles. U ziet dan wie de voorzitter is, wie waar zit, welke data eraan komen en wat er loopt. "
    "Elke regel staat letterlijk in de overdracht."
)


def show() -> None:
    """The page, from the address bar: ?portefeuille=Sport&portefeuille=…"""
    address, problems = parse_first_day(_resources.query_params())
    found = _profiles.portefeuilles(_resources.searcher())
    _frame.put(
        f'{title_html("Uw eerste dag")}<p class="zp-screen">{INTRODUCTION}</p>'
        f"{portefeuilles_html(address)}{notice_html(problems)}"
    )
    if address.names:
        _chosen(address, found)


def _chosen(address: FirstDayAddress, found: tuple[Portefeuille, ...]) -> None:
    """Agenda and portefeuilles, with what a sheet of paper must say of itself."""
    st.set_page_config(page_title=f"Eerste dag: {', '.join(address.names)} · {_frame.NAME}")
    profiles = {one.name: profile for one in found if (profile := _profiles.main_profile(one))}
    links = _profiles.links_between(found)
    chosen = [profiles[name] for name in address.names if name in profiles]
    missing = [
        f"De overdracht vertelt niets over de portefeuille {name}." for name in address.names if name not in profiles
    ]
    _frame.put(_sheet_html(address, chosen) + notice_html(missing))
    if chosen:
        _frame.put(sheet_parts_html(chosen) + agenda_html(chosen, _profiles.today()))
    _frame.put("".join(first_day_html(one, linked_profiles(one, profiles.values(), links)) for one in chosen))


def _sheet_html(address: FirstDayAddress, chosen: list[Profile]) -> str:
    """The print button; on paper the portefeuilles, the documents and the day."""
    titles = ", ".join(isolated(title) for title in dict.fromkeys(one.document.title for one in chosen))
    made = dutch_date(_profiles.today().isoformat())
    about = f"Letterlijk uit: {titles}. Gemaakt op {made}." if titles else f"Gemaakt op {made}."
    return (
        '<p class="zp-screen"><button type="button" class="zp-print">Afdrukken of bewaren als PDF</button></p>'
        f'<p class="zp-printed">Portefeuilles: {escape("; ".join(address.names))}</p><p class="zp-quiet">{about}</p>'
    )


show()
