from __future__ import annotations

from pathlib import Path

import pytest

from index.exports import DEFAULT_MODEL, MODELS_DIR
from index.settings import ROOT, Settings


@pytest.mark.parametrize(
    "environment",
    [{}, {"ZOEKPORTAAL_DATA": "", "ZOEKPORTAAL_MODELS": "", "ZOEKPORTAAL_MODEL": ""}, {"ANDERS": "x"}],
)
def test_settings_without_an_environment_lie_in_the_project(environment: dict[str, str]) -> None:
    assert Settings.of_environment(environment) == Settings(ROOT / "data", MODELS_DIR, DEFAULT_MODEL)


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("ZOEKPORTAAL_DATA", "data", Path("/elders/data")),
        ("ZOEKPORTAAL_MODELS", "models", Path("/elders/modellen")),
        ("ZOEKPORTAAL_MODEL", "model", "intfloat/multilingual-e5-base"),
        ("ZOEKPORTAAL_CORPUS", "corpus", Path("/elders/corpus")),
        ("ZOEKPORTAAL_CONTACT", "contact", "bureau@vdg.nl"),
        ("ZOEKPORTAAL_PRECISIE", "precision_wanted", "float32"),
        ("ZOEKPORTAAL_BACKEND", "backend", "postgresql://db.intern/zoekportaal"),
    ],
)
def test_settings_are_told_by_the_environment(name: str, field: str, value: object) -> None:
    plain, told = Settings.of_environment({}), Settings.of_environment({name: str(value)})
    assert getattr(told, field) == value
    assert [other for other in Settings.__slots__ if getattr(told, other) != getattr(plain, other)] == [field]


@pytest.mark.parametrize(
    ("told", "kept"), [("ja", True), (" JA ", True), ("1", True), ("nee", False), ("0", False), ("misschien", False)]
)
def test_settings_keep_questions_only_after_a_plain_yes(told: str, kept: bool) -> None:
    assert Settings.of_environment({"ZOEKPORTAAL_VRAGEN_BEWAREN": told}).keep_questions is kept


@pytest.mark.parametrize(
    ("model", "told", "precision"),
    [
        ("", "", "int8"),
        ("intfloat/multilingual-e5-base", "", "float32"),
        ("intfloat/multilingual-e5-base", " INT8 ", "int8"),
        ("", "float32", "float32"),
        ("", "float16", "int8"),
    ],
)
def test_settings_read_questions_in_int8_only_where_that_was_measured(model: str, told: str, precision: str) -> None:
    environment = {"ZOEKPORTAAL_MODEL": model, "ZOEKPORTAAL_PRECISIE": told}
    assert Settings.of_environment(environment).precision == precision
