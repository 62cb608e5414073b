"""A collection as a Word document that goes into a council proposal as it is: headings, quotes, sources, in Dutch."""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime
from urllib.parse import urlsplit

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from app_pages._marking import BULLETS, without_bullet
from app_pages._verzameling.exports import TITLE, Entry, around_title, consulted_words, heading_words

LANGUAGE = "nl-NL"

# Styles of our own, so that an author can change all source lines, notes or bullets at once.
SOURCE_STYLE = "Bronregel"
NOTE_STYLE = "Opmerking"
BULLET_STYLES = {1: "Citaat met punt", 2: "Citaat met punt 2"}

# A face that every Word has and every other office program has a twin of.
_FACE = "Calibri"
_GREEN = RGBColor(0x1F, 0x5A, 0x41)
_TEXT = RGBColor(0x1C, 0x2A, 0x23)
_QUIET = RGBColor(0x55, 0x63, 0x5B)
_INDENT = Cm(0.8)


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
    word.add_heading(heading_words(entry), level=2)
    for words in entry.quote.split("\n") if entry.quote else ():
        level = BULLETS.get(words[:1], 0)
        style = BULLET_STYLES.get(level, "Quote")
        word.add_paragraph(without_bullet(words) if level else words, style=style)
    where = _add_citation(word, entry, str(entry.page), SOURCE_STYLE)
    _add_address(where, entry.address, entry.short_address)
    where.add_run(f" [{source}]")
    if entry.note:
        note = word.add_paragraph(style=NOTE_STYLE)
        note.add_run("Opmerking: ").bold = True
        note.add_run(entry.note)


def _add_source(word: WordDocument, entries: Sequence[Entry]) -> None:
    """A document in the list of sources, with the pages that were quoted."""
    pages = ", ".join(str(page) for page in sorted({one.page for one in entries}))
    address = entries[0].source_address
    _add_address(_add_citation(word, entries[0], pages, "List Number"), address, address)


def _add_citation(word: WordDocument, entry: Entry, pages: str, style: str) -> Paragraph:
    """'VDG (2026). Overdracht, p. 18. Geraadpleegd op 25 november 2026, van ', the title in italics."""
    before, title, after = around_title(entry)
    paragraph = word.add_paragraph(before, style=style)
    paragraph.add_run(title).italic = True
    paragraph.add_run(f"{after}, p. {pages}. {consulted_words(entry)} ")
    return paragraph


def _add_address(paragraph: Paragraph, address: str, shown: str) -> None:
    """What is `shown` of an address, as a link to all of it if it is one of the web."""
    if not _is_web_address(address):
        paragraph.add_run(shown)
        return
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(shown)
    run.font.underline = True
    run.font.color.rgb = _GREEN
    link.append(run._r)  # python-docx has no links of its own
    paragraph._p.append(link)


def _is_web_address(address: str) -> bool:
    """Word calls a file damaged if a link in it does not parse."""
    try:
        return bool(urlsplit(address).hostname) and address.startswith(("http://", "https://"))
    except ValueError:
        return False


# ── Looks ────────────────────────────────────────────────────────────────────────────────────────────────────


def _set_up(word: WordDocument, made: datetime) -> None:
    """What the file is called, Dutch for the spelling checker and a screen reader, A4, and the looks."""
    properties = word.core_properties
    properties.title, properties.language, properties.author = TITLE, LANGUAGE, "Zoekportaal VDG"
    properties.comments, properties.created, properties.modified = "", made, made
    for element in (*word.styles.element.iter(qn("w:lang")), *word.settings.element.iter(qn("w:themeFontLang"))):
        element.set(qn("w:val"), LANGUAGE)
    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)  # python-docx begins with an American letter
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.5)
    _set_face(word)
    _set_heading(word, "Title", Pt(22), after=Pt(6))
    _set_heading(word, "Heading 1", Pt(15), before=Pt(18), after=Pt(2))
    _set_heading(word, "Heading 2", Pt(11.5), before=Pt(12), after=Pt(3))
    quote = _style(word, "Quote")
    quote.font.italic, quote.font.color.rgb = False, _TEXT
    quote.paragraph_format.left_indent = quote.paragraph_format.right_indent = _INDENT
    quote.paragraph_format.space_after = Pt(3)
    quote.paragraph_format.keep_with_next = True  # no quote without its source
    for level, name in BULLET_STYLES.items():
        _add_bullets(word, name, level)
    source = _added(word, SOURCE_STYLE, "Normal")
    source.font.size, source.font.color.rgb = Pt(9.5), _QUIET
    source.paragraph_format.left_indent = _INDENT
    source.paragraph_format.keep_together = True
    _added(word, NOTE_STYLE, "Normal")


def _set_face(word: WordDocument) -> None:
    """One face everywhere: python-docx's template has two, through a theme that goes before what a style says."""
    for fonts in word.styles.element.iter(qn("w:rFonts")):
        for name in list(fonts.attrib):
            del fonts.attrib[name]
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), _FACE)


def _set_heading(word: WordDocument, name: str, size: Pt, *, before: Pt | None = None, after: Pt) -> None:
    style = _style(word, name)
    style.font.size, style.font.bold, style.font.color.rgb = size, True, _GREEN
    style.paragraph_format.space_after = after
    if before is not None:
        style.paragraph_format.space_before = before
    for border in style.element.findall(f".//{qn('w:pBdr')}"):  # the template's line below a title, in blue
        border.getparent().remove(border)


def _add_bullets(word: WordDocument, name: str, level: int) -> None:
    """A list in a quote: what a screen reader calls a list, in the looks of the quote."""
    style = _added(word, name, "Quote")
    template = _style(word, "List Bullet" if level == 1 else f"List Bullet {level}")
    properties = style.element.get_or_add_pPr()
    properties.append(deepcopy(template.element.find(f".//{qn('w:numPr')}")))
    style.paragraph_format.left_indent = _INDENT + level * Cm(0.6)
    style.paragraph_format.first_line_indent = -Cm(0.6)


def _added(word: WordDocument, name: str, base: str) -> ParagraphStyle:
    style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)  # what add_style makes for this type
    style.base_style = word.styles[base]
    style.quick_style = True
    return style


def _style(word: WordDocument, name: str) -> ParagraphStyle:
    style = word.styles[name]
    assert isinstance(style, ParagraphStyle)  # all that are asked for here
    return style
