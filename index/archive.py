"""A backup: one archive that turns a bare install into the same portal.

    manifest.json                the version, and of every other member its name, size and SHA-256; always first
    corpus/…                     what people made: the sources, the register, begrippen, uploads
    data/index/<version>/…       the version that answers
    data/files/… data/fetched/…  the files that it shows, and what was fetched
    data/forgotten.json …        what may not come back, and what else people made under data/

The same portal gives the same bytes. What comes in is not trusted: every member must be an ordinary file that the
manifest names, in its order, with its size and digest, in a place where the portal keeps such files. Only when all of
it has been unpacked aside and checked is anything put in its place, CURRENT last. No model comes out of an archive.

All of this is for the one run that holds the lock of the data folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.errors import SearchIndexError
from index.sums import FileSum

# Raised when the form of an archive changes.
FORM = 1
MANIFEST = "manifest.json"
# Under data/, what people make: everything there whose name begins like this, with any ending, or a folder.
PEOPLE = ("forgotten", "feedback", "uploads", "access", "settings")
# What SQLite keeps beside a database that is being written to.
LOGS = ("-wal", "-shm", "-journal")


class ArchiveError(SearchIndexError):
    """Raised when an archive cannot be made, or cannot be trusted. Nothing has changed then."""

    def __init__(self, file: Path, what: str) -> None:
        super().__init__(f"{file.name}: {what}. Er is niets veranderd.")


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive holds: its files have names like 'corpus/bronnen.toml'.

    `aside` is the folder with what stood in the place of something else, if anything did.
    """

    version: str
    members: tuple[FileSum, ...]
    aside: Path | None = None

    @property
    def size(self) -> int:
        """Of all members together, in bytes."""
        return sum(member.size for member in self.members)
