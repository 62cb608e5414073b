"""The real portal on the real handover, and a real browser. Skipped, saying so, where there is no Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from eval.benchmarks.portals import chromium, chromium_path, running_portal

# In milliseconds: of a check on a page as of a click. A machine that does much else is slow.
_PATIENCE = 20_000
expect.set_options(timeout=_PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium_path() is None:
        pytest.skip("there is no Chromium here (Debian: apt-get install chromium)")
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def address(real_data: Path) -> Iterator[str]:
    """The address of a portal over the repository's corpus."""
    if chromium_path() is None:
        pytest.skip("there is no Chromium here (Debian: apt-get install chromium)")
    with running_portal(real_data) as at:
        yield at


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh window: no cookies, nothing kept."""
    context = browser.new_context(locale="nl-NL", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(_PATIENCE)
    yield context.new_page()
    context.close()
