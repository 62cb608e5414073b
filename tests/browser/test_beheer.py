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

pytestmark = [pytest.mark.browser, pytest.mark.model]

# A whole run, with the language model loaded anew, on two busy cores.
_RUN = 300_000


@pytest.fixture
def own_portal(browser: Browser, real_data: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a portal that may be changed: data and corpus are copies."""
    shutil.copytree(real_data, tmp_path / "data")
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    with running_portal(tmp_path / "data", {"ZOEKPORTAAL_CORPUS": str(tmp_path / "corpus")}) as address:
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
