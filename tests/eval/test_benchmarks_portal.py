from __future__ import annotations

import math

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from eval.benchmarks.portal import USERS, different, figures_of, percentile
from eval.benchmarks.portal_visitors import PATIENCE, Asked, NoAnswerError, Shown, words_of

CARD = '<section class="zp-card zp-gevonden" aria-live="polite"><p>Zilveren Kruis</p></section>'
FAILED = '<section class="zp-card zp-onzeker" role="alert"><h1>Dit lukt nu niet</h1></section>'


def html_part(body: str) -> ForwardMsg:
    message = ForwardMsg()
    message.delta.new_element.html.body = body
    return message


@pytest.mark.parametrize(
    ("values", "share", "wanted"),
    [
        ([4.0, 1.0, 3.0, 2.0], 75, 3.0),
        ([float(one) for one in range(1, 101)], 95, 95.0),
        ([1.0, 9.0], 95, 9.0),
        ([7.0], 50, 7.0),
        ([1.0, 2.0], 0, 1.0),
    ],
)
def test_portal_percentile_is_a_value_that_was_measured(values: list[float], share: float, wanted: float) -> None:
    assert percentile(values, share) == wanted


def test_portal_percentile_of_nothing_is_no_figure() -> None:
    assert math.isnan(percentile([], 95))


def test_portal_figures_are_those_that_were_promised() -> None:
    alone = [Asked("a", 0.1), Asked("b", 0.3), Asked("c", 0.2)]
    together = [Asked("a", 1.0)] * 19 + [Asked("b", 2.0)]

    assert figures_of(alone, together) == {
        "first_answer_p50_s": 0.2,
        "users": USERS,
        "p95_s": 1.0,
        "failures": 0,
    }


def test_portal_figures_do_not_let_a_question_that_failed_be_a_fast_one() -> None:
    together = [Asked("a", 1.0)] * 18 + [Asked("b", 0.01, "an exception: ValueError")] * 2

    figures = figures_of([Asked("a", 0.1)], together)

    assert (figures["p95_s"], figures["failures"]) == (PATIENCE, 2)


def test_portal_asks_only_questions_whose_answer_tells_them_apart() -> None:
    assert different({"a": "x", "b": "y", "c": "x"}) == {"a": "x", "b": "y"}


def test_portal_visitor_reads_the_page_as_it_comes() -> None:
    shown = Shown()
    box, button, address, ended = ForwardMsg(), ForwardMsg(), ForwardMsg(), ForwardMsg()
    box.delta.new_element.text_input.id = "$$ID-1-vraag"
    button.delta.new_element.button.id = "$$ID-2-FormSubmitter:zoekvraag-Zoeken"
    address.page_info_changed.query_string = "v=Wie+dan%3F"
    ended.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY

    assert not any(shown.take(part) for part in (box, button, address, html_part("<p>kop</p>"), html_part(CARD + "!")))
    assert shown.take(ended)
    assert (shown.query, shown.card) == ("v=Wie+dan%3F", CARD)
    assert (shown.box, shown.button) == ("$$ID-1-vraag", "$$ID-2-FormSubmitter:zoekvraag-Zoeken")


def test_portal_visitor_waits_for_the_run_that_follows_on_one_that_is_broken_off() -> None:
    ended = ForwardMsg()
    ended.script_finished = ForwardMsg.FINISHED_EARLY_FOR_RERUN

    assert not Shown().take(ended)


def test_portal_visitor_takes_a_page_that_failed_for_no_answer() -> None:
    message = ForwardMsg()
    message.delta.new_element.exception.type = "ValueError"

    with pytest.raises(NoAnswerError, match="Dit lukt nu niet"):
        Shown().take(html_part(FAILED))
    with pytest.raises(NoAnswerError, match="ValueError"):
        Shown().take(message)


def test_portal_visitor_reads_the_words_of_html() -> None:
    assert words_of("<p>a <b>&amp;</b>\n&lt;i&gt;</p>") == "a & <i>"
