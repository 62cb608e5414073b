"""What a reader is typing, completed from the corpus's own words: its headings and titles, the
portefeuilles, and the words of its texts.

Made once a version; one completion is a few binary searches, so that a hundred thousand words answer while one types.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nsmallest

from index.dutch import STOP_WORDS, written
from index.pointing import ADDRESS
from ingest.folding import fold

# What one completion offers at most, and how many of these are headings where there are words too.
COMPLETIONS = 8
HEADINGS_FIRST = 5
# Fewer letters than this of a word say nothing yet.
SHORTEST = 2
# Behind other words a heading is a guess; with fewer letters of it a bad one: 'gezonde ma' → 'gezonde Maatregelen'.
SHORTEST_BEHIND = 4
# A longer heading is a sentence: too long for a question, and for a line of a phone.
LONGEST_HEADING = 80

# Behind every letter: the end of all that begins with a prefix.
_LAST = "\U0010ffff"
_WORD = re.compile(r"[^\W_]+")
_ACCENTED = re.compile(r"(?<![A-Za-z])[A-Za-z]*[À-ÖØ-öø-ſ][A-Za-zÀ-ÖØ-öø-ſ]*")
# What may stand around a heading and is none of its words: '2.3 ', '• ', ':'; '3D-printen' begins with a word.
_AROUND = re.compile(r"^(?:[\W\d_]*[\W_])(?=\w)|[\s:;,.…]+$")
# The inside of brackets, which no completion begins in: 'Soorten (financieel, gevoelig)'.
_BRACKETED = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?")


class Completer:
    """Completes what is typed. `headings` and `words` have how often each stands in the corpus; words are folded."""

    def __init__(
        self, headings: Mapping[str, int], words: Mapping[str, int], spellings: Mapping[str, str] | None = None
    ) -> None:
        """`spellings` has how a folded word is written, where that differs: 'financien' → 'financiën'."""
        self._headings = _clean(headings)
        self._counts = [count for _, count in self._headings]
        self._starts = sorted(_starts(text for text, _ in self._headings))
        self._keys = [folded for folded, _, _ in self._starts]
        self._words = sorted(word for word in words if word not in STOP_WORDS)
        self._frequencies = words
        self._spellings = spellings or {}

    def complete(self, typed: str) -> list[str]:
        """At most COMPLETIONS questions that go on where this one stops, headings first.

        'gezonde ma' → ['Gezonde Marke', …]; 'wie zit in de werkg' → ['wie zit in de werkgroep', …]
        """
        typed = " ".join(typed.split()) if not typed.endswith(" ") else ""
        words = list(_WORD.finditer(typed))
        if not words or words[-1].end() != len(typed) or len(words[-1].group()) < SHORTEST:
            return []
        last = words[-1].start()
        ends = [f"{typed[:last]}{word}" for word in self._words_with(fold(typed[last:]))]
        begun = self._begun_headings(typed, [word.start() for word in words])
        offered: dict[str, str] = {}
        for one in [*begun[:HEADINGS_FIRST], *ends, *begun[HEADINGS_FIRST:]]:
            offered.setdefault(fold(one), one)
        offered.pop(fold(typed), None)  # it stands there already
        return list(offered.values())[:COMPLETIONS]

    def _begun_headings(self, typed: str, starts: Sequence[int]) -> list[str]:
        """Headings that hold what was typed, or as many of its last words as can be, from the start of a word on."""
        begun: dict[int, str] = {}
        for start in starts:
            if start and len(typed) - start < SHORTEST_BEHIND:
                break
            for one, at in self._headings_with(fold(typed[start:])):
                # behind other words only the part from there on: 'wie doet onder' → 'wie doet Onderwijs en Cultuur'
                begun.setdefault(one, typed[:start] + self._headings[one][0][at if start else 0 :])
        return list(begun.values())

    def _headings_with(self, prefix: str) -> list[tuple[int, int]]:
        """(heading, place of the word) of those that go on like this, each once: first words first, then by count."""
        first = bisect_left(self._keys, prefix)
        last = bisect_left(self._keys, prefix + _LAST, first)
        best = nsmallest(
            4 * COMPLETIONS, self._starts[first:last], key=lambda one: (one[1] > 0, -self._counts[one[2]], one[0])
        )
        found: dict[int, int] = {}
        for _, place, heading in best:
            found.setdefault(heading, place)
        return list(found.items())[:COMPLETIONS]

    def _words_with(self, prefix: str) -> list[str]:
        """The corpus's words that begin like this, the most frequent first, as they are written."""
        first = bisect_left(self._words, prefix)
        last = bisect_left(self._words, prefix + _LAST, first)
        best = nsmallest(COMPLETIONS, self._words[first:last], key=lambda word: (-self._frequencies[word], word))
        return [self._spellings.get(word, word) for word in best]


class Spellings:
    """How words with an accent are written most, told from texts that come one by one."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {}

    def add(self, text: str) -> None:
        if not text.isascii():
            for word in _ACCENTED.findall(text):
                self._counts.setdefault(fold(word), Counter())[word.lower()] += 1

    def written(self) -> dict[str, str]:
        """By folded word: 'de financiën', 'Financiën' → {'financien': 'financiën'}."""
        return {
            folded: max(written, key=lambda word: (written[word], word)) for folded, written in self._counts.items()
        }


def spellings_in(texts: Iterable[str]) -> dict[str, str]:
    """How words with an accent are written most: ['de financiën', 'Financiën'] → {'financien': 'financiën'}."""
    spellings = Spellings()
    for text in texts:
        spellings.add(text)
    return spellings.written()


def without_addresses(words: Mapping[str, int], texts: Iterable[str]) -> dict[str, int]:
    """The corpus's folded words but those that stand in addresses only: no 'mobileappapi' of '…/mobileappapi.git'.

    `texts` are all of the corpus's; `words` has how often each stands there.
    """
    inside = Counter(word for text in texts for found in ADDRESS.findall(text) for word in written(found))
    return {word: count for word, count in words.items() if count > inside[word]}


def _clean(headings: Mapping[str, int]) -> list[tuple[str, int]]:
    """Headings without number or sign before them, that differ when folded: {'2.1 Sport:': 3} → [('Sport', 3)]."""
    found: dict[str, tuple[str, int]] = {}
    for heading, count in headings.items():
        text = _AROUND.sub("", " ".join(heading.split()))
        if SHORTEST <= len(text) <= LONGEST_HEADING:
            kept, before = found.get(fold(text), (text, 0))
            found[fold(text)] = (kept, before + count)
    return list(found.values())


def _starts(headings: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """Every word of every heading: the heading folded from there on, the word's place in it, and its number."""
    for number, heading in enumerate(headings):
        outside = _BRACKETED.sub(lambda inside: " " * len(inside.group()), heading)
        for word in _WORD.finditer(outside):
            yield fold(heading[word.start() :]), word.start(), number
