"""Whether everybody can use the portal: axe-core on every page in every look, and what axe does not see.

The violations are of WCAG 2.0, 2.1 and 2.2, levels A and AA, one for each rule on each view in each look. What axe does
not look at (accessibility_checks) is counted apart.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, Request

from eval.benchmarks.accessibility_checks import keyboard_wrong, look_wrong, open_everything
from eval.benchmarks.machine import machine
from eval.benchmarks.portal_views import LOOKS, VIEWS, ZOOMED, Look, View, opened, window
from eval.benchmarks.portals import chromium, running_copy
from index.settings import Settings

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")
AXE = "axe"


@dataclass(frozen=True, slots=True)
class Known:
    """A violation that Streamlit itself causes and that cannot be mended here: axe's rule, the part of the page (words
    of axe's selector for it) and the reason."""

    rule: str
    part: str
    reason: str


# At most three. What is listed here is not counted.
KNOWN: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong on a view in a look: by whom it was found (axe or a check), the rule, and where."""

    view: str
    look: str
    by: str
    rule: str
    what: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs and returns the exit status: 0 nothing wrong, 1 something."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.accessibility", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Settings.of_environment().data, help="the portal's data folder")
    parser.add_argument("--only", default="", help="only views whose name begins with this")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--keep", type=Path, help="write the figures with their machine and versions to this file")
    given = parser.parse_args(arguments)
    views = [view for view in VIEWS if view.name.startswith(given.only)]
    with running_copy(given.data) as address, chromium() as browser:
        found = []
        for one in chain(
            *(findings(browser, address, views, look) for look in LOOKS), zoom_findings(browser, address, views)
        ):
            print(f"{one.view} ({one.look}): {one.by} {one.rule}: {one.what}", file=sys.stderr)
            found.append(one)
        browser_version = browser.version
    if given.keep:
        versions = {"chromium": browser_version, "streamlit": version("streamlit"), "axe-core": axe_version()}
        kept = {**machine(), **versions, **figures_of(found, views), **more_figures_of(found)}
        given.keep.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(figures_of(found, views), ensure_ascii=False) if given.json else table_of(found, views))
    return 1 if found else 0


def findings(browser: Browser, address: str, views: Sequence[View], look: Look) -> Iterator[Finding]:
    """All that is wrong with these views in one look; the keyboard is tried once, in the first."""
    with window(browser, look) as context:
        for view in views:
            with context.new_page() as page:
                yield from on_view(page, address, view, look)


def on_view(page: Page, address: str, view: View, look: Look) -> Iterator[Finding]:
    """What is wrong with one view in one look, from the first request on."""
    outside, broken = [], []
    page.on("request", lambda request: outside.extend(elsewhere(request, address)))
    page.on("pageerror", lambda error: broken.append(str(error)))
    opened(page, address, view)
    keyboard = keyboard_wrong(page) if look is LOOKS[0] else []
    open_everything(page)
    for rule, what in axe_violations(page):
        yield Finding(view.name, look.name, AXE, rule, what)
    request = [f"request: {one}" for one in dict.fromkeys(outside)]
    script = [f"script: {one}" for one in broken]
    for line in [*look_wrong(page), *keyboard, *request, *script]:
        check, _, what = line.partition(": ")
        yield Finding(view.name, look.name, "check", check, what)


def zoom_findings(browser: Browser, address: str, views: Sequence[View]) -> Iterator[Finding]:
    """Where a reader who has enlarged everything to 200 % must scroll sideways."""
    with window(browser, ZOOMED) as context:
        for view in views:
            with context.new_page() as page:
                opened(page, address, view)
                open_everything(page)
                for line in look_wrong(page):
                    check, _, what = line.partition(": ")
                    if check == "sideways":
                        yield Finding(view.name, ZOOMED.name, "check", check, what)


def axe_violations(page: Page) -> list[tuple[str, str]]:
    """Each rule that is broken on the page, with where; without what is known of Streamlit."""
    page.evaluate(AXE_SCRIPT)
    options = {
        "runOnly": {"type": "tag", "values": TAGS},
        "resultTypes": ["violations"],
        "rules": {"target-size": {"enabled": True}},  # axe leaves it out unless it is asked for
    }
    return broken_rules(page.evaluate("(options) => axe.run(document, options)", options)["violations"])


def broken_rules(violations: Sequence[dict[str, Any]], known: Sequence[Known] = KNOWN) -> list[tuple[str, str]]:
    """axe's violations by rule, with the parts of the page at fault, without the known ones.

    [{'id': 'label', 'nodes': [{'target': ['#a'], 'failureSummary': 'Fix\\n this'}]}] → [('label', '#a (Fix this)')]
    """
    broken = []
    for violation in violations:
        parts = [(" ".join(map(str, node["target"])), node) for node in violation["nodes"]]
        ours = [
            f"{part} ({' '.join(node['failureSummary'].split())[:200]})"
            for part, node in parts
            if not any(one.rule == violation["id"] and one.part in part for one in known)
        ]
        if ours:
            broken.append((violation["id"], "; ".join(ours)))
    return broken


def elsewhere(request: Request, address: str) -> list[str]:
    """The address of a request that leaves the portal."""
    near = ("data:", "blob:", "about:", address, address.replace("http", "ws", 1))
    return [] if request.url.startswith(near) else [request.url]


def figures_of(found: Sequence[Finding], views: Sequence[View]) -> dict[str, object]:
    """{'violations': 0, 'pages': 23, 'known': []}: what axe found, on how many views, and what was let pass."""
    return {
        "violations": sum(finding.by == AXE for finding in found),
        "pages": len(views),
        "known": [{"rule": one.rule, "reason": one.reason} for one in KNOWN],
    }


def more_figures_of(found: Sequence[Finding]) -> dict[str, object]:
    """In which looks, and how often each check of ours failed."""
    return {
        "looks": [f"{look.name} {look.width}x{look.height}" for look in (*LOOKS, ZOOMED)],
        "checks": dict(sorted(Counter(finding.rule for finding in found if finding.by != AXE).items())),
    }


def table_of(found: Sequence[Finding], views: Sequence[View]) -> str:
    """A row a view and a column a look: violations by axe + faults found by our checks, '.' for none."""
    looks = [look.name for look in (*LOOKS, ZOOMED)]
    counts = Counter((finding.view, finding.look, finding.by == AXE) for finding in found)
    width = max(len(view.name) for view in views)
    rows = [" " * width + "".join(f"  {look:>16}" for look in looks)]
    for view in views:
        cells = [(counts[view.name, look, True], counts[view.name, look, False]) for look in looks]
        rows.append(
            f"{view.name:<{width}}" + "".join(f"  {f'{axe} + {own}' if axe or own else '.':>16}" for axe, own in cells)
        )
    axe, own = sum(finding.by == AXE for finding in found), sum(finding.by != AXE for finding in found)
    rows += [f"{len(views)} views: {axe} violations of WCAG 2.x A and AA (axe) + {own} faults found by our checks"]
    rows += [f"known of Streamlit, not counted: {one.rule}: {one.reason}" for one in KNOWN]
    return "\n".join(rows)


def axe_version() -> str:
    """The version that axe says of itself in its first line: '4.14.0'."""
    told = re.search(r"axe v([\d.]+)", AXE_SCRIPT)
    return told[1] if told else "unknown"


if __name__ == "__main__":
    sys.exit(main())
