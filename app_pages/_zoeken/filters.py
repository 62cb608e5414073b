"""The filters of a search as HTML: every value a link that puts it on or off, with how many passages it would bring.

Pure functions from values to strings. How the passages spread over the portefeuilles is drawn as bars in its own rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app_pages._links import ELLIPSIS, Filter, SearchAddress
from app_pages._marking import escape, isolated
from app_pages._parts import link
from index.results import SearchResult
from ingest.portefeuilles import PORTEFEUILLES

# Values of a filter that are shown before the rest goes behind 'Meer'; the eight portefeuilles are always shown.
SHOWN = 6
# Characters of a question in a link's words.
QUESTION_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a filter: what stands in the address bar, what a reader sees, its passages, whether it is on."""

    value: str
    name: str
    count: int
    on: bool


def filters_html(result: SearchResult, address: SearchAddress, titles: Mapping[str, str]) -> str:
    """All filters that offer a choice, folded on a phone; nothing if none does. `titles` has documents' by their id."""
    facets = (
        (Filter.PORTEFEUILLE, "Portefeuille", _in_order(Filter.PORTEFEUILLE, address, result.facet_portefeuilles)),
        (Filter.DOCUMENT, "Document", _by_count(Filter.DOCUMENT, address, result.facet_documents, titles)),
        (Filter.SOORT, "Soort", _by_count(Filter.SOORT, address, result.facet_kinds, {})),
        (Filter.UITGEVER, "Uitgever", _by_count(Filter.UITGEVER, address, result.facet_publishers, {})),
        (Filter.JAAR, "Jaar", _years(address, result.facet_years)),
    )
    rows = "".join(_facet_html(name, title, values, address) for name, title, values in facets)
    if not rows:
        return ""
    on = address.filters_on
    clear = link(address.without_filters().href, "Alle filters uit", css="zp-clear zp-stay") if on else ""
    words = f"Filters ({on} aan)" if on else "Filters"
    return (
        '<section class="zp-filters"><h2 class="zp-sr">Filters</h2>'
        f'<details class="zp-fold"><summary>{words}</summary><div>{clear}{rows}</div></details></section>'
    )


def all_in_portefeuilles_html(address: SearchAddress, portefeuilles: Collection[str]) -> str:
    """'Alles in de portefeuille Sport over: …', a link each; nothing where that is what is being looked at."""
    question = address.question
    shown = question if len(question) <= QUESTION_SHOWN else question[: QUESTION_SHOWN - 1].rstrip() + ELLIPSIS
    items = "".join(
        f"<li>{link(address.all_of(Filter.PORTEFEUILLE, name).href, words)}</li>"
        for name in PORTEFEUILLES
        if name in portefeuilles and address.portefeuilles != (name,)
        for words in [f"Alles in {escape(name)} over ‘{isolated(shown)}’"]
    )
    return f'<ul class="zp-all">{items}</ul>' if items else ""


def kind_in_words(kind: str) -> str:
    """What a reader sees of a register's kind: 'rapport' → 'rapport'; 'link' → 'gevonden via een link'."""
    return "gevonden via een link" if kind == "link" else kind


def _in_order(name: Filter, address: SearchAddress, counts: Mapping[str, int]) -> list[Value]:
    """Portefeuilles in the order of the handover."""
    chosen = address.chosen(name)
    return [Value(one, one, counts.get(one, 0), one in chosen) for one in PORTEFEUILLES if one in {*counts, *chosen}]


def _by_count(name: Filter, address: SearchAddress, counts: Mapping[str, int], names: Mapping[str, str]) -> list[Value]:
    """What is on first, then what brings most."""
    chosen = address.chosen(name)
    values = [
        Value(one, names.get(one) or kind_in_words(one), counts.get(one, 0), one in chosen)
        for one in {*counts, *chosen}
    ]
    return sorted(values, key=lambda one: (not one.on, -one.count, one.name.casefold(), one.value))


def _years(address: SearchAddress, counts: Mapping[str, int]) -> list[Value]:
    """The latest year first."""
    chosen = address.years
    return [Value(one, one, counts.get(one, 0), one in chosen) for one in sorted({*counts, *chosen}, reverse=True)]


def _facet_html(name: Filter, title: str, values: Sequence[Value], address: SearchAddress) -> str:
    """One filter; one that has a single value and is off offers no choice."""
    if len(values) <= 1 and not any(value.on for value in values):
        return ""
    most = max(value.count for value in values)
    bars = name is Filter.PORTEFEUILLE
    rows = [_row_html(name, value, address, most if bars else 0) for value in values]
    shown = len(rows) if bars else max(SHOWN, sum(value.on for value in values))
    folded = rows[shown:]
    more = (
        f'<details><summary>Meer<span class="zp-sr"> bij {title.lower()}</span> ({len(folded)})</summary>'
        f"<ul>{''.join(folded)}</ul></details>"
        if folded
        else ""
    )
    return (
        f'<nav class="zp-facet" aria-label="Filter op {title.lower()}"><p>{title}</p>'
        f"<ul>{''.join(rows[:shown])}</ul>{more}</nav>"
    )


def _row_html(name: Filter, value: Value, address: SearchAddress, most: int) -> str:
    """'Sport 4', or '× Sport 4' when it is on; with `most`, a bar as long as its share of the most frequent one.

    The bar says what the number says, so who cannot see it misses nothing.
    """
    sign = '<span aria-hidden="true">× </span>' if value.on else ""
    noun = "passage" if value.count == 1 else "passages"
    state = ". Staat aan" if value.on else ""
    width = round(100 * value.count / most) if most else 0
    bar = f'<span class="zp-share" aria-hidden="true"><span style="width:{width}%"></span></span>' if most else ""
    content = (
        f'<span class="zp-name">{sign}{isolated(value.name)}</span> '
        f'<span class="zp-number-of">{value.count}<span class="zp-sr"> {noun}{state}</span></span>{bar}'
    )
    href = address.toggled(name, value.value).href
    return f"<li>{link(href, content, css='zp-row zp-stay', current='true' if value.on else '')}</li>"
