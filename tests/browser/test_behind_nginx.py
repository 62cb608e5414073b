"""The portal as a municipality serves it: started as its unit starts it, behind nginx, over https, by its own name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from app_pages import _frame
from eval.benchmarks.portals import chromium_path, running_portal
from tests.deploy.proxied import NAME, Proxy, answer, running_nginx
from tests.deploy.units import command, environment

pytestmark = [pytest.mark.browser, pytest.mark.model]


@pytest.fixture(scope="module")
def served(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("nginx")
    settings = {name: value for name, value in environment().items() if not value.startswith("/")}
    with running_portal(real_data, settings, command("zoekportaal.service")) as behind:
        port = urlsplit(behind).port
        assert port
        with running_nginx(folder, port) as proxy:
            yield proxy


@pytest.fixture
def reader(browser: Browser) -> Iterator[BrowserContext]:
    """A browser for which the portal's name leads to this machine, and that takes a certificate that nobody signed."""
    named = browser.browser_type.launch(
        executable_path=chromium_path(), args=["--no-sandbox", f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
    )
    context = named.new_context(locale="nl-NL", ignore_https_errors=True)
    context.set_default_timeout(20_000)
    yield context
    named.close()


def address_of(served: Proxy) -> str:
    return f"https://{NAME}:{served.https}"


def test_behind_nginx_a_question_is_answered_with_nothing_from_elsewhere(reader: BrowserContext, served: Proxy) -> None:
    page = reader.new_page()
    complaints: list[str] = []
    asked: set[str] = set()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.on("websocket", lambda socket: asked.add(urlsplit(socket.url).scheme))

    page.goto(address_of(served))
    page.get_by_label("Uw vraag").fill("Wie is voorzitter van de portefeuille Onderwijs en Cultuur?")
    page.keyboard.press("Enter")

    expect(page.locator(".zp-card").first).to_contain_text("voorzitter", ignore_case=True)
    page.locator(".zp-card a.zp-link").first.click()
    expect(page).to_have_url(re.compile("/document\\?"))
    for place in _frame.PLACES:
        page.goto(f"{address_of(served)}/{place.path}")
        expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning] h1")).to_be_visible()
    assert asked == {urlsplit(address_of(served)).netloc, "wss"}
    # Streamlit looks for its own server below each page's address first, and does not find it there
    assert [one for one in complaints if "404" not in one] == []


def test_behind_nginx_nobody_is_in_beheer_without_a_login(reader: BrowserContext, served: Proxy) -> None:
    page = reader.new_page()
    # whatever a browser on this very machine says of itself
    page.set_extra_http_headers({"X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1"})
    page.goto(f"{address_of(served)}/beheer?deel=toevoegen")

    expect(page.get_by_text("Het beheer werkt hier pas als het inloggen is ingesteld")).to_be_visible()
    expect(page.locator("form, .zp-parts")).to_have_count(0)
    form = {"Content-Type": "multipart/form-data; boundary=x", "X-Forwarded-For": "127.0.0.1"}
    body = b'--x\r\nContent-Disposition: form-data; name="bestanden"; filename="a.md"\r\n\r\n# Nota\r\n--x--\r\n'
    posted, _ = answer(served, "/beheer-bestanden?sleutel=geraden", form, "POST", body)
    assert (posted.status, posted.headers["location"]) == (303, "beheer?deel=toevoegen&melding=geweigerd")


def test_behind_nginx_the_health_check_asks_a_question(served: Proxy) -> None:
    answered, body = answer(served, "/gezond")

    told = json.loads(body)
    assert (answered.status, told["gezond"]) == (200, True)
    assert told["passages"] > 0
    assert answer(served, "/_stcore/health")[0].status == 200
