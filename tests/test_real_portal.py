"""The portal's own promises, on the real handover with the real model: the judged questions, and how well it searches.

The floors stand in eval/baseline.json together with digests of what they were measured on. When corpus, model or
questions change, the figures say something else: a test then tells what to write there.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.questions import Question, read_questions
from eval.report import Judged, K, figures_of, judge
from index.results import Status
from index.searcher import Searcher, open_searcher
from index.versions import open_current
from ingest.__main__ import main as ingest
from ingest.documents import Passage
from ingest.folding import letters_only
from ingest.sources import sources_of

pytestmark = pytest.mark.model

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ROOT / "eval" / "questions.jsonl"
GENERATED = ROOT / "eval" / "generated"
# What is held: the corpus and the questions of each set by its name in the baseline, and the figures with a floor.
SETS = {
    "handover": (ROOT / "corpus", QUESTIONS, ("mrr@10", "hit@3")),
    "generated": (GENERATED / "corpus", GENERATED / "questions.jsonl", ("mrr@10", "hit@3", "both")),
}
BASELINE = ROOT / "eval" / "baseline.json"
HANDOVER = "overdrachtsdocument-vdg-2026.pdf"
# How far a figure may fall before it is a step back rather than a turn of the wind: two of a hundred questions.
SLACK = 0.02


@pytest.fixture(scope="session")
def real_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the corpus of the repository ingested; the model stays in the project's own folder."""
    return ingested(ROOT / "corpus", tmp_path_factory.mktemp("portaal"))


@pytest.fixture(scope="session")
def portal(real_data: Path) -> Searcher:
    return open_searcher(real_data)


@pytest.fixture(scope="session")
def passages(portal: Searcher) -> list[Passage]:
    """All passages of the handover."""
    (document,) = [document for document in portal.documents() if document.file == HANDOVER]
    pages = (portal.page(document.id, number) for number in range(1, document.pages + 1))
    return [passage for page in pages for passage in page.passages]


@pytest.fixture(scope="session")
def questions() -> list[Question]:
    return read_questions(QUESTIONS)


@pytest.fixture(scope="session")
def generated_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the generated documents ingested."""
    return ingested(GENERATED / "corpus", tmp_path_factory.mktemp("verzonnen"))


@pytest.fixture(scope="session")
def measured(real_data: Path, generated_data: Path) -> dict[str, dict[str, Any]]:
    """For each set the digests of what was measured and the figures, with what will do as floors."""
    data = {"handover": real_data, "generated": generated_data}
    return {name: measured_on(data[name], *of_set) for name, of_set in SETS.items()}


@pytest.fixture(scope="session")
def baseline() -> dict[str, Any]:
    return dict(json.loads(BASELINE.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("question", "name", "page"),
    [
        ("Wie is voorzitter van de portefeuille Onderwijs en Cultuur?", "Inge Nieuwenhuizen", 18),
        ("Welke zorgverzekeraar is preferent?", "Zilveren Kruis", 13),
        ("Wanneer stelde het DOE het programmaplan voor 2026 vast?", "4 december 2025", 14),
        ("Wie spreekt in de kerngroep voor de plattelandsgemeenten?", "Joop Slomp", 12),
    ],
)
def test_real_portal_gives_an_answer_that_names_it_from_the_right_page(
    portal: Searcher, question: str, name: str, page: int
) -> None:
    answer = portal.search(question).answer
    assert answer.status is Status.GEVONDEN
    assert name in " ".join(answer.text.split())
    assert answer.hit
    assert (answer.page, answer.hit.document.file) == (page, HANDOVER)
    assert answer.text in answer.hit.passage.text


def test_real_portal_says_what_it_does_not_know(portal: Searcher) -> None:
    answer = portal.search("Hoe vraag ik een rijbewijs aan?").answer
    assert (answer.status, answer.text) == (Status.NIET_GEVONDEN, "")


def test_real_portal_holds_every_gold_quote_on_its_page(questions: list[Question], passages: list[Passage]) -> None:
    texts = [(letters_only(passage.text), set(passage.pages)) for passage in passages]
    missing = [
        (question.id, quote)
        for question in questions
        for quote in question.quotes
        if not any(letters_only(quote) in text and pages & set(question.pages) for text, pages in texts)
    ]
    assert missing == []


def test_real_portal_passages_keep_to_the_contract(passages: list[Passage]) -> None:
    assert len(passages) > 50
    for passage in passages:
        assert len(passage.text) <= 1200, passage.passage_id
        assert len(passage.text.split()) <= 130, passage.passage_id
        assert passage.units, passage.passage_id
    assert len({passage.passage_id for passage in passages}) == len(passages)


def test_real_portal_finds_its_answers_back_on_the_page(portal: Searcher, questions: list[Question]) -> None:
    # what a mailed link does: page and quote
    for question in questions[:40]:
        answer = portal.search(question.question).answer
        if answer.hit and answer.page:
            lines = portal.find_quote(answer.hit.document.id, answer.page, answer.text)
            assert lines, question.id
            assert lines[0][0] == answer.page, question.id


@pytest.mark.parametrize("name", SETS)
def test_real_portal_baseline_is_of_this_corpus_model_and_questions(
    baseline: dict[str, Any], measured: dict[str, dict[str, Any]], name: str
) -> None:
    now = {field: value for field, value in measured[name].items() if field != "figures"}
    changed = [field for field in now if field != "floors" and now[field] != baseline[name].get(field)]
    assert not changed, (
        f"{', '.join(changed)} of '{name}' changed since eval/baseline.json was written, so its floors say nothing any "
        f"more. Look whether the figures are what you expect, then write there:\n{json.dumps({name: now}, indent=2)}"
    )


@pytest.mark.parametrize(
    ("name", "figure"), [(name, figure) for name, (_, _, floors) in SETS.items() for figure in floors]
)
def test_real_portal_searches_as_well_as_before(
    baseline: dict[str, Any], measured: dict[str, dict[str, Any]], name: str, figure: str
) -> None:
    fell = f"{figure} of '{name}' fell more than {SLACK} below what it was"
    assert measured[name]["figures"][figure] >= baseline[name]["floors"][figure], fell


def test_real_portal_answers_on_the_command_line_without_loading_torch(real_data: Path) -> None:
    question = "Wie is voorzitter van de portefeuille Onderwijs en Cultuur?"
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "index", "search", question, "--data", str(real_data), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if not name.startswith("ZOEKPORTAAL_DATA")},
    )
    assert done.returncode == 0, done.stderr[-500:]
    imported = {line.split("|")[-1].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert "onnxruntime" in imported
    assert not {"torch", "sentence_transformers", "transformers", "streamlit"} & imported
    assert "Inge Nieuwenhuizen" in json.loads(done.stdout)["answer"]["text"]


def ingested(corpus: Path, data: Path) -> Path:
    """The data folder, with this corpus in it."""
    assert ingest(["--corpus", str(corpus), "--data", str(data), "--offline", "--json"]) == 0
    return data


def measured_on(data: Path, corpus: Path, questions: Path, floors: Sequence[str]) -> dict[str, Any]:
    """What was measured on a published corpus, the figures, and these figures as floors."""
    searcher = open_searcher(data)
    judged = judge(read_questions(questions), lambda question: searcher.search(question, k=K))
    figures: dict[str, Any] = {**figures_of(judged), "both": share_with_both(judged)}
    return {
        "corpus_sha256": corpus_sha256(corpus),
        "model_fingerprint": open_current(data)[2].model_fingerprint,
        "questions_sha256": hashlib.sha256(questions.read_bytes()).hexdigest(),
        "floors": {name: round(figures[name] - SLACK, 4) for name in floors},
        "figures": figures,
    }


def share_with_both(judged: Sequence[Judged]) -> float | None:
    """Of the questions on which documents say different things, the share where two of them are shown, dated."""
    asked = [one.shows_both for one in judged if one.question.both]
    return sum(asked) / len(asked) if asked else None


def corpus_sha256(corpus: Path) -> str:
    """A digest of the files that the ingest reads, whatever they are called."""
    digests = [
        hashlib.sha256(source.path.read_bytes()).hexdigest()
        for source in sources_of(corpus)
        if source.path and source.path.is_file()
    ]
    return hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()
