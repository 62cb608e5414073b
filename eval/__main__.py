"""`python -m eval [FILE.jsonl]` puts questions to the published version; `--beir DIR` measures on a public set.

With `--corpus DIR` the questions are put to that folder of documents, read anew where it changed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from eval.beir import BeirError, evaluate
from eval.questions import QuestionsError, read_questions
from eval.report import K, figures_of, judge, print_report
from index.encoder import load_encoder
from index.errors import SearchIndexError
from index.searcher import open_searcher
from index.settings import ROOT, Settings
from ingest.__main__ import main as ingest

WIDTH = 110


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs and returns the exit status: 0 measured, 1 it could not be, 2 wrong usage."""
    settings = Settings.of_environment()
    parser = argparse.ArgumentParser(prog="python -m eval", description="Meet hoe goed er gezocht wordt.")
    parser.add_argument("file", nargs="?", type=Path, help="vragen met citaten (standaard: eval/questions.jsonl)")
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="meet op de documenten in deze map")
    parser.add_argument("--beir", type=Path, metavar="DIR", help="een openbare set in de vorm van BEIR")
    parser.add_argument("--data", type=Path, default=settings.data, help="map met de zoekindex")
    parser.add_argument("--json", action="store_true", help="geef de cijfers als JSON")
    given = parser.parse_args(arguments)
    if given.beir and (given.file or given.corpus):
        parser.error("geef bij --beir geen bestand met vragen en geen --corpus")
    file = given.file or ROOT / "eval" / "questions.jsonl"
    try:
        if given.beir:
            _beir(given.beir, given.data, settings, as_json=given.json)
            return 0
        data = data_of(given.corpus, given.data) if given.corpus else given.data
        if given.corpus and (status := _ingested(given.corpus, data)):
            return status
        _questions(file, data, settings, as_json=given.json)
    except (SearchIndexError, QuestionsError, BeirError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def data_of(corpus: Path, data: Path) -> Path:
    """The data folder in which a corpus of the evaluation is kept: 'eval/generated/corpus' → 'data/eval/1c0f…'."""
    return data / "eval" / hashlib.sha256(str(corpus.resolve()).encode()).hexdigest()[:16]


def _ingested(corpus: Path, data: Path) -> int:
    """Reads what is new in a corpus and returns the ingest's status; its report must not mix with the figures."""
    with redirect_stdout(sys.stderr):
        return ingest(["--corpus", str(corpus), "--data", str(data), "--offline"])


def _questions(file: Path, data: Path, settings: Settings, *, as_json: bool) -> None:
    questions = read_questions(file)
    searcher = open_searcher(
        data, model=settings.model, models=settings.models, precision=settings.precision, backend=settings.backend
    )
    judged = judge(questions, lambda question: searcher.search(question, k=K))
    if as_json:
        print(json.dumps(figures_of(judged), ensure_ascii=False, indent=2))
    else:
        # a table cut off says nothing: written to a file or a log, it gets the width that it needs
        width = None if sys.stdout.isatty() else WIDTH
        print_report(judged, Console(highlight=False, width=width))


def _beir(folder: Path, data: Path, settings: Settings, *, as_json: bool) -> None:
    console = Console(stderr=True, quiet=as_json)
    with Progress(console=console, transient=True, disable=as_json) as progress:
        tasks = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=total)
            progress.update(tasks[stage], completed=done)

        encoder = load_encoder(settings.model, settings.models)
        asking = load_encoder(settings.model, settings.models, precision=settings.precision)
        figures = evaluate(folder, data, encoder, show, asking)
    if as_json:
        print(json.dumps(figures, indent=2))
        return
    table = Table(title=str(folder.name))
    for column in ("", "ndcg@10", "recall@100", "mrr@10"):
        table.add_column(column, justify="left" if not column else "right")
    for run, row in figures.items():
        table.add_row(run, *(f"{value:.3f}" for value in row.values()))
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
