"""What Linux tells of a process's memory and of the machine's load, and how files are put out of its memory."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_STATUS = Path("/proc/self/status")


def memory_gib() -> dict[str, float]:
    """Of this process, in GiB: {'rss': 1.2, 'anonymous': 0.8}; the rest of the former are files, which may go.

    Empty where the system does not tell.
    """
    told = _status()
    if "VmRSS" not in told:
        return {}
    return {"rss": _gib(told["VmRSS"]), "anonymous": _gib(told["RssAnon"])}


def peak_gib() -> float:
    """The most that this process ever had in memory, files included; 0 where the system does not tell."""
    return _gib(_status().get("VmHWM", 0))


def load() -> float:
    """The mean number of processes at work in the last minute, on all cores."""
    return round(os.getloadavg()[0], 2)


def forget(files: Iterable[Path]) -> None:
    """Puts files out of the system's memory, so that who opens them next reads them from disk."""
    for file in files:
        if file.is_file():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())  # what is not written yet cannot go
                os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _status() -> dict[str, int]:
    """{'VmRSS': 1234, …} in KiB."""
    if not _STATUS.is_file():
        return {}
    lines = (line.split() for line in _STATUS.read_text().splitlines())
    return {parts[0].rstrip(":"): int(parts[1]) for parts in lines if parts[2:] == ["kB"]}


def _gib(kib: int) -> float:
    return round(kib / 2**20, 3)
