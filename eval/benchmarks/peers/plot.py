"""Draws peers.svg from peers.json. Run in the peers' environment, which has matplotlib:

python -m eval.benchmarks.peers.plot eval/results
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

OURS, _PEER = "#c2410c", "#475569"


def main(folder: Path) -> None:
    """One row of two panels a set of questions: quality with its interval, and search time from p50 to p95."""
    pyplot = opened("peers")
    sets = json.loads((folder / "peers.json").read_text(encoding="utf-8"))["sets"]
    height = sum(0.32 * len(measured["results"]) + 1.0 for measured in sets)
    figure, panels = pyplot.subplots(len(sets), 2, figsize=(9.5, height), sharey="row", squeeze=False)
    for measured, (quality, time) in zip(sets, panels, strict=True):
        results = measured["results"][::-1]  # the first on top
        _draw_quality(quality, results)
        _draw_time(time, results)
        quality.set_title(f"{measured['name']}: MRR@10 with 95 % interval", loc="left", fontsize=10)
        time.set_title("search time, p50 to p95, ms", loc="left", fontsize=10)
    figure.tight_layout()
    figure.savefig(folder / "peers.svg", metadata={"Date": None})


def opened(name: str) -> Any:
    """matplotlib's pyplot, set to draw as all our plots are drawn; the same figures give the same file."""
    matplotlib = import_module("matplotlib")
    matplotlib.use("svg")
    matplotlib.rcParams.update(
        {
            "svg.hashsalt": name,
            "svg.fonttype": "none",
            "font.size": 9,
            "axes.spines.top": False,
            "axes.spines.right": False,
        }
    )
    return import_module("matplotlib.pyplot")


def _draw_quality(panel: Any, results: Sequence[dict[str, Any]]) -> None:
    for place, result in enumerate(results):
        figure, (low, high) = result["figures"]["mrr@10"], result["interval"]
        panel.plot([low, high], [place, place], color=_colour(result), linewidth=1.5)
        panel.plot([figure], [place], "o", color=_colour(result))
        panel.annotate(f"{figure:.3f}", (figure, place), (0, 5), textcoords="offset points", ha="center", fontsize=7)
    panel.set_yticks(range(len(results)), [f"{result['engine']} {result['choice']}".strip() for result in results])
    panel.set_ylim(-0.6, len(results) - 0.3)
    panel.grid(axis="x", alpha=0.3)


def _draw_time(panel: Any, results: Sequence[dict[str, Any]]) -> None:
    for place, result in enumerate(results):
        times = result["milliseconds"]
        panel.plot([times["p50"], times["p95"]], [place, place], color=_colour(result), linewidth=1.5)
        panel.plot([times["p50"]], [place], "o", color=_colour(result))
        label = f"{times['p50']:.1f}"
        panel.annotate(label, (times["p50"], place), (0, 5), textcoords="offset points", ha="center", fontsize=7)
    panel.set_xscale("log")
    panel.xaxis.set_major_formatter("{x:g}")
    panel.grid(axis="x", alpha=0.3)


def _colour(result: dict[str, Any]) -> str:
    return _PEER if result["choice"] else OURS


if __name__ == "__main__":
    main(Path(sys.argv[1]))
