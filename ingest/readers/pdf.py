"""PDF → Document. pypdf reads the structure (metadata, outline, page labels, links), pypdfium2 the text.

Stages: 1 open, or say why not · 2 structure · 3 text of each page · 4 heads and feet off · 5 columns · 6 blocks.
A page that fails costs that page, with a warning; a file that fails raises UnreadableError.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from ingest.blocks import blocks_of
from ingest.cleaning import letters_only
from ingest.documents import Box, Document, Line, Link, Page, Source
from ingest.errors import UnreadableError
from ingest.furniture import without_furniture
from ingest.layout import Column, columns_of
from ingest.readers.pdf_text import Run, read_runs

# What a damaged file can make pypdf raise besides its own errors; the list grew from mutated files.
_PYPDF_FAULTS = (
    PyPdfError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    RecursionError,
    OSError,
    AssertionError,
    NotImplementedError,
    OverflowError,
    ZeroDivisionError,
)

# pypdf reports every oddity of a file on its logger; what matters to the bureau is in the document's warnings.
logging.getLogger("pypdf").setLevel(logging.ERROR)


@dataclass(slots=True)
class _Structure:
    """What pypdf tells. Links have their words added once the text is known."""

    metadata: dict[str, str] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    outline: list[tuple[int, str, int]] = field(default_factory=list)
    links: list[tuple[int, tuple[float, float, float, float], str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_pdf(source: Source, data: bytes, file: str, digest: str) -> Document:
    """The document in `data`. Raises UnreadableError with the ledger's state and a sentence in Dutch."""
    pdf = _open(data, file)  # 1
    try:
        structure = _structure(data)  # 2
        runs, sizes = _text(pdf, structure.warnings)  # 3
    finally:
        pdf.close()
    if not any(page_runs for page_runs in runs):
        raise UnreadableError("gescand niet gelezen", f"{file} heeft geen tekstlaag: het zijn alleen beelden van pagina's.")
    kept, printed = without_furniture([(height, page) for (_, height), page in zip(sizes, runs, strict=True)])  # 4
    columns = [columns_of(page_runs) for page_runs in kept]  # 5
    pages = tuple(
        Page(number, label or printed[number - 1] or str(number), *sizes[number - 1], _lines(columns[number - 1]))
        for number, label in enumerate(_padded(structure.labels, len(sizes)), start=1)
    )
    return Document(
        source=source,
        file=file,
        digest=digest,
        pages=pages,
        blocks=tuple(blocks_of(list(enumerate(columns, start=1)))),  # 6
        links=tuple(_links(structure, runs, sizes)),
        outline=tuple(structure.outline),
        metadata=structure.metadata,
        warnings=tuple(structure.warnings),
    )


# ── 1 Open ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _open(data: bytes, file: str) -> pdfium.PdfDocument:
    if not data.strip():
        raise UnreadableError("leeg", f"{file} is leeg. Vraag het bestand opnieuw op bij de uitgever.")
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            reason = f"{file} is met een wachtwoord versleuteld. Zet er een versie zonder wachtwoord neer."
            raise UnreadableError("versleuteld", reason) from error
        reason = f"{file} is beschadigd en kan niet worden geopend. Vraag het bestand opnieuw op bij de uitgever."
        raise UnreadableError("beschadigd", reason) from error
    if len(pdf) == 0:
        pdf.close()
        raise UnreadableError("leeg", f"{file} heeft geen enkele pagina. Vraag het bestand opnieuw op bij de uitgever.")
    return pdf


# ── 2 Structure ──────────────────────────────────────────────────────────────────────────────────────────────────


def _structure(data: bytes) -> _Structure:
    """What pypdf can tell; each part that it cannot read costs that part only."""
    structure = _Structure()
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            reader.decrypt("")
    except _PYPDF_FAULTS as error:
        structure.warnings.append(f"De opbouw van het bestand is niet te lezen ({type(error).__name__}).")
        return structure
    parts = (
        ("eigenschappen", _read_metadata),
        ("paginalabels", _read_labels),
        ("inhoudsopgave", _read_outline),
        ("verwijzingen", _read_links),
    )
    for name, read in parts:
        try:
            read(reader, structure)
        except _PYPDF_FAULTS as error:
            structure.warnings.append(f"De {name} zijn niet te lezen ({type(error).__name__}).")
    return structure


def _read_metadata(reader: pypdf.PdfReader, structure: _Structure) -> None:
    for key, value in (reader.metadata or {}).items():
        structure.metadata[str(key).lstrip("/").lower()] = str(value)


def _read_labels(reader: pypdf.PdfReader, structure: _Structure) -> None:
    if "/PageLabels" in reader.trailer["/Root"]:
        structure.labels = list(reader.page_labels)


def _read_outline(reader: pypdf.PdfReader, structure: _Structure) -> None:
    def walk(items: list, level: int) -> Iterator[tuple[int, str, int]]:  # type: ignore[type-arg]
        for item in items:
            if isinstance(item, list):
                yield from walk(item, level + 1)
                continue
            number = reader.get_destination_page_number(item)
            if item.title and number is not None:
                yield level, str(item.title), number + 1

    structure.outline = list(walk(reader.outline, 1))


def _read_links(reader: pypdf.PdfReader, structure: _Structure) -> None:
    for number, page in enumerate(reader.pages, start=1):
        annotations = _resolved(page.get("/Annots"))
        for reference in annotations if isinstance(annotations, ArrayObject) else ():
            annotation = _resolved(reference)
            if not isinstance(annotation, DictionaryObject) or annotation.get("/Subtype") != "/Link":
                continue
            action = _resolved(annotation.get("/A"))
            target = _resolved(action.get("/URI")) if isinstance(action, DictionaryObject) else None
            if target is None:
                continue
            url = target.decode("utf-8", "replace") if isinstance(target, bytes) else str(target)
            x0, y0, x1, y1 = (float(value) for value in annotation["/Rect"])  # type: ignore[union-attr]
            crop = page.cropbox
            left, top = float(crop.left), float(crop.top)
            box = (min(x0, x1) - left, top - max(y0, y1), max(x0, x1) - left, top - min(y0, y1))
            structure.links.append((number, box, url))


def _resolved(value: object) -> object:
    return value.get_object() if isinstance(value, IndirectObject) else value


# ── 3 Text ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _text(pdf: pdfium.PdfDocument, warnings: list[str]) -> tuple[list[list[Run]], list[tuple[float, float]]]:
    """Runs and (width, height) a page."""
    runs: list[list[Run]] = []
    sizes: list[tuple[float, float]] = []
    turned: list[int] = []
    for index in range(len(pdf)):
        try:
            page = pdf[index]
            sizes.append(page.get_size())
            page_runs, left_out = read_runs(page)
            page.close()
        except pdfium.PdfiumError:
            warnings.append(f"Pagina {index + 1} is beschadigd en niet gelezen.")
            page_runs, left_out = [], 0
            if len(sizes) == index:
                sizes.append((595.0, 842.0))
        if left_out:
            turned.append(index + 1)
        runs.append(page_runs)
    if turned:
        warnings.append(f"Gedraaide tekst is overgeslagen op pagina {', '.join(map(str, turned))}.")
    return runs, sizes


def _lines(columns: list[Column]) -> tuple[Line, ...]:
    return tuple(line for column in columns for line in column.lines)


def _padded(labels: list[str], pages: int) -> list[str]:
    return [*labels, *[""] * pages][:pages]


def _links(structure: _Structure, runs: list[list[Run]], sizes: list[tuple[float, float]]) -> Iterator[Link]:
    """Links with the words they stand on; the pieces of one link that was broken over lines are one link again."""
    pending: Link | None = None
    for number, corners, url in structure.links:
        if number > len(sizes):
            continue
        box = Box(*corners)
        words = _words_under(box, runs[number - 1])
        if pending and pending.url == url and pending.page == number and 0 <= box.top - pending.box.top < 3 * box.height:
            glue = "" if pending.words.endswith("-") else " "
            joined = pending.words.rstrip("-") + glue + words
            pending = Link(number, pending.box.union(box), joined.strip(), url)
            continue
        if pending:
            yield pending
        pending = Link(number, box, words, url)
    if pending:
        yield pending


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


def is_pdf(data: bytes) -> bool:
    """Whether the content, not the name, says PDF: the header may stand a little way in."""
    return b"%PDF-" in data[:1024]


def read_pdf_file(source: Source, path: Path, digest: str) -> Document:
    """As read_pdf, from a file."""
    return read_pdf(source, path.read_bytes(), path.name, digest)
