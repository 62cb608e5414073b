"""One reading of the corpus: sources → documents → passages, with a ledger entry for every source.

Stages, for each source: 1 its bytes · 2 the document in them · 3 its passages · 4 its ledger entry.
A source that fails costs that source. If a copy of what was searchable before is kept, that copy is read instead.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.documents import Document, Passage, Source
from ingest.errors import UnreadableError
from ingest.ledger import Change, Entry, State, change_of
from ingest.passages import passages_of
from ingest.readers import read_document

# A file over this size is refused: the largest annual reports of provinces are under 40 MB.
MAX_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reading:
    """What one run read: documents with their bytes and passages, in the sources' order, and the ledger."""

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    contents: Mapping[str, bytes]  # digest → the file's bytes
    entries: tuple[Entry, ...]


def read_sources(
    sources: Sequence[Source],
    before: Mapping[str, str],
    kept: Callable[[str], bytes | None],
    progress: Callable[[Source], None] = lambda source: None,
) -> Reading:
    """Reads all sources. `before` has the digest that was searchable a source; `kept` gives a kept file by digest."""
    documents: list[Document] = []
    passages: list[Passage] = []
    contents: dict[str, bytes] = {}
    entries: list[Entry] = []
    for source in sources:
        progress(source)
        began = time.perf_counter()
        try:
            data = bytes_of(source)  # 1
            document, found = _read(source, data, source.path.name if source.path else source.id)  # 2, 3
            problem = None
        except UnreadableError as error:
            problem = error
            earlier = kept(before[source.id]) if before.get(source.id) else None
            if earlier is None:
                state = State(problem.state)
                entries.append(Entry(source, state, Change.NIEUW, problem.reason, file=_name(source)))
                continue
            data = earlier
            document, found = _read(source, data, _name(source))
        documents.append(document)
        passages.extend(found)
        contents[document.digest] = data
        entries.append(_entry(source, document, found, before, problem, time.perf_counter() - began))  # 4
    return Reading(tuple(documents), tuple(passages), contents, tuple(entries))


def bytes_of(source: Source) -> bytes:
    """The source's bytes. Raises UnreadableError if they are not here or are too many."""
    path = source.path
    if path is None:
        if source.url:
            raise UnreadableError("wacht op netwerk", f"Nog niet opgehaald van {source.url}.")
        raise UnreadableError(
            "zonder adres", "Van deze bron is geen bestand en geen adres bekend. Vul het register aan."
        )
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableError("te groot", f"{path.name} is groter dan {MAX_BYTES // 1024 // 1024} MB. Splits het.")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableError(
            "bestand ontbreekt", f"{path.name} staat wel in het register, maar niet in de map."
        ) from error
    except OSError as error:
        raise UnreadableError("beschadigd", f"{path.name} kan niet worden gelezen ({error.strerror}).") from error


def digest_of(data: bytes) -> str:
    """The content's identity: SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _name(source: Source) -> str:
    return source.path.name if source.path else ""


def _read(source: Source, data: bytes, file: str) -> tuple[Document, list[Passage]]:
    document = read_document(source, data, file, digest_of(data))
    found = passages_of(document)
    if not found:
        raise UnreadableError("leeg", f"In {file} staat geen lopende tekst.")
    return document, found


def _entry(
    source: Source,
    document: Document,
    found: Sequence[Passage],
    before: Mapping[str, str],
    problem: UnreadableError | None,
    seconds: float,
) -> Entry:
    warnings = list(document.warnings)
    searchable = {page for passage in found for page in passage.pages}
    silent = [page.number for page in document.pages if page.number not in searchable]
    if silent:
        warnings.append(f"Zonder doorzoekbare tekst: pagina {_ranges(silent)}.")
    reason = ""
    if problem:
        reason = f"{problem.reason} De vorige versie blijft doorzoekbaar."
    return Entry(
        source=source,
        state=State(problem.state) if problem else State.GELEZEN,
        change=change_of(source.id, document.digest, before),
        reason=reason,
        file=document.file,
        digest=document.digest,
        pages=len(document.pages),
        pages_searchable=len(searchable),
        passages=len(found),
        words=sum(len(passage.text.split()) for passage in found),
        seconds=seconds,
        warnings=tuple(warnings),
    )


def _ranges(numbers: Sequence[int]) -> str:
    """[1, 2, 3, 7] → '1-3, 7'."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
