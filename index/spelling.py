"""Words as they were probably meant: typing faults mended, and compounds that were typed apart.

The corpus is the measure: a word that it knows is never changed, and what it does not hold is never proposed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping
from itertools import islice, pairwise

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.dutch import LINKS, STOP_WORDS, Analyser, is_dutch, lemma
from ingest.folding import fold

# A typing fault: at most one slip, two in long words; shorter words than the first of these are left alone, since too
# many real words are one letter away. In words of eight or nine letters two slips made 'voorjaar' of 'voortaan' and
# 'verloop' of 'overhoop', which the word list lacks: there the two must sound alike, as 'ooyevaar' and 'ooijevaar'.
_SHORTEST_MENDED, _SHORTEST_SAME_SOUND, _SHORTEST_TWO_SLIPS = 5, 8, 10
# The shortest first part of a compound that the corpus does not hold as a whole: 'bibliotheek|wet'.
_SHORTEST_FIRST_PART = 5
# The shortest word that is joined to its neighbour, and the shortest compound that this makes: 'zee haven'.
_SHORTEST_JOINED, _SHORTEST_COMPOUND = 3, 8
# How many compounds that begin with the two words are looked for; the most frequent of the corpus go first.
_MOST_COMPOUNDS = 3
# Of a corpus with more words only so many are proposed, those it says most: what a million passages say once is a slip
# more often than not, and to compare a word with a million others takes half a second, with these 50 ms.
_MOST_PROPOSED = 100_000


class Spelling:
    """Mends questions with the words of one index version."""

    def __init__(self, analyser: Analyser, vocabulary: Mapping[str, int], known: Collection[str] = ()) -> None:
        """`vocabulary` has the corpus's folded words and in how many places each stands.

        `known` has more folded words that are right as they are: those of titles, and the bureau's own.
        """
        self._analyser = analyser
        self._vocabulary = vocabulary
        self._known = frozenset(known)
        self._sorted = sorted(vocabulary)
        self._by_length: dict[int, list[str]] = {}
        proposed: Collection[str] = vocabulary
        if len(vocabulary) > _MOST_PROPOSED:
            least = np.partition(np.fromiter(vocabulary.values(), dtype=np.int64), -_MOST_PROPOSED)[-_MOST_PROPOSED]
            often = [word for word, count in vocabulary.items() if count > least]
            as_often = (word for word, count in vocabulary.items() if count == least)
            proposed = [*often, *islice(as_often, _MOST_PROPOSED - len(often))]
        for word in proposed:
            self._by_length.setdefault(len(word), []).append(word)

    def mend(self, question: str, verbatim: Collection[str] = ()) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The question with its typing faults mended, and (typed, read as) of each.

        'warmtetranistie' → 'warmtetransitie'. `verbatim` has folded words that stay as they are.
        """
        corrections: list[tuple[str, str]] = []

        def mended(found: re.Match[str]) -> str:
            word = found.group(0)
            better = None if fold(word) in verbatim else self._correction(word)
            if better is None or (_is_name(found) and not _is_same_name(word, better)):
                return word
            corrections.append((word, better))
            return better

        return re.sub(rf"[^\W\d_]{{{_SHORTEST_MENDED},}}", mended, question), tuple(corrections)

    def compounds(self, question: str) -> tuple[str, ...]:
        """Words of the corpus that two neighbours of a question make together, or begin.

        'Wie helpt bij schulden hulp?' → ('schuldhulpverlening',)
        """
        found: dict[str, None] = {}
        words = re.findall(r"[^\W\d_]+|[^\w\s]", question)  # a sign between two words keeps them apart
        for left, right in pairwise(fold(word) for word in words):
            if min(len(left), len(right)) < _SHORTEST_JOINED or {left, right} & STOP_WORDS:
                continue
            begins = {
                f"{one}{link}{other}"
                for one in (left, lemma(left))
                for link in LINKS
                for other in (right, lemma(right))
                if len(one) + len(other) >= _SHORTEST_COMPOUND
            }
            made = {word for begin in begins for word in self._beginning_with(begin)}
            best = sorted(made, key=lambda word: (-self._vocabulary[word], word))[:_MOST_COMPOUNDS]
            found.update(dict.fromkeys(best))
        return tuple(found)

    def _beginning_with(self, begin: str) -> list[str]:
        """The corpus's words that begin like this: all of them stand together in the sorted list."""
        first = bisect_left(self._sorted, begin)
        last = bisect_left(self._sorted, begin + "\U0010ffff", first)
        return self._sorted[first:last]

    def _correction(self, word: str) -> str | None:
        """The corpus's word that was probably meant, or None: a word that the corpus or Dutch knows is left alone."""
        folded = fold(word)
        if folded in self._vocabulary or folded in self._known or folded in STOP_WORDS or is_dutch(word):
            return None
        if any(part in self._vocabulary for token in self._analyser.tokens(word) for part in token.parts):
            return None  # a compound of known words is a new word, not a slip
        slips = 1 if len(folded) < _SHORTEST_SAME_SOUND else 2
        near = [near for size in range(-slips, slips + 1) for near in self._by_length.get(len(folded) + size, ())]
        found = process.extract(folded, near, scorer=OSA.distance, score_cutoff=slips, limit=None)
        sure = 0 if self._is_new_compound(folded) else 2 if len(folded) >= _SHORTEST_TWO_SLIPS else 1
        found = [match for match in found if match[1] <= sure or _sound(match[0]) == _sound(folded)]
        if not found:
            return None
        # fewest slips, then the first letter, which is seldom mistyped, then what the corpus says most
        best = min(found, key=lambda match: (match[1], match[0][0] != folded[0], -self._vocabulary[match[0]], match[0]))
        return str(best[0])

    def _is_new_compound(self, folded: str) -> bool:
        """Whether a word is a known one with a Dutch one behind it: 'bibliotheekwet' → True."""
        cuts = ((folded[:place], folded[place:]) for place in range(_SHORTEST_FIRST_PART, len(folded) - 2))
        return any(
            is_dutch(end) and end not in STOP_WORDS and (start in self._vocabulary or is_dutch(start))
            for start, end in cuts
        )


def _is_name(found: re.Match[str]) -> bool:
    """Whether a word has a capital past the first word: 'de raad van Alkmaar' is not 'alsmaar'."""
    return found.group(0)[0].isupper() and bool(found.string[: found.start()].strip(" \"'(“‘"))


def _is_same_name(name: str, other: str) -> bool:
    """Whether two names sound alike, or have the same letters: 'Meerwerff', 'Hartvielig', 'Kultuur' may be mended."""
    return _sound(name) == _sound(other) or sorted(fold(name)) == sorted(fold(other))


def _sound(word: str) -> str:
    """How a word sounds, roughly: 'Kultuur', 'cultuur' → 'kultuur'."""
    folded = fold(word)
    for written, heard in (
        ("ph", "f"),
        ("th", "t"),
        ("ij", "i"),
        ("ei", "i"),
        ("y", "i"),
        ("c", "k"),
        ("z", "s"),
        ("v", "f"),
    ):
        folded = folded.replace(written, heard)
    return re.sub(r"(.)\1", r"\1", folded)
