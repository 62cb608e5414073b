"""`python -m eval.benchmarks.scale` measures search on a thousand to a million passages, beside other engines.

For each size: 1 the corpus, made once (corpora.py) · 2 our search in a fresh process, cold opened · 3 recall, against
the same search with every passage in play · 4 the peers, each in a process of its own. All sizes together are kept as
eval/results/scale.json, .md and .svg, and docs/capacity.md is written out of them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from eval.benchmarks.environments import EnvironmentFailedError, python_of, quiet_environment
from eval.benchmarks.peers.__main__ import REQUIREMENTS, WIDTH
from eval.benchmarks.scale import capacity
from eval.benchmarks.scale.asked import questions
from eval.benchmarks.scale.measuring import Measuring, ScaleError
from eval.benchmarks.scale.report import report_of, save, table_of
from eval.questions import QuestionsError
from index.errors import SearchIndexError
from index.settings import ROOT, Settings

SIZES = (1_000, 10_000, 100_000, 1_000_000)
RESULTS = ROOT / "eval" / "results"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, keeps the results of a whole run, and returns the exit status: 0 measured, 1 it could not be."""
    settings = Settings.of_environment()
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.scale", description=__doc__)
    parser.add_argument("--sizes", type=_sizes, default=SIZES, help="1000,10000: fewer passages than a whole run")
    parser.add_argument("--data", type=Path, default=settings.data, help="what the corpora are grown out of")
    parser.add_argument("--without-peers", action="store_true", help="measure our own search only")
    parser.add_argument("--json", action="store_true", help="print the figures of each size as JSON")
    given = parser.parse_args(arguments)
    console = Console(stderr=True, quiet=given.json)
    try:
        python = None if given.without_peers else python_of("peers", REQUIREMENTS)
        measuring = Measuring(given.data, settings.data / "scale", questions(), settings, python, console.print)
        embedding = measuring.embedding()
        rows = [measuring.row(passages) for passages in given.sizes]
    except (SearchIndexError, QuestionsError, EnvironmentFailedError, ScaleError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    if python and given.sizes == SIZES:
        save(report_of(rows, embedding, python, f"{settings.model}, questions in {settings.precision}"), RESULTS)
        drawing = [str(python), "-m", "eval.benchmarks.scale.plot", str(RESULTS)]
        subprocess.run(drawing, cwd=ROOT, env=quiet_environment(), check=True)
        capacity.write(RESULTS)
    if given.json:
        print(json.dumps(rows))
    else:
        Console(width=None if sys.stdout.isatty() else WIDTH).print(table_of(rows))
    return 0


def _sizes(given: str) -> tuple[int, ...]:
    """'1000,10000' → (1000, 10000)."""
    sizes = tuple(map(int, given.split(",")))
    if min(sizes) < 1:
        raise ValueError
    return sizes


if __name__ == "__main__":
    sys.exit(main())
