"""Wie is wie: everyone whom the sources name in a public role, sought by name or by subject."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app_pages import _frame, _resources
from app_pages._marking import printable
from app_pages._parts import notice_html, title_html
from app_pages._wie_is_wie import everyone
from app_pages._wie_is_wie.people import choice_html, filters_html, people_html, person_html, within
from app_pages._wie_is_wie.people_links import WHO_LIMIT, PeopleAddress, parse_people
from app_pages._zoeken.search_box import search_box, typed_in


def show() -> None:
    """The page, from the address bar: ?wie=…&gemeente=…&portefeuille=…, or ?persoon=… for one person."""
    searcher = _resources.searcher()
    address = parse_people(_resources.query_params())
    people = everyone.people(searcher)
    named = people.named(address.person) if address.person else ()
    if len(named) == 1:
        st.set_page_config(page_title=f"{printable(named[0].name.text)} · {_frame.NAME}")
        documents = {document.id: document for document in searcher.documents()}
        _frame.put(person_html(named[0], people.namesakes(named[0]), address, documents))
        return
    if named:
        _frame.put(choice_html(named, address))
        return
    _box(address.everyone)
    if address.person:
        _frame.put(notice_html(["Deze persoon staat niet (meer) in de bronnen. Zoek hieronder op naam."]))
    found = people.search(address.who)
    _frame.put(filters_html(found, address.everyone) + people_html(within(found, address), address.everyone))


def _box(address: PeopleAddress) -> None:
    """The name or subject and its button. The address bar is the truth: the box shows what stands there."""
    _frame.put(
        title_html("Wie is wie") + "<p>Iedereen die de bronnen noemen met een openbare functie, "
        "zoals wethouder of voorzitter van een overleg.</p>"
    )
    st.session_state["wie"] = address.who
    search_box("wie-zoekt-u", "Naam of onderwerp", "wie", WHO_LIMIT, _ask, address)


def _ask(address: PeopleAddress) -> None:
    """Put what was typed in the address bar, with the filters that were on."""
    st.query_params.from_dict(replace(address, who=typed_in("wie")).params)


show()
