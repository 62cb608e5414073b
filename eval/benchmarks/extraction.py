"""`python -m eval.benchmarks.extraction`: how fast we read PDFs beside Haystack, and in which order beside pdftotext.

Speed: pages a second of CPU, one process each, the same files one after another in alternation, without OCR. CPU and
not the clock, since both use one core and whatever else the machine does would count otherwise.
Order: on pages in two columns, the share of pairs of lines that stand in the same order as pdftotext has them.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from types import TracebackType
from unittest import mock

from eval.benchmarks.environments import EnvironmentFailedError, python_of, quiet_environment, versions_of
from eval.benchmarks.machine import machine
from eval.benchmarks.reading_order import PageOrder, orders_of, pdftotext_version
from index.settings import ROOT
from ingest.documents import Document, Source
from ingest.errors import UnreadableError
from ingest.pipeline import digest_of
from ingest.readers import read_document

# cryptography: without it pypdf, and so Haystack, cannot open PDFs that anybody may read but not change.
HAYSTACK = ("haystack-ai==3.4.0", "pypdf==7.1.0", "cryptography==50.0.2")
# Each file is read so often by both, and the median counts: single readings differ by a tenth.
TIMES = 3
PROGRAM = Path(__file__).with_name("haystack_convert.py")
WORST = 10


@dataclass(frozen=True, slots=True)
class Timed:
    """One file: its pages, and the median of the CPU seconds of a reading; 0 pages if it could not be read."""

    file: str
    pages: int
    ours: float
    haystack: float
    haystack_pages: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs and returns the exit status: 0 measured, 1 it could not be."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.extraction", description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=Path, default=ROOT / "corpus", help="a folder of PDFs (default: the corpus)")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    given = parser.parse_args(arguments)
    files = sorted(path for path in given.files.iterdir() if path.suffix.lower() == ".pdf")
    if not files:
        print(f"{given.files}: no PDF", file=sys.stderr)
        return 1
    with mock.patch("ingest.ocr.available", return_value=False):
        documents = {path: read for path in files if (read := _read(path)) is not None}
        try:
            speed = speed_of(_timed(list(documents)))
        except EnvironmentFailedError as error:
            print(error, file=sys.stderr)
            return 1
    order = order_of(documents) if shutil.which("pdftotext") else {}
    report = {**machine(), "speed": speed, "order": order}
    print(json.dumps(report, ensure_ascii=False, indent=2) if given.json else as_text(report))
    return 0


def _read(path: Path) -> Document | None:
    data = path.read_bytes()
    try:
        return read_document(Source("bron", path.stem), data, path.name, digest_of(data))
    except UnreadableError as error:
        print(error, file=sys.stderr)
        return None


# ── Speed ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _timed(files: Sequence[Path]) -> list[Timed]:
    """Every file read by both in turn, several times. Both have read the first file before."""
    timed: list[Timed] = []
    with Haystack() as haystack:
        haystack.convert(files[0])
        for path in files:
            both = [(_our_seconds(path), haystack.convert(path)) for _ in range(TIMES)]
            pages, their_pages = both[0][0][0], both[0][1][0]
            ours, theirs = median(ours for (_, ours), _ in both), median(theirs for _, (_, theirs) in both)
            timed.append(Timed(path.name, pages, ours, theirs, their_pages))
    return timed


def speed_of(timed: Sequence[Timed]) -> dict[str, object]:
    """Pages a second of both, over the files that both could read; the others by name."""
    both = [row for row in timed if row.pages and row.haystack_pages]
    pages, ours, theirs = sum(row.pages for row in both), sum(row.ours for row in both), sum(r.haystack for r in both)
    return {
        "haystack": versions_of(python_of("haystack", HAYSTACK), ("haystack-ai", "pypdf")),
        "files": len(both),
        "pages": pages,
        "pages_a_second": {"ours": round(pages / ours, 1), "haystack": round(pages / theirs, 1)},
        "times_as_fast": round(theirs / ours, 2),
        "not_read_by_haystack": [row.file for row in timed if not row.haystack_pages],
        "each": [{**asdict(row), "ours": round(row.ours, 3), "haystack": round(row.haystack, 3)} for row in timed],
    }


def _our_seconds(path: Path) -> tuple[int, float]:
    began = time.process_time()
    document = _read(path)
    return len(document.pages) if document else 0, time.process_time() - began


class Haystack(AbstractContextManager["Haystack"]):
    """Haystack's PDF converter, in a process and an environment of its own."""

    def __init__(self) -> None:
        command = [str(python_of("haystack", HAYSTACK)), str(PROGRAM)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=quiet_environment()
        )

    def convert(self, path: Path) -> tuple[int, float]:
        """Pages, and CPU seconds; 0 pages if it could not."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(path.resolve(), file=self._process.stdin, flush=True)
        told = json.loads(self._process.stdout.readline())
        return told["pages"], told["seconds"]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()


# ── Order ────────────────────────────────────────────────────────────────────────────────────────────────────────


def order_of(documents: dict[Path, Document]) -> dict[str, object]:
    """How far the order of lines agrees on pages in two columns, over all pairs and by page, and the worst pages."""
    pages: list[PageOrder] = []
    for path, document in documents.items():
        pages += orders_of(path, document)
    if not pages:
        return {"pdftotext": pdftotext_version(), "pages": 0}
    agreeing, pairs = sum(page.agreeing for page in pages), sum(page.pairs for page in pages)
    worst = sorted(pages, key=lambda page: (page.share, page.file, page.page))[:WORST]
    return {
        "pdftotext": pdftotext_version(),
        "pages": len(pages),
        "lines_matched": round(sum(page.matched for page in pages) / sum(page.lines for page in pages), 3),
        "pairs_in_the_same_order": round(agreeing / pairs, 4),
        "pages_in_the_same_order": sum(page.agreeing == page.pairs for page in pages),
        "worst": [{"file": page.file, "page": page.page, "share": round(page.share, 3)} for page in worst],
    }


def as_text(report: dict[str, object]) -> str:
    """The figures, a line each."""
    return "\n".join(f"{name}: {json.dumps(value, ensure_ascii=False, indent=1)}" for name, value in report.items())


if __name__ == "__main__":
    sys.exit(main())
