"""How far a run is and what it brought, as HTML: pure functions from values to strings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app_pages._beheer.runs import Version
from app_pages._links import DocumentAddress
from app_pages._marking import escape, isolated
from app_pages._parts import counted, link, thousands
from ingest.ledger import Change
from ingest.progress import Outcome, RunState

# Passages that are told of one document; a report of a large change would not be read to its end.
_MOST_PASSAGES = 20
# Beside the version that answers.
ANSWERS_NOW = ' <strong class="zp-change zp-nieuw">geeft nu antwoord</strong>'
_STAGES = ("Rapporten ophalen", "Bronnen lezen", "Betekenis vastleggen", "Controleren en publiceren")
_HEADINGS = {
    Outcome.KLAAR: "De laatste inlezing is gelukt",
    Outcome.MISLUKT: "De laatste inlezing is mislukt",
    Outcome.WEGGEVALLEN: "De laatste inlezing is afgebroken",
}


def running_html(run: RunState, began: str, seconds: float) -> str:
    """A run that goes on: its stage, how far, since when."""
    told = f"{thousands(run.done)} van {thousands(run.total)}" if run.total else "bezig"
    share = f' value="{run.done}" max="{run.total}"' if run.total else ""
    current = ' aria-current="step"'
    stages = "".join(f"<li{current if stage == run.stage else ''}>{escape(stage)}</li>" for stage in _STAGES)
    return (
        '<section class="zp-card zp-run"><h3>De bronnen worden ingelezen</h3>'
        f'<p role="status"><strong>{escape(run.stage)}</strong>: {told}</p>'
        f'<progress aria-label="{escape(run.stage)}"{share}></progress>'
        f'<ol class="zp-stages">{stages}</ol>'
        f'<p class="zp-quiet">Begonnen op {escape(began)}, {_lasted(seconds)} geleden. U kunt deze pagina sluiten: '
        "het inlezen gaat door, en zoeken kan gewoon.</p></section>"
    )


def ended_html(run: RunState, said: str, ended: str) -> str:
    """How the last run ended."""
    trouble = "" if run.outcome is Outcome.KLAAR else " zp-onzeker"
    return (
        f'<section class="zp-card{trouble}"><h3>{_HEADINGS[run.outcome]}</h3>'
        f'<p>{escape(said)}</p><p class="zp-quiet">{escape(ended)}, in {_lasted(run.told - run.started)}</p></section>'
    )


def versions_html(found: Sequence[Version]) -> str:
    """The versions, youngest first, with which one answers."""
    rows = []
    for one in found:
        about = escape(one.problem) if one.problem else _sized(one)
        now = ANSWERS_NOW if one.current else ""
        rows.append(f'<li>{escape(one.made)}{now}<br><span class="zp-quiet">{about}</span></li>')
    return f'<ul class="zp-list">{"".join(rows)}</ul>' if rows else "<p>Er is nog geen versie.</p>"


def report_html(report: Mapping[str, Any]) -> str:
    """What the last run that published brought: totals, what could not be read and why, what changed and where."""
    sources = [one for one in report.get("sources", []) if isinstance(one, dict)]
    readable = [one for one in sources if one.get("passages")]
    refused = [one for one in sources if not one.get("passages") and one.get("reason")]
    passages = counted(sum(int(one["passages"]) for one in readable), "passage")
    parts = [f"<p>{counted(len(readable), 'bron')} doorzoekbaar, samen {passages}.</p>", _documents_html(report)]
    warned = [one for one in readable if one.get("warnings") or one.get("reason")]
    fresh = [one for one in warned if one.get("change") != Change.ONGEWIJZIGD]
    if fresh:
        parts.append(f"<h3>Let op</h3><ul>{''.join(map(_warned, fresh))}</ul>")
    if known := [one for one in warned if one not in fresh]:
        head = f"<summary>Opmerkingen bij {counted(len(known), 'bron')} waarin niets is veranderd</summary>"
        parts.append(f"<details>{head}<ul>{''.join(map(_warned, known))}</ul></details>")
    if refused:
        items = "".join(
            f"<li>{isolated(str(one['title']))}: {escape(str(one['state']))}. "
            f'<span class="zp-quiet">{escape(str(one["reason"]))}</span></li>'
            for one in refused
        )
        head = f"<summary>{counted(len(refused), 'bron')} niet doorzoekbaar: waarom?</summary>"
        parts.append(f"<details>{head}<ul>{items}</ul></details>")
    return "".join(parts)


def _documents_html(report: Mapping[str, Any]) -> str:
    changes = report.get("changes", {})
    groups = changes.get("portefeuilles", []) if isinstance(changes, dict) else []
    if not groups:
        return "<p>In de tekst is niets veranderd.</p>"
    counts = [f"{count} {word}" for word, count in changes.get("documents", {}).items() if count]
    parts = [f"<p>Documenten: {escape(', '.join(counts))}.</p>"] if counts else []
    for group in groups:
        parts.append(f"<h3>{isolated(str(group['name']))}</h3><ul>")
        parts += [_document_html(one) for one in group["documents"]]
        parts.append("</ul>")
    return "".join(parts)


def _document_html(one: Mapping[str, Any]) -> str:
    title = isolated(str(one["title"]))
    after = int(one["passages_after"])
    name = link(DocumentAddress(str(one["document_id"])).href, title) if after else title
    told = str(one["note"]) or counted(after or int(one["passages_before"]), "passage")
    passages = [change for change in one["passages"] if change["words"]]
    items = "".join(_passage_html(change) for change in passages[:_MOST_PASSAGES])
    rest = len(passages) - _MOST_PASSAGES
    more = f"<p>… en nog {counted(rest, 'passage')}</p>" if rest > 0 else ""
    summary = f"<summary>{counted(len(passages), 'passage')} veranderd</summary>"
    details = f"<details>{summary}<ul>{items}</ul>{more}</details>" if passages else ""
    return f"<li>{name}: {escape(str(one['change']))}, {escape(told)}{details}</li>"


def _passage_html(change: Mapping[str, Any]) -> str:
    """One passage: what went struck through, what came marked, both also said in words to a screen reader."""
    place = change["new"] or change["old"] or {"pages": []}
    page = f"p. {int(place['pages'][0])}" if place["pages"] else ""
    words = []
    for old, new in change["words"]:
        if old == new:
            words.append(escape(str(old)))
        else:
            words += [f"<del>{escape(str(old))}</del>"] if old else []
            words += [f"<ins>{escape(str(new))}</ins>"] if new else []
    return f"<li>{escape(str(change['change']))}, {page}: {' '.join(words)}</li>"


def _warned(one: Mapping[str, Any]) -> str:
    said = " ".join(str(part) for part in (one.get("reason"), *one.get("warnings", ())) if part)
    return f'<li>{isolated(str(one["title"]))}: <span class="zp-quiet">{escape(said)}</span></li>'


def _sized(one: Version) -> str:
    return f"{counted(one.documents, 'document')}, {counted(one.passages, 'passage')}"


def _lasted(seconds: float) -> str:
    """75 → '1 minuut en 15 seconden', 8 → '8 seconden'."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    told = [counted(minutes, "minuut")] if minutes else []
    if minutes < 10 and (rest or not minutes):
        told.append(counted(rest, "seconde"))
    return " en ".join(told)
