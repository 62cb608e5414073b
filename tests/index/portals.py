"""What a whole portal has on disk, for the tests of backups: what it answers, what people told it, and its files."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from index.__main__ import result_as_json
from index.searcher import Searcher
from tests.conftest import ToyEncoder

QUESTIONS = (
    "Wie is voorzitter van Onderwijs en Cultuur?",
    "Welke zorgverzekeraar is preferent?",
    "wind op land",
    "Wanneer stelde het DOE het programmaplan vast?",
    "zzz",
)


def answers(data: Path) -> list[str]:
    searcher = Searcher(data, ToyEncoder())
    results = (result_as_json(question, searcher.search(question)) for question in QUESTIONS)
    return [json.dumps({**result, "seconds": 0}, ensure_ascii=False) for result in results]


def feedback(data: Path) -> list[int]:
    with closing(sqlite3.connect(data / "feedback.sqlite")) as connection:
        return [row[0] for row in connection.execute("SELECT helpful FROM feedback")]


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
