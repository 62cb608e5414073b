"""Search by words in a large version: the score of every passage at once; tantivy only for phrases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.errors import DamagedVersionError
from index.large.postings import DEFINED, LEMMA, TERM, Postings
from index.query import Query
from index.versions import Layout
from index.words import Words

Worth = NDArray[np.float32]


class LargeWords:
    """The words of a published version. Safe to use from several threads."""

    def __init__(self, phrases: Words, postings: Postings, passages: int) -> None:
        self._phrases, self._postings, self._passages = phrases, postings, passages

    def __len__(self) -> int:
        return self._passages

    def scores(self, query: Query) -> Worth:
        """(passages,) the BM25 score of every passage; see index/words.py for what counts."""
        lists = self._postings.lists(query.weights)
        left = {term: weight for term, weight in query.weights.items() if term in lists}
        total = np.zeros(self._passages, dtype=np.float32)

        def add(term: str, weight: float, to: Worth) -> Worth:
            rows = self._postings.rows(lists[term])
            to[rows] += np.float32(weight) * self._postings.scores(lists[term])
            return to

        for same in query.alternatives:
            if not any(term in query.weights for term in same.typed):
                continue
            best = np.zeros_like(total)
            for term in same.typed:
                if term in left:
                    add(term, left.pop(term), best)
            for term in same.terms:
                if term in left:
                    np.maximum(best, add(term, left.pop(term), np.zeros_like(total)), out=best)
            for phrase in same.phrases:
                rows, scores = self._phrases.phrase_scores(phrase, same.weight)
                best[rows] = np.maximum(best[rows], scores)
            total += best
        for term, weight in left.items():
            add(term, weight, total)
        return total

    def frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        """In how many passages each term stands, in text or context, whichever is more."""
        wanted = list(terms)
        lists = self._postings.lists(wanted)
        return {term: lists[term].frequency if term in lists else 0 for term in wanted}

    def rows_with_phrase(self, words: Sequence[str]) -> Sequence[int]:
        """The passages whose text holds these words as they are written, in this order."""
        return self._phrases.rows_with_phrase(words)

    def rows_with_lemma(self, lemma: str) -> NDArray[np.int32]:
        """The passages whose text holds a form of this word, by itself and not as a part of a compound."""
        return self._rows(lemma, LEMMA)

    def rows_that_define(self, abbreviation: str) -> NDArray[np.int32]:
        """The passages that write an abbreviation out."""
        return self._rows(abbreviation.casefold(), DEFINED)

    def rows_with_term(self, term: str) -> NDArray[np.int32]:
        """The passages in whose text or context a term stands."""
        return self._rows(term, TERM)

    def _rows(self, word: str, kind: str) -> NDArray[np.int32]:
        found = self._postings.lists([word], kind)
        return self._postings.rows(found[word], kind) if found else np.empty(0, dtype=np.int32)


def open_words(layout: Layout, passages: int) -> LargeWords:
    """Raises DamagedVersionError."""
    phrases = Words(layout.words)
    if len(phrases) != passages:
        what = f"{len(phrases)} passages in de woordenindex in plaats van {passages}"
        raise DamagedVersionError(layout.folder, what)
    return LargeWords(phrases, Postings(layout.postings), passages)
