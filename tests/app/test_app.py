from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app_pages import _resources
from index.errors import DamagedVersionError, NoVersionError, ReplacedVersionError
from index.results import SearchResult
from tests.app.conftest import ROOT, Portal, Shown
from tests.app.fake_searcher import FakeSearcher


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> Shown:
    """The portal whose index cannot be opened."""

    def fail() -> None:
        raise error

    monkeypatch.setattr(_resources, "searcher", fail)
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20).run()
    assert not test.exception
    return Shown(test)


def test_app_header_leads_to_every_page(portal: Portal) -> None:
    shown = portal()

    assert [shown.link(name) for name in ("Zoeken", "Documenten", "Bronnen")] == ["./", "./document", "./bronnen"]


def test_app_before_the_first_ingest_says_what_the_bureau_must_run(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = failing(monkeypatch, NoVersionError(Path("data")))

    assert (1, "Er is nog niets om in te zoeken") in shown.headings
    assert "make start" in shown.text
    assert ".venv/bin/python -m ingest" in shown.text


def test_app_shows_our_own_error_in_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = failing(monkeypatch, DamagedVersionError(Path("data/index/v1"), "words.sqlite is weg"))

    assert "De zoekindex v1 is beschadigd: words.sqlite is weg." in shown.text


def test_app_draws_a_page_again_whose_version_was_replaced_meanwhile(portal: Portal) -> None:
    class Replaced(FakeSearcher):
        times = 0

        def search(self, question: str, **more: object) -> SearchResult:
            self.times += 1
            if self.times == 1:
                raise ReplacedVersionError("v1")
            return super().search(question, **more)  # type: ignore[arg-type]

    searcher = Replaced()
    shown = portal("zoeken", searcher, v="Wie is voorzitter van Onderwijs en Cultuur?")
    assert searcher.times == 2
    assert shown.marks
    assert "Dit lukt nu niet" not in shown.text


def test_app_never_shows_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = failing(monkeypatch, ZeroDivisionError("division by zero"))

    assert (1, "Dit lukt nu niet") in shown.headings
    assert "ZeroDivision" not in shown.text
    assert "division" not in shown.text


def test_app_settings_keep_the_portal_on_this_machine_and_quiet() -> None:
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))

    assert settings["server"]["address"] == "localhost"
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["toolbarMode"] == "minimal"


def test_app_fetches_nothing_from_elsewhere() -> None:
    for file in [ROOT / "app.py", *(ROOT / "app_pages").rglob("*.*")]:
        if file.suffix in {".py", ".css", ".js"}:
            addresses = set(re.findall(r"""(?:src|href|url)[=(]["']?https?://[^"')]+""", file.read_text("utf-8")))
            assert not addresses, file.name
    assert (ROOT / "app_pages/_icon.png").read_bytes().startswith(b"\x89PNG")


THEMES = {"light": 0, "dark": 1}
TEXT_ON_GROUND = [
    *[(text, ground) for text in ("text", "quiet", "green", "ochre-text") for ground in ("page", "ground", "tint")],
    ("text", "mark"),
    ("ground", "green"),
]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_app_colours_of_text_reach_wcag_aa(theme: str, text: str, ground: str) -> None:
    colours = theme_colours(theme)

    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_app_buttons_and_edges_reach_wcag_aa(theme: str) -> None:
    colours = theme_colours(theme)

    assert contrast("#ffffff", colours["primary"]) >= 4.5
    assert contrast(colours["border"], colours["ground"]) >= 3
    assert contrast(colours["ochre"], colours["page"]) >= 3


def theme_colours(theme: str) -> dict[str, str]:
    """Colours by name: those of the style sheet for this theme, and those of Streamlit's settings."""
    sheet = (ROOT / "app_pages/style/base.css").read_text(encoding="utf-8")
    pairs = re.findall(r"--zp-([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", sheet)
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"][theme]
    named = {name: both[THEMES[theme]] for name, *both in pairs}
    return named | {
        "page": settings["backgroundColor"],
        "primary": settings["primaryColor"],
        "border": settings["borderColor"],
    }


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours: ('#000000', '#ffffff') → 21.0."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """WCAG's relative luminance: '#ffffff' → 1.0."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
