from __future__ import annotations

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app_pages import _resources
from app_pages._links import QUESTION_LIMIT
from app_pages._zoeken import suggest
from index.errors import SearchIndexError
from tests.app.fake_searcher import FakeSearcher, hostile_searcher


def offered(monkeypatch: pytest.MonkeyPatch, searcher: FakeSearcher | Exception, typed: str) -> object:
    """The answer of /aanvullen over a searcher, or where opening one fails."""

    def opened() -> FakeSearcher:
        if isinstance(searcher, Exception):
            raise searcher
        return searcher

    st.cache_resource.clear()
    monkeypatch.setattr(_resources, "searcher", opened)
    answer = TestClient(Starlette(routes=suggest.routes())).post("/aanvullen", content=typed.encode())
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    return answer.json()


def test_suggest_goes_on_where_the_reader_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    words = offered(monkeypatch, FakeSearcher(), "wie is de preferente zorgverz")
    assert words == ["wie is de preferente zorgverzekeraar"]


@pytest.mark.parametrize("typed", ["", "x", "xyzzy", "onderwijs " * QUESTION_LIMIT, "<script>", "\x00"])
def test_suggest_of_what_leads_nowhere_is_an_empty_list(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    assert offered(monkeypatch, FakeSearcher(), typed) == []


def test_suggest_reads_what_is_no_text_as_far_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_resources, "searcher", FakeSearcher)
    client = TestClient(Starlette(routes=suggest.routes()))
    assert client.post("/aanvullen", content=b"\xff preferente zorgverz").json() == [
        "\ufffd preferente zorgverzekeraar"
    ]
    assert client.get("/aanvullen", params={"v": "zorgverz"}).status_code == 405, "an address would stand in logs"


@pytest.mark.parametrize("error", [SearchIndexError("geen index"), RuntimeError("stuk")])
def test_suggest_without_an_index_is_an_empty_list(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    assert offered(monkeypatch, error, "onderwijs") == []


def test_suggest_leaves_out_signs_that_turn_the_direction_of_text(monkeypatch: pytest.MonkeyPatch) -> None:
    words = offered(monkeypatch, hostile_searcher("Sport \u202eterug"), "Spo")
    assert isinstance(words, list)
    assert words[0] == "Sport terug"
