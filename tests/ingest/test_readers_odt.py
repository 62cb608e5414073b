from __future__ import annotations

import io
import random
import zipfile

import pytest

from ingest.documents import Source
from ingest.errors import UnreadableError
from ingest.ledger import State
from ingest.readers import _archives
from ingest.readers._items import Content
from ingest.readers.odt import content_of_odt, read_odt

SPACES = (
    " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("draw", "drawing"),
            ("style", "style"),
            ("fo", "xsl-fo-compatible"),
            ("meta", "meta"),
        )
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)

STYLES = (
    '<style:style style:name="Vet"><style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="Weg"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="Nieuw"><style:paragraph-properties fo:break-before="page"/></style:style>'
)


def odt(body: str, extra: dict[str, str] | None = None) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        archive.writestr(
            "content.xml",
            f"<office:document-content {SPACES}><office:automatic-styles>{STYLES}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
        for name, text in (extra or {}).items():
            archive.writestr(name, text)
    return stream.getvalue()


def content(data: bytes) -> Content:
    return content_of_odt(data, "nota.odt")


def seen(body: str) -> list[tuple[str, int, str]]:
    document = read_odt(Source("bron", "Titel"), odt(body), "nota.odt", "0")
    return [(block.kind.value, block.level, block.text) for block in document.blocks]


def texts(body: str) -> list[str]:
    return [text for _, _, text in seen(body)]


def item(*inside: str) -> str:
    return f"<text:list-item>{''.join(inside)}</text:list-item>"


def p(text: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


GOOD = odt('<text:h text:outline-level="1">Jeugdzorg</text:h>' + p("De gemeente Assen is voorzitter."))


def test_readers_odt_headings_lists_and_lead_ins() -> None:
    inner = f"<text:list>{item(p('Binnen'))}</text:list>"
    body = (
        '<text:h text:outline-level="1">Sport</text:h><text:h text:outline-level="2">Vooruitblik</text:h>'
        + p("Bereikt:")
        + f"<text:list>{item(p('Buiten'), p('Vervolg van het punt.'), inner)}{item(p('Weer buiten'))}</text:list>"
    )
    assert seen(body) == [
        ("heading", 1, "Sport"),
        ("heading", 2, "Vooruitblik"),
        ("lead-in", 0, "Bereikt:"),
        ("bullet", 1, "Buiten"),
        ("paragraph", 0, "Vervolg van het punt."),
        ("bullet", 2, "Binnen"),
        ("bullet", 1, "Weer buiten"),
    ]


def test_readers_odt_white_space_and_hidden_text() -> None:
    body = (
        p('Twee<text:s text:c="999999999"/>woorden<text:tab/>en<text:line-break/>meer.')
        + p("VERBORGEN", "Weg")
        + p('Wel <text:span text:style-name="Weg">NIET </text:span>dit.')
        + "<text:tracked-changes><text:changed-region><text:deletion><text:p>GESCHRAPT</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        + p("Met<office:annotation><text:p>OPMERKING</text:p></office:annotation> opmerking.")
    )
    assert texts(body) == ["Twee woorden en meer.", "Wel dit.", "Met opmerking."]


def test_readers_odt_headings_by_look() -> None:
    body = (
        p("Kop", "Vet")
        + p("Tekst onder de kop.")
        + p('<text:span text:style-name="Vet">Ook kop</text:span>')
        + p("Meer.")
    )
    assert [(kind, level) for kind, level, _ in seen(body)] == [
        ("heading", 1),
        ("paragraph", 0),
        ("heading", 1),
        ("paragraph", 0),
    ]


def test_readers_odt_footnote_text_box_and_contents() -> None:
    inside = "<text:note-body><text:p>De noot.</text:p></text:note-body>"
    note = f"<text:note><text:note-citation>1</text:note-citation>{inside}</text:note>"
    box = "<draw:frame><draw:text-box><text:p>In het kader.</text:p></draw:text-box></draw:frame>"
    contents = (
        "<text:table-of-content><text:index-body><text:p>Een 1</text:p></text:index-body></text:table-of-content>"
    )
    body = (
        contents
        + '<text:h text:outline-level="1">Een</text:h>'
        + p(f"Met noot{note}.{box}")
        + p("Nog iets.")
        + '<text:h text:outline-level="1">Twee</text:h>'
        + p("Slot.")
    )
    assert texts(body) == ["Een", "Met noot.", "In het kader.", "Nog iets.", "De noot.", "Twee", "Slot."]


def test_readers_odt_pages() -> None:
    body = p("Een.") + p("Loopt <text:soft-page-break/>door.") + p("Nieuw begin.", "Nieuw")
    document = read_odt(Source("bron", "Titel"), odt(body), "nota.odt", "0")
    assert [[page for page, _ in block.regions] for block in document.blocks] == [[1], [1, 2], [3]]
    assert [page.text for page in document.pages] == ["Een.\nLoopt", "door.", "Nieuw begin."]


def test_readers_odt_links_and_metadata() -> None:
    meta = (
        f"<office:document-meta {SPACES}><office:meta><dc:title>Nota</dc:title><dc:date>2025-03-01T10:00:00</dc:date>"
        "</office:meta></office:document-meta>"
    )
    body = p(
        'Zie <text:a xlink:href="https://voorbeeld.nl/a">het plan</text:a> en <text:a xlink:href="#x">hier</text:a>.'
    )
    found = content(odt(body, {"meta.xml": meta}))
    assert [(link.words, link.url) for link in found.links] == [("het plan", "https://voorbeeld.nl/a")]
    assert found.metadata == {"title": "Nota", "moddate": "D:20250301"}


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


DOWN, ACROSS = 'table:number-rows-spanned="2"', 'table:number-columns-spanned="2"'


def test_readers_odt_table_with_merged_cells_and_repeats() -> None:
    covered = "<table:covered-table-cell/>"
    rest = '<table:table-cell table:number-columns-repeated="16384"/>'
    head = (
        f"<table:table-row>{cell('Gemeente', DOWN)}"
        f"{cell('Uitgaven', ACROSS)}{covered}{rest}</table:table-row>"
        f"<table:table-row>{covered}{cell('Begroot')}{cell('Besteed')}</table:table-row>"
    )
    body = (
        f"<table:table><table:table-header-rows>{head}</table:table-header-rows>"
        f"<table:table-row>{cell('Assen')}{cell('10')}{cell('12')}{rest}</table:table-row></table:table>"
    )
    (item,) = content(odt(body)).items
    assert item.row is not None
    assert item.row.text == "Assen\t10\t12"
    assert item.row.labelled == "Gemeente: Assen · Uitgaven Begroot: 10 · Uitgaven Besteed: 12"


MANIFEST = "<manifest><file-entry><encryption-data/></file-entry></manifest>"


def raw(text: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", text)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (b"", "leeg"),
        (odt(""), "leeg"),
        (b"geen zip", "beschadigd"),
        (GOOD[:200], "beschadigd"),
        (GOOD[: len(GOOD) // 2], "beschadigd"),
        (raw(b"geen xml"), "beschadigd"),
        (raw(b"<a/>"), "beschadigd"),
        (raw(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "beschadigd"),
        (raw(b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'), "beschadigd"),
        (odt(p("Tekst."), {"META-INF/manifest.xml": MANIFEST}), "versleuteld"),
    ],
)
def test_readers_odt_says_what_is_wrong_with_a_file(data: bytes, state: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        content(data)
    assert State(caught.value.state) == state
    assert caught.value.reason.startswith("nota.odt")


def test_readers_odt_refuses_a_zip_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = odt(p("x" * 3_000_000))
    monkeypatch.setattr(_archives, "MAX_PART", 1_000_000)
    with pytest.raises(UnreadableError) as caught:
        content(bomb)
    assert caught.value.state == "te groot"


def test_readers_odt_mutated_files_raise_nothing_else() -> None:
    rng = random.Random(3)
    xml = zipfile.ZipFile(io.BytesIO(GOOD)).read("content.xml")
    refused = 0
    for number in range(300):
        data = bytearray(GOOD if number % 2 else xml)
        for _ in range(rng.randint(1, 8)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            content(bytes(data) if number % 2 else raw(bytes(data)))
        except UnreadableError as error:
            State(error.state)
            refused += 1
    assert 20 < refused < 300
