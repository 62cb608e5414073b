"""Draws scale.svg from scale.json. Run in the peers' environment, which has matplotlib:

python -m eval.benchmarks.scale.plot eval/results
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.benchmarks.peers.plot import OURS, opened

_PEERS = ("#475569", "#0369a1", "#4d7c0f", "#7e22ce", "#0e7490")


def main(folder: Path) -> None:
    """Three panels over the number of passages: time, memory, recall; a line an engine."""
    rows = json.loads((folder / "scale.json").read_text(encoding="utf-8"))["sizes"]
    pyplot = opened("scale")
    figure, (time, memory, found) = pyplot.subplots(1, 3, figsize=(11, 3.6))
    engines = list(dict.fromkeys(peer["engine"] for row in rows for peer in row["peers"]))
    colours = dict(zip(engines, _PEERS, strict=False))
    for panel, key, peers_key in (
        (time, "p50_ms", "p50_ms"),
        (memory, "rss_gib", "rss_gib"),
        (found, "recall@10", "meaning_recall@10"),
    ):
        sizes = [row["passages"] for row in rows]
        panel.plot(sizes, [row[key] for row in rows], "o-", color=OURS, linewidth=2, label="ours")
        for engine in engines:
            panel.plot(*_line(rows, engine, peers_key), "o-", color=colours[engine], markersize=4, label=engine)
        panel.set_xscale("log")
        panel.grid(alpha=0.3)
        panel.set_xlabel("passages")
    sizes = [row["passages"] for row in rows]
    time.plot(sizes, [row["p95_ms"] for row in rows], ":", color=OURS, label="ours, p95")
    time.set_yscale("log")
    time.yaxis.set_major_formatter("{x:g}")
    found.set_ylim(0, 1.03)
    time.set_title("whole search, p50, ms", loc="left", fontsize=10)
    memory.set_title("memory of the process, GiB", loc="left", fontsize=10)
    found.set_title("recall@10 (ours: whole; peers: meaning)", loc="left", fontsize=10)
    time.legend(frameon=False, fontsize=7)
    figure.tight_layout()
    figure.savefig(folder / "scale.svg", metadata={"Date": None})


def _line(rows: Sequence[Mapping[str, Any]], engine: str, key: str) -> tuple[list[int], list[float]]:
    points = [(row["passages"], peer[key]) for row in rows for peer in row["peers"] if peer["engine"] == engine]
    return [size for size, _ in points], [figure for _, figure in points]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
