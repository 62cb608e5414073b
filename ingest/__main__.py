"""`python -m ingest`: one run. Reads the corpus, publishes a new index version, and says what happened, in Dutch.

Exit status: 0 a version was published or nothing had changed; 1 none could be published; 2 wrong usage.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from index.archive_export import export_archive
from index.archive_import import import_archive
from index.begrippen import Group, read_begrippen
from index.builder import CACHE, build_and_publish, evidence, recipe_of
from index.checking import verify
from index.embeddings import AT_ONCE, Ahead
from index.encoder import identify, load_encoder
from index.errors import NoVersionError, SearchIndexError
from index.forgetting import finish_forgetting, forget
from index.forgotten import forgotten, readmit
from index.results import SourceStatus
from index.rollback import rollback
from index.settings import Settings
from index.store import Store
from index.usage import Usage, UsageError
from index.versions import clear_unfinished, kept_name, open_current
from ingest import ocr
from ingest.arguments import RunSettings, settings_of
from ingest.change_report import changes_as_json, changes_as_markdown, changes_as_text
from ingest.changes import changes_between
from ingest.documents import CitedBy, Document, Passage, Source
from ingest.errors import BusyError, IngestError
from ingest.extracted import ExtractionCache, Reader
from ingest.fetch import FetchSettings
from ingest.inventory import Inventory, take_inventory
from ingest.ledger import Before, Change, Entry, State, gone
from ingest.pipeline import Kept, Reading, read_apart, read_sources
from ingest.progress import REPORT as REPORT_FOR_PROGRAMS
from ingest.progress import Outcome, Teller, telling
from ingest.report import report_as_json, report_as_text, report_of_no_change
from ingest.watching import changes_in

# The report of the last run, beside what else may be thrown away: `--forget` clears what it quotes of a document.
REPORT = "verslag.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs and returns the exit status."""
    places = Settings.of_environment()
    settings = settings_of(arguments, places.corpus, places.data, places.models, places.model)
    settings = replace(settings, backend=places.backend, precision=places.precision)
    if settings.needs_corpus and not settings.corpus.is_dir():
        print(f"De map {settings.corpus} bestaat niet. Geef met --corpus een map met documenten op.", file=sys.stderr)
        return 2
    if settings.watch:
        return _watch(settings)
    try:
        return _locked(settings)
    except KeyboardInterrupt:
        print("De inlezing is afgebroken. De vorige versie blijft antwoorden.", file=sys.stderr)
        return 1


def _watch(settings: RunSettings) -> int:
    """A run now and one after every change in the folder, until somebody stops it. A run that fails ends nothing."""
    try:
        status = _locked(settings)
        print(f"{settings.corpus} wordt gevolgd. Stoppen: Ctrl+C.", file=sys.stderr)
        for names in changes_in(settings.corpus):
            print(f"Veranderd: {', '.join(names)}.", file=sys.stderr)
            status = _locked(settings)
    except KeyboardInterrupt:
        print("Het volgen van de map is gestopt.", file=sys.stderr)
    return status


def _locked(settings: RunSettings) -> int:
    """One run or task, alone in its data folder; says in Dutch what stopped it."""
    console = Console(stderr=True, quiet=settings.as_json)
    try:
        with _only_run(settings.data):
            if settings.has_task:
                status = _task(settings)
                if settings.rollback or settings.forget or settings.import_from:
                    _to_server(settings)
                return status
            _remove_old_questions(settings.data)
            with telling(settings.data, (IngestError, SearchIndexError)) as teller:
                return _run(settings, console, teller)
    except (IngestError, SearchIndexError) as error:
        print(error, file=sys.stderr)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        print(f"De inlezing is gestopt: {error.strerror}{where}. De vorige versie blijft antwoorden.", file=sys.stderr)
    return 1


def _remove_old_questions(data: Path) -> None:
    """A portal that does not run removes no kept questions; the nightly run does. No run fails for it."""
    try:
        Usage(data).remove_old()
    except UsageError as error:
        print(error, file=sys.stderr)


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


def _task(settings: RunSettings) -> int:
    """One of the tasks that is no ingest: says what was done and returns 0; what cannot be done raises."""
    told: list[str] = []
    if settings.rollback:
        said = f"Versie {rollback(settings.data, told.append)} geeft nu antwoord. "
        said += (
            "Let op: elke inlezing, ook die van 'make start', maakt weer een nieuwe versie van wat er dan in de map "
            "met bronnen staat. Verbeter dus eerst die bronnen, anders komt de fout terug."
        )
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


def _run(settings: RunSettings, console: Console, teller: Teller) -> int:
    """1 what there is to read · 2 has anything changed? · 3 read · 4 build and publish · 5 report."""
    began = time.perf_counter()
    clear_unfinished(settings.data)
    finish_forgetting(settings.data)
    statuses, recipe_before = _before(settings.data)
    readings = ExtractionCache(settings.data / "cache" / "readings")
    reader = readings.reader(read_apart)
    begrippen = read_begrippen(settings.corpus)
    there = _inventory(settings, statuses, reader, console, teller)  # 1
    known_model = identify(settings.model, settings.models)
    if known_model and recipe_before == _recipe(there, begrippen, known_model):  # 2
        entries = [_entry_of(status) for status in statuses]
        _to_server(settings)  # an earlier run may not have come so far
        _say(settings, report_as_json(None, entries, 0.0), report_of_no_change(entries))
        teller.end(Outcome.KLAAR, "Er is niets veranderd sinds de vorige inlezing.")
        return 0

    before = {status.id: Before(_source_of(status), status.digest, status.file) for status in statuses}
    load = partial(load_encoder, settings.model, settings.models, say=console.print, ready=settings.precision)
    with Ahead(load, settings.data / CACHE) as ahead:  # what was read is embedded while the rest is still being read
        reading = _read(settings, there, before, reader, ahead, console, teller)  # 3
        entries = [*reading.entries, *gone(reading.entries, before)]
        if not reading.documents:
            _say(settings, report_as_json(None, entries, 0.0), report_as_text(None, entries, 0.0))
            said = "Er is geen enkele leesbare bron, dus er is niets gepubliceerd."
            teller.end(Outcome.MISLUKT, said)
            print(said, file=sys.stderr)
            return 1
        passages_before = _passages_before(settings.data)
        teller.stage("Taalmodel laden")
        recipe = _recipe(there, begrippen, ahead.encoder().fingerprint)
        version = _publish(settings, reading, entries, begrippen, ahead, recipe, console, teller)  # 4
    _to_server(settings)
    finish_forgetting(settings.data)  # could not be done before if the version before was damaged
    readings.clear_unused()
    changes = changes_between(passages_before, reading.passages, entries)  # 5
    seconds = time.perf_counter() - began
    as_json = {**report_as_json(version, entries, seconds), "changes": changes_as_json(changes)}
    as_text = report_as_text(version, entries, seconds)
    reports = settings.data / "cache"
    (reports / REPORT).write_text(f"{as_text}\n\n{changes_as_markdown(changes)}\n", encoding="utf-8")
    (settings.data / REPORT_FOR_PROGRAMS).write_text(json.dumps(as_json, ensure_ascii=False), encoding="utf-8")
    _say(settings, as_json, "\n\n".join(part for part in (as_text, changes_as_text(changes)) if part))
    teller.end(Outcome.KLAAR, "De nieuwe versie geeft nu antwoord.", version)
    return 0


def _to_server(settings: RunSettings) -> None:
    """What answers here answers on the server too, if there is one."""
    if settings.backend:
        from index.edition import edition_of
        from index.postgres.publishing import publish as publish_on_server

        publish_on_server(settings.backend, edition_of(settings.data))


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


def _inventory(
    settings: RunSettings, statuses: Sequence[SourceStatus], reader: Reader, console: Console, teller: Teller
) -> Inventory:
    """What there is to read; says which sources were removed for good."""
    removed = forgotten(settings.data)
    states = {status.id: status.state for status in statuses}
    teller.stage("Rapporten ophalen")
    with _progress(console) as progress:
        task = progress.add_task("Rapporten ophalen", total=None)

        def show(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)
            teller.step(done, total)

        there = take_inventory(
            settings.corpus,
            settings.data / "fetched",
            FetchSettings.of_environment(offline=settings.offline),
            lambda source_id, content: any(entry.bars(source_id, content) for entry in removed),
            states,
            reader,
            show,
        )
    for source in there.barred:
        print(f"'{source.title}' is voorgoed verwijderd en wordt niet ingelezen ({source.id}).", file=sys.stderr)
    return there


def _recipe(there: Inventory, begrippen: Sequence[Group], model_fingerprint: str) -> str:
    """The digest of all that decides the next version's content."""
    parts = [model_fingerprint, repr(begrippen), ocr.version()]  # scans are read once Tesseract is there
    for source, content in zip(there.sources, there.contents, strict=True):
        name = source.path.name if source.path else ""
        parts.append(repr((source.id, source.title, source.publisher, source.year, source.portefeuilles, name)))
        parts.append(repr((source.url, source.kind, source.cited_by, source.personal_data, content)))
    return recipe_of(parts)


def _read(
    settings: RunSettings,
    there: Inventory,
    before: Mapping[str, Before],
    reader: Reader,
    ahead: Ahead,
    console: Console,
    teller: Teller,
) -> Reading:
    files = {was.digest: was.file for was in before.values() if was.digest}

    def kept(digest: str) -> Kept | None:
        path = settings.data / "files" / kept_name(digest, files[digest])
        return Kept(files[digest], path.read_bytes()) if path.is_file() else None

    teller.stage("Bronnen lezen", len(there.sources))
    read: list[str] = []
    with _progress(console) as progress:
        task = progress.add_task("Bronnen lezen", total=len(there.sources))

        def show(source: Source) -> None:
            progress.update(task, advance=1, description=f"Gelezen: {source.title[:40]}")
            read.append(source.id)
            teller.step(len(read), len(there.sources))

        def found(document: Document, passages: Sequence[Passage]) -> None:
            if not settings.backend:  # who has a server shares the work with others
                ahead.add(evidence(passages, {document.source.id: document.source.title})[0])

        at_once = len(os.sched_getaffinity(0))
        return read_sources(there.sources, before, kept, show, there.fetched, reader, at_once, found)


def _publish(
    settings: RunSettings,
    reading: Reading,
    entries: Sequence[Entry],
    begrippen: Sequence[Group],
    ahead: Ahead,
    recipe: str,
    console: Console,
    teller: Teller,
) -> str:
    teller.stage("Betekenis vastleggen")
    with _progress(console) as progress:
        task = progress.add_task("Betekenis vastleggen", total=None)

        def show(stage: str, done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)
            teller.step(done, total)
            if done >= total:
                teller.stage("Controleren en publiceren")

        encoder, at_once = ahead.encoder(), AT_ONCE
        if settings.backend:
            from index.postgres import embedding

            encoder, at_once = embedding.SharedEncoder(encoder, settings.backend), embedding.AT_ONCE
        return build_and_publish(
            settings.data,
            reading.documents,
            reading.passages,
            reading.contents,
            [_status_of(entry) for entry in entries],
            encoder,
            recipe,
            show,
            begrippen,
            at_once,
            ahead,
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
        kind=source.kind,
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
        kind=status.kind,
        cited_by=tuple(CitedBy(*place) for place in status.cited_by),
    )


def _say(settings: RunSettings, as_json: dict[str, object], as_text: str) -> None:
    print(json.dumps(as_json, ensure_ascii=False, indent=2) if settings.as_json else as_text)


if __name__ == "__main__":
    sys.exit(main())
