from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from app_pages import _resources, _usage
from app_pages._links import SearchAddress
from app_pages._zoeken import feedback
from index.results import Status
from index.usage import COUNTS, Mark, Tally, Usage, Verdict
from tests.app.conftest import Portal, Shown
from tests.app.fake_searcher import HANDOVER, FakeSearcher, hostile_searcher

QUESTION = "Wie is voorzitter van de portefeuille Onderwijs en Cultuur?"
NOTHING = "Hoe vraag ik een rijbewijs aan?"


def press(shown: Shown, label: str) -> None:
    next(button for button in shown.test.button if button.label == label).click().run()


def labels(shown: Shown) -> list[str]:
    return [button.label for button in shown.test.button if button.label != "Zoeken"]


def told(shown: Shown) -> str:
    return Shown(shown.test).text


def verdicts(data: Path) -> list[Mapping[Verdict, int]]:
    return list(Usage(data).report(2).verdicts.values())


def asked(data: Path) -> Tally:
    days = Usage(data).report(2).days.values()
    return Tally(sum(one.found for one in days), sum(one.unsure for one in days), sum(one.nothing for one in days))


def test_feedback_yes_is_counted_for_the_passage(portal: Portal, own_data: Path) -> None:
    shown = portal(v=QUESTION)
    press(shown, "Ja")

    ((mark, said),) = Usage(own_data).report(1).verdicts.items()
    passage = FakeSearcher().rows[3][1]
    assert mark == feedback.mark_of(passage)
    assert (mark.document, mark.page) == (HANDOVER.id, 18)
    assert said == {Verdict.HELPED: 1}
    assert labels(shown) == []
    assert "Dank u wel." in told(shown)


def test_feedback_no_asks_why_and_counts_the_reason_in_its_place(portal: Portal, own_data: Path) -> None:
    shown = portal(v=QUESTION)
    press(shown, "Nee")
    assert verdicts(own_data) == [{Verdict.NO_REASON: 1}]
    assert labels(shown) == ["Ja", "Nee", *feedback.REASONS.values()]
    press(shown, "De informatie is verouderd")

    assert verdicts(own_data) == [{Verdict.OUTDATED: 1}]
    assert labels(shown) == []


def test_feedback_of_the_same_answer_is_counted_once(portal: Portal, own_data: Path) -> None:
    shown = portal(v=QUESTION)
    press(shown, "Nee")
    press(shown, "Nee")
    press(shown, "Ja")
    shown.test.query_params["v"] = NOTHING
    shown.test.run()
    shown.test.query_params["v"] = QUESTION.upper()
    shown.test.run()

    assert verdicts(own_data) == [{Verdict.HELPED: 1}]
    assert labels(shown) == []


def test_feedback_of_nothing_found_has_no_passage(portal: Portal, own_data: Path) -> None:
    shown = portal(v=NOTHING)
    press(shown, "Nee")
    press(shown, "Er ontbreekt een bron")

    assert Usage(own_data).report(1).verdicts == {Mark(): {Verdict.SOURCE_MISSING: 1}}


def test_feedback_on_the_page_of_a_document_is_about_the_cited_passage(portal: Portal, own_data: Path) -> None:
    shown = portal("document", document=HANDOVER.id, pagina="18", citaat="Inge Nieuwenhuizen")
    press(shown, "Ja")

    assert list(Usage(own_data).report(1).verdicts) == [feedback.mark_of(FakeSearcher().rows[3][1])]
    assert labels(portal("document", document=HANDOVER.id, pagina="18")) == []
    assert labels(portal("document", document=HANDOVER.id, pagina="18", citaat="dit staat er niet")) == []


def test_usage_counts_a_question_once_whatever_is_clicked(portal: Portal, own_data: Path) -> None:
    shown = portal(v=QUESTION)
    shown.test.run()
    shown.test.query_params["portefeuille"] = "Sport"
    shown.test.run()
    del shown.test.query_params["portefeuille"]
    shown.test.query_params["v"] = f"  {QUESTION.lower()} "
    shown.test.run()
    assert asked(own_data) == Tally(found=1)

    shown.test.query_params["v"] = NOTHING
    shown.test.run()
    shown.test.query_params["v"] = QUESTION
    shown.test.run()

    assert asked(own_data) == Tally(found=1, nothing=1)
    assert Usage(own_data).report(1).portefeuilles == {"Onderwijs en Cultuur": Tally(found=1), "": Tally(nothing=1)}


def test_usage_counts_another_session_apart(portal: Portal, own_data: Path) -> None:
    portal(v=QUESTION)
    portal(v=QUESTION)

    assert asked(own_data) == Tally(found=2)


def test_usage_is_written_after_the_page_is_drawn(
    portal: Portal, own_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr("app_pages._frame.show_foot", lambda current: drawn.append("foot"))
    count = Usage.count_question

    def counting(self: Usage, question: str, status: Status, portefeuilles: tuple[str, ...] = ()) -> None:
        drawn.append("count")
        count(self, question, status, portefeuilles)

    monkeypatch.setattr(Usage, "count_question", counting)
    portal(v=QUESTION)

    assert drawn == ["foot", "count"]


@pytest.mark.parametrize("setting", [False, True])
def test_usage_keeps_the_words_only_if_the_setting_says_so(
    portal: Portal, own_data: Path, monkeypatch: pytest.MonkeyPatch, setting: bool
) -> None:
    monkeypatch.setattr(_resources, "SETTINGS", replace(_resources.SETTINGS, keep_questions=setting))
    portal(v=NOTHING)

    there = b"".join(path.read_bytes() for path in own_data.iterdir())
    assert (b"rijbewijs" in there) is setting


def test_usage_that_cannot_be_written_is_logged_and_the_answer_is_shown(
    portal: Portal, own_data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (own_data / COUNTS).write_bytes(b"geen database " * 100)

    shown = portal(v=QUESTION)
    press(shown, "Ja")

    assert "Inge Nieuwenhuizen" in shown.text
    assert "Dank u wel." in told(shown)
    assert "Dit lukt nu niet" not in told(shown)
    assert [record.message.startswith("Not counted") for record in caplog.records if record.name == "zoekportaal"] == [
        True,
        True,
    ]


def test_usage_portefeuilles_are_the_chosen_ones_or_those_of_the_answer() -> None:
    result = FakeSearcher().search(QUESTION)

    assert _usage.portefeuilles_of(result, SearchAddress(QUESTION)) == ("Onderwijs en Cultuur",)
    assert _usage.portefeuilles_of(result, SearchAddress(QUESTION, ("Sport",))) == ("Sport",)
    assert _usage.portefeuilles_of(FakeSearcher().search(NOTHING), SearchAddress(NOTHING)) == ()


def test_feedback_of_a_hostile_document_keeps_none_of_its_words(portal: Portal, own_data: Path) -> None:
    words = "<script>alert(1)</script>"
    shown = portal(searcher=hostile_searcher(words), v="voorzitter onderwijs cultuur")
    press(shown, "Ja")

    ((mark, _),) = Usage(own_data).report(1).verdicts.items()
    assert mark.document == words, "its name in the register, which the ingest has checked"
    assert len(mark.passage) == 16
    assert "script" not in Shown(shown.test).tags
