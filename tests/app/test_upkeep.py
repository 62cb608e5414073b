from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app_pages import _resources, _upkeep
from app_pages._wie_is_wie import everyone
from index.errors import DamagedVersionError
from index.people_search import People
from index.results import Status
from index.usage import QUESTIONS, Usage
from tests.app.fake_searcher import FakeSearcher


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The versions of which the people were read; 'v1' is published."""
    read: list[str] = []

    def people(passages: object) -> People:
        read.append(str(_resources.version()))
        return People([])

    monkeypatch.setattr(everyone, "People", people)
    publish(monkeypatch, "v1")
    return read


def publish(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    searcher = FakeSearcher()
    searcher.version = version
    monkeypatch.setattr(_resources, "version", lambda: version)
    monkeypatch.setattr(_resources, "searcher", lambda: searcher)


def test_upkeep_people_are_read_once_for_each_version_before_anybody_asks(
    monkeypatch: pytest.MonkeyPatch, read: list[str]
) -> None:
    keeper = _upkeep.Keeper()
    keeper.look()
    keeper.look()
    everyone.people(_resources.searcher())
    assert read == ["v1"]

    publish(monkeypatch, "v2")
    keeper.look()
    everyone.people(_resources.searcher())
    assert read == ["v1", "v2"]


@pytest.mark.usefixtures("read")
def test_upkeep_old_questions_go_on_a_portal_that_nobody_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_resources, "SETTINGS", replace(_resources.SETTINGS, keep_questions=True))
    data, day = _resources.SETTINGS.data, date(2026, 3, 1)
    Usage(data, keep_questions=True, today=lambda: day).count_question("Wie is dit?", Status.NIET_GEVONDEN)
    keeper = _upkeep.Keeper(today=lambda: day)
    keeper.look()
    day = date(2026, 3, 30)
    keeper.look()
    assert b"Wie is dit?" in (data / QUESTIONS).read_bytes()

    day = date(2026, 3, 31)
    keeper.look()
    assert all(b"Wie is dit?" not in path.read_bytes() for path in data.iterdir())


@pytest.mark.usefixtures("read")
def test_upkeep_a_text_that_must_not_be_kept_goes_at_the_start(own_data: Path) -> None:
    Usage(own_data, keep_questions=True).count_question("Wie is dit?", Status.NIET_GEVONDEN)
    _upkeep.Keeper().look()
    assert not (own_data / QUESTIONS).exists()


def test_upkeep_goes_on_after_trouble_and_tells_the_log_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, read: list[str]
) -> None:
    keeper = _upkeep.Keeper()
    trouble: Exception = DamagedVersionError(Path("data/index/v1"), "weg")

    def fail() -> FakeSearcher:
        raise trouble

    with monkeypatch.context() as broken, caplog.at_level(logging.ERROR, logger="zoekportaal"):
        broken.setattr(_resources, "searcher", fail)
        keeper.look()
        assert caplog.records == []  # every page says it
        trouble = OSError("geen schijf")
        keeper.look()
        keeper.look()
        assert len(caplog.records) == 1
    keeper.look()
    assert read == ["v1"]


def test_upkeep_opens_the_index_where_questions_cannot_be_tidied(
    own_data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, read: list[str]
) -> None:
    monkeypatch.setattr(_resources, "SETTINGS", replace(_resources.SETTINGS, keep_questions=True))
    (own_data / QUESTIONS).write_bytes(b"geen database, maar iets anders dat lang genoeg is")
    keeper = _upkeep.Keeper()
    with caplog.at_level(logging.ERROR, logger="zoekportaal"):
        keeper.look()
        keeper.look()
    assert read == ["v1"]
    assert len(caplog.records) == 1


def test_upkeep_runs_as_long_as_the_server_and_sees_a_new_version(
    monkeypatch: pytest.MonkeyPatch, read: list[str]
) -> None:
    monkeypatch.setattr(_upkeep, "LOOK", 0.01)
    with TestClient(Starlette(lifespan=_upkeep.upkeep)):
        publish(monkeypatch, "v2")
        while "v2" not in read:
            time.sleep(0.01)
    publish(monkeypatch, "v3")
    asyncio.run(asyncio.sleep(0.05))
    assert "v3" not in read
