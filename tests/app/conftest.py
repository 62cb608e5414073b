"""The portal in tests: its pages run by Streamlit's AppTest over a fake searcher, and read as a reader would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit as st
from PIL import Image, ImageDraw
from streamlit.testing.v1 import AppTest

from app_pages import _resources
from index.settings import Settings
from tests.app.fake_searcher import FakeSearcher

ROOT = Path(__file__).parents[2]

Portal = Callable[..., "Shown"]


@dataclass
class Shown(HTMLParser):
    """What a page shows: its text, links by their words, marked words and headings (level, words)."""

    test: AppTest
    text: str = ""
    links: dict[str, str] = field(default_factory=dict)
    marks: list[str] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, str, int]] = []
        for part in self.test.get("html"):
            # The frame's own style sheet and script are no text to a reader.
            if not part.proto.body.lstrip().startswith(("<style", "<script")):
                self.feed(part.proto.body)
                self.text += "\n"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._open.append((tag, dict(attrs).get("href") or "", len(self.text)))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            opened, href, start = self._open.pop()
            words = self.text[start:].strip()
            if opened == "a":
                self.links[words] = href
            elif opened == "mark":
                self.marks.append(words)
            elif opened in {"h1", "h2", "h3"}:
                self.headings.append((int(opened[1]), words))
            if opened == tag:
                return

    def handle_data(self, data: str) -> None:
        self.text += data

    def link(self, words: str) -> str:
        """The address of the first link whose words hold these."""
        return next(href for text, href in self.links.items() if words in text)

    def params(self, words: str) -> dict[str, list[str]]:
        """The query parameters of that link."""
        return parse_qs(urlsplit(self.link(words)).query)


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own: what readers do is counted there."""
    data = tmp_path / "portaal"
    data.mkdir()
    monkeypatch.setattr(_resources, "SETTINGS", replace(_resources.SETTINGS, data=data))
    return data


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    """Open a page of the whole portal (app.py) with query parameters: portal('document', document='x', pagina='3')."""
    st.cache_data.clear()

    def opened(page: str = "zoeken", searcher: FakeSearcher | None = None, **params: str | list[str]) -> Shown:
        fake = searcher or FakeSearcher()
        monkeypatch.setattr(_resources, "searcher", lambda: fake)
        test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
        if page != "zoeken":
            test.run()
            test.switch_page(f"app_pages/{page}.py")
        for name, value in params.items():
            test.query_params[name] = value
        test.run()
        assert not test.exception
        return Shown(test)

    yield opened
    st.cache_data.clear()


@pytest.fixture
def handover_pdf(tmp_path: Path) -> Path:
    """A PDF of 28 white pages of 842 by 595 points, each with a black square at (100, 100)-(120, 120)."""
    sheet = Image.new("RGB", (842, 595), "white")
    ImageDraw.Draw(sheet).rectangle((100, 100, 119, 119), fill="black")
    file = tmp_path / "pages.pdf"
    sheet.save(file, format="PDF", resolution=72, save_all=True, append_images=[sheet] * 27)
    return file


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a portal that nothing was ingested in: its data folder and its corpus are there, and empty."""
    settings = Settings(tmp_path / "data", tmp_path / "models", "toy", tmp_path / "corpus")
    settings.data.mkdir()
    settings.corpus.mkdir()
    monkeypatch.setattr(_resources, "SETTINGS", settings)
    return settings
