"""How far a run is, told in a small file, so that whoever looks sees the same run, whichever process it is.

data/cache/inlezing.json is replaced in one step each time; a reader never finds half of it. The run writes it, nobody
else does. A run that was killed cannot say so: a reader sees it from the process, which is told by its number and the
moment of its birth, since numbers come back.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

FILE = Path("cache") / "inlezing.json"
# What the last run that published said, as `--json` prints it; the run writes it when it ends.
REPORT = Path("cache") / "verslag.json"
# Steps within one stage are written at most this often, in seconds: nobody sees more, and a disk need not either.
_EVERY = 0.2


class Outcome(StrEnum):
    """How a run goes, or went."""

    LOOPT = "loopt"
    KLAAR = "klaar"
    MISLUKT = "mislukt"
    WEGGEVALLEN = "weggevallen"  # its process is gone and did not say how it ended


@dataclass(frozen=True, slots=True)
class RunState:
    """What is known of the last run: its stage in Dutch, `done` of `total` in it (0: not known), and how it went.

    `started` and `told` are in seconds since 1970; `message` is a Dutch sentence once it ended; `version` the one that
    it published, '' if none.
    """

    pid: int
    born: int
    started: float
    told: float
    stage: str = ""
    done: int = 0
    total: int = 0
    outcome: Outcome = Outcome.LOOPT
    message: str = ""
    version: str = ""


class Teller:
    """Tells of one run, in the data folder that the run holds the lock of. A full disk costs the telling, no more."""

    def __init__(self, data: Path, pid: int | None = None) -> None:
        """`pid` is the run's process, if that is another one, which was just started."""
        self._file = data / FILE
        now, process = time.time(), pid or os.getpid()
        self._state = RunState(process, born(process), now, now)
        self.stage("Beginnen")

    @property
    def has_ended(self) -> bool:
        """Whether the end was told."""
        return self._state.outcome is not Outcome.LOOPT

    def stage(self, name: str, total: int = 0) -> None:
        """A new stage begins."""
        self._tell(replace(self._state, stage=name, done=0, total=total))

    def step(self, done: int, total: int) -> None:
        """So many of so many in this stage."""
        counted = replace(self._state, done=done, total=total)
        if done >= total or time.time() - self._state.told >= _EVERY:
            self._tell(counted)

    def end(self, outcome: Outcome, message: str, version: str = "") -> None:
        """The run has ended, so."""
        self._tell(replace(self._state, outcome=outcome, message=message, version=version))

    def _tell(self, state: RunState) -> None:
        self._state = replace(state, told=time.time())
        aside = self._file.with_name(f".{self._file.name}-{os.getpid()}")
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            aside.write_text(json.dumps(asdict(self._state), ensure_ascii=False), encoding="utf-8")
            os.replace(aside, self._file)


@contextmanager
def telling(data: Path, known: tuple[type[Exception], ...]) -> Iterator[Teller]:
    """A teller for one run; an error that ends the run is told too. The words of `known` errors are Dutch."""
    teller = Teller(data)
    try:
        yield teller
    except known as error:
        teller.end(Outcome.MISLUKT, str(error))
        raise
    except KeyboardInterrupt:
        teller.end(Outcome.MISLUKT, "De inlezing is afgebroken.")
        raise
    except OSError as error:
        teller.end(Outcome.MISLUKT, f"De inlezing is gestopt: {error.strerror}.")
        raise
    except BaseException as error:
        teller.end(Outcome.MISLUKT, f"De inlezing is gestopt door een onverwachte fout ({type(error).__name__}).")
        raise
    else:
        if not teller.has_ended:
            teller.end(Outcome.KLAAR, "")


def last_run(data: Path) -> RunState | None:
    """The run that goes on, or the last one; None if there was none, or what is told of it cannot be read."""
    try:
        told = json.loads((data / FILE).read_text(encoding="utf-8"))
        state = RunState(**{**told, "outcome": Outcome(told["outcome"])})
        numbers = (state.pid, state.born, state.started, state.told, state.done, state.total)
        texts = (state.stage, state.message, state.version)
        if not all(isinstance(one, int | float) for one in numbers) or not all(isinstance(one, str) for one in texts):
            return None
    except (OSError, ValueError, TypeError, KeyError):
        return None
    if state.outcome is Outcome.LOOPT and born(state.pid) != state.born:
        return replace(state, outcome=Outcome.WEGGEVALLEN)
    return state


def born(pid: int) -> int:
    """When a process began, in the system's ticks; 0 if there is no such process. Linux only, as the portal is."""
    try:
        stat = Path(f"/proc/{int(pid)}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    fields = stat.rpartition(")")[2].split()  # the program's name, in brackets, may hold anything
    # a process that ended and was not yet waited for is a zombie: no run goes on in it
    return int(fields[19]) if len(fields) > 19 and fields[0] not in "ZX" else 0
