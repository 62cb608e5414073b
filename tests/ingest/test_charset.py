from __future__ import annotations

import pytest

from ingest.charset import decoded, is_text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("coördinator".encode(), "coördinator"),
        ("coördinator".encode("utf-8-sig"), "coördinator"),
        ("coördinator – €".encode("cp1252"), "coördinator – €"),
        ("coördinator in het lang".encode("utf-16"), "coördinator in het lang"),
        ("coördinator in het lang".encode("utf-16-be"), "coördinator in het lang"),
        ('<meta charset="iso-8859-15">€'.encode("iso-8859-15"), '<meta charset="iso-8859-15">€'),
        ('<meta charset="utf-7">ë'.encode("cp1252"), '<meta charset="utf-7">ë'),
        ('<meta charset="onzin">ë'.encode("cp1252"), '<meta charset="onzin">ë'),
    ],
)
def test_charset_is_found(data: bytes, text: str) -> None:
    assert decoded(data) == text
    assert is_text(data)


@pytest.mark.parametrize("data", [b"", bytes(100), b"\x89PNG\r\n\x1a\n\x00\x00", b"een \x00 in een korte tekst"])
def test_charset_of_what_is_no_text(data: bytes) -> None:
    assert not is_text(data)
