"""The five tasks of HANDLEIDING.md, done as it says, with at most five clicks each (a press of Enter counts as one).

The fifth, adding a report, is test_beheer's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.model]

MOST_CLICKS = 5
_COUNT = "document.addEventListener('click', (event) => window.clicked(event.target.textContent.trim()), true)"


@pytest.fixture
def reader(page: Page, address: str) -> Iterator[Page]:
    """A page on the portal that counts its clicks, and refuses more than the manual promises."""
    clicks: list[str] = []
    page.expose_function("clicked", lambda words: clicks.append(words))
    page.add_init_script(_COUNT)
    page.goto(address)
    expect(page.get_by_label("Uw vraag")).to_be_visible()
    yield page
    assert 1 <= len(clicks) <= MOST_CLICKS, clicks


def menu(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link", name=name).click()


def ask(page: Page, question: str) -> None:
    page.get_by_label("Uw vraag").fill(question)
    page.keyboard.press("Enter")


def test_manual_find_who(reader: Page) -> None:
    menu(reader, "Wie is wie")
    reader.get_by_label("Naam of onderwerp").fill("Sport")
    reader.keyboard.press("Enter")

    reader.get_by_role("link", name="Jan Zwiers").click()
    expect(reader.get_by_text("burgemeester gemeente Midden-Drenthe").first).to_be_visible()
    reader.get_by_role("link", name="Overdrachtsdocument 2026").first.click()
    expect(reader).to_have_url(re.compile("document\\?"))


def test_manual_find_when(reader: Page) -> None:
    ask(reader, "Wanneer stelde het DOE het programmaplan voor 2026 vast?")

    card = reader.locator(".zp-card").first
    expect(card).to_contain_text("4 december 2025")
    card.locator("a.zp-link").first.click()
    expect(reader).to_have_url(re.compile("document\\?"))


def test_manual_compare_two_portefeuilles(reader: Page) -> None:
    menu(reader, "Portefeuilles")
    content = reader.get_by_test_id("stMain")
    content.get_by_role("link", name="Sport").first.click()
    reader.get_by_text("Vergelijk met een andere portefeuille").click()
    reader.locator(".zp-compare").get_by_role("link", name="Financiën").click()

    expect(reader.get_by_role("heading", level=1)).to_have_text("Sport naast Financiën")
    expect(content).to_contain_text("Jan Zwiers")


def test_manual_cite_in_word(reader: Page, tmp_path: Path) -> None:
    ask(reader, "Wie is voorzitter van de portefeuille Onderwijs en Cultuur?")
    reader.locator(".zp-keep", has_text="Bewaar").first.click()
    menu(reader, "Verzameling")
    with reader.expect_download() as download:
        reader.get_by_role("button", name="Word (.docx)").click()

    file = tmp_path / "verzameling.docx"
    download.value.save_as(file)
    words = "\n".join(paragraph.text for paragraph in docx.Document(str(file)).paragraphs)
    assert "Inge Nieuwenhuizen" in words
    assert re.search(r"p\. 1[78]", words)
