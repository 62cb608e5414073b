"""Where another document says something else: nearly the same sentence with another date, number or person.

Shown beneath the answer, with source and date, for the reader to judge. It must be right when it appears, so all of
this counts: another document, the same words around, the same names and abbreviations, and values that exclude each
other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import count

from rapidfuzz import fuzz

from index.answer import page_of
from index.dutch import MONTH
from index.query import Sought
from index.results import Alternative, Answer, Hit
from ingest.documents import Unit
from ingest.folding import fold, letters_only

# How alike two sentences must be, in per cent, when the values that are asked for are taken out of both, and how many
# words must be left: of 'Budget: #' any other amount would be the like, 'Voorzitter portefeuille Sport: #' says enough.
ALIKE = 90.0
FEWEST_WORDS = 3
# More than this many would no longer be a remark beneath an answer.
MOST = 3

_PARTICLE = r"(?:van|de|den|der|dan|ten|ter|te|’t|'t|in|op|el)"
# '4 december 2025', 'maart 2026', '01-03-2026', '2026'
_DATE = rf"\b\d{{1,2}} {MONTH}(?: \d{{4}})?\b|\b{MONTH} \d{{4}}\b|\b\d{{1,2}}-\d{{1,2}}-\d{{4}}\b|\b(?:19|20)\d\d\b"
# '€ 28,2 miljoen', '12 %', 'twaalf'
_NUMBER = (
    r"(?:€ ?)?\b\d+(?:[.,]\d+)*(?: ?%| (?:procent|miljoen|miljard|euro|fte)\b)?"
    r"|\b(?:twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|honderd|duizend)\b"
)
_NAME = rf"\b[A-ZÀ-Ý][\wÀ-ÿ’'-]+(?: {_PARTICLE})*(?: [A-ZÀ-Ý][\wÀ-ÿ’'-]+)+"
# The first group is the value; what is found without it is no value and stays: the day in a date is no number.
_VALUES = {
    Sought.DATE: re.compile(rf"({_DATE})", re.IGNORECASE),
    Sought.NUMBER: re.compile(rf"(?:{_DATE})|({_NUMBER})", re.IGNORECASE),
    # a role in brackets goes along with its name: 'Kiena ten Brink (wethouder gemeente Meppel)'
    Sought.PERSON: re.compile(rf"({_NAME})(?:,? \([^)]*\))?"),
}
_MASK = "#"


def alternatives(answer: Answer, sought: Sought, hits: Sequence[Hit]) -> tuple[Alternative, ...]:
    """Sentences of other documents among the hits that answer otherwise, best hit first, one a document.

    'De raad stelt het plan vast op 4 december 2025.' and, elsewhere, '… op 11 december 2025.' → the second.
    """
    if not answer.hit or answer.items or sought not in _VALUES:
        return ()
    found: dict[str, Alternative] = {}
    for hit in hits:
        if hit.document.id in found or not _may_contradict(hit, answer.hit):
            continue
        for unit in hit.passage.units:
            text = hit.passage.text[unit.start : unit.end]
            if _contradict(answer.text, text, sought):
                found[hit.document.id] = Alternative(text, hit, page_of(hit.passage, Unit(unit.start, unit.end)))
                break
    return tuple(found.values())[:MOST]


def _may_contradict(hit: Hit, answering: Hit) -> bool:
    """Another document, and not of another portefeuille: each has its own voorzitter."""
    one, other = set(hit.passage.portefeuilles), set(answering.passage.portefeuilles)
    return hit.document.id != answering.document.id and (not one or not other or bool(one & other))


def _contradict(one: str, other: str, sought: Sought) -> bool:
    """Whether two texts say the same of different values."""
    values, other_values = _values(one, sought), _values(other, sought)
    if len(values) != len(other_values):
        return False
    # what both say alike stays: 'Voorzitter VDG-portefeuille Sport' looks like a name too
    differing = {n for n, pair in enumerate(zip(values, other_values, strict=True)) if _exclude(*pair, sought)}
    rest, other_rest = _without(one, sought, differing), _without(other, sought, differing)
    if not differing or len(rest.replace(_MASK, " ").split()) < FEWEST_WORDS or _names(rest) != _names(other_rest):
        return False
    return fuzz.ratio(fold(rest), fold(other_rest)) >= ALIKE


def _values(text: str, sought: Sought) -> list[str]:
    return [value for value in _VALUES[sought].findall(text) if value]


def _without(text: str, sought: Sought, places: Collection[int]) -> str:
    """The text with its values at these places masked: ('Op 4 mei is er € 3', NUMBER, {0}) → 'Op 4 mei is er #'."""
    numbers = count()

    def masked(found: re.Match[str]) -> str:
        return _MASK if found[1] and next(numbers) in places else found[0]

    return _VALUES[sought].sub(masked, text)


def _exclude(value: str, other: str, sought: Sought) -> bool:
    """Whether of two values only one can be right; not so if one says no more than the other.

    '4 december 2025', '11 december 2025' → True; '2025', '4 december 2025' → False; 'Jan Smid', 'Jan de Smid' → False
    """
    words, other_words = ({letters_only(word) for word in text.split()} for text in (value, other))
    if sought is Sought.PERSON:  # 'Drents Overleg Energie' and 'Drents Overleg Wonen' look like names too
        return words.isdisjoint(other_words)
    return not (words <= other_words or other_words <= words)


def _names(text: str) -> set[str]:
    """What has a capital or a digit, the first word aside: of whom or of which year the sentence speaks."""
    return {fold(word) for word in re.findall(r"\w+", text)[1:] if word[0].isupper() or word[0].isdigit()}
