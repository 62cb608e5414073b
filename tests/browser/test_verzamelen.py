"""A reader keeps passages, orders and annotates them, takes them along in three forms, and mails the list."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from docx import Document
from playwright.sync_api import Browser, Locator, Page, expect

from app_pages._verzameling.collection import Collection, Item

pytestmark = [pytest.mark.browser, pytest.mark.model]

QUESTION = "Wie is voorzitter van Onderwijs en Cultuur?"
CHAIR = "Inge Nieuwenhuizen"
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def menu(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link", name="Verzameling")


def keep_two(page: Page, address: str) -> None:
    """The answer by mouse, and the second passage by keyboard."""
    page.goto(f"{address}/?v={QUESTION}")
    page.locator(".zp-card").get_by_role("button", name="Bewaar: het antwoord").click()
    expect(menu(page)).to_have_text("Verzameling (1)")
    page.locator(".zp-hit").nth(1).get_by_role("button", name="Bewaar").press("Space")
    expect(menu(page)).to_have_text("Verzameling (2)")


def quotes(page: Page) -> Locator:
    return page.locator("blockquote.zp-kept")


def downloaded(page: Page, name: str, into: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    into /= waiting.value.suggested_filename
    waiting.value.save_as(into)
    return into


def test_verzamelen_from_search_and_document_to_three_files_and_a_link(
    page: Page, browser: Browser, address: str, tmp_path: Path
) -> None:
    keep_two(page, address)
    page.locator(".zp-card .zp-source a").first.click()
    text = page.locator(".zp-page-text")
    text.get_by_role("button", name="Bewaar").last.click()
    expect(menu(page)).to_have_text("Verzameling (3)")

    menu(page).click()
    expect(quotes(page)).to_have_count(3)
    expect(quotes(page).first).to_contain_text(CHAIR)
    third = quotes(page).nth(2).inner_text()
    page.get_by_role("button", name="3 omhoog").click()
    expect(quotes(page).nth(1)).to_have_text(third, use_inner_text=True)
    page.get_by_label("Opmerking bij 1").fill("Voor de raad van 3 december")
    page.get_by_label("Opmerking bij 1").blur()
    expect(page.get_by_role("button", name="Kopieer verwijzing 1")).to_be_visible()
    expect(page.locator(".zp-collection")).to_have_attribute("data-list", re.compile("3 december"))
    shared = page.url

    word = Document(io.BytesIO(downloaded(page, "Word", tmp_path).read_bytes()))
    paragraphs = [one.text for one in word.paragraphs]
    assert any(CHAIR in one for one in paragraphs)
    assert "Opmerking: Voor de raad van 3 december" in paragraphs
    assert sum("Geraadpleegd op" in one for one in paragraphs) >= 4  # three quotes, and the list of sources
    markdown = downloaded(page, "Markdown", tmp_path).read_text(encoding="utf-8")
    assert markdown.count("\n## ") == 3
    assert re.search(f"^> .*{CHAIR}", markdown, re.MULTILINE)
    table = downloaded(page, "CSV", tmp_path).read_bytes()
    assert table.startswith(b"\xef\xbb\xbf")
    _, first, second, _ = csv.reader(io.StringIO(table.decode("utf-8-sig"), newline=""), delimiter=";")
    assert CHAIR in first[1]
    assert first[-1] == "Voor de raad van 3 december"
    assert "".join(second[1].split()).replace("•", "") == "".join(third.split())

    context = browser.new_context(locale="nl-NL")
    other = context.new_page()
    other.goto(shared)
    expect(quotes(other)).to_have_count(3)
    expect(other.get_by_text("Dit is een gedeelde lijst.")).to_be_visible()
    expect(other.get_by_label("Opmerking bij 1")).to_have_value("Voor de raad van 3 december")
    expect(menu(other)).to_have_text("Verzameling")
    assert Axe().run(other, options=AXE).response["violations"] == []
    other.get_by_role("button", name="Voeg toe aan mijn verzameling").press("Enter")
    expect(menu(other)).to_have_text("Verzameling (3)")
    expect(other.get_by_text("Dit is een gedeelde lijst.")).to_be_hidden()
    context.close()


def test_verzamelen_back_button_leaves_the_page_with_every_change_kept(page: Page, address: str) -> None:
    keep_two(page, address)
    menu(page).click()
    page.get_by_role("button", name="1 omlaag").click()
    expect(page.get_by_text("Passage 1 staat nu op plaats 2.")).to_be_visible()
    expect(page.get_by_role("button", name="2 omhoog")).to_be_focused()  # which moved along, so it can go on
    expect(quotes(page).nth(1)).to_contain_text(CHAIR)

    page.go_back()
    expect(page.locator(".zp-card")).to_contain_text(CHAIR)
    page.locator(".zp-hit").nth(2).get_by_role("button", name="Bewaar").click()
    expect(menu(page)).to_have_text("Verzameling (3)")

    # an address of before that change: his own list as it is now, not one that somebody shared with him
    page.go_forward()
    expect(quotes(page)).to_have_count(3)
    expect(page.get_by_text("Dit is een gedeelde lijst.")).to_be_hidden()
    expect(quotes(page).nth(1)).to_contain_text(CHAIR)


def test_verzamelen_by_keyboard_goes_on_where_the_reader_was(page: Page, address: str) -> None:
    keep_two(page, address)
    menu(page).press("Enter")
    page.get_by_role("button", name="1 weghalen").press("Enter")
    undo = page.get_by_role("button", name="Maak ongedaan")
    expect(undo).to_be_focused()
    expect(menu(page)).to_have_text("Verzameling (1)")
    undo.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(quotes(page)).to_have_count(2)

    page.get_by_role("button", name="Alles wissen").press("Enter")
    expect(page.get_by_role("button", name="Nee, bewaren")).to_be_focused()
    page.get_by_role("button", name="Ja, alles wissen").press("Enter")
    expect(undo).to_be_focused()
    expect(menu(page)).to_have_text("Verzameling")
    assert Axe().run(page, options=AXE).response["violations"] == []


def test_verzamelen_full_says_what_to_do(page: Page, address: str) -> None:
    full = Collection(tuple(Item("weg", number) for number in range(1, 51)))
    page.goto(f"{address}/{full.href}")
    page.get_by_role("button", name="Voeg toe aan mijn verzameling").click()
    expect(menu(page)).to_have_text("Verzameling (50)")
    expect(page.get_by_text("Haal er een weg voordat u iets nieuws bewaart.")).to_be_visible()

    page.get_by_role("link", name="Zoeken", exact=True).click()
    page.get_by_label("Uw vraag").fill(QUESTION)
    page.get_by_label("Uw vraag").press("Enter")
    page.locator(".zp-card").get_by_role("button", name="Bewaar").click()
    expect(page.get_by_role("status").filter(has_text="Haal er in Verzameling een weg")).to_be_visible()
    expect(menu(page)).to_have_text("Verzameling (50)")
