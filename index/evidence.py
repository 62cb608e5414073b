"""What speaks for and against an answer: each sentence near a question, judged by whether it would answer.

A question that the corpus does not answer is often near to sentences that say something else about its subject: one
names the place that is asked about, another holds a date, a third has the words. None of them answers. So all evidence
is taken from one sentence at a time, with the headings above it, and the best sentence says how sure the search is.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Self

from index.asked import Asked
from index.fusion import idf
from index.query import Query

# A compound whose parts a text holds, though not the whole word, counts for this share.
_PARTS_SHARE = 0.7
# What a passage gains whose best sentence holds the kind of thing that is asked for, and loses for each name of the
# question that this sentence lacks and for the share of the heaviest word it lacks: of the best passages that one comes
# first in which one sentence has it all. MRR@10 without and with, on five sets (handover, second, sixty more,
# generated, seventeen real documents): 0.864, 0.877, 0.828, 0.901, 0.683 and 0.870, 0.886, 0.834, 0.918, 0.689.
_HELD_GAIN, _NAME_LOSS, _WORD_LOSS = 0.6, 0.3, 1.0
# More than this many names lacking is no worse.
_MOST_MISSING = 2
# Nearer than this, in this corpus's deviations, says no more: what is near to this degree says whether it answers by
# what it holds. ROC-AUC, each of four sets left out in turn, mean: no bound: 0.899, 0: 0.905, -0.5: 0.905, -1: 0.904.
_NEAR_ENOUGH = -0.5
# What is further, in deviations, and has no word of the question either is never surely an answer. Of 660 questions on
# the four sets eight were: 'Wat kost een nieuw paspoort?', 'Hoeveel geld is er voor psychische hulp?'; two right.
_THIN = -1.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against one sentence as the answer: the features of the calibrated confidence."""

    similarity: float  # its cosine with the question, in this corpus's deviations, up to _NEAR_ENOUGH
    coverage: float  # share of the typed words' idf mass that it covers, with the headings above it
    known: float  # share of that mass whose words stand anywhere in the corpus
    lacking: float  # 1 if it does not hold the kind of thing that is asked for or only points to it, else 0
    missing: float  # how many names, years and numbers of the question it lacks, with its headings: 0 to 2
    heaviest: float  # share of the idf mass of that word which says most among those it lacks

    @property
    def is_thin(self) -> bool:
        """Whether it is neither near to the question nor has any of its words: it may answer, but nothing shows it."""
        return self.coverage == 0 and self.similarity < _THIN

    @property
    def gain(self) -> float:
        """What its passage gains by it in the order of the best passages."""
        return _HELD_GAIN * (1 - self.lacking) - _NAME_LOSS * self.missing - _WORD_LOSS * self.heaviest


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a question that carry meaning: each with its compound's parts and what it says, its idf mass."""

    words: tuple[tuple[str, tuple[str, ...], float], ...]
    synonyms: Mapping[str, tuple[tuple[str, ...], ...]]

    @classmethod
    def of(cls, query: Query, frequencies: Mapping[str, int], passages: int) -> Self:
        """The wording of a query in a corpus of so many passages; `frequencies` says in how many each term stands."""
        words = ((term, parts, idf(passages, frequencies.get(term, 0))) for term, parts in query.typed)
        return cls(tuple(words), query.synonyms)

    @property
    def mass(self) -> float:
        """What all words say together."""
        return sum(mass for _, _, mass in self.words)

    def coverage(self, terms: Set[str]) -> float:
        """The share of the mass that a text with these terms covers; a compound half known counts half."""
        covered = sum(mass * self._share(term, parts, terms) for term, parts, mass in self.words)
        return covered / self.mass if self.mass else 0.0

    def heaviest_missing(self, terms: Set[str]) -> float:
        """The share of the mass of the heaviest word that a text with these terms lacks."""
        left = (mass * (1 - self._share(term, parts, terms)) for term, parts, mass in self.words)
        return max(left, default=0.0) / self.mass if self.mass else 0.0

    def _share(self, term: str, parts: tuple[str, ...], terms: Set[str]) -> float:
        if term in terms or any(set(other) <= terms for other in self.synonyms.get(term, ())):
            return 1.0
        return _PARTS_SHARE * sum(part in terms for part in parts) / len(parts) if parts else 0.0


def evidence_of(
    asked: Asked,
    wording: Wording,
    text: str,
    about: Set[str],
    similarity: float,
    known: float,
    *,
    elsewhere: bool = False,
) -> Evidence:
    """The evidence of one sentence: its `text` behind the line that introduces it, and the terms of its headings.

    `similarity` is its cosine with the question in standard scores, `known` the share of the words the corpus knows;
    `elsewhere` says that it only points to a source.
    """
    terms = about | set(asked.analyser.terms(text))
    return Evidence(
        similarity=min(similarity, _NEAR_ENOUGH),
        coverage=wording.coverage(terms),
        known=known,
        lacking=float(not asked.is_held(text) or (elsewhere and not asked.wants_source)),
        missing=float(min(asked.missing(terms), _MOST_MISSING)),
        heaviest=wording.heaviest_missing(terms),
    )
