"""The committed handover PDF is what its source makes, on every run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader


@pytest.fixture(scope="module")
def twice(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The PDF, typeset by two separate runs of the script."""
    pytest.importorskip("typst", reason="the extra 'typesetting' is not installed")
    pytest.importorskip("font_source_sans_pro", reason="the extra 'typesetting' is not installed")
    folder = tmp_path_factory.mktemp("typesetting")
    made = [folder / "first.pdf", folder / "second.pdf"]
    for output in made:
        subprocess.run([sys.executable, corpus / "typesetting" / "typeset.py", "-o", output], check=True, timeout=60)
    return made


def test_typeset_gives_the_same_bytes_on_every_run(twice: list[Path]) -> None:
    first, second = (path.read_bytes() for path in twice)
    assert first == second


def test_typeset_gives_the_committed_document(twice: list[Path], page_lines: dict[int, list[str]]) -> None:
    # Text and links, not bytes: another release of the compiler may write the same pages in other bytes.
    made = PdfReader(twice[0])
    lines = {
        number: [line.strip() for line in page.extract_text().splitlines() if line.strip()]
        for number, page in enumerate(made.pages, start=1)
    }
    assert lines == page_lines


def test_typeset_refuses_a_source_that_does_not_compile(corpus: Path, tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="the extra 'typesetting' is not installed")
    folder = tmp_path / "typesetting"
    folder.mkdir()
    (folder / "typeset.py").write_bytes((corpus / "typesetting" / "typeset.py").read_bytes())
    (folder / "overdrachtsdocument.typ").write_text("#no-such-function()", encoding="utf-8")
    run = subprocess.run([sys.executable, folder / "typeset.py"], capture_output=True, text=True, timeout=60)
    assert run.returncode == 1
    assert run.stderr.startswith("typeset: ")
    assert len(run.stderr.splitlines()) == 1
    assert not (tmp_path / "overdrachtsdocument-vdg-2026.pdf").exists()
