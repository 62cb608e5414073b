"""Which reader a file goes to: by its content, and by its name only where that leaves it open."""

from __future__ import annotations

import pytest

from ingest.errors import UnreadableError
from tests.ingest.reading import read
from tests.ingest.test_kinds import LOCKED, OPEN, WORD, zipped

WORKBOOK = zipped("[Content_Types].xml", "xl/workbook.xml")


@pytest.mark.parametrize(
    ("data", "file", "blocks"),
    [
        (b"# Kop\n\nDe tekst.", "nota.md", [("heading", "Kop"), ("paragraph", "De tekst.")]),
        (b"# Kop\n\nDe tekst.", "nota.txt", [("paragraph", "# Kop"), ("paragraph", "De tekst.")]),
        (b"<div>De tekst.</div>", "nota.md", [("paragraph", "De tekst.")]),
        (b"<p>De tekst.</p>", "nota.txt", [("paragraph", "De tekst.")]),
        (b"De tekst, met een <b>vet</b> woord.", "nota.html", [("paragraph", "De tekst, met een vet woord.")]),
        (b"De tekst, met een <b>vet</b> woord.", "nota", [("paragraph", "De tekst, met een <b>vet</b> woord.")]),
        ("De tekst in UTF-16.".encode("utf-16"), "nota.txt", [("paragraph", "De tekst in UTF-16.")]),
    ],
)
def test_readers_go_by_the_content(data: bytes, file: str, blocks: list[tuple[str, str]]) -> None:
    assert [(block.kind.value, block.text) for block in read(data, file=file).blocks] == blocks


@pytest.mark.parametrize(
    ("data", "file", "state"),
    [
        (b"", "nota.docx", "leeg"),
        (WORD[:100], "nota.docx", "beschadigd"),
        (zipped("onbekend.xml")[:60], "nota.odt", "beschadigd"),
        (WORKBOOK, "nota.docx", "beschadigd"),
        (b"<html><body>Log in</body></html>", "nota.pdf", "beschadigd"),
        (WORKBOOK, "begroting.xlsx", "niet ondersteund"),
        (b"{\\rtf1 tekst}", "nota.rtf", "niet ondersteund"),
        (b'{"fout": "niet gevonden"}', "nota.json", "niet ondersteund"),
        (LOCKED, "nota.docx", "versleuteld"),
        (LOCKED.replace("EncryptedPackage".encode("utf-16-le"), b""), "nota.doc", "niet ondersteund"),
        (OPEN, "nota.odt", "beschadigd"),  # its one part is empty
        (b"De gemeente bouwt.\n" * 1_200_000, "nota.txt", "te groot"),
    ],
)
def test_readers_say_what_is_wrong_with_a_file(data: bytes, file: str, state: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(data, file=file)
    assert caught.value.state == state
    assert caught.value.reason.startswith(file)
    assert caught.value.reason.endswith(".")
