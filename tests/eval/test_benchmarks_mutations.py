from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from random import Random

import pypdf
import pytest

from eval.benchmarks import mutations
from eval.benchmarks.fuzz_seeds import FORMATS, PAGES, seeds_of
from eval.benchmarks.mutations import BYTES, DEEP, HTML, MARKUP, Seed, mutated, mutations_of
from eval.benchmarks.mutations_pdf import PDF
from ingest.documents import Source
from ingest.readers import read_document
from tests.ingest.pdfs import text_pdf

LINE = "De voorzitter van de portefeuille Sport is wethouder Raymond Wanders."


@pytest.fixture(scope="module")
def seeds() -> list[Seed]:
    return seeds_of(None)


def test_fuzz_seeds_are_good_files_of_every_format(seeds: list[Seed]) -> None:
    assert {seed.format for seed in seeds} == set(FORMATS)
    for seed in seeds:
        assert read_document(Source("bron", "Titel"), seed.data, seed.name, "0").blocks, seed.name


def test_fuzz_seeds_cut_long_pdfs_into_stretches(seeds: list[Seed]) -> None:
    stretches = [seed for seed in seeds if re.search(r" \d+-\d+\.pdf$", seed.name)]
    assert len(stretches) >= 3
    assert {len(pypdf.PdfReader(io.BytesIO(seed.data)).pages) for seed in stretches} == {PAGES}


def test_fuzz_seeds_take_the_files_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "nota.pdf").write_bytes(text_pdf(LINE))
    (tmp_path / "lees.txt").write_text("geen van de vier soorten")
    named = {seed.name for seed in seeds_of(tmp_path)}
    assert "nota.pdf" in named
    assert "lees.txt" not in named


def small(extension: str, seeds: list[Seed]) -> Seed:
    return min((seed for seed in seeds if seed.format == extension), key=lambda seed: len(seed.data))


@pytest.mark.parametrize("extension", FORMATS)
def test_mutations_each_changes_the_file(extension: str, seeds: list[Seed], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutations, "BOMB", 10_000)
    seed = small(extension, seeds)
    for name, change in mutations_of(extension).items():
        # some change nothing now and then: two elements with the same name that change places
        assert any(change(seed.data, Random(number)) != seed.data for number in range(12)), name


def test_mutations_are_the_same_for_the_same_seed(seeds: list[Seed]) -> None:
    seed = small("docx", seeds)
    assert mutated(seed, Random("1/7")) == mutated(seed, Random("1/7"))
    assert mutated(seed, Random("1/7")) != mutated(seed, Random("1/8"))


def test_mutations_nest_ten_thousand_deep() -> None:
    assert MARKUP["nested 10,000 deep"](b"<a><b>x</b></a>", Random(1)).count(b"<") > 2 * DEEP


def test_mutations_bits_flipped_keep_the_length() -> None:
    data = bytes(1000)
    made = BYTES["bits flipped"](data, Random(2))
    assert len(made) == len(data)
    assert made != data


def test_mutations_wide_cells_are_in_the_table(seeds: list[Seed]) -> None:
    assert b'<td colspan="' in HTML["cells of a billion columns"](small("html", seeds).data, Random(1))


def test_mutations_bomb_unpacks_to_much_more_than_it_seems(seeds: list[Seed], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutations, "BOMB", 1_000_000)
    made = mutations.ZIP["zip bomb"](small("docx", seeds).data, Random(1))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert max(info.file_size for info in archive.infolist()) >= 999_000
    assert len(made) < 100_000


def test_mutations_page_tree_goes_in_a_circle() -> None:
    made = PDF["circular page tree"](text_pdf(LINE), Random(1))
    tree = pypdf.PdfReader(io.BytesIO(made)).root_object.raw_get("/Pages")
    assert tree in tree.get_object()["/Kids"]
