"""What a question demands with signs: "…" is an exact phrase, -woord leaves passages with that word out.

'zorg "Zilveren Kruis" -jeugd' → text 'zorg Zilveren Kruis', phrase 'Zilveren Kruis', without 'jeugd'

Both are answered by the index of words, so that they cost as little in a million passages as in a hundred.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.dutch import Analyser, written

# Double quotation marks, straight and curly. Single ones are apostrophes too ('thema’s', ‘s avonds), and in Dutch they
# are put around titles without meaning anything by it: two of them count as a double one.
_QUOTE = re.compile(r'"|„|“|”|‟|«|»|‘‘|’’|‚‚|\'\'')
# '-jeugd' at the beginning of a word. Not the hyphen inside one ('VNG-commissie'), a loose dash, or the hyphen that
# stands for a part left out: 'zorgvragen en -kosten', 'zorgvraag, -aanbod of -kosten', 'zowel zorgvraag als -aanbod'.
_DEMAND = re.compile(
    r"(?P<without>(?<!\S)-)?\x00(?P<phrase>[^\x00]*)\x00"  # what stands inside a phrase is no exclusion
    r"|(?<!\S)-(?P<excluded>[^\W_][^\s,;:?!()\x00]*)"
)
_SHARES_A_PART = re.compile(r"(?:\b(?:en|of|als|noch)|[,/])\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Operators:
    """A question without its signs (`text`), and what these demand, as typed."""

    text: str
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    excluded_phrases: tuple[str, ...] = ()

    @property
    def demand(self) -> bool:
        """Whether anything is demanded."""
        return bool(self.phrases or self.excluded or self.excluded_phrases)


def operators_of(question: str) -> Operators:
    """What a question demands. A quotation mark that is not closed is an ordinary sign."""
    phrases: list[str] = []
    excluded: list[str] = []
    excluded_phrases: list[str] = []

    def taken(found: re.Match[str]) -> str:
        if word := found["excluded"]:
            if _SHARES_A_PART.search(found.string[: found.start()]):
                return found[0]
            excluded.append(word.rstrip(".’'"))
            return " "
        phrase = found["phrase"].strip()
        if not written(phrase):
            return " "
        (excluded_phrases if found["without"] else phrases).append(phrase)
        return " " if found["without"] else f" {phrase} "

    text = _DEMAND.sub(taken, _QUOTE.sub("\x00", question.replace("\x00", " "))).replace("\x00", '"')
    return Operators(" ".join(text.split()), tuple(phrases), tuple(excluded), tuple(excluded_phrases))


@dataclass(frozen=True, slots=True)
class Demands:
    """What must and must not stand in a passage, as the index of words has it."""

    phrases: tuple[tuple[str, ...], ...] = ()
    excluded_phrases: tuple[tuple[str, ...], ...] = ()
    excluded_lemmas: tuple[str, ...] = ()


def demands_of(operators: Operators, analyser: Analyser) -> Demands:
    """'"Zilveren Kruis" -gemeenten -VNG-commissie' → phrase zilveren kruis, without gemeente, without vng commissie."""
    excluded_phrases = [tuple(written(phrase)) for phrase in operators.excluded_phrases]
    excluded_lemmas: list[str] = []
    for word in operators.excluded:
        lemmas = analyser.lemmas(word)
        # '-VNG-commissie' is a phrase of two words; one word leaves out all its forms
        if len(lemmas) == 1:
            excluded_lemmas.append(lemmas[0])
        else:
            excluded_phrases.append(tuple(written(word)))
    phrases = tuple(tuple(written(phrase)) for phrase in operators.phrases)
    return Demands(phrases, tuple(excluded_phrases), tuple(excluded_lemmas))


class Standing(Protocol):
    """Who knows in which passages words stand: see index/words.py."""

    def __len__(self) -> int: ...
    def rows_with_phrase(self, words: Sequence[str]) -> Sequence[int] | NDArray[np.int32]: ...
    def rows_with_lemma(self, lemma: str) -> Sequence[int] | NDArray[np.int32]: ...


def remaining(demands: Demands, words: Standing) -> NDArray[np.bool_]:
    """(n,) True for the passages that do what is demanded."""
    stays = np.ones(len(words), dtype=bool)
    for phrase in demands.phrases:
        stays &= _mask(words.rows_with_phrase(phrase), len(words))
    for phrase in demands.excluded_phrases:
        stays &= ~_mask(words.rows_with_phrase(phrase), len(words))
    for lemma in demands.excluded_lemmas:
        stays &= ~_mask(words.rows_with_lemma(lemma), len(words))
    return stays


def _mask(rows: Sequence[int] | NDArray[np.int32], count: int) -> NDArray[np.bool_]:
    mask = np.zeros(count, dtype=bool)
    mask[np.asarray(rows, dtype=np.int64)] = True
    return mask
