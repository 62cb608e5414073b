"""The helper's side of worker.py: waits for commands, forks a child for each, and says how the child ended.

Single-threaded throughout, and nothing here is imported that starts threads: that is what makes the fork safe.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import pickle
import resource
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, NoReturn

from ingest.errors import UnreadableError

# How often the helper looks whether its parent still lives, in seconds.
_LOOK = 0.5
# Linux's prctl option: the signal that the kernel sends when the parent dies.
_PR_SET_PDEATHSIG = 1
# The C library; loaded here, since a child that was just forked should load nothing.
_libc = ctypes.CDLL(None)


@dataclass(frozen=True, slots=True)
class Command:
    """One job: limits in seconds and bytes, and what to import ('module:') or call once ('module:function') before."""

    seconds: float
    memory: int
    prepare: tuple[str, ...]

    def packed(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def unpacked(cls, message: bytes) -> Command:
        values = json.loads(message)
        return cls(values["seconds"], values["memory"], tuple(values["prepare"]))


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended: its exit code, the signal that ended it (0: none), the most memory it held, in bytes."""

    timed_out: bool
    code: int
    signal: int
    peak: int

    def packed(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def unpacked(cls, message: bytes) -> Ending:
        return cls(**json.loads(message))


def serve(control_file: str, job_file: str, outcome_file: str) -> None:
    """The helper's life: until the other end of the control socket closes. The arguments are file descriptors."""
    control = socket.socket(fileno=int(control_file))
    parent = os.getppid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})  # taken with sigtimedwait
    prepared: set[str] = set()
    control.send(b"ready")
    # From here on what libraries print goes nowhere; what kept the helper from starting was still to be seen.
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    while message := _next_message(control, parent):
        command = Command.unpacked(message)
        for reference in command.prepare:
            if reference not in prepared:
                prepared.add(reference)
                _prepare(reference)
        ending = _run(command, control, int(job_file), int(outcome_file), parent)
        try:
            control.send(ending.packed())
        except OSError:
            return


def _stop(number: int, frame: object) -> NoReturn:
    raise SystemExit(0)


def _next_message(control: socket.socket, parent: int) -> bytes:
    """The next command; empty when the parent is gone, also if a fork of it still holds the socket open."""
    control.settimeout(10 * _LOOK)
    while os.getppid() == parent:
        try:
            return control.recv(65536)
        except TimeoutError:
            continue
        except OSError:
            break
    return b""


def _prepare(reference: str) -> None:
    """Loads what every child will need. If it fails, the child meets the same fault and reports it."""
    module, _, name = reference.partition(":")
    with contextlib.suppress(Exception):
        found: Any = importlib.import_module(module)
        for part in filter(None, name.split(".")):
            found = getattr(found, part)
        if name:
            found()


def _run(command: Command, control: socket.socket, job_file: int, outcome_file: int, parent: int) -> Ending:
    """Forks the child and waits for it, as long as it may take and the parent lives."""
    helper, held = os.getpid(), _memory_now()[1]
    child = os.fork()
    if child == 0:
        control.close()
        _be_child(command, helper, job_file, outcome_file)
    timed_out = False
    try:
        with contextlib.suppress(OSError):
            os.setpgid(child, child)  # the child does so too: whoever comes first
        deadline = time.monotonic() + command.seconds
        while not _has_ended(child):
            left = deadline - time.monotonic()
            if left <= 0:
                timed_out = True
                break
            signal.sigtimedwait({signal.SIGCHLD}, min(left, _LOOK))
            if os.getppid() != parent:
                raise SystemExit(0)
    finally:
        # The whole group: a program that the child started (tesseract) goes with it.
        with contextlib.suppress(OSError):
            os.killpg(child, signal.SIGKILL)
        _, status, usage = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    peak = max(0, usage.ru_maxrss * 1024 - held)
    return Ending(timed_out, max(code, 0), max(-code, 0), peak)


def _has_ended(child: int) -> bool:
    """Whether the child has ended; it is not yet waited for, so its number cannot have gone to another process."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


# ── In the child ─────────────────────────────────────────────────────────────────────────────────────────────────


def _be_child(command: Command, helper: int, job_file: int, outcome_file: int) -> NoReturn:
    """One job, from its limits to its outcome. Never returns: what stands above on the stack is the helper's."""
    try:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != helper:
            os._exit(1)  # it died before it could be asked for the signal
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        _limit(command.memory, os.fstat(job_file).st_size)
        outcome = _outcome_of(job_file)
        _leave(outcome, outcome_file)
        os._exit(0)
    finally:
        os._exit(1)


def _limit(memory: int, job: int) -> None:
    """Address space: what is in use now, what the job's own bytes take (as read and as unpickled), and `memory`."""
    space = _memory_now()[0] + 2 * job + memory
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_FSIZE, (space, space))  # the outcome lies in memory too
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _outcome_of(job_file: int) -> tuple[str, object]:
    """('result', value) or what went wrong, in a form that can always be pickled."""
    try:
        function: Callable[..., object]
        os.lseek(job_file, 0, os.SEEK_SET)
        with open(job_file, "rb", closefd=False) as file:
            function, args = pickle.load(file)
        return "result", function(*args)
    except UnreadableError as error:
        return "unreadable", (str(error.state), error.reason)
    except MemoryError:
        return "memory", None
    except BaseException as error:  # SystemExit and KeyboardInterrupt too: nothing of the job may end the run
        return "failed", type(error).__name__


def _leave(outcome: tuple[str, object], outcome_file: int) -> None:
    """Writes the outcome; one that cannot be written is replaced by the reason why."""
    try:
        _write(outcome, outcome_file)
    except MemoryError:
        _write(("memory", None), outcome_file)
    except OSError:  # over the limit on a file's size
        _write(("memory", None), outcome_file)
    except Exception as error:  # pickle raises TypeError, AttributeError, PicklingError, RecursionError, …
        _write(("unpicklable", type(error).__name__), outcome_file)


def _write(outcome: tuple[str, object], outcome_file: int) -> None:
    os.ftruncate(outcome_file, 0)
    os.lseek(outcome_file, 0, os.SEEK_SET)
    with open(outcome_file, "wb", closefd=False) as file:
        pickle.dump(outcome, file, pickle.HIGHEST_PROTOCOL)


def _memory_now() -> tuple[int, int]:
    """Address space and resident memory of this process, in bytes."""
    with open("/proc/self/statm", encoding="ascii") as file:
        total, resident = file.read().split()[:2]
    page = resource.getpagesize()
    return int(total) * page, int(resident) * page
