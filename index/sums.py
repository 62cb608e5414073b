"""What a file was when it was made, its size and its SHA-256, to tell later whether it still is that."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileSum:
    """One file: its name in the whole ('words/meta.json'), its size in bytes and its SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


def measure(path: Path) -> tuple[int, str]:
    """The size and SHA-256 of a file as it is now. Raises OSError."""
    whole, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            whole.update(block)
            size += len(block)
    return size, whole.hexdigest()
