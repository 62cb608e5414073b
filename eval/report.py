"""Questions put to a searcher, and the figures: as the contract's JSON and as a table that a person can read."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from eval.measures import bootstrap_auc_interval, bootstrap_interval, hit_at, ndcg, reciprocal_rank, roc_auc
from eval.questions import Question
from index.results import SearchResult, Status

K = 10
# The contract's measures, in its order.
MEASURES = ("hit@1", "hit@3", "hit@10", "mrr@10", "ndcg@10", "page@3", "auc", "lost", "refused")

# So much is shown of a quote and of what came first: with what stands before it, a line of a report in a log.
SHOWN = 97


@dataclass(frozen=True, slots=True)
class Judged:
    """One question with what the search made of it. `relevant` tells of each hit whether it answers."""

    question: Question
    result: SearchResult
    relevant: tuple[bool, ...]

    @property
    def right_page(self) -> bool:
        """Whether a right page of the right document is among the first three."""
        first = self.result.hits[:3]
        return any(
            hit.document.file == self.question.document and bool(set(hit.passage.pages) & set(self.question.pages))
            for hit in first
        )

    @property
    def shows_both(self) -> bool:
        """Whether the answer and what is shown beside it give what two documents say, each with its date."""
        answer = self.result.answer
        shown = [(answer.text, answer.hit), *((other.text, other.hit) for other in answer.others)]
        saying = (hit.document for text, hit in shown if hit and self.question.is_answered_by(text))
        return len({document.id for document in saying if document.date}) > 1

    @property
    def figures(self) -> dict[str, float]:
        """The measures of an answerable question. Each gold quote's passage gains 1; the first k are judged."""
        gains = [float(found) for found in self.relevant]
        figures = {f"hit@{k}": hit_at(self.relevant, k) for k in (1, 3, 10)}
        figures["mrr@10"] = reciprocal_rank(self.relevant)
        # One passage that answers is enough for a reader, so the ideal is one at the top.
        first = next((rank for rank, found in enumerate(self.relevant) if found), None)
        single = [float(rank == first) for rank in range(len(gains))]
        figures["ndcg@10"] = ndcg(single, [1.0])
        figures["lost"] = float(self.result.answer.status is Status.NIET_GEVONDEN)
        return figures


def judge(questions: Sequence[Question], search: Callable[[str], SearchResult]) -> list[Judged]:
    """Puts every question to the search."""
    judged: list[Judged] = []
    for question in questions:
        result = search(question.question)
        relevant = tuple(question.is_answered_by(hit.passage.text) for hit in result.hits)
        judged.append(Judged(question, result, relevant))
    return judged


def figures_of(judged: Sequence[Judged]) -> dict[str, object]:
    """The contract's JSON; a figure that has nothing to be measured on is null."""
    kinds = dict.fromkeys(one.question.kind for one in judged)
    figures: dict[str, object] = dict(_figures(judged))
    figures["kinds"] = {kind: _figures([one for one in judged if one.question.kind == kind]) for kind in kinds if kind}
    return figures


def _figures(judged: Sequence[Judged]) -> dict[str, float | int | None]:
    values = _values(judged)
    auc = roc_auc(*_confidences(judged))
    figures: dict[str, float | int | None] = {"n": len(judged)}
    for name in MEASURES:
        figures[name] = _mean(values[name]) if name != "auc" else None if auc is None else round(auc, 4)
    return figures


def _intervals(judged: Sequence[Judged]) -> dict[str, tuple[float, float]]:
    """The 95 % interval of each measure; (nan, nan) for one that has nothing to be measured on."""
    intervals = {name: bootstrap_interval(values) for name, values in _values(judged).items()}
    return intervals | {"auc": bootstrap_auc_interval(*_confidences(judged))}


def _values(judged: Sequence[Judged]) -> dict[str, list[float]]:
    """What each question that a measure is taken on gives, for all measures that are a mean over questions.

    One answerable question, found first: {'hit@1': [1.0], …, 'lost': [0.0], 'refused': [], 'wrong': []}
    """
    answerable = [one for one in judged if one.question.answerable]
    statuses = [one.result.answer.status for one in judged if not one.question.answerable]
    names = ("hit@1", "hit@3", "hit@10", "mrr@10", "ndcg@10", "lost")
    figures = [one.figures for one in answerable]
    values = {name: [one[name] for one in figures] for name in names}
    paged = [one for one in answerable if one.question.document and one.question.pages]
    values["page@3"] = [float(one.right_page) for one in paged]
    values["refused"] = [float(status is Status.NIET_GEVONDEN) for status in statuses]
    values["wrong"] = [float(status is Status.GEVONDEN) for status in statuses]
    return values


def _confidences(judged: Sequence[Judged]) -> tuple[list[float], list[float]]:
    """How sure the search was: of the questions that are answerable, and of the others."""
    answerable = [one.result.answer.confidence for one in judged if one.question.answerable]
    return answerable, [one.result.answer.confidence for one in judged if not one.question.answerable]


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def print_report(judged: Sequence[Judged], console: Console) -> None:
    """A table by kind of question with 95 % intervals, the errors of the status, and the five worst questions."""
    answerable = [one for one in judged if one.question.answerable]
    table = Table(
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        title=f"{len(judged)} vragen, {len(judged) - len(answerable)} zonder antwoord in de bronnen",
    )
    for column in ("soort", "n", *MEASURES):
        table.add_column(column, justify="left" if column == "soort" else "right", no_wrap=True)
    for kind in dict.fromkeys(one.question.kind for one in judged):
        _add_rows(table, Text(kind or "–"), [one for one in judged if one.question.kind == kind])
    table.add_section()
    _add_rows(table, Text("alle", style="bold"), judged)
    console.print(Group(table, *_status_errors(judged), *_contradictions(judged), *_worst(answerable)))


def _add_rows(table: Table, name: Text, judged: Sequence[Judged]) -> None:
    """The figures of some questions, and below them between what bounds they lie."""
    figures, intervals = _figures(judged), _intervals(judged)
    table.add_row(name, str(len(judged)), *(_shown(figures[measure]) for measure in MEASURES), style=name.style)
    table.add_row("", "", *(_bounds(*intervals[measure]) for measure in MEASURES), style="dim")


def _shown(value: float | int | None) -> str:
    if value is None:
        return ""
    return "1.00" if value >= 1 else f"{value:.3f}".removeprefix("0")


def _bounds(low: float, high: float) -> str:
    """'.83–1.0', no wider than a column's name."""
    if math.isnan(low):
        return ""
    return "–".join("1.0" if bound > 0.995 else f"{bound:.2f}".removeprefix("0") for bound in (low, high))


def _status_errors(judged: Sequence[Judged]) -> list[Text]:
    """The two errors of the status: an answer called not found, and one found that is not there."""
    values, intervals = _values(judged), _intervals(judged)
    said = {
        "lost": "beantwoordbare vragen heten 'niet gevonden'",
        "wrong": "vragen zonder antwoord heten 'gevonden'",
    }
    return [
        Text(f"{sum(values[name]):.0f} van {len(values[name])} {what} (95 %: {_bounds(*intervals[name])})")
        for name, what in said.items()
        if values[name]
    ]


def _contradictions(judged: Sequence[Judged]) -> list[Text]:
    """Of the questions on which documents say different things, those where that is not shown."""
    asked = [one for one in judged if one.question.both]
    if not asked:
        return []
    missed = [one.question.id for one in asked if not one.shows_both]
    told = f"Bij {len(asked) - len(missed)} van {len(asked)} tegenspraken staan beide bronnen er, met hun datum"
    return [Text(told + (f"; niet bij {', '.join(missed)}." if missed else "."))]


def _worst(answerable: Sequence[Judged], count: int = 5) -> list[Text]:
    """The questions whose answer came last or not at all, with what was shown instead."""
    ranked = sorted(answerable, key=lambda one: (one.figures["mrr@10"], one.question.id))
    lines = [Text("\nDe slechtste vragen", style="bold")]
    for one in [one for one in ranked if one.figures["mrr@10"] < 1][:count]:
        first = one.result.hits[0] if one.result.hits else None
        shown = f"{first.document.file}: {' '.join(first.passage.text.split())}" if first else "niets"
        rank = next((str(rank) for rank, found in enumerate(one.relevant, start=1) if found), "–")
        lines.append(Text(f"{one.question.id} (plaats {rank}): {one.question.question}"))
        lines.append(Text(f"    gezocht: {one.question.quotes[0][:SHOWN]}", style="green"))
        lines.append(Text(f"    eerst:   {shown[:SHOWN]}", style="dim"))
    return lines
