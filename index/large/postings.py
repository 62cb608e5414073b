"""In which passages each word stands, and what that is worth there: lists in two mapped files, and where each begins.

The score of a word in a passage follows from the corpus alone, so it is told when the version is made (eager scoring,
as in BM25S; Lù 2024). A question adds up the lists of its words: every passage gets its exact score, whatever else the
filters and the meaning say of it, in the time that it takes to walk through some hundred thousand numbers.
"""

from __future__ import annotations

import sqlite3
import threading
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from index.bm25 import HIGHEST, best_of, rarities, saturations_of
from index.errors import DamagedVersionError
from index.large.arrays import mapped
from index.words import PassageWords

# What lists there are: terms have a score, lemmas and abbreviations that a passage writes out only stand there.
TERM, LEMMA, DEFINED = "term", "lemma", "defined"
KINDS = (TERM, LEMMA, DEFINED)
# Passages whose words are in memory at a time while a version is made.
_AT_ONCE = 20_000
_MOST = 65535  # a score is kept as a share of its word's highest

_SCHEMA = """
CREATE TABLE list (
    kind TEXT, word TEXT, first INTEGER, count INTEGER, frequency INTEGER, highest REAL, PRIMARY KEY (kind, word)
) WITHOUT ROWID;
CREATE TABLE size (kind TEXT PRIMARY KEY, count INTEGER);
"""


@dataclass(frozen=True, slots=True)
class PostingList:
    """Where a word's list begins in its files, how long it is, and in how many passages the word stands in one field.

    `highest` is the score that the kept ones are shares of.
    """

    first: int
    count: int
    frequency: int
    highest: float


class PostingsWriter:
    """Writes the lists of passages that come one by one."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._kinds = {kind: _Lists(folder, kind) for kind in KINDS}
        self._lengths: list[NDArray[np.int32]] = []
        self._own_lengths = array("i")
        self._folder = folder
        self._passages = 0

    def add(self, words: PassageWords, defined: Iterable[str]) -> None:
        self._kinds[TERM].add(self._passages, (words.text, words.context))
        self._kinds[LEMMA].add(self._passages, (words.lemmas, ()))
        self._kinds[DEFINED].add(self._passages, (tuple(defined), ()))
        self._own_lengths.extend((len(words.text), len(words.context)))
        self._passages += 1
        if self._passages % _AT_ONCE == 0:
            self._flush()

    def close(self) -> None:
        """Writes the lists out."""
        self._flush()
        lengths = np.concatenate([*self._lengths, np.empty((0, 2), dtype=np.int32)])
        halves = saturations_of(lengths, lengths.sum(axis=0, dtype=np.int64).tolist(), self._passages).astype(
            np.float32
        )
        with closing(sqlite3.connect(self._folder / "lists.sqlite")) as connection:
            connection.executescript(_SCHEMA)
            for kind, lists in self._kinds.items():
                rows = lists.written(halves if kind == TERM else None, self._passages)
                connection.executemany("INSERT INTO list VALUES (?,?,?,?,?,?)", ((kind, *row) for row in rows))
                connection.execute("INSERT INTO size VALUES (?,?)", (kind, lists.size))
            connection.commit()

    def _flush(self) -> None:
        for lists in self._kinds.values():
            lists.flush()
        self._lengths.append(np.array(self._own_lengths, dtype=np.int32).reshape(-1, 2))
        self._own_lengths = array("i")


class _Lists:
    """The lists of one kind while they are gathered: what stands in some thousand passages goes to a file aside."""

    def __init__(self, folder: Path, kind: str) -> None:
        self._folder, self._kind = folder, kind
        self._numbers: dict[str, int] = {}
        self._words = (array("i"), array("i"))  # by field: the numbers of words, and the rows in which they stand
        self._rows = (array("i"), array("i"))
        self._parts: list[Path] = []
        self.size = 0

    def add(self, row: int, fields: Sequence[Sequence[str]]) -> None:
        numbers = self._numbers
        for words, own_words, own_rows in zip(fields, self._words, self._rows, strict=True):
            own_words.extend([numbers.setdefault(word, len(numbers)) for word in words])
            own_rows.extend([row] * len(words))

    def flush(self) -> None:
        counted = []
        for words, rows in zip(self._words, self._rows, strict=True):
            keys = (np.array(words, dtype=np.int64) << 32) | np.array(rows, dtype=np.int64)
            counted.append(np.unique(keys, return_counts=True))
        every = np.union1d(counted[0][0], counted[1][0])
        counts = np.zeros((len(every), 2), dtype=np.int32)
        for field, (keys, found) in enumerate(counted):
            counts[np.searchsorted(every, keys), field] = found
        part = self._folder / f".{self._kind}-{len(self._parts)}.npz"
        np.savez(part, words=(every >> 32).astype(np.int32), rows=every.astype(np.int32), counts=counts)
        self._parts.append(part)
        self._words, self._rows = (array("i"), array("i")), (array("i"), array("i"))

    def written(self, halves: NDArray[np.float32] | None, passages: int) -> Iterator[tuple[str, int, int, int, float]]:
        """Writes the rows and, with `halves` (n, 2), the scores of all lists; gives what the table has of each."""
        lengths = np.zeros(len(self._numbers), dtype=np.int64)
        frequencies = np.zeros((len(self._numbers), 2), dtype=np.int64)
        for words, _, counts in self._gathered():
            lengths += np.bincount(words, minlength=len(lengths))
            for field in range(2):
                frequencies[:, field] += np.bincount(words[counts[:, field] > 0], minlength=len(lengths))
        self.size = int(lengths.sum())
        firsts = np.cumsum(lengths) - lengths
        rarity = rarities(passages, frequencies)
        highest = HIGHEST * rarity.max(axis=1) if halves is not None else np.zeros(len(lengths))
        shape = (max(self.size, 1),)
        all_rows = open_memmap(rows_of(self._folder, self._kind), "w+", np.int32, shape)
        all_scores = open_memmap(scores_of(self._folder), "w+", np.uint16, shape) if halves is not None else None
        next_place = firsts.copy()
        for words, rows, counts in self._gathered():
            own = np.bincount(words, minlength=len(lengths))
            places = next_place[words] + np.arange(len(words)) - (np.cumsum(own) - own)[words]
            all_rows[places] = rows
            if all_scores is not None and halves is not None:
                scores = best_of(counts, halves[rows], rarity[words])
                all_scores[places] = np.rint(scores / highest[words] * _MOST).astype(np.uint16)
            next_place += own
        all_rows.flush()
        if all_scores is not None:
            all_scores.flush()
        for part in self._parts:
            part.unlink()
        for word, number in self._numbers.items():
            frequency = int(frequencies[number].max())
            yield word, int(firsts[number]), int(lengths[number]), frequency, float(highest[number])

    def _gathered(self) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]]:
        """(word, row, counts by field) of some passages after the other, by word, then by row."""
        for part in self._parts:
            with np.load(part) as found:
                yield found["words"], found["rows"], found["counts"]


class Postings:
    """The lists of a published version. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Raises DamagedVersionError."""
        self._folder = folder
        self._local = threading.local()
        sizes = {kind: max(int(count), 1) for kind, count in self._read("SELECT kind, count FROM size")}
        if set(sizes) != set(KINDS):
            raise DamagedVersionError(folder.parent, "er ontbreken woorden")
        self._rows = {kind: mapped(rows_of(folder, kind), np.int32, (sizes[kind],)) for kind in KINDS}
        self._scores = mapped(scores_of(folder), np.uint16, (sizes[TERM],))

    def lists(self, words: Iterable[str], kind: str = TERM) -> Mapping[str, PostingList]:
        """The lists of those of these words that stand anywhere."""
        wanted = list(dict.fromkeys(words))
        marks = ",".join("?" * len(wanted))
        found = self._read(
            f"SELECT word, first, count, frequency, highest FROM list WHERE kind = ? AND word IN ({marks})",
            kind,
            *wanted,
        )
        return {word: PostingList(*rest) for word, *rest in found}

    def rows(self, one: PostingList, kind: str = TERM) -> NDArray[np.int32]:
        """The passages of a list, by rising row."""
        return self._rows[kind][one.first : one.first + one.count]

    def scores(self, one: PostingList) -> NDArray[np.float32]:
        """What a term is worth in each passage of its list."""
        kept = self._scores[one.first : one.first + one.count]
        return kept * np.float32(one.highest / _MOST)

    def _read(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            connection = getattr(self._local, "connection", None)
            if connection is None:
                file = (self._folder / "lists.sqlite").resolve()
                connection = sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)
                self._local.connection = connection
            return list(connection.execute(statement, values))
        except sqlite3.DatabaseError as error:
            raise DamagedVersionError(self._folder.parent, f"lists.sqlite is niet te lezen ({error})") from error


def rows_of(folder: Path, kind: str) -> Path:
    """The file with the passages of all lists of a kind."""
    return folder / f"{kind}-rows.npy"


def scores_of(folder: Path) -> Path:
    """The file with the scores of all terms."""
    return folder / "term-scores.npy"
