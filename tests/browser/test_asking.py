"""Asking in a real browser: the answer and its page, niet gevonden, filters, the way back, completion by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.model]


def ask(page: Page, address: str, question: str) -> None:
    page.goto(address)
    box = page.get_by_label("Uw vraag")
    expect(box).to_be_focused()
    page.keyboard.insert_text(question)
    page.keyboard.press("Enter")


def test_asking_shows_the_sentence_and_leads_to_its_page_and_back(page: Page, address: str) -> None:
    question = "Wie is voorzitter van de portefeuille Onderwijs en Cultuur?"
    ask(page, address, question)

    card = page.locator(".zp-card")
    expect(card).to_contain_text("Inge Nieuwenhuizen")
    assert page.locator("html").get_attribute("lang") == "nl"
    card.get_by_role("link", name="p. 18").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Overdrachtsdocument")
    expect(page).to_have_url(re.compile("pagina=18"))
    expect(page.locator(".zp-page-text mark").first).to_contain_text("Inge Nieuwenhuizen")

    page.go_back()

    expect(page.get_by_role("combobox", name="Uw vraag")).to_have_value(question)
    expect(card).to_contain_text("Inge Nieuwenhuizen")


def test_asking_what_no_source_says_is_told_with_how_much_was_searched(page: Page, address: str) -> None:
    ask(page, address, "Hoe vraag ik een rijbewijs aan?")

    expect(page.locator(".zp-card")).to_contain_text("Niet gevonden")
    expect(page.locator(".zp-card")).to_contain_text("passages")
    expect(page.get_by_role("heading", name="Wat er het dichtst bij komt")).to_be_visible()


def test_asking_within_a_portefeuille_stands_in_the_address_and_goes_back(page: Page, address: str) -> None:
    ask(page, address, "samenwerking gemeenten")
    filters = page.get_by_role("navigation", name="Filter op portefeuille")

    filters.get_by_role("link", name="Financiën").click()

    expect(page).to_have_url(re.compile("portefeuille=Financi"))
    chosen = filters.locator("[aria-current=true]")
    expect(chosen).to_contain_text("Financiën")
    expect(page.locator(".zp-hit h4").first).to_contain_text("Portefeuille Financiën")
    page.go_back()
    expect(chosen).to_have_count(0)
    # on a phone the filters are folded; what was opened stays open while filters are put on
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator("summary", has_text="Filters").click()
    filters.get_by_role("link", name="Sport").click()
    expect(page.get_by_text("Filters (1 aan)")).to_be_visible()
    expect(filters.get_by_role("link", name="Sport")).to_be_visible()


def test_asking_a_filter_chosen_by_keyboard_keeps_the_focus(page: Page, address: str) -> None:
    ask(page, address, "samenwerking gemeenten")
    filters = page.get_by_role("navigation", name="Filter op portefeuille")
    focused = page.locator("a:focus")

    filters.get_by_role("link", name="Financiën").press("Enter")

    expect(page).to_have_url(re.compile("portefeuille=Financi"))
    expect(focused).to_have_attribute("aria-current", "true")
    expect(focused).to_contain_text("Financiën")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("portefeuille="))
    expect(focused).not_to_have_attribute("aria-current", "true")  # drawn anew
    expect(focused).to_contain_text("Financiën")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).not_to_contain_text("Financiën")  # and on to what stands behind it


def test_asking_is_completed_by_keyboard(page: Page, address: str) -> None:
    page.goto(address)
    box = page.get_by_role("combobox", name="Uw vraag")
    options = page.get_by_role("option")

    box.press_sequentially("gezonde ma")
    expect(options.first).to_have_text("Gezonde Marke")
    box.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_value("gezonde ma")
    box.press_sequentially("r")
    expect(options.first).to_have_text("Gezonde Marke")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(options.first.get_attribute("id")))
    box.press("Enter")

    expect(page).to_have_url(re.compile(r"v=Gezonde\+Marke"))
    expect(page.locator(".zp-card")).to_contain_text("Marke")
    expect(options).to_have_count(0)


def test_asking_with_a_typing_fault_is_mended_and_can_be_undone(page: Page, address: str) -> None:
    ask(page, address, "warmtetranistie")

    notice = page.locator(".zp-notice")
    expect(notice).to_contain_text("Gezocht naar warmtetransitie (u typte warmtetranistie).")
    page.get_by_role("link", name="Zoek op wat ik typte").click()

    expect(notice).to_contain_text("Typefouten zijn niet verbeterd.")
    expect(page).to_have_url(re.compile("letterlijk=1"))
