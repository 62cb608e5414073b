"""`python -m ingest`: one run. Reads the corpus, publishes a new index version, and says what happened, in Dutch.

Exit status: 0 a version was published or nothing had changed; 1 none could be published; 2 wrong usage.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from index.archive import export_archive, import_archive
from index.builder import build_and_publish, recipe_of, verify
from index.encoder import Encoder, identify, load_encoder
from index.errors import NoVersionError, SearchIndexError
from index.maintenance import finish_forgetting, forget, forgotten, readmit, rollback
from index.results import SourceStatus
from index.settings import ROOT, Settings
from index.store import Store
from index.versions import clear_unfinished, kept_name, open_current
from ingest import ocr
from ingest.change_report import changes_as_json, changes_as_markdown, changes_as_text
from ingest.changes import changes_between
from ingest.documents import CitedBy, Passage, Source
from ingest.errors import BusyError, IngestError, UnreadableError
from ingest.fetch import Fetched, Fetcher, FetchSettings
from ingest.fetch_problems import FetchState
from ingest.ledger import Change, Entry, State, gone
from ingest.links import sources_of_links
from ingest.pipeline import Kept, Reading, bytes_of, digest_of, read_apart, read_sources
from ingest.readers import read_document
from ingest.report import report_as_json, report_as_text, report_of_no_change
from ingest.sources import name_of, sources_of

# The report of the last run, beside what else may be thrown away: `--forget` clears what it quotes of a document.
REPORT = "verslag.md"


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What a run is told: folders, model, and how to report."""

    corpus: Path
    data: Path
    models: Path
    model: str
    offline: bool
    as_json: bool
    rollback: bool = False
    forget: str = ""
    readmit: str = ""
    export_to: Path | None = None
    import_from: Path | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs and returns the exit status."""
    settings = _settings(arguments)
    console = Console(stderr=True, quiet=settings.as_json)
    if not settings.corpus.is_dir() and not (settings.import_from or settings.rollback or settings.forget):
        print(f"De map {settings.corpus} bestaat niet. Geef met --corpus een map met documenten op.", file=sys.stderr)
        return 2
    try:
        with _only_run(settings.data):
            return _task(settings) if _has_task(settings) else _run(settings, console)
    except (IngestError, SearchIndexError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("De inlezing is afgebroken. De vorige versie blijft antwoorden.", file=sys.stderr)
        return 1
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        print(f"De inlezing is gestopt: {error.strerror}{where}. De vorige versie blijft antwoorden.", file=sys.stderr)
        return 1


def _settings(arguments: Sequence[str] | None) -> RunSettings:
    places = Settings.of_environment()
    parser = argparse.ArgumentParser(
        prog="python -m ingest", description="Leest de bronnen in en publiceert een nieuwe versie van de zoekindex."
    )
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus", help="map met documenten (standaard: corpus/)")
    parser.add_argument("--data", type=Path, default=places.data, help="map voor wat er gemaakt wordt")
    parser.add_argument("--offline", action="store_true", help="haal niets op van het internet")
    parser.add_argument("--json", action="store_true", help="geef het verslag als JSON")
    task = parser.add_mutually_exclusive_group()
    task.add_argument("--rollback", action="store_true", help="zet de vorige versie terug")
    task.add_argument("--forget", metavar="ID", default="", help="verwijder een document voorgoed uit het portaal")
    task.add_argument("--readmit", metavar="ID", default="", help="laat een verwijderd document weer toe")
    task.add_argument("--export", type=Path, metavar="BESTAND", dest="export_to", help="maak een reservekopie")
    task.add_argument("--import", type=Path, metavar="BESTAND", dest="import_from", help="zet een reservekopie terug")
    given = parser.parse_args(arguments)
    return RunSettings(
        corpus=given.corpus,
        data=given.data,
        models=places.models,
        model=places.model,
        offline=given.offline,
        as_json=given.json,
        rollback=given.rollback,
        forget=given.forget,
        readmit=given.readmit,
        export_to=given.export_to,
        import_from=given.import_from,
    )


@contextmanager
def _only_run(data: Path) -> Iterator[None]:
    """Holds the lock of a data folder; the system lets go of it however the run ends."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / ".inlezen.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError("Er loopt al een inlezing in deze map. Wacht tot die klaar is.") from error
        yield


def _has_task(settings: RunSettings) -> bool:
    return bool(settings.rollback or settings.forget or settings.readmit or settings.export_to or settings.import_from)


def _task(settings: RunSettings) -> int:
    """One of the tasks that is no ingest: says what was done and returns 0; what cannot be done raises."""
    told: list[str] = []
    if settings.rollback:
        said = f"Versie {rollback(settings.data, told.append)} geeft nu antwoord. "
        said += "De volgende inlezing maakt een nieuwe versie van wat er dan in de map staat: verbeter die eerst."
    elif settings.forget:
        forget(settings.data, settings.forget, told.append)
        said = (
            f"'{settings.forget}' is uit alle versies, kopieën en tussenbestanden verwijderd. Verwijder het bestand "
            "ook uit de map met bronnen en uit oude reservekopieën, en start het portaal opnieuw."
        )
    elif settings.readmit:
        was = readmit(settings.data, settings.readmit)
        said = (
            f"'{settings.readmit}' wordt bij de volgende inlezing weer gelezen."
            if was
            else (f"'{settings.readmit}' was niet verwijderd.")
        )
    elif settings.export_to:
        made = export_archive(settings.data, settings.corpus, settings.export_to)
        said = f"{settings.export_to} bevat versie {made.version}: {len(made.members)} bestanden, {made.size >> 20} MB."
    else:
        assert settings.import_from
        came = import_archive(settings.import_from, settings.data, settings.corpus)
        said = f"Versie {came.version} is teruggezet en geeft nu antwoord."
        if came.aside:
            said += f" Wat er anders was, staat in {came.aside}."
    if settings.as_json:
        print(json.dumps({"message": said, "warnings": told}, ensure_ascii=False))
    else:
        print("\n".join([*told, said]))
    return 0


def _allowed(data: Path, sources: Sequence[Source], contents: Sequence[str]) -> list[tuple[Source, str]]:
    """The sources that were not removed for good, each with its content's digest; says which are left out."""
    barred = forgotten(data)
    left: list[tuple[Source, str]] = []
    for source, content in zip(sources, contents, strict=True):
        if any(entry.bars(source.id, content) for entry in barred):
            print(f"'{source.title}' is voorgoed verwijderd en wordt niet ingelezen ({source.id}).", file=sys.stderr)
        else:
            left.append((source, content))
    return left


def _run(settings: RunSettings, console: Console) -> int:
    """1 what there is to read · 2 has anything changed? · 3 read · 4 build and publish · 5 report."""
    began = time.perf_counter()
    clear_unfinished(settings.data)
    finish_forgetting(settings.data)
    sources = _with_linked(sources_of(settings.corpus))  # 1
    fetched = _fetch(settings, sources, console)
    before, recipe_before = _before(settings.data)
    states_before = {status.id: status.state for status in before}
    # before reading: what changes meanwhile, the next run sees
    contents = [_content(source, fetched, states_before.get(source.id)) for source in sources]
    allowed = _allowed(settings.data, sources, contents)
    sources, contents = [source for source, _ in allowed], [content for _, content in allowed]
    known_model = identify(settings.model, settings.models)
    if known_model and recipe_before == _recipe(sources, contents, known_model):  # 2
        entries = [_entry_of(status) for status in before]
        _say(settings, report_as_json(None, entries, 0.0), report_of_no_change(entries))
        return 0

    reading = _read(settings, sources, before, fetched, console)  # 3
    entries = [*reading.entries, *gone(reading.entries, {status.id: _source_of(status) for status in before})]
    if not reading.documents:
        _say(settings, report_as_json(None, entries, 0.0), report_as_text(None, entries, 0.0))
        print("Er is geen enkele leesbare bron, dus er is niets gepubliceerd.", file=sys.stderr)
        return 1
    passages_before = _passages_before(settings.data)
    encoder = load_encoder(settings.model, settings.models, say=console.print)
    recipe = _recipe(sources, contents, encoder.fingerprint)
    version = _publish(settings, reading, entries, encoder, recipe, console)  # 4
    finish_forgetting(settings.data)  # could not be done before if the version before was damaged
    changes = changes_between(passages_before, reading.passages, entries)  # 5
    seconds = time.perf_counter() - began
    as_json = {**report_as_json(version, entries, seconds), "changes": changes_as_json(changes)}
    as_text = report_as_text(version, entries, seconds)
    (settings.data / "cache" / REPORT).write_text(f"{as_text}\n\n{changes_as_markdown(changes)}\n", encoding="utf-8")
    _say(settings, as_json, "\n\n".join(part for part in (as_text, changes_as_text(changes)) if part))
    return 0


def _before(data: Path) -> tuple[tuple[SourceStatus, ...], str]:
    """The ledger and the recipe of the version that answers now; nothing if there is none, or it cannot be read.

    A version that is damaged has a ledger at best, and no recipe: it is made anew even if nothing changed. Sources that
    had gone by then are not among 'before': they went once, and when they come back they are new.
    """
    try:
        _, layout, manifest = open_current(data)
        statuses = Store(layout.store).sources()
    except NoVersionError:
        return (), ""
    except SearchIndexError as error:
        print(f"{error} Er wordt nu een nieuwe versie gemaakt.", file=sys.stderr)
        return (), ""
    present = tuple(status for status in statuses if status.change != Change.VERVALLEN or status.digest)
    try:
        verify(layout, manifest)
    except SearchIndexError as error:
        print(f"{error} Er wordt nu een nieuwe versie gemaakt.", file=sys.stderr)
        return present, ""
    return present, manifest.recipe


def _passages_before(data: Path) -> list[Passage]:
    """The passages of the version that answers now; none if there is none, or it cannot be read."""
    try:
        store = Store(open_current(data)[1].store)
        return store.passages_at(range(store.passages))
    except SearchIndexError:
        return []


def _with_linked(sources: list[Source]) -> list[Source]:
    """The sources, with what the links of those that say so point to: joined to a source with that address, or new."""
    for source in [source for source in sources if source.follow_links]:
        try:
            data = bytes_of(source)
            document = read_document(source, data, name_of(source.path) if source.path else "", digest_of(data))
        except Exception:  # whatever is wrong with it, the reading itself says so; its links wait
            continue
        sources = sources_of_links(document, sources)
    return sources


def _fetch(settings: RunSettings, sources: Sequence[Source], console: Console) -> dict[str, Fetched]:
    """What came of the address of each source that has no file here."""
    barred = forgotten(settings.data)
    remote = [source for source in sources if not any(entry.bars(source.id, "") for entry in barred)]
    addresses = [source.url for source in remote if source.path is None and source.url]
    if not addresses:
        return {}
    rules = FetchSettings.of_environment(offline=settings.offline)
    with Fetcher(rules, settings.data / "fetched") as fetcher, _progress(console) as progress:
        task = progress.add_task("Rapporten ophalen", total=len(addresses))
        return fetcher.fetch_all(addresses, lambda address: progress.advance(task))


def _content(source: Source, fetched: Mapping[str, Fetched], state_before: str | None) -> str:
    """The digest of a source's file as it is now; how it fails if it cannot be read."""
    web = fetched.get(source.url or "") if source.path is None else None
    if web:
        # An outage alone publishes nothing: what is kept stays what it was. Nor does being offline: that a source could
        # not be asked says nothing new of it.
        unasked = web.state is FetchState.WACHT_OP_NETWERK and state_before is not None
        state = state_before if unasked else web.state
        return f"{web.digest or state}{' vervallen' if web.gone else ''}"
    try:
        return digest_of(bytes_of(source))
    except UnreadableError as error:
        return error.state


def _recipe(sources: Sequence[Source], contents: Sequence[str], model_fingerprint: str) -> str:
    """The digest of all that decides the next version's content."""
    parts = [model_fingerprint, ocr.version()]  # scans are read once Tesseract is there
    for source, content in zip(sources, contents, strict=True):
        name = source.path.name if source.path else ""
        parts.append(repr((source.id, source.title, source.publisher, source.year, source.portefeuilles, name)))
        parts.append(repr((source.url, source.kind, source.cited_by, source.personal_data, content)))
    return recipe_of(parts)


def _read(
    settings: RunSettings,
    sources: Sequence[Source],
    before: Sequence[SourceStatus],
    fetched: Mapping[str, Fetched],
    console: Console,
) -> Reading:
    digests = {status.id: status.digest for status in before}
    files = {status.digest: status.file for status in before if status.digest}

    def kept(digest: str) -> Kept | None:
        path = settings.data / "files" / kept_name(digest, files[digest])
        return Kept(files[digest], path.read_bytes()) if path.is_file() else None

    with _progress(console) as progress:
        task = progress.add_task("Bronnen lezen", total=len(sources))
        done = iter(range(len(sources)))

        def show(source: Source) -> None:
            progress.update(task, completed=next(done), description=f"Lezen: {source.title[:40]}")

        reading = read_sources(sources, digests, kept, show, fetched, read_apart)
        progress.update(task, completed=len(sources), description="Bronnen lezen")
    return reading


def _publish(
    settings: RunSettings,
    reading: Reading,
    entries: Sequence[Entry],
    encoder: Encoder,
    recipe: str,
    console: Console,
) -> str:
    with _progress(console) as progress:
        task = progress.add_task("Betekenis vastleggen", total=None)
        return build_and_publish(
            settings.data,
            reading.documents,
            reading.passages,
            reading.contents,
            [_status_of(entry) for entry in entries],
            encoder,
            recipe,
            lambda stage, done, total: progress.update(task, completed=done, total=total),
        )


def _progress(console: Console) -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, transient=True, disable=console.quiet)


def _status_of(entry: Entry) -> SourceStatus:
    source = entry.source
    return SourceStatus(
        id=source.id,
        title=source.title,
        publisher=source.publisher,
        year=source.year,
        url=source.url,
        file=entry.file,
        state=entry.state.value,
        change=entry.change.value,
        reason=entry.reason,
        pages=entry.pages,
        pages_searchable=entry.pages_searchable,
        passages=entry.passages,
        portefeuilles=source.portefeuilles,
        cited_by=tuple((place.document, place.page, place.words) for place in source.cited_by),
        digest=entry.digest,
        warnings=entry.warnings,
    )


def _entry_of(status: SourceStatus) -> Entry:
    """The ledger's row of a source to which nothing has happened since."""
    return Entry(
        source=_source_of(status),
        state=State(status.state),
        change=Change.ONGEWIJZIGD,
        reason=status.reason,
        file=status.file,
        digest=status.digest,
        pages=status.pages,
        pages_searchable=status.pages_searchable,
        passages=status.passages,
        warnings=status.warnings,
    )


def _source_of(status: SourceStatus) -> Source:
    return Source(
        id=status.id,
        title=status.title,
        publisher=status.publisher,
        year=status.year,
        portefeuilles=status.portefeuilles,
        url=status.url,
        cited_by=tuple(CitedBy(*place) for place in status.cited_by),
    )


def _say(settings: RunSettings, as_json: dict[str, object], as_text: str) -> None:
    print(json.dumps(as_json, ensure_ascii=False, indent=2) if settings.as_json else as_text)


if __name__ == "__main__":
    sys.exit(main())
