from __future__ import annotations

import io
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from eval.benchmarks import extraction, haystack_convert
from eval.benchmarks.extraction import Timed, order_of, speed_of
from eval.benchmarks.reading_order import Placed, agreement, in_two_columns
from tests.ingest.pdfs import Sheet, drawn_pdf, stacked
from tests.ingest.reading import read

LEFT = [f"Links staat regel {word} van de tekst" for word in ("een", "twee", "drie", "vier", "vijf", "zes", "zeven")]
RIGHT = [line.replace("Links", "Rechts") for line in LEFT]


def placed(lines: list[str], left: float) -> list[Placed]:
    return [Placed(line, left, 12.0 * row, left + 200.0, 12.0 * row + 10) for row, line in enumerate(lines)]


def test_reading_order_agrees_in_pairs() -> None:
    assert agreement(LEFT, LEFT) == (7, 21, 21)
    assert agreement(LEFT, LEFT[::-1]) == (7, 0, 21)
    assert agreement([*LEFT[:2], RIGHT[0]], [LEFT[0], RIGHT[0], LEFT[1]]) == (3, 2, 3)


def test_reading_order_leaves_out_what_cannot_be_told_apart() -> None:
    assert agreement(["12", LEFT[0], LEFT[0], LEFT[1]], [LEFT[1], LEFT[0], "12"]) == (1, 0, 0)


def test_reading_order_looks_past_hyphens_and_capitals() -> None:
    assert agreement(["De gemeen-", "ten van Drenthe"], ["de gemeen", "ten van drenthe"]) == (2, 1, 1)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (placed(LEFT, 50) + placed(RIGHT, 300), True),
        (placed(LEFT, 50), False),
        (placed(LEFT, 50) + placed(RIGHT, 200), False),  # no white between them
        (placed(LEFT, 50) + placed(["12", "13", "14", "15", "16", "17"], 300), False),  # figures
        (placed(LEFT, 50) + placed(RIGHT[:3], 300), False),
    ],
)
def test_reading_order_knows_two_columns(lines: list[Placed], told: bool) -> None:
    assert in_two_columns(lines) is told


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_extraction_measures_the_order_of_two_columns(tmp_path: Path) -> None:
    columns = Sheet([*stacked(LEFT, x=50), *stacked(RIGHT, x=320)])
    whole = Sheet(stacked(LEFT))
    data = drawn_pdf(columns, whole)
    path = tmp_path / "nota.pdf"
    path.write_bytes(data)
    order = order_of({path: read(data)})
    assert (order["pages"], order["lines_matched"], order["pairs_in_the_same_order"]) == (1, 1.0, 1.0)
    assert order["worst"] == [{"file": "nota.pdf", "page": 1, "share": 1.0}]


def test_extraction_speed_is_over_the_files_that_both_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "python_of", lambda *_: Path("python"))
    monkeypatch.setattr(extraction, "versions_of", lambda *_: {"pypdf": "7"})
    timed = [
        Timed("a.pdf", 10, 1.0, 2.0, 10),
        Timed("b.pdf", 30, 1.0, 6.0, 30),
        Timed("locked.pdf", 90, 1.0, 0.0, 0),
    ]
    speed = speed_of(timed)
    assert (speed["files"], speed["pages"], speed["times_as_fast"]) == (2, 40, 4.0)
    assert speed["pages_a_second"] == {"ours": 20.0, "haystack": 5.0}
    assert speed["not_read_by_haystack"] == ["locked.pdf"]


@dataclass
class FakeConverter:
    """As Haystack's: the pages' text with a form feed between them; nothing for what it cannot read."""

    def run(self, sources: list[str]) -> dict[str, list[SimpleNamespace]]:
        return {"documents": [SimpleNamespace(content="een\ftwee\fdrie")] if sources == ["nota.pdf"] else []}


def test_haystack_convert_tells_pages_and_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "haystack.components.converters", SimpleNamespace(PyPDFToDocument=FakeConverter))
    monkeypatch.setattr("eval.benchmarks.haystack_convert.logging.disable", lambda level: None)
    monkeypatch.setattr(sys, "stdin", io.StringIO("nota.pdf\nstuk.pdf\n"))
    haystack_convert.main()
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["pages"], row["characters"]) for row in told] == [(3, 13), (0, 0)]
    assert all(row["seconds"] >= 0 for row in told)


def test_extraction_without_pdfs_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert extraction.main(["--files", str(tmp_path)]) == 1
    assert "no PDF" in capsys.readouterr().err
