"""Wie is wie in a real browser: from a name with a typing fault to the marked page that says so, and back."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.model]

_WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def test_wie_is_wie_from_a_typing_fault_to_the_marked_page_and_back(page: Page, address: str) -> None:
    page.goto(f"{address}/wie-is-wie")
    box = page.get_by_label("Naam of onderwerp")
    box.fill("Nieuwenhuisen")
    box.press("Enter")
    expect(page.get_by_role("heading", name="Gevonden")).to_be_visible()  # not the list of everyone any more
    page.get_by_role("link", name="Inge Nieuwenhuizen", exact=True).click()
    expect(page.get_by_role("heading", name="Inge Nieuwenhuizen", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="burgemeester, gemeente De Wolden")).to_be_visible()
    person = page.url

    page.locator(".zp-facts .zp-source a").first.click()
    expect(page.locator("mark").first).to_contain_text("Inge Nieuwenhuizen (burgemeester gemeente de Wolden)")
    assert "pagina=18" in page.url

    page.go_back()
    expect(page.get_by_role("heading", name="Inge Nieuwenhuizen", level=1)).to_be_visible()
    assert page.url == person
    page.get_by_role("link", name="Terug naar wat u zocht").click()
    expect(box).to_have_value("Nieuwenhuisen")
    page.go_back()
    page.get_by_role("link", name="Alles over Inge Nieuwenhuizen in de bronnen").click()
    expect(page.locator(".zp-hit").first).to_contain_text("Inge Nieuwenhuizen")


def test_wie_is_wie_by_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/wie-is-wie")
    page.get_by_label("Naam of onderwerp").focus()
    page.keyboard.type("Gezonde Marke")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Gevonden")).to_be_visible()

    first = page.locator(".zp-person a").first
    for _ in range(30):
        page.keyboard.press("Tab")
        if first.evaluate("link => link === document.activeElement"):
            break
    name = first.inner_text()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_wie_is_wie_is_accessible_on_a_phone(page: Page, address: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 360, "height": 740})

    for place in ("wie-is-wie", "wie-is-wie?persoon=jan-broekema", "wie-is-wie?wie=xyzzy"):
        page.goto(f"{address}/{place}")
        expect(page.locator("h1.zp-h1")).to_be_visible()
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()

        assert Axe().run(page, options=_WCAG).response["violations"] == []
        assert page.locator(".stMain").evaluate("main => main.scrollWidth <= main.clientWidth + 1"), "sideways scroll"
