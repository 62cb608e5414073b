"""nginx with the shipped file, in front of a server that says what reached it."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from eval.benchmarks.portals import free_port
from tests.deploy.proxied import LOG, NAME, Proxy, answer, running_nginx

MIB = 1024 * 1024


class Telling(BaseHTTPRequestHandler):
    """Answers every request with the headers that it came with."""

    def do_GET(self) -> None:
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode().ljust(3000)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Telling)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with running_nginx(tmp_path_factory.mktemp("nginx"), server.server_port) as proxy:
            yield proxy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_nginx_sends_http_to_https(proxy: Proxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.http, timeout=20)
    connection.request("GET", "/document?pagina=3", headers={"Host": NAME})
    response = connection.getresponse()

    assert (response.status, response.headers["location"]) == (301, f"https://{NAME}/document?pagina=3")
    connection.close()


def test_nginx_tells_the_portal_who_came_whatever_a_reader_says_of_himself(proxy: Proxy) -> None:
    claims = {
        "X-Forwarded-For": "127.0.0.1",
        "X-Real-IP": "10.0.0.1",
        "Forwarded": "for=127.0.0.1",
        "X-Forwarded-Proto": "x",
    }
    _, body = answer(proxy, headers={**claims, "X-Forwarded-For": "8.8.8.8"})

    reached = json.loads(body)
    assert reached["x-forwarded-for"] == reached["x-real-ip"] == "127.0.0.1"
    assert reached["x-forwarded-proto"] == "https"
    assert reached["host"] == NAME
    assert "forwarded" not in reached


def test_nginx_passes_on_the_upgrade_of_a_websocket_only(proxy: Proxy) -> None:
    asked = {"Upgrade": "websocket", "Connection": "Upgrade"}

    for path, headers, expected in (("/_stcore/stream", asked, "upgrade"), ("/", {}, None)):
        _, body = answer(proxy, path, headers)
        assert json.loads(body).get("connection") == expected
        assert json.loads(body).get("upgrade") == headers.get("Upgrade")


def test_nginx_adds_what_https_needs_and_compresses(proxy: Proxy) -> None:
    response, body = answer(proxy, headers={"Accept-Encoding": "gzip"})

    assert response.headers["strict-transport-security"].startswith("max-age=")
    assert "default-src 'self'" in response.headers["content-security-policy"]
    assert response.headers["content-encoding"] == "gzip"
    assert len(body) < 3000
    assert "/" not in response.headers["server"]


def test_nginx_lets_too_large_a_file_back_to_the_page_that_says_so(proxy: Proxy) -> None:
    response, _ = answer(proxy, "/beheer-bestanden?sleutel=x", {"Content-Length": str(300 * MIB)}, "POST")

    assert (response.status, response.headers["location"]) == (303, "/beheer?deel=toevoegen&melding=te-groot")


def test_nginx_writes_down_no_question_and_no_key(tmp_path: Path) -> None:
    with running_nginx(tmp_path, free_port()) as proxy:
        answer(proxy, "/?v=geheime+vraag", {"Referer": f"https://{NAME}/?v=geheime+vraag"})
        answer(proxy, "/beheer-bestanden?sleutel=geheime-sleutel", method="POST")

    log = (tmp_path / LOG).read_text("utf-8")
    assert '"GET /" 502' in log
    assert "POST /beheer-bestanden" in log
    assert "geheime" not in log


def test_nginx_limits_the_health_check_only(proxy: Proxy) -> None:
    assert 429 in {answer(proxy, "/gezond")[0].status for _ in range(20)}
    assert {answer(proxy, "/_stcore/health")[0].status for _ in range(20)} == {200}


def test_nginx_says_in_dutch_that_the_portal_is_away(tmp_path: Path) -> None:
    with running_nginx(tmp_path, free_port()) as proxy:
        response, body = answer(proxy, "/?v=vraag")

    assert response.status == 502
    assert b'<html lang="nl">' in body
    assert "even niet bereikbaar" in body.decode()
