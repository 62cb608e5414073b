from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app_pages import _resources
from app_pages._beheer import access
from app_pages._beheer.access import Decision
from app_pages._beheer.links import UsageAddress, parse_usage
from app_pages._beheer.usage_parts import (
    Marked,
    days_html,
    periods_html,
    portefeuilles_html,
    questions_html,
    verdicts_html,
)
from app_pages._zoeken import feedback
from index.results import Status
from index.usage import COUNTS, AskedQuestion, Mark, Tally, Usage, UsageReport, Verdict
from tests.app.conftest import Portal
from tests.app.fake_searcher import HANDOVER, FakeSearcher

HOSTILE = "<script>alert(1)</script>\u202e" + "lang" * 2500
PASSAGE = FakeSearcher().rows[3][1]


@pytest.fixture(autouse=True)
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "here", lambda: Decision(True))


def test_usage_report_says_that_nothing_was_counted(portal: Portal) -> None:
    shown = portal("beheer", deel="gebruik")

    assert "In de laatste 30 dagen zijn er geen vragen geteld." in shown.text
    assert "Nog niemand heeft iets aangegeven." in shown.text
    assert "De tekst van vragen wordt niet bewaard." in shown.text


def test_usage_report_shows_what_was_counted(portal: Portal, own_data: Path) -> None:
    usage = Usage(own_data, keep_questions=True)
    for status in (Status.GEVONDEN, Status.GEVONDEN, Status.ONZEKER, Status.NIET_GEVONDEN):
        usage.count_question("Hoe vraag ik een rijbewijs aan?", status, ("Sport",))
    usage.count_verdict(feedback.mark_of(PASSAGE), Verdict.OUTDATED)
    usage.count_verdict(Mark(HANDOVER.id, 18, "een andere"), Verdict.HELPED)
    usage.count_verdict(Mark("weg", 3, "x"), Verdict.HELPED)
    usage.count_verdict(Mark(HANDOVER.id, 999, "x"), Verdict.HELPED)
    usage.count_verdict(Mark(), Verdict.SOURCE_MISSING)

    shown = portal("beheer", deel="gebruik", dagen="7")

    assert "In de laatste 7 dagen: 4 vragen. 25% kreeg geen antwoord, 25% een onzeker antwoord." in shown.text
    place = shown.params("Overdrachtsdocument VDG 2026 · p. 18")
    assert place["document"] == [HANDOVER.id]
    assert "1 × de informatie is verouderd" in shown.text
    assert "Voorzitter VDG-portefeuille Onderwijs en Cultuur" in shown.text
    assert "De tekst van de pagina is daarna veranderd." in shown.text
    assert "Een document dat er niet meer is" in shown.text
    assert "1 × er ontbreekt een bron" in shown.text
    assert "rijbewijs" not in shown.text, "it was kept by another setting, which does not hold any more"
    assert [level for level, _ in shown.headings] == [1, 2, 3, 3, 3, 3]


def test_usage_report_shows_kept_questions_as_links(
    portal: Portal, own_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_resources, "SETTINGS", replace(_resources.SETTINGS, keep_questions=True))
    Usage(own_data, keep_questions=True).count_question("Wat kost <b>sport</b>?", Status.ONZEKER)

    shown = portal("beheer", deel="gebruik")

    assert shown.params("Wat kost <b>sport</b>?") == {"v": ["Wat kost <b>sport</b>?"]}
    assert "Een tekst wordt na 30 dagen verwijderd." in shown.text
    assert "b" not in shown.tags


def test_usage_report_of_a_damaged_file_says_what_to_do(portal: Portal, own_data: Path) -> None:
    (own_data / COUNTS).write_bytes(b"kapot " * 1000)

    assert "Het bestand data/feedback.sqlite kan niet worden gebruikt" in portal("beheer", deel="gebruik").text


@pytest.mark.parametrize("typed", ["", "0", "-1", "9999999999", "<b>", "٣٠", "30.0"])
def test_usage_period_that_cannot_be_chosen_is_the_usual_one(typed: str) -> None:
    assert parse_usage({"dagen": [typed]}) == UsageAddress(30)
    assert parse_usage({"dagen": ["90"]}) == UsageAddress(90)


def test_periods_html_marks_the_one_that_is_shown() -> None:
    assert periods_html(UsageAddress(7)).count("aria-current") == 1
    assert "deel=gebruik&amp;dagen=90" in periods_html(UsageAddress(7))


def test_days_html_has_every_number_of_the_bars_in_a_table() -> None:
    report = UsageReport({date(2026, 11, 24): Tally(), date(2026, 11, 25): Tally(2, 1, 1)})

    html = days_html(report)

    assert html.count("<span><span") == 1, "a day without questions has no bar"
    assert 'style="height:50.00%"' in html
    assert "De meeste op 25 november 2026: 4." in html
    assert '<th scope="row">25 november 2026</th><td data-label="Vragen">4</td>' in html
    assert '<th scope="row">24 november 2026</th>' not in html
    assert days_html(UsageReport()) == ""


def test_usage_parts_show_hostile_words_as_words() -> None:
    report = UsageReport(
        portefeuilles={HOSTILE: Tally(1), "": Tally(1)},
        questions=(AskedQuestion(HOSTILE, Status.ONZEKER, 1, date(2026, 11, 25)),),
    )
    marked = Marked(Mark(HOSTILE, 1, "x"), {Verdict.HELPED: 1}, HOSTILE, PASSAGE)

    html = portefeuilles_html(report) + questions_html(report, kept=True) + verdicts_html([marked], {})

    assert "<script" not in html
    assert "\u202e" not in html
    assert "Geen portefeuille" in html
