"""Eight clients ask while new versions are published: a small form of `python -m eval.benchmarks.concurrency`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from app_pages import _resources
from eval.benchmarks import concurrency, concurrency_clients
from eval.benchmarks.concurrency import figures_of, is_right, measure
from eval.benchmarks.concurrency_clients import Seen, looked_at
from index.results import SearchResult
from index.searcher import Searcher
from ingest.documents import Source
from tests.conftest import ToyEncoder
from tests.index.toy import document_of, passage_of, publish_toy

PUBLISHED = {"v1": 10.0, "v2": 20.0}


def test_concurrency_in_a_folder_every_answer_is_whole_and_of_the_version_that_is_published(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(concurrency, "EDITIONS", 2)
    run = measure(2, 80, toy=True)
    assert is_right(run), run
    assert int(str(run["queries"])) >= 80


def test_concurrency_on_a_server_every_answer_is_whole_and_of_the_version_that_is_published(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concurrency, "EDITIONS", 2)
    run = measure(2, 80, address, toy=True)
    assert is_right(run), run


def seen(asked: float, version: str, *editions: int, faults: tuple[str, ...] = ()) -> Seen:
    return Seen(asked, asked + 0.5, version, editions, faults)


def test_concurrency_counts_what_is_wrong() -> None:
    right = [seen(11, "v1", 1), seen(19.9, "v1", 1), seen(20.1, "v2", 2)]
    run = figures_of(right, PUBLISHED)
    assert (run["errors"], run["mixed"], run["stale"], run["versions"]) == (0, 0, 0, 2)
    assert (run["p50_ms"], run["seen_after_max_s"]) == (500.0, 0.6)

    wrong: dict[str, Seen] = {
        "mixed": seen(21, "v2", 1, 2, faults=("editions [1, 2] in one answer",)),
        "stale": seen(21, "v1", 1),
        "errors": seen(21, "v2", faults=("OSError: gone",)),
    }
    for name, one in wrong.items():
        run = figures_of([*right, one], PUBLISHED)
        assert {count: run[count] for count in wrong} == {count: int(count == name) for count in wrong}
        assert not is_right(run)
    # a version that gave answers of two editions, each of them whole
    assert figures_of([*right, seen(21, "v2", 3)], PUBLISHED)["mixed"] == 1


@pytest.fixture
def answered(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[Searcher, SearchResult]]:
    """A searcher over one document with this line on its page and in its file, and what it finds."""

    def published(line: str, on_page: str = "", in_file: str = "") -> tuple[Searcher, SearchResult]:
        data = tmp_path_factory.mktemp("uitgave")
        document = document_of(Source("sport", "Sport, uitgave 3"), [[on_page or line]])
        publish_toy(data, [document], [passage_of("sport", 1, [line])])
        searcher = Searcher(data, ToyEncoder())
        searcher.file_path("sport").write_text(in_file or line)
        return searcher, searcher.search("Wie gaat over sport?")

    return published


def test_concurrency_looks_at_all_that_an_answer_leads_to(
    answered: Callable[..., tuple[Searcher, SearchResult]],
) -> None:
    line = "Over sport gaat wethouder Jansen volgens uitgave 3."
    assert looked_at(*answered(line)) == ({3}, [])
    assert looked_at(*answered(line, on_page="Dit is uitgave 2."))[1] == ["editions [2, 3] in one answer"]
    assert looked_at(*answered(line, in_file="Dit is uitgave 4."))[1] == ["editions [3, 4] in one answer"]
    assert looked_at(*answered("Over sport gaat wethouder Jansen."))[1][0].startswith("without an edition")
    searcher, result = answered(line)
    assert looked_at(searcher, replace(result, hits=()))[1] == ["no hit"]
    searcher.file_path("sport").unlink()
    with pytest.raises(FileNotFoundError):
        looked_at(searcher, result)


def test_concurrency_an_error_is_what_a_client_saw(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Searcher:
        raise OSError("geen schijf")

    monkeypatch.setattr(_resources, "searcher", broken)
    assert concurrency_clients.ask("Wie?").faults == ("OSError: geen schijf",)
