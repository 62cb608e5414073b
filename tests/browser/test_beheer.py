"""The bureau adds a report in a real browser, finds its words after the run, and goes back a version."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from eval.benchmarks.portals import running_portal
from index.settings import ROOT
from tests.ingest.pdfs import text_pdf
from tests.ingest.web import Web, file

pytestmark = [pytest.mark.browser, pytest.mark.model]

# A whole run, with the language model loaded anew, on two busy cores.
_RUN = 300_000


@pytest.fixture(scope="module")
def own_portal(browser: Browser, real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a portal that may be changed: data and corpus are copies. It may fetch from this machine."""
    folder = tmp_path_factory.mktemp("beheer")
    shutil.copytree(real_data, folder / "data")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    environment = {"ZOEKPORTAAL_CORPUS": str(folder / "corpus"), "ZOEKPORTAAL_NETWERKEN": "127.0.0.0/8"}
    with running_portal(folder / "data", environment) as address:
        yield address


def test_beheer_adds_a_report_that_is_found_and_taken_back(page: Page, own_portal: str, tmp_path: Path) -> None:
    report = tmp_path / "zwemnota <b>.pdf"
    report.write_bytes(
        text_pdf("Nota zwembaden", "Het zwembad De Waterlelie opent in het voorjaar van 2031 in Zweeloo.")
    )

    page.goto(f"{own_portal}/beheer?deel=toevoegen")
    page.get_by_label("Kies bestanden").set_input_files(report)
    expect(page.get_by_text("zwemnota <b>.pdf")).to_be_visible()
    page.get_by_role("button", name="Versturen en bekijken").click()
    expect(page.get_by_text("zwembad De Waterlelie").first).to_be_visible()
    page.get_by_label("Titel").fill("Zwemnota")
    page.get_by_role("button", name="Publiceren").click()
    # somebody else sees the same run, and closing the page does not stop it
    other = page.context.new_page()
    other.goto(f"{own_portal}/beheer?deel=inlezen")
    expect(page.locator(".zp-run")).to_be_visible()
    page.close()
    expect(other.get_by_text("De laatste inlezing is gelukt")).to_be_visible(timeout=_RUN)

    other.goto(f"{own_portal}/?v=Wanneer opent het zwembad De Waterlelie?")
    expect(other.locator(".zp-card")).to_contain_text("2031")

    other.goto(f"{own_portal}/beheer?deel=inlezen")
    other.get_by_text("Ja, zet de vorige versie terug").click()
    other.get_by_role("button", name="Vorige versie terugzetten").click()
    expect(other.get_by_text("geeft nu antwoord. Let op")).to_be_visible(timeout=60_000)
    other.goto(f"{own_portal}/?v=Wanneer opent het zwembad De Waterlelie?")
    expect(other.locator(".zp-card")).not_to_contain_text("2031")


def test_beheer_adds_an_address_that_is_fetched_and_found(page: Page, own_portal: str) -> None:
    article = (
        b"<!DOCTYPE html><html lang='nl'><head><title>Fietsplan Drenthe</title></head><body><main><h1>Fietsplan Drenthe"
        b"</h1><p>De fietsbrug bij Schoonoord gaat in het najaar van 2032 open voor alle fietsers uit de gemeente "
        b"Coevorden.</p></main></body></html>"
    )
    with Web({"/fietsplan": file(article, "text/html")}) as web:
        page.goto(f"{own_portal}/beheer?deel=toevoegen")
        page.get_by_label("Titel").fill("Fietsplan Drenthe")
        page.get_by_label("Webadres van het rapport").fill(web.url("/fietsplan"))
        page.get_by_role("button", name="Adres toevoegen").click()
        expect(page.locator(".zp-run")).to_be_visible()
        expect(page.get_by_text("De laatste inlezing is gelukt")).to_be_visible(timeout=_RUN)

    page.goto(f"{own_portal}/?v=Wanneer gaat de fietsbrug bij Schoonoord open?")
    expect(page.locator(".zp-card")).to_contain_text("2032")


def test_beheer_refuses_whoever_came_through_a_proxy(page: Page, address: str) -> None:
    page.set_extra_http_headers({"X-Forwarded-For": "127.0.0.1"})
    page.goto(f"{address}/beheer")

    expect(page.get_by_text("Het beheer kan alleen op de computer waarop het portaal draait")).to_be_visible()
    expect(page.locator(".zp-parts, form")).to_have_count(0)
