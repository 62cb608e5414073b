"""Large versions: the same answers as from small ones, from candidates alone."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.archive_export import export_archive
from index.archive_import import import_archive
from index.checking import verify
from index.edition import edition_of
from index.embedded import Embedded
from index.forgetting import forget
from index.large.arrays import Growing, as_vectors, as_whole_numbers
from index.large.backend import FEW, Large
from index.large.nearest import Nearest, write_nearest
from index.publishing import publish_edition
from index.results import SearchResult
from index.rollback import rollback
from index.searcher import Searcher
from index.vectors import Vectors, usual_similarity
from index.versions import Layout, open_current
from index.words import Words
from ingest.documents import Source
from tests.conftest import ToyEncoder
from tests.index.toy import GW, HANDOVER, OC, document_of, passage_of, publish_corpus, publish_one, publish_toy

QUESTIONS = [
    "Wie is voorzitter van Onderwijs en Cultuur?",
    "Wanneer loopt de energievisie af?",
    "Hoeveel geld is er voor mentale veerkracht?",
    "Wat is het DOE?",
    "Wat betekent GALA?",
    'zorgverzekeraar "Zilveren Kruis"',
    'zorg "beschermd wonen" -huisartsen',
    "zorgverzekeraar -regio",
    'gemeenten -"Zilveren Kruis"',
    "Wat zegt de energievisie van de provincie over wind?",
    "Waar is Gezondheid en Welzijn mee bezig?",
    "warmtetranistie",
    "schulden hulp",
    "warmtetransitie gemeenten",
    "Welke doelen zijn er?",
    "fiets",
    "?",
]
FILTERS: list[dict[str, Any]] = [
    {},
    {"portefeuilles": [OC]},
    {"portefeuilles": [OC, GW]},
    {"documents": ["energievisie"]},
    {"publishers": ["Provincie Drenthe"]},
    {"years": ["2026"]},
    {"portefeuilles": [GW], "documents": ["overdracht"], "years": ["2026"]},
    {"years": ["1999"]},
]
# What filters let through is taken whole up to so many; 0: always candidates.
SOME = pytest.mark.parametrize("few", [FEW, 0], ids=["all", "candidates"])


def large(data: Path, few: int = FEW) -> Searcher:
    return Searcher(data, ToyEncoder(), backend=Large(*open_current(data), few=few))


def ids(result: SearchResult) -> list[str]:
    return [hit.passage.passage_id for hit in result.hits]


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy corpus as a large version; only to be read."""
    data = tmp_path_factory.mktemp("groot")
    publish_corpus(data, exact_up_to=0)
    return data


@SOME
@pytest.mark.parametrize("question", QUESTIONS)
def test_large_finds_what_the_small_form_finds(published: Path, grown: Path, question: str, few: int) -> None:
    small, big = Searcher(published, ToyEncoder()), large(grown, few)
    for asked in FILTERS:
        expected, found = small.search(question, **asked), big.search(question, **asked)
        # what a document adds to its passages is told from its middle, and moves some that are nearly alike
        assert ids(found)[:1] == ids(expected)[:1]
        assert set(ids(found)) == set(ids(expected))
        assert found.answer.text == expected.answer.text
        assert found.answer.confidence == pytest.approx(expected.answer.confidence, abs=0.02)
        assert (found.searched, found.reading) == (expected.searched, expected.reading)
        if "GALA" not in question:  # of which nothing tells: all lies at the edge of what facets count as near
            assert found.facet_portefeuilles == expected.facet_portefeuilles
            assert found.facet_documents == expected.facet_documents
        words = [{hit.passage.passage_id: hit.why.words_score for hit in one.hits} for one in (found, expected)]
        assert words[0] == pytest.approx(words[1], abs=2e-3)


def test_large_shows_what_the_small_form_shows(published: Path, grown: Path) -> None:
    small, big = Searcher(published, ToyEncoder()), large(grown)
    assert big.documents() == small.documents()
    assert big.sources() == small.sources()
    for document in small.documents():
        assert big.passages(document.id) == small.passages(document.id)
        assert big.file_path(document.id).name == small.file_path(document.id).name
        assert [big.page(document.id, number) for number in range(1, document.pages + 1)] == [
            small.page(document.id, number) for number in range(1, document.pages + 1)
        ]
    for typed in ("zor", "ond", "portef", "financ"):
        assert big.completer().complete(typed) == small.completer().complete(typed)


def test_large_is_what_the_manifest_says(published: Path, grown: Path) -> None:
    assert isinstance(Searcher(published, ToyEncoder())._backend, Embedded)
    assert isinstance(Searcher(grown, ToyEncoder())._backend, Large)
    # a manifest of before there were large versions does not speak of them
    assert '"large"' not in open_current(published)[1].manifest.read_text()


def test_large_abbreviation_is_found_where_it_is_written_out(tmp_path: Path) -> None:
    units = [
        "Gemeenten werken samen in het Drents Overleg Energie (DOE).",
        "Het DOE komt elke maand bijeen.",
        "Wat je moet doen: het DOE bellen.",
        *(f"Zin {number} gaat over iets anders." for number in range(30)),
    ]
    document = document_of(Source("stuk", "Een stuk"), [units])
    passages = [passage_of("stuk", number, [unit]) for number, unit in enumerate(units)]
    publish_toy(tmp_path, [document], passages, exact_up_to=0)
    assert large(tmp_path, 0).search("Wat is het DOE?").hits[0].passage.text == units[0]


# ── Many passages ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """4,000 passages in forty documents as a small and a large version; ten are of a portefeuille of their own."""
    folder = tmp_path_factory.mktemp("veel")
    draw = random.Random(6)
    words = [f"woord{number}" for number in range(200)]
    documents = [
        document_of(Source(f"stuk{number}", f"Stuk {number}", kind="besluit" if number % 10 else "brief"), [["tekst"]])
        for number in range(40)
    ]
    passages = []
    for number in range(4000):
        rare = number % 400 == 7
        units = [" ".join(draw.choices(words, k=15)) for _ in range(2)]
        passages.append(passage_of(f"stuk{number // 100}", number, units, portefeuilles=[OC] if rare else [GW]))
    for name, exact_up_to in (("klein", 10**6), ("groot", 0)):
        publish_toy(folder / name, documents, passages, exact_up_to=exact_up_to)
    return folder / "klein", folder / "groot"


@SOME
@pytest.mark.parametrize(
    "asked", [{}, {"portefeuilles": [OC]}, {"portefeuilles": [GW]}, {"documents": ["stuk3"]}, {"kinds": ["brief"]}]
)
def test_large_filters_lose_no_recall(many: tuple[Path, Path], asked: dict[str, Any], few: int) -> None:
    small, big = Searcher(many[0], ToyEncoder()), large(many[1], few)
    shares = []
    for question in [f"woord{n} woord{n + 9}" for n in range(10)] + ["Waar gaat woord150 over?", "woord3 -woord4"]:
        expected, found = small.search(question, **asked), big.search(question, **asked)
        assert found.searched == expected.searched
        shares.append(len(set(ids(found)) & set(ids(expected))) / len(ids(expected)))
    assert np.mean(shares) >= 0.98


def test_large_demands_hold_for_every_hit(many: tuple[Path, Path]) -> None:
    small, big = Searcher(many[0], ToyEncoder()), large(many[1], 0)
    for question in ('"woord7"', "woord7 -woord8", '-"woord9 woord10" woord9'):
        expected, found = small.search(question, k=50), big.search(question, k=50)
        assert len(found.hits) == len(expected.hits)
        assert all(("woord7" in hit.passage.text.split()) or "woord7" not in question for hit in found.hits)
        assert not any("woord8" in hit.passage.text.split() for hit in found.hits if "-woord8" in question)


def test_large_nearest_are_those_that_are_allowed(tmp_path: Path) -> None:
    draw = np.random.default_rng(3)
    vectors = draw.normal(size=(3000, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    write_nearest(tmp_path / "nearest.faiss", as_whole_numbers(vectors))
    opened = Nearest(tmp_path / "nearest.faiss", 3000, 16)
    for share in (0.5, 0.1, 0.003):
        allowed = draw.random(3000) < share
        rows, products = opened.search(vectors[0], 10, allowed)
        right = np.flatnonzero(allowed)[np.argsort(-(vectors[allowed] @ vectors[0]))[:10]]
        assert allowed[rows].all()
        assert len(set(rows) & set(right)) >= 0.9 * len(right)
        np.testing.assert_allclose(products, vectors[rows] @ vectors[0], atol=0.02)


# ── How it is written ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("before", "after"), [(0, 10**6), (10**6, 0), (0, 0)], ids=["shrinks", "grows", "stays"])
def test_large_and_small_are_made_of_each_others_stream(tmp_path: Path, before: int, after: int) -> None:
    publish_corpus(tmp_path / "een", exact_up_to=before)
    publish_edition(tmp_path / "twee", edition_of(tmp_path / "een"), exact_up_to=after)
    one, two = (Searcher(tmp_path / name, ToyEncoder()) for name in ("een", "twee"))
    for question in QUESTIONS:
        assert set(ids(one.search(question))) == set(ids(two.search(question)))
        assert ids(one.search(question))[:1] == ids(two.search(question))[:1]
    manifests = [open_current(tmp_path / name)[2] for name in ("een", "twee")]
    assert [one.large for one in manifests] == [before == 0, after == 0]
    assert manifests[0].vectors == manifests[1].vectors


def test_large_stream_that_breaks_off_leaves_the_version_that_answers(tmp_path: Path, grown: Path) -> None:
    before = publish_one(tmp_path, "Een zin.")
    edition = edition_of(grown)

    def cut_off() -> Any:
        yield next(iter(edition.contents))
        raise RuntimeError("stuk")

    with pytest.raises(RuntimeError, match="stuk"):
        publish_edition(tmp_path, replace(edition, contents=cut_off()), exact_up_to=0)
    assert open_current(tmp_path)[0] == before
    assert sorted(path.name for path in (tmp_path / "index").iterdir()) == sorted([before, "CURRENT"])


def test_large_version_of_no_passages(tmp_path: Path) -> None:
    publish_toy(tmp_path, [document_of(HANDOVER, [[]])], [], exact_up_to=-1)
    assert large(tmp_path).search("zorg").hits == ()


def test_large_goes_along_in_a_backup_and_is_gone_back_to(tmp_path: Path) -> None:
    data, corpus = tmp_path / "data", tmp_path / "corpus"
    corpus.mkdir()
    first = publish_corpus(data, exact_up_to=0)
    export_archive(data, corpus, tmp_path / "alles.tar.gz")
    publish_one(data, "Iets heel anders.")
    rollback(data)
    assert open_current(data)[0] == first
    import_archive(tmp_path / "alles.tar.gz", tmp_path / "elders", tmp_path / "bronnen")
    verify(*open_current(tmp_path / "elders")[1:])
    assert ids(large(tmp_path / "elders").search("zorgverzekeraar")) == ids(large(data).search("zorgverzekeraar"))


def test_large_forgets_a_document_to_its_last_word(tmp_path: Path) -> None:
    secret = "De heer Dideldom (DOD) uit Gasselternijveen heeft schulden."
    passages = [
        passage_of("blijft", 1, ["Er worden bomen geplant.", "Langs de weg."]),
        passage_of("gaat", 1, [secret, "Dideldom nog eens."], headings=["Dideldom"], portefeuilles=["Geheim"]),
        passage_of("blijft", 2, ["De scholen lezen mee."], portefeuilles=[OC]),
    ]
    documents = [document_of(Source(one, one), [["regel"]]) for one in ("gaat", "blijft")]
    publish_toy(tmp_path, documents, passages, exact_up_to=0)
    forget(tmp_path, "gaat")
    _, layout, manifest = open_current(tmp_path)
    assert (manifest.large, manifest.documents, manifest.passages, manifest.vectors) == (True, 1, 2, 4)
    for file in (path for path in layout.folder.rglob("*") if path.is_file()):
        assert not any(word in file.read_bytes().lower() for word in (b"dideldom", b"geheim", b"gasselter")), file
    assert ids(large(tmp_path).search("Wie lezen er mee?"))[:1] == ["blijft:00002"]


def test_large_scores_by_words_are_those_of_tantivy(published: Path, grown: Path) -> None:
    reader, big = Searcher(published, ToyEncoder()), Large(*open_current(grown))
    tantivy = Words(open_current(published)[1].words)
    for question in QUESTIONS:
        query = reader.read(question)
        expected = np.zeros(big.passages, dtype=np.float32)
        for row, score in tantivy.search(query.weights, big.passages, query.alternatives):
            expected[row] = score
        np.testing.assert_allclose(big.words.scores(query), expected, atol=2e-3)
        assert big.frequencies(query.weights) == {term: tantivy.document_frequency(term) for term in query.weights}


def test_growing_array_is_what_was_appended(tmp_path: Path) -> None:
    rows = np.arange(24, dtype=np.int32).reshape(12, 2)
    array = Growing(tmp_path / "a.npy", np.int32, (2,))
    for start, end in ((0, 1), (1, 1), (1, 12)):
        array.append(rows[start:end])
    array.close()
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), rows)


def test_whole_numbers_keep_a_vector(published: Path) -> None:
    vectors = Vectors(Layout(open_current(published)[1].folder)).first(20)
    again = as_vectors(as_whole_numbers(vectors))
    np.testing.assert_allclose(again @ vectors.T, vectors @ vectors.T, atol=1e-4)


def test_usual_similarity_of_many_vectors_is_that_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(1)
    vectors = draw.normal(size=(50, 8)).astype(np.float32)
    owners = np.stack([np.arange(50) // 2, np.arange(50) % 2 - 1], axis=1).astype(np.int32)
    asked_of = np.arange(0, 25, 5, dtype=np.int32)
    few = usual_similarity(vectors, owners, vectors[::10], asked_of)
    monkeypatch.setattr("index.vectors._AT_ONCE", 7)
    assert usual_similarity(vectors, owners, vectors[::10], asked_of) == pytest.approx(few, abs=1e-6)
