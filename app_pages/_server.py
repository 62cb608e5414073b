"""What the web server does beside Streamlit's own: the page's language, headers, and the routes that are no pages.

Streamlit serves one index.html in English for every address; the middleware makes it Dutch before it leaves, so that a
screen reader, which reads the language before any script has run, speaks Dutch from the first word.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import BaseRoute

from app_pages import _files, _health
from app_pages._beheer import upload_route
from app_pages._beheer.links import BeheerAddress, Part, parse_beheer
from app_pages._document import picture_route
from app_pages._zoeken import suggest

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

# What stands in Streamlit's index.html, and what a Dutch portal says there.
_DUTCH = (
    (b'<html lang="en"', b'<html lang="nl"'),
    (b"<title>Streamlit</title>", b"<title>Zoekportaal VDG</title>"),
    (b"You need to enable JavaScript to run this app.", b"Zet JavaScript aan om het zoekportaal te gebruiken."),
)
# For every answer: no guessing of types, no frame around the portal by another site, no addresses to other sites (a
# question stands in the address bar).
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"same-origin"),
)
# The cookie that keeps which part of Beheer somebody asked for while he logs in.
_ASKED = "zoekportaal_deel"


def routes() -> list[BaseRoute]:
    """All addresses that are no pages."""
    return [*_files.routes(), *_health.routes(), *picture_route.routes(), *suggest.routes(), *upload_route.routes()]


def middleware() -> list[Middleware]:
    """What every request passes, outermost first."""
    return [Middleware(OwnPagesOnly), Middleware(BackToBeheer), Middleware(DutchPages)]


class OwnPagesOnly:
    """Lets only pages of the portal itself connect to it. Streamlit would ask a site on the internet for this machine's
    address before it refuses a page of somebody else."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request or connection; a websocket of another site is closed before it opens."""
        if scope["type"] == "websocket" and not is_own_page(dict(scope["headers"]), _own_name()):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._app(scope, receive, send)


def is_own_page(headers: Mapping[bytes, bytes], own_name: str) -> bool:
    """Whether a connection comes from a page of the portal, by its Origin: the address that was asked, or the name that
    the portal was told it has. A program that is no browser sends none."""
    origin = headers.get(b"origin", b"").decode("latin-1")
    try:
        parts = urlsplit(origin)
        return not origin or parts.netloc == headers.get(b"host", b"").decode("latin-1") or parts.hostname == own_name
    except ValueError:
        return False


def _own_name() -> str:
    return str(st.get_option("browser.serverAddress") or "").casefold()


class BackToBeheer:
    """Whoever logged in did so for Beheer: Streamlit sends him to the first page of the portal, this to Beheer.

    To the part that he asked for: the browser tells the page that he comes from when he goes to log in, and a cookie
    of a few minutes keeps the part.
    """

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request; all but the way to the provider and its answer passes as it is."""
        path = scope["path"] if scope["type"] == "http" else ""
        if not path.endswith(("/oauth2callback", "/auth/login")):
            await self._app(scope, receive, send)
            return
        asked = Request(scope)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message["headers"])
                if path.endswith("/auth/login"):
                    headers.append((b"set-cookie", _kept(_part_of(urlsplit(asked.headers.get("referer", "")).query))))
                else:
                    part = _part_of(f"deel={asked.cookies.get(_ASKED, '')}")
                    headers = [_to_beheer(part, *header) for header in headers]
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, sent)


def _part_of(query: str) -> Part:
    """'deel=inlezen' → Part.RUNS; the first part for anything that is none."""
    return parse_beheer(parse_qs(query)).part


def _kept(part: Part) -> bytes:
    """Lax: it must come along when the provider sends the reader back."""
    return f"{_ASKED}={part.value}; Path=/; Max-Age=900; HttpOnly; SameSite=Lax".encode()


def _to_beheer(part: Part, name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """(Part.RUNS, b'location', b'/') → (b'location', b'/beheer?deel=inlezen'); any other header stays."""
    if name.lower() != b"location" or not value.endswith(b"/"):
        return name, value
    return name, value + (b"beheer" if part is Part.SOURCES else BeheerAddress(part).href.encode())


class DutchPages:
    """Makes the HTML that Streamlit serves Dutch, and gives every answer the portal's headers."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request; anything but HTTP (the websocket) passes as it is."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _wants_page(scope):
            # compressed HTML could not be read here; it is a few kilobytes, and the proxy compresses
            plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
            scope = {**scope, "headers": plain}
        started: Message | None = None
        body = b""

        async def sent(message: Message) -> None:
            nonlocal started, body
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *_HEADERS]}
                if _is_html(message):
                    started = message
                    return
            elif started is not None and message["type"] == "http.response.body":
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                for english, dutch in _DUTCH:
                    body = body.replace(english, dutch)
                length = (b"content-length", str(len(body)).encode())
                kept = [(name, value) for name, value in started["headers"] if name.lower() != b"content-length"]
                await send({**started, "headers": [*kept, length]})
                message = {**message, "body": body}
            await send(message)

        await self._app(scope, receive, sent)


def _wants_page(scope: Message) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _is_html(message: Message) -> bool:
    """Whether this answer is a page of the portal; a file that is handed over (a source in HTML) stays as it is."""
    headers = {name.lower(): value for name, value in message["headers"]}
    is_page = b"content-encoding" not in headers and b"content-disposition" not in headers
    return is_page and headers.get(b"content-type", b"").startswith(b"text/html")
