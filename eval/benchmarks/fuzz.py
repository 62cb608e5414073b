"""`python -m eval.benchmarks.fuzz`: a thousand damaged files are read as the ingest reads them, and none may do harm.

Each file is made from a good one (fuzz_seeds.py, mutations.py), always the same for the same seed and number, and read
in a worker process with limits. Then whole runs of `python -m ingest` over folders of 50 of them. Counted as a fault:
an exception other than UnreadableError, a hang beyond the limit, this process growing beyond a bound, an outcome that
nobody could publish, and a whole run that fails or does not account for each file.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from random import Random

from eval.benchmarks.fuzz_checks import UNFORESEEN, impossible, read_and_tell
from eval.benchmarks.fuzz_seeds import FORMATS, seeds_of
from eval.benchmarks.machine import machine
from eval.benchmarks.mutations import Seed, mutated
from index.settings import ROOT
from ingest.documents import Source
from ingest.errors import UnreadableError
from ingest.ledger import State
from ingest.pipeline import digest_of
from ingest.quality import load_dutch
from ingest.worker import GRACE_SECONDS, Crew, Job

# Limits of one file. The whole files take 0.1 to 3 s and under 300 MiB; the ingest itself allows 900 s and 2 GiB.
SECONDS = 60.0
MEMORY_MIB = 1024
# What this process may grow by: some damaged files, their largest outcomes, and no more with every file.
GROWTH_MIB = 300
# A whole run: so many damaged files, and one good file that must be found again.
FOLDER = 50
RUN_SECONDS = 900.0
# Files that took longer to read on their own are not read again in a whole run, which would only take longer.
QUICK = 5.0

# Shares of the formats in a run: most of what the bureau gets is PDF.
SHARES = {"pdf": 0.5, "docx": 0.2, "odt": 0.15, "html": 0.15}

DRIVER = ROOT / "tests" / "resources" / "run_ingest.py"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A damaged file: `number` and the run's seed make it again."""

    number: int
    seed: Seed
    damage: str
    data: bytes

    @property
    def name(self) -> str:
        return f"{self.number:05d}.{self.seed.format}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one damaged file: the ledger's state, or what makes it a fault. `held` is this process, in MiB.

    `caught` is what only the worker process kept from doing harm: an exception no reader foresaw, a library's crash.
    """

    number: int
    format: str
    damage: str
    state: str
    seconds: float
    held: int
    caught: str = ""
    fault: str = ""

    @property
    def told(self) -> str:
        return f"{self.number}: {self.format}, {self.damage}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs and returns the exit status: 0 no faults, 1 faults."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.fuzz", description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=Path, help="a folder with more good files to damage")
    parser.add_argument("--count", type=int, default=1000, help="how many damaged files")
    parser.add_argument("--seed", type=int, default=1, help="the same seed and number give the same file")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="make and read this one file again")
    parser.add_argument("--runs", type=int, default=4, help=f"whole runs over {FOLDER} of the files")
    parser.add_argument("--at-once", type=int, default=3, help="how many files are read at a time")
    parser.add_argument("--save", type=Path, help="a folder for the files at fault")
    given = parser.parse_args(arguments)
    seeds = seeds_of(given.files)

    numbers = range(given.count) if given.only is None else range(given.only, given.only + 1)
    held = _held_mib()
    with ProcessPoolExecutor(given.at_once, get_context("spawn")) as makers:

        def make(number: int) -> Mutant:
            return mutant_of(seeds, given.seed, number, makers)

        readings = read_all(numbers, make, given.at_once)
        harmless = [reading.number for reading in readings if reading.seconds < QUICK and not reading.fault]
        runs = given.runs if given.only is None else 0
        failed = list(whole_runs(harmless, make, runs, Random(given.seed)))
        if given.save:
            given.save.mkdir(parents=True, exist_ok=True)
            for mutant in (make(reading.number) for reading in readings if reading.fault or reading.caught):
                (given.save / mutant.name).write_bytes(mutant.data)
    figures = figures_of(readings, held, failed)
    about = {"seed": given.seed, "good_files": len(seeds), "seconds_limit": SECONDS, "memory_limit_mib": MEMORY_MIB}
    report = {**machine(), **about, "whole_runs": runs, **figures}
    print(json.dumps(report, ensure_ascii=False, indent=2))
    return 1 if figures["faults"] else 0


def mutant_of(seeds: Sequence[Seed], run_seed: int, number: int, makers: Executor) -> Mutant:
    """The damaged file of that number: always the same for the same files, seed and number.

    Made in another process: a bomb in the making would count as memory that reading took here.
    """
    chance = Random(f"{run_seed}/{number}")
    present = [name for name in FORMATS if any(seed.format == name for seed in seeds)]
    (wanted,) = chance.choices(present, [SHARES[name] for name in present])
    seed = chance.choice([seed for seed in seeds if seed.format == wanted])
    return Mutant(number, seed, *makers.submit(mutated, seed, chance).result())


def read_all(
    numbers: Iterable[int],
    make: Callable[[int], Mutant],
    at_once: int,
    seconds: float = SECONDS,
    memory_mib: int = MEMORY_MIB,
) -> list[Reading]:
    """Makes each damaged file and reads it in a worker process, some at a time."""
    with Crew(at_once) as crew, ThreadPoolExecutor(at_once) as threads:
        return list(threads.map(lambda number: _read(crew, make(number), seconds, memory_mib), numbers))


def _read(crew: Crew, mutant: Mutant, seconds: float, memory_mib: int) -> Reading:
    given = (Source("bron", "Titel"), mutant.data, mutant.name, digest_of(mutant.data))
    caught = fault = ""
    began = time.perf_counter()
    try:
        read = crew.read(Job(read_and_tell, given, mutant.name, seconds, memory_mib, load_dutch))
        state, fault = State.GELEZEN if read.passages else State.LEEG, impossible(read)
    except UnreadableError as error:
        state, caught = State(error.state), _caught(error.reason)
    except Exception as error:
        state, fault = State.BESCHADIGD, f"{type(error).__name__}: {error}"
    took = time.perf_counter() - began
    if took > seconds + GRACE_SECONDS:
        fault = f"hung for {took:.0f} s"
    about = (mutant.number, mutant.seed.format, f"{mutant.damage} ({mutant.seed.name})")
    return Reading(*about, state.value, took, _held_mib(), caught, fault)


def _caught(reason: str) -> str:
    """'unforeseen: KeyError at odt.py:88' → 'KeyError at odt.py:88'; a crash of a library → 'SIGSEGV'."""
    if reason.startswith(UNFORESEEN):
        return reason.removeprefix(UNFORESEEN)
    crash = re.search(r"liep vast \((\w+)", reason)
    return crash[1] if crash else ""


def whole_runs(numbers: Sequence[int], make: Callable[[int], Mutant], runs: int, chance: Random) -> Iterator[str]:
    """What went wrong in whole runs of `python -m ingest`, each over a folder with damaged files and one good one."""
    for _ in range(runs):
        chosen = chance.sample(numbers, min(FOLDER, len(numbers)))
        with tempfile.TemporaryDirectory() as name:
            corpus, data = Path(name) / "corpus", Path(name) / "data"
            corpus.mkdir()
            (corpus / "goed.md").write_text("# Goed\n\nDit is een goed stuk over de zorg in Drenthe.\n", "utf-8")
            for mutant in map(make, chosen):
                (corpus / mutant.name).write_bytes(mutant.data)
            wrong = _run(corpus, data, len(chosen) + 1)
        if wrong:
            yield f"{wrong}, with {', '.join(map(str, chosen))}"


def _run(corpus: Path, data: Path, sources: int) -> str:
    """One run, with a toy for the language model; empty if it published and accounts for each file."""
    command = [sys.executable, str(DRIVER), "0", "--corpus", str(corpus), "--data", str(data), "--offline", "--json"]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=RUN_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"a run took over {RUN_SECONDS:.0f} s"
    if ran.returncode:
        return f"a run ended with {ran.returncode}: {ran.stderr.strip()[-300:]}"
    # the driver's last line counts what it touched
    report = json.loads(ran.stdout.strip().rpartition("\n")[0])
    if len(report["sources"]) != sources:
        return f"a run accounts for {len(report['sources'])} of {sources} files"
    return ""


def figures_of(readings: Sequence[Reading], held_before: int, failed: Sequence[str]) -> dict[str, object]:
    """Outcomes by format and state, the slowest, and every fault with the number that makes it again."""
    states: dict[str, Counter[str]] = defaultdict(Counter)
    caught: dict[str, list[int]] = defaultdict(list)
    for reading in readings:
        states[reading.format][reading.state] += 1
        if reading.caught:
            caught[f"{reading.format}: {reading.caught}"].append(reading.number)
    faults = [f"{reading.told}: {reading.fault}" for reading in readings if reading.fault]
    growth = max((reading.held for reading in readings), default=held_before) - held_before
    if growth > GROWTH_MIB:
        faults.append(f"this process grew by {growth} MiB")
    slowest = sorted(readings, key=lambda reading: -reading.seconds)[:5]
    return {
        "files": len(readings),
        "kinds_of_damage": len({(reading.format, reading.damage.partition(" (")[0]) for reading in readings}),
        "states": {name: dict(states[name].most_common()) for name in FORMATS if name in states},
        "growth_mib": growth,
        "caught_by_the_worker": caught,
        "slowest": [f"{reading.told}: {reading.seconds:.1f} s, {reading.state}" for reading in slowest],
        "faults": [*faults, *failed],
    }


def _held_mib() -> int:
    """What this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 2**20


if __name__ == "__main__":
    sys.exit(main())
