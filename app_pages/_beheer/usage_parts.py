"""How the portal is used, as HTML: every chart beside a table with the same numbers.

Pure functions from values to strings, as in _parts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app_pages._beheer.links import PERIODS, UsageAddress
from app_pages._links import DocumentAddress, SearchAddress, quote_for_link
from app_pages._marking import escape, isolated
from app_pages._parts import chips_html, choice_html, counted, dutch_date, link, path_html
from app_pages._zoeken.answer import STATUS_WORDS
from app_pages._zoeken.feedback import REASONS
from index.usage import DAYS_KEPT, Mark, Tally, UsageReport, Verdict
from ingest.documents import Passage

# The kinds of a bar, from below: class, name.
_KINDS = (("found", "gevonden"), ("unsure", "onzeker"), ("nothing", "niet gevonden"))
# Words of a passage that are shown, so that the bureau knows which one it is.
_WORDS = 24


@dataclass(frozen=True, slots=True)
class Marked:
    """A passage that readers said something of; without title its document is gone, without passage its words are."""

    mark: Mark
    said: Mapping[Verdict, int]
    title: str
    passage: Passage | None


def periods_html(address: UsageAddress) -> str:
    """The periods to choose from, each a link."""
    chips = [choice_html(UsageAddress(days).href, f"{days} dagen", days == address.days) for days in PERIODS]
    return chips_html("Periode", chips, label="Periode")


def totals_html(report: UsageReport, days: int) -> str:
    """'In de laatste 30 dagen: 120 vragen. 10% kreeg geen antwoord, 20% een onzeker antwoord.'"""
    sum_of = _sum(list(report.days.values()))
    if not sum_of.total:
        return f"<p>In de laatste {days} dagen zijn er geen vragen geteld.</p>"
    nothing, unsure = _share(sum_of.nothing, sum_of), _share(sum_of.unsure, sum_of)
    return (
        f"<p>In de laatste {days} dagen: <strong>{counted(sum_of.total, 'vraag')}</strong>. "
        f"{nothing} kreeg geen antwoord, {unsure} een onzeker antwoord.</p>"
        '<p class="zp-quiet">Een vraag telt één keer, ook als de lezer filters gebruikt of teruggaat. Van wie de vraag '
        "kwam, wordt niet bewaard.</p>"
    )


def days_html(report: UsageReport) -> str:
    """Questions a day: bars, and a table of the days that had any."""
    tallies = list(report.days.items())
    most = max((tally.total for _, tally in tallies), default=0)
    if not most:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{dutch_date(day.isoformat())}</th>{_cells(tally)}</tr>'
        for day, tally in reversed(tallies)
        if tally.total
    )
    first, last = (dutch_date(day.isoformat()) for day in (tallies[0][0], tallies[-1][0]))
    busiest = next(dutch_date(day.isoformat()) for day, tally in tallies if tally.total == most)
    label = (
        f"Staafdiagram van de vragen per dag. De meeste op {busiest}: {most}. De getallen staan in de tabel eronder."
    )
    legend = "".join(f'<li><span class="zp-swatch zp-stack-{kind}"></span>{name}</li>' for kind, name in _KINDS)
    return (
        f'<section><h3>Vragen per dag</h3><div class="zp-chart"><span class="zp-quiet zp-most">{most}</span>'
        f"{_bars_html([tally for _, tally in tallies], most, label)}"
        f'<p class="zp-quiet zp-ends"><span>{first}</span><span>{last}</span></p></div>'
        f'<ul class="zp-legend">{legend}</ul>'
        f"<details><summary>Dezelfde getallen als tabel</summary>{_table('Dag', rows)}</details></section>"
    )


def portefeuilles_html(report: UsageReport) -> str:
    """Questions by portefeuille, with a bar beside each number of them."""
    if not report.portefeuilles:
        return ""
    most = max(tally.total for tally in report.portefeuilles.values())
    rows = "".join(
        f'<tr><th scope="row">{isolated(name or "Geen portefeuille")}{_bar(tally, most)}</th>{_cells(tally)}</tr>'
        for name, tally in report.portefeuilles.items()
    )
    return (
        "<section><h3>Per portefeuille</h3>"
        '<p class="zp-quiet">De portefeuille waarop de lezer filterde, of anders die van het antwoord. Een vraag over '
        f"twee portefeuilles telt bij allebei.</p>{_table('Portefeuille', rows)}</section>"
    )


def verdicts_html(marked: Sequence[Marked], of_nothing: Mapping[Verdict, int]) -> str:
    """What readers said of passages, each with a link to its page; and of 'niet gevonden'."""
    if not marked and not of_nothing:
        said = "<p>Nog niemand heeft iets aangegeven.</p>"
    else:
        rows = "".join(_marked_row(one) for one in marked)
        if of_nothing:
            rows += f'<tr><th scope="row">Vragen zonder antwoord</th>{_verdict_cells(of_nothing)}</tr>'
        said = (
            '<table class="zp-table zp-usage"><thead><tr><th scope="col">Passage</th><th scope="col">Ja</th>'
            f'<th scope="col">Nee</th><th scope="col">Waarom niet</th></tr></thead><tbody>{rows}</tbody></table>'
        )
    return f"<section><h3>Was dit wat u zocht?</h3>{said}</section>"


def questions_html(report: UsageReport, *, kept: bool) -> str:
    """The questions without a good answer, or why they are not shown."""
    if not kept:
        body = (
            "<p>De tekst van vragen wordt niet bewaard. Wilt u zien op welke vragen het portaal geen antwoord had? Zet "
            f"dan <code>ZOEKPORTAAL_VRAGEN_BEWAREN=ja</code> bij de instellingen. Een tekst blijft {DAYS_KEPT} dagen "
            "staan. Zeg het ook tegen de gebruikers.</p>"
        )
    elif not report.questions:
        body = "<p>Er zijn in deze periode geen vragen zonder goed antwoord.</p>"
    else:
        rows = "".join(
            f'<tr><th scope="row">{link(SearchAddress(one.question).href, isolated(one.question))}</th>'
            f'<td data-label="Uitkomst">{STATUS_WORDS[one.status][1].partition(":")[0]}</td>'
            f'<td data-label="Aantal">{one.number}</td>'
            f'<td data-label="Laatst op">{dutch_date(one.last.isoformat())}</td></tr>'
            for one in report.questions
        )
        body = (
            f'<p class="zp-quiet">Een tekst wordt na {DAYS_KEPT} dagen verwijderd.</p>'
            '<table class="zp-table zp-usage"><thead><tr><th scope="col">Vraag</th><th scope="col">Uitkomst</th>'
            f'<th scope="col">Aantal</th><th scope="col">Laatst op</th></tr></thead><tbody>{rows}</tbody></table>'
        )
    return f"<section><h3>Vragen zonder goed antwoord</h3>{body}</section>"


def _marked_row(one: Marked) -> str:
    title = isolated(one.title) if one.title else "Een document dat er niet meer is"
    page = f'{title} · <span class="zp-page">p. {one.mark.page}</span>'
    if one.passage:
        words = one.passage.text.split()
        excerpt = escape(" ".join(words[:_WORDS])[:200]) + (" …" if len(words) > _WORDS else "")
        where = DocumentAddress(one.mark.document, one.mark.page, quote_for_link(one.passage.text))
        path = f"<br>{path_html(one.passage.heading_path)}" if one.passage.heading_path else ""
        name = f'{link(where.href, page)}<span class="zp-quiet">{path}<br>{excerpt}</span>'
    elif one.title:
        where = DocumentAddress(one.mark.document, one.mark.page)
        name = f'{link(where.href, page)}<br><span class="zp-quiet">De tekst van de pagina is daarna veranderd.</span>'
    else:
        name = page
    return f'<tr><th scope="row">{name}</th>{_verdict_cells(one.said)}</tr>'


def _verdict_cells(said: Mapping[Verdict, int]) -> str:
    yes = said.get(Verdict.HELPED, 0)
    no = sum(said.values()) - yes
    reasons = "<br>".join(f"{said[one]} × {words.lower()}" for one, words in REASONS.items() if said.get(one))
    why = f'<td data-label="Waarom niet">{reasons or "–"}</td>'
    return f'<td data-label="Ja">{yes}</td><td data-label="Nee">{no}</td>{why}'


def _table(name: str, rows: str) -> str:
    return (
        f'<table class="zp-table zp-usage"><thead><tr><th scope="col">{name}</th><th scope="col">Vragen</th>'
        '<th scope="col">Onzeker</th><th scope="col">Niet gevonden</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _cells(tally: Tally) -> str:
    unsure, nothing = (f"{one} ({_share(one, tally)})" for one in (tally.unsure, tally.nothing))
    return (
        f'<td data-label="Vragen">{tally.total}</td><td data-label="Onzeker">{unsure}</td>'
        f'<td data-label="Niet gevonden">{nothing}</td>'
    )


def _bar(tally: Tally, most: int) -> str:
    """One bar along a row, hidden from a screen reader, which has the numbers beside it."""
    return f'<span class="zp-stack" aria-hidden="true">{_stretches(tally, most, "width")}</span>'


def _bars_html(tallies: Sequence[Tally], most: int, label: str) -> str:
    """A bar a day, from below: answered, with doubt, not answered. Not an SVG: Streamlit takes these out of HTML."""
    bars = "".join(f"<span>{_stretches(tally, most, 'height')}</span>" for tally in tallies)
    return f'<div class="zp-bars" role="img" aria-label="{escape(label)}">{bars}</div>'


def _stretches(tally: Tally, most: int, side: Literal["width", "height"]) -> str:
    """The stretches of one bar, a kind each, as shares of the longest bar."""
    return "".join(
        f'<span class="zp-stack-{kind}" style="{side}:{100 * number / most:.2f}%"></span>'
        for (kind, _), number in zip(_KINDS, (tally.found, tally.unsure, tally.nothing), strict=True)
        if number
    )


def _sum(tallies: Collection[Tally]) -> Tally:
    """[Tally(1, 0, 2), Tally(1, 1, 0)] → Tally(2, 1, 2)."""
    return Tally(
        sum(one.found for one in tallies), sum(one.unsure for one in tallies), sum(one.nothing for one in tallies)
    )


def _share(number: int, of: Tally) -> str:
    """A share in words that fit a table: (1, a tally of 8) → '12%'."""
    return f"{round(100 * number / of.total)}%" if of.total else "0%"
