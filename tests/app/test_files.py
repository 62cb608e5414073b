from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app_pages import _files, _resources, _server
from app_pages._files import file_address, file_link_html
from index.errors import DamagedVersionError
from index.results import DocumentInfo
from ingest.documents import Passage
from tests.app.fake_searcher import HANDOVER, FakeSearcher

SCRIPT = b'<!doctype html><html lang="en"><script>alert(1)</script>'


def client_of(monkeypatch: pytest.MonkeyPatch, document: DocumentInfo, file: Path) -> TestClient:
    """The portal's web server without Streamlit, over one document."""
    passage = Passage("p", document.id, (), (), "tekst", (), ())
    monkeypatch.setattr(_resources, "searcher", lambda: FakeSearcher(rows=[(document, passage)], file=file))
    return TestClient(Starlette(routes=_files.routes(), middleware=_server.middleware()))


def test_files_gives_a_pdf_to_look_at_also_in_parts(monkeypatch: pytest.MonkeyPatch, handover_pdf: Path) -> None:
    client = client_of(monkeypatch, HANDOVER, handover_pdf)

    whole = client.get(f"/bestand/{HANDOVER.id}")
    part = client.get(f"/bestand/{HANDOVER.id}", headers={"range": "bytes=0-7"})

    assert whole.content == handover_pdf.read_bytes()
    assert whole.headers["content-type"] == "application/pdf"
    assert whole.headers["content-disposition"] == f'inline; filename="{HANDOVER.file}"'
    assert (part.status_code, part.content) == (206, whole.content[:8])


@pytest.mark.parametrize("name", ["a.html", "a.HTM", "a.svg", "a.xhtml", "a.md", "a.txt", "a", "a.pdf.html"])
def test_files_never_lets_a_source_run_as_a_page_of_the_portal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / "kept").write_bytes(SCRIPT)
    client = client_of(monkeypatch, replace(HANDOVER, file=name), tmp_path / "kept")

    given = client.get(f"/bestand/{HANDOVER.id}", headers={"accept": "text/html"})

    assert given.content == SCRIPT, "not made Dutch: it is no page of ours"
    assert given.headers["content-disposition"].startswith("attachment;")
    assert given.headers["content-security-policy"].startswith("sandbox;")
    assert given.headers["x-content-type-options"] == "nosniff"


def test_files_tells_the_browser_that_html_in_a_pdf_is_a_pdf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(SCRIPT)

    given = client_of(monkeypatch, HANDOVER, tmp_path / "kept").get(f"/bestand/{HANDOVER.id}")

    assert (given.headers["content-type"], given.headers["x-content-type-options"]) == ("application/pdf", "nosniff")


@pytest.mark.parametrize(
    "asked", ["weg", "", "../../etc/passwd", "..%2F..%2Fetc%2Fpasswd", "%2Fetc%2Fpasswd", f"{HANDOVER.id}/", "a" * 5000]
)
def test_files_gives_nothing_but_documents(monkeypatch: pytest.MonkeyPatch, handover_pdf: Path, asked: str) -> None:
    given = client_of(monkeypatch, HANDOVER, handover_pdf).get(f"/bestand/{asked}")

    assert given.status_code in (400, 404)
    assert b"%PDF" not in given.content


def test_files_of_a_document_that_is_gone_says_so_in_dutch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = client_of(monkeypatch, HANDOVER, tmp_path / "weg.pdf").get(f"/bestand/{HANDOVER.id}")

    assert given.status_code == 404
    assert "<h1>Dit bestand is er niet</h1>" in given.text
    assert 'href="../document"' in given.text


def test_files_of_a_damaged_version_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise DamagedVersionError(Path("v1"), "<b>weg</b>")

    monkeypatch.setattr(_resources, "searcher", fail)

    given = TestClient(Starlette(routes=_files.routes())).get("/bestand/x")

    assert given.status_code == 503
    assert "&lt;b&gt;weg&lt;/b&gt;" in given.text


@pytest.mark.parametrize(
    ("file", "saved"),
    [
        ("../../x.docx", 'filename="x.docx"'),
        ("C:\\x\\y.docx", 'filename="y.docx"'),
        ('a"\r\nSet-Cookie: b.docx', "filename*=utf-8''a%22Set-Cookie%3A%20b.docx"),
        ("\u202efdp.exe", 'filename="fdp.exe"'),
        ("Financiën.docx", "filename*=utf-8''Financi%C3%ABn.docx"),
        ("", 'filename="bestand"'),
    ],
)
def test_files_are_saved_under_a_name_that_does_no_harm(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: str, saved: str
) -> None:
    (tmp_path / "kept").write_bytes(b"tekst")

    given = client_of(monkeypatch, replace(HANDOVER, file=file), tmp_path / "kept").get(f"/bestand/{HANDOVER.id}")

    assert given.headers["content-disposition"] == f"attachment; {saved}"
    assert "set-cookie" not in given.headers


def test_files_link_opens_a_pdf_at_its_page_and_any_other_file_as_a_whole(handover_pdf: Path) -> None:
    hostile = replace(HANDOVER, id='a/b"><script>', file="x.<b>")

    assert file_address(HANDOVER, 18) == f"./bestand/{HANDOVER.id}#page=18"
    assert "Bestand openen op p. 18 (PDF)" in file_link_html(HANDOVER, 18, handover_pdf)
    assert file_address(hostile, 18) == "./bestand/a%2Fb%22%3E%3Cscript%3E"
    assert "Bestand downloaden (&lt;B&gt;)" in file_link_html(hostile, 18, handover_pdf)


def test_files_link_is_not_there_without_a_file(tmp_path: Path) -> None:
    assert file_link_html(HANDOVER, 18, tmp_path / "weg.pdf") == ""
