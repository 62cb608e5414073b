"""The best passages of one search, judged by their sentences: which of them comes first, and what speaks for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.asked import Asked
from index.backend import Backend, Field
from index.dutch import Analyser
from index.evidence import Evidence, Wording, evidence_of
from index.facets import Rows, best_first
from index.fusion import Scores, idf
from index.pointing import pointing
from index.query import Query
from index.vectors import WHOLE
from ingest.documents import Passage

# Order and confidence look at the sentences of so many passages: a name or a number may stand in the next one. ROC-AUC,
# each of four sets of questions left out in turn, mean: 3: 0.906, 4: 0.908, 5: 0.905; MRR@10, mean of five sets: 2:
# 0.837, 3: 0.837, 4: 0.839, 10: 0.839.
CANDIDATES = 4

# What a list of sources loses in the order of the candidates. Seventeen real documents, MRR@10, 0, 1 and 3: 0.690,
# 0.690, 0.685; at 0 'Wat zegt de AI-verordening over gemeenten?' is answered by the name of a website.
POINTING_LOSS = 1.0


@dataclass(frozen=True, slots=True)
class Scored:
    """The passages in play, scored for one question; arrays are (n,) over the field's rows."""

    query: Query
    field: Field
    fused: Scores
    meaning: Scores
    words: Scores
    frequencies: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the best passages, with its row in the field.

    `cosines`, `evidence` and `holds` have one for each of its sentences, in order: `holds` says whether the sentence
    itself, and not only the line that introduces it, holds the kind of thing that is asked for.
    """

    row: int
    passage: Passage
    cosines: NDArray[np.float32]
    evidence: tuple[Evidence, ...]
    holds: tuple[bool, ...]
    points: bool = False  # all its lines point to other sources, which is not what was asked for

    @property
    def gain(self) -> float:
        """What it gains in the order of the best passages."""
        return max((one.gain for one in self.evidence), default=0.0) - POINTING_LOSS * self.points


class Judge:
    """Judges the best passages of searches in one version. Safe to use from several threads."""

    def __init__(self, backend: Backend, analyser: Analyser) -> None:
        self._backend = backend
        self._analyser = analyser
        self._usual_mean, self._usual_deviation = backend.usual_similarity

    def ranked(self, scored: Scored, allowed: Rows) -> tuple[Scored, NDArray[np.int64], list[Candidate]]:
        """The allowed rows, the best first, with the candidates in that order.

        Only these change places, by what their sentences hold. They take over each other's scores too, since what they
        gain is no measure of how near they are to the question.
        """
        order = best_first(scored.fused, allowed)
        first = order[:CANDIDATES]
        candidates = self._candidates(scored, first)
        gains = np.array([candidate.gain for candidate in candidates])
        places = np.argsort(-(scored.fused[first] + gains), kind="stable")
        fused = scored.fused.copy()
        fused[first[places]] = scored.fused[first]
        order[: len(first)] = first[places]
        return replace(scored, fused=fused), order, [candidates[place] for place in places]

    def wording(self, scored: Scored) -> Wording:
        """The question's words with what each says in this corpus."""
        return Wording.of(scored.query, scored.frequencies, self._backend.passages)

    def masses(self, scored: Scored) -> dict[str, float]:
        """What each typed word says, by term; that of a compound which the corpus does not hold goes to its parts."""
        masses: dict[str, float] = {}
        for term, parts in scored.query.typed:
            mass = idf(self._backend.passages, scored.frequencies.get(term, 0))
            known = scored.frequencies.get(term, 0) or not parts
            masses.update({term: mass} if known else dict.fromkeys(parts, mass / len(parts)))
        return masses

    def _candidates(self, scored: Scored, rows: NDArray[np.int64]) -> list[Candidate]:
        """The passages at these rows with the evidence of their sentences."""
        asked = Asked.of(scored.query.text, self._analyser, scored.query.synonyms)
        wording, known = self.wording(scored), self._known(scored)
        found: list[Candidate] = []
        for row, passage in zip(
            rows.tolist(), self._backend.passages_at(scored.field.keys[rows].tolist()), strict=True
        ):
            about = set(self._analyser.terms(self._about(passage)))
            cosines = _cosines(scored, row, passage)
            lines = [passage.text[unit.start : unit.end] for unit in passage.units]
            elsewhere = pointing(lines)
            evidence = (
                evidence_of(asked, wording, text, about, self._unusual(cosine), known, elsewhere=points)
                for text, cosine, points in zip(_introduced(passage), cosines.tolist(), elsewhere, strict=True)
            )
            points = all(elsewhere) and not asked.wants_source
            found.append(Candidate(row, passage, cosines, tuple(evidence), tuple(map(asked.is_held, lines)), points))
        return found

    def _known(self, scored: Scored) -> float:
        """The share of the typed words' idf mass whose words, or what means the same, stand anywhere in the corpus."""
        known = total = 0.0
        for term, parts in scored.query.typed:
            mass = idf(self._backend.passages, scored.frequencies.get(term, 0))
            total += mass
            means_the_same = {one for other in scored.query.synonyms.get(term, ()) for one in other}
            if any(self._backend.frequencies((term, *parts, *means_the_same)).values()):
                known += mass
        return known / total if total else 0.0

    def _about(self, passage: Passage) -> str:
        """What says what a passage is about: its document's title, its headings, and the lines that introduce it."""
        lead_ins = {unit.lead_in for unit in passage.units}
        title = self._backend.document(passage.document_id).title
        return " ".join((title, *passage.heading_path, *passage.portefeuilles, *lead_ins))

    def _unusual(self, similarity: float) -> float:
        """A cosine in standard scores of what sentences of this corpus reach: 0.90 → 1.2."""
        return (similarity - self._usual_mean) / self._usual_deviation


def _cosines(scored: Scored, row: int, passage: Passage) -> NDArray[np.float32]:
    """The cosine of each unit of a passage with the question; an only unit was embedded as a whole."""
    owners = scored.field.owners
    vectors = np.flatnonzero(owners[:, 0] == row)
    return scored.field.similarities[vectors[owners[vectors, 1] != WHOLE] if len(passage.units) > 1 else vectors]


def _introduced(passage: Passage) -> list[str]:
    """Each unit of a passage behind the line that introduces it."""
    return [f"{unit.lead_in} {passage.text[unit.start : unit.end]}" for unit in passage.units]
