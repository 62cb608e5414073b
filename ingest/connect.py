"""Connections to checked addresses only: a transport for httpx2 that resolves names itself.

Between looking a name up and connecting to it, the answer can change (DNS rebinding). So the name is resolved once,
every address that comes back is checked, and the connection goes to one of those very addresses; the Host header,
TLS's SNI and the check of the certificate keep the name. Whatever is asked of the transport goes this way.

httpx2 is the maintained continuation of httpx, with the same interface; the environment holds it already.
"""

from __future__ import annotations

import errno
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from ipaddress import ip_address
from typing import Any

import httpcore2
import httpx2

from ingest.addresses import IPAddress, IPNetwork, may_connect

# (name, port) → its addresses. Raises OSError (socket.gaierror) if there are none.
Resolver = Callable[[str, int], Sequence[IPAddress]]


class RefusedAddressError(Exception):
    """Raised when a name leads to an address that may not be reached; `host` is the name, `address` where it led."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(f"{host} → {address}")
        self.host = host
        self.address = address


class OverdueError(Exception):
    """Raised when the time for one source is up, however busily the other side goes on sending."""


class Deadline:
    """How many seconds of work are left; `clock` counts seconds."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._end = clock() + seconds
        self._clock = clock

    def left(self, most: float | None = None) -> float:
        """The seconds that are left, `most` at the most. Raises OverdueError if there are none."""
        seconds = self._end - self._clock()
        if seconds <= 0:
            raise OverdueError
        return seconds if most is None else min(seconds, most)


class CheckedTransport(httpx2.BaseTransport):
    """One hop's connection: to a checked address, within the deadline, closed afterwards."""

    def __init__(
        self, resolve: Resolver, allowed: Sequence[IPNetwork], deadline: Deadline, ssl_context: ssl.SSLContext
    ) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=ssl_context,
            max_connections=1,
            max_keepalive_connections=0,  # a connection that is kept would outlive the check of its address
            network_backend=_CheckedBackend(resolve, allowed, deadline),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """As httpx2's own transport does it. Raises httpcore2's exceptions as they are."""
        url = request.url
        response = self._pool.handle_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(response.status, headers=response.headers, stream=_Body(response))

    def close(self) -> None:
        """Closes whatever is open."""
        self._pool.close()


def system_resolver(name: str, port: int) -> Sequence[IPAddress]:
    """What the system says of a name. It also reads 2130706433 and 0177.0.0.1 as 127.0.0.1, as a connection would."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(ip_address(place[0]) for *_, place in found))


class _Body(httpx2.SyncByteStream):
    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _CheckedBackend(httpcore2.NetworkBackend):
    def __init__(self, resolve: Resolver, allowed: Sequence[IPNetwork], deadline: Deadline) -> None:
        self._resolve = resolve
        self._allowed = allowed
        self._deadline = deadline
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connects to the first address that answers. Raises RefusedAddressError if even one may not be reached."""
        addresses = _within(self._deadline.left(), lambda: self._resolve(host, port))
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        for address in addresses:  # all before any: a name that is half public is a trick
            if not may_connect(address, port, self._allowed):
                raise RefusedAddressError(host, str(address))
        failures: list[httpcore2.ConnectError | httpcore2.ConnectTimeout] = []
        for address in addresses:
            try:
                stream = self._inner.connect_tcp(
                    str(address), port, self._deadline.left(timeout), local_address, socket_options
                )
                return _TimedStream(stream, self._deadline)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failures.append(error)
        # A machine without IPv6 fails on that address at once; what another address said tells more.
        raise next((failure for failure in failures if not is_unreachable(failure)), failures[0])


class _TimedStream(httpcore2.NetworkStream):
    """A stream whose every wait ends at the deadline: a byte now and then does not make it last longer."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def is_unreachable(error: BaseException) -> bool:
    """Whether an error says that there is no network to that address, rather than that the other side failed."""
    return any(
        isinstance(cause, socket.gaierror)
        or (isinstance(cause, OSError) and cause.errno in (errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL))
        for cause in causes_of(error)
    )


def causes_of(error: BaseException) -> list[BaseException]:
    """An exception with all that led to it. httpcore2 raises its own 'from None', with the cause as its argument."""
    found = [error]
    for each in found:  # grows meanwhile
        before = (each.__cause__, each.__context__, *each.args)
        found += [cause for cause in before if isinstance(cause, BaseException) and cause not in found]
    return found


def _within(seconds: float, look_up: Callable[[], Sequence[IPAddress]]) -> Sequence[IPAddress]:
    """What a function gives; OverdueError if that takes too long. The system's look-up knows no time limit itself."""
    answers: list[Sequence[IPAddress]] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            answers.append(look_up())
        except Exception as error:  # handed over to the thread that waits, whatever it is
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True, name="naam opzoeken")
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not answers:
        raise OverdueError
    return answers[0]
