"""A file written whole or not at all: one way for all that must be there after a power cut."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: bytes, *, rights: int = 0o666) -> None:
    """Puts a file in place, or in the place of what was there, once its bytes are on disk; so is its name afterwards.

    A killed run leaves the old file, and beside it at most '.<name>.deel', which the next write of the same file takes
    away. `rights` are those of a new file, less what the process withholds (umask). Raises OSError; the old file is
    then still there.
    """
    aside = path.with_name(f".{path.name}.deel")
    with suppress(FileNotFoundError):
        aside.unlink()  # its rights may be others
    try:
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, rights), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except BaseException:
        with suppress(OSError):
            aside.unlink()
        raise
    sync(path.parent)


def sync(path: Path) -> None:
    """What stands in a file or a folder is on disk when this returns."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
