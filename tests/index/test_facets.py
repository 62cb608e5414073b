from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.facets import FACET_DISTANCE, FACET_HITS, Facets, Filters, best_first, relevant, year_of
from index.results import DocumentInfo, SearchResult
from index.searcher import Searcher
from index.store import Store
from index.versions import open_current
from ingest.documents import Source
from ingest.errors import UnknownPortefeuilleError
from tests.conftest import ToyEncoder
from tests.index.toy import GW, OC, PSI, document_of, passage_of, publish_toy

TEXT = "De gemeenten werken samen aan zorg."
PLAN = Source("plan", "Plan", "Provincie Drenthe", 2024, kind="plan")
REPORT = Source("rapport", "Rapport", "VNG", 2025, kind="rapport")
BARE = Source("kaal", "Kaal", "", None, kind="")
PASSAGES = [
    passage_of("plan", 1, [TEXT], portefeuilles=[GW]),
    passage_of("plan", 2, [TEXT], portefeuilles=[GW, PSI]),
    passage_of("rapport", 1, [TEXT], portefeuilles=[OC]),
    passage_of("kaal", 1, [TEXT]),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four passages that all say the same, so that each is about the question; only to be read."""
    folder = tmp_path_factory.mktemp("filters")
    publish_toy(folder, [document_of(source, [[TEXT]]) for source in (PLAN, REPORT, BARE)], PASSAGES)
    return folder


@pytest.fixture(scope="module")
def facets(data: Path) -> Facets:
    return Facets.of(Store(open_current(data)[1].store))


@pytest.fixture(scope="module")
def searcher(data: Path) -> Searcher:
    return Searcher(data, ToyEncoder())


def info(date: str) -> DocumentInfo:
    return DocumentInfo("a", "A", "a.pdf", "", date, None, "", 1, 1, 1, ())


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        (Filters(), [0, 1, 2, 3]),
        (Filters(portefeuilles=(GW,)), [0, 1]),
        (Filters(portefeuilles=(PSI, OC)), [1, 2]),
        (Filters(documents=("kaal", "plan")), [0, 1, 3]),
        (Filters(kinds=("rapport",)), [2]),
        (Filters(publishers=("Provincie Drenthe", "VNG")), [0, 1, 2]),
        (Filters(years=("2024",)), [0, 1]),
        (Filters(years=("2024",), portefeuilles=(PSI,)), [1]),
        (Filters(years=("2024",), kinds=("rapport",)), []),
        (Filters(documents=("weg",)), []),
        (Filters(kinds=("' OR 1=1 --",)), []),
    ],
)
def test_facets_let_through_what_every_filter_does(facets: Facets, filters: Filters, rows: list[int]) -> None:
    assert np.flatnonzero(facets.allowed(filters)).tolist() == rows


def test_facets_count_each_filter_without_itself(facets: Facets) -> None:
    everything = np.ones(4, dtype=bool)
    counts = facets.counts(np.zeros(4), Filters(kinds=("plan",)), everything)

    assert counts.kinds == {"plan": 2, "rapport": 1}  # what choosing another would bring; no kind is no choice
    assert counts.documents == {"plan": 2}
    assert counts.publishers == {"Provincie Drenthe": 2}
    assert counts.years == {"2024": 2}
    assert counts.portefeuilles == {GW: 2, PSI: 1}


def test_facets_count_only_what_the_question_demands(facets: Facets) -> None:
    demanded = np.array([False, True, False, True])
    counts = facets.counts(np.zeros(4), Filters(), demanded)
    assert (counts.documents, counts.portefeuilles) == ({"plan": 1, "kaal": 1}, {GW: 1, PSI: 1})


def test_facets_of_an_empty_version_count_nothing(tmp_path: Path) -> None:
    publish_toy(tmp_path, [], [])
    facets = Facets.of(Store(open_current(tmp_path)[1].store))
    assert facets.counts(np.zeros(0), Filters(), np.ones(0, dtype=bool)).documents == {}


def test_relevant_takes_what_is_near_the_best_and_no_more_than_can_be_read() -> None:
    scores = np.array([1.0, 5.0, 5.0 - FACET_DISTANCE, 4.9 - FACET_DISTANCE, 9.0])
    allowed = np.array([True, True, True, True, False])
    assert relevant(scores, allowed).tolist() == [1, 2]
    assert relevant(scores, np.zeros(5, dtype=bool)).tolist() == []
    assert len(relevant(np.zeros(3 * FACET_HITS), np.ones(3 * FACET_HITS, dtype=bool))) == FACET_HITS


def test_best_first_orders_equal_scores_by_row() -> None:
    assert best_first(np.array([1.0, 2.0, 1.0, 2.0]), np.array([True, True, True, True])).tolist() == [1, 3, 0, 2]


def test_filters_know_portefeuilles_by_their_abbreviation() -> None:
    assert Filters.named(["G&W"], []) == Filters(portefeuilles=(GW,))
    with pytest.raises(UnknownPortefeuilleError):
        Filters.named(["Verkeer"], [])


@pytest.mark.parametrize(
    ("date", "year"), [("2026", "2026"), ("2025-10-01", "2025"), ("", ""), ("onbekend", ""), ("20²6", ""), ("202", "")]
)
def test_year_of_a_document_is_that_of_its_date(date: str, year: str) -> None:
    assert year_of(info(date)) == year


def test_searcher_filters_by_kind_publisher_and_year(searcher: Searcher) -> None:
    def found(result: SearchResult) -> set[str]:
        """The documents of the hits; the same words in another document are named at one of them."""
        return {hit.document.id for hit in result.hits} | {one.document.id for hit in result.hits for one in hit.also}

    assert found(searcher.search("samen aan zorg", kinds=["plan"])) == {"plan"}
    assert found(searcher.search("samen aan zorg", publishers=["VNG"])) == {"rapport"}
    assert found(searcher.search("samen aan zorg", years=["2024", "2025"])) == {"plan", "rapport"}
    assert found(searcher.search("samen aan zorg", years=["1900"])) == set()


def test_searcher_counts_kinds_publishers_and_years_and_what_is_relevant(searcher: Searcher) -> None:
    result = searcher.search("samen aan zorg", years=["2024"])
    assert (result.facet_kinds, result.facet_publishers) == ({"plan": 2}, {"Provincie Drenthe": 2})
    assert result.facet_years == {"2024": 2, "2025": 1}
    assert result.relevant == 2
