"""What there is to read: the register's entries, and the files that lie in the corpus.

The register (bronnen.toml) is what the bureau edits. A corpus without one works too: each file is then a source of its
own, named after itself.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.documents import CitedBy, Source
from ingest.errors import CorpusError, RegisterError, UnknownPortefeuilleError
from ingest.folding import fold
from ingest.portefeuilles import portefeuille_named

REGISTER = "bronnen.toml"
# Not sources: the register, explanations, and the readable source that the handover's PDF is typeset from.
_NO_SOURCES = frozenset({REGISTER, "begrippen.toml"})
_NO_SOURCE_FOLDERS = frozenset({"typesetting"})

# The register's fields and the type of each; corpus/README.md explains them, bronnen.toml itself does so in Dutch.
_FIELDS = {
    "id": str,
    "titel": str,
    "uitgever": str,
    "jaar": int,
    "soort": str,
    "portefeuilles": list,
    "bestand": str,
    "adres": str,
    "volg_links": bool,
    "persoonsgegevens": str,
    "genoemd": list,
}
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_ADDRESS = re.compile(r"https?://[^\s/]+", re.IGNORECASE)


def sources_of(corpus: Path) -> list[Source]:
    """All sources of a corpus folder: those of the register in its order, then the other files by name.

    Raises CorpusError if the folder cannot be read, RegisterError if its register says what it should not.
    """
    if not corpus.is_dir():
        raise CorpusError(f"De map {corpus} bestaat niet. Geef met --corpus een map met documenten op.")
    registered = _registered(corpus)
    taken = {source.path.resolve() for source in registered if source.path}
    ids = {source.id for source in registered}
    loose: list[Source] = []
    for path in _files(corpus):
        if path.resolve() not in taken:
            source = Source(id=free_id(path.relative_to(corpus), ids), title=_title_of(path), path=path)
            ids.add(source.id)
            loose.append(source)
    return [*registered, *loose]


def _registered(corpus: Path) -> list[Source]:
    path = corpus / REGISTER
    if not path.exists():
        return []
    try:
        # utf-8-sig: Notepad may set a byte order mark before the first word
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        raise RegisterError(path, f"het bestand is geen geldig TOML ({error})") from error
    return sources_in(path, text)


def sources_in(path: Path, text: str) -> list[Source]:
    """The sources that a register names, in its order; `text` is what stands, or is to stand, in the file `path`.

    Raises RegisterError if it says what it should not.
    """
    try:
        entries = tomllib.loads(text).get("bron", [])
    except tomllib.TOMLDecodeError as error:
        raise RegisterError(path, f"het bestand is geen geldig TOML ({error})") from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise RegisterError(path, "schrijf elke bron als een blok dat begint met [[bron]]")
    sources = [_source(path, number, entry) for number, entry in enumerate(entries, start=1)]
    seen: set[str] = set()
    for source in sources:
        if source.id in seen:
            raise RegisterError(path, f"de id '{source.id}' staat er twee keer in")
        seen.add(source.id)
    # 'genoemd' speaks of the document whose links are followed, the handover, unless it names another
    root = next((entry["id"] for entry in entries if entry.get("volg_links")), sources[0].id if sources else "")
    return [replace(source, cited_by=tuple(_in(place, root) for place in source.cited_by)) for source in sources]


def _in(place: CitedBy, root: str) -> CitedBy:
    return place if place.document else replace(place, document=root)


def _source(register: Path, number: int, entry: Mapping[str, Any]) -> Source:
    name = f"bron {number} ({entry.get('id', 'zonder id')})"
    for field, value in entry.items():
        if field not in _FIELDS:
            raise RegisterError(register, f"{name} heeft een onbekend veld '{field}'. Mogelijk: {', '.join(_FIELDS)}")
        if not isinstance(value, _FIELDS[field]) or (_FIELDS[field] is int and isinstance(value, bool)):
            raise RegisterError(register, f"{name}: het veld '{field}' heeft een verkeerde waarde ({value!r})")
    for field in ("id", "titel"):
        if not entry.get(field):
            raise RegisterError(register, f"{name} mist het veld '{field}'")
    if not _ID.fullmatch(entry["id"]):
        raise RegisterError(register, f"{name}: een id bestaat uit kleine letters, cijfers en streepjes")
    if entry.get("adres") and not _ADDRESS.match(entry["adres"]):
        raise RegisterError(register, f"{name}: een adres begint met https:// of http://")
    try:
        portefeuilles = tuple(portefeuille_named(str(value)) for value in entry.get("portefeuilles", []))
    except UnknownPortefeuilleError as error:
        raise RegisterError(register, f"{name}: {error}") from error
    return Source(
        id=entry["id"],
        title=entry["titel"],
        publisher=entry.get("uitgever", ""),
        year=entry.get("jaar"),
        portefeuilles=portefeuilles,
        path=_path_of(register, name, entry.get("bestand")),
        url=entry.get("adres") or None,
        kind=entry.get("soort", "rapport"),
        follow_links=entry.get("volg_links", False),
        personal_data=entry.get("persoonsgegevens", ""),
        cited_by=tuple(_cited(register, name, entries) for entries in entry.get("genoemd", [])),
    )


def _path_of(register: Path, name: str, file: str | None) -> Path | None:
    """The file of an entry, which must lie within the corpus folder; whether it is there is for the ledger to say."""
    if not file:
        return None
    path = register.parent / file
    try:
        if not path.resolve().is_relative_to(register.parent.resolve()):
            raise RegisterError(register, f"{name}: het bestand '{file}' ligt buiten de map met bronnen")
        return path if path.exists() else _same_name(path)
    except (OSError, ValueError, RuntimeError) as error:  # too long, a zero byte, links that go round in a circle
        raise RegisterError(register, f"{name}: het veld 'bestand' kan geen bestandsnaam zijn ({file!r})") from error


def _same_name(path: Path) -> Path:
    """The file whose name reads the same: a Mac writes the ë of 'Financiën.pdf' as two signs. Without one, the path."""
    wanted = unicodedata.normalize("NFC", path.name)
    try:
        alike = [other for other in path.parent.iterdir() if unicodedata.normalize("NFC", other.name) == wanted]
    except OSError:
        return path
    return alike[0] if alike else path


def _cited(register: Path, name: str, entry: object) -> CitedBy:
    if not isinstance(entry, dict) or not isinstance(entry.get("pagina"), int):
        raise RegisterError(register, f"{name}: schrijf 'genoemd' als {{ pagina = 14, woorden = \"…\" }}")
    return CitedBy(str(entry.get("document", "")), entry["pagina"], str(entry.get("woorden", "")))


def _files(corpus: Path) -> Iterator[Path]:
    for path in sorted(corpus.rglob("*")):
        parts = path.relative_to(corpus).parts
        if any(part.startswith(".") or part in _NO_SOURCE_FOLDERS for part in parts):
            continue
        if path.is_file() and path.name not in _NO_SOURCES and not path.stem.upper().startswith("README"):
            yield path


def free_id(relative: Path, taken: set[str]) -> str:
    """'Jaarverslag 2024.pdf' → 'jaarverslag-2024', with a number behind it if that is taken."""
    base = re.sub(r"[^a-z0-9]+", "-", fold(str(relative.with_suffix("")))).strip("-") or "bron"
    number, found = 1, base
    while found in taken:
        number += 1
        found = f"{base}-{number}"
    return found


def _title_of(path: Path) -> str:
    """'minvws__jaar_verslag-2024.pdf' → 'minvws jaar verslag-2024'."""
    name = unicodedata.normalize("NFC", name_of(path))
    return " ".join(re.sub(r"_+", " ", Path(name).stem).split()) or name


def name_of(path: Path) -> str:
    """The file's name in a form that every program can store: a name in an old code page may hold broken signs."""
    return path.name.encode("utf-8", "replace").decode("utf-8")
