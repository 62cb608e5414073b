from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from app_pages import _server

HOST = {"host": "portaal.example.org"}


async def _welcome(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("welkom")
    await websocket.close()


async def _logged_in(request: Request) -> RedirectResponse:
    return RedirectResponse(str(request.query_params.get("naar", "/")), 302)


@pytest.fixture
def client() -> TestClient:
    routes = [
        WebSocketRoute("/_stcore/stream", _welcome),
        Route("/oauth2callback", _logged_in),
        Route("/vdg/oauth2callback", _logged_in),
        Route("/auth/logout", _logged_in),
    ]
    return TestClient(Starlette(routes=routes, middleware=_server.middleware()), headers=HOST)


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/oauth2callback", "/beheer"),
        ("/vdg/oauth2callback?naar=/vdg/", "/vdg/beheer"),
        ("/oauth2callback?naar=https://inlogdienst.nl/x", "https://inlogdienst.nl/x"),
        ("/auth/logout", "/"),
    ],
)
def test_server_leads_whoever_logged_in_to_beheer(client: TestClient, path: str, leads_to: str) -> None:
    assert client.get(path, follow_redirects=False).headers["location"] == leads_to


@pytest.mark.parametrize("origin", ["https://portaal.example.org", "http://localhost:8501", None])
def test_server_lets_its_own_pages_connect(client: TestClient, origin: str | None) -> None:
    with client.websocket_connect("/_stcore/stream", headers={"origin": origin} if origin else {}) as connection:
        assert connection.receive_text() == "welkom"


@pytest.mark.parametrize(
    "origin",
    [
        "https://kwaad.nl",
        "https://portaal.example.org.kwaad.nl",
        "https://portaal.example.org@kwaad.nl",
        "https://kwaad.nl/portaal.example.org",
        "null",
        "https://[",
    ],
)
def test_server_lets_no_page_of_another_site_connect(client: TestClient, origin: str) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/_stcore/stream", headers={"origin": origin}) as connection,
    ):
        connection.receive_text()
