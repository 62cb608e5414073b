"""The clients of `python -m eval.benchmarks.concurrency`: one process with threads that ask and look at every answer.

    python -m eval.benchmarks.concurrency_clients FOLDER THREADS QUERIES [--toy]

Each thread takes its searcher for every question from app_pages/_resources, as each page of the portal does, over the
folder and the server that the environment names. It asks at least so many questions, and on until FOLDER/stop is there.
What it saw goes to standard output, a line of JSON for each answer; 'ready' is the first line.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from app_pages import _resources
from index import Searcher
from index.results import SearchResult

SUBJECTS = ("sport", "zorg", "energie", "cultuur", "wonen", "onderwijs", "afval", "veiligheid")
QUESTIONS = (
    "Wie is de voorzitter van de portefeuille {}?",
    "Wat spraken de gemeenten af over {}?",
    "Hoeveel geld is er voor {}?",
    "Wanneer is het plan voor {} vastgesteld?",
)
# What somebody thinks before the next question, in seconds: without it eight toys would ask thousands a second.
PAUSE = 0.02
_EDITION = re.compile(r"uitgave (\d+)")


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer: when it was asked and given (seconds since 1970), by which version, and of which editions it is.

    `faults` says what was wrong with it: nothing, for an answer that is whole and of one version.
    """

    asked: float
    answered: float
    version: str
    editions: tuple[int, ...]
    faults: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Asks until all clients are done, and tells what each saw."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.concurrency_clients", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("threads", type=int)
    parser.add_argument("queries", type=int, help="for each thread")
    parser.add_argument("--toy", action="store_true", help="with the tests' toy for the language model")
    given = parser.parse_args(arguments)
    if given.toy:
        from tests.conftest import ToyEncoder

        vars(_resources)["load_encoder"] = lambda *_args, **_more: ToyEncoder()
    _resources.searcher()
    print("ready", flush=True)
    lock = threading.Lock()

    def client(number: int) -> None:
        for seen in answers(number, given.queries, given.folder / "stop"):
            with lock:
                print(json.dumps(asdict(seen)), flush=True)

    clients = [threading.Thread(target=client, args=(number,)) for number in range(given.threads)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    return 0


def answers(client: int, queries: int, stop: Path) -> Iterator[Seen]:
    """What one client sees, question after question."""
    number = 0
    while number < queries or not stop.exists():
        subject = SUBJECTS[(number + client) % len(SUBJECTS)]
        yield ask(QUESTIONS[number // len(SUBJECTS) % len(QUESTIONS)].format(subject))
        number += 1
        time.sleep(PAUSE)


def ask(question: str) -> Seen:
    """One question, from taking the searcher to looking at every page that the answer leads to."""
    asked, version = time.time(), ""
    try:
        searcher = _resources.searcher()
        version = searcher.version
        result = searcher.search(question)
        answered = time.time()
        editions, faults = looked_at(searcher, result)
    except Exception as error:  # whatever it is, a reader would have seen no answer
        return Seen(asked, time.time(), version, (), (f"{type(error).__name__}: {error}",))
    return Seen(asked, answered, version, tuple(sorted(editions)), tuple(faults))


def looked_at(searcher: Searcher, result: SearchResult) -> tuple[set[int], list[str]]:
    """Of which editions an answer is, with all that it shows and leads to; and what is missing in it."""
    answer = result.answer
    told = [answer.text, *(item.text for item in answer.items), *(other.text for other in answer.others)]
    faults = [] if result.hits else ["no hit"]
    for hit in (*result.hits, *([answer.hit] if answer.hit else []), *(other.hit for other in answer.others)):
        passage = hit.passage
        file = searcher.file_path(hit.document.id).read_text(encoding="utf-8")
        told += [passage.text, *passage.heading_path, hit.document.title, file]
        page = searcher.page(hit.document.id, passage.pages[0])
        told += [page.text, *(one.text for one in page.passages)]
        faults += [] if passage in page.passages else [f"{passage.passage_id} does not stand on its page"]
    texts = [text for text in told if text]
    faults += [f"without an edition: {text[:60]}" for text in texts if not _EDITION.search(text)]
    editions = {int(number) for text in texts for number in _EDITION.findall(text)}
    return editions, faults + ([f"editions {sorted(editions)} in one answer"] if len(editions) > 1 else [])


if __name__ == "__main__":
    sys.exit(main())
