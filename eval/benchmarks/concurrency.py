"""`python -m eval.benchmarks.concurrency`: eight clients ask while an ingest publishes five new versions.

A small corpus says in every sentence, heading and title which edition it is of; five times all of it is renewed and
`python -m ingest` reads it. Meanwhile the clients ask, each time with the searcher that the portal's pages take, and
look at all that an answer shows and leads to: hits, documents, pages, files. All must be of one edition, and none may
be older than what was published when it was asked for.

Tried four times: in a folder and on a PostgreSQL server, by eight threads of one process and by four processes of two.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import numpy as np

from eval.benchmarks.concurrency_clients import SUBJECTS, Seen
from eval.benchmarks.machine import machine
from eval.benchmarks.postgres_server import Server, ServerError
from index.searcher import published_version
from index.settings import ROOT

CLIENTS, QUERIES, EDITIONS = 8, 1000, 5
PROCESSES = {"threads": 1, "processes": 4}
RESULTS = ROOT / "eval" / "results" / "concurrency.json"
TOY_INGEST = (str(ROOT / "tests" / "resources" / "run_ingest.py"), "0")
# What takes longer than this is broken: an ingest, or the clients after the last of them; in seconds.
PATIENCE = 300.0
# How often it is looked which version is published, in seconds: what is said of moments is no finer.
LOOK = 0.01


class FailedError(RuntimeError):
    """Raised when an ingest or the clients themselves fail, so that there is nothing to measure."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, writes the results, and returns the exit status: 0 all answers were right, 1 not."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.concurrency", description=__doc__)
    parser.add_argument("--queries", type=int, default=QUERIES, help="of all clients together, at least")
    parser.add_argument("--json", action="store_true", help="the figures as JSON on one line")
    given = parser.parse_args(arguments)
    try:
        server = Server()
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    runs: dict[str, dict[str, object]] = {}
    try:
        server.start()
        for form, address in (("folder", ""), ("postgresql", server.new_database("gelijktijdig"))):
            for way, processes in PROCESSES.items():
                runs[f"{form}, {way}"] = measure(processes, given.queries, address)
    except (ServerError, FailedError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        server.remove()
    packages = {name: version(name) for name in ("faiss-cpu", "onnxruntime", "psycopg", "streamlit", "tantivy")}
    figures = {**machine(), "versions_of_packages": packages, "runs": runs}
    if given.queries == QUERIES:
        RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=None if given.json else 2))
    return 0 if all(is_right(run) for run in runs.values()) else 1


def is_right(run: Mapping[str, object]) -> bool:
    """Whether nothing was wrong with any answer of a run, and every version was seen."""
    return not (run["errors"] or run["mixed"] or run["stale"]) and run["versions"] == EDITIONS + 1


def measure(processes: int, queries: int = QUERIES, backend: str = "", *, toy: bool = False) -> dict[str, object]:
    """One run in a temporary folder, with so many processes that share the clients. Raises FailedError."""
    with tempfile.TemporaryDirectory() as name:
        trial = Trial(Path(name), backend, toy)
        trial.publish(1)
        with trial.asking(processes, queries) as clients, trial.looking() as published:
            for edition in range(2, EDITIONS + 2):
                trial.publish(edition)
            (trial.folder / "stop").touch()
            seen = [trial.told_by(client) for client in clients]
    return figures_of([one for told in seen for one in told], published)


@dataclass
class Trial:
    """A corpus, a data folder, and who asks."""

    folder: Path
    backend: str
    toy: bool
    _told: dict[int, list[str]] = field(default_factory=dict)

    def publish(self, edition: int) -> None:
        """Renews every document and has it ingested by a process of its own, as the bureau does."""
        corpus = self.folder / "corpus"
        corpus.mkdir(exist_ok=True)
        (corpus / "bronnen.toml").write_text("\n".join(entry(one, edition) for one in SUBJECTS), "utf-8")
        for subject in SUBJECTS:
            (corpus / f"{subject}.md").write_text(document(subject, edition), "utf-8")
        way = TOY_INGEST if self.toy else ("-m", "ingest")
        command = [sys.executable, *way, "--corpus", str(corpus), "--data", str(self.data), "--offline", "--json"]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        if done.returncode:
            raise FailedError(f"edition {edition} was not published:\n{done.stderr[-2000:]}")

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "ZOEKPORTAAL_DATA": str(self.data), "ZOEKPORTAAL_BACKEND": self.backend}

    @contextmanager
    def asking(self, processes: int, queries: int) -> Iterator[list[subprocess.Popen[str]]]:
        """The clients, spread over processes that have opened the version and begun to ask."""
        threads = CLIENTS // processes
        each = -(-queries // CLIENTS)
        command = [sys.executable, "-m", "eval.benchmarks.concurrency_clients", str(self.folder), str(threads)]
        command += [str(each), *(["--toy"] if self.toy else [])]
        clients = [
            subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
            for _ in range(processes)
        ]
        try:
            for client in clients:
                if not client.stdout or client.stdout.readline() != "ready\n":
                    raise FailedError("the clients cannot open the version")
            # what they tell is read all the time: a full pipe would stop them
            readers = [threading.Thread(target=self._listen, args=(client,), daemon=True) for client in clients]
            for reader in readers:
                reader.start()
            yield clients
        finally:
            for client in clients:
                client.kill()
                client.wait()

    def _listen(self, client: subprocess.Popen[str]) -> None:
        assert client.stdout
        self._told[client.pid] = list(client.stdout)

    def told_by(self, client: subprocess.Popen[str]) -> list[Seen]:
        """All that one process saw, when it has ended."""
        if client.wait(PATIENCE):
            raise FailedError(f"the clients ended with {client.returncode}")
        while client.pid not in self._told:
            time.sleep(LOOK)
        return [_seen(json.loads(line)) for line in self._told[client.pid]]

    @contextmanager
    def looking(self) -> Iterator[dict[str, float]]:
        """The moment at which each version was there (seconds since 1970), noted while this lasts."""
        published: dict[str, float] = {}
        over = threading.Event()

        def look() -> None:
            while not over.is_set():
                if name := published_version(self.data, self.backend):
                    published.setdefault(name, time.time())
                over.wait(LOOK)

        looker = threading.Thread(target=look)
        looker.start()
        try:
            yield published
        finally:
            over.set()
            looker.join()


def entry(subject: str, edition: int) -> str:
    """A document's entry in the register."""
    title = f"Plan {subject}, uitgave {edition}"
    return f'[[bron]]\nid = "plan-{subject}"\ntitel = "{title}"\nbestand = "{subject}.md"\n'


def document(subject: str, edition: int) -> str:
    """A document in which every heading and every sentence says of which edition it is."""
    mark = f"uitgave {edition}"
    return f"""# Plan {subject}, {mark}

## Wie over {subject} gaat, {mark}

De voorzitter van de portefeuille {subject} is in {mark} wethouder Jansen van gemeente Assen.

De gemeenten spraken in {mark} over {subject} af dat zij elk kwartaal met elkaar overleggen.

## Geld en tijd voor {subject}, {mark}

Voor {subject} is in {mark} een bedrag van € {edition} miljoen beschikbaar voor alle inwoners van Drenthe.

Het plan voor {subject} is volgens {mark} op {edition} december 2025 vastgesteld door de twaalf gemeenten.
"""


def figures_of(seen: Sequence[Seen], published: Mapping[str, float]) -> dict[str, object]:
    """What all clients saw together; `published` has the moment of each version.

    `stale` counts answers by an older version than was published when they were asked for; `seen_after` is from the
    publication of a version until the first answer by it or a later one was there, over all new versions.
    """
    order = {name: place for place, name in enumerate(sorted(published, key=lambda name: published[name]))}
    errors = [one for one in seen if one.faults and len(one.editions) < 2]
    milliseconds = [1000 * (one.answered - one.asked) for one in seen]
    stale = [
        one
        for one in seen
        if any(moment < one.asked and order[name] > order.get(one.version, -1) for name, moment in published.items())
        and not one.faults
    ]
    delays = [
        min(one.answered for one in seen if order.get(one.version, -1) >= place) - published[name]
        for name, place in order.items()
        if place and any(order.get(one.version, -1) >= place for one in seen)
    ]
    by_version: dict[str, set[int]] = {}
    for one in (one for one in seen if len(one.editions) == 1):
        by_version.setdefault(one.version, set()).update(one.editions)
    return {
        "queries": len(seen),
        "errors": len(errors),
        "first_errors": sorted({fault for one in errors for fault in one.faults})[:5],
        "mixed": sum(len(one.editions) > 1 for one in seen) + sum(len(found) > 1 for found in by_version.values()),
        "stale": len(stale),
        "versions": len({one.version for one in seen if not one.faults}),
        "p50_ms": round(float(np.percentile(milliseconds, 50)), 1),
        "p95_ms": round(float(np.percentile(milliseconds, 95)), 1),
        "max_ms": round(max(milliseconds), 1),
        "seen_after_p50_s": round(float(np.median(delays)), 2) if delays else None,
        "seen_after_max_s": round(max(delays), 2) if delays else None,
        "load": os.getloadavg()[0],
    }


def _seen(values: Mapping[str, object]) -> Seen:
    made = dict(values)
    made["editions"], made["faults"] = tuple(made["editions"]), tuple(made["faults"])  # type: ignore[arg-type]
    return Seen(**made)  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(main())
