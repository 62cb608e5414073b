"""Which portefeuilles name each other as HTML: a table to click on, the same as a list, and the lines themselves.

Pure functions from values to strings, as in _parts.
"""

from __future__ import annotations

from collections.abc import Sequence

from app_pages._marking import escape
from app_pages._parts import counted, link
from app_pages._portefeuilles.cross_picture import picture_html
from app_pages._portefeuilles.profile_html import line_html
from app_pages._portefeuilles.profile_links import PortefeuilleAddress
from index.cross_links import CrossLinks, Naming
from ingest.portefeuilles import PORTEFEUILLES


def cross_links_html(found: CrossLinks) -> str:
    """The whole of it: table (a list on a phone) and picture; a sentence if no portefeuille names another."""
    if not found:
        return "<h2>Dwarsverbanden</h2><p>De overdracht noemt geen verbanden tussen portefeuilles.</p>"
    return (
        '<section class="zp-cross"><h2>Dwarsverbanden</h2>'
        "<p>Welke portefeuille noemt een andere, en in hoeveel regels? Klik op een getal en u leest die regels.</p>"
        f"{_table_html(found)}{_list_html(found)}{picture_html(found)}</section>"
    )


def connections_html(name: str, found: CrossLinks) -> str:
    """Of one portefeuille: which others it names, and which name it."""
    named = _named_by(name, found)
    naming = [_pair_link(other, name, found, other) for other in PORTEFEUILLES if (other, name) in found]
    rows = "".join(
        f"<li>{words} {', '.join(links)}</li>"
        for words, links in (("Noemt:", named), ("Wordt genoemd door:", naming))
        if links
    )
    told = f"<ul>{rows}</ul>" if rows else "<p>De overdracht noemt geen verband met een andere portefeuille.</p>"
    return f'<section class="zp-part"><h2>Dwarsverbanden</h2>{told}</section>'


def pair_html(name: str, other: str, found: CrossLinks) -> str:
    """The lines in which one portefeuille names the other, and those the other way round."""
    return _namings_html(name, other, found.get((name, other), ())) + _namings_html(
        other, name, found.get((other, name), ())
    )


def _namings_html(name: str, other: str, namings: Sequence[Naming]) -> str:
    lines = "".join(f"<li>{line_html(naming.line, naming.marks)}</li>" for naming in namings)
    told = f'<ul class="zp-list zp-namings">{lines}</ul>' if lines else "<p>Geen enkele regel.</p>"
    return f"<section><h2>{escape(name)} noemt {escape(other)}</h2>{told}</section>"


def _table_html(found: CrossLinks) -> str:
    """A row for the one that names, a column for the one that is named."""
    columns = "".join(
        f'<th scope="col"><span aria-hidden="true">{escape(short)}</span><span class="zp-sr">{escape(name)}</span></th>'
        for name, short in PORTEFEUILLES.items()
    )
    rows = "".join(
        f'<tr><th scope="row">{link(PortefeuilleAddress(name).href, escape(name))}</th>'
        f"{''.join(_cell_html(name, other, found) for other in PORTEFEUILLES)}</tr>"
        for name in PORTEFEUILLES
    )
    return (
        '<table class="zp-matrix"><caption>Elke rij is een portefeuille die noemt, elke kolom een die genoemd wordt'
        f'</caption><thead><tr><th scope="col">Noemt</th>{columns}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _cell_html(name: str, other: str, found: CrossLinks) -> str:
    if name == other:
        return '<td class="zp-self"><span class="zp-sr">zichzelf</span></td>'
    count = len(found.get((name, other), ()))
    if not count:
        return '<td><span aria-hidden="true">·</span><span class="zp-sr">geen</span></td>'
    label = f"{name} noemt {other}: {counted(count, 'regel')}"
    return f"<td>{link(PortefeuilleAddress(name, named=other).href, str(count), css='zp-count-of', label=label)}</td>"


def _list_html(found: CrossLinks) -> str:
    """The same, for a screen that is too narrow for the table: 'Sport noemt: Ruimte en Wonen (1)'."""
    rows = []
    for name in PORTEFEUILLES:
        named = _named_by(name, found)
        if named:
            rows.append(f"<li><strong>{escape(name)}</strong> noemt: {', '.join(named)}</li>")
    return f'<ul class="zp-list zp-matrix-list">{"".join(rows)}</ul>'


def _named_by(name: str, found: CrossLinks) -> list[str]:
    """A link for each portefeuille that this one names."""
    return [_pair_link(name, other, found, other) for other in PORTEFEUILLES if (name, other) in found]


def _pair_link(name: str, other: str, found: CrossLinks, words: str) -> str:
    """A link to the lines in which one names the other: 'Ruimte en Wonen (2)'."""
    count = len(found[name, other])
    label = f"{name} noemt {other}: {counted(count, 'regel')}"
    return link(PortefeuilleAddress(name, named=other).href, f"{escape(words)} ({count})", label=label)
