from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpcore2
import httpx2
import pytest

from ingest.addresses import IPAddress
from ingest.connect import OverdueError, RefusedAddressError
from ingest.fetch import Fetcher, FetchState
from ingest.fetch_problems import STATES, state_of
from tests.ingest.fetching import assert_is_a_reason, settings


def exceptions_of(module: Any) -> list[type[Exception]]:
    found = [value for value in vars(module).values() if isinstance(value, type) and issubclass(value, Exception)]
    assert len(found) > 10
    return found


def raised(kind: type[Exception]) -> Exception:
    """An exception of a class, however it wants to be made."""
    request = httpx2.Request("GET", "http://een.test/")
    if issubclass(kind, httpx2.HTTPStatusError):
        return kind("x", request=request, response=httpx2.Response(500, request=request))
    try:
        return kind("x")
    except TypeError:
        return kind()


@pytest.mark.parametrize(
    "kind", [*exceptions_of(httpx2), *exceptions_of(httpcore2)], ids=lambda kind: kind.__qualname__
)
def test_fetch_problems_every_exception_of_the_client_ends_in_a_state(tmp_path: Path, kind: type[Exception]) -> None:
    def resolve(name: str, port: int) -> Sequence[IPAddress]:
        raise raised(kind)

    found = Fetcher(settings(deadline=0.2), tmp_path, resolve=resolve).fetch("http://een.test/")
    again_and_again = kind is httpcore2.ConnectionNotAvailable  # its own word for 'try once more'
    assert found.state is (FetchState.TIME_OUT if again_and_again else state_of(raised(kind)))
    assert_is_a_reason(found.reason)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (httpx2.ReadTimeout("x"), FetchState.TIME_OUT),
        (httpcore2.ConnectTimeout(), FetchState.TIME_OUT),
        (OverdueError(), FetchState.TIME_OUT),
        (RefusedAddressError("a", "b"), FetchState.ADRES_GEWEIGERD),
        (httpx2.InvalidURL("x"), FetchState.ADRES_GEWEIGERD),
        (httpcore2.ReadError(), FetchState.STORING),
        (httpx2.RemoteProtocolError("x"), FetchState.STORING),
        (ssl.SSLCertVerificationError("x"), FetchState.STORING),
        (ConnectionResetError(), FetchState.STORING),
        (socket.gaierror(-2, "x"), FetchState.WACHT_OP_NETWERK),
        (UnicodeError("x"), FetchState.ADRES_GEWEIGERD),
    ],
    ids=repr,
)
def test_fetch_problems_states_of_exceptions(error: Exception, state: FetchState) -> None:
    assert state_of(error) is state


def test_fetch_problems_own_mistakes_are_not_hidden_as_the_sources() -> None:
    assert not any(issubclass(bug, tuple(STATES)) for bug in (TypeError, AttributeError, KeyError, AssertionError))
