"""The package as others meet it: its face, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import ingest

ROOT = Path(__file__).parents[2]


def test_ingest_types_do_not_load_the_readers() -> None:
    code = "import sys, ingest, ingest.documents, ingest.errors; print([m for m in sys.modules if m.startswith('pyp')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["layout", "readers", "readers.pdf_text", "furniture", "blocks", "passages"])
def test_ingest_modules_can_each_be_the_first_to_be_imported(module: str) -> None:
    subprocess.run([sys.executable, "-c", f"import ingest.{module}"], cwd=ROOT, check=True)


def test_ingest_shows_its_whole_face() -> None:
    assert all(getattr(ingest, name).__name__ == name for name in ingest.__all__)
    with pytest.raises(AttributeError, match="nergens"):
        _ = ingest.nergens  # type: ignore[attr-defined]
