"""What the tests of fetching are given: a web server on this machine, and a guard that keeps them there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ingest.fetching import stay_on_this_machine
from tests.ingest.web import Web


@pytest.fixture
def on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    stay_on_this_machine(monkeypatch)


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as server:
        yield server
