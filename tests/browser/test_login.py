"""Logging in at a real provider, in a real browser: who is on the list gets in, anybody else does not."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from eval.benchmarks.portals import chromium_path, running_portal
from index.settings import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.model]

ALLOWED, OTHER, UNCONFIRMED = "a.bos@vdg.nl", "c.vos@elders.nl", "b.bos@vdg.nl"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of an OpenID Connect provider with three people."""
    if chromium_path() is None:
        pytest.skip("there is no Chromium here (Debian: apt-get install chromium)")
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    people = [(ALLOWED, True), (OTHER, True), (UNCONFIRMED, False)]
    claims = [json.dumps({"sub": email, "email": email, "email_verified": checked}) for email, checked in people]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen([*command, *(part for one in claims for part in ("--user-claims", one))])
    address = f"http://localhost:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/.well-known/openid-configuration", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def portal_with_login(provider: str, real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a portal where one person may enter Beheer; its corpus is a copy."""
    folder = tmp_path_factory.mktemp("inloggen")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    secrets = folder / "secrets.toml"
    secrets.write_text(
        "[auth]\n"
        'redirect_uri = "http://localhost:{port}/oauth2callback"\n'
        'cookie_secret = "alleen-voor-deze-test-en-lang-genoeg"\n'
        'client_id = "zoekportaal"\n'
        'client_secret = "geheim"\n'
        f'server_metadata_url = "{provider}/.well-known/openid-configuration"\n'
    )
    environment = {
        "STREAMLIT_SECRETS_FILES": str(secrets),
        "ZOEKPORTAAL_CORPUS": str(folder / "corpus"),
        "ZOEKPORTAAL_BEHEERDERS": f"{ALLOWED}, {UNCONFIRMED}",
    }
    with running_portal(real_data, environment) as address:
        yield address


def log_in(page: Page, address: str, who: str) -> None:
    page.goto(f"{address}/beheer")
    page.get_by_role("button", name="Inloggen").click()
    page.wait_for_url(re.compile("/oauth2/authorize"))
    page.get_by_role("button", name=who).click()
    page.wait_for_url(f"{address}/beheer")


def test_login_lets_in_who_is_on_the_list_until_he_leaves(page: Page, portal_with_login: str) -> None:
    log_in(page, portal_with_login, ALLOWED)

    expect(page.get_by_role("heading", name="Bronnen", level=2)).to_be_visible()
    expect(page.get_by_text(f"Ingelogd als {ALLOWED}")).to_be_visible()

    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_text("Ingelogd als")).to_be_hidden()
    page.goto(f"{portal_with_login}/beheer")
    expect(page.get_by_role("button", name="Inloggen")).to_be_visible()
    expect(page.get_by_role("heading", name="Bronnen", level=2)).to_be_hidden()


def test_login_leads_back_to_the_part_that_was_asked(page: Page, portal_with_login: str) -> None:
    page.goto(f"{portal_with_login}/beheer?deel=begrippen")
    page.get_by_role("button", name="Inloggen").click()
    page.get_by_role("button", name=ALLOWED).click()

    expect(page).to_have_url(f"{portal_with_login}/beheer?deel=begrippen")
    expect(page.get_by_role("heading", name="Begrippen", level=2)).to_be_visible()


def test_login_is_asked_of_whoever_sends_files(page: Page, browser: Browser, portal_with_login: str) -> None:
    stranger = browser.new_context()
    log_in(page, portal_with_login, ALLOWED)
    page.goto(f"{portal_with_login}/beheer?deel=toevoegen")
    form = page.locator("form.zp-upload")
    with_its_key = f"{portal_with_login}/{form.get_attribute('action')}"

    strangers: FilePayload = {"name": "vreemd.txt", "mimeType": "text/plain", "buffer": b"Vreemd."}
    answer = stranger.request.post(with_its_key, multipart={"bestanden": strangers}, max_redirects=0)
    assert "geweigerd" in answer.headers["location"]

    form.locator("input[type=file]").set_input_files({"name": "nota.txt", "mimeType": "text/plain", "buffer": b"Nota."})
    form.get_by_role("button", name="Versturen en bekijken").click()
    expect(page).to_have_url(re.compile("voorstel="))


@pytest.mark.parametrize(
    ("who", "why"), [(OTHER, "niet op de lijst van beheerders"), (UNCONFIRMED, "dit mailadres niet bevestigd")]
)
def test_login_refuses(page: Page, portal_with_login: str, who: str, why: str) -> None:
    log_in(page, portal_with_login, who)

    expect(page.get_by_text(why)).to_be_visible()
    expect(page.get_by_role("heading", level=2)).to_have_count(0)


@pytest.mark.parametrize("part", ["", "?deel=toevoegen", "?deel=inlezen", "?deel=begrippen"])
def test_login_is_asked_of_everybody_even_on_this_machine(page: Page, portal_with_login: str, part: str) -> None:
    page.goto(f"{portal_with_login}/beheer{part}")

    expect(page.get_by_role("button", name="Inloggen")).to_be_visible()
    expect(page.locator("form.zp-upload, .zp-parts")).to_have_count(0)
