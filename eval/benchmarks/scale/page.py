"""The page that is kept beside the figures: eval/results/scale.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eval.benchmarks.scale.stages import STAGES

Row = Mapping[str, Any]

_PAGE = """\
# Search as the corpus grows

Made by `python -m eval.benchmarks.scale`. The corpora are grown out of the ingested one:
[how](../benchmarks/grown_corpus.py). What these figures mean for a given number of pages:
[docs/capacity.md](../../docs/capacity.md).

Machine: {machine}. Embedder: {embedder}. Versions: {versions}.

![Latency, memory and recall by number of passages](scale.svg)

## Our search

The whole search from question to answer, in ms, encoding included, every question a different one. Recall is of its
ten hits against those of the same search with every passage in play. Memory is the most that the process ever had,
the encoder and the files that it maps included. Opening is from disk, in a fresh process.

{ours}

Within a portefeuille that has a tenth of the passages, and one that has a thousandth:

{filtered}

By stage, p50 in ms: *fuse* is also the choice of candidates, *answer* the ordering, the facets, the hits with their
marks and the answer.

{stages}

Eight clients at once, and what making the index took, without embedding:

{together}

## Beside other engines

The same passages, one vector each, the same questions. Time is with the encoding of the question, as it was in our own
run, and for ours also with facets, marks and the answer. A peer's recall is that of its search by vectors alone against
the ten nearest passages; ours is that of the whole search, as above. Hybrid searches rank each in their own way, so
these cannot be compared; their quality is in [peers.md](peers.md). txtai and Haystack are filled in the process that is
measured, and up to 100,000 passages. LanceDB has an index of its vectors (IVF, HNSW, scalar quantisation, with its
defaults) beyond that, and is asked without it as well.

{peers}
"""

_LOT = ("p50_ms", "p95_ms", "recall@10")
_OURS = ("form", *_LOT, "rss_gib", "open_s", "first_ms", "disk_gib")


def page_of(report: Mapping[str, Any]) -> str:
    """The page, out of what scale.json holds."""
    about, rows = report["machine"], report["sizes"]
    machine = (
        f"{about['cores']} cores, {about['processor']}, {about['memory_gib']} GiB, {about['system']}, "
        f"Python {about['python']}"
    )
    return _PAGE.format(
        machine=machine,
        embedder=report["embedder"],
        versions=", ".join(f"{name} {at}" for name, at in report["versions"].items()),
        ours=table(
            ("passages", "form", "p50", "p95", "recall@10", "memory, GiB", "opening, s", "first answer", "disk, GiB"),
            ([row["passages"], *(row[key] for key in _OURS)] for row in rows),
        ),
        filtered=table(
            ("passages", "a tenth: p50", "p95", "recall@10", "a thousandth: p50", "p95", "recall@10"),
            ([row["passages"], *(row[lot][key] for lot in ("tenth", "rare") for key in _LOT)] for row in rows),
        ),
        stages=table(
            ("passages", *STAGES, "stages together, share of the whole"),
            (
                [row["passages"], *(row["stages_ms"][stage]["p50"] for stage in STAGES), row["stages_of_whole"]]
                for row in rows
            ),
        ),
        together=table(
            ("passages", "p50", "p95", "questions a second", "made in, s", "memory for that, GiB", "load"),
            (
                [
                    row["passages"],
                    *(row["together"][key] for key in ("p50_ms", "p95_ms", "per_second")),
                    *(row["build_s"], row["build_rss_gib"], _load(row)),
                ]
                for row in rows
            ),
        ),
        peers=table(
            ("passages", "engine", "p50", "p95", "search alone, p50", "recall@10", "memory, GiB", "load"),
            (cells for row in rows for cells in _engines(row)),
        ),
    )


def _engines(row: Row) -> Iterable[list[object]]:
    alone = round(row["p50_ms"] - row["stages_ms"]["encode"]["p50"], 1)
    yield [row["passages"], "ours", row["p50_ms"], row["p95_ms"], alone, row["recall@10"], row["rss_gib"], _load(row)]
    for peer in row["peers"]:
        found = f"{shown(peer['meaning_recall@10'])} (meaning)"
        times = (peer["p50_ms"], peer["p95_ms"], peer["search_ms"]["p50"])
        yield [row["passages"], peer["engine"], *times, found, peer["rss_gib"], peer["load"]]
    for engine, why in row["failed"].items():
        yield [row["passages"], engine, why, *[""] * 5]


def _load(row: Row) -> str:
    return " to ".join(map(str, row["load"]))


def table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(titles) + " |", "|" + "---|" * len(titles)]
    return "\n".join([*lines, *("| " + " | ".join(map(shown, cells)) + " |" for cells in rows)])


def shown(figure: object) -> str:
    """1000 → '1,000', 0.98765 → '0.988', 123.456 → '123.5'."""
    if isinstance(figure, float):
        return f"{figure:.1f}" if figure >= 10 else f"{figure:.3f}".rstrip("0").rstrip(".")
    return f"{figure:,}" if isinstance(figure, int) else str(figure)
