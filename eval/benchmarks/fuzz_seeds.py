"""The good files that the fuzz run damages: those of the corpus, and of a folder that is named.

A long PDF is cut into stretches of a few pages, since a run must read thousands of files; one that is small enough is
taken as it is too, for the way in which its maker wrote it down (object streams, say) is lost in the cutting.
"""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdf

from eval.benchmarks.mutations import Seed
from index.settings import ROOT
from ingest.documents import Block, BlockKind, Source
from ingest.pipeline import digest_of
from ingest.readers import read_document

FORMATS = ("pdf", "docx", "odt", "html")
PAGES = 4
STRETCHES = 3
WHOLE_BYTES = 400_000

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_ROWS = (("Gemeente", "2024", "2025"), ("Assen", "12 %", "14 %"), ("Emmen", "9 %", "11 %"))


def seeds_of(folder: Path | None, corpus: Path = ROOT / "corpus") -> list[Seed]:
    """The corpus's PDFs, what they say as Word, ODF and HTML, and the files of the folder in these formats."""
    seeds: list[Seed] = []
    for path in _files(corpus) + (_files(folder) if folder else []):
        data = path.read_bytes()
        seeds += _stretches(path.name, data) if path.suffix.lower() == ".pdf" else [Seed(path.name, data)]
    for path in _files(corpus):
        seeds += _rewritten(path)
    return seeds


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower().removeprefix(".") in FORMATS)


def _stretches(name: str, data: bytes) -> Iterator[Seed]:
    """'nota.pdf' of 40 pages → 'nota 1-4.pdf', 'nota 19-22.pdf', 'nota 37-40.pdf'."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    pages, stem = len(reader.pages), name.rpartition(".")[0]
    if pages <= PAGES or len(data) <= WHOLE_BYTES:
        yield Seed(name, data)
    if pages > PAGES:
        for first in sorted({round(part * (pages - PAGES) / (STRETCHES - 1)) for part in range(STRETCHES)}):
            writer, stream = pypdf.PdfWriter(), io.BytesIO()
            writer.append(reader, pages=(first, first + PAGES))
            writer.write(stream)
            yield Seed(f"{stem} {first + 1}-{first + PAGES}.pdf", stream.getvalue())


def _rewritten(path: Path) -> Iterator[Seed]:
    """A file's blocks, and a table, in the formats that the corpus has none of."""
    if path.suffix.lower() != ".pdf":
        return
    data = path.read_bytes()
    blocks = read_document(Source("bron", path.stem), data, path.name, digest_of(data)).blocks
    yield Seed(f"{path.stem}.html", _as_html(path.stem, blocks))
    yield Seed(f"{path.stem}.docx", _as_docx(blocks))
    yield Seed(f"{path.stem}.odt", _as_odt(blocks))


def _as_html(title: str, blocks: Sequence[Block]) -> bytes:
    parts = [f'<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{title}</title></head><body><main>']
    for block in blocks:
        tag = {BlockKind.HEADING: f"h{min(block.level, 6)}", BlockKind.BULLET: "li"}.get(block.kind, "p")
        parts.append(f'<{tag} class="tekst">{html.escape(block.text)}</{tag}>')
    rows = ("".join(f"<td>{cell}</td>" for cell in row) for row in _ROWS)
    parts.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table></main></body></html>")
    return "\n".join(parts).encode()


def _as_docx(blocks: Sequence[Block]) -> bytes:
    body = []
    for block in blocks:
        style = f'<w:pStyle w:val="Heading{block.level}"/>' if block.kind is BlockKind.HEADING else ""
        if block.kind is BlockKind.BULLET:
            style += '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
        body.append(f"<w:p><w:pPr>{style}</w:pPr><w:r><w:t>{html.escape(block.text)}</w:t></w:r></w:p>")
    cells = ("".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row) for row in _ROWS)
    body.append(f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>")
    document = f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}"><w:body>{"".join(body)}</w:body></w:document>'
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/></w:style>' for n in (1, 2, 3)
    )
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{_WORD_TYPE}"/></Types>'
    return _zipped(
        {
            "[Content_Types].xml": types,
            "word/document.xml": document,
            "word/styles.xml": f'<w:styles xmlns:w="{_WORD}">{styles}</w:styles>',
        }
    )


def _as_odt(blocks: Sequence[Block]) -> bytes:
    body = []
    for block in blocks:
        text = html.escape(block.text)
        if block.kind is BlockKind.HEADING:
            body.append(f'<text:h text:outline-level="{block.level}">{text}</text:h>')
        elif block.kind is BlockKind.BULLET:
            body.append(f"<text:list><text:list-item><text:p>{text}</text:p></text:list-item></text:list>")
        else:
            body.append(f"<text:p>{text}</text:p>")
    cells = ("".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row) for row in _ROWS)
    body.append(f"<table:table>{''.join(f'<table:table-row>{row}</table:table-row>' for row in cells)}</table:table>")
    spaces = " ".join(f'xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "text", "table"))
    body_xml = f"<office:body><office:text>{''.join(body)}</office:text></office:body>"
    return _zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {spaces}>{body_xml}</office:document-content>",
        }
    )


def _zipped(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text, None if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return stream.getvalue()
