"""Files that are a zip of XML (DOCX, ODT), opened with care: what is damaged, locked or a bomb is refused in Dutch.

Nothing of the zip or XML libraries reaches the caller as it is: every fault is an UnreadableError.
"""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from ingest.errors import UnreadableError
from ingest.kinds import MAX_DIRECTORY, ZIP_FAULTS, zip_directory_size

# A part over this size, unpacked, is refused. Word writes about 25 kB of XML for a page full of tables (382 kB for the
# 15 pages of a government's template), so this is over a thousand pages; the tree of it takes about ten times as much.
MAX_PART = 32 * 1024 * 1024
# All parts that are read of one file together: the text, the styles, the footnotes.
MAX_PARTS = 2 * MAX_PART

Element = etree._Element


class Archive:
    """A zip in memory whose parts are read one by one, within bounds. `file` is the name for the messages."""

    def __init__(self, data: bytes, file: str) -> None:
        """Raises UnreadableError if the zip cannot be opened."""
        self._file = file
        self._left = MAX_PARTS
        if zip_directory_size(data) > MAX_DIRECTORY:
            raise too_large(file)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self.names = frozenset(self._zip.namelist())
        except ZIP_FAULTS as error:
            raise damaged(file) from error

    def read(self, name: str) -> bytes | None:
        """A part's bytes; None if there is none of that name. Raises UnreadableError if it cannot be unpacked."""
        if name not in self.names:
            return None
        try:
            info = self._zip.getinfo(name)
            if info.flag_bits & 1:
                raise locked(self._file)
            bound = min(MAX_PART, self._left)
            if info.file_size > bound:
                raise too_large(self._file)
            with self._zip.open(info) as part:
                data = part.read(bound + 1)  # the size that is written down may be a lie
        except ZIP_FAULTS as error:
            raise damaged(self._file) from error
        if len(data) > bound:
            raise too_large(self._file)
        self._left -= len(data)
        return data

    def xml(self, name: str) -> Element | None:
        """A part's XML; None if there is none of that name. Raises UnreadableError if it is no plain XML."""
        data = self.read(name)
        return None if data is None else parsed(data, self._file)


def parsed(data: bytes, file: str) -> Element:
    """The root of some XML. Raises UnreadableError if it is damaged or declares entities, which no document needs."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise damaged(file) from error
    if root.getroottree().docinfo.internalDTD is not None:
        reason = (
            f"{file} bevat verwijzingen (XML-entiteiten) die niet in een document horen. Vraag een schone versie op."
        )
        raise UnreadableError("beschadigd", reason)
    return root


def local(element: Element) -> str:
    """An element's name without its namespace: Word's strict files have other namespaces than its ordinary ones."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element | None, name: str, default: str = "") -> str:
    """An attribute by its name without namespace."""
    if element is not None:
        for key, value in element.attrib.items():
            if str(key).rpartition("}")[2] == name:
                return str(value)
    return default


def child(element: Element | None, *path: str) -> Element | None:
    """The first child of that name, and of that the next: child(p, 'pPr', 'pStyle')."""
    for name in path:
        if element is None:
            return None
        element = next((found for found in element if local(found) == name), None)
    return element


def damaged(file: str) -> UnreadableError:
    """The error for a file that cannot be opened or unpacked."""
    reason = f"{file} is beschadigd en kan niet worden geopend. Vraag het bestand opnieuw op bij de uitgever."
    return UnreadableError("beschadigd", reason)


def locked(file: str) -> UnreadableError:
    """The error for a file with a password."""
    reason = f"{file} is met een wachtwoord versleuteld. Zet er een versie zonder wachtwoord neer."
    return UnreadableError("versleuteld", reason)


def too_large(file: str) -> UnreadableError:
    """The error for a file that unpacks to more than any document holds."""
    reason = f"{file} is uitgepakt groter dan {MAX_PART // 1024 // 1024} MB. Splits het, of controleer het bestand."
    return UnreadableError("te groot", reason)


def too_deep(file: str) -> UnreadableError:
    """The error for a file whose elements stand in each other further than any program writes them."""
    return UnreadableError("beschadigd", f"{file} is te diep genest om te lezen. Vraag het bestand opnieuw op.")


def empty(file: str) -> UnreadableError:
    """The error for a file without any words."""
    return UnreadableError("leeg", f"{file} bevat geen tekst. Vraag het bestand opnieuw op bij de uitgever.")
