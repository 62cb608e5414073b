from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from index.calibration import CALIBRATION
from index.dutch import Analyser
from index.encoder import Encoder
from index.errors import UnknownDocumentError
from index.results import SearchResult, Status
from index.searcher import Searcher
from index.versions import open_current
from ingest.documents import Passage, Source
from ingest.errors import UnknownPortefeuilleError
from tests.conftest import ToyEncoder
from tests.index.toy import (
    AMOUNT,
    CHAIR,
    EKM,
    GW,
    HANDOVER,
    INSURER,
    OC,
    PASSAGES,
    PLAN,
    PSI,
    STATUSES,
    document_of,
    passage_of,
    publish_one,
    publish_toy,
)

QUESTIONS = [
    "Wie is voorzitter van de portefeuille Onderwijs en Cultuur?",
    "Welke zorgverzekeraar is preferent?",
    "Wanneer stelde het DOE het programmaplan vast?",
    "Wat is het DOE?",
    "Wat doet het Flexteam warmtetranistie voor gemeenten?",
    "woningbouw",
    "schuldhulpverlening gemeenten",
    "Hoeveel geld is er voor mentale veerkracht?",
    "Hoe vraag ik een rijbewijs aan?",
    "zonnepanelen op het dak",
]
# Whatever the confidence, an answer is given, so that tests of the answer's words do not depend on the calibration.
CERTAIN = replace(CALIBRATION, found=0.0, not_found=0.0)
NEVER = replace(CALIBRATION, found=2.0, not_found=2.0)


@pytest.fixture(scope="module")
def certain(published: Path, toy_encoder: Encoder) -> Searcher:
    return Searcher(published, toy_encoder, CERTAIN)


def without_time(result: SearchResult) -> SearchResult:
    return replace(result, seconds=0.0)


def ids(result: SearchResult) -> list[str]:
    return [hit.passage.passage_id for hit in result.hits]


@pytest.mark.parametrize(
    ("question", "answer", "page"),
    [
        ("Wie is voorzitter van de portefeuille Onderwijs en Cultuur?", CHAIR, 2),
        ("Welke zorgverzekeraar is preferent in onze regio?", INSURER, 4),
        ("Wanneer stelde het DOE het programmaplan vast?", PLAN, 3),
        ("Wat is het DOE?", PLAN, 3),
        ("Hoeveel geld is er beschikbaar voor mentale veerkracht?", AMOUNT, 4),
        ("Wat doen de huisartsen?", PASSAGES[5].text.split("\n")[1], 5),  # the passage begins on page 4
    ],
)
def test_searcher_answers_with_the_sentence_and_its_page(
    certain: Searcher, question: str, answer: str, page: int
) -> None:
    result = certain.search(question)
    assert result.answer.status is Status.GEVONDEN
    assert (result.answer.text, result.answer.page) == (answer, page)
    assert result.answer.hit == result.hits[0]
    assert result.question == question


@pytest.mark.parametrize("question", QUESTIONS)
def test_searcher_answers_in_words_that_stand_in_the_source(certain: Searcher, question: str) -> None:
    result = certain.search(question, k=20)
    answer = result.answer
    assert answer.hit
    assert answer.text in answer.hit.passage.text
    originals = {passage.passage_id: passage for passage in PASSAGES}
    for hit in result.hits:
        assert hit.passage == originals[hit.passage.passage_id]
    assert answer.lead_in in {unit.lead_in for unit in answer.hit.passage.units}
    assert answer.page in answer.hit.passage.pages
    assert 0 <= answer.confidence <= 1


@pytest.mark.parametrize("question", QUESTIONS)
def test_searcher_ranks_all_passages_once(searcher: Searcher, question: str) -> None:
    result = searcher.search(question, k=100)
    assert sorted(ids(result)) == sorted(passage.passage_id for passage in PASSAGES)
    assert [hit.rank for hit in result.hits] == list(range(1, len(PASSAGES) + 1))
    scores = [hit.score for hit in result.hits]
    assert scores == sorted(scores, reverse=True)
    assert result.seconds > 0


@pytest.mark.parametrize("k", [1, 2, 5, 9, 1000])
def test_searcher_gives_the_first_k(searcher: Searcher, k: int) -> None:
    whole = ids(searcher.search(QUESTIONS[0], k=100))
    assert ids(searcher.search(QUESTIONS[0], k=k)) == whole[:k]


def test_searcher_answer_does_not_depend_on_k(certain: Searcher) -> None:
    assert certain.search(QUESTIONS[0], k=1).answer == certain.search(QUESTIONS[0], k=9).answer


def test_searcher_not_found_gives_hits_and_no_answer(published: Path, toy_encoder: Encoder) -> None:
    result = Searcher(published, toy_encoder, NEVER).search("Wie is voorzitter van Onderwijs en Cultuur?")
    assert result.answer.status is Status.NIET_GEVONDEN
    assert (result.answer.text, result.answer.hit, result.answer.page, result.answer.lead_in) == ("", None, None, "")
    assert len(result.hits) == len(PASSAGES)


@pytest.mark.parametrize("question", QUESTIONS)
def test_searcher_marks_lie_on_the_words_of_the_question(searcher: Searcher, question: str) -> None:
    analyser = Analyser({word for passage in PASSAGES for word in passage.text.lower().split()})
    wanted = set(searcher.read(question).weights)
    for hit in searcher.search(question, k=20).hits:
        assert list(hit.marks) == sorted(set(hit.marks))
        for start, end in hit.marks:
            word = hit.passage.text[start:end]
            assert word.strip()
            assert not (hit.passage.text[start - 1 : start] + hit.passage.text[end : end + 1]).isalpha() or start == 0
            assert wanted & set(analyser.terms(word)), word
        assert set(hit.why.words) == {hit.passage.text[start:end].lower() for start, end in hit.marks}


def test_searcher_marks_other_forms_and_compounds(searcher: Searcher) -> None:
    hit = next(hit for hit in searcher.search("woningbouw").hits if hit.passage.document_id == "energievisie")
    assert "woningbouwcorporaties" in hit.why.words
    hits = searcher.search("Welke school heeft een bibliotheek?", k=20).hits
    assert {"scholen", "bibliotheken"} in [set(hit.why.words) for hit in hits]


def test_searcher_reports_what_it_took_for_slips(searcher: Searcher) -> None:
    result = searcher.search("Wat doet het Flexteam warmtetranistie?")
    assert result.corrections == (("warmtetranistie", "warmtetransitie"),)
    assert ids(result)[0] == "overdracht:00004"


# ── Filters and facets ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [EKM, "EKM", "ekm", "energie, klimaat en milieu"])
def test_searcher_filters_on_a_portefeuille_in_full_or_abbreviated(searcher: Searcher, name: str) -> None:
    result = searcher.search("Wie is voorzitter?", k=20, portefeuilles=[name])
    assert sorted(ids(result)) == ["energievisie:00001", "energievisie:00002", "overdracht:00004"]
    assert (result.searched.passages, result.searched.sources) == (3, 2)


def test_searcher_several_values_of_a_filter_widen_and_two_filters_narrow(searcher: Searcher) -> None:
    both = searcher.search("gemeenten", k=20, portefeuilles=["EKM", "PSI"])
    assert len(both.hits) == 4
    narrow = searcher.search("gemeenten", k=20, portefeuilles=["EKM", "PSI"], documents=["overdracht"])
    assert sorted(ids(narrow)) == ["overdracht:00004", "overdracht:00007"]
    assert narrow.searched.sources == 1


@pytest.mark.parametrize("filters", [{"documents": ["weg"]}, {"portefeuilles": ["Sport"]}])
def test_searcher_filter_that_nothing_passes(certain: Searcher, filters: dict[str, list[str]]) -> None:
    result = certain.search("Wie is voorzitter?", **filters)  # type: ignore[arg-type]
    assert (result.hits, result.answer.status, result.searched.passages) == ((), Status.NIET_GEVONDEN, 0)


@pytest.mark.parametrize("name", ["Verkeer", "", "G&W; EKM"])
def test_searcher_filter_on_an_unknown_portefeuille_is_refused(searcher: Searcher, name: str) -> None:
    with pytest.raises(UnknownPortefeuilleError, match="Kies uit: G&W, EKM"):
        searcher.search("Wie is voorzitter?", portefeuilles=[name])


def test_searcher_answers_from_within_the_filter(certain: Searcher) -> None:
    result = certain.search("Wie is voorzitter van Onderwijs en Cultuur?", portefeuilles=["G&W"])
    assert result.answer.hit
    assert result.answer.hit.passage.portefeuilles == (GW,)


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """Four passages that all say the same, so that every one of them is relevant."""
    data = tmp_path_factory.mktemp("facetten")
    sources = [Source("een", "Een"), Source("twee", "Twee")]
    text = "De gemeenten werken samen aan zorg."
    passages = [
        passage_of("een", 1, [text], portefeuilles=[GW]),
        passage_of("een", 2, [text], portefeuilles=[GW, PSI]),
        passage_of("een", 3, [text]),
        passage_of("twee", 1, [text], portefeuilles=[OC]),
    ]
    publish_toy(data, [document_of(source, [[text]]) for source in sources], passages)
    return Searcher(data, ToyEncoder())


def test_searcher_facets_count_relevant_passages(counted: Searcher) -> None:
    result = counted.search("samen aan zorg")
    assert result.facet_portefeuilles == {GW: 2, PSI: 1, OC: 1}
    assert result.facet_documents == {"een": 3, "twee": 1}


def test_searcher_facets_count_without_their_own_filter(counted: Searcher) -> None:
    result = counted.search("samen aan zorg", portefeuilles=["PSI"])
    assert result.facet_portefeuilles == {GW: 2, PSI: 1, OC: 1}  # what choosing another would bring
    assert result.facet_documents == {"een": 1}
    result = counted.search("samen aan zorg", documents=["twee"])
    assert result.facet_portefeuilles == {OC: 1}
    assert result.facet_documents == {"een": 3, "twee": 1}
    result = counted.search("samen aan zorg", documents=["een"], portefeuilles=["G&W"])
    assert (result.facet_portefeuilles, result.facet_documents) == ({GW: 2, PSI: 1}, {"een": 2})


def test_searcher_facets_leave_out_what_is_not_about_the_question(searcher: Searcher) -> None:
    result = searcher.search("Wie is voorzitter van de portefeuille Onderwijs en Cultuur?")
    assert OC in result.facet_portefeuilles
    assert sum(result.facet_documents.values()) < len(PASSAGES)


# ── Questions of every kind ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("question", ["", " ", "\n\t"])
def test_searcher_without_a_question_finds_nothing(certain: Searcher, question: str) -> None:
    result = certain.search(question)
    assert (result.hits, result.answer.status, result.answer.text) == ((), Status.NIET_GEVONDEN, "")
    assert (result.searched.passages, result.searched.sources, result.searched.waiting) == (9, 2, 1)


@pytest.mark.parametrize("question", ["?", "?!…;:", "🙂🙂", "\0", "\u202e\u200f", "de het een", "Wie?", "Wat is dat?"])
def test_searcher_with_nothing_to_look_for_claims_no_answer(certain: Searcher, question: str) -> None:
    # however sure the meaning seems: no word of the question says anything
    result = certain.search(question)
    assert (result.answer.status, result.answer.text) == (Status.NIET_GEVONDEN, "")


@pytest.mark.parametrize(
    "question",
    [
        'AND OR "( ^~` NOT +zorg - gemeente text:zorg* row:[0 TO 9]',
        "'; DROP TABLE passage; --",
        "zorg\0verzekeraar",
        "\u202eWie is voorzitter\u200f",
        "🙂 Wie is voorzitter?",
        "Wat is het %?",
        "Waar staat G_W voor?",
        "gemeente " * 1200,
        "a" * 10_000,
        "\ud800 zorg \udcff",
    ],
    ids=lambda question: repr(question[:20]),
)
def test_searcher_takes_whatever_is_typed(searcher: Searcher, question: str) -> None:
    result = searcher.search(question)
    assert len(result.hits) == len(PASSAGES)
    assert np.isfinite([hit.score for hit in result.hits]).all()
    assert result.seconds < 2


@pytest.mark.parametrize("question", QUESTIONS)
def test_searcher_repeats_itself(searcher: Searcher, published: Path, toy_encoder: Encoder, question: str) -> None:
    first = without_time(searcher.search(question))
    assert without_time(searcher.search(question)) == first
    assert without_time(Searcher(published, toy_encoder).search(question)) == first


def test_searcher_equal_passages_come_in_their_order(tmp_path: Path, toy_encoder: Encoder) -> None:
    passages = [passage_of("stuk", number, ["Zin over zorg."], headings=["Zorg" * number]) for number in range(1, 13)]
    publish_toy(tmp_path, [document_of(Source("stuk", "Een stuk"), [["Zin over zorg."]])], passages)
    result = Searcher(tmp_path, toy_encoder).search("zin", k=12)
    assert sorted(ids(result)) == [f"stuk:{number:05d}" for number in range(1, 13)]
    scores = {hit.passage.passage_id: hit.score for hit in result.hits}
    assert ids(result) == sorted(scores, key=lambda one: (-scores[one], one))


def test_searcher_serves_eight_threads_alike(published: Path, toy_encoder: Encoder) -> None:
    fresh = Searcher(published, toy_encoder)  # nothing warmed up: the first searches race
    alone = Searcher(published, toy_encoder)
    expected = {question: without_time(alone.search(question)) for question in QUESTIONS}

    def work(thread: int) -> list[bool]:
        turns = [QUESTIONS[(thread + number) % len(QUESTIONS)] for number in range(50)]
        return [without_time(fresh.search(question)) == expected[question] for question in turns]

    with ThreadPoolExecutor(8) as pool:
        same = [result for results in pool.map(work, range(8)) for result in results]
    assert same == [True] * 400


def test_searcher_over_one_passage(tmp_path: Path, toy_encoder: Encoder) -> None:
    publish_one(tmp_path, "Zilveren Kruis is de preferente zorgverzekeraar.")
    result = Searcher(tmp_path, toy_encoder, CERTAIN).search("Welke zorgverzekeraar?")
    assert result.answer.text == "Zilveren Kruis is de preferente zorgverzekeraar."


def test_searcher_over_no_passages(tmp_path: Path, toy_encoder: Encoder) -> None:
    publish_toy(tmp_path, [document_of(HANDOVER, [[]])], [])
    result = Searcher(tmp_path, toy_encoder, CERTAIN).search("Welke zorgverzekeraar?")
    assert (result.hits, result.answer.status, result.searched.passages) == ((), Status.NIET_GEVONDEN, 0)


# ── What there is to look at ─────────────────────────────────────────────────────────────────────────────────


def test_searcher_tells_of_documents_sources_and_version(searcher: Searcher, published: Path) -> None:
    assert [document.id for document in searcher.documents()] == ["overdracht", "energievisie"]
    assert [document.date for document in searcher.documents()] == ["2026", "2025-10-01"]
    assert searcher.sources() == STATUSES
    assert searcher.version == open_current(published)[0]
    assert abs((datetime.now(UTC) - searcher.created).total_seconds()) < 3600
    assert searcher.file_path("overdracht").read_bytes() == b"overdracht"
    assert searcher.page("overdracht", 2).lines[0].text == CHAIR


@pytest.mark.parametrize(
    "ask",
    [
        lambda searcher: searcher.page("weg", 1),
        lambda searcher: searcher.file_path("../../etc/passwd"),
        lambda searcher: searcher.find_quote("weg", 1, "zorg"),
    ],
)
def test_searcher_says_which_document_is_unknown(searcher: Searcher, ask: Callable[[Searcher], object]) -> None:
    with pytest.raises(UnknownDocumentError, match=r"staat niet \(meer\) in de zoekindex"):
        ask(searcher)


@pytest.mark.parametrize("number", [0, -1, 6])
def test_searcher_says_which_page_there_is_not(searcher: Searcher, number: int) -> None:
    with pytest.raises(IndexError, match=str(number)):
        searcher.page("overdracht", number)


QUOTED_PAGES = [
    ["Inleiding", "De gemeenten werken samen aan een Drentse samen-", "werkingsagenda voor de komende jaren."],
    ["Zilveren Kruis is de preferente", "zorgverzekeraar in onze regio.", "Het bestuur stelde vast dat de"],
    ["samenwerking goed verloopt.", "", "€ 28,2 miljoen"],
    [],
    ["Slot: de Gezondheidsagenda loopt tot 2030.", "Zilveren Kruis is de preferente"],
]


@pytest.fixture(scope="module")
def quoted(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    data = tmp_path_factory.mktemp("citaten")
    publish_one(data, "Een zin.", pages=QUOTED_PAGES)
    return Searcher(data, ToyEncoder())


@pytest.mark.parametrize(
    ("page", "quote", "lines"),
    [
        (1, "Inleiding", [(1, 0)]),
        (1, "Drentse samenwerkingsagenda", [(1, 1), (1, 2)]),  # broken over lines, with a line-end hyphen
        (1, "DRENTSE  samen\nwerkingsagenda!", [(1, 1), (1, 2)]),
        (2, "Zilveren Kruis is de preferente zorgverzekeraar in onze regio.", [(2, 0), (2, 1)]),
        (2, "• “Zilveren Kruis”", [(2, 0)]),
        (5, "zorgverzekeraar in onze regio", [(2, 1)]),  # moved to another page
        (1, "Gezondheidsagenda", [(5, 0)]),
        (99, "Gezondheidsagenda", [(5, 0)]),  # the page is gone
        (-3, "Inleiding", [(1, 0)]),
        (2, "stelde vast dat de samenwerking goed verloopt", [(2, 2), (3, 0)]),  # over the page's end
        (3, "stelde vast dat de samenwerking goed verloopt", [(2, 2), (3, 0)]),
        (3, "€ 28,2 miljoen", [(3, 2)]),
        (5, "Zilveren Kruis is de preferente", [(5, 1)]),  # on two pages: the nearest
        (2, "Zilveren Kruis is de preferente", [(2, 0)]),
        (4, "Gezondheidsagenda", [(5, 0)]),
        (1, "een zin die weg is", []),
        (1, "", []),
        (1, "?!", []),
    ],
)
def test_searcher_finds_a_quote(quoted: Searcher, page: int, quote: str, lines: list[tuple[int, int]]) -> None:
    expected = [(number, quoted.page("stuk", number).lines[line].box) for number, line in lines]
    assert list(quoted.find_quote("stuk", page, quote)) == expected


@pytest.mark.parametrize(
    "passage", [passage for passage in PASSAGES if len(passage.pages) == 1], ids=lambda passage: passage.passage_id
)
def test_searcher_finds_every_unit_as_a_quote_on_its_page(searcher: Searcher, passage: Passage) -> None:
    for unit in passage.units:
        lines = searcher.find_quote(passage.document_id, passage.pages[0], passage.text[unit.start : unit.end])
        assert {page for page, _ in lines} == set(passage.pages)


def test_searcher_evidence_tells_what_the_passages_lack(searcher: Searcher) -> None:
    answered = searcher.evidence_for("Wie is voorzitter van de portefeuille Onderwijs en Cultuur?")
    assert (0.0, 0.0) in {(one.lacking, one.missing) for one in answered}
    assert all(one.lacking == 1.0 for one in searcher.evidence_for("Wat is het telefoonnummer van de voorzitter?"))
    assert all(one.missing == 2 for one in searcher.evidence_for("Wie was voorzitter van Amsterdam in 1987?"))


def test_searcher_confidence_does_not_depend_on_how_many_hits_are_asked_for(searcher: Searcher) -> None:
    for question in QUESTIONS:
        assert searcher.search(question, k=1).answer.confidence == searcher.search(question, k=10).answer.confidence


@pytest.mark.parametrize("defining", ["IAMA: het toetsen van algoritmes vooraf", "IAMA betekent toetsen vooraf"])
def test_searcher_puts_first_what_tells_the_meaning_of_letters(
    tmp_path: Path, toy_encoder: Encoder, defining: str
) -> None:
    publish_one(tmp_path, "Het IAMA is ingevuld, en het IAMA is weer ingevuld.", "Wie vult het IAMA in?", defining)
    first = Searcher(tmp_path, toy_encoder, CERTAIN).search("Wat is het IAMA?").hits[0]
    assert first.passage.text == defining


def test_searcher_ranks_first_the_passage_whose_sentence_has_it_all(searcher: Searcher) -> None:
    scored = searcher.score(searcher.read("Wie is voorzitter van de portefeuille Onderwijs en Cultuur?"))
    allowed = np.ones(len(scored.fused), dtype=bool)
    ranked, order, candidates = searcher.judge.ranked(scored, allowed)
    assert [candidate.row for candidate in candidates] == order[: len(candidates)].tolist()
    assert sorted(order.tolist()) == list(range(len(scored.fused)))
    assert sorted(ranked.fused.tolist()) == sorted(scored.fused.tolist())
    assert ranked.fused[order].tolist() == sorted(scored.fused.tolist(), reverse=True)
    gains = [max(one.gain for one in candidate.evidence) for candidate in candidates]
    before = [float(scored.fused[candidate.row]) for candidate in candidates]
    sums = [gain + score for gain, score in zip(gains, before, strict=True)]
    assert sums == sorted(sums, reverse=True)


def test_searcher_candidates_tell_which_sentence_holds_the_thing_itself(searcher: Searcher) -> None:
    scored = searcher.score(searcher.read("Wie is voorzitter van de portefeuille Onderwijs en Cultuur?"))
    for candidate in searcher.judge.ranked(scored, np.ones(len(scored.fused), dtype=bool))[2]:
        assert len(candidate.holds) == len(candidate.evidence) == len(candidate.cosines) == len(candidate.passage.units)
        # what a sentence holds by itself, it holds behind the line before it too
        assert all(one.lacking == 0.0 for one, holds in zip(candidate.evidence, candidate.holds, strict=True) if holds)
