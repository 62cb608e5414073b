"""Writing the bureau's files: the register and its like keep their comments, their order and their way of writing.

A change is read, made and checked as a whole before it takes the place of what stood there, in one step; two people
who change something at a time come one after the other. Only what is changed is touched: who edits the file by hand
meanwhile loses nothing but the very field.
"""

from __future__ import annotations

import fcntl
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from ingest.errors import NotKeptError, RegisterError
from ingest.sources import REGISTER, free_id, sources_in
from ingest.writing import write_whole

Value = str | int | list[str]


def change_source(corpus: Path, source_id: str, fields: Mapping[str, Value | None]) -> None:
    """Sets fields of one source in the register; None takes a field away. Raises RegisterError or NotKeptError.

    (…, 'sport', {'titel': 'Sportnota 2026', 'jaar': None}) → the rest of the file stays to the letter
    """
    with _register(corpus) as (document, path):
        entry = next((one for one in _entries(document) if one.get("id") == source_id), None)
        if entry is None:
            raise RegisterError(path, f"de bron '{source_id}' staat er niet (meer) in")
        _set(entry, fields)


def add_source(corpus: Path, fields: Mapping[str, Value | None], source_id: str = "") -> str:
    """Adds a source at the end of the register and returns its id, made from the title if it is not given.

    Raises RegisterError or NotKeptError.
    """
    with _register(corpus) as (document, _):
        entries = _entries(document)
        taken = {str(one.get("id")) for one in entries}
        name = Path(re.sub(r"[/.]", " ", str(fields.get("titel") or "bron"))[:60])
        source_id = source_id or free_id(name, taken)
        entry = tomlkit.table()
        entry.add("id", source_id)
        _set(entry, fields)
        if entries:
            entries[-1].add(tomlkit.nl())  # an empty line between the blocks, as the bureau has them
            document["bron"].append(entry)
        else:
            array = tomlkit.aot()
            array.append(entry)
            document["bron"] = array
    return source_id


def _set(entry: Table, fields: Mapping[str, Value | None]) -> None:
    for name, value in fields.items():
        if value is None or value == "":
            entry.pop(name, None)
        elif entry.get(name) != value:
            entry[name] = value


def _entries(document: tomlkit.TOMLDocument) -> list[Table]:
    entries = document.get("bron", [])
    return [entry for entry in entries if isinstance(entry, Table)] if isinstance(entries, AoT) else []


@contextmanager
def _register(corpus: Path) -> Iterator[tuple[tomlkit.TOMLDocument, Path]]:
    """The register, to be changed; written when the block ends, if what it then says is right."""
    path = corpus / REGISTER
    with _locked(path):
        text = _text_of(path)
        try:
            document = tomlkit.parse(text)
        except TOMLKitError as error:
            raise RegisterError(path, f"het bestand is geen geldig TOML ({error})") from error
        yield document, path
        changed = tomlkit.dumps(document)
        sources_in(path, changed)
        if changed != text:
            write_whole(path, changed.encode())


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One person at a time changes the bureau's files in a folder. What the disk refuses becomes a NotKeptError."""
    try:
        with path.with_name(".bewerken.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise NotKeptError(path, error) from error


def _text_of(path: Path) -> str:
    """The register's text; empty without one. Bytes: the line ends of who edits it on Windows stay as they are."""
    try:
        return path.read_bytes().decode("utf-8-sig") if path.exists() else ""
    except UnicodeDecodeError as error:
        raise RegisterError(path, f"het bestand is geen geldig TOML ({error})") from error
    except OSError as error:
        raise NotKeptError(path, error) from error


def rewrite(path: Path, text: str, check: Callable[[str], object]) -> None:
    """Replaces one of the bureau's files by a text that passes its check, which raises in Dutch if it does not.

    Raises NotKeptError.
    """
    check(text)
    with _locked(path):
        write_whole(path, text.encode())


def registered_ids(corpus: Path) -> set[str]:
    """The ids that the register has; files that only lie in the folder are not among them.

    Raises RegisterError or NotKeptError.
    """
    path = corpus / REGISTER
    return {source.id for source in sources_in(path, _text_of(path))}
