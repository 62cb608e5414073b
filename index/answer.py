"""The answer: the one sentence or bullet that answers, verbatim, and how sure that is."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from index.evidence import Evidence
from index.query import Query
from index.results import Answer, Hit, Status
from ingest.documents import Passage, Unit
from ingest.folding import letters_only

# A sentence that begins so is about what the sentence before it says: 'Deze pilot heeft inzichten opgeleverd.' …
_REFERS_BACK = re.compile(
    r"(?:dit|deze|die|dat|hij|zij|ze|daarnaast|daarbij|daarmee|daarom|daarvoor|daartoe|daarin|daaraan|daaruit|daardoor"
    r"|daarna|hierbij|hiermee|hiervoor|hierover|hierin|hierna|hierdoor|bovendien|ook|tevens|dergelijke|zo)\b"
    # … but not where the document speaks of itself or of now
    r"(?! (?:\w*document|\w*rapport|\w*verslag|\w*notitie|brief|hoofdstuk|paragraaf|jaar|bestuursperiode)\b)",
    re.IGNORECASE,
)
# So many sentences are shown before it at most: more would be the passage.
_MOST_BEFORE = 2


# So far below what counts as found stays the confidence in a sentence that nothing shows to answer.
_BELOW = 0.001


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve over the evidence and the two thresholds of the status.

    Fitted by `python -m eval.calibrate`; how well it does stands in eval/results/calibration.json.
    """

    intercept: float
    similarity: float
    coverage: float
    known: float
    lacking: float
    missing: float
    heaviest: float
    found: float
    not_found: float

    def confidence(self, evidence: Evidence) -> float:
        """Between 0 and 1: the chance that a sentence with this evidence answers the question."""
        total = self.intercept
        for feature in fields(Evidence):
            total += getattr(self, feature.name) * getattr(evidence, feature.name)
        chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
        return min(chance, max(self.found - _BELOW, self.not_found)) if evidence.is_thin else chance

    def status(self, confidence: float) -> Status:
        """Gevonden, onzeker or niet gevonden."""
        if confidence < self.not_found:
            return Status.NIET_GEVONDEN
        return Status.GEVONDEN if confidence >= self.found else Status.ONZEKER


def best_unit(query: Query, passage: Passage, chances: Sequence[float], similarities: NDArray[np.float32]) -> Unit:
    """The sentence or bullet of a passage that answers best: likeliest, then nearest; of equals the first.

    `chances`, the confidence in each unit as an answer, and `similarities` have a number for each unit, in order.
    'Wat is het DOE?' wants the sentence that writes it out: 'Drents Overleg Energie (DOE)'.
    """

    def rank(number: int) -> tuple[bool, float, float, int]:
        text = passage.text[passage.units[number].start : passage.units[number].end]
        writes_out = bool(query.defined) and f"({query.defined})" in text
        return writes_out, chances[number], float(similarities[number]), -number

    return passage.units[max(range(len(passage.units)), key=rank)]


def answer_of(hit: Hit, unit: Unit, confidence: float, status: Status) -> Answer:
    """The answer that a unit of a hit gives, with the sentence before it where it needs that one to be understood."""
    if status is Status.NIET_GEVONDEN:
        return Answer(status, confidence)
    whole = _understandable(hit.passage, unit)
    text = hit.passage.text[whole.start : whole.end]
    return Answer(status, confidence, text, whole.lead_in, hit, page_of(hit.passage, whole))


def page_of(passage: Passage, unit: Unit) -> int:
    """The page on which a unit, or a stretch of one, begins.

    Most passages stand on one page. On two, what begins where a unit of the passage begins is known to the line; of any
    other stretch its share of the text decides, between the page of its own unit and that of the next.
    """
    pages = passage.pages
    if len(pages) == 1:
        return pages[0]
    begun = [one for one in passage.units if one.start <= unit.start]
    if begun and begun[-1].page and begun[-1].start == unit.start:
        return begun[-1].page
    share = len(letters_only(passage.text[: unit.start])) / max(len(letters_only(passage.text)), 1)
    position = min(int(share * len(passage.regions)), len(passage.regions) - 1)
    estimate = passage.regions[position][0]
    later = [one.page for one in passage.units if one.start > unit.start and one.page]
    return min(max(estimate, begun[-1].page if begun else 0), min(later, default=estimate))


def _understandable(passage: Passage, unit: Unit) -> Unit:
    """The unit, from the sentence on that it refers back to: 'Er is een pilot. Deze loopt tot 2027.' for the second.

    A bullet is never joined to the one before it: the items of a list do not speak of each other.
    """
    first = passage.units.index(unit)
    start = unit.start
    for number in range(first, max(first - _MOST_BEFORE, 0), -1):
        previous = passage.units[number - 1]
        if not _REFERS_BACK.match(passage.text, start) or passage.text[previous.end : start].strip():
            break
        if previous.lead_in != unit.lead_in or _is_bullet(passage, previous) != _is_bullet(passage, unit):
            break
        start = previous.start
    return Unit(start, unit.end, unit.lead_in)


def _is_bullet(passage: Passage, unit: Unit) -> bool:
    """Whether the line that holds the unit begins with the sign of a bullet."""
    line = passage.text[passage.text.rfind("\n", 0, unit.start) + 1 : unit.end]
    return line.lstrip().startswith(("•", "◦"))
