"""Words and meaning become one score for each passage, looking at the query.

Both are brought to scales that do not depend on the query's length or on the embedder's narrow range: meaning as
standard scores over the passages, words as the share of the query's idf mass that a passage covers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from index.query import Sought

Scores = NDArray[np.float64]

# How a passage's meaning is made of its whole and its best sentence. A bullet under its headings says much by itself
# (handover, MRR@10 by meaning alone: whole 0.73, best sentence 0.74, both 0.76), a sentence out of running text less
# (public set, nDCG@10: 0.90, 0.79, 0.89).
WHOLE_SHARE = 0.7
# Some passages are near to every question (a foreword that names all subjects). How near a passage is to the corpus's
# own sentences when these are put as questions is taken off its meaning in this share. Handover, MRR@10: 0: 0.82,
# 0.5 to 0.7: 0.85 to 0.86, 1.2: 0.82; public set, nDCG@10: 0: 0.903, 0.6: 0.893 (0.907 and 0.913 with the whole alone).
HUB_SHARE = 0.6
# What full coverage of the query's words weighs against one standard deviation of meaning.
WORDS_WEIGHT = 2.0
# The same for keywords ('proef stalking'): without a sentence the embedder has little to go on. On 60 questions that
# nothing else was tuned on, five of them keywords, MRR@10: 2: 0.789, 4: 0.800, 5: 0.803, 6: 0.814, 8: 0.805.
KEYWORDS_WEIGHT = 5.0
# What a passage gains that holds the kind of thing that is asked for: a person for 'wie', a date for 'wanneer'.
SOUGHT_WEIGHT = 0.8
# What a passage gains that belongs to a portefeuille which the question names.
NAMED_WEIGHT = 0.7

_ROLE = (
    r"(?i:voorzitter|vicevoorzitter|wethouder|burgemeester|gedeputeerde|minister|staatssecretaris|commissaris|secretaris|"
    r"directeur|adviseur|bestuurder|raadslid|trekker|vertegenwoordig\w+|coördinator|woordvoerder|waarnemer|nu)"
)
_NAME = r"[A-ZÀ-Ý][\wÀ-ÿ’'-]+(?: (?:van|de|den|der|dan|ten|ter|te|’t|'t|in|op|el))* [A-ZÀ-Ý][\wÀ-ÿ’'-]+"
_PERSON = re.compile(rf"{_ROLE}[^.;\n]{{0,60}}?{_NAME}|{_NAME}[^.;\n]{{0,25}}?\b{_ROLE}")
_MONTH = r"(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)"
_DATE = re.compile(rf"\b\d{{1,2}} {_MONTH}\b|\b{_MONTH} \d{{4}}\b|\b(?:19|20)\d\d\b|\b\d{{1,2}}-\d{{1,2}}-\d{{4}}\b")
_NUMBER = re.compile(
    r"€|\b\d+(?:[.,]\d+)*\s*(?:%|procent|miljoen|miljard|euro|keer|jaar|maanden|weken|fte)?"
    r"|\b(?:twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|honderd|duizend)\b"
)
_THINGS = {Sought.PERSON: _PERSON, Sought.DATE: _DATE, Sought.NUMBER: _NUMBER}


def holds_sought(text: str, sought: Sought) -> bool:
    """Whether a text holds the kind of thing that is asked for.

    'Jan Zwiers (burgemeester gemeente Midden-Drenthe)', PERSON → True
    """
    thing = _THINGS.get(sought)
    return bool(thing and thing.search(text))


def idf(passages: int, frequency: int) -> float:
    """BM25's inverse document frequency: how much a word says in a corpus of so many passages."""
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def idf_mass(weights: Mapping[str, float], frequencies: Mapping[str, int], passages: int) -> float:
    """What all words of the query say together; words that the corpus does not hold count as the rarest."""
    return sum(weight * idf(passages, frequencies[term]) for term, weight in weights.items())


def fuse(meaning: Scores, words: Scores, mass: float, sought: Scores, named: Scores, *, keywords: bool) -> Scores:
    """One score a passage. All arrays are (n,) over the same passages.

    `sought` is 1 where the sought kind of thing stands, `named` where the portefeuille is one that the question names;
    `keywords` tells that keywords were typed rather than a sentence.
    """
    coverage = words / mass if mass > 0 else np.zeros_like(words)
    weight = KEYWORDS_WEIGHT if keywords else WORDS_WEIGHT
    return standardised(meaning) + weight * coverage + SOUGHT_WEIGHT * sought + NAMED_WEIGHT * named


def standardised(values: Scores) -> Scores:
    """Standard scores: mean 0, standard deviation 1; all 0 where nothing differs."""
    deviation = values.std()
    return (values - values.mean()) / deviation if deviation > 1e-9 else np.zeros_like(values)
