"""The list of documents that were removed for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.forgetting import finish_forgetting
from index.forgotten import FORGOTTEN, Forgotten, ForgottenListError, forgotten


def test_forgotten_bars_the_document_under_any_name() -> None:
    entry = Forgotten("gaat", "2026-11-23", ("abc",))
    assert entry.bars("gaat")
    assert entry.bars("onder-een-andere-naam", "abc")
    assert not entry.bars("blijft", "def")
    assert not entry.bars("blijft")


@pytest.mark.parametrize("content", ["", "{", "7", '{"id": 1}', '[{"id": "x"}]', "[null]"])
def test_forgotten_that_cannot_be_read_stops_everything(tmp_path: Path, content: str) -> None:
    (tmp_path / FORGOTTEN).write_text(content)
    with pytest.raises(ForgottenListError, match="reservekopie"):
        forgotten(tmp_path)
    with pytest.raises(ForgottenListError):
        finish_forgetting(tmp_path)
