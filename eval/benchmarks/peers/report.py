"""The comparison as JSON, as a table to read at once, and as the pages kept under eval/results/."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.table import Table

from eval.benchmarks.machine import machine
from eval.benchmarks.peers.comparing import Result, Tuning, milliseconds
from eval.benchmarks.peers.engines import ENGINES
from eval.benchmarks.peers.material import Material

FIGURES = ("hit@1", "hit@3", "mrr@10", "ndcg@10", "page@3")
_CHOICES = {"default": "standaard", "tuned": "afgestemd", "": ""}


def set_of(material: Material, results: Sequence[Result]) -> dict[str, Any]:
    """One set of questions, as it stands in the JSON."""
    return {
        "name": material.name,
        "questions": len(material.queries),
        "passages": len(material.texts),
        "asked_for": material.k,
        "encode_ms": milliseconds(material.encode_seconds),
        "results": [asdict(result) for result in results],
    }


def report_of(
    sets: Sequence[Mapping[str, Any]], tunings: Mapping[str, Tuning], versions: Mapping[str, str], embedder: str
) -> dict[str, Any]:
    """Everything that was measured, with what it was measured on."""
    return {
        "machine": {**machine(), "processor": processor()},
        "versions": dict(versions),
        "embedder": embedder,
        "sets": list(sets),
        "tuning": {name: asdict(tuning) for name, tuning in tunings.items()},
    }


def table_of(measured: Mapping[str, Any]) -> Table:
    """A set of questions as a table on the screen."""
    title = f"{measured['name']}: {measured['questions']} vragen, {measured['passages']} passages"
    caption = "tijd in ms, zonder het omzetten van de vraag in een vector ({p50} ms)".format(**measured["encode_ms"])
    table = Table(title=title, caption=caption)
    table.add_column("motor")
    table.add_column("instelling")
    for column in (*FIGURES, "p50", "p95"):
        table.add_column(column, justify="right")
    for result in measured["results"]:
        figures = [_shown(result["figures"].get(name)) for name in FIGURES]
        times = [f"{result['milliseconds'][name]:.1f}" for name in ("p50", "p95")]
        table.add_row(result["engine"], _CHOICES[result["choice"]], *figures, *times)
    return table


def save(report: Mapping[str, Any], folder: Path) -> None:
    """Writes peers.json and peers.md; the plot is drawn from the former."""
    (folder / "peers.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "peers.md").write_text(_markdown(report), encoding="utf-8")


def _markdown(report: Mapping[str, Any]) -> str:
    about, versions = report["machine"], report["versions"]
    lines = [
        "# Our search beside other engines",
        "",
        "Made by `python -m eval.benchmarks.peers --save`; how, and with which settings: "
        "[eval/benchmarks/peers](../benchmarks/peers/README.md).",
        "",
        f"Machine: {about['cores']} cores, {about['processor']}, {about['system']}, Python {about['python']}. "
        f"Embedder: {report['embedder']}. Versions: {', '.join(f'{name} {at}' for name, at in versions.items())}.",
        "",
        "![Quality and search time](peers.svg)",
    ]
    for measured in report["sets"]:
        lines += ["", *_set_lines(measured)]
    return "\n".join([*lines, "", *_tuning_lines(report["tuning"])]) + "\n"


def _set_lines(measured: Mapping[str, Any]) -> list[str]:
    lines = [
        f"## {measured['name']}: {measured['questions']} questions, {measured['passages']} passages",
        "",
        "Search time in ms, without encoding the question (p50 {p50} ms, p95 {p95} ms, the same for all).".format(
            **measured["encode_ms"]
        ),
        "",
        "| engine | settings | hit@1 | hit@3 | MRR@10 (95 %) | nDCG@10 | page@3 | p50 | p95 |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for result in measured["results"]:
        figures = [_shown(result["figures"].get(name)) for name in FIGURES]
        figures[2] += " ({:.2f}–{:.2f})".format(*result["interval"])
        times = [f"{result['milliseconds'][name]:.1f}" for name in ("p50", "p95")]
        lines.append("| " + " | ".join([result["engine"], result["choice"], *figures, *times]) + " |")
    return lines


def _tuning_lines(tunings: Mapping[str, Any]) -> list[str]:
    lines = [
        "## What tuning tried",
        "",
        "MRR@10 on the questions for tuning, and on the measured ones; the last column is the best that any of the "
        "settings that were tried reaches on the measured questions, chosen with their answers known.",
        "",
        "| engine | tried | chosen | tuning | measured | best in hindsight |",
        "|---|---|---|---|---|---|",
    ]
    for name, tuning in tunings.items():
        on_tuning, on_measured = tuning["tried"][tuning["chosen"]]
        hindsight = max(figures[1] for figures in tuning["tried"].values())
        figures = [_shown(figure) for figure in (on_tuning, on_measured, hindsight)]
        cells = [ENGINES[name].title, str(len(tuning["tried"])), tuning["chosen"], *figures]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _shown(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.3f}"


def processor(file: Path = Path("/proc/cpuinfo")) -> str:
    """'AMD EPYC', or '' where the system does not tell."""
    if not file.is_file():
        return ""
    lines = file.read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
