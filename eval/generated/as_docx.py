"""The generated decision list as a Word file: headings, paragraphs, bullets, tables and page breaks, nothing else.

`python -m eval.generated.as_docx` writes it anew. The parts are stored as they are and bear no time of their own, so
that every run gives the same bytes and a difference can be read.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

HERE = Path(__file__).parent
SOURCE = HERE / "besluitenlijst-vier-marken-2025.md"
TARGET = HERE / "corpus" / "besluitenlijst-vier-marken-2025.docx"
TITLE, DATE = "Besluitenlijst Bestuurlijk Overleg Vier Marken", "2025-09-04T09:30:00Z"

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_BULLET = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
_BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
_BORDERS = "".join(f'<w:{side} w:val="single" w:sz="4"/>' for side in "top left bottom right insideH insideV".split())

# Everything but the text itself.
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_OFFICE}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{_OFFICE}.styles+xml"/>'
        f'<Override PartName="/word/numbering.xml" ContentType="{_OFFICE}.numbering+xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_RELATION}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="r2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
        "</Relationships>"
    ),
    "word/_rels/document.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_RELATION}/styles" Target="styles.xml"/>'
        f'<Relationship Id="r2" Type="{_RELATION}/numbering" Target="numbering.xml"/></Relationships>'
    ),
    "word/styles.xml": (
        f"<w:styles {_W}>"
        + "".join(
            f'<w:style w:type="paragraph" w:styleId="Kop{level}"><w:name w:val="heading {level}"/>'
            f'<w:pPr><w:outlineLvl w:val="{level - 1}"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
            for level in (1, 2)
        )
        + "</w:styles>"
    ),
    "word/numbering.xml": (
        f'<w:numbering {_W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>'
        '<w:lvlText w:val="•"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        "</w:numbering>"
    ),
    "docProps/core.xml": (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{TITLE}</dc:title>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{DATE}</dcterms:created></cp:coreProperties>'
    ),
}


def docx_of(markdown: str) -> bytes:
    """The bytes of a Word file with what the Markdown says; a line of dashes begins a new page."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    body = "".join(_blocks(tokens))
    parts = {**_PARTS, "word/document.xml": f"<w:document {_W}><w:body>\n{body}<w:sectPr/></w:body></w:document>"}
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), _XML + content)
    return file.getvalue()


def _blocks(tokens: list[Token]) -> Iterator[str]:
    """The XML of each block, a line each: heading_open 'h2', inline 'Aanwezig' → '<w:p>…Kop2…Aanwezig…</w:p>'"""
    around = ""  # what the paragraph is: nothing, a heading's style, or a bullet
    for token in tokens:
        match token.type:
            case "heading_open":
                around = f'<w:pPr><w:pStyle w:val="Kop{token.tag[1]}"/></w:pPr>'
            case "list_item_open":
                around = _BULLET
            case "heading_close" | "list_item_close":
                around = ""
            case "hr":
                yield _BREAK + "\n"
            case "inline":
                yield f"<w:p>{around}{_runs(token.children or [])}</w:p>\n"
            case "table_open":
                yield f"<w:tbl><w:tblPr><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr><w:tblGrid/>\n"
            case "tr_open":
                yield (
                    "<w:tr><w:trPr><w:tblHeader/></w:trPr>"
                    if token.level == 2 and _in_head(tokens, token)
                    else "<w:tr>"
                )
            case "th_open" | "td_open":
                yield "<w:tc>"
            case "th_close" | "td_close":
                yield "</w:tc>"
            case "tr_close":
                yield "</w:tr>\n"
            case "table_close":
                yield "</w:tbl>\n"
            case _:
                pass


def _in_head(tokens: list[Token], row: Token) -> bool:
    """Whether a row names the columns of its table."""
    return tokens[tokens.index(row) - 1].type == "thead_open"


def _runs(inline: list[Token]) -> str:
    """A run for each stretch of words; what is between asterisks is set in italics."""
    runs, properties = "", ""
    for token in inline:
        if token.type in ("em_open", "em_close"):
            properties = "<w:rPr><w:i/></w:rPr>" if token.type == "em_open" else ""
        else:
            words = token.content if token.type == "text" else " "  # the end of a line
            runs += f'<w:r>{properties}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>'
    return runs


def main() -> int:
    """Writes the file."""
    TARGET.write_bytes(docx_of(SOURCE.read_text(encoding="utf-8")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
