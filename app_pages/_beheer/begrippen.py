"""The bureau's begrippen as rows of a form, and back into the file, with its comments and order.

The file is cut into its blocks; only the block that is changed is written anew (tomlkit), a block that goes leaves the
comments around it, and a new one comes at the end. The whole is read as the ingest reads it before it is kept.
"""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from index.begrippen import FILE, BegrippenError, read_begrippen
from ingest.register import rewrite

_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*(begrip|afkorting)[ \t]*\]\]", re.MULTILINE)
# What stands behind a block's last field belongs to the next one: empty lines and comments.
_TAIL = re.compile(r"(?:[ \t]*(?:#[^\n]*)?(?:\n|\Z))*\Z")


@dataclass(frozen=True, slots=True)
class Rows:
    """What is in the form: words that mean the same, a row each, and abbreviations with what they stand for."""

    begrippen: tuple[tuple[str, ...], ...] = ()
    afkortingen: tuple[tuple[str, str], ...] = ()


def text_of(corpus: Path) -> str:
    """The file's text; empty without one. Raises BegrippenError if it is no text."""
    try:
        return (corpus / FILE).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise BegrippenError(corpus / FILE, f"het bestand is niet te lezen ({error})") from error


def rows_of(text: str) -> Rows:
    """The rows of a file that the ingest accepts. Raises BegrippenError for another.

    '[[begrip]]\\nwoorden = ["ozb", "onroerendezaakbelasting"]' → Rows((('ozb', 'onroerendezaakbelasting'),), ())
    """
    check(text)
    document = tomllib.loads(text)
    words = tuple(tuple(entry["woorden"]) for entry in document.get("begrip", []))
    return Rows(words, tuple((entry["kort"], entry["voluit"]) for entry in document.get("afkorting", [])))


def changed(text: str, rows: Rows) -> str:
    """The file with these rows: the first so many are those that stand there, an empty one goes, the rest is new.

    Raises BegrippenError, which names the row, if the ingest would not accept it.
    """
    places = [*_HEADER.finditer(text)]
    starts = [found.start() for found in places]
    parts = [text[: starts[0]] if starts else text]
    waiting: dict[str, list[tuple[str, ...]]] = {"begrip": [*rows.begrippen], "afkorting": [*rows.afkortingen]}
    for found, end in zip(places, [*starts, len(text)][1:], strict=True):
        block = text[found.start() : end]
        kind = found.group(1)
        row: tuple[str, ...] = waiting[kind].pop(0) if waiting[kind] else ()
        parts.append(_block(block, kind, row))
    for kind, left in waiting.items():
        parts += [_new_block(kind, row) for row in left if any(row)]
    made = "".join(parts)
    check(made)
    return made


def save(corpus: Path, rows: Rows) -> None:
    """Keeps these rows. Raises BegrippenError or NotKeptError, and nothing has changed then."""
    made = changed(text_of(corpus), rows)
    rewrite(corpus / FILE, made, check)


def check(text: str) -> None:
    """Reads a text as the ingest reads the file. Raises BegrippenError."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / FILE).write_text(text, encoding="utf-8", newline="")
        read_begrippen(Path(folder))


def words_of(typed: str) -> tuple[str, ...]:
    """'ozb,  onroerendezaakbelasting ,' → ('ozb', 'onroerendezaakbelasting')."""
    return tuple(word for part in typed.split(",") if (word := " ".join(part.split())))


def _block(block: str, kind: str, row: Sequence[str]) -> str:
    """A block with the row's values; only what stands around it if the row is empty."""
    tail = _TAIL.search(block)
    cut = tail.start() if tail else len(block)
    if not any(row):
        return block[cut:].lstrip("\n")
    try:
        document = tomlkit.parse(block[:cut])
    except TOMLKitError as error:
        raise BegrippenError(Path(FILE), f"een blok is geen geldig TOML ({error})") from error
    table = document[kind][0]
    for name, value in _values(kind, row).items():
        if table.get(name) != value:
            table[name] = value
    return tomlkit.dumps(document) + block[cut:]


def _new_block(kind: str, row: Sequence[str]) -> str:
    """('begrip', ('zwembad', 'bad')) → '\\n[[begrip]]\\nwoorden = ["zwembad", "bad"]\\n'."""
    lines = [f"{name} = {tomlkit.item(value).as_string()}" for name, value in _values(kind, row).items()]
    return "\n".join(["", f"[[{kind}]]", *lines, ""])


def _values(kind: str, row: Sequence[str]) -> dict[str, str | list[str]]:
    if kind == "begrip":
        return {"woorden": list(row)}
    short, long = row
    return {"kort": short, "voluit": long}
