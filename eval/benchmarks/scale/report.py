"""The figures as JSON, and as a table to read at once."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.table import Table

from eval.benchmarks.environments import versions_of
from eval.benchmarks.machine import machine
from eval.benchmarks.peers.report import processor
from eval.benchmarks.scale.engines import PEERS
from eval.benchmarks.scale.page import page_of, shown

Row = Mapping[str, Any]

_OURS = ("faiss-cpu", "tantivy", "onnxruntime", "numpy")
_COLUMNS = (
    ("passages", "passages"),
    ("form", "form"),
    ("p50", "p50_ms"),
    ("p95", "p95_ms"),
    ("recall@10", "recall@10"),
    ("memory", "rss_gib"),
    ("opening", "open_s"),
    ("disk", "disk_gib"),
    ("made in", "build_s"),
)


def report_of(rows: Sequence[Row], embedding: Row, python: Path, model: str) -> dict[str, Any]:
    """Everything that was measured, with what it was measured on; `python` is the peers' interpreter."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "machine": {**machine(), "processor": processor(), "memory_gib": round(memory)},
        "versions": {
            **{name: version(name) for name in _OURS},
            **versions_of(python, [peer.package for peer in PEERS.values() if peer.package != "numpy"]),
        },
        "embedder": model,
        "embedding": dict(embedding),
        "sizes": list(rows),
    }


def table_of(rows: Sequence[Row]) -> Table:
    """All sizes and engines as a table on the screen."""
    caption = "ms: whole search, encoding included; GiB: all that the process had in memory at most, and on disk; s"
    table = Table(title="Search as the corpus grows", caption=caption)
    for title, _ in (("engine", ""), *_COLUMNS):
        table.add_column(title, justify="right" if title not in ("engine", "form") else "left")
    for row in rows:
        table.add_row("ours", *(shown(row[key]) for _, key in _COLUMNS))
        for peer in row["peers"]:
            table.add_row(peer["engine"], *(shown(_of_peer(peer, key)) for _, key in _COLUMNS))
    return table


def save(report: Mapping[str, Any], folder: Path) -> None:
    """Writes scale.json and scale.md; the plot is drawn from the former."""
    (folder / "scale.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "scale.md").write_text(page_of(report), encoding="utf-8")


def _of_peer(peer: Row, key: str) -> object:
    return peer["meaning_recall@10"] if key == "recall@10" else peer.get(key, "")
