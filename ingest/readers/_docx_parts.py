"""The parts of a DOCX and of its XML that the text is found by: which part holds it, addresses, rows, text boxes."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.errors import UnreadableError
from ingest.readers._archives import Archive, Element, attribute, local
from ingest.readers._items import dated

# Content controls and tracked insertions may stand around paragraphs, rows and cells.
AROUND_BLOCKS = frozenset("sdt sdtContent customXml ins moveTo".split())


def main_part(archive: Archive) -> str:
    """The name of the part with the text: 'word/document.xml', unless the file says otherwise."""
    relations = archive.xml("_rels/.rels")
    for relation in relations if relations is not None else ():
        if attribute(relation, "Type").endswith("/officeDocument"):
            return attribute(relation, "Target").lstrip("/")
    return "word/document.xml"


def metadata_of(archive: Archive) -> dict[str, str]:
    """Title, author, dates and language under the names that PDFs use; nothing if they cannot be read."""
    names = {
        "title": "title",
        "creator": "author",
        "created": "creationdate",
        "modified": "moddate",
        "language": "lang",
    }
    try:
        core = archive.xml("docProps/core.xml")
    except UnreadableError:
        return {}
    return (
        dated({names[local(entry)]: entry.text or "" for entry in core if local(entry) in names})
        if core is not None
        else {}
    )


def addresses(archive: Archive, name: str) -> dict[str, str]:
    """Relation id → address, of what points outside the file."""
    try:
        relations = archive.xml(name)
    except UnreadableError:
        return {}
    return {
        attribute(relation, "Id"): attribute(relation, "Target")
        for relation in (relations if relations is not None else ())
        if attribute(relation, "TargetMode") == "External" and attribute(relation, "Type").endswith("/hyperlink")
    }


def rows_of(table: Element) -> Iterator[Element]:
    """The rows of a table, also those in content controls and tracked insertions."""
    for element in table:
        if local(element) == "tr":
            yield element
        elif local(element) in AROUND_BLOCKS:
            yield from rows_of(element)


def cells_of(row: Element) -> Iterator[Element]:
    for element in row:
        if local(element) == "tc":
            yield element
        elif local(element) in AROUND_BLOCKS:
            yield from cells_of(element)


def boxes_in(drawing: Element) -> list[Element]:
    """The contents of the text boxes in a drawing. Word writes each twice, for new and old programs: the new one."""
    found: list[Element] = []
    for element in drawing:
        if local(element) == "txbxContent":
            found.append(element)
        else:
            found.extend(boxes_in(chosen(element) if local(element) == "AlternateContent" else element))
    return found


def chosen(alternatives: Element) -> Element:
    """Of the same content in two forms the first that is there: Choice before Fallback."""
    return next((found for found in alternatives if local(found) in ("Choice", "Fallback")), alternatives)
