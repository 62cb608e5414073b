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

# A typing fault: at most one slip in words of up to seven letters, two in longer ones; shorter words than this are
# left alone, since too many real words are one letter away.
_SHORTEST_MENDED = 5
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
            if better is None:
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
        slips = 1 if len(folded) <= 7 else 2
        near = [near for size in range(-slips, slips + 1) for near in self._by_length.get(len(folded) + size, ())]
        found = process.extract(folded, near, scorer=OSA.distance, score_cutoff=slips, limit=None)
        if not found:
            return None
        # fewest slips, then the first letter, which is seldom mistyped, then what the corpus says most
        best = min(found, key=lambda match: (match[1], match[0][0] != folded[0], -self._vocabulary[match[0]], match[0]))
        return str(best[0])
