from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.model]


def ask(page: Page, address: str, question: str) -> None:
    page.goto(address)
    page.get_by_label("Uw vraag").fill(question)
    page.keyboard.press("Enter")


def test_asking_shows_the_sentence_and_leads_to_its_page(page: Page, address: str) -> None:
    ask(page, address, "Wie is voorzitter van de portefeuille Onderwijs en Cultuur?")

    card = page.locator(".zp-card")
    expect(card).to_contain_text("Inge Nieuwenhuizen")
    card.get_by_role("link", name="p. 18").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Overdrachtsdocument")
    expect(page).to_have_url(re.compile("pagina=18"))
    expect(page.locator("mark").first).to_contain_text("Inge Nieuwenhuizen")


def test_asking_keeps_the_question_in_the_address_and_the_way_back(page: Page, address: str) -> None:
    ask(page, address, "Welke zorgverzekeraar is preferent?")
    expect(page.locator(".zp-card")).to_contain_text("Zilveren Kruis")
    page.locator(".zp-hit a.zp-link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Overdrachtsdocument")

    page.go_back()

    expect(page.get_by_label("Uw vraag")).to_have_value("Welke zorgverzekeraar is preferent?")
    expect(page.locator(".zp-card")).to_contain_text("Zilveren Kruis")


def test_asking_what_no_source_says_is_told_with_how_much_was_searched(page: Page, address: str) -> None:
    ask(page, address, "Hoe vraag ik een rijbewijs aan?")

    expect(page.locator(".zp-card")).to_contain_text("Niet gevonden")
    expect(page.locator(".zp-card")).to_contain_text("passages")


def test_asking_is_possible_from_the_first_key_in_dutch(page: Page, address: str) -> None:
    page.goto(address)

    expect(page.get_by_label("Uw vraag")).to_be_focused()
    assert page.locator("html").get_attribute("lang") == "nl"
