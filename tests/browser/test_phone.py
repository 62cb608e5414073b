"""The portal on a phone, with fingers: what a wethouder does between two meetings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

PLACE = "document.querySelector('[data-testid=stMain]').scrollTop"


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    """A narrow screen that is touched; nothing kept."""
    context = browser.new_context(
        locale="nl-NL", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, base_url=address
    )
    yield context.new_page()
    context.close()


def test_phone_menu_is_one_row_in_which_the_page_that_is_shown_stands_in_sight(phone: Page) -> None:
    phone.goto("/verzamelen")
    menu = phone.get_by_role("navigation", name="Hoofdmenu")
    expect(menu.get_by_role("link", name="Verzameling")).to_be_in_viewport(ratio=1)

    tops = menu.get_by_role("link").evaluate_all("links => links.map(link => link.getBoundingClientRect().top)")
    assert len(set(tops)) == 1
    assert phone.evaluate("document.documentElement.scrollWidth") == 360

    menu.get_by_role("link", name="Portefeuilles").tap()  # scrolled into sight, as a finger does
    expect(phone.get_by_role("heading", level=1, name="Portefeuilles")).to_be_visible()
    expect(menu.get_by_role("link", name="Portefeuilles")).to_be_in_viewport(ratio=1)


def test_phone_goes_back_from_a_source_to_the_passage_that_was_read(phone: Page) -> None:
    phone.goto("/?v=Wat+loopt+er+nu+bij+sport%3F")
    source = phone.locator(".zp-hits .zp-source a").nth(2)
    source.scroll_into_view_if_needed()
    before = phone.evaluate(PLACE)
    assert before > 700, "a screen further down, or there is nothing to go back to"

    source.tap()
    expect(phone.locator(".zp-document")).to_be_visible()
    phone.go_back()
    expect(phone.locator(".zp-hits .zp-source a").nth(2)).to_be_in_viewport()
    assert abs(phone.evaluate(PLACE) - before) < 100


def test_phone_leads_to_a_part_of_a_portefeuille_and_keeps_a_line_of_it(phone: Page) -> None:
    phone.goto("/portefeuilles?portefeuille=Sport")
    parts = phone.get_by_role("navigation", name="Op deze pagina")
    parts.get_by_role("link", name="Lopende dossiers").tap()
    heading = phone.get_by_role("heading", name="Lopende dossiers")
    expect(heading).to_be_in_viewport()

    keep = phone.locator("section", has=heading).locator(".zp-keep").first
    size = keep.bounding_box()
    assert size
    assert min(size["width"], size["height"]) >= 24
    keep.tap()
    expect(keep).to_have_attribute("aria-pressed", "true")
    expect(phone.get_by_role("link", name="Verzameling (1)")).to_be_attached()
