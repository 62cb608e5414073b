"""Portefeuilles, dwarsverbanden and Eerste dag in a real browser, on the real handover."""

from __future__ import annotations

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

pytestmark = [pytest.mark.browser, pytest.mark.model]

_IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
_PAGES = (
    "portefeuilles",
    "portefeuilles?portefeuille=Sport",
    "portefeuilles?portefeuille=Sport&naast=EKM",
    "portefeuilles?portefeuille=EZI&noemt=EKM",
    "eerste-dag?portefeuille=Sport&portefeuille=Financi%C3%ABn",
)


def test_portefeuilles_are_compared_in_four_clicks_and_each_line_leads_to_its_page(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Portefeuilles", exact=True).click()
    page.get_by_role("heading", level=2, name="Sport").get_by_role("link").click()
    page.get_by_text("Vergelijk met een andere portefeuille").click()
    page.locator(".zp-compare").get_by_role("link", name="Ruimte en Wonen").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sport naast Ruimte en Wonen")
    files = page.locator(".zp-part", has=page.get_by_role("heading", level=2, name="Lopende dossiers"))
    expect(files).to_have_count(1)  # for a moment that of the page before still stands there
    expect(files).to_contain_text("Vervolg Sportakkoord II (en lobby)")
    expect(files).to_contain_text("Urgentieverordening")

    files.get_by_role("link", name="Sportakkoord").click()
    expect(page.locator(".zp-page-text mark")).to_contain_text("Vervolg Sportakkoord II")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sport naast Ruimte en Wonen")


def test_portefeuilles_are_searched_with_their_filter_on(page: Page, address: str) -> None:
    page.goto(f"{address}/portefeuilles?portefeuille=Sport")
    page.get_by_label("Zoek in deze portefeuille").fill("Wie is voorzitter?")
    page.get_by_label("Zoek in deze portefeuille").press("Enter")

    expect(page.locator(".zp-card")).to_contain_text("Jan Zwiers")
    assert "v=Wie" in page.url
    assert "portefeuille=Sport" in page.url
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Portefeuille Sport")


def test_portefeuilles_matrix_is_clicked_and_becomes_a_list_on_a_phone(page: Page, address: str) -> None:
    page.goto(f"{address}/portefeuilles")
    page.get_by_role("table").get_by_role(
        "link", name="Participatie, Schuldhulpverlening en Integratie noemt Ruimte"
    ).click()
    expect(page.locator("mark")).to_have_text(["Wonen"])

    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{address}/portefeuilles")
    expect(page.locator(".zp-matrix-list")).to_be_visible()
    expect(page.locator(".zp-matrix")).to_be_hidden()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") == 360


def test_eerste_dag_is_chosen_and_printed_without_menus(page: Page, address: str) -> None:
    page.goto(f"{address}/eerste-dag")
    for name in ("Gezondheid en Welzijn", "Sport"):
        page.get_by_role("link", name=f"{name} kiezen").click()
        expect(page.get_by_role("heading", level=2, name=name)).to_be_visible()
    page.evaluate("window.print = () => { document.title = 'geprint'; }")
    page.get_by_role("button", name="Afdrukken of bewaren als PDF").click()
    expect(page).to_have_title("geprint")

    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    text = re.sub(r"\s+", " ", " ".join(sheet.extract_text() for sheet in sheets))
    assert len(sheets) > 1, "the whole page, not only what fits the window"
    assert (round(sheets[0].mediabox.width), round(sheets[0].mediabox.height)) == (595, 842)
    assert "Jan Zwiers (burgemeester gemeente Midden-Drenthe)" in text
    assert "Vereniging Sport en Gemeenten (VSG) p. 21" in text
    assert not {"Documenten", "Bronnen", "Afdrukken"} & set(text.split())


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_portefeuilles_have_no_barriers(browser: Browser, address: str, scheme: str, width: int) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    for path in _PAGES:
        page.goto(f"{address}/{path}")
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_selector(_IDLE)
        found = Axe().run(page, options=_RULES).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], path
    context.close()
