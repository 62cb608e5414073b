"""Files that are a zip of XML (DOCX, ODT), opened with care: what is damaged, locked or a bomb is refused in Dutch.

Nothing of the zip or XML libraries reaches the caller as it is: every fault is an UnreadableError.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from enum import StrEnum

from lxml import etree

from ingest.errors import UnreadableError

# A part over this size, unpacked, is refused. Word writes about 25 kB of XML for a page full of tables (382 kB for the
# 15 pages of a government's template), so this is over a thousand pages; the tree of it takes about ten times as much.
MAX_PART = 32 * 1024 * 1024
# All parts that are read of one file together: the text, the styles, the footnotes.
MAX_PARTS = 2 * MAX_PART
# A zip's list of contents. A real document has a few hundred parts of about 100 bytes each in it.
MAX_DIRECTORY = 4 * 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
# What a damaged zip can make the standard library raise.
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
    NotImplementedError,
    RuntimeError,  # a member with a password
)

Element = etree._Element


class Kind(StrEnum):
    """What a file is inside, as far as its first bytes and its list of contents tell."""

    DOCX = "docx"
    ODT = "odt"
    LOCKED = "versleuteld"  # a Word file with a password: an OLE file around an encrypted package
    OLD_OFFICE = "doc"  # Word, Excel or PowerPoint from before 2007
    OTHER_ZIP = "zip"
    BROKEN_ZIP = "kapotte zip"
    NO_ARCHIVE = ""


def kind_of(data: bytes) -> Kind:
    """What the content says that a file is; its name plays no part. Never raises."""
    if data.startswith(_OLE):
        return Kind.LOCKED if "EncryptedPackage".encode("utf-16-le") in data else Kind.OLD_OFFICE
    if not data.startswith(_ZIP):
        return Kind.NO_ARCHIVE
    try:
        archive = Archive(data, "")
        mimetype = archive.read("mimetype") or b""
        types = archive.read("[Content_Types].xml") or b""
    except UnreadableError:
        return Kind.BROKEN_ZIP
    if mimetype.startswith(b"application/vnd.oasis.opendocument.text"):
        return Kind.ODT
    # 'document.main' and 'template.main', with and without macros; a workbook has 'sheet.main'
    if b"word" in types and any(sign in types for sign in (b"document.main+xml", b"template.main+xml")):
        return Kind.DOCX
    if not types and "word/document.xml" in archive.names:
        return Kind.DOCX
    return Kind.OTHER_ZIP


class Archive:
    """A zip in memory whose parts are read one by one, within bounds. `file` is the name for the messages."""

    def __init__(self, data: bytes, file: str) -> None:
        """Raises UnreadableError if the zip cannot be opened."""
        self._file = file
        self._left = MAX_PARTS
        if _directory_size(data) > MAX_DIRECTORY:
            raise too_large(file)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self.names = frozenset(self._zip.namelist())
        except _ZIP_FAULTS as error:
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
        except _ZIP_FAULTS as error:
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


def _directory_size(data: bytes) -> int:
    """The size in bytes of a zip's list of contents, as its last record says; 0 if there is no such record."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65557))
    if end < 0 or len(data) < end + 16:
        return 0
    size: int = struct.unpack_from("<I", data, end + 12)[0]
    return size
