"""`python -m eval.benchmarks.kills`: an ingest is killed at random moments, and may never cost an answer.

Each round changes a small corpus, starts `python -m ingest` (with the tests' toy for the language model, so that a run
takes seconds), and kills its whole process group with SIGKILL. Then the version that answers must be whole and give
exactly the answers of the corpus before or after the change, and the next run must mend and publish. What the answers
must hold is known, since the corpus is made here; now and then a run in an empty folder must give the very same.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from eval.benchmarks.machine import machine
from index.checking import verify
from index.searcher import Searcher
from index.settings import ROOT
from index.versions import open_current
from tests.conftest import ToyEncoder
from tests.ingest.pdfs import text_pdf

DRIVER = ROOT / "tests" / "resources" / "run_ingest.py"
LOCK = ".inlezen.lock"
MARK = "ZOEKPORTAAL_KILLS"
SUBJECTS = ("sport", "zorg", "energie", "cultuur", "wonen", "onderwijs", "afval", "veiligheid")
FEWEST = 3
# A run that is not killed must end within this many seconds; it takes 2 on an idle machine.
RUN_SECONDS = 120.0
# In every so many rounds the answers are held against those of a run in an empty folder.
FRESH_EVERY = 20
# How long a reader process may live on after the run that it read for, in seconds.
ORPHAN_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Answers:
    """What a version answers: its ledger, and for each subject what was found, with scores, best first."""

    sources: tuple[tuple[str, str], ...]
    found: tuple[tuple[tuple[str, str, float], ...], ...]


@dataclass
class Corpus:
    """A folder of documents with one known line each; `editions` has the number that the line ends in, by subject."""

    folder: Path
    editions: dict[str, int] = field(default_factory=dict)
    last: int = 0

    def put(self, subject: str) -> None:
        """A new edition of a subject's document: PDF, Markdown or HTML, always the same for the same subject."""
        self.last += 1
        self.editions[subject] = self.last
        line, more = self.line(subject), f"Over {subject} spraken de gemeenten dit jaar {self.last} keer met elkaar."
        kind = SUBJECTS.index(subject) % 3
        if kind == 0:
            (self.folder / f"{subject}.pdf").write_bytes(text_pdf(line, more))
        elif kind == 1:
            (self.folder / f"{subject}.md").write_text(f"# {subject}\n\n{line}\n\n{more}\n", "utf-8")
        else:
            page = f"<html><body><main><h1>{subject}</h1><p>{line}</p><p>{more}</p></main></body></html>"
            (self.folder / f"{subject}.html").write_text(page, "utf-8")

    def remove(self, subject: str) -> None:
        """Takes a subject's document out of the folder."""
        del self.editions[subject]
        next(self.folder.glob(f"{subject}.*")).unlink()

    def line(self, subject: str) -> str:
        """'De voorzitter van de portefeuille sport is wethouder Jansen, uitgave nummer 7.'"""
        return (
            f"De voorzitter van de portefeuille {subject} is wethouder Jansen, uitgave nummer {self.editions[subject]}."
        )

    def change(self, chance: Random) -> None:
        """One to three documents are renewed, added or taken away."""
        for _ in range(chance.randint(1, 3)):
            subject = chance.choice(SUBJECTS)
            if subject in self.editions and len(self.editions) > FEWEST and chance.random() < 0.4:
                self.remove(subject)
            else:
                self.put(subject)

    def faults(self, answers: Answers) -> list[str]:
        """What the answers lack, or hold that the corpus does not."""
        named = {source for source, digest in answers.sources if digest}
        faults = [f"ledger has {sorted(named)}"] if named != set(self.editions) else []
        lines = {self.line(subject) for subject in self.editions}
        for subject, found in zip(SUBJECTS, answers.found, strict=True):
            texts = [text for _, text, _ in found]
            if subject in self.editions and not (texts and self.line(subject) in texts[0]):
                faults.append(f"the line on {subject} is not found first")
            if any("uitgave nummer" in text and not any(line in text for line in lines) for text in texts):
                faults.append(f"a line that is no longer there is found for {subject}")
        return faults


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs and returns the exit status: 0 nothing wrong, 1 something."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.kills", description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=200, help="how many kills")
    parser.add_argument("--seed", type=int, default=1, help="for the changes and the moments")
    parser.add_argument("--at-once", type=int, default=3, help="how many corpora, each with its own kills")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(given.at_once) as threads:
        mark = uuid.uuid4().hex
        counts = [len(range(part, given.count, given.at_once)) for part in range(given.at_once)]
        parts = [
            threads.submit(kill_often, Path(name) / str(part), count, Random(f"{given.seed}/{part}"), mark)
            for part, count in enumerate(counts)
        ]
        tallies = [part.result() for part in parts]
    report = {**machine(), "seed": given.seed, "at_once": given.at_once, **figures_of(tallies, _left_over(mark))}
    print(json.dumps(report, indent=2) if given.json else "\n".join(f"{name}: {report[name]}" for name in report))
    return 1 if report["faults"] else 0


@dataclass
class Tally:
    """What came of the kills in one folder: how often each outcome, what each whole run took, and every fault."""

    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def whole_run(self, corpus: Path, data: Path, mark: str) -> list[str]:
        """A run to its end, whose time is noted; what is wrong if it does not end well."""
        with _started(corpus, data, mark) as process:
            began = _wait_for_lock(process, data)
            _, told = process.communicate(timeout=RUN_SECONDS)
        self.seconds.append(time.monotonic() - began)
        return [f"a whole run ended with {process.returncode}: {told.decode()[-3000:]}"] if process.returncode else []


def kill_often(folder: Path, count: int, chance: Random, mark: str) -> Tally:
    """Kills until `count` runs were killed; `mark` stands in the environment of each process that is started."""
    corpus, data, tally = Corpus(folder / "corpus"), folder / "data", Tally()
    corpus.folder.mkdir(parents=True)
    for subject in SUBJECTS[:5]:
        corpus.put(subject)
    tally.whole_run(corpus.folder, data, mark)
    before = answers_of(data)
    while tally.outcomes["killed"] < count:
        corpus.change(chance)
        killed = _killed_run(corpus.folder, data, mark, chance.uniform(0, statistics.median(tally.seconds[-9:])))
        tally.outcomes["killed" if killed else "ended before the kill"] += 1
        then, wrong = _try_answers(data)
        wrong += tally.whole_run(corpus.folder, data, mark)
        after, not_mended = _try_answers(data)
        wrong += not_mended
        if then is not None and after is not None:
            tally.outcomes["answered as before" if then == before else "answered as after"] += killed
            wrong += ["answers of neither corpus"] if then not in (before, after) else []
            wrong += corpus.faults(after)
        number = tally.outcomes["killed"] + tally.outcomes["ended before the kill"]
        if number % FRESH_EVERY == 0:
            wrong += tally.whole_run(corpus.folder, folder / f"fresh-{number}", mark)
            tally.outcomes["compared with a fresh run"] += 1
            wrong += ["other answers than a fresh run"] if answers_of(folder / f"fresh-{number}") != after else []
        wrong += [f"left behind: {path.name}" for path in (data / "index").glob(".building*")]
        print(f"{folder.name}: {tally.outcomes['killed']} of {count} {wrong or ''}", file=sys.stderr)
        tally.faults += [f"{folder.name}, round {number}: {what}" for what in wrong]
        before = after or before
    return tally


def figures_of(tallies: Sequence[Tally], left_over: int) -> dict[str, object]:
    """All outcomes together, and the faults; `left_over` counts the processes that outlived their run."""
    outcomes = sum((tally.outcomes for tally in tallies), Counter[str]())
    faults = [fault for tally in tallies for fault in tally.faults]
    return {
        "kills": outcomes["killed"],
        "ended_before_the_kill": outcomes["ended before the kill"],
        "answered_as_before": outcomes["answered as before"],
        "answered_as_after": outcomes["answered as after"],
        "compared_with_a_fresh_run": outcomes["compared with a fresh run"],
        "median_seconds_of_a_run": round(statistics.median(second for tally in tallies for second in tally.seconds), 2),
        "processes_left_over": left_over,
        "faults": faults + ([f"{left_over} processes live on"] if left_over else []),
    }


def answers_of(data: Path) -> Answers:
    """The answers of the version that answers now, which is tried first. Raises SearchIndexError if it is not whole."""
    _, layout, manifest = open_current(data)
    verify(layout, manifest)
    searcher = Searcher(data, ToyEncoder())
    found = tuple(
        tuple(
            (hit.document.id, hit.passage.text, round(hit.score, 5))
            for hit in searcher.search(f"Wie is de voorzitter van de portefeuille {subject}?").hits
        )
        for subject in SUBJECTS
    )
    return Answers(tuple(sorted((status.id, status.digest) for status in searcher.sources() if status.digest)), found)


def _try_answers(data: Path) -> tuple[Answers | None, list[str]]:
    try:
        return answers_of(data), []
    except Exception as error:  # whatever it is, a person would have had no answer
        return None, [f"no answer: {type(error).__name__}: {error}"]


def _killed_run(corpus: Path, data: Path, mark: str, seconds: float) -> bool:
    """A run that is killed so many seconds after it began to work; whether it was still running then."""
    with _started(corpus, data, mark) as process:
        _wait_for_lock(process, data)
        time.sleep(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    return process.returncode == -signal.SIGKILL


def _started(corpus: Path, data: Path, mark: str) -> subprocess.Popen[bytes]:
    """A run in a process group of its own, not yet at work."""
    (data / LOCK).unlink(missing_ok=True)
    command = [sys.executable, str(DRIVER), "0", "--corpus", str(corpus), "--data", str(data), "--offline"]
    return subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, MARK: mark, "PYTHONFAULTHANDLER": "1"},  # a library's crash tells where it was
    )


def _wait_for_lock(process: subprocess.Popen[bytes], data: Path) -> float:
    """Until the run holds its lock: before that it only loads Python, and has nothing to spoil."""
    while not (data / LOCK).exists() and process.poll() is None:
        time.sleep(0.002)
    return time.monotonic()


def _left_over(mark: str) -> int:
    """How many processes of any of the runs live on, after the time that they have to notice that theirs is gone."""
    deadline = time.monotonic() + ORPHAN_SECONDS
    while (count := _marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.2)
    return count


def _marked(mark: str) -> int:
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # another user's, or gone meanwhile
            count += f"{MARK}={mark}".encode() in (process / "environ").read_bytes()
    return count


if __name__ == "__main__":
    sys.exit(main())
