"""What the fuzz run looks at in each reading. Stands apart, since worker processes import it by name."""

from __future__ import annotations

import json
import math
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.documents import Document, Passage, Source
from ingest.errors import UnreadableError
from ingest.extracted import Extracted
from ingest.ledger import State
from ingest.pipeline import read_here

# A document that says more than this of itself tells nobody anything, and fills the ledger and the report of a run.
WARNINGS = 50

# What the reason of an UnreadableError begins with that stands for an exception which no reader foresaw.
UNFORESEEN = "unforeseen: "


def read_and_tell(source: Source, data: bytes, file: str, digest: str) -> Extracted:
    """`read_here`, but that what no reader foresaw is told with its place: 'unforeseen: KeyError at odt.py:88'."""
    try:
        return read_here(source, data, file, digest)
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if "/ingest/" in frame.filename][-1]
        place = f"{Path(ours.filename).name}:{ours.lineno}"
        raise UnreadableError(State.BESCHADIGD, f"{UNFORESEEN}{type(error).__name__} at {place}") from error


def impossible(read: Extracted) -> str:
    """What of an outcome cannot be true, or could not be published; empty if nothing."""
    return next(_complaints(read.document, read.passages), "")


def _complaints(document: Document, passages: Sequence[Passage]) -> Iterator[str]:
    last = len(document.pages)
    if [page.number for page in document.pages] != list(range(1, last + 1)):
        yield "pages are not numbered from 1"
    regions = [region for block in document.blocks for region in block.regions]
    regions += [region for passage in passages for region in passage.regions]
    if any(not 1 <= page <= last for page, _ in regions):
        yield "a region on a page that is not there"
    if not all(math.isfinite(edge) for _, box in regions for edge in (box.left, box.top, box.right, box.bottom)):
        yield "a region without a place"
    if any(not 1 <= link.page <= last for link in document.links):
        yield "a link on a page that is not there"
    if any(not passage.text.strip() or not passage.regions for passage in passages):
        yield "an empty passage"
    if any(not 0 <= unit.start < unit.end <= len(found.text) for found in passages for unit in found.units):
        yield "a unit outside its passage"
    if len(document.warnings) > WARNINGS:
        yield f"{len(document.warnings)} warnings"
    if not _can_be_stored(document, passages):
        yield "text that cannot be stored"


def _can_be_stored(document: Document, passages: Sequence[Passage]) -> bool:
    """Whether all text can be encoded: half a surrogate pair stops SQLite, JSON and the terminal."""
    texts = (
        [(page.text, page.label) for page in document.pages],
        [(link.words, link.url) for link in document.links],
        [title for _, title, _ in document.outline],
        dict(document.metadata),
        document.warnings,
        [(passage.text, passage.heading_path) for passage in passages],
    )
    try:
        json.dumps(texts, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True
