"""The looks and scripts of the rooms: each is on every page, so no room may touch what another one draws."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

import app_pages

SCRIPT = Path(app_pages.__file__).parent / "script"
STYLE = Path(app_pages.__file__).parent / "style"
ROOMS = sorted(file.stem for file in STYLE.glob("*.css") if file.stem != "base")


def begins_with(css: str) -> set[str]:
    """The first class of ours in each selector: '.stHtml .zp-row .zp-keep, .zp-card { … }' → {'zp-row', 'zp-card'}."""
    without_comments = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    selectors = [
        selector
        for rule in re.findall(r"([^{}]+)\{", without_comments)
        if not rule.strip().startswith("@")
        for selector in rule.split(",")
    ]
    return {found.group(1) for selector in selectors if (found := re.search(r"\.(zp-[a-z0-9-]+)", selector))}


@pytest.mark.parametrize(("one", "other"), list(combinations(ROOMS, 2)))
def test_style_of_a_room_leaves_the_others_alone(one: str, other: str) -> None:
    styles = [begins_with((STYLE / f"{room}.css").read_text("utf-8")) for room in (one, other)]

    assert styles[0] & styles[1] == set()


def test_scripts_share_the_one_observer_of_the_page() -> None:
    observing = {file.name: file.read_text("utf-8").count("new MutationObserver(") for file in SCRIPT.glob("*.js")}

    assert {name: count for name, count in observing.items() if count} == {"base.js": 1}
