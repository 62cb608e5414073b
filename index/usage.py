"""How the portal is used: what is counted a day, and nothing that tells of a person.

data/feedback.sqlite     numbers only: questions a day, by status and by portefeuille, and what readers said of a
                         passage; goes along in a backup (archive.PEOPLE)
data/questions.sqlite    the text of questions that were not answered, only if the bureau wants that, and then for 30
                         days; in no backup, since a backup would keep it longer

No session, no address, no time finer than a day; a row is a number that goes up, so it cannot be told who asked what.
It stands in index/, beside the backup that takes it along, and knows nothing of Streamlit. Each call opens and closes
the file: several processes may count at once, and a restored backup is used at once.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from index.archive import LOGS
from index.errors import SearchIndexError
from index.results import Status
from ingest.folding import letters_only

COUNTS = "feedback.sqlite"
QUESTIONS = "questions.sqlite"
# The text of a question is gone on the thirtieth day after it was asked.
DAYS_KEPT = 30
# No more texts than this, however often somebody's program asks: some 2 MB.
MOST_QUESTIONS = 5_000
# How long a call waits for another process that is writing, in seconds. A write takes a few milliseconds.
_PATIENCE = 1.0

_COUNTS_SCHEMA = """
CREATE TABLE IF NOT EXISTS question (day TEXT, status TEXT, number INTEGER, PRIMARY KEY (day, status));
CREATE TABLE IF NOT EXISTS portefeuille (day TEXT, name TEXT, status TEXT, number INTEGER,
  PRIMARY KEY (day, name, status));
CREATE TABLE IF NOT EXISTS feedback (day TEXT, document TEXT, page INTEGER, passage TEXT, verdict TEXT, number INTEGER,
  PRIMARY KEY (day, document, page, passage, verdict));
"""
_QUESTIONS_SCHEMA = """
CREATE TABLE IF NOT EXISTS asked (day TEXT, question TEXT, status TEXT, number INTEGER,
  PRIMARY KEY (day, question, status));
"""

_BY_DAY = "SELECT day, status, number FROM question WHERE day BETWEEN ? AND ?"
_BY_NAME = "SELECT name, status, sum(number) FROM portefeuille WHERE day BETWEEN ? AND ? GROUP BY 1, 2"
_BY_MARK = """
SELECT document, page, passage, verdict, sum(number) FROM feedback WHERE day BETWEEN ? AND ?
GROUP BY 1, 2, 3, 4 HAVING sum(number) > 0
"""
_BY_QUESTION = """
SELECT question, status, sum(number), max(day) FROM asked WHERE day BETWEEN ? AND ?
GROUP BY 1, 2 ORDER BY 3 DESC, 4 DESC, 1
"""


class UsageError(SearchIndexError):
    """Raised when the numbers cannot be written or read. No search depends on them."""

    def __init__(self, file: Path, error: Exception) -> None:
        super().__init__(
            f"Het bestand data/{file.name} kan niet worden gebruikt ({error}). Zoeken werkt gewoon. Blijft dit zo? "
            "Zet dan een reservekopie terug, of haal het bestand weg: het portaal begint dan opnieuw met tellen."
        )


class Verdict(StrEnum):
    """What a reader said of an answer or a passage: it helped, or why not. These words stand in the file."""

    HELPED = "helpt"
    NO_REASON = "geen_reden"  # said no, and has given no reason (yet)
    OTHER_QUESTION = "andere_vraag"
    ELSEWHERE = "staat_elders"
    OUTDATED = "verouderd"
    SOURCE_MISSING = "bron_ontbreekt"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a verdict is about: a passage by document, page and key; all empty for 'niet gevonden'."""

    document: str = ""
    page: int = 0
    passage: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions were answered, answered with doubt, and not answered."""

    found: int = 0
    unsure: int = 0
    nothing: int = 0

    @property
    def total(self) -> int:
        return self.found + self.unsure + self.nothing


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question that was not answered, or with doubt, and on how many occasions; `last` is the last day."""

    question: str
    status: Status
    number: int
    last: date


@dataclass(frozen=True, slots=True)
class UsageReport:
    """What was counted in a period: every day of it, oldest first; portefeuilles and passages, most first.

    A question about two portefeuilles counts in both; '' is a question of no portefeuille.
    """

    days: Mapping[date, Tally] = field(default_factory=dict)
    portefeuilles: Mapping[str, Tally] = field(default_factory=dict)
    verdicts: Mapping[Mark, Mapping[Verdict, int]] = field(default_factory=dict)
    questions: tuple[AskedQuestion, ...] = ()


def passage_key(text: str) -> str:
    """Tells a passage by its words, so that it is found again after the next ingest: 'De raad.' → 'c61b…' (16 signs).

    A digest and not the words: what is removed from the sources for good must not stay here.
    """
    return hashlib.sha256(letters_only(text).encode()).hexdigest()[:16]


def dutch_day() -> date:
    """Today, in Drenthe."""
    return datetime.now(ZoneInfo("Europe/Amsterdam")).date()


class Usage:
    """The counts of one data folder. Every method may raise UsageError."""

    def __init__(self, data: Path, *, keep_questions: bool = False, today: Callable[[], date] = dutch_day) -> None:
        self._counts = data / COUNTS
        self._questions = data / QUESTIONS
        self._keeps = keep_questions
        self._today = today

    def count_question(self, question: str, status: Status, portefeuilles: tuple[str, ...] = ()) -> None:
        """One question more; its text is kept only if it must be, and only where it was not answered."""
        day = self._today().isoformat()
        with _opened(self._counts, _COUNTS_SCHEMA) as connection:
            _add(connection, "question", (day, status.value))
            for name in portefeuilles or ("",):
                _add(connection, "portefeuille", (day, name, status.value))
        if self._keeps and status is not Status.GEVONDEN:
            with self._kept_questions() as connection:
                known = connection.execute("SELECT count(*) FROM asked").fetchone()[0]
                if known < MOST_QUESTIONS:
                    _add(connection, "asked", (day, " ".join(question.split()), status.value))

    def count_verdict(self, mark: Mark, verdict: Verdict, instead_of: Verdict | None = None) -> None:
        """One verdict more; `instead_of` is what the same reader said a moment ago: a no, before its reason."""
        row = (self._today().isoformat(), mark.document, mark.page, mark.passage)
        with _opened(self._counts, _COUNTS_SCHEMA) as connection:
            _add(connection, "feedback", (*row, verdict.value))
            if instead_of is not None:
                connection.execute(
                    "UPDATE feedback SET number = number - 1 WHERE number > 0 AND day = ? AND document = ? "
                    "AND page = ? AND passage = ? AND verdict = ?",
                    (*row, instead_of.value),
                )

    def report(self, days: int) -> UsageReport:
        """What was counted in the last so many days, today included."""
        today = self._today()
        first = today - timedelta(days=days - 1)
        since = (first.isoformat(), today.isoformat())
        with _opened(self._counts, _COUNTS_SCHEMA) as connection:
            asked, by_name, said = (list(connection.execute(sql, since)) for sql in (_BY_DAY, _BY_NAME, _BY_MARK))
        by_day = _tallies(asked)
        portefeuilles = _tallies(by_name)
        every_day = [first + timedelta(days=one) for one in range(days)]
        return UsageReport(
            {day: by_day.get(day.isoformat(), Tally()) for day in every_day},
            dict(sorted(portefeuilles.items(), key=lambda one: (one[0] == "", -one[1].total, one[0]))),
            _verdicts(said),
            self._report_of_questions(since) if self._keeps else (),
        )

    def tidy(self) -> None:
        """Removes texts that are too old; all of them, with their file, where they are not to be kept (any more)."""
        if self._keeps:
            self.remove_old()
            return
        try:
            for ending in ("", *LOGS):
                self._questions.with_name(QUESTIONS + ending).unlink(missing_ok=True)
        except OSError as error:
            raise UsageError(self._questions, error) from error

    def remove_old(self) -> None:
        """Removes texts that are too old, whatever the setting says: for who may have been started without it."""
        if self._questions.exists():
            with self._kept_questions():
                pass

    @contextmanager
    def _kept_questions(self) -> Iterator[sqlite3.Connection]:
        """The texts; whoever opens them removes what is too old, to the last byte."""
        last = (self._today() - timedelta(days=DAYS_KEPT)).isoformat()
        with _opened(self._questions, _QUESTIONS_SCHEMA) as connection:
            removed = connection.execute("DELETE FROM asked WHERE day <= ?", (last,)).rowcount
            connection.commit()
            if removed:
                # secure_delete has overwritten the rows; the log beside the file still had them
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            yield connection

    def _report_of_questions(self, since: tuple[str, str]) -> tuple[AskedQuestion, ...]:
        with self._kept_questions() as connection:
            rows = connection.execute(_BY_QUESTION, since)
            return tuple(AskedQuestion(text, Status(of), n, date.fromisoformat(day)) for text, of, n, day in rows)


@contextmanager
def _opened(file: Path, schema: str) -> Iterator[sqlite3.Connection]:
    """A database, made if it is not there; what is done with it is one transaction."""
    try:
        with closing(sqlite3.connect(file, timeout=_PATIENCE)) as connection:
            with suppress(sqlite3.OperationalError):  # two processes made it at the same moment: the other one says it
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA secure_delete = ON").fetchall()
            connection.executescript(schema)
            with connection:
                yield connection
    except (sqlite3.Error, OSError, ValueError) as error:
        raise UsageError(file, error) from error


def _add(connection: sqlite3.Connection, table: str, row: tuple[object, ...]) -> None:
    """One more in the row that begins with these values."""
    marks = ",".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} VALUES ({marks}, 1) ON CONFLICT DO UPDATE SET number = number + 1", row)


def _tallies(rows: list[tuple[str, str, int]]) -> dict[str, Tally]:
    """[('Sport', 'gevonden', 2), ('Sport', 'onzeker', 1)] → {'Sport': Tally(2, 1, 0)}."""
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for name, status, number in rows:
        counts[name][status] = number
    return {
        name: Tally(of.get(Status.GEVONDEN, 0), of.get(Status.ONZEKER, 0), of.get(Status.NIET_GEVONDEN, 0))
        for name, of in counts.items()
    }


def _verdicts(rows: list[tuple[str, int, str, str, int]]) -> dict[Mark, dict[Verdict, int]]:
    """By what they are about, most verdicts first; a verdict of a later release is left out."""
    found: defaultdict[Mark, dict[Verdict, int]] = defaultdict(dict)
    for document, page, passage, verdict, number in rows:
        if verdict in set(Verdict):
            found[Mark(document, page, passage)][Verdict(verdict)] = number
    order = sorted(found, key=lambda mark: (-sum(found[mark].values()), mark.document, mark.page, mark.passage))
    return {mark: found[mark] for mark in order}
