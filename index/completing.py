"""What a reader is typing, completed from the corpus's own words: its headings and titles, the
portefeuilles, and the words of its texts.

Made once a version; one completion is a few binary searches, so that a hundred thousand words answer while one types.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Spelled:
    """How the texts of a corpus write words. `accented` has by folded word how it is written most where it has an
    accent, `in_addresses` how often each folded word stands inside an address."""

    accented: Mapping[str, str]
    in_addresses: Mapping[str, int]


class Completer:
    """Completes what is typed. `headings` and `words` have how often each stands in the corpus; words are folded."""

    def __init__(
        self, headings: Mapping[str, int], words: Mapping[str, int], spelled: Spelled = Spelled({}, {})
    ) -> None:
        """`spelled` tells how a word is offered, and which stand in addresses only: not 'mobileappapi' of
        '…/mobileappapi.git'."""
        self._headings = _clean(headings)
        self._counts = [count for _, count in self._headings]
        self._starts = sorted(_starts(text for text, _ in self._headings))
        self._keys = [folded for folded, _, _ in self._starts]
        self._words = sorted(
            word
            for word, count in words.items()
            if word not in STOP_WORDS and count > spelled.in_addresses.get(word, 0)
        )
        self._frequencies = words
        self._accented = spelled.accented

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
        return [self._accented.get(word, word) for word in best]


class Spelling:
    """Gathers how words are written, from texts that come one by one."""

    def __init__(self) -> None:
        self._accented: dict[str, Counter[str]] = {}
        self._in_addresses: Counter[str] = Counter()

    def add(self, text: str) -> None:
        if not text.isascii():
            for word in _ACCENTED.findall(text):
                self._accented.setdefault(fold(word), Counter())[word.lower()] += 1
        for address in ADDRESS.findall(text):
            self._in_addresses.update(written(address))

    def spelled(self) -> Spelled:
        """'de financiën', 'Financiën' → accented {'financien': 'financiën'}."""
        accented = {
            folded: max(counts, key=lambda word: (counts[word], word)) for folded, counts in self._accented.items()
        }
        return Spelled(accented, dict(self._in_addresses))


def spelled_in(texts: Iterable[str]) -> Spelled:
    """How these texts write words."""
    spelling = Spelling()
    for text in texts:
        spelling.add(text)
    return spelling.spelled()


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
