"""What the portal proposes for a file that was just read: title, year, publisher and portefeuilles.

Only proposals: the bureau sees and changes each before anything is published. Measured on the handover: a third of a
portefeuille's passages taken for a document of its own (three to six passages), the others known: of 24 the right one
is proposed first 18 times, second once, and 4 wrong ones are proposed beside it. A single passage, left out in its
turn, is put right in 46 of 73. Of the 17 shared documents, none about one portefeuille, none gets a proposal.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.dutch import STOP_WORDS, lemma, written
from ingest.documents import BlockKind, Document, Passage
from ingest.portefeuilles import PORTEFEUILLES

# A passage is taken to be about a portefeuille from this likeness (cosine) on, and not otherwise.
ALIKE = 0.08
# A portefeuille is proposed for a document if this share of its passages is about it; at most so many.
SHARE, MOST = 0.34, 2
_YEAR = re.compile(r"(?<!\d)(19[89]\d|20\d\d)(?!\d)")
# Titles that programs put in a file by themselves.
_NO_TITLE = re.compile(
    r"(microsoft (word|powerpoint|excel)\b.*|untitled.*|naamloos.*|document\d*|.*\.(docx?|pdf|indd|pptx?|odt|qxp)|\d*)",
    re.IGNORECASE,
)

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is proposed; empty where nothing can be told."""

    title: str
    year: int | None = None
    publisher: str = ""
    portefeuilles: tuple[str, ...] = ()


class Themes:
    """What each portefeuille is about, by the words of the passages that stand under it and its own name."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        texts: dict[str, list[Counter[str]]] = defaultdict(list)
        for passage in passages:
            if len(passage.portefeuilles) == 1:
                texts[passage.portefeuilles[0]].append(_terms(_about(passage)))
        documents = [terms for group in texts.values() for terms in group]
        found = Counter(term for terms in documents for term in terms)
        self._rarity = {term: math.log(1 + len(documents) / count) for term, count in found.items()}
        self._rarest = math.log(1 + max(len(documents), 1))
        self._themes = {name: self._theme(name, group) for name, group in texts.items() if name in PORTEFEUILLES}

    def of(self, passage: Passage) -> str | None:
        """The portefeuille that a passage is most like, None if it is like none."""
        vector = _unit(self._weighed(_terms(_about(passage))))
        scores = {name: _dot(vector, theme) for name, theme in self._themes.items()}
        best = max(scores, key=scores.__getitem__, default=None)
        return best if best is not None and scores[best] >= ALIKE else None

    def of_document(self, passages: Sequence[Passage]) -> tuple[str, ...]:
        """The portefeuilles of a whole document, the one with most passages first; none if it is like none of them."""
        counts = Counter(name for passage in passages if (name := self.of(passage)) is not None)
        named = [name for name, count in counts.most_common(MOST) if count >= SHARE * len(passages)]
        return tuple(named)

    def _theme(self, name: str, group: Sequence[Counter[str]]) -> Vector:
        total: defaultdict[str, float] = defaultdict(float)
        for terms in [*group, _terms(name)]:
            for term, weight in _unit(self._weighed(terms)).items():
                total[term] += weight
        return _unit(total)

    def _weighed(self, terms: Counter[str]) -> Vector:
        return {term: (1 + math.log(count)) * self._rarity.get(term, self._rarest) for term, count in terms.items()}


def suggested(
    document: Document, passages: Sequence[Passage], themes: Themes, publishers: Iterable[str], today: date
) -> Suggestion:
    """What to propose for a document. `publishers` are those that the register knows."""
    title = _title(document)
    first = " ".join(page.text for page in document.pages[:2])
    known = [name for name in publishers if name and re.search(rf"\b{re.escape(name)}\b", first, re.IGNORECASE)]
    about = f"{title} {document.file} {first} {document.metadata.get('date', '')} "
    about += document.metadata.get("creationdate", "")[2:6]  # 'D:20251001…'
    years = [int(found) for found in _YEAR.findall(about) if int(found) <= today.year + 1]
    year = years[0] if years else None
    return Suggestion(title, year, max(known, key=len, default=""), themes.of_document(passages))


def _title(document: Document) -> str:
    """The file's own title, else its first heading, else its name."""
    told = " ".join(document.metadata.get("title", "").split())
    if len(told) >= 4 and (" " in told or "_" not in told) and not _NO_TITLE.fullmatch(told):
        return told[:200]
    heading = next((block.text for block in document.blocks if block.kind is BlockKind.HEADING), "")
    named = re.sub(r"[_-]+", " ", Path(document.file).stem)
    return " ".join((heading or named).split())[:200] or document.file


def _about(passage: Passage) -> str:
    """A passage's words with those of the headings above it, without 'Portefeuille …' itself: that would tell all."""
    headings = [one for one in passage.heading_path if not one.casefold().startswith("portefeuille ")]
    return " ".join([*headings, passage.text])


def _terms(text: str) -> Counter[str]:
    return Counter(lemma(word) for word in written(text) if len(word) > 3 and word not in STOP_WORDS)


def _unit(vector: Mapping[str, float]) -> Vector:
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {term: weight / length for term, weight in vector.items()} if length else {}


def _dot(one: Vector, other: Vector) -> float:
    small, large = sorted((one, other), key=len)
    return sum(weight * large.get(term, 0.0) for term, weight in small.items())
