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

from index.dutch import MONTH
from index.query import Sought
from index.vectors import WHOLE

Scores = NDArray[np.float64]

# How a passage's meaning is made of its whole and its best sentence. A bullet under its headings says much by itself
# (handover, MRR@10 by meaning alone: whole 0.73, best sentence 0.74, both 0.76), a sentence out of running text less
# (public set, nDCG@10: 0.90, 0.79, 0.89).
WHOLE_SHARE = 0.7
# Some passages are near to every question (a foreword that names all subjects). How near a passage is to the corpus's
# own sentences when these are put as questions is taken off its meaning in this share. MRR@10 at 0, 0.3 and 0.6 with
# the weights below: handover 0.846, 0.864, 0.861; 60 more questions 0.812, 0.815, 0.783; seventeen real documents
# 0.665, 0.657, 0.645; public set, pages, nDCG@10: 0.914, 0.912, 0.913. Only the first set gains from it.
HUB_SHARE = 0.3
# What the mean meaning of a document's passages adds to each of them: of two passages alike, the one in the document
# about the subject. The mean is taken over one passage more, without meaning, since a document of one passage would
# else count twice over a long report's best. Public set, nDCG@10, without, so, and with the plain mean: pages 0.896,
# 0.903, 0.911, passages 0.711, 0.713, 0.717; 61 legal questions 0.456, 0.467, 0.470; seventeen real documents 0.663,
# 0.664, 0.664, MRR@10. A corpus of one document does not notice.
DOCUMENT_SHARE = 0.5
# What full coverage of the query's words weighs against one standard deviation of meaning: more as more was typed,
# since a long question is more often in the text's own words. MRR@10 (nDCG@10 on the public set) at 1, 1.5, 2 and 3 for
# every length, and as it is: handover 0.859, 0.866, 0.867, 0.856, 0.864; 60 more questions 0.807, 0.827, 0.824, 0.811,
# 0.828; seventeen real documents 0.651, 0.655, 0.669, 0.684, 0.664; public set, pages 0.914, 0.912, 0.909, 0.906,
# 0.911.
WORDS_WEIGHT = 1.2
WORDS_WEIGHT_PER_WORD = 0.3  # for each beyond the third
WORDS_WEIGHT_MOST = 4.0
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
_DATE = re.compile(rf"\b\d{{1,2}} {MONTH}\b|\b{MONTH} \d{{4}}\b|\b(?:19|20)\d\d\b|\b\d{{1,2}}-\d{{1,2}}-\d{{4}}\b")
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


def meaning_of(
    similarities: NDArray[np.float32], hubs: NDArray[np.float32], owners: NDArray[np.int32], passages: int
) -> Scores:
    """(passages,) a passage's meaning: its whole and its best sentence, less what it has in common with any question.

    The others are (vectors,) and (vectors, 2): passage and unit of each.
    """
    similarities = similarities - HUB_SHARE * hubs
    whole = np.zeros(passages)
    best = np.full(passages, -np.inf)
    is_whole = owners[:, 1] == WHOLE
    whole[owners[is_whole, 0]] = similarities[is_whole]
    np.maximum.at(best, owners[~is_whole, 0], similarities[~is_whole])
    best = np.where(np.isneginf(best), whole, best)  # a passage of one sentence is embedded once
    return WHOLE_SHARE * whole + (1 - WHOLE_SHARE) * best


def idf(passages: int, frequency: int) -> float:
    """BM25's inverse document frequency: how much a word says in a corpus of so many passages."""
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def idf_mass(weights: Mapping[str, float], frequencies: Mapping[str, int], passages: int) -> float:
    """What all words of the query say together; words that the corpus does not hold count as the rarest."""
    return sum(weight * idf(passages, frequencies[term]) for term, weight in weights.items())


def fuse(
    meaning: Scores,
    words: Scores,
    mass: float,
    sought: Scores,
    named: Scores,
    *,
    typed: int,
    keywords: bool,
) -> Scores:
    """One score a passage. All arrays are (n,) over the same passages.

    `meaning` is in standard scores, that of the document around it included. `sought` is 1 where the sought kind of
    thing stands, `named` where the portefeuille is one that the question names; `typed` counts the words that carry
    meaning, and `keywords` tells that they were typed without a sentence around them.
    """
    coverage = words / mass if mass > 0 else np.zeros_like(words)
    weight = words_weight(typed, keywords=keywords)
    return meaning + weight * coverage + SOUGHT_WEIGHT * sought + NAMED_WEIGHT * named


def words_weight(typed: int, *, keywords: bool = False) -> float:
    """What words weigh in a question of so many words that carry meaning: 3 → 1.2, 8 → 2.7; keywords: 5."""
    if keywords:
        return KEYWORDS_WEIGHT
    return min(WORDS_WEIGHT + WORDS_WEIGHT_PER_WORD * max(0, typed - 3), WORDS_WEIGHT_MOST)


def in_document(meaning: Scores, documents: NDArray[np.int64]) -> Scores:
    """Meaning with that of the document around it: [3, 0, -2] in documents [0, 0, 1] → [3.5, 0.5, -2.5]."""
    if not len(meaning):
        return meaning
    means = np.bincount(documents, meaning) / (np.bincount(documents) + 1)
    return meaning + DOCUMENT_SHARE * means[documents]


def standardised(values: Scores) -> Scores:
    """Standard scores: mean 0, standard deviation 1; all 0 where nothing differs."""
    deviation = values.std()
    return (values - values.mean()) / deviation if deviation > 1e-9 else np.zeros_like(values)
