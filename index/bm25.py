"""BM25 as tantivy counts it, for passages whose words were counted elsewhere: index/words.py has what it means.

A server brings candidates with the counts of the question's words; the score of each is that of the embedded form, so
that both rank alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.fusion import Scores, idf
from index.words import OTHER_FIELD, Alternatives

_SATURATION, _LENGTH_SHARE = 1.2, 0.75

# The fields whose words are counted, in the order of every array of counts and lengths here.
TEXT, CONTEXT, WRITTEN, WRITTEN_CONTEXT = range(4)
FIELDS = 4

# The lengths that one byte can tell, as Lucene and tantivy keep them: exact up to 40 words, then ever coarser.
_LENGTHS = np.array([*range(32), *(24 + (bits << shift) for shift in range(24) for bits in range(8, 16))])


@dataclass(frozen=True, slots=True)
class Corpus:
    """All passages together: how many, how many words by field, and in how many passages each word stands by field."""

    passages: int
    tokens: Sequence[int]
    frequencies: Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Counted:
    """Some passages: lengths (n, FIELDS), counts of each term (n, 2) in text and context, and where phrases stand."""

    lengths: NDArray[np.int64]
    terms: Mapping[str, NDArray[np.int64]]
    phrases: Mapping[tuple[str, ...], NDArray[np.int64]]  # (n, 2), as written


def bm25(
    weights: Mapping[str, float], alternatives: Sequence[Alternatives], counted: Counted, corpus: Corpus
) -> Scores:
    """(n,) the score of each passage for weighted terms; of expressions that mean the same the best counts."""
    saturations = saturations_of(counted.lengths, corpus.tokens, corpus.passages)
    left = dict(weights)
    total = np.zeros(len(counted.lengths))

    def term(name: str, weight: float) -> Scores:
        rarity = [idf(corpus.passages, corpus.frequencies[name][field]) for field in (TEXT, CONTEXT)]
        return weight * best_of(counted.terms[name], saturations[:, :2], rarity)

    for same in alternatives:
        own = [term(name, left.pop(name)) for name in same.typed if name in left]
        if not own:
            continue
        others = [term(name, left.pop(name)) for name in same.terms if name in left]
        for phrase in same.phrases:
            # a phrase has the rarity of all its words together; it counts as one word
            rarity = [
                sum(idf(corpus.passages, corpus.frequencies[word][field]) for word in phrase)
                for field in (WRITTEN, WRITTEN_CONTEXT)
            ]
            others.append(same.weight / len(phrase) * best_of(counted.phrases[phrase], saturations[:, 2:], rarity))
        total += np.max([np.sum(own, axis=0), *others], axis=0)
    for name, weight in left.items():
        total += term(name, weight)
    return total


def saturations_of(lengths: NDArray[np.integer[Any]], tokens: Sequence[int], passages: int) -> NDArray[np.float64]:
    """(n, fields) how many times a word must stand in a passage of this length to count for half of what it can.

    `tokens` has the words of all passages together, by field.
    """
    usual = np.maximum(np.array(tokens) / max(passages, 1), 1e-9)
    told = _LENGTHS[np.searchsorted(_LENGTHS, lengths, side="right") - 1]
    saturations: NDArray[np.float64] = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * told / usual)
    return saturations


def rarities(passages: int, frequencies: NDArray[np.int64]) -> NDArray[np.float64]:
    """The inverse document frequency (index/fusion.py) of many words at once."""
    found: NDArray[np.float64] = np.log(1 + (passages - frequencies + 0.5) / (frequencies + 0.5))
    return found


def best_of(
    counts: NDArray[np.integer[Any]],
    saturations: NDArray[np.floating[Any]],
    rarity: Sequence[float] | NDArray[np.float64],
) -> Scores:
    """A word or a phrase in both fields (n, 2): the better of them, and a share of the other.

    `rarity` is (2,) of one word, or (n, 2) where each row is about a word of its own.
    """
    scores = np.asarray(rarity) * (1 + _SATURATION) * counts / (counts + saturations)
    best: Scores = scores.max(axis=1)
    both: Scores = best + OTHER_FIELD * (scores.sum(axis=1) - best)
    return both


# More than any passage can get for a word, as a multiple of the word's rarity.
HIGHEST = (1 + _SATURATION) * (1 + OTHER_FIELD)
