"""A web of its own on the loopback: each test says what a path answers, well or badly."""

from __future__ import annotations

import gzip
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
PAGE = b"<!DOCTYPE html><html><body><h1>Regioplan</h1><p>Het plan van Drenthe.</p></body></html>"

Route = Callable[["Handler"], None]


@dataclass
class Asked:
    """A request as the server saw it."""

    host: str
    path: str
    headers: Mapping[str, str]


@dataclass
class Web:
    """A server on `address`; `routes` may be changed while it runs."""

    routes: dict[str, Route] = field(default_factory=dict)
    address: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None

    def __enter__(self) -> Self:
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self.busy: dict[str, int] = {}
        self.busiest: dict[str, int] = {}
        self._server = _Server((self.address, 0), Handler)
        self._server.web = self
        if self.tls:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str = "/", host: str = "") -> str:
        return f"http{'s' if self.tls else ''}://{host or self.address}:{self.port}{path}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    web: Web

    def handle_error(self, request: object, client_address: object) -> None:
        """Silent: that a client hangs up on a bad server is what these tests are about."""


class Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        web, host = self.server.web, self.headers["Host"]
        with web.lock:
            web.asked.append(Asked(host, self.path, {key.lower(): value for key, value in self.headers.items()}))
            web.busy[host] = web.busy.get(host, 0) + 1
            web.busiest[host] = max(web.busiest.get(host, 0), web.busy[host])
        try:
            web.routes.get(self.path, status(404))(self)
        finally:
            with web.lock:
                web.busy[host] -= 1

    def log_message(self, format: str, *args: object) -> None:
        pass

    def start(self, code: int, headers: Mapping[str, str]) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def drip(self, piece: bytes, seconds: float) -> None:
        """Sends a piece again and again until the client hangs up or the test is over."""
        while not self.server.web.closing.wait(seconds):
            try:
                self.wfile.write(piece)
                self.wfile.flush()
            except OSError:
                return


def file(data: bytes, content_type: str = "application/octet-stream", **headers: str) -> Route:
    """An ordinary file."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def route(handler: Handler) -> None:
        handler.start(200, {"Content-Type": content_type, "Content-Length": str(len(data)), **named})
        handler.wfile.write(data)

    return route


def versioned(data: bytes, etag: str = "", modified: str = "") -> Route:
    """A file that answers 304 to who has it already."""

    def route(handler: Handler) -> None:
        validators = {name: value for name, value in (("ETag", etag), ("Last-Modified", modified)) if value}
        given = handler.headers.get("If-None-Match"), handler.headers.get("If-Modified-Since")
        if (etag and given[0] == etag) or (modified and given[1] == modified):
            handler.start(304, validators)
        else:
            handler.start(200, {"Content-Length": str(len(data)), **validators})
            handler.wfile.write(data)

    return route


def status(code: int) -> Route:
    return lambda handler: handler.start(code, {"Content-Length": "0"})


def redirect(location: str, code: int = 302) -> Route:
    return lambda handler: handler.start(code, {"Location": location, "Content-Length": "0"})


def zeros_in_gzip(size: int, encoding: str = "gzip") -> Route:
    """A bomb: `size` zeros, a thousandth of that on the line."""
    data = gzip.compress(bytes(size))
    if encoding.count("gzip") == 2:
        data = gzip.compress(data)
    return file(data, "text/html", Content_Encoding=encoding)


def raw(data: bytes) -> Route:
    """Exactly these bytes, then the connection is closed."""

    def route(handler: Handler) -> None:
        handler.wfile.write(data)
        handler.close_connection = True

    return route


def endless(handler: Handler) -> None:
    handler.start(200, {"Content-Type": "application/pdf"})
    handler.wfile.write(PDF)
    handler.drip(b"x" * 65536, 0.0)


def slow_body(handler: Handler) -> None:
    handler.start(200, {"Content-Type": "application/pdf"})
    handler.wfile.write(PDF)
    handler.drip(b"x", 0.05)


def slow_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    handler.drip(b"x", 0.05)


def silent(handler: Handler) -> None:
    handler.server.web.closing.wait(5)
