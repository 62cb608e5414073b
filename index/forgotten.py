"""The list of documents that were removed for good and may not come back.

data/forgotten.json    [{"id", "sinds", "inhoud": [digests], "adressen", "klaar"}]; goes along in a backup
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index.errors import SearchIndexError
from ingest.writing import write_whole

FORGOTTEN = "forgotten.json"


class ForgottenListError(SearchIndexError):
    """Raised when the list of forgotten documents cannot be read: going on would bring them back."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is onleesbaar. Daarin staat welke documenten zijn verwijderd en niet terug mogen komen. "
            "Zet dit bestand terug uit een reservekopie."
        )


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A document that was removed for good: its id, the day (2026-11-23), and what else it is known by.

    `digests` are those of its contents, save what another document has too; `done` tells that nothing of it is left.
    """

    id: str
    since: str
    digests: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    done: bool = False

    def bars(self, source_id: str, digest: str = "") -> bool:
        """Whether a source may not be read, because it is this document or has its content."""
        return source_id == self.id or (digest != "" and digest in self.digests)


def forgotten(data: Path) -> tuple[Forgotten, ...]:
    """The documents that an ingest must leave out. Raises ForgottenListError."""
    path = data / FORGOTTEN
    try:
        return forgotten_of(path.read_bytes())
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ForgottenListError(path) from error


def forgotten_of(content: bytes) -> tuple[Forgotten, ...]:
    """Reads the list. Raises ValueError, TypeError or KeyError."""
    return tuple(
        Forgotten(str(one["id"]), str(one["sinds"]), tuple(one["inhoud"]), tuple(one["adressen"]), bool(one["klaar"]))
        for one in json.loads(content)
    )


def write_forgotten(data: Path, entries: Iterable[Forgotten]) -> None:
    """Replaces the list, in one step."""
    listed = [
        {"id": one.id, "sinds": one.since, "inhoud": one.digests, "adressen": one.addresses, "klaar": one.done}
        for one in sorted(entries, key=lambda one: one.id)
    ]
    write_whole(data / FORGOTTEN, json.dumps(listed, ensure_ascii=False, indent=2).encode())


def readmit(data: Path, document_id: str) -> bool:
    """Takes a document off the list, so that the next ingest reads it again; whether it stood there."""
    entries = forgotten(data)
    left = [entry for entry in entries if entry.id != document_id]
    if len(left) != len(entries):
        write_forgotten(data, left)
    return len(left) != len(entries)
