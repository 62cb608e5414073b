from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app_pages import _resources
from app_pages._document import picture_route
from app_pages._document.picture_route import picture_address
from app_pages._links import Zoom
from index.errors import DamagedVersionError
from tests.app.fake_searcher import HANDOVER, FakeSearcher


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch, handover_pdf: Path) -> TestClient:
    monkeypatch.setattr(_resources, "searcher", lambda: FakeSearcher(file=handover_pdf))
    return TestClient(Starlette(routes=picture_route.routes()))


def test_picture_route_gives_what_the_address_says(client: TestClient) -> None:
    address = picture_address(HANDOVER, 18, Zoom.WIDE).removeprefix(".")

    given = client.get(address)

    assert given.headers["content-type"] == "image/png"
    assert given.content.startswith(b"\x89PNG")
    assert "immutable" in given.headers["cache-control"]


def test_picture_route_lets_nobody_keep_a_picture_of_another_version(client: TestClient) -> None:
    given = client.get(picture_address(replace(HANDOVER, digest="oud"), 18, Zoom.FIT).removeprefix("."))

    assert given.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("asked", ["weg?pagina=1", "?pagina=1", "..%2Fx?pagina=1"])
@pytest.mark.parametrize("also", ["", "&zoom=9999999"])
def test_picture_route_knows_documents_only(client: TestClient, asked: str, also: str) -> None:
    assert client.get(f"/beeld/{asked}{also}").status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "29", "1e3", "", "9" * 4000, "<script>"])
def test_picture_route_knows_pages_of_the_document_only(client: TestClient, page: str) -> None:
    given = client.get(f"/beeld/{HANDOVER.id}", params={"pagina": page})

    assert (given.status_code, given.text) == (404, "Deze pagina is er niet (meer).")
    assert given.headers["content-type"].startswith("text/plain")


def test_picture_route_says_that_there_is_no_picture_of_what_is_no_pdf(
    monkeypatch: pytest.MonkeyPatch, client: TestClient, tmp_path: Path
) -> None:
    (tmp_path / "x.html").write_text("<script>alert(1)</script>")
    monkeypatch.setattr(_resources, "searcher", lambda: FakeSearcher(file=tmp_path / "x.html"))

    given = client.get(f"/beeld/{HANDOVER.id}?pagina=1")

    assert given.status_code == 404
    assert "geen afbeelding" in given.text


def test_picture_route_of_a_damaged_version_says_so(monkeypatch: pytest.MonkeyPatch, client: TestClient) -> None:
    def fail() -> None:
        raise DamagedVersionError(Path("v1"), "weg")

    monkeypatch.setattr(_resources, "searcher", fail)

    assert client.get(f"/beeld/{HANDOVER.id}?pagina=1").status_code == 503


def test_picture_route_address_survives_any_id() -> None:
    address = urlsplit(picture_address(replace(HANDOVER, id='a/b?c#d&"<', digest="x&y"), 3, Zoom.FIT))

    assert unquote(address.path.removeprefix("./beeld/")) == 'a/b?c#d&"<'
    assert parse_qs(address.query) == {"pagina": ["3"], "zoom": ["100"], "versie": ["x&y"]}
