"""How fast the portal answers whoever uses it: the first answer on screen in a browser, and twenty people at once.

1. A browser asks question after question: the time from pressing Enter until the new answer card is on screen.
2. Twenty people ask, each every five seconds for a minute: one in the browser, the others over Streamlit's protocol.
   Everyone looks whether the answer is that to his own question, the same as when he would have been alone.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from random import Random

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page

from eval.benchmarks.machine import machine
from eval.benchmarks.portal_views import IDLE, LOOKS, VIEWS, opened, window
from eval.benchmarks.portal_visitors import PATIENCE, Asked, cards_of, visit, words_of
from eval.benchmarks.portals import chromium, running_copy
from eval.questions import read_questions
from index.settings import ROOT, Settings

QUESTIONS = ROOT / "eval" / "questions.jsonl"

# Questions in the browser before those that are measured, and those.
WARM_UP, MEASURED = 3, 30

USERS, PAUSE, SECONDS = 20, 5.0, 60.0

# Puts in window.zpAsked, once the answer to this question is painted: the milliseconds since Enter, and its words.
_WATCH = r"""
(question) => {
  window.zpAsked = null;
  const before = document.querySelector(".zp-card")?.textContent;
  let began = null;
  const onKey = (event) => { if (event.key === "Enter") began ??= event.timeStamp; };
  document.addEventListener("keydown", onKey, true);
  const look = () => {
    if (began === null || new URLSearchParams(location.search).get("v") !== question) return;
    const card = document.querySelector(".zp-card:not([role=alert])");
    if (!card || card.textContent === before || card.closest('[data-stale="true"]')) return;
    observer.disconnect();
    document.removeEventListener("keydown", onKey, true);
    // after the second frame the first one with the card in it is on screen
    requestAnimationFrame(() => requestAnimationFrame(() => {
      window.zpAsked = { milliseconds: performance.now() - began, words: card.textContent };
    }));
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs and returns the exit status: 0 every question was answered, 1 not."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.portal", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Settings.of_environment().data, help="the portal's data folder")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long the twenty go on")
    parser.add_argument("--seed", type=int, default=1, help="for who asks what, and when each begins")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--keep", type=Path, help="write the figures with their machine and versions to this file")
    given = parser.parse_args(arguments)
    chance = Random(given.seed)
    questions = [one.question for one in read_questions(QUESTIONS) if one.answerable]
    chance.shuffle(questions)
    load_before = os.getloadavg()[0]
    with running_copy(given.data) as address:
        cards = different(asyncio.run(cards_of(address, questions)))
        with chromium() as browser, window(browser, LOOKS[0]) as context:
            page = context.new_page()
            opened(page, address, VIEWS[0])
            alone = [ask(page, question, cards[question]) for question in list(cards)[: WARM_UP + MEASURED]][WARM_UP:]
            together = everybody(page, address, cards, given.seconds, chance)
            browser_version = browser.version
    for one in (*alone, *together):
        if one.fault:
            print(f"{one.question}: {one.fault}", file=sys.stderr)
    figures = figures_of(alone, together)
    shown = {**figures, **more_figures_of(alone, together)}
    if given.keep:
        versions = {
            "chromium": browser_version,
            "streamlit": version("streamlit"),
            "load_before": round(load_before, 2),
        }
        kept = {**machine(), **versions, **shown}
        given.keep.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures) if given.json else "\n".join(f"{name}: {value}" for name, value in shown.items()))
    return 1 if figures["failures"] else 0


def different(cards: Mapping[str, str]) -> dict[str, str]:
    """Questions with their cards, without those whose card is also another's: it could not tell whose it is."""
    first = {card: question for question, card in reversed(list(cards.items()))}
    return {question: card for question, card in cards.items() if first[card] == question}


def ask(page: Page, question: str, card: str) -> Asked:
    """Asks in the browser, as a reader does, with Enter; `card` is the answer that should come."""
    try:
        page.wait_for_selector(IDLE, state="attached")
        page.evaluate(_WATCH, question)
        page.get_by_label("Uw vraag").fill(question)
        page.keyboard.press("Enter")
        seen = page.wait_for_function("window.zpAsked", timeout=PATIENCE * 1000).json_value()
    except BrowserError as error:
        return Asked(question, PATIENCE, f"no answer card in the browser: {error.message.splitlines()[0]}")
    same = "".join(seen["words"].split()) == "".join(words_of(card).split())
    return Asked(question, seen["milliseconds"] / 1000, "" if same else f"another answer: {seen['words'][:200]}")


def everybody(page: Page, address: str, cards: Mapping[str, str], seconds: float, chance: Random) -> list[Asked]:
    """What came of all questions of twenty people at the portal at the same time, one of them in the browser."""
    times = max(1, round(seconds / PAUSE))
    asking = [chance.sample(list(cards), min(times, len(cards))) for _ in range(USERS)]
    waits = [chance.uniform(0, PAUSE) for _ in range(USERS)]

    async def others() -> list[list[Asked]]:
        visits = (visit(address, mine, PAUSE, wait, cards) for mine, wait in zip(asking[1:], waits[1:], strict=True))
        return await asyncio.gather(*visits)

    with ThreadPoolExecutor(1) as thread:
        visiting = thread.submit(asyncio.run, others())
        began = time.perf_counter() + waits[0]
        mine = []
        for number, question in enumerate(asking[0]):
            page.wait_for_timeout(max(0.0, began + number * PAUSE - time.perf_counter()) * 1000)
            mine.append(ask(page, question, cards[question]))
        return [*mine, *(asked for visitor in visiting.result() for asked in visitor)]


def figures_of(alone: Sequence[Asked], together: Sequence[Asked]) -> dict[str, float]:
    """{'first_answer_p50_s': 0.21, 'users': 20, 'p95_s': 0.8, 'failures': 0}"""
    return {
        "first_answer_p50_s": round(statistics.median(_seconds(alone)), 3),
        "users": USERS,
        "p95_s": round(percentile(_seconds(together), 95), 3),
        "failures": sum(bool(one.fault) for one in (*alone, *together)),
    }


def more_figures_of(alone: Sequence[Asked], together: Sequence[Asked]) -> dict[str, float]:
    """How many questions the figures are of, and what lies around them."""
    return {
        "questions_alone": len(alone),
        "first_answer_max_s": round(max(_seconds(alone)), 3),
        "questions_together": len(together),
        "p50_s": round(percentile(_seconds(together), 50), 3),
        "max_s": round(max(_seconds(together)), 3),
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so many percent of all do not exceed: ([1, 2, 3, 4], 75) → 3. nan for none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)] if ordered else math.nan


def _seconds(asked: Sequence[Asked]) -> list[float]:
    """The time of every question; of one that failed, as long as anybody waits, so that failing is never fast."""
    return [PATIENCE if one.fault else one.seconds for one in asked]


if __name__ == "__main__":
    sys.exit(main())
