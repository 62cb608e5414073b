"""Files that the bureau brought and has not published: kept aside, so that nothing of them can be found.

data/voorstel/<sleutel>/bestand, voorstel.json    one file, its name made safe, who brought it and when

They are no part of a backup, and go when they are published, thrown away or a week old.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.sources import REGISTER

FOLDER = "voorstel"
# Files that nobody publishes are cleared after a week, in seconds.
_KEPT = 7 * 24 * 3600
_KEY = re.compile(r"[0-9a-f]{24}")
# The longest name without its ending, in bytes: a file system takes 255, and a number may come behind it.
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Proposal:
    """A file that waits: its key, the name that it will have, who brought it, when (seconds since 1970), its size."""

    key: str
    name: str
    by: str
    when: float
    size: int
    digest: str


def new_place(data: Path) -> tuple[str, Path]:
    """A key and the file to write to; the folder is there."""
    key = secrets.token_hex(12)
    folder = data / FOLDER / key
    folder.mkdir(parents=True)
    return key, folder / "bestand"


def finish(data: Path, key: str, name: str, by: str) -> Proposal:
    """What was written to a new place becomes a proposal."""
    file = data / FOLDER / key / "bestand"
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    made = Proposal(key, safe_name(name), by, time.time(), file.stat().st_size, digest)
    aside = file.with_name(".voorstel.json")
    aside.write_text(json.dumps(asdict(made), ensure_ascii=False), encoding="utf-8")
    os.replace(aside, file.with_name("voorstel.json"))
    return made


def proposals(data: Path) -> list[Proposal]:
    """All that wait, oldest first; what is too old is cleared away."""
    return sorted(_found(data), key=lambda one: one.when)


def proposal(data: Path, key: str) -> Proposal | None:
    """The one with this key, which may be anything that somebody typed."""
    return _read(data / FOLDER / key) if _KEY.fullmatch(key) else None


def content_of(data: Path, one: Proposal) -> bytes:
    """The file's bytes. Raises FileNotFoundError if somebody else published it or threw it away."""
    return (data / FOLDER / one.key / "bestand").read_bytes()


def discard(data: Path, key: str) -> None:
    """Throws a proposal away; one that is gone already is no problem."""
    if _KEY.fullmatch(key):
        shutil.rmtree(data / FOLDER / key, ignore_errors=True)


def safe_name(typed: str) -> str:
    """A file name that can do no harm, and reads as the one that was typed.

    '..\\..\\Jaar verslag (2024).PDF' → 'Jaar-verslag-2024.pdf', '.ssh/bronnen.toml' → 'bestand-bronnen.toml'
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", typed))[-1]
    stem, dot, ending = last.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,8}", ending):
        stem, ending = last, ""
    stem = re.sub(r"[^\w.-]+", "-", stem.encode("utf-8", "ignore").decode()).strip(".-_")
    stem = stem.encode()[:_LONGEST].decode("utf-8", "ignore") or "bestand"
    name = f"{stem}.{ending.lower()}" if ending else stem
    # names by which the ingest passes a file over, or knows the bureau's own
    own = name.casefold() in (REGISTER, "begrippen.toml") or stem.upper().startswith("README")
    return f"bestand-{name}" if own else name


def _found(data: Path) -> Iterator[Proposal]:
    folder = data / FOLDER
    for one in list(folder.iterdir()) if folder.is_dir() else []:
        found = _read(one)
        with suppress(OSError):
            if time.time() - (found.when if found else one.stat().st_mtime) > _KEPT:
                shutil.rmtree(one, ignore_errors=True)
                continue
        if found:
            yield found


def _read(folder: Path) -> Proposal | None:
    try:
        return Proposal(**json.loads((folder / "voorstel.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
