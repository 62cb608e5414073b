"""Portefeuilles: all eight at a glance with what binds them, one on a page, or two side by side."""

from __future__ import annotations

import streamlit as st

from app_pages import _frame, _resources
from app_pages._links import QUESTION_LIMIT, DocumentAddress, SearchAddress
from app_pages._marking import escape, isolated
from app_pages._parts import counted, link, notice_html, title_html
from app_pages._portefeuilles import profiles
from app_pages._portefeuilles.cross_html import connections_html, cross_links_html, pair_html
from app_pages._portefeuilles.profile_html import (
    chair_html,
    others_html,
    parts_html,
    profile_html,
    side_by_side_html,
)
from app_pages._portefeuilles.profile_links import FirstDayAddress, PortefeuilleAddress, parse_portefeuille
from app_pages._wie_is_wie.people_links import PeopleAddress
from app_pages._zoeken.search_box import search_box, typed_in
from index.cross_links import CrossLinks
from index.profiles import Part, Portefeuille, Profile
from ingest.portefeuilles import PORTEFEUILLES

NOTHING = "Geen van de bronnen vertelt iets per portefeuille. Het bureau kan een overdrachtsdocument toevoegen."


def show() -> None:
    """The page, from the address bar: ?portefeuille=Sport, with &naast=… or &noemt=… for another one."""
    address, problems = parse_portefeuille(_resources.query_params())
    found = profiles.portefeuilles(_resources.searcher())
    links = profiles.links_between(found)
    by_name = {one.name: one for one in found}
    if not address.name:
        _overview(found, links, problems)
        return
    back = f'<p class="zp-back">{link(PortefeuilleAddress().href, "← Alle portefeuilles")}</p>'
    _frame.put(back + notice_html(problems))
    if address.named:
        _pair(address, links)
    elif address.beside:
        _beside(by_name[address.name], by_name[address.beside])
    else:
        _one(by_name[address.name], links)


def _overview(found: tuple[Portefeuille, ...], links: CrossLinks, problems: tuple[str, ...]) -> None:
    """A card for each portefeuille, then which of them name each other."""
    if not any(one.profiles for one in found):
        _frame.put(title_html("Portefeuilles") + notice_html((*problems, NOTHING)))
        return
    first_day = link(FirstDayAddress().href, "Uw eerste dag")
    cards = "".join(f"<li>{_card_html(one, links)}</li>" for one in found)
    _frame.put(
        f"{title_html('Portefeuilles')}{notice_html(problems)}"
        f"<p>Wat de overdracht over elke portefeuille vertelt, regel voor regel met de bron. "
        f"Nieuw als bestuurder? {first_day} zet uw portefeuilles op een paar vellen papier.</p>"
        f'<ul class="zp-cards">{cards}</ul>{cross_links_html(links)}'
    )


def _card_html(portefeuille: Portefeuille, links: CrossLinks) -> str:
    """Name, chair, and how much there is to read."""
    name, profile = portefeuille.name, profiles.main_profile(portefeuille)
    title = f"<h2>{link(PortefeuilleAddress(name).href, escape(name))}</h2>"
    if profile is None:
        return f"{title}<p>De overdracht vertelt niets over deze portefeuille.</p>"
    counts = (
        (sum(line.level < 2 for line in profile.lines(Part.RUNNING)), "lopend dossier"),
        (len(profile.lines(Part.POINTS)), "aandachtspunt"),
        (sum(one == name for one, _ in links), "andere portefeuille genoemd"),
    )
    told = " · ".join(f'<span class="zp-told-of">{counted(count, noun)}</span>' for count, noun in counts if count)
    return f'{title}{chair_html(profile)}<p class="zp-quiet">{told}</p>'


def _one(portefeuille: Portefeuille, links: CrossLinks) -> None:
    """All that the handover tells of one portefeuille, and how to go on from there."""
    name, profile = portefeuille.name, profiles.main_profile(portefeuille)
    st.set_page_config(page_title=f"{name} · {_frame.NAME}")
    _frame.put(f"{title_html(f'Portefeuille {name}')}{_sources_html(portefeuille)}")
    _search_box(name)
    _frame.put(_ways_html(name))
    if profile is None:
        _frame.put(notice_html([f"De overdracht vertelt niets over de portefeuille {name}."]))
    else:
        told = f"{profile_html(profile)}{connections_html(name, links)}"
        _frame.put(f'{parts_html(profile)}<div class="zp-profile">{told}</div>')
    _frame.put(others_html(portefeuille))


def _search_box(name: str) -> None:
    """A question within this portefeuille; the search page answers it, with the filter on."""
    asked = search_box("zoek-in-portefeuille", "Zoek in deze portefeuille", "in-portefeuille", QUESTION_LIMIT)
    if asked and (question := typed_in("in-portefeuille")):
        st.switch_page("app_pages/zoeken.py", query_params=SearchAddress(question, (name,)).params)


def _beside(first: Portefeuille, second: Portefeuille) -> None:
    """Two portefeuilles, part by part."""
    names = first.name, second.name
    st.set_page_config(page_title=f"{names[0]} naast {names[1]} · {_frame.NAME}")
    ways = " · ".join(
        [
            link(PortefeuilleAddress(names[0]).href, f"Alleen {escape(names[0])}"),
            link(PortefeuilleAddress(names[1]).href, f"Alleen {escape(names[1])}"),
            link(PortefeuilleAddress(names[0], named=names[1]).href, "Waar zij elkaar noemen"),
        ]
    )
    columns = [(one.name, profiles.main_profile(one)) for one in (first, second)]
    _frame.put(
        f"{title_html(f'{names[0]} naast {names[1]}')}{_sources_html(first)}<p>{ways}</p>"
        f'<div class="zp-profile zp-wider">{side_by_side_html(columns[0], columns[1])}</div>'
    )


def _pair(address: PortefeuilleAddress, links: CrossLinks) -> None:
    """The lines in which two portefeuilles name each other."""
    one, other = address.name, address.named
    st.set_page_config(page_title=f"{one} en {other} · {_frame.NAME}")
    beside = link(PortefeuilleAddress(one, other).href, "Zet de twee portefeuilles naast elkaar")
    _frame.put(f"{title_html(f'{one} en {other}')}<p>{beside}</p>{pair_html(one, other, links)}")


def _sources_html(portefeuille: Portefeuille) -> str:
    """Which document tells it, and which older ones do too."""
    if not portefeuille.profiles:
        return ""
    main, *older = (link(_place(one).href, isolated(one.document.title)) for one in portefeuille.profiles)
    also = f" Ook in: {', '.join(older)}." if older else ""
    return f'<p class="zp-quiet">Letterlijk uit: {main}.{also}</p>'


def _place(profile: Profile) -> DocumentAddress:
    """The page on which a portefeuille's own section begins."""
    return DocumentAddress(profile.document.id, min(line.page for line in profile.all_lines))


def _ways_html(name: str) -> str:
    """See its people, print it for a first day, or put another one beside it."""
    ways = " ".join(
        [
            link(PeopleAddress(portefeuille=name).href, "Wie is wie", css="zp-step", label=f"Wie is wie in {name}"),
            link(FirstDayAddress((name,)).href, "Eerste dag", css="zp-step", label=f"Eerste dag met {name}"),
        ]
    )
    others = "".join(
        f"<li>{link(PortefeuilleAddress(name, other).href, escape(other), css='zp-chip')}</li>"
        for other in PORTEFEUILLES
        if other != name
    )
    return (
        f'<p class="zp-ways">{ways}</p><details class="zp-compare"><summary>Vergelijk met een andere portefeuille'
        f"</summary><ul>{others}</ul></details>"
    )


show()
