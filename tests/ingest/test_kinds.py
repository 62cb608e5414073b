from __future__ import annotations

import io
import zipfile

import pytest

from ingest.kinds import Kind, is_complete, kind_of


def zipped(*names: str, mimetype: str = "") -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name in names:
            archive.writestr(name, "<x/>")
    return data.getvalue()


WORD = zipped("[Content_Types].xml", "word/document.xml")
LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
OPEN = zipped("content.xml", mimetype="application/vnd.oasis.opendocument.text")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", Kind.PDF),
        (b"\r\n junk %PDF-1.4\n", Kind.PDF),
        (WORD, Kind.DOCX),
        (zipped("[Content_Types].xml", "word/document2.xml"), Kind.DOCX),
        (OPEN, Kind.ODT),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), None),
        (zipped("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"), None),
        (zipped("plan.pdf"), None),
        (zipped("[Content_Types].xml", "ppt/slides/slide1.xml", "ppt/embeddings/word/document.xml"), None),
        (WORD[:-30], Kind.DOCX),  # cut off, and yet told for what it was
        (OPEN[:-30], Kind.ODT),
        (LOCKED, Kind.DOCX),
        (b"<!DOCTYPE html><html>", Kind.HTML),
        (b"\xef\xbb\xbf\n <!-- licentie -->\n<HTML lang=nl>", Kind.HTML),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">', Kind.HTML),
        ("<html>Drenthe</html>".encode("utf-16"), Kind.HTML),
        (b"<html>\x81\x00 stray bytes</html>", Kind.HTML),
        (b"<div>deel</div>", Kind.HTML),
        (b"Warning: date() on line 3\n<!DOCTYPE html><html>", Kind.HTML),
        (b"gewone tekst over <b>", Kind.TEXT),
        (b'<?xml version="1.0"?><rss>', None),
        (b"<svg xmlns='x'>", None),
        (b"# Kop\n\n- punt\n", Kind.TEXT),
        ("Financiën".encode(), Kind.TEXT),
        ("Financiën".encode("cp1252"), Kind.TEXT),
        ("Financiën".encode("utf-16"), Kind.TEXT),
        (b"[Regioplan](https://vdg.nl) is klaar", Kind.TEXT),
        (b'{"fout": "niet gevonden"}', None),
        (b'[{"id": 1}]', None),
        (b"{\\rtf1 tekst}", None),
        (b"\x89PNG\r\n\x1a\n\x00\x00", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), None),  # Word before 2007
        (b"tekst met een \x00 erin", None),
        (b"", None),
        (b" \n\t ", None),
    ],
)
def test_kinds_are_told_from_the_content(data: bytes, kind: Kind | None) -> None:
    assert kind_of(data) is kind


@pytest.mark.parametrize(
    ("data", "kind", "complete"),
    [
        (b"%PDF-1.7 %%EOF\r\n", Kind.PDF, True),
        (b"%PDF-1.7 %%EOF" + b"<p>web</p>" * 1000, Kind.PDF, True),
        (b"%PDF-1.7 %%EOF" + b"x" * 70_000, Kind.PDF, False),  # linearized, and cut off after its first page
        (b"%PDF-1.7 ", Kind.PDF, False),
        (WORD, Kind.DOCX, True),
        (WORD[:-30], Kind.DOCX, False),
        (LOCKED, Kind.DOCX, True),
        (OPEN, Kind.ODT, True),
        (b"<html>", Kind.HTML, True),
    ],
)
def test_kinds_that_have_an_end_are_complete_with_it(data: bytes, kind: Kind, complete: bool) -> None:
    assert is_complete(data, kind) is complete
