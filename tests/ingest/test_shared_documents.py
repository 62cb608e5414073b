"""Real government documents beside the repository: every PDF ends readable, within bounds, without heads and feet."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from ingest.documents import Page, Passage
from ingest.passages import MAX_CHARACTERS, MAX_WORDS, passages_of
from tests.ingest.reading import read

SHARED = Path(__file__).parents[2] / "../shared" / "documents"
FILES = sorted(SHARED.glob("*.pdf"))

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FILES, reason="the shared documents are not beside the repository"),
]


def words(passage: Passage) -> int:
    return sum(len(passage.text[unit.start : unit.end].split()) for unit in passage.units)


def is_contents(page: Page) -> bool:
    """Whether a page is a table of contents, which may be all headings: most of its lines end in a page number."""
    return sum(line.text[-1].isdigit() for line in page.lines) > 0.5 * len(page.lines)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem[:40])
def test_shared_document_is_read_whole_and_clean(path: Path) -> None:
    document = read(path.read_bytes(), title=path.stem)
    found = passages_of(document)
    assert max(map(words, found)) <= MAX_WORDS
    assert max(len(passage.text) for passage in found) <= MAX_CHARACTERS
    searchable = {page for passage in found for page in passage.pages}
    full = {page.number for page in document.pages if len(page.text.split()) > 60 and not is_contents(page)}
    assert full <= searchable
    if len(document.pages) >= 4:
        repeated = Counter(
            line for passage in found for line in {re.sub(r"\d+", "#", line) for line in passage.text.split("\n")}
        )
        line, times = repeated.most_common(1)[0]
        assert times <= max(3, 0.3 * len(found)), line
