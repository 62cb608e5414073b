"""Eerste dag as HTML: what a new administrator of some portefeuilles needs first, each line with its source.

Pure functions from values to strings, as in _parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from app_pages._marking import escape
from app_pages._parts import choice_html, counted, dutch_date, jumps_html, link
from app_pages._portefeuilles.profile_html import chair_html, line_html, part_html
from app_pages._portefeuilles.profile_links import FirstDayAddress, PortefeuilleAddress
from index.agenda import Dated, agenda_of
from index.cross_links import CrossLinks
from index.profiles import Part, Profile
from ingest.portefeuilles import PORTEFEUILLES


def portefeuilles_html(address: FirstDayAddress) -> str:
    """The eight portefeuilles, each a link that chooses it or leaves it out."""
    items = "".join(_portefeuille_html(address, name) for name in PORTEFEUILLES)
    return f'<nav class="zp-choice" aria-label="Uw portefeuilles"><p>Uw portefeuilles:</p><ul>{items}</ul></nav>'


def agenda_html(profiles: Sequence[Profile], today: date) -> str:
    """Dates that are still to come, the nearest first; the past ones folded away beneath."""
    portefeuille_of = {line: profile.portefeuille for profile in profiles for line in profile.all_lines}
    agenda = agenda_of(portefeuille_of, today)

    def rows(dated: Iterable[Dated]) -> str:
        return "".join(_dated_html(one, portefeuille_of[one.line] if len(profiles) > 1 else "") for one in dated)

    coming = rows(agenda.coming)
    told = f'<ol class="zp-agenda">{coming}</ol>' if coming else "<p>De overdracht noemt geen data die nog komen.</p>"
    count = counted(len(agenda.past), "regel")
    past = (
        f"<details><summary>Voorbij op {dutch_date(today.isoformat())} ({count})</summary>"
        f'<ol class="zp-agenda">{rows(agenda.past)}</ol></details>'
        if agenda.past
        else ""
    )
    order = "De eerstvolgende datum staat boven. Ook het einde van afspraken en plannen staat erbij."
    explained = f'<p class="zp-quiet">{order}</p>' if coming else ""
    return f'<section class="zp-part"><h2>Data die eraan komen</h2>{explained}{told}{past}</section>'


def sheet_parts_html(profiles: Sequence[Profile]) -> str:
    """Links to the portefeuilles further down, where there are several."""
    names = [profile.portefeuille for profile in profiles]
    return jumps_html((_id_of(name), name) for name in names) if len(names) > 1 else ""


def first_day_html(profile: Profile, linked: Sequence[Profile]) -> str:
    """One portefeuille; `linked` are those that it names or that name it, whose chairs one will meet."""
    name = profile.portefeuille
    ahead = part_html(profile, Part.AHEAD, 4)
    met = part_html(profile, Part.PARTNERS, 4) + _chairs_html(linked)
    sections = (
        (Part.HEAD.value, part_html(profile, Part.HEAD, 4)),
        ("Wie zit waar: afspraken en netwerken", part_html(profile, Part.NETWORK, 4)),
        ("Wat er loopt", part_html(profile, Part.RUNNING, 4)),
        ("Waar u op let", part_html(profile, Part.POINTS, 4) + ahead),
        ("Met wie u kennismaakt", met),
    )
    told = "".join(f"<h3>{title}</h3>{html}" for title, html in sections)
    title = f'<h2 id="{_id_of(name)}">{link(PortefeuilleAddress(name).href, escape(name))}</h2>'
    return f'<section class="zp-first-day">{title}{told}</section>'


def linked_profiles(profile: Profile, others: Iterable[Profile], links: CrossLinks) -> tuple[Profile, ...]:
    """The other portefeuilles that this one names or that name it."""
    name = profile.portefeuille
    return tuple(
        one
        for one in others
        if one is not profile and ((name, one.portefeuille) in links or (one.portefeuille, name) in links)
    )


def _id_of(name: str) -> str:
    """'Sport' → 'portefeuille-5', its place among the eight."""
    return f"portefeuille-{list(PORTEFEUILLES).index(name) + 1}"


def _portefeuille_html(address: FirstDayAddress, name: str) -> str:
    """'✓ Sport' when it is chosen, 'Sport' when it is not."""
    on = name in address.names
    sign = '<span aria-hidden="true">✓</span> ' if on else ""
    label = f"{name} weglaten" if on else f"{name} kiezen"
    return choice_html(address.toggled(name).href, f"{sign}{escape(name)}", on, label)


def _dated_html(dated: Dated, portefeuille: str) -> str:
    """The date in the document's own words, then the line, with the portefeuille where there are several."""
    whose = f'<span class="zp-quiet">{escape(portefeuille)}:</span> ' if portefeuille else ""
    span = (dated.moment.start, dated.moment.end)
    when = escape(dated.moment.words[:1].upper() + dated.moment.words[1:])
    return f'<li><strong class="zp-when">{when}</strong><span>{whose}{line_html(dated.line, [span])}</span></li>'


def _chairs_html(linked: Sequence[Profile]) -> str:
    """Who chairs the portefeuilles that this one is connected with."""
    if not linked:
        return ""
    items = "".join(
        f"<li><strong>{escape(one.portefeuille)}</strong>{chair_html(one, source=True)}</li>" for one in linked
    )
    return f"<h4>Voorzitters van verbonden portefeuilles</h4><ul>{items}</ul>"
