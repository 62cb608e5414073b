"""Files read in a process of their own: what goes well comes back, what goes wrong costs that file and says why."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest.documents import Source
from ingest.errors import IngestError, UnreadableError
from ingest.pipeline import digest_of
from ingest.readers import read_document
from ingest.worker import Crew, Job, Worker, read_in_worker, stop_reading
from tests.ingest.pdfs import text_pdf

ROOT = Path(__file__).parents[2]
MIB = 1024 * 1024
_seen: list[str] = []  # what a job leaves behind in its process


def double(number: int) -> int:
    return 2 * number


def remember(word: str) -> list[str]:
    _seen.append(word)
    return _seen


def nap(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def ppid_after_nap(seconds: float) -> int:
    time.sleep(seconds)
    return os.getppid()


def segfault() -> int:
    return ctypes.string_at(0)[0]


def grow(mebibytes: int) -> int:
    return len(b"x" * (mebibytes * MIB))


def grow_until_aborted(mebibytes: int) -> None:
    held = b"x" * (mebibytes * MIB)
    assert held
    os.abort()


def large_result(mebibytes: int) -> list[bytes]:
    return [bytes([number]) * MIB for number in range(mebibytes)]


def result_that_grows_when_sent(mebibytes: int) -> str:
    return "é" * (mebibytes * MIB)  # one byte a letter here, two in UTF-8


def unpicklable() -> Callable[[], None]:
    return lambda: None


def refuse(state: str, reason: str) -> None:
    raise UnreadableError(state, reason)


def fail(error: type[BaseException]) -> None:
    raise error


def die(number: int) -> None:
    os.kill(os.getpid(), number)


def exit_at_once(code: int) -> None:
    os._exit(code)


def print_loudly(words: str) -> str:
    print(words, flush=True)
    os.write(1, words.encode())
    os.write(2, words.encode())
    return words


def start_sleeper_and_hang(note: str) -> None:
    """A program that the reading starts, as it does tesseract; then a hang."""
    child = subprocess.Popen(["sleep", "60"])
    Path(note).write_text(f"{os.getpid()} {child.pid}", encoding="ascii")
    time.sleep(60)


def note_pid_and_sleep(note: str) -> None:
    Path(note).write_text(str(os.getpid()), encoding="ascii")
    time.sleep(60)


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as shared:
        yield shared


def job(function: Callable[..., object], *args: object, seconds: float = 20.0, memory_mib: int = 256) -> Job[object]:
    return Job(function, args, "rapport.pdf", seconds, memory_mib)


def refused(worker: Worker, wanted: Job[object]) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        worker.read(wanted)
    assert "rapport.pdf" in caught.value.reason
    assert caught.value.reason.endswith(".")
    return caught.value


def wait_for(condition: Callable[[], bool], seconds: float = 8.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def zombies() -> list[str]:
    """The zombies among this process's own children."""
    found: list[str] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text("ascii", errors="replace").rsplit(")", 1)[1].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state == "Z" and int(parent) == os.getpid():
            found.append(stat.parent.name)
    return found


# ── What goes well ───────────────────────────────────────────────────────────────────────────────────────────────


def test_worker_gives_the_result_of_another_process() -> None:
    assert read_in_worker(double, 21, seconds=20, memory_mib=128) == 42
    assert read_in_worker(os.getpid, seconds=20, memory_mib=128) not in (os.getpid(), 0)


def test_worker_reads_a_pdf_as_this_process_does(worker: Worker) -> None:
    data = text_pdf("De gemeente Assen stelt het plan vast.", "De raad stemt in.")
    args = (Source("bron", "Titel"), data, "bron.pdf", digest_of(data))
    assert worker.read(Job(read_document, args, "bron.pdf", 30.0, 512)) == read_document(*args)


def test_worker_starts_every_file_afresh(worker: Worker) -> None:
    assert worker.read(job(remember, "een")) == ["een"]
    assert worker.read(job(remember, "twee")) == ["twee"]


def test_worker_brings_large_jobs_and_results_over_whole(worker: Worker) -> None:
    data = os.urandom(40 * MIB)
    # the job's own bytes do not count against its limit, so that a limit means the same for a small and a large file
    assert worker.read(job(digest_of, data, memory_mib=32)) == digest_of(data)
    assert worker.read(job(large_result, 60, memory_mib=256)) == large_result(60)


def test_worker_keeps_what_libraries_print_to_itself(worker: Worker, capfd: pytest.CaptureFixture[str]) -> None:
    assert worker.read(job(print_loudly, "FT_New_Face failed")) == "FT_New_Face failed"
    assert capfd.readouterr() == ("", "")


def test_worker_costs_little_a_file(worker: Worker) -> None:
    worker.read(job(double, 1))
    began = time.perf_counter()
    for number in range(20):
        assert worker.read(job(double, number)) == 2 * number
    # 5 ms each is usual; a fresh interpreter with the readers takes over 500
    assert (time.perf_counter() - began) / 20 < 0.2


# ── What goes wrong ──────────────────────────────────────────────────────────────────────────────────────────────


def test_worker_passes_a_readers_own_refusal_on(worker: Worker) -> None:
    with pytest.raises(UnreadableError) as caught:
        worker.read(job(refuse, "versleuteld", "Met een wachtwoord."))
    assert (caught.value.state, caught.value.reason) == ("versleuteld", "Met een wachtwoord.")


def test_worker_ends_what_takes_too_long(worker: Worker) -> None:
    began = time.perf_counter()
    error = refused(worker, job(nap, 60, seconds=0.3))
    assert error.state == "time-out"
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    "wanted",
    [
        job(grow, 400, memory_mib=64),
        job(result_that_grows_when_sent, 40, memory_mib=60),
        job(grow_until_aborted, 90, memory_mib=128),  # how a C++ library ends when it gets no more
        job(die, signal.SIGKILL),  # how the kernel ends it when the machine has no more
    ],
    ids=["MemoryError", "result", "abort", "kernel"],
)
def test_worker_says_too_large_when_memory_runs_out(worker: Worker, wanted: Job[object]) -> None:
    assert refused(worker, wanted).state == "te groot"


@pytest.mark.parametrize(
    ("wanted", "word"),
    [
        (job(segfault), "SIGSEGV"),
        (job(os.abort), "SIGABRT"),
        (job(exit_at_once, 3), "code 3"),
        (job(exit_at_once, 0), "code 0"),
        (job(unpicklable), "resultaat"),
        (job(fail, RecursionError), "RecursionError"),
        (job(fail, KeyboardInterrupt), "KeyboardInterrupt"),
        (job(fail, SystemExit), "SystemExit"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_worker_says_damaged_when_reading_breaks_down(worker: Worker, wanted: Job[object], word: str) -> None:
    error = refused(worker, wanted)
    assert error.state == "beschadigd"
    assert word in error.reason
    assert worker.read(job(double, 4)) == 8


def test_worker_ends_the_programs_that_a_reading_started(worker: Worker, tmp_path: Path) -> None:
    note = tmp_path / "pids"
    refused(worker, job(start_sleeper_and_hang, str(note), seconds=1.0))
    pids = [int(pid) for pid in note.read_text("ascii").split()]
    assert len(pids) == 2
    assert wait_for(lambda: not any(map(is_running, pids)))


def test_worker_refuses_what_cannot_be_sent(worker: Worker) -> None:
    with pytest.raises((AttributeError, TypeError, ValueError), match="lambda"):
        worker.read(job(lambda: 1))
    assert worker.read(job(double, 4)) == 8


def test_worker_survives_the_loss_of_its_helper() -> None:
    with Worker() as worker:
        helper = worker.read(job(os.getppid))
        assert isinstance(helper, int)
        threading.Timer(0.3, os.kill, (helper, signal.SIGKILL)).start()
        error = refused(worker, job(nap, 30))
        assert "afgebroken" in error.reason
        assert worker.read(job(double, 4)) == 8
        assert zombies() == []


def test_worker_is_of_no_use_after_it_was_closed() -> None:
    worker = Worker()
    helper = worker.read(job(os.getppid))
    worker.close()
    worker.close()
    assert isinstance(helper, int)
    assert not is_running(helper)
    assert zombies() == []
    with pytest.raises(IngestError, match="gestopt"):
        worker.read(job(double, 4))


# ── Several at once ──────────────────────────────────────────────────────────────────────────────────────────────


def test_worker_crew_reads_several_at_once() -> None:
    jobs = [job(nap, 0.8), job(segfault), job(nap, 0.7), job(nap, 60, seconds=0.3), job(double, 5)]

    def result_of(wanted: Job[object]) -> object:
        try:
            return crew.read(wanted)
        except UnreadableError as error:
            return error.state

    with Crew(2) as crew, ThreadPoolExecutor(5) as threads:
        began = time.perf_counter()
        helpers = {*threads.map(crew.read, [job(ppid_after_nap, 0.3)] * 4)}
        assert len(helpers) == 2
        assert [*threads.map(result_of, jobs)] == [0.8, "beschadigd", 0.7, "time-out", 10]
        assert time.perf_counter() - began < 60
    assert zombies() == []


def test_worker_crew_starts_no_more_helpers_than_are_needed() -> None:
    with Crew(4) as crew:
        assert len({crew.read(job(os.getppid)) for _ in range(8)}) == 1


def test_worker_stops_what_other_threads_are_reading() -> None:
    with ThreadPoolExecutor(1) as thread:
        reading = thread.submit(lambda: read_in_worker(nap, 60.0, seconds=120, memory_mib=128))
        time.sleep(1.0)
        began = time.perf_counter()
        stop_reading()
        with pytest.raises(UnreadableError, match="afgebroken"):
            reading.result(timeout=20)
        assert time.perf_counter() - began < 20
    assert read_in_worker(double, 21, seconds=20, memory_mib=128) == 42
    stop_reading()
    assert zombies() == []


def test_worker_prepares_each_helper_once() -> None:
    jobs = [Job(remember, (word,), "rapport.pdf", 20.0, 256, _prepare) for word in ("een", "twee")]
    with Worker() as worker:
        assert [worker.read(wanted) for wanted in jobs] == [["vooraf", "een"], ["vooraf", "twee"]]


def _prepare() -> None:
    _seen.append("vooraf")


# ── When this process ends ───────────────────────────────────────────────────────────────────────────────────────

PARENT = """
import sys
from ingest.worker import read_in_worker
from tests.ingest.test_worker import note_pid_and_sleep
read_in_worker(note_pid_and_sleep, sys.argv[1], seconds=60, memory_mib=256)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_worker_leaves_nothing_running_when_its_parent_is_ended(number: int, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(note)], env=environment, cwd=ROOT, stderr=subprocess.PIPE
    ) as parent:
        assert wait_for(lambda: note.exists() and bool(note.read_text("ascii")), 30)
        child = int(note.read_text("ascii"))
        helper = int(Path(f"/proc/{child}/stat").read_text("ascii").rsplit(")", 1)[1].split()[1])
        parent.send_signal(number)
        assert wait_for(lambda: not is_running(child) and not is_running(helper))
        complaints = parent.communicate(timeout=10)[1]
    # Ctrl+C stops the run itself; it is not a fault of the file that happened to be read
    assert (b"KeyboardInterrupt" in complaints) == (number == signal.SIGINT)
