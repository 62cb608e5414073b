"""One reading of the corpus: sources → documents → passages, with a ledger entry for every source.

Stages, for each source: 1 its bytes · 2 the document in them · 3 its passages · 4 its ledger entry.
A source that fails costs that source, however it fails. If a copy of what was searchable before is kept, that copy is
read instead: what could be found yesterday is not lost because a file was damaged today. Several sources are read at a
time; what comes of them is told in the sources' order.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from ingest.documents import Document, Passage, Source
from ingest.errors import UnreadableError
from ingest.extracted import Extracted, Reader
from ingest.fetch import Fetched
from ingest.ledger import Before, Change, Entry, State, change_of
from ingest.passages import passages_of
from ingest.privacy import findings_of, is_quarantined, is_released, quarantine_reason, warning_of
from ingest.quality import load_dutch
from ingest.readers import read_document
from ingest.readers.pdf import FROM_PICTURE
from ingest.sources import name_of
from ingest.worker import read_in_worker, stop_reading

# A file over this size is refused: the largest annual reports of provinces are under 40 MB.
MAX_BYTES = 200 * 1024 * 1024


# What one file may take in its process. The slowest of the real documents, 131 pages, takes 4 s and 0.3 GB. Reading
# pictures takes 1 to 5 s a page, and stops by itself before this (readers/pdf.py).
READ_SECONDS = 3600.0
READ_MIB = 2048


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy of what was searchable before: the file's name and its bytes."""

    file: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """What one run read: documents with their bytes and passages, in the sources' order, and the ledger."""

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    contents: Mapping[str, bytes]  # digest → the file's bytes
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of one source: no `document` if nothing of it is searchable; `problem` says why, or why not anew."""

    document: Document | None = None
    passages: tuple[Passage, ...] = ()
    data: bytes = b""
    problem: UnreadableError | None = None
    gone: bool = False  # the address has been dead on three days; what was kept of it is searchable still
    seconds: float = 0.0


def read_sources(
    sources: Sequence[Source],
    before: Mapping[str, Before],
    kept: Callable[[str], Kept | None],
    progress: Callable[[Source], None] = lambda source: None,
    fetched: Mapping[str, Fetched] | None = None,
    read: Reader | None = None,
    at_once: int = 1,
    found: Callable[[Document, Sequence[Passage]], None] = lambda document, passages: None,
) -> Reading:
    """Reads all sources, `at_once` of them at a time; none of them can make it raise.

    `before` has the sources of the last version, by id. `kept` gives the copy that has a digest, or None. `fetched` has
    what came of each address that was asked. `read` takes a file's bytes apart: `read_here` unless told otherwise,
    `read_apart` for files of unknown making. In the sources' order, `progress` is called with each once it was read,
    and `found` with its document and passages if anything of it is searchable.
    """
    reader = read or read_here

    def outcome_of(source: Source) -> _Outcome:  # 1, 2, 3
        began = time.perf_counter()
        web = (fetched or {}).get(source.url or "") if source.path is None else None
        digest = before[source.id].digest if source.id in before else ""
        outcome = _outcome(source, digest, kept, web, reader)
        return replace(outcome, seconds=time.perf_counter() - began)

    documents: list[Document] = []
    passages: list[Passage] = []
    contents: dict[str, bytes] = {}
    entries: list[Entry] = []
    titles: dict[str, str] = {}  # by digest, of what was read so far
    renamed = _renamed(sources, before)
    for source, outcome in zip(sources, _in_threads(outcome_of, sources, at_once), strict=True):
        progress(source)
        entries.append(_entry(source, outcome, before, renamed, titles))  # 4
        if outcome.document:
            found(outcome.document, outcome.passages)
            documents.append(outcome.document)
            passages.extend(outcome.passages)
            contents[outcome.document.digest] = outcome.data
            titles.setdefault(outcome.document.digest, source.title)
    return Reading(tuple(documents), tuple(passages), contents, tuple(entries))


def _in_threads(
    outcome_of: Callable[[Source], _Outcome], sources: Sequence[Source], at_once: int
) -> Iterator[_Outcome]:
    """The outcomes in the sources' order. Ctrl+C ends what is being read, so that nobody waits for a large file."""
    with ThreadPoolExecutor(at_once, thread_name_prefix="lezen") as threads:
        try:
            yield from threads.map(outcome_of, sources)
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            stop_reading()
            raise


def _renamed(sources: Iterable[Source], before: Mapping[str, Before]) -> dict[str, Before]:
    """What was searchable under ids that nobody uses any more, by digest: one that comes back has another name now."""
    present = {source.id for source in sources}
    return {was.digest: was for source_id, was in before.items() if was.digest and source_id not in present}


def _outcome(
    source: Source, digest_before: str, kept: Callable[[str], Kept | None], web: Fetched | None, read: Reader
) -> _Outcome:
    """The source as it is now; failing that, as it was when it could last be read."""
    try:
        if web is None:
            return _read(source, _name(source), lambda: bytes_of(source), read)
        problem = UnreadableError(State(web.state), web.reason) if web.state else None
        if web.data is None:
            raise problem or UnreadableError(State.WACHT_OP_NETWERK, f"Nog niet opgehaald van {source.url}.")
        data = web.data
        return replace(_read(source, web.file, lambda: data, read), problem=problem, gone=web.gone)
    except UnreadableError as error:
        problem = error
    if not digest_before:
        return _Outcome(problem=problem)
    try:
        copy = kept(digest_before)
        if copy and digest_of(copy.data) == digest_before:
            return replace(_read(source, copy.file, lambda: copy.data, read), problem=problem)
    except (UnreadableError, OSError):
        pass  # the copy is of no more use than the source
    return _Outcome(problem=problem)


def _read(source: Source, file: str, read_bytes: Callable[[], bytes], read: Reader) -> _Outcome:
    """1 bytes · 2 document · 3 passages. Raises UnreadableError, whatever goes wrong: it costs this source only."""
    try:
        data = read_bytes()  # 1
        extracted = read(source, data, file, digest_of(data))  # 2, 3
    except UnreadableError:
        raise
    except Exception as error:  # a reader's own fault, or a file that nobody foresaw: RecursionError, MemoryError, …
        reason = f"{file} kan niet worden gelezen ({type(error).__name__}). Vraag het bestand opnieuw op."
        raise UnreadableError(State.BESCHADIGD, reason) from error
    document, personal = extracted.document, extracted.findings
    if not extracted.passages:
        raise UnreadableError(State.LEEG, f"In {file} staat geen lopende tekst.")
    if is_quarantined(personal, is_released(source.personal_data)):
        raise UnreadableError(State.IN_QUARANTAINE, quarantine_reason(file, personal))
    warning = warning_of(personal)
    if warning:
        document = replace(document, warnings=(*document.warnings, warning))
    return _Outcome(document, extracted.passages, data)


def read_here(source: Source, data: bytes, file: str, digest: str) -> Extracted:
    """2 the document in a file's bytes · 3 its passages, and the personal data that was found in it."""
    document = read_document(source, data, file, digest)
    passages = passages_of(document)
    return Extracted(document, tuple(passages), tuple(findings_of(document, passages)))


def read_apart(source: Source, data: bytes, file: str, digest: str) -> Extracted:
    """The same in a process of its own: a file that hangs, eats memory or crashes a library costs that file."""
    seconds, mib = READ_SECONDS, READ_MIB
    return read_in_worker(
        read_here, source, data, file, digest, seconds=seconds, memory_mib=mib, file=file, prepare=load_dutch
    )


def bytes_of(source: Source) -> bytes:
    """The source's bytes. Raises UnreadableError if they are not here or are too many."""
    path = source.path
    if path is None:
        if source.url:
            raise UnreadableError(State.WACHT_OP_NETWERK, f"Nog niet opgehaald van {source.url}.")
        reason = "Van deze bron is geen bestand en geen adres bekend. Voeg het rapport toe in Beheer."
        raise UnreadableError(State.ZONDER_ADRES, reason)
    name = name_of(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableError(State.TE_GROOT, f"{name} is groter dan {MAX_BYTES // 1024 // 1024} MB. Splits het.")
        return path.read_bytes()
    except FileNotFoundError as error:
        reason = f"{name} staat wel in het register, maar niet in de map. Zet het bestand er weer neer."
        raise UnreadableError(State.BESTAND_ONTBREEKT, reason) from error
    except IsADirectoryError as error:
        reason = f"{name} is een map en geen bestand. Noem in het register het bestand zelf."
        raise UnreadableError(State.BESTAND_ONTBREEKT, reason) from error
    except PermissionError as error:
        reason = f"{name} mag niet worden gelezen. Geef het portaal leesrecht op dit bestand."
        raise UnreadableError(State.BESCHADIGD, reason) from error
    except OSError as error:
        raise UnreadableError(State.BESCHADIGD, f"{name} kan niet worden gelezen ({error.strerror}).") from error


def digest_of(data: bytes) -> str:
    """The content's identity: SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _name(source: Source) -> str:
    return name_of(source.path) if source.path else ""


def _entry(
    source: Source,
    outcome: _Outcome,
    before: Mapping[str, Before],
    renamed: Mapping[str, Before],
    titles: Mapping[str, str],
) -> Entry:
    document, problem, found = outcome.document, outcome.problem, outcome.passages
    state = State(problem.state) if problem else _state_of(document)
    reason = problem.reason if problem else ""
    was = before.get(source.id)
    if document is None:
        if was and was.digest:
            reason += " Van de vorige versie is geen bruikbare kopie meer."
        change = change_of(Before(source), was)
        return Entry(source, state, change, reason, file=_name(source), seconds=outcome.seconds)
    if problem:
        reason += " De vorige versie blijft doorzoekbaar."
    was = was or renamed.get(document.digest)
    change = change_of(Before(source, document.digest, document.file), was)
    warnings = list(document.warnings)
    if was and change is Change.VERHUISD:
        warnings.append(f"Verhuisd: dit stond eerst als '{was.place}' in het portaal.")
    if document.digest in titles:
        warnings.append(f"Dit is precies hetzelfde bestand als '{titles[document.digest]}'.")
    searchable = {page for passage in found for page in passage.pages}
    meant = searchable.union(document.contents_pages)  # a table of contents is left out on purpose
    silent = [page.number for page in document.pages if page.number not in meant]
    if silent:
        warnings.append(f"Zonder doorzoekbare tekst: pagina {_ranges(silent)}.")
    return Entry(
        source=source,
        state=state,
        change=Change.VERVALLEN if outcome.gone else change,
        reason=reason,
        file=document.file,
        digest=document.digest,
        pages=len(document.pages),
        pages_searchable=len(searchable),
        passages=len(found),
        words=sum(len(passage.text.split()) for passage in found),
        seconds=outcome.seconds,
        warnings=tuple(warnings),
    )


def _state_of(document: Document | None) -> State:
    """How a document was read: from its text, or wholly or in part from the picture of its pages."""
    scanned = document is not None and any(warning.startswith(FROM_PICTURE) for warning in document.warnings)
    return State.GESCAND if scanned else State.GELEZEN


def _ranges(numbers: Sequence[int]) -> str:
    """[1, 2, 3, 7] → '1-3, 7'."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
