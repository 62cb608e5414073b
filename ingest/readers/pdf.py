"""PDF → Document. pypdf reads the structure (metadata, outline, page labels, links), pypdfium2 the text.

Stages: 1 open, or say why not · 2 structure · 3 text of each page · 4 heads and feet off · 5 columns ·
6 tables of contents off · 7 blocks.
A page that fails costs that page, with a warning; a file that fails raises UnreadableError.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ingest import ocr
from ingest.blocks import blocks_of
from ingest.contents import without_contents
from ingest.documents import Block, Box, Document, Line, Link, Page, Source
from ingest.errors import UnreadableError
from ingest.folding import letters_only
from ingest.furniture import without_furniture
from ingest.headings import Pages
from ingest.layout import Column, Run, columns_of
from ingest.quality import FEW_SIGNS, is_damaged, known_words, needs_ocr
from ingest.readers.pdf_structure import Structure, read_structure
from ingest.readers.pdf_text import NO_TURN, ToShown, Turn, read_runs, shown_boxes

# The size in points that is taken for a page that cannot be read.
A4 = (595.0, 842.0)

# A page with a picture and at least so many signs of text may be a cover; with fewer it may be a stamped scan.
COVER_SIGNS = 10
# Text that was turned into drawings has a path a letter: a page with more than this may be written full.
DRAWINGS = 100
# Lines and surfaces (a rule above the foot, a coloured edge) on a page that is blank for all that.
FEW_DRAWINGS = 10

# What the warning begins with that says which pages were read from their picture; the ledger goes by it.
FROM_PICTURE = "Van het beeld gelezen"
# What those begin with that name the pages whose picture should have been read: without Tesseract, or for want of
# time. Such a reading is not the last word on a file.
UNREAD_PICTURE, UNREAD_TEXT = "Alleen beeld, niet gelezen", "Onbetrouwbare tekstlaag"
# So many damaged pages on end are the end of the file: some say that they have a million pages.
DAMAGED_ON_END = 100
# How long pictures are read of one file, in seconds: at 1 to 5 a page some thousand pages. Those after that are unread.
PICTURE_SECONDS = 3000.0


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What pdfium tells of one page: its runs, its size as shown in points, and where a rectangle of it is shown.

    The runs stand upright for the layout, with `turn` saying how to put them back on the shown page.
    """

    runs: list[Run]
    width: float
    height: float
    to_shown: ToShown
    turn: Turn = NO_TURN
    scanned: bool = False  # read from its picture
    unread: bool = False  # to be read from its picture, which could not be done
    bare: bool = False  # no picture, and hardly a drawing

    @property
    def upright_height(self) -> float:
        return self.width if self.turn.quarters % 2 else self.height


def read_pdf(source: Source, data: bytes, file: str, digest: str) -> Document:
    """The document in `data`. Raises UnreadableError with the ledger's state and a sentence in Dutch."""
    pdf = _open(data, file)  # 1
    try:
        structure = read_structure(data)  # 2
        sheets = _sheets(pdf, structure.warnings)  # 3
    finally:
        pdf.close()
    sheets = _with_common_sizes(sheets)
    _check_text(sheets, structure.warnings, file)
    kept, printed = without_furniture([(sheet.upright_height, sheet.runs) for sheet in sheets])  # 4
    columns = [columns_of(runs) for runs in kept]  # 5
    turns = [sheet.turn for sheet in sheets]
    labels = _padded(structure.labels, len(sheets))
    pages = tuple(
        Page(number, label or found or str(number), sheet.width, sheet.height, _lines(on_page, sheet.turn))
        for number, (label, found, sheet, on_page) in enumerate(zip(labels, printed, sheets, columns, strict=True), 1)
    )
    content, contents_on = without_contents(list(enumerate(columns, start=1)))  # 6
    structure.warnings.extend(_reading_warnings(sheets, contents_on))
    return Document(
        source=source,
        file=file,
        digest=digest,
        pages=pages,
        blocks=tuple(_as_shown(block, turns) for block in blocks_of(content)),  # 7
        links=tuple(_links(structure, sheets)),
        outline=tuple(structure.outline),
        metadata=structure.metadata,
        warnings=tuple(structure.warnings),
        contents_pages=tuple(_without_content(sheets, content, contents_on)),
    )


# ── 1 Open ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _open(data: bytes, file: str) -> pdfium.PdfDocument:
    if not data.strip():
        raise UnreadableError("leeg", f"{file} is leeg. Vraag het bestand opnieuw op bij de uitgever.")
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        # pdfium's error may be left over from the file before this one, so what it says of a password is checked.
        if b"/Encrypt" in data and re.search("password|security", str(error), re.IGNORECASE):
            reason = f"{file} is met een wachtwoord versleuteld. Zet er een versie zonder wachtwoord neer."
            raise UnreadableError("versleuteld", reason) from error
        reason = f"{file} is beschadigd en kan niet worden geopend. Vraag het bestand opnieuw op bij de uitgever."
        raise UnreadableError("beschadigd", reason) from error
    if len(pdf) == 0:
        pdf.close()
        raise UnreadableError("leeg", f"{file} heeft geen enkele pagina. Vraag het bestand opnieuw op bij de uitgever.")
    return pdf


# ── 3 Text ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _sheets(pdf: pdfium.PdfDocument, warnings: list[str]) -> list[_Sheet]:
    """Every page; one that cannot be read is an empty one, with a warning."""
    sheets: list[_Sheet] = []
    turned: list[int] = []
    damaged = 0
    deadline = time.monotonic() + PICTURE_SECONDS
    for number in range(1, len(pdf) + 1):
        try:
            sheet, left_out = _sheet(pdf, number - 1, deadline)
        except Exception as error:  # whatever is wrong with one page, the others can be read
            damaged += 1
            if damaged > DAMAGED_ON_END:
                warnings.append(f"Pagina {number} en wat er nog volgt, tot {len(pdf)}, is beschadigd en niet gelezen.")
                break
            warnings.append(f"Pagina {number} is beschadigd en niet gelezen ({type(error).__name__}).")
            sheet, left_out = _Sheet([], *A4, _unturned), 0
        else:
            damaged = 0
        if left_out:
            turned.append(number)
        sheets.append(sheet)
    if turned:
        warnings.append(f"Gedraaide tekst is overgeslagen op pagina {', '.join(map(str, turned))}.")
    return sheets


def _sheet(pdf: pdfium.PdfDocument, index: int, deadline: float) -> tuple[_Sheet, int]:
    """One page, and how many characters of it were left out. After the deadline no picture is read any more."""
    page = pdf[index]
    try:
        runs, left_out, turn = read_runs(page)
        width, height = page.get_size()
        picture, drawings = _drawn(page)
        bare = not picture and drawings <= FEW_DRAWINGS and not left_out
        sheet = _Sheet(runs, width, height, shown_boxes(page), turn, bare=bare)
        to_be_read = _is_to_be_read(page, runs, may_show_text=picture or drawings > DRAWINGS)
        return (_from_picture(page, sheet, deadline) if to_be_read else sheet), left_out
    finally:
        page.close()


def _is_to_be_read(page: pdfium.PdfPage, runs: Sequence[Run], *, may_show_text: bool) -> bool:
    """Whether the page's text layer is missing or nonsense; a cover with a title over a photograph is neither."""
    text = _text(runs)
    if not needs_ocr(text, has_images=may_show_text):
        return False
    signs = sum(map(len, text.split()))
    return not COVER_SIGNS <= signs < FEW_SIGNS or ocr.is_print(page)


def _drawn(page: pdfium.PdfPage) -> tuple[bool, int]:
    """Whether there is a picture on the page, and if not, how many lines and surfaces are drawn on it."""
    drawings = 0
    for thing in page.get_objects(max_depth=5):
        if thing.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            return True, 0
        drawings += thing.type == pdfium_c.FPDF_PAGEOBJ_PATH
    return False, drawings


def _from_picture(page: pdfium.PdfPage, sheet: _Sheet, deadline: float) -> _Sheet:
    """The page as Tesseract reads it, if that gives more words than its text layer."""
    if not ocr.available() or time.monotonic() > deadline:
        return replace(sheet, unread=True)
    try:
        runs, turn = ocr.read_page(page)
    except ocr.OcrError:
        return replace(sheet, unread=True)
    if known_words(_text(runs)) <= known_words(_text(sheet.runs)):
        return sheet
    return replace(sheet, runs=runs, turn=turn, scanned=True)


def _with_common_sizes(sheets: list[_Sheet]) -> list[_Sheet]:
    """The sheets, with what was measured in pictures as one size made one size on all of them."""
    scanned = [number for number, sheet in enumerate(sheets) if sheet.scanned]
    same = list(sheets)
    for number, runs in zip(scanned, ocr.with_common_sizes([sheets[number].runs for number in scanned]), strict=True):
        same[number] = replace(sheets[number], runs=runs)
    return same


def _reading_warnings(sheets: Sequence[_Sheet], contents: Sequence[int]) -> Iterator[str]:
    """What was read in another way than from the text layer, or not at all, and where a table of contents stands."""
    numbered = list(enumerate(sheets, start=1))
    said = (
        (f"{FROM_PICTURE} (tekstherkenning)", [number for number, sheet in numbered if sheet.scanned]),
        (UNREAD_PICTURE, [number for number, sheet in numbered if sheet.unread and not sheet.runs]),
        (UNREAD_TEXT, [number for number, sheet in numbered if sheet.unread and sheet.runs]),
        ("Letters verloren in de tekstlaag", [number for number, sheet in numbered if is_damaged(_text(sheet.runs))]),
        ("Inhoudsopgave, niet doorzocht", list(contents)),
    )
    return (f"{what}: pagina {', '.join(map(str, pages))}." for what, pages in said if pages)


def _without_content(sheets: Sequence[_Sheet], content: Pages, contents_on: Sequence[int]) -> Iterator[int]:
    """The numbers of the pages that hold nothing to search: blank ones, and those full of a table of contents."""
    for sheet, (number, columns) in zip(sheets, content, strict=True):
        if not columns and (number in contents_on or sheet.bare):
            yield number


def _text(runs: Sequence[Run]) -> str:
    return "\n".join(run.text.strip() for run in runs)


def _unturned(left: float, bottom: float, right: float, top: float) -> Box:
    return Box(left, A4[1] - top, right, A4[1] - bottom)


def _check_text(sheets: Sequence[_Sheet], warnings: Sequence[str], file: str) -> None:
    """Raises UnreadableError if no page has text, and says whether the file or its maker is to blame."""
    if any(sheet.runs for sheet in sheets):
        return
    if any(warning.startswith("Pagina ") for warning in warnings):
        reason = f"{file} is beschadigd: geen enkele pagina kan worden gelezen. Vraag het bestand opnieuw op."
        raise UnreadableError("beschadigd", reason)
    if any(warning.startswith("Gedraaide") for warning in warnings):
        raise UnreadableError("leeg", f"{file} heeft alleen schuin of dwars gezette tekst.")
    raise UnreadableError("gescand niet gelezen", f"{file} heeft geen tekstlaag: het zijn alleen beelden van pagina's.")


def _lines(columns: list[Column], turn: Turn) -> tuple[Line, ...]:
    return tuple(replace(line, box=turn.back(line.box)) for column in columns for line in column.lines)


def _as_shown(block: Block, turns: Sequence[Turn]) -> Block:
    """The block with its regions where they stand on the shown pages."""
    return replace(block, regions=tuple((page, turns[page - 1].back(box)) for page, box in block.regions))


def _padded(labels: list[str], pages: int) -> list[str]:
    return [*labels, *[""] * pages][:pages]


# ── Links ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _links(structure: Structure, sheets: Sequence[_Sheet]) -> Iterator[Link]:
    """Links with the words they stand on; the pieces of one link that was broken over lines are one link again."""
    pending: Link | None = None
    for number, corners, url in structure.links:
        if number > len(sheets):
            continue
        sheet = sheets[number - 1]
        box = sheet.to_shown(*corners)
        link = Link(number, box, _words_under(sheet.turn.upright(box), sheet.runs), url)
        if pending and _goes_on(pending, link):
            glue = "" if pending.words.endswith("-") else " "
            words = (pending.words.rstrip("-") + glue + link.words).strip()
            pending = Link(number, pending.box.union(box), words, url)
            continue
        if pending:
            yield pending
        pending = link
    if pending:
        yield pending


def _goes_on(link: Link, piece: Link) -> bool:
    """Whether a piece stands on the line below the link so far and points to the same place."""
    same = (link.url, link.page) == (piece.url, piece.page)
    return same and 0 <= piece.box.top - link.box.top < 3 * piece.box.height


def _words_under(box: Box, runs: list[Run]) -> str:
    """The words whose middle lies in the box; a run's characters are taken as evenly wide."""
    words: list[str] = []
    for run in runs:
        middle = (run.box.top + run.box.bottom) / 2
        if not box.top - 1 <= middle <= box.bottom + 1 or run.box.right < box.left or run.box.left > box.right:
            continue
        per_character = run.box.width / max(len(run.text), 1)
        position = 0
        for word in run.text.split(" "):
            centre = run.box.left + (position + len(word) / 2) * per_character
            if box.left <= centre <= box.right and letters_only(word):
                words.append(word)
            position += len(word) + 1
    return " ".join(words)
