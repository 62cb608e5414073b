"""`python -m eval.benchmarks.peers` measures our search beside other engines, which it installs for that aside.

1 the engines' environment · 2 questions and vectors · 3 tuning · 4 every engine, ours first · 5 table, or JSON.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from eval.beir import BeirError
from eval.benchmarks.environments import EnvironmentFailedError, python_of, quiet_environment, versions_of
from eval.benchmarks.peers.comparing import ROUNDS, Ask, PeerFailedError, ask_in, compare, result_of, tune
from eval.benchmarks.peers.engines import ENGINES
from eval.benchmarks.peers.material import of_beir, of_questions
from eval.benchmarks.peers.ours import run_ours
from eval.benchmarks.peers.report import report_of, save, set_of, table_of
from eval.questions import QuestionsError
from index.encoder import Encoder, load_encoder
from index.errors import SearchIndexError
from index.settings import ROOT, Settings

RESULTS = ROOT / "eval" / "results"
QUESTIONS = ROOT / "eval" / "questions.jsonl"
# What the engines' settings are tuned on: questions on the handover that are not among the measured ones.
TUNING = ROOT / "eval" / "answerable_extra.jsonl"

# What is written to a file or a log gets the width that it needs.
WIDTH = 110

# Each the newest that the others let be installed beside it; matplotlib draws the plot.
REQUIREMENTS = (
    "lancedb==0.40.0",
    "txtai==9.14.0",
    "haystack-ai==3.4.0",
    "chromadb==1.5.9",
    "bm25s==0.3.16",
    "PyStemmer==3.1.0",
    "matplotlib==3.11.2",
    "torch==2.13.0",  # txtai does not start without it; the version of our own environment
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs and returns the exit status: 0 measured, 1 it could not be, 2 wrong usage."""
    settings = Settings.of_environment()
    parser = argparse.ArgumentParser(
        prog="python -m eval.benchmarks.peers", description="Meet ons zoeken naast dat van andere zoekmotoren."
    )
    parser.add_argument("--questions", type=Path, default=QUESTIONS, metavar="FILE", help="vragen met citaten")
    parser.add_argument("--beir", type=Path, metavar="DIR", help="ook een openbare set in de vorm van BEIR")
    parser.add_argument("--data", type=Path, default=settings.data, help="map met de zoekindex")
    parser.add_argument("--json", action="store_true", help="geef de cijfers als JSON")
    parser.add_argument("--save", action="store_true", help="bewaar tabel, cijfers en grafiek in eval/results")
    given = parser.parse_args(arguments)
    console = Console(stderr=True, quiet=given.json)
    try:
        console.print("Andere zoekmotoren klaarzetten (de eerste keer duurt dat enkele minuten) …")
        python = python_of("peers", REQUIREMENTS)  # 1
        encoder = load_encoder(settings.model, settings.models)
        report = measure(given.questions, given.beir, given.data, encoder, ask_in(python), _versions(python), console)
    except (SearchIndexError, QuestionsError, BeirError, EnvironmentFailedError, PeerFailedError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    if given.save:
        save(report, RESULTS)
        command = [str(python), "-m", "eval.benchmarks.peers.plot", str(RESULTS)]
        subprocess.run(command, cwd=ROOT, env=quiet_environment(), check=True)
    if given.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for measured in report["sets"]:
            Console(width=None if sys.stdout.isatty() else WIDTH).print(table_of(measured))
    return 0


def measure(
    questions: Path,
    beir: Path | None,
    data: Path,
    encoder: Encoder,
    ask: Ask,
    versions: dict[str, str],
    console: Console,
) -> dict[str, Any]:
    """All engines on the questions and, if given, on a public set with the settings that were tuned for the former."""
    material = of_questions(questions, data, encoder)  # 2
    tuning = of_questions(TUNING, data, encoder)
    tunings = {}
    for name, engine in ENGINES.items():  # 3
        if engine.grid:
            console.print(f"{engine.title}: {len(engine.grid) + 1} instellingen proberen …")
            tunings[name] = tune(name, engine, tuning, material, ask)
    sets = []
    for one in [material, *([of_beir(beir, data, encoder)] if beir else [])]:  # 4
        console.print(f"{one.name}: meten …")
        results = [result_of("ours", "", {}, run_ours(one, encoder, ROUNDS), one)]
        for name, engine in ENGINES.items():
            tuned = tunings[name].settings if name in tunings else engine.default
            results += compare(name, engine, tuned, one, ask)
        sets.append(set_of(one, results))
    return report_of(sets, tunings, versions, encoder.name)  # 5


def _versions(python: Path) -> dict[str, str]:
    return versions_of(python, [package for engine in ENGINES.values() for package in engine.packages])


if __name__ == "__main__":
    sys.exit(main())
