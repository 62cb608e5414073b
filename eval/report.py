"""Questions put to a searcher, and the figures: as the contract's JSON and as a table that a person can read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from eval.measures import bootstrap_interval, hit_at, ndcg, reciprocal_rank, roc_auc
from eval.questions import Question
from index.results import SearchResult, Status

K = 10


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
    answerable = [one for one in judged if one.question.answerable]
    others = [one for one in judged if not one.question.answerable]
    paged = [one for one in answerable if one.question.document and one.question.pages]
    figures: dict[str, float | int | None] = {"n": len(judged)}
    for name in ("hit@1", "hit@3", "hit@10", "mrr@10", "ndcg@10"):
        figures[name] = _mean([one.figures[name] for one in answerable])
    figures["page@3"] = _mean([float(one.right_page) for one in paged])
    positives = [one.result.answer.confidence for one in answerable]
    auc = roc_auc(positives, [one.result.answer.confidence for one in others])
    figures["auc"] = None if auc is None else round(auc, 4)
    figures["lost"] = _mean([one.figures["lost"] for one in answerable])
    figures["refused"] = _mean([float(one.result.answer.status is Status.NIET_GEVONDEN) for one in others])
    return figures


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def print_report(judged: Sequence[Judged], console: Console) -> None:
    """A table by kind of question, 95 % intervals for the whole, and the five worst questions."""
    answerable = [one for one in judged if one.question.answerable]
    table = Table(
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        title=f"{len(judged)} vragen, {len(judged) - len(answerable)} zonder antwoord in de bronnen",
    )
    columns = ("hit@1", "hit@3", "hit@10", "mrr@10", "ndcg@10", "page@3", "auc", "lost", "refused")
    for column in ("soort", "n", *columns):
        table.add_column(column, justify="left" if column == "soort" else "right", no_wrap=True)
    for kind in dict.fromkeys(one.question.kind for one in judged):
        own = _figures([one for one in judged if one.question.kind == kind])
        table.add_row(Text(kind or "–"), str(own["n"]), *(_shown(own[column]) for column in columns))
    table.add_section()
    whole = _figures(judged)
    table.add_row("alle", str(whole["n"]), *(_shown(whole[column]) for column in columns), style="bold")
    intervals = []
    names = ("hit@1", "hit@3", "hit@10", "mrr@10", "ndcg@10") if answerable else ()
    for name in names:
        low, high = bootstrap_interval([one.figures[name] for one in answerable])
        intervals.append(f"{low:.2f}–{high:.2f}".replace("0.", "."))
    if intervals:
        table.add_row("95 %", "", *intervals, "", "", "", "", style="dim")
    console.print(Group(table, *_worst(answerable)))


def _shown(value: float | int | None) -> str:
    if value is None:
        return ""
    return "1.00" if value >= 1 else f"{value:.3f}".removeprefix("0")


def _worst(answerable: Sequence[Judged], count: int = 5) -> list[Text]:
    """The questions whose answer came last or not at all, with what was shown instead."""
    ranked = sorted(answerable, key=lambda one: (one.figures["mrr@10"], one.question.id))
    lines = [Text("\nDe slechtste vragen", style="bold")]
    for one in [one for one in ranked if one.figures["mrr@10"] < 1][:count]:
        shown = one.result.hits[0].passage.text.replace("\n", " ")[:110] if one.result.hits else "niets"
        rank = next((str(rank) for rank, found in enumerate(one.relevant, start=1) if found), "–")
        lines.append(Text(f"{one.question.id} (plaats {rank}): {one.question.question}"))
        lines.append(Text(f"    gezocht: {one.question.quotes[0][:110]}", style="green"))
        lines.append(Text(f"    eerst:   {shown}", style="dim"))
    return lines
