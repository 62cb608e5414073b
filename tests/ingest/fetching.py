"""What the tests of fetching share: a clock, a resolver, and a guard that keeps them on this machine."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from ingest.addresses import IPAddress, networks_of
from ingest.fetch import Fetched, Fetcher, FetchSettings

LOOPBACK = networks_of(["127.0.0.0/8"])
MONDAY = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


class Time:
    """A clock that only a pause moves on."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.pauses: list[float] = []
        self.today = MONDAY

    def clock(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.pauses.append(round(seconds, 3))
        self.seconds += seconds

    def now(self) -> dt.datetime:
        return self.today


def stay_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may send anything beyond this machine, whatever the code under test does."""
    connect = socket.create_connection

    def guarded(address: tuple[str, int], *rest: Any, **named: Any) -> socket.socket:
        assert ip_address(address[0]).is_loopback, f"connected to {address}"
        return connect(address, *rest, **named)

    monkeypatch.setattr(socket, "create_connection", guarded)


def settings(**changes: Any) -> FetchSettings:
    quick: dict[str, Any] = {"allowed_networks": LOOPBACK, "pause": 0.0, "deadline": 5.0, "read_timeout": 2.0}
    return FetchSettings(**(quick | changes))


def fetch(folder: Path, address: str, *, at: dt.datetime = MONDAY, **changes: Any) -> Fetched:
    with Fetcher(settings(**changes), folder, now=lambda: at) as fetcher:
        return fetcher.fetch(address)


def names(**addresses: str) -> Callable[[str, int], Sequence[IPAddress]]:
    """A resolver that knows these names, with '_' for '.': een_test='127.0.0.1'."""
    known = {name.replace("_", "."): [ip_address(text) for text in each.split()] for name, each in addresses.items()}

    def resolve(name: str, port: int) -> Sequence[IPAddress]:
        if name not in known:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return known[name]

    return resolve


def assert_is_a_reason(reason: str) -> None:
    """A whole text in Dutch of more than one thing: why, and what to do."""
    assert reason.endswith(".")
    assert "{" not in reason
    assert reason.count(". ") >= 1
