from __future__ import annotations

import io
import json
import math
from collections.abc import Callable
from itertools import pairwise

import pytest
from rich.console import Console

from eval.questions import Question
from eval.report import Judged, figures_of, judge, print_report
from index.results import Alternative, Answer, DocumentInfo, Hit, Searched, SearchResult, Status
from index.searcher import Searcher
from tests.index.toy import passage_of

MEASURES = {"n", "hit@1", "hit@3", "hit@10", "mrr@10", "ndcg@10", "page@3", "auc", "lost", "refused"}
FILE = "overdracht.pdf"


def result_of(texts: list[str], status: Status = Status.GEVONDEN, confidence: float = 0.9) -> SearchResult:
    """A result with these passages as hits, the n-th of them on page n."""
    info = DocumentInfo("overdracht", "Overdracht", FILE, "VDG", "2026", None, "d", 9, 9, 9, ())
    hits = tuple(
        Hit(rank, 1.0 / rank, passage_of("overdracht", rank, [text], pages=[rank]), info)
        for rank, text in enumerate(texts, start=1)
    )
    return SearchResult("", Answer(status, confidence), hits, Searched(9, 1, 0), 0.01)


def searching(results: dict[str, SearchResult]) -> Callable[[str], SearchResult]:
    return lambda question: results[question]


# Worked by hand: found first, found third, not found, and two that the corpus does not answer.
QUESTIONS = [
    Question("q1", "wie", "Wie?", ("Jan",), FILE, (1,)),
    Question("q2", "wie", "Wat?", ("Piet", "Jan"), FILE, (2, 5)),
    Question("q3", "feit", "Waar?", ("Assen",), FILE, (9,)),
    Question("n1", "niet", "Rijbewijs?", ()),
    Question("n2", "niet", "Paspoort?", ()),
]
RESULTS = {
    "Wie?": result_of(["Jan", "zorg", "Jan"], Status.GEVONDEN, 0.9),
    "Wat?": result_of(["zorg", "sport", "Piet"], Status.ONZEKER, 0.6),
    "Waar?": result_of(["zorg"] * 4, Status.NIET_GEVONDEN, 0.2),
    "Rijbewijs?": result_of(["zorg"], Status.NIET_GEVONDEN, 0.1),
    "Paspoort?": result_of(["zorg"], Status.ONZEKER, 0.6),
}


@pytest.fixture
def judged() -> list[Judged]:
    return judge(QUESTIONS, searching(RESULTS))


def test_judge_tells_of_each_hit_whether_it_answers(judged: list[Judged]) -> None:
    assert [one.relevant for one in judged[:3]] == [(True, False, True), (False, False, True), (False,) * 4]
    assert [one.question for one in judged] == QUESTIONS


def test_figures_of_by_hand(judged: list[Judged]) -> None:
    figures = figures_of(judged)
    kinds = figures.pop("kinds")
    assert figures == {
        "n": 5,
        "hit@1": 0.3333,
        "hit@3": 0.6667,
        "hit@10": 0.6667,
        "mrr@10": round((1 + 1 / 3) / 3, 4),
        "ndcg@10": round((1 + 1 / math.log2(4)) / 3, 4),
        "page@3": 0.6667,
        "auc": round((2 + 1.5 + 1) / 6, 4),  # .9 beats both, .6 beats one and ties, .2 beats one
        "lost": 0.3333,
        "refused": 0.5,
    }
    assert isinstance(kinds, dict)
    assert list(kinds) == ["wie", "feit", "niet"]
    assert (kinds["wie"]["n"], kinds["wie"]["hit@1"], kinds["wie"]["hit@3"]) == (2, 0.5, 1.0)
    assert (kinds["niet"]["n"], kinds["niet"]["hit@1"], kinds["niet"]["refused"]) == (2, None, 0.5)
    assert (kinds["wie"]["refused"], kinds["wie"]["auc"]) == (None, None)


def test_figures_of_has_the_contracts_keys_and_is_json(judged: list[Judged]) -> None:
    figures = figures_of(judged)
    assert set(figures) == MEASURES | {"kinds"}
    assert isinstance(figures["kinds"], dict)
    assert all(set(kind) == MEASURES for kind in figures["kinds"].values())
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures


@pytest.mark.parametrize("questions", [[], QUESTIONS[3:], QUESTIONS[:3]])
def test_figures_of_what_cannot_be_measured_are_null(questions: list[Question]) -> None:
    figures = figures_of(judge(questions, searching(RESULTS)))
    assert figures["n"] == len(questions)
    assert figures["auc"] is None
    assert (figures["hit@1"] is None) == (figures["lost"] is None) == (not questions or questions == QUESTIONS[3:])
    json.dumps(figures, allow_nan=False)


def test_figures_of_kind_without_a_name_is_left_out() -> None:
    figures = figures_of(judge([Question("q", "", "Wie?", ("Jan",))], searching(RESULTS)))
    assert figures["kinds"] == {}
    assert figures["page@3"] is None  # no page is known


@pytest.mark.parametrize(
    ("document", "pages", "right"),
    [(FILE, (3,), True), (FILE, (4,), False), (FILE, (3, 9), True), ("ander.pdf", (1,), False)],
)
def test_right_page_wants_the_document_and_one_of_the_pages_among_three(
    document: str, pages: tuple[int, ...], right: bool
) -> None:
    judged = Judged(Question("q", "", "?", ("x",), document, pages), result_of(["a"] * 5), (False,) * 5)
    assert judged.right_page is right


def test_figures_of_ndcg_is_that_of_the_first_passage_that_answers() -> None:
    # a reader needs one passage that answers: a second one neither helps nor is missed
    one = Judged(QUESTIONS[0], result_of(["a"] * 4), (False, True, False, True))
    assert one.figures["ndcg@10"] == pytest.approx(1 / math.log2(3))
    assert one.figures["mrr@10"] == 0.5


def printed(judged: list[Judged], width: int = 110) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    print_report(judged, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_print_report_shows_the_figures_and_the_worst_questions(judged: list[Judged]) -> None:
    shown = printed(judged)
    assert "5 vragen, 2 zonder antwoord in de bronnen" in shown
    lines = [line.split() for line in shown.splitlines()]
    assert ["wie", "2", ".500", "1.00"] in [line[:4] for line in lines]
    assert ["alle", "5", ".333", ".667", ".667"] in [line[:5] for line in lines]
    worst = shown[shown.index("De slechtste vragen") :]
    assert worst.index("q3 (plaats –): Waar?") < worst.index("q2 (plaats 3): Wat?")
    assert "gezocht: Assen" in worst
    assert "eerst:   overdracht.pdf: zorg" in worst
    assert "q1" not in worst


def test_print_report_has_an_interval_under_every_figure(judged: list[Judged]) -> None:
    lines = [line.split() for line in printed(judged).splitlines()]
    below = {line[0]: bounds for line, bounds in pairwise(lines) if line and line[0] in ("wie", "niet", "alle")}
    assert below["wie"] == [".00–1.0", "1.0–1.0", "1.0–1.0", ".33–1.0", ".50–1.0", "1.0–1.0", ".00–.00"]
    assert below["niet"] == [".00–1.0"]  # nothing but 'refused' is measured on these
    assert len(below["alle"]) == 9


def test_print_report_names_the_two_errors_of_the_status() -> None:
    wrong = {**RESULTS, "Rijbewijs?": result_of(["zorg"], Status.GEVONDEN)}
    shown = printed(judge(QUESTIONS, searching(wrong)))
    assert "1 van 3 beantwoordbare vragen heten 'niet gevonden' (95 %: .00–1.0)" in shown
    assert "1 van 2 vragen zonder antwoord heten 'gevonden' (95 %: .00–1.0)" in shown
    assert "beantwoordbare" not in printed(judge(QUESTIONS[3:], searching(wrong)))


def saying(document: str, text: str, date: str) -> Hit:
    info = DocumentInfo(document, document, f"{document}.pdf", "VDG", date, None, "d", 9, 9, 9, ())
    return Hit(1, 1.0, passage_of(document, 1, [text], pages=[1]), info)


@pytest.mark.parametrize(
    ("other", "both"),
    [
        (saying("nieuw", "Het kost € 3.", "2026"), True),
        (saying("nieuw", "Het kost € 3.", ""), False),  # without a date nobody can tell which is newer
        (saying("nieuw", "Het kost veel.", "2026"), False),
        (saying("oud", "Het kost € 3.", "2025"), False),
        (None, False),
    ],
)
def test_shows_both_wants_what_two_documents_say_with_their_dates(other: Hit | None, both: bool) -> None:
    first = saying("oud", "Het kost € 2.", "2025")
    others = (Alternative(other.passage.text, other, 1),) if other else ()
    answer = Answer(Status.GEVONDEN, 0.9, "Het kost € 2.", "", first, 1, (), others)
    question = Question("t1", "tegenspraak", "Wat kost het?", ("€ 2", "€ 3"), both=True)
    one = judge([question], lambda _: SearchResult("", answer, (first,), Searched(9, 2, 0), 0.01))
    assert one[0].shows_both is both
    told = "Bij 1 van 1 tegenspraken staan beide bronnen er" if both else "Bij 0 van 1 tegenspraken"
    assert told in printed(one)
    assert ("niet bij t1" in printed(one)) is not both


def test_print_report_says_nothing_of_contradictions_that_nobody_asked_for(judged: list[Judged]) -> None:
    assert "tegenspraken" not in printed(judged)


def test_print_report_shows_signs_as_they_are() -> None:
    odd = "[/b] [red]x[/] :smile:"
    question = Question(odd, odd, odd, (odd,))
    shown = printed(judge([question], lambda _: result_of(["[/i] [i]zorg[/] :x:"])), width=200)
    assert shown.count(odd) == 4  # kind, id, question and quote
    assert "[/i] [i]zorg[/] :x:" in shown


@pytest.mark.parametrize("questions", [[], QUESTIONS[3:]])
def test_print_report_of_nothing_answerable(questions: list[Question]) -> None:
    shown = printed(judge(questions, searching(RESULTS)))
    assert f"{len(questions)} vragen" in shown
    assert "nan" not in shown


def test_print_report_without_hits() -> None:
    assert "eerst:   niets" in printed(judge(QUESTIONS[:1], lambda _: result_of([])))


def test_judge_on_a_real_search(searcher: Searcher) -> None:
    questions = [
        Question("a", "wie", "Wie is voorzitter van Onderwijs en Cultuur?", ("Inge Nieuwenhuizen",), FILE, (2,)),
        Question("b", "feit", "Welke zorgverzekeraar is preferent in onze regio?", ("Zilveren Kruis",), FILE, (4,)),
    ]
    figures = figures_of(judge(questions, lambda question: searcher.search(question, k=10)))
    assert (figures["n"], figures["hit@1"], figures["page@3"]) == (2, 1.0, 1.0)
