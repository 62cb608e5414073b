from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app_pages import _health, _resources
from index.errors import DamagedVersionError, NoVersionError, SearchIndexError
from tests.app.fake_searcher import FakeSearcher


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=_health.routes()))


def test_health_asks_a_question_and_tells_what_answered(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeSearcher()
    monkeypatch.setattr(_resources, "searcher", lambda: fake)

    answer = client.get("/gezond")

    assert answer.status_code == 200
    told = answer.json()
    assert told == {"gezond": True, "versie": fake.version, "passages": fake.search("x").searched.passages}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NoVersionError(Path("data")), "python -m ingest"),
        (DamagedVersionError(Path("data/index/v1"), "words.sqlite is weg"), "words.sqlite is weg"),
    ],
)
def test_health_says_in_dutch_what_is_wrong_with_the_index(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, error: SearchIndexError, words: str
) -> None:
    monkeypatch.setattr(_resources, "searcher", failing(error))

    answer = client.get("/gezond")

    assert answer.status_code == 503
    assert answer.json()["gezond"] is False
    assert words in answer.json()["fout"]


def test_health_keeps_an_unforeseen_error_for_the_log(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(_resources, "searcher", failing(ZeroDivisionError("secret")))

    answer = client.get("/gezond")

    assert answer.status_code == 503
    assert "secret" not in answer.text
    assert "secret" in caplog.text


def test_health_is_asked_anew_each_time(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_resources, "searcher", FakeSearcher)
    assert client.get("/gezond").headers["cache-control"] == "no-store"
    monkeypatch.setattr(_resources, "searcher", failing(NoVersionError(Path("data"))))
    answer = client.get("/gezond")

    assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")


def failing(error: Exception) -> object:
    def fail() -> None:
        raise error

    return fail
