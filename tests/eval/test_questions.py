from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.questions import Question, QuestionsError, read_questions

ROOT = Path(__file__).parents[2]
WHOLE = {"id": "a", "kind": "wie", "question": "Wie?", "quotes": ["Jan"], "document": "stuk.pdf", "pages": [12, 13]}


def written(folder: Path, *entries: object) -> Path:
    file = folder / "vragen.jsonl"
    lines = [entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False) for entry in entries]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_read_questions_reads_the_contracts_form(tmp_path: Path) -> None:
    least = {"id": 7, "question": "Hoe?", "quotes": []}
    assert read_questions(written(tmp_path, WHOLE, "", least)) == [
        Question("a", "wie", "Wie?", ("Jan",), "stuk.pdf", (12, 13)),
        Question("7", "", "Hoe?", ()),
    ]


def test_read_questions_reads_that_documents_say_different_things(tmp_path: Path) -> None:
    asked = read_questions(written(tmp_path, WHOLE, {**WHOLE, "both": True}, {**WHOLE, "both": None}))
    assert [question.both for question in asked] == [False, True, False]


def test_read_questions_takes_null_for_what_may_be_left_out(tmp_path: Path) -> None:
    (question,) = read_questions(written(tmp_path, {**WHOLE, "document": None, "pages": None}))
    assert (question.document, question.pages) == ("", ())


def test_read_questions_of_an_empty_file(tmp_path: Path) -> None:
    assert read_questions(written(tmp_path)) == []


@pytest.mark.parametrize(
    "entry",
    [
        "{",
        "[]",
        "null",
        '"x"',
        {"id": "a", "question": "Wie?"},
        {"id": "a", "quotes": []},
        {"question": "Wie?", "quotes": []},
        {**WHOLE, "quotes": None},
        {**WHOLE, "quotes": "Jan"},
        {**WHOLE, "quotes": [7]},
        {**WHOLE, "quotes": ["Jan", ""]},
        {**WHOLE, "quotes": ["…"]},  # would stand in every passage
        {**WHOLE, "question": None},
        {**WHOLE, "pages": 12},
        {**WHOLE, "pages": "12"},
        {**WHOLE, "pages": ["twaalf"]},
        {**WHOLE, "both": "ja"},
    ],
)
def test_read_questions_says_which_line_is_wrong(tmp_path: Path, entry: object) -> None:
    with pytest.raises(QuestionsError, match=r"vragen\.jsonl, regel 2: geen vraag"):
        read_questions(written(tmp_path, WHOLE, entry))


def test_read_questions_ends_lines_only_where_json_does(tmp_path: Path) -> None:
    (question,) = read_questions(written(tmp_path, {**WHOLE, "question": "Wie\u2028is\x85dat?"}))
    assert question.question == "Wie\u2028is\x85dat?"


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("Er is € 28,2 miljoen beschikbaar", True),
        ("er is €28,2\nmiljoen BESCHIKBAAR.", True),
        ("• Er is “€ 28,2 mil-joen” beschikbaar", True),
        ("Er is 28,2 miljoen beschikbaar", False),
        ("Er is € 28,3 miljoen beschikbaar", False),
        ("De coordinator", True),
        ("", False),
    ],
)
def test_question_is_answered_by_a_text_that_holds_a_quote(text: str, answers: bool) -> None:
    question = Question("a", "", "Hoeveel?", ("€ 28,2 miljoen", "Coördinator"))
    assert question.is_answered_by(text) is answers


def test_question_without_quotes_is_answered_by_nothing() -> None:
    question = Question("a", "niet", "Rijbewijs?", ())
    assert (question.answerable, question.is_answered_by("rijbewijs")) == (False, False)
    assert Question("a", "", "Wie?", ("Jan",)).answerable


@pytest.mark.parametrize("file", sorted((ROOT / "eval").glob("*.jsonl")), ids=lambda file: file.name)
def test_questions_of_the_project_are_in_form(file: Path) -> None:
    questions = read_questions(file)
    assert len({question.id for question in questions}) == len(questions)
    assert len({question.question for question in questions}) == len(questions)
    for question in questions:
        assert question.kind
        assert question.question.strip() == question.question
        assert bool(question.document) == bool(question.pages) == question.answerable


def test_questions_of_the_project_are_as_many_as_promised() -> None:
    questions = read_questions(ROOT / "eval" / "questions.jsonl")
    assert sum(question.answerable for question in questions) >= 60
    assert sum(not question.answerable for question in questions) >= 20


def test_questions_of_the_project_do_not_copy_their_answers() -> None:
    # written from the user's side: a question that holds its own answer measures nothing
    for question in read_questions(ROOT / "eval" / "questions.jsonl"):
        assert not question.is_answered_by(question.question), question.id
