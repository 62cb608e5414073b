"""A collection as a Word document that goes into a council proposal as it is: headings, quotes, sources, in Dutch."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from app_pages._exports import TITLE, Entry, consulted_words, source_words

LANGUAGE = "nl-NL"

# Styles of our own, so that an author can change all source lines or notes at once.
SOURCE_STYLE = "Bronregel"
NOTE_STYLE = "Opmerking"


def as_word(entries: Sequence[Entry], made: datetime) -> bytes:
    """The .docx file: title and date, each quote under its heading with the line of its source, then all sources."""
    word = Document()
    _set_up(word, made)
    word.add_paragraph(TITLE, style="Title")
    if entries:
        word.add_paragraph(f"Gemaakt op {entries[0].consulted}. De citaten staan letterlijk in de bronnen.")
    numbers = {one.document: 0 for one in entries}
    numbers = {document: number for number, document in enumerate(numbers, start=1)}
    word.add_heading("Citaten", level=1)
    for one in entries:
        _add_entry(word, one, numbers[one.document])
    word.add_heading("Bronnen", level=1)
    for document in numbers:
        _add_source(word, [one for one in entries if one.document == document])
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _add_entry(word: WordDocument, entry: Entry, source: int) -> None:
    """Heading, quote, the line of its source (with its number in the list of sources), note."""
    word.add_heading(f"{entry.number}. {entry.heading or entry.title}", level=2)
    for words in entry.quote.split("\n") if entry.quote else ():
        word.add_paragraph(words, style="Quote")
    where = word.add_paragraph(f"{source_words(entry)}, p. {entry.page}. ", style=SOURCE_STYLE)
    where.add_run(f"{consulted_words(entry)} ")
    _add_address(where, entry.address)
    where.add_run(f" [{source}]")
    if entry.note:
        note = word.add_paragraph(style=NOTE_STYLE)
        note.add_run("Opmerking: ").bold = True
        note.add_run(entry.note)


def _add_source(word: WordDocument, entries: Sequence[Entry]) -> None:
    """A document in the list of sources, with the pages that were quoted."""
    first = entries[0]
    pages = ", ".join(str(page) for page in sorted({one.page for one in entries}))
    item = word.add_paragraph(f"{source_words(first)}, p. {pages}. {consulted_words(first)} ", style="List Number")
    _add_address(item, first.source_address)


def _add_address(paragraph: Paragraph, address: str) -> None:
    """An address as a link that can be clicked, if it is one of the web; else only its words."""
    if not _is_web_address(address):
        paragraph.add_run(address)
        return
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(address)
    run.font.underline = True
    run.font.color.rgb = RGBColor(0x1F, 0x5A, 0x41)
    link.append(run._r)  # python-docx has no links of its own
    paragraph._p.append(link)


def _is_web_address(address: str) -> bool:
    """Word calls a file damaged if a link in it does not parse."""
    try:
        return bool(urlsplit(address).hostname) and address.startswith(("http://", "https://"))
    except ValueError:
        return False


def _set_up(word: WordDocument, made: datetime) -> None:
    """Dutch for the spelling checker and a screen reader, what the file is called, and our two styles."""
    properties = word.core_properties
    properties.title, properties.language, properties.author = TITLE, LANGUAGE, "Zoekportaal VDG"
    properties.comments, properties.created, properties.modified = "", made, made
    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    _add_style(word, SOURCE_STYLE, {"size": Pt(9.5), "italic": False})
    _add_style(word, NOTE_STYLE, {"italic": False})


def _add_style(word: WordDocument, name: str, font: Mapping[str, object]) -> None:
    style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)  # what add_style makes for this type
    style.base_style = word.styles["Normal"]
    style.quick_style = True
    for attribute, value in font.items():
        setattr(style.font, attribute, value)
