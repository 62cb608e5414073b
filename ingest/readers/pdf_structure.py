"""The structure of a PDF as pypdf tells it: metadata, page labels, outline, and where links stand and point."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pypdf
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, Destination, DictionaryObject, IndirectObject

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

Corners = tuple[float, float, float, float]  # left, bottom, right, top, in PDF coordinates


@dataclass(slots=True)
class Structure:
    """What pypdf tells. `links` has (page from 1, corners, address); the words that they stand on it does not know."""

    metadata: dict[str, str] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    outline: list[tuple[int, str, int]] = field(default_factory=list)
    links: list[tuple[int, Corners, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_structure(data: bytes) -> Structure:
    """What pypdf can tell; each part that it cannot read costs that part only."""
    structure = Structure()
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


def _read_metadata(reader: pypdf.PdfReader, structure: Structure) -> None:
    for key, value in (reader.metadata or {}).items():
        structure.metadata[str(key).lstrip("/").lower()] = _encodable(str(value))


def _read_labels(reader: pypdf.PdfReader, structure: Structure) -> None:
    if "/PageLabels" in reader.root_object:
        structure.labels = list(reader.page_labels)


def _read_outline(reader: pypdf.PdfReader, structure: Structure) -> None:
    def walk(items: Iterable[object], level: int) -> Iterator[tuple[int, str, int]]:
        for item in items:
            if isinstance(item, list):
                yield from walk(item, level + 1)
            elif isinstance(item, Destination):
                number = reader.get_destination_page_number(item)
                if item.title and number is not None:
                    yield level, _encodable(str(item.title)), number + 1

    structure.outline = list(walk(reader.outline, 1))


def _read_links(reader: pypdf.PdfReader, structure: Structure) -> None:
    for number, page in enumerate(reader.pages, start=1):
        annotations = _resolved(page.get("/Annots"))
        for reference in annotations if isinstance(annotations, ArrayObject) else ():
            annotation = _resolved(reference)
            if not isinstance(annotation, DictionaryObject) or annotation.get("/Subtype") != "/Link":
                continue
            action = _resolved(annotation.get("/A"))
            target = _resolved(action.get("/URI")) if isinstance(action, DictionaryObject) else None
            corners = _corners(_resolved(annotation.get("/Rect")))
            if target is not None and corners is not None:
                url = target.decode("utf-8", "replace") if isinstance(target, bytes) else _encodable(str(target))
                structure.links.append((number, corners, url))


def _corners(rectangle: object) -> Corners | None:
    """The corners of a rectangle however it was written down; None if it is none."""
    values = [_resolved(value) for value in rectangle] if isinstance(rectangle, ArrayObject) else []
    numbers = [float(value) for value in values if isinstance(value, int | float)]
    if len(values) != 4 or len(numbers) != 4:
        return None
    x0, y0, x1, y1 = numbers
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _resolved(value: object) -> object:
    return value.get_object() if isinstance(value, IndirectObject) else value


def _encodable(text: str) -> str:
    """Without the halves of characters that a damaged file may hold and no other program can store."""
    return text.encode("utf-8", "replace").decode("utf-8")
