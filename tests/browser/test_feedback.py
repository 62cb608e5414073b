"""Readers say whether an answer helped, with the mouse and with the keyboard; what they said is counted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from eval.benchmarks.portals import running_portal
from index.usage import Usage, Verdict

pytestmark = [pytest.mark.browser, pytest.mark.model]

QUESTION = "/?v=Welke zorgverzekeraar is preferent?"
NOTHING = "/?v=Hoe vraag ik een rijbewijs aan?"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def own_data(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(real_data, tmp_path_factory.mktemp("terugmelding") / "data"))


@pytest.fixture(scope="module")
def own_portal(browser: Browser, own_data: Path) -> Iterator[str]:
    """The address of a portal whose counts nobody else adds to."""
    with running_portal(own_data, {"ZOEKPORTAAL_VRAGEN_BEWAREN": "ja"}) as address:
        yield address


def said(data: Path, verdict: Verdict) -> int:
    return sum(one.get(verdict, 0) for one in Usage(data).report(2).verdicts.values())


def asked(data: Path) -> int:
    return sum(tally.total for tally in Usage(data).report(2).days.values())


def test_feedback_no_with_its_reason_is_counted(page: Page, own_portal: str, own_data: Path) -> None:
    before = asked(own_data)
    page.goto(own_portal + QUESTION)
    group = page.get_by_role("group", name="Was dit wat u zocht?")
    group.get_by_role("button", name="Nee").click()
    page.get_by_role("group", name="Waarom niet?").get_by_role("button", name="De informatie is verouderd").click()

    told = page.get_by_role("status").filter(has_text="Dank u wel.")
    expect(told).to_have_attribute("aria-live", "polite")
    expect(group).to_have_count(0)
    assert (said(own_data, Verdict.OUTDATED), said(own_data, Verdict.NO_REASON)) == (1, 0)

    # to a source and back: still one question, and the answer stays given
    page.locator(".zp-card .zp-source a.zp-link").click()
    expect(page.locator(".zp-page-text")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Dank u wel.")).to_be_visible()
    assert asked(own_data) == before + 1


def test_feedback_with_the_keyboard_goes_on_from_the_thanks(page: Page, own_portal: str, own_data: Path) -> None:
    before = said(own_data, Verdict.SOURCE_MISSING)
    page.goto(own_portal + NOTHING)
    no = page.get_by_role("button", name="Nee", exact=True)
    expect(no).to_be_visible()
    page.get_by_role("button", name="Ja", exact=True).focus()
    page.keyboard.press("Tab")
    expect(no).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Waarom niet?")).to_be_visible()
    expect(no).to_be_focused()
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Er ontbreekt een bron")).to_be_focused()
    page.keyboard.press("Space")

    expect(page.locator(".zp-told")).to_contain_text("Dank u wel.")
    expect(page.locator(".zp-told")).to_be_focused()
    assert said(own_data, Verdict.SOURCE_MISSING) == before + 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_feedback_pages_have_no_violations(browser: Browser, own_portal: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 360, "height": 740})  # type: ignore[arg-type]
    page = context.new_page()
    paths = (QUESTION, "/bronnen?volgorde=jaar", "/toegankelijkheid", "/privacy", "/beheer?deel=gebruik")
    for path in paths:
        page.goto(own_portal + path)
        expect(page.locator(".zp-foot")).to_be_visible()
        if path == QUESTION:
            page.get_by_role("button", name="Nee", exact=True).click()
            expect(page.get_by_role("group", name="Waarom niet?")).to_be_visible()
        page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
        found = Axe().run(page, options={"runOnly": _RULES}).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == [], path
        wide = page.locator('[data-testid="stMain"]').evaluate("one => one.scrollWidth > one.clientWidth")
        assert not wide, path
    context.close()
