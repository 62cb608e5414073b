from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.logger import get_logger
from streamlit.runtime.scriptrunner_utils import script_run_context

from app_pages import _resources
from index.errors import NoVersionError, ReplacedVersionError
from tests.conftest import ToyEncoder
from tests.index.toy import publish_one


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def test_resources_searcher_is_opened_once_a_version_and_anew_after_an_ingest(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    version = "v1"

    def open_searcher(data: Path, **_more: object) -> str:
        opened.append(version)
        return f"searcher {version}"

    monkeypatch.setattr(_resources, "open_searcher", open_searcher)
    monkeypatch.setattr(_resources, "published_version", lambda data, backend: version)

    first, again = str(_resources.searcher()), str(_resources.searcher())
    version = "v2"
    after = str(_resources.searcher())

    assert [first, again, after] == ["searcher v1", "searcher v1", "searcher v2"]
    assert opened == ["v1", "v2"]


def test_resources_the_encoder_is_loaded_once_for_all_versions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    loaded: list[str] = []
    weights = "a"

    def load_encoder(model: str, models: Path, *, precision: str) -> ToyEncoder:
        loaded.append(weights)
        return ToyEncoder()

    monkeypatch.setattr(_resources, "SETTINGS", replace(_resources.SETTINGS, data=tmp_path))
    monkeypatch.setattr(_resources, "load_encoder", load_encoder)
    monkeypatch.setattr(_resources, "identify", lambda model, models: weights)
    for number in range(2):
        publish_one(tmp_path, f"Uitgave {number}.")
        assert _resources.searcher().search("uitgave").hits[0].passage.text == f"Uitgave {number}."
    assert loaded == ["a"]

    weights = "b"  # the model was made anew
    publish_one(tmp_path, "Uitgave 2.")
    _resources.searcher()
    assert loaded == ["a", "b"]


def test_resources_a_page_whose_version_was_replaced_is_drawn_again_once() -> None:
    first, second = ReplacedVersionError("v1"), ReplacedVersionError("v2")
    assert [_resources.may_draw_again(error) for error in (first, first, second)] == [True, False, True]


def test_resources_a_missing_version_is_not_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(_resources, "SETTINGS", replace(_resources.SETTINGS, data=tmp_path))

    for _ in range(2):
        with pytest.raises(NoVersionError):
            _resources.searcher()


def test_resources_opening_the_index_without_a_reader_leaves_the_log_alone() -> None:
    logger = get_logger(script_run_context.__name__)

    def passes(words: str) -> bool:
        return bool(logger.filter(logger.makeRecord(logger.name, logging.WARNING, "", 0, words, ("Thread-1",), None)))

    assert not passes("Thread '%s': missing ScriptRunContext! This warning can be ignored when running in bare mode.")
    assert passes("Thread '%s': something else")
