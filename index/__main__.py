"""`python -m index search "vraag"`: the answer and the passages, for people or, with --json, for programs."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.text import Text

from index.errors import SearchIndexError
from index.reading import reading_sentences
from index.references import Mention, References, is_named, warnings_for_readers
from index.results import Answer, Hit, SearchResult, SourceStatus, Status
from index.searched import searched_sentence
from index.searcher import Searcher, open_searcher
from index.settings import Settings
from ingest.errors import UnknownPortefeuilleError

_STATUS = {
    Status.GEVONDEN: ("green", "Gevonden"),
    Status.ONZEKER: ("yellow", "Onzeker: controleer de bron"),
    Status.NIET_GEVONDEN: ("red", "Niet gevonden"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs and returns the exit status: 0 done, 1 the index cannot be searched, 2 wrong usage."""
    settings = Settings.of_environment()
    parser = _parser(settings)
    given = parser.parse_args(arguments)
    if bool(given.vraag) == bool(given.questions):
        parser.error("geef een vraag, of met --questions een bestand met vragen")
    try:
        questions = _questions(given.questions) if given.questions else [("", _writable(given.vraag))]
        searcher = open_searcher(
            given.data,
            model=settings.model,
            models=settings.models,
            precision=settings.precision,
            backend=settings.backend,
        )
        for number, (question_id, question) in enumerate(questions):
            result = searcher.search(question, k=given.k, portefeuilles=given.portefeuille)
            if given.json:
                print(json.dumps(result_as_json(question_id, result), ensure_ascii=False), flush=True)
            else:
                show(result, searcher, Console(highlight=False, emoji=False), number if len(questions) > 1 else None)
    except UnknownPortefeuilleError as error:
        parser.error(str(error))
    except BrokenPipeError:
        raise  # '| head' closed the pipe: see below
    except (SearchIndexError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser(settings: Settings) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index", description="Zoekt in de gepubliceerde bronnen.")
    search = parser.add_subparsers(dest="opdracht", required=True).add_parser("search", help="beantwoord een vraag")
    search.add_argument("vraag", nargs="?", default="", help="de vraag, in gewoon Nederlands")
    search.add_argument(
        "--questions", type=Path, metavar="FILE.jsonl", help='veel vragen: {"id", "question"} per regel'
    )
    search.add_argument("-k", type=_positive, default=10, help="hoeveel passages (standaard 10)")
    search.add_argument("--portefeuille", action="append", default=[], metavar="NAAM", help="alleen deze portefeuille")
    search.add_argument("--data", type=Path, default=settings.data, help="map met de zoekindex")
    search.add_argument("--json", action="store_true", help="één regel JSON per vraag")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("geef een getal van 1 of hoger")
    return number


def _questions(file: Path) -> list[tuple[str, str]]:
    """(id, question) of each line. Raises ValueError, saying which line is wrong."""
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")  # JSON ends lines nowhere else
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{file} is niet te lezen. Geef een bestaand tekstbestand in UTF-8.") from error
    questions: list[tuple[str, str]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            if not isinstance(entry["question"], str):
                raise TypeError("question is no text")
            questions.append((str(entry["id"]), _writable(entry["question"])))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f'{file}, regel {number}: schrijf een vraag als {{"id": …, "question": …}}') from error
    return questions


def _writable(text: str) -> str:
    """What is no UTF-8 reaches a program as lone surrogates, which cannot be written again: they become '?'."""
    return text.encode("utf-8", "replace").decode("utf-8")


def result_as_json(question_id: str, result: SearchResult) -> dict[str, object]:
    """The contract's form of a result."""
    answer = result.answer
    return {
        "id": question_id,
        "question": result.question,
        "seconds": round(result.seconds, 4),
        "answer": {
            "status": answer.status.value,
            "confidence": answer.confidence,
            "text": answer.text,
            "rank": answer.hit.rank if answer.hit else None,
            "page": answer.page,
            "lead_in": answer.lead_in,
            "items": [{"text": item.text, "page": item.page, "passage_id": item.passage_id} for item in answer.items],
            "others": [{"text": other.text, "page": other.page, **_source(other.hit)} for other in answer.others],
        },
        "corrections": [list(pair) for pair in result.corrections],
        "reading": asdict(result.reading),
        "hits": [_hit_as_json(hit) for hit in result.hits],
    }


def _hit_as_json(hit: Hit) -> dict[str, object]:
    return {
        "rank": hit.rank,
        "score": hit.score,
        "passage_id": hit.passage.passage_id,
        "document_id": hit.document.id,
        "document": hit.document.title,
        "file": hit.document.file,
        "page": hit.page,
        "pages": list(hit.passage.pages),
        "heading_path": list(hit.passage.heading_path),
        "portefeuilles": list(hit.passage.portefeuilles),
        "text": hit.passage.text,
        "also": [
            {"document_id": place.document.id, "page": place.page, "passage_id": place.passage_id} for place in hit.also
        ],
    }


def _source(hit: Hit) -> dict[str, object]:
    return {
        "document_id": hit.document.id,
        "document": hit.document.title,
        "date": hit.document.date,
        "passage_id": hit.passage.passage_id,
    }


def show(result: SearchResult, searcher: Searcher, console: Console, number: int | None = None) -> None:
    """The result for people: the answer first, then the passages with the matching words marked.

    `number` counts the questions of a file from 0; each of these is headed by its question.
    """
    if number:
        console.print()
    if number is not None:
        console.print(_text(result.question, style="bold"))
    for typed, read_as in result.corrections:
        console.print(Text.assemble("Gezocht naar ", (_plain(read_as), "bold"), f" (u typte {_plain(typed)})"))
    titles = {document.id: document.title for document in searcher.documents()}
    for sentence in reading_sentences(result, titles):
        console.print(_text(sentence, style="dim"))
    colour, words = _STATUS[result.answer.status]
    console.print(f"[{colour} bold]{words}[/]")
    if result.answer.hit:
        _show_answer(result.answer, result.answer.hit, console)
    else:
        console.print(f"  {searched_sentence(result.searched)}")
        if result.hits:
            console.print("  Dit komt er het dichtst bij:")
    references = References(searcher)
    seen: set[str] = set()
    for hit in result.hits:
        console.print()
        console.print(_text(f"{hit.rank:2}  {source_line(hit)}", style="cyan"))
        console.print(_marked(hit))
        if hit.also:
            places = "; ".join(f"{place.document.title}, p. {place.page}" for place in hit.also)
            console.print(_text(f"    Ook in: {places}", style="dim"))
        for note in _notes(hit, references, first=hit.document.id not in seen):
            console.print(_text(f"    {note}", style="dim"))
        seen.add(hit.document.id)
    if result.searched.waiting:
        known = sum(map(is_named, references.sources.values()))
        console.print(f"\n{_waiting(result.searched.waiting, known)}", style="dim")


def _show_answer(answer: Answer, hit: Hit, console: Console) -> None:
    """The words that answer, as a list if they are one, with their source; then what another source says instead."""
    if answer.lead_in:
        console.print(_text(f"  {answer.lead_in}", style="dim"))
    for item in answer.items:
        console.print(Text.assemble(("  • " + _plain(item.text), "bold"), (f"  p. {item.page}", "cyan")))
    if not answer.items:
        console.print(_text(f"  {answer.text}", style="bold"))
    console.print(_text(f"  {source_line(hit, answer.page)}", style="cyan"))
    for other in answer.others:
        console.print("  Een andere bron zegt iets anders:")
        console.print(_text(f"  {other.text}"))
        console.print(_text(f"  {source_line(other.hit, other.page)}", style="cyan"))


def _notes(hit: Hit, references: References, *, first: bool) -> Iterator[str]:
    """What the passage names and where its document is named; at a document's first passage in full, with its gaps."""
    named = [_named(source, references) for source in references.in_passage(hit.passage)]
    if named:
        yield f"Verwijst naar: {'; '.join(named)}"
    document = hit.document
    places = references.to_source(document.id)
    if not first:
        yield from dict.fromkeys(map(_place, places))
        return
    yield from (f'{_place(place)}: "{" ".join(place.sentence.split())}"' for place in places)
    if document.pages_searchable < document.pages:
        status = references.sources.get(document.id)
        why = warnings_for_readers(status) if status else ()
        yield " ".join((f"{document.pages_searchable} van {document.pages} pagina's doorzoekbaar.", *why))


def _named(source: SourceStatus, references: References) -> str:
    """'Energievisie 2050', or, if it cannot be searched, 'Energievisie 2050 (wacht op netwerk, https://…)'."""
    known = ", ".join(part for part in (source.state, source.url) if part)
    return source.title if references.is_searchable(source) else f"{source.title} ({known})"


def _place(mention: Mention) -> str:
    """'Genoemd in Overdrachtsdocument 2026 op p. 14'."""
    return f"Genoemd in {mention.document.title} op p. {mention.page}"


def _counted(sources: int) -> str:
    return "1 bron" if sources == 1 else f"{sources} bronnen"


def _waiting(waiting: int, known: int) -> str:
    """'20 van 24 bronnen zijn nog niet doorzoekbaar. …'."""
    verb = "is" if waiting == 1 else "zijn"
    return f"{waiting} van {_counted(known)} {verb} nog niet doorzoekbaar. Welke en waarom: zie Bronnen in het portaal."


def source_line(hit: Hit, page: int | None = None) -> str:
    """'Overdrachtsdocument 2026 (2026) · Portefeuille Sport › Vooruitblik · p. 21'."""
    date = f" ({hit.document.date})" if hit.document.date else ""
    path = " › ".join(hit.passage.heading_path)
    return " · ".join(part for part in (f"{hit.document.title}{date}", path, f"p. {page or hit.page}") if part)


def _text(text: str, style: str = "") -> Text:
    return Text(_plain(text), style=style)


def _plain(text: str) -> str:
    """Without the codes by which a document could command the terminal; a space for each, so that marks hold."""
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", " ", text)


def _marked(hit: Hit) -> Text:
    text = _text(hit.passage.text)
    for start, end in hit.marks:
        text.stylize("bold yellow", start, end)
    indented = Text("\n").join(Text("    ") + line for line in text.split("\n", allow_blank=True))
    return indented


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:  # '| head' closed the pipe: nothing went wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
