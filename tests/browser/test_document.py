"""The page of a document in a real browser: marks in place, the next one, size, outline, old links."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.model]

HANDOVER = "overdrachtsdocument-vdg-2026"
QUESTION = "Wie is voorzitter van de portefeuille Onderwijs en Cultuur?"


def picture_is_there(page: Page) -> None:
    """Waits until the picture was drawn: an image that failed has no width."""
    page.wait_for_function("document.querySelector('.zp-picture-paper img')?.naturalWidth > 1000")


def test_document_opens_from_a_hit_with_its_words_marked_on_the_picture(page: Page, address: str) -> None:
    page.goto(f"{address}/?v={quote(QUESTION)}")
    page.locator(".zp-card .zp-source a.zp-link").first.click()

    expect(page).to_have_url(re.compile("pagina=18"))
    picture_is_there(page)
    paper, mark = (page.locator(one).first.bounding_box() for one in (".zp-picture-paper img", ".zp-on-quote"))
    assert paper
    assert mark
    assert paper["x"] < mark["x"] < mark["x"] + mark["width"] < paper["x"] + paper["width"]
    assert paper["y"] < mark["y"] < paper["y"] + paper["height"] / 4, "the chairs stand at the top of their page"
    expect(page.locator(".zp-on-quote").first).to_be_in_viewport()
    expect(page.locator(".zp-page-text mark").first).to_contain_text("Inge Nieuwenhuizen")
    expect(page.locator(".zp-outline [aria-current]")).to_contain_text("Onderwijs en Cultuur")


def test_document_is_read_by_keyboard_from_one_place_to_the_next(page: Page, address: str) -> None:
    page.goto(f"{address}/document?document={HANDOVER}&pagina=18&citaat=Inge Nieuwenhuizen&v={quote(QUESTION)}")
    place = page.locator(".zp-places .zp-count")
    expect(place).to_contain_text("Vindplaats 1 van")

    page.locator(".zp-hit-next").press("Enter")
    expect(place).to_contain_text("Vindplaats 2 van")
    expect(page.locator(".zp-hit-next")).to_be_focused()
    expect(page.locator(".zp-on-quote").first).to_be_in_viewport()

    page.locator(".zp-zoom").get_by_role("link", name="Grootst").press("Enter")
    expect(page.locator(".zp-scrolls")).to_be_visible()
    picture_is_there(page)
    assert page.evaluate("(e => e.scrollWidth > e.clientWidth)(document.querySelector('.zp-scrolls'))")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("pagina=19&zoom=200"))
    expect(page.locator(".zp-on-quote")).to_have_count(0)

    page.go_back()
    page.go_back()
    expect(page.locator(".zp-picture-paper")).to_be_visible()
    expect(page).to_have_url(re.compile("pagina=18.*citaat"))


def test_document_follows_a_link_that_is_older_than_the_document(page: Page, address: str) -> None:
    page.goto(f"{address}/document?document={HANDOVER}&pagina=3&citaat=Inge Nieuwenhuizen")
    expect(page.get_by_role("status").filter(has_text="staan nu op pagina 18")).to_be_visible()
    expect(page.locator(".zp-on-quote").first).to_be_in_viewport()

    page.goto(f"{address}/document?document=weg&citaat=Inge Nieuwenhuizen")
    expect(page.get_by_text("Het document ‘weg’ is er niet (meer).")).to_be_visible()
    page.get_by_role("link", name="Zoek deze woorden in alle bronnen").click()
    expect(page.locator(".zp-hit").first).to_contain_text("Inge Nieuwenhuizen")


def test_document_outline_folds_on_a_phone_and_nothing_sticks_out(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{address}/document?document={HANDOVER}&pagina=18&zoom=150")
    outline = page.locator(".zp-outline")
    expect(outline.get_by_role("link", name="Voorwoord, pagina 2")).to_be_hidden()

    outline.locator("summary").click()
    outline.get_by_role("link", name="Voorwoord, pagina 2").click()

    expect(page.locator(".zp-count").first).to_have_text("Pagina 2 van 28")
    expect(outline.locator("summary")).to_be_focused()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")
