from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from app_pages import _server

# As Streamlit serves it, shortened.
INDEX = (
    '<!DOCTYPE html><html lang="en"><head><title>Streamlit</title></head>'
    "<body><noscript>You need to enable JavaScript to run this app.</noscript></body></html>"
)
HEADERS = {"x-content-type-options": "nosniff", "x-frame-options": "SAMEORIGIN", "referrer-policy": "same-origin"}
BROWSER = {"accept": "text/html,application/xhtml+xml", "accept-encoding": "gzip"}


def client() -> TestClient:
    """A server with the portal's middleware around pages that answer as Streamlit's do."""

    def page(request: Request) -> Response:
        return HTMLResponse(INDEX, headers={"x-asked": request.headers.get("accept-encoding", "")})

    def parts(request: Request) -> Response:
        return StreamingResponse(iter([INDEX[:18], INDEX[18:60], INDEX[60:]]), media_type="text/html")

    def data(request: Request) -> Response:
        return JSONResponse({"html": '<html lang="en">', "asked": request.headers.get("accept-encoding", "")})

    def packed(request: Request) -> Response:
        return Response(b'\x1f\x8b<html lang="en"', media_type="text/html", headers={"content-encoding": "br"})

    async def spoken(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text('<html lang="en">')
        await websocket.close()

    def provider(request: Request) -> Response:
        return RedirectResponse("https://inloggen.example/")

    def back(request: Request) -> Response:
        return RedirectResponse("/")

    login = [Route("/auth/login", provider), Route("/oauth2callback", back)]
    routes = [*login, Route("/page", page), Route("/parts", parts), Route("/data", data), Route("/packed", packed)]
    return TestClient(
        Starlette(routes=[*routes, WebSocketRoute("/stream", spoken)], middleware=_server.middleware()),
    )


@pytest.mark.parametrize("path", ["/page", "/parts"])
def test_server_makes_the_page_dutch_in_one_piece_or_in_parts(path: str) -> None:
    answer = client().get(path, headers=BROWSER)

    assert '<html lang="nl">' in answer.text
    assert "<title>Zoekportaal VDG</title>" in answer.text
    assert "Zet JavaScript aan" in answer.text
    assert not {"Streamlit", "enable JavaScript", 'lang="en"'} & set(answer.text.split("<"))
    assert int(answer.headers["content-length"]) == len(answer.content)


@pytest.mark.parametrize("path", ["/page", "/parts", "/data", "/packed", "/bestaat-niet"])
def test_server_gives_every_answer_its_headers(path: str) -> None:
    answer = client().head(path) if path == "/packed" else client().get(path)

    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_server_leaves_alone_what_is_no_page() -> None:
    answer = client().get("/data", headers={"accept-encoding": "gzip"})

    assert answer.json() == {"html": '<html lang="en">', "asked": "gzip"}


def test_server_asks_for_a_page_that_it_can_read_uncompressed() -> None:
    assert client().get("/page", headers=BROWSER).headers["x-asked"] == ""


def test_server_leaves_a_page_alone_that_is_compressed_all_the_same() -> None:
    sent = asyncio.run(told([(b"content-type", b"text/html"), (b"content-encoding", b"br")], b'<html lang="en"'))

    assert sent == b'<html lang="en"'


@pytest.mark.parametrize(
    ("came_from", "lands_on"),
    [
        ("http://testserver/beheer?deel=inlezen&bron=x", "/beheer?deel=inlezen"),
        ("http://testserver/beheer", "/beheer"),
        ("http://testserver/beheer?deel=//kwaad.nl%0d%0aset-cookie:x", "/beheer"),
        ("", "/beheer"),
    ],
)
def test_server_leads_back_to_the_part_of_beheer_that_was_asked(came_from: str, lands_on: str) -> None:
    browser = client()
    asked = browser.get("/auth/login", headers={"referer": came_from}, follow_redirects=False)
    answered = browser.get("/oauth2callback", follow_redirects=False)

    assert asked.headers["location"] == "https://inloggen.example/"
    assert answered.headers["location"] == lands_on


def test_server_takes_no_other_word_from_the_cookie() -> None:
    browser = client()
    browser.cookies.set("zoekportaal_deel", "//kwaad.nl")

    assert browser.get("/oauth2callback", follow_redirects=False).headers["location"] == "/beheer"


def test_server_lets_the_websocket_through_as_it_is() -> None:
    with client().websocket_connect("/stream") as socket:
        assert socket.receive_text() == '<html lang="en">'


def test_server_has_a_health_check_and_a_way_in_for_files() -> None:
    paths = {route.path for route in _server.routes() if isinstance(route, Route)}

    assert "/gezond" in paths
    assert len(paths) == len(_server.routes())


async def told(headers: Sequence[tuple[bytes, bytes]], body: bytes) -> bytes:
    """The body that comes out of the middleware around an application that answers with these headers and this body."""
    out = b""

    async def application(scope: _server.Message, receive: _server.Receive, send: _server.Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": list(headers)})
        await send({"type": "http.response.body", "body": body})

    async def receive() -> _server.Message:
        return {"type": "http.request"}

    async def send(message: _server.Message) -> None:
        nonlocal out
        out += message.get("body", b"")

    await _server.DutchPages(application)({"type": "http", "headers": []}, receive, send)
    return out
