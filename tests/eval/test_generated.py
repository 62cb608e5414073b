"""The generated documents and the questions on them: what the issue asks of both, without a model."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from eval.generated.as_docx import SOURCE, TARGET, docx_of
from eval.questions import Question, read_questions
from index.dutch import Analyser
from ingest.documents import Passage
from ingest.folding import letters_only
from ingest.pipeline import read_sources
from ingest.sources import sources_of

GENERATED = Path(__file__).parents[2] / "eval" / "generated"
MADE_UP = "Dit stuk is verzonnen om het zoekportaal te testen."
KINDS = {
    *("wie", "feit", "organisatie", "vooruitblik", "dwars", "afkorting", "typefout", "omschreven", "telegram"),
    *("lijst", "tabel", "tegenspraak", "niet", "niet-dichtbij"),
}


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    """All passages of the generated documents, as the ingest cuts them."""
    reading = read_sources(sources_of(GENERATED / "corpus"), {}, lambda digest: None)
    assert all(not entry.reason for entry in reading.entries)
    return list(reading.passages)


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return read_questions(GENERATED / "questions.jsonl")


def test_generated_documents_each_say_first_that_they_are_made_up(passages: list[Passage]) -> None:
    first: dict[str, str] = {}
    for passage in passages:
        first.setdefault(passage.document_id, passage.text)
    assert len(first) == 8
    assert [document for document, text in first.items() if not text.startswith(MADE_UP)] == []


def test_generated_word_file_is_what_its_source_makes() -> None:
    assert TARGET.read_bytes() == docx_of(SOURCE.read_text(encoding="utf-8")), "run python -m eval.generated.as_docx"


def test_generated_questions_are_of_all_kinds_and_enough(questions: list[Question]) -> None:
    kinds = Counter(question.kind for question in questions)
    assert set(kinds) == KINDS
    assert min(kinds.values()) >= 5
    assert sum(question.answerable for question in questions) >= 55
    assert kinds["niet-dichtbij"] >= 15
    assert kinds["niet"] + kinds["niet-dichtbij"] >= 25
    assert [one.id for one in questions if one.answerable is one.kind.startswith("niet")] == []
    assert [one.id for one in questions if one.both is not (one.kind == "tegenspraak")] == []
    assert len({question.id for question in questions}) == len(questions)


def test_generated_quotes_stand_on_their_page(questions: list[Question], passages: list[Passage]) -> None:
    files = {source.id: source.path.name for source in sources_of(GENERATED / "corpus") if source.path}
    stand = [(files[one.document_id], set(one.pages), letters_only(one.text)) for one in passages]
    missing = [
        (question.id, quote)
        for question in questions
        for quote in question.quotes
        if not any(
            letters_only(quote) in text
            and (not question.document or (file == question.document and pages & set(question.pages)))
            for file, pages, text in stand
        )
    ]
    assert missing == []


def test_generated_contradictions_stand_in_two_documents(questions: list[Question], passages: list[Passage]) -> None:
    for question in (one for one in questions if one.both):
        documents = {passage.document_id for passage in passages if question.is_answered_by(passage.text)}
        assert len(documents) > 1, question.id


def test_generated_described_questions_share_no_word_with_their_answer(questions: list[Question]) -> None:
    analyser = Analyser({})

    def content(text: str) -> set[str]:
        return {token.term for token in analyser.tokens(text)}

    shared = {
        question.id: content(question.question).intersection(*map(content, question.quotes))
        for question in questions
        if question.kind == "omschreven"
    }
    assert {name: words for name, words in shared.items() if words} == {}
