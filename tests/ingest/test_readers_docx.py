from __future__ import annotations

import html
import io
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement

from ingest.documents import Source
from ingest.errors import UnreadableError
from ingest.folding import letters_only
from ingest.ledger import State
from ingest.passages import passages_of
from ingest.readers import _archives
from ingest.readers._items import Content
from ingest.readers.docx import content_of_docx, read_docx

SHARED = Path(__file__).parents[2] / "../shared" / "documents"
SOURCE = Source("bron", "Titel")


def saved(document: docx.document.Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def changed(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The zip with each part as `change` gives it back; None leaves it out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return stream.getvalue()


def with_body(body: str, extra: dict[str, str] | None = None) -> bytes:
    """A document with this XML as its body; `w:`, `mc:`, `wps:`, `v:` and `r:` are bound."""
    spaces = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {spaces}><w:body>{body}</w:body></w:document>")
        for name, text in (extra or {}).items():
            archive.writestr(name, text.replace("SPACES", spaces))
    return stream.getvalue()


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def par(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def content(data: bytes) -> Content:
    return content_of_docx(data, "nota.docx")


def seen(data: bytes) -> list[tuple[str, int, str]]:
    return [(block.kind.value, block.level, block.text) for block in read_docx(SOURCE, data, "nota.docx", "0").blocks]


def texts(data: bytes) -> list[str]:
    return [text for _, _, text in seen(data)]


def good() -> bytes:
    document = docx.Document()
    document.add_heading("Jeugdzorg", 1)
    document.add_paragraph("De gemeente Assen is voorzitter van de stuurgroep.")
    return saved(document)


# ── What stands in the text ──────────────────────────────────────────────────────────────────────────────────────


def test_readers_docx_headings_lists_and_lead_ins() -> None:
    document = docx.Document()
    document.add_heading("Portefeuille Sport", 1)
    document.add_heading("Vooruitblik", 2)
    document.add_paragraph("Het beleid loopt door tot 2028.")
    document.add_paragraph("Bereikt in de afgelopen periode:")
    document.add_paragraph("Een akkoord", style="List Bullet")
    document.add_paragraph("Een fonds", style="List Bullet")
    document.add_paragraph("- Met de hand getypt")
    assert seen(saved(document)) == [
        ("heading", 1, "Portefeuille Sport"),
        ("heading", 2, "Vooruitblik"),
        ("paragraph", 0, "Het beleid loopt door tot 2028."),
        ("lead-in", 0, "Bereikt in de afgelopen periode:"),
        ("bullet", 1, "Een akkoord"),
        ("bullet", 1, "Een fonds"),
        ("bullet", 1, "Met de hand getypt"),
    ]
    passages = passages_of(read_docx(SOURCE, saved(document), "nota.docx", "0"))
    assert passages[-1].heading_path == ("Portefeuille Sport", "Vooruitblik", "Bereikt in de afgelopen periode")


def test_readers_docx_list_levels() -> None:
    def item(level: int, text: str) -> str:
        return par(run(text), properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="3"/></w:numPr>')

    found = seen(with_body(item(0, "Buiten") + item(1, "Binnen") + item(0, "Weer buiten")))
    assert found == [("bullet", 1, "Buiten"), ("bullet", 2, "Binnen"), ("bullet", 1, "Weer buiten")]


def test_readers_docx_headings_by_look_rank_below_real_ones() -> None:
    document = docx.Document()
    document.add_heading("Beleid", 1)
    document.add_paragraph().add_run("Onderstreept").underline = True
    document.add_paragraph("Tekst onder de kop die onderstreept is.")
    document.add_paragraph().add_run("Vet gezet").bold = True
    document.add_paragraph("Tekst onder de vette kop.")
    document.add_paragraph().add_run("Deze hele alinea is vet, maar het is een zin.").bold = True
    document.add_paragraph("Slot.")
    assert [(kind, level) for kind, level, _ in seen(saved(document))] == [
        ("heading", 1),
        ("heading", 2),
        ("paragraph", 0),
        ("heading", 3),
        ("paragraph", 0),
        ("paragraph", 0),
        ("paragraph", 0),
    ]


def test_readers_docx_leaves_out_heads_feet_remarks_and_hidden_text() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "KOPREGEL"
    document.sections[0].footer.paragraphs[0].text = "VOETREGEL"
    paragraph = document.add_paragraph("Zichtbaar ")
    paragraph.add_run("VERBORGEN").font.hidden = True
    remarked = paragraph.add_run("slot.")
    document.add_comment(remarked, text="OPMERKING", author="A")
    assert texts(saved(document)) == ["Zichtbaar slot."]


def test_readers_docx_tracked_changes_as_if_accepted() -> None:
    body = par(
        run("De raad "),
        f'<w:del w:id="1"><w:r><w:delText>verwerpt</w:delText></w:r></w:del><w:ins w:id="2">{run("aanvaardt")}</w:ins>',
        f"<w:moveFrom>{run(' WEG')}</w:moveFrom>",
        run(" het plan."),
    )
    assert texts(with_body(body)) == ["De raad aanvaardt het plan."]


def test_readers_docx_text_box_once_and_content_controls() -> None:
    inside = f"<w:txbxContent>{par(run('In het kader.'))}</w:txbxContent>"
    box = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{inside}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    control = f"<w:sdt><w:sdtContent>{par(run('In een besturingselement.'))}</w:sdtContent></w:sdt>"
    assert texts(with_body(par(run("Ernaast."), box) + control)) == [
        "Ernaast.",
        "In het kader.",
        "In een besturingselement.",
    ]


def test_readers_docx_footnotes_at_the_end_of_their_section() -> None:
    notes = "".join(
        f'<w:footnote w:id="{number}" {kind}>{par(run(text))}</w:footnote>'
        for number, kind, text in ((0, 'w:type="separator"', "STREEP"), (1, "", "Kamerstuk 31."), (2, "", "Zie ook."))
    )
    heading = '<w:outlineLvl w:val="0"/>'
    body = (
        par(run("Een"), properties=heading)
        + par(run("Met noot"), '<w:r><w:footnoteReference w:id="1"/></w:r>', run("."))
        + par(run("Nog een alinea."))
        + par(run("Twee"), properties=heading)
        + par(run("Slot."), '<w:r><w:footnoteReference w:id="2"/></w:r>')
    )
    data = with_body(body, {"word/footnotes.xml": f"<w:footnotes SPACES>{notes}</w:footnotes>"})
    assert texts(data) == ["Een", "Met noot.", "Nog een alinea.", "Kamerstuk 31.", "Twee", "Slot.", "Zie ook."]


def test_readers_docx_table_of_contents_is_no_content() -> None:
    contents = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{par(run('Inleiding 3'))}</w:sdtContent></w:sdt>"
    )
    document = read_docx(SOURCE, with_body(contents + par(run("Tekst."))), "nota.docx", "0")
    assert [block.text for block in document.blocks] == ["Tekst."]
    assert document.pages[0].text == "Inleiding 3\nTekst."
    assert document.contents_pages == ()


def test_readers_docx_typed_table_of_contents_is_not_searched() -> None:
    entries = [par(run(entry)) for entry in ("Inhoudsopgave", "Inleiding 2", "Wonen 3", "Zorg 4")]
    turn = par('<w:r><w:br w:type="page"/></w:r>')
    text = [par(run(entry)) for entry in ("Inleiding", "De gemeente werkt samen.")]
    document = read_docx(SOURCE, with_body("".join([*entries, turn, *text])), "nota.docx", "0")
    assert [block.text for block in document.blocks] == ["Inleiding", "De gemeente werkt samen."]
    assert document.contents_pages == (1,)
    assert document.pages[0].text.endswith("Zorg 4")  # it still stands on its page


def test_readers_docx_links_in_both_forms() -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://x/hyperlink" Target="https://voorbeeld.nl/plan" TargetMode="External"/></Relationships>'
    )
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://voorbeeld.nl/twee" '
        f'</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("tweede stuk")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    body = par(
        run("Zie het "), f'<w:hyperlink r:id="r1">{run("hele plan")}</w:hyperlink>', run(" en het "), field, run(".")
    )
    data = with_body(body, {"word/_rels/document.xml.rels": relations})
    assert texts(data) == ["Zie het hele plan en het tweede stuk."]
    assert [(link.page, link.words, link.url) for link in content(data).links] == [
        (1, "hele plan", "https://voorbeeld.nl/plan"),
        (1, "tweede stuk", "https://voorbeeld.nl/twee"),
    ]


def test_readers_docx_broken_field_costs_no_text_after_it() -> None:
    body = par('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', run("weg")) + par(run("Dit blijft."))
    assert texts(with_body(body)) == ["Dit blijft."]


def test_readers_docx_metadata() -> None:
    document = docx.Document()
    document.add_paragraph("Tekst.")
    document.core_properties.title = "Nota Jeugd"
    document.core_properties.author = "A. Schrijver"
    found = content(saved(document)).metadata
    assert (found["title"], found["author"]) == ("Nota Jeugd", "A. Schrijver")
    assert re.fullmatch(r"D:\d{8}", found["creationdate"])


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────

BREAK = '<w:r><w:br w:type="page"/></w:r>'
RENDERED = "<w:lastRenderedPageBreak/>"


def pages(body: str) -> list[tuple[int, str]]:
    return [(block.page, block.text) for block in read_docx(SOURCE, with_body(body), "n.docx", "0").blocks]


def test_readers_docx_pages_from_explicit_breaks() -> None:
    document = docx.Document()
    document.add_paragraph("Een.").add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("Twee.")
    document.add_section()
    document.add_paragraph("Drie.")
    read = read_docx(SOURCE, saved(document), "n.docx", "0")
    assert [(block.page, block.text) for block in read.blocks] == [(1, "Een."), (2, "Twee."), (3, "Drie.")]
    assert [page.text for page in read.pages] == ["Een.", "Twee.", "Drie."]


def test_readers_docx_a_break_that_was_rendered_counts_once() -> None:
    second = f"<w:r>{RENDERED}<w:t>Twee.</w:t></w:r>"
    third = f"<w:r>{RENDERED}<w:t>Drie.</w:t></w:r>"
    assert pages(par(run("Een."), BREAK) + par(second) + par(third)) == [(1, "Een."), (2, "Twee."), (3, "Drie.")]


def test_readers_docx_paragraph_over_two_pages_knows_both() -> None:
    body = par(run("Dit loopt door "), f"<w:r>{RENDERED}<w:t>op de volgende pagina.</w:t></w:r>")
    (block,) = read_docx(SOURCE, with_body(body), "n.docx", "0").blocks
    assert block.text == "Dit loopt door op de volgende pagina."
    assert [page for page, _ in block.regions] == [1, 2]
    assert block.text[block.starts[1] :] == "op de volgende pagina."


def test_readers_docx_row_over_two_pages_turns_the_page_once() -> None:
    cell = f"<w:tc>{par(run('voor '), f'<w:r>{RENDERED}<w:t>na</w:t></w:r>')}</w:tc>"
    table = f"<w:tbl><w:tr>{cell}{cell}{cell}</w:tr></w:tbl>"
    assert pages(table + par(run("Slot."))) == [(1, "voor na\tvoor na\tvoor na"), (2, "Slot.")]


# ── Tables ───────────────────────────────────────────────────────────────────────────────────────────────────────


def rows(data: bytes) -> list[tuple[str, str]]:
    return [(item.row.text, item.row.labelled) for item in content(data).items if item.row]


def test_readers_docx_table_rows_with_their_columns() -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    wanted = [["Gemeente", "2024", "2025"], ["Assen", "11 %", "12 %"], ["Emmen", "9 %", "8 %"]]
    for row, values in zip(table.rows, wanted, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    assert rows(saved(document)) == [
        ("Assen\t11 %\t12 %", "Gemeente: Assen · 2024: 11 % · 2025: 12 %"),
        ("Emmen\t9 %\t8 %", "Gemeente: Emmen · 2024: 9 % · 2025: 8 %"),
    ]


def test_readers_docx_merged_cells_and_heads_over_two_lines() -> None:
    document = docx.Document()
    table = document.add_table(4, 3)
    for row, values in zip(
        table.rows,
        [["Gemeente", "Uitgaven", ""], ["", "Begroot", "Besteed"], ["Assen", "10", "12"], ["", "20", "21"]],
        strict=True,
    ):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(2, 0).merge(table.cell(3, 0))
    for row in table.rows[:2]:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    assert rows(saved(document)) == [
        ("Assen\t10\t12", "Gemeente: Assen · Uitgaven Begroot: 10 · Uitgaven Besteed: 12"),
        ("20\t21", "Gemeente: Assen · Uitgaven Begroot: 20 · Uitgaven Besteed: 21"),
    ]


def test_readers_docx_layout_table_gives_its_text() -> None:
    document = docx.Document()
    table = document.add_table(1, 1)
    table.cell(0, 0).paragraphs[0].text = "Let op"
    table.cell(0, 0).paragraphs[0].style = "Heading 2"
    table.cell(0, 0).add_paragraph("Dit kader is alleen opmaak.")
    nested = table.cell(0, 0).add_table(2, 2)
    for cell, value in zip([*nested.rows[0].cells, *nested.rows[1].cells], ["Naam", "Uren", "Jan", "8"], strict=True):
        cell.text = value
    nested.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    data = saved(document)
    assert texts(data) == ["Let op", "Dit kader is alleen opmaak.", "Jan\t8"]
    assert rows(data) == [("Jan\t8", "Naam: Jan · Uren: 8")]


# ── What cannot be read ──────────────────────────────────────────────────────────────────────────────────────────

BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&b;</w:t>'
    "</w:r></w:p></w:body></w:document>"
)


def with_main(text: bytes) -> bytes:
    return changed(good(), lambda name, part: text if name == "word/document.xml" else part)


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (b"", "leeg"),
        (b" \n", "leeg"),
        (saved(docx.Document()), "leeg"),
        (b"geen zip", "beschadigd"),
        (good()[:400], "beschadigd"),
        (good()[: len(good()) // 2], "beschadigd"),
        (b"PK\x03\x04" + random.Random(1).randbytes(3000), "beschadigd"),
        (changed(good(), lambda name, part: None if name == "word/document.xml" else part), "beschadigd"),
        (with_main(b"geen xml"), "beschadigd"),
        (with_main(b"<a/>"), "beschadigd"),
        (with_main(BOMB.encode()), "beschadigd"),
        (with_main(BOMB.encode("utf-16")), "beschadigd"),
        (with_main(b"<a>" * 100_000), "beschadigd"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "versleuteld"),
    ],
)
def test_readers_docx_says_what_is_wrong_with_a_file(data: bytes, state: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        content(data)
    assert State(caught.value.state) == state
    assert caught.value.reason.startswith("nota.docx")
    assert caught.value.reason.endswith(".")


def test_readers_docx_refuses_a_zip_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = with_main(b"<w:document>" + b" " * 3_000_000)
    assert len(bomb) < 60_000
    monkeypatch.setattr(_archives, "MAX_PART", 1_000_000)
    with pytest.raises(UnreadableError) as caught:
        content(bomb)
    assert caught.value.state == "te groot"


def test_readers_docx_bad_styles_cost_the_styles_only() -> None:
    data = changed(good(), lambda name, part: b"<broken" if name == "word/styles.xml" else part)
    found = content(data)
    assert [item.text for item in found.items] == ["Jeugdzorg", "De gemeente Assen is voorzitter van de stuurgroep."]
    assert found.warnings == ["De opmaakprofielen van dit bestand zijn niet te lezen."]


def test_readers_docx_mutated_files_raise_nothing_else() -> None:
    """100 files with bytes changed in the zip, and 100 with the XML itself changed."""
    rng, sound = random.Random(7), good()
    xml = zipfile.ZipFile(io.BytesIO(sound)).read("word/document.xml")
    outcomes = {"read": 0, "refused": 0}
    for number in range(200):
        data = bytearray(sound if number % 2 else xml)
        for _ in range(rng.randint(1, 12)):
            at = rng.randrange(len(data))
            if rng.random() < 0.3:
                del data[at : at + rng.randint(1, 40)]
            else:
                data[at] = rng.randrange(256)
        try:
            content(bytes(data) if number % 2 else with_main(bytes(data)))
            outcomes["read"] += 1
        except UnreadableError as error:
            State(error.state)
            outcomes["refused"] += 1
    assert min(outcomes.values()) >= 10


# ── Real documents ───────────────────────────────────────────────────────────────────────────────────────────────


def shared(name: str) -> bytes:
    path = SHARED / name
    if not path.exists():
        pytest.skip("the shared documents are not beside the repository")
    return path.read_bytes()


@pytest.mark.shared
@pytest.mark.parametrize("name", ["Invultemplate-AIIA2.0.docx", "Kabinetsvisie.docx"])
def test_readers_docx_shared_document_loses_no_words(name: str) -> None:
    """Every <w:t> of the body and its notes stands in the blocks."""
    data = shared(name)
    archive = zipfile.ZipFile(io.BytesIO(data))
    found = "".join(letters_only(block.text) for block in read_docx(SOURCE, data, name, "0").blocks)
    parts = [part for part in ("word/document.xml", "word/footnotes.xml") if part in archive.namelist()]
    words = [
        letters_only(paragraph)
        for part in parts
        for paragraph in (
            html.unescape("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", chunk)))
            for chunk in archive.read(part).decode().split("</w:p>")
        )
    ]
    assert len(words) > 100
    assert [paragraph for paragraph in words if paragraph not in found] == []


@pytest.mark.shared
def test_readers_docx_shared_template_has_its_headings_and_pages() -> None:
    document = read_docx(SOURCE, shared("Invultemplate-AIIA2.0.docx"), "a.docx", "0")
    assert len(document.pages) == 6
    assert (2, "1.1 Doel van het systeem", 1) in document.outline
    assert sum(level == 2 for level, _, _ in document.outline) == 22


@pytest.mark.shared
def test_readers_docx_shared_essay_has_headings_by_look() -> None:
    document = read_docx(SOURCE, shared("Kabinetsvisie.docx"), "k.docx", "0")
    assert [(level, title) for level, title, _ in document.outline][:5] == [
        (1, "Inleiding"),
        (1, "Deel 1: RAG onderzoek binnen de Nederlandse overheid"),
        (1, "Deel 2: de meerwaarde van (onderzoek naar) RAG"),
        (2, "Ambtenaren beter hun werk laten doen"),
        (2, "Het belang van experimenteren"),
    ]
    assert len(document.links) == 12
