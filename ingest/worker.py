"""Reading a file that nobody vouches for, in a process of its own with limits on time and memory.

                  command                       fork
    this process ─────────→ helper (warm, idle) ────→ child: one file, its limits, its outcome, gone
                 ←───────── waits for the child ←────
                  how it ended

The helper is a fresh interpreter: it has none of this process's threads, locks and open files, so that it can fork
safely, whatever runs here (Streamlit, torch). It imports what the reading needs once and then forks a child a file. So
no file meets what the file before it left behind, and a file costs 5 ms and the copying of its outcome on top of its
reading (95 → 128 ms for four pages) where a fresh interpreter with the readers and simplemma's words costs over 500 ms.

Job and outcome go through anonymous files in memory (memfd), so that neither is ever cut short by a process that dies
while it writes. Whoever dies takes those below along: the helper sees that its parent is gone, the child is signalled
by the kernel. Linux only, as is the portal. What this does not do: shut a file up that takes the child over. It could
write whatever it likes as its outcome, and open files and sockets as this user.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from queue import LifoQueue
from types import TracebackType
from typing import Any, Generic, TypeVar, TypeVarTuple, cast

from ingest.errors import IngestError, UnreadableError
from ingest.ledger import State
from ingest.worker_helper import Command, Ending

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

# How long the helper may take to start and to import, in seconds: 2 on an idle machine, more while others compute.
START_SECONDS = 60.0
# How much later than the file's own limit the helper may answer, in seconds, before it is taken to be stuck.
GRACE_SECONDS = 10.0
# A child that these end while it holds this share of its memory limit ran out of memory: pdfium and the C++ libraries
# do not report that they cannot get more, they end the process.
_CRASHES = frozenset({signal.SIGABRT, signal.SIGSEGV, signal.SIGTRAP, signal.SIGILL, signal.SIGBUS})
_NEAR_LIMIT = 0.5

_ENDED = "Het proces dat bestanden leest, is al gestopt."
_START = "import sys; sys.path[:] = sys.argv[4:]; from ingest.worker_helper import serve; serve(*sys.argv[1:4])"


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """One reading: `function(*args)` within `seconds` of wall time and `memory_mib` on top of what Python itself uses.

    `function`, `args` and the result must be picklable; `file` is what messages call the file. `prepare` is called once
    in each helper: what it loads (simplemma's Dutch words: 0.3 to 1 s) need not be loaded anew for each file.
    """

    function: Callable[..., T]
    args: tuple[object, ...] = ()
    file: str = "Het bestand"
    seconds: float = 300.0
    memory_mib: int = 2048
    prepare: Callable[[], object] | None = None


def read_in_worker(
    function: Callable[[*Ts], T],
    *args: *Ts,
    seconds: float,
    memory_mib: int,
    file: str = "Het bestand",
    prepare: Callable[[], object] | None = None,
) -> T:
    """`function(*args)`, in another process. Raises UnreadableError if it fails in any way that lies with the file.

    May be called from several threads: as many files as there are CPUs are read at a time, each by a helper of its own
    that serves all later calls. Raises IngestError if it cannot be started.
    """
    return _shared_crew().read(Job(function, args, file, seconds, memory_mib, prepare))


def stop_reading() -> None:
    """Ends what `read_in_worker` is reading in other threads, so that nobody waits for it; a later call starts anew."""
    with _shared_lock:
        crew = _shared.pop(os.getpid(), None)
    if crew is not None:
        crew.close()


class Crew:
    """Several workers, one a CPU unless told otherwise, each started when it is first needed."""

    def __init__(self, count: int | None = None) -> None:
        self._workers = [Worker() for _ in range(count or len(os.sched_getaffinity(0)))]
        # Last in, first out: a crew of two that reads one file after another starts one helper.
        self._free: LifoQueue[Worker] = LifoQueue()
        for worker in self._workers:
            self._free.put(worker)

    def read(self, job: Job[T]) -> T:
        """The job's result, by the first worker that is free. Raises as `Worker.read` does."""
        worker = self._free.get()
        try:
            return worker.read(job)
        finally:
            self._free.put(worker)

    def close(self) -> None:
        """Ends all helpers and what they are reading; may be called from another thread."""
        for worker in self._workers:
            worker.close()

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Worker:
    """A helper process, started when it is first needed and again after it was lost; reads one file at a time."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._helper: _Helper | None = None
        self._closed = False

    def read(self, job: Job[T]) -> T:
        """The job's result. Raises UnreadableError for a fault of the file, IngestError if no helper can be started.

        What cannot be sent to another process at all (a lambda, an open file) raises what pickle raises.
        """
        payload = pickle.dumps((job.function, job.args), pickle.HIGHEST_PROTOCOL)
        command = Command(job.seconds, job.memory_mib * 1024 * 1024, tuple(_preparations(job)))
        with self._turn:
            helper = self._running()
            try:
                if self._closed:
                    raise IngestError(_ENDED)
                ending = helper.run(command, payload)
                outcome = helper.outcome() if ending else None
            except BaseException:  # Ctrl+C while waiting: what the helper answers later is no answer to another job
                self._drop()
                raise
            if ending is None:
                self._drop()
        return _result_of(outcome, ending, job)

    def close(self) -> None:
        """Ends the helper and what it is reading; may be called from another thread. A second call does nothing."""
        self._closed = True
        helper = self._helper
        if helper is not None:
            helper.interrupt()
        with self._turn:  # its descriptors are closed by nobody while a reading may still use them
            self._drop()

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _running(self) -> _Helper:
        if self._helper is not None and not self._helper.is_alive():
            self._drop()
        if self._helper is None:
            self._helper = _Helper()
        return self._helper

    def _drop(self) -> None:
        helper, self._helper = self._helper, None
        if helper is not None:
            helper.end()


@dataclass(slots=True)
class _Helper:
    """A running helper and what connects it to this process."""

    process: subprocess.Popen[bytes] = field(init=False)
    control: socket.socket = field(init=False)
    job_file: int = field(init=False)
    outcome_file: int = field(init=False)

    def __post_init__(self) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.job_file = os.memfd_create("job")
        self.outcome_file = os.memfd_create("outcome")
        descriptors = (theirs.fileno(), self.job_file, self.outcome_file)
        path = [os.path.abspath(entry) for entry in sys.path]
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _START, *map(str, descriptors), *path],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # not on ours: it may be the JSON of a report
                pass_fds=descriptors,
                start_new_session=True,  # Ctrl+C is for this process, which then ends the helper
            )
        try:
            ready = self._answer(START_SECONDS)
        except BaseException:
            self.end()
            raise
        if not ready:
            self.end()
            raise IngestError("Het proces dat bestanden leest, kan niet starten. Controleer de installatie.")

    def run(self, command: Command, payload: bytes) -> Ending | None:
        """How the child ended; None if the helper itself was lost."""
        os.ftruncate(self.outcome_file, 0)
        _rewrite(self.job_file, payload)
        try:
            self.control.send(command.packed())
        except OSError:
            return None
        answer = self._answer(command.seconds + GRACE_SECONDS)
        return Ending.unpacked(answer) if answer else None

    def outcome(self) -> tuple[str, Any] | None:
        """What the child left behind; None if it left nothing whole."""
        os.ftruncate(self.job_file, 0)
        os.lseek(self.outcome_file, 0, os.SEEK_SET)
        with open(self.outcome_file, "rb", closefd=False) as file:
            try:
                kind, value = pickle.load(file)
            except Exception:  # nothing, or cut short when the child was ended
                return None
        return kind, value

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def interrupt(self) -> None:
        """Tells the helper to end, which ends its child, and wakes a thread of ours that waits for its answer."""
        with contextlib.suppress(OSError):
            self.control.shutdown(socket.SHUT_RDWR)
        self.process.terminate()

    def end(self) -> None:
        """Ends the helper and waits for it, so that no zombie is left."""
        self.interrupt()
        try:
            self.process.wait(2.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.control.close()
        for descriptor in (self.job_file, self.outcome_file):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _answer(self, seconds: float) -> bytes:
        """The helper's next message; empty if it is gone or says nothing in time."""
        self.control.settimeout(seconds)
        try:
            return self.control.recv(4096)
        except OSError:
            return b""


def _rewrite(descriptor: int, payload: bytes) -> None:
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    with open(descriptor, "wb", closefd=False) as file:
        file.write(payload)


def _preparations(job: Job[T]) -> Iterator[str]:
    """What the helper is to import, and to call once: 'ingest.readers:', 'ingest.quality:load_dutch'."""
    yield f"{job.function.__module__}:"
    if job.prepare:
        yield f"{job.prepare.__module__}:{job.prepare.__qualname__}"


def _result_of(outcome: tuple[str, Any] | None, ending: Ending | None, job: Job[T]) -> T:
    """The result, or the right UnreadableError for what became of the child."""
    file = job.file
    if ending is None:
        reason = f"Het lezen van {file} is van buitenaf afgebroken. Start de inlezing opnieuw."
        raise UnreadableError(State.BESCHADIGD, reason)
    if ending.timed_out:
        reason = f"{file} was na {job.seconds:.0f} seconden nog niet gelezen en is overgeslagen. Splits het bestand."
        raise UnreadableError(State.TIME_OUT, reason)
    kind, value = outcome or ("crash", None)
    if kind == "result":
        return cast(T, value)
    if kind == "unreadable":
        state, reason = cast(tuple[str, str], value)
        raise UnreadableError(state, reason)
    if kind == "memory" or (kind == "crash" and _ran_out_of_memory(ending, job)):
        reason = f"{file} vraagt meer dan {job.memory_mib} MB werkgeheugen om te lezen. Splits het bestand."
        raise UnreadableError(State.TE_GROOT, reason)
    if kind == "crash":
        how = signal.Signals(ending.signal).name if ending.signal else f"code {ending.code}"
        reason = f"{file} is beschadigd: het lezen ervan liep vast ({how}). Vraag het bestand opnieuw op."
    elif kind == "unpicklable":
        reason = f"{file} is gelezen, maar het resultaat kon niet worden overgenomen ({value}). Meld dit de beheerder."
    else:
        reason = f"{file} kan niet worden gelezen ({value}). Vraag het bestand opnieuw op."
    raise UnreadableError(State.BESCHADIGD, reason)


def _ran_out_of_memory(ending: Ending, job: Job[T]) -> bool:
    """Whether a child that left no outcome was ended for want of memory: by the kernel, or by a library."""
    if ending.signal == signal.SIGKILL:
        return True  # the time limit aside, only the kernel does this, when the machine has no memory left
    return ending.signal in _CRASHES and ending.peak >= _NEAR_LIMIT * job.memory_mib * 1024 * 1024


# ── The crew that read_in_worker uses ────────────────────────────────────────────────────────────────────────────

_shared: dict[int, Crew] = {}  # by process id: a fork of this process must not talk to its parent's helpers
_shared_lock = threading.Lock()


def _shared_crew() -> Crew:
    with _shared_lock:
        crew = _shared.get(os.getpid())
        if crew is None:
            crew = _shared[os.getpid()] = Crew()
            atexit.register(crew.close)
        return crew
