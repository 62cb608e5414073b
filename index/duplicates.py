"""Passages that say nearly the same as a better one: one hit, with the other places named beneath it.

A report that quotes another, two editions of one programme: ten hits should not be five texts twice. What differs in
a number, a name or a 'niet' says something else and is never folded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import Indel

from ingest.documents import Passage
from ingest.folding import fold, letters_only

# How alike the words of two texts must be, in order: one word in twenty may be another. A token-set ratio would call
# a text the same as any longer one that holds all its words, and what the longer one adds would be lost.
ALIKE = 0.95
# A shorter text ('Provincie Drenthe', a list of three partners) says something only under its own heading.
FEWEST_WORDS = 8

_WORD = re.compile(r"[^\W_]+(?:[.,’'&/+-][^\W_]+)*")
# Words that turn what is said into something else, beside numbers and names.
_TURNING = frozenset("niet geen nooit wel zonder alleen eerste tweede derde een twee drie vier vijf zes".split())


@dataclass(frozen=True, slots=True)
class Folded:
    """A passage with its row, and the passages further down that say nearly the same."""

    row: int
    passage: Passage
    also: list[Passage] = field(default_factory=list)


def folded(order: Sequence[int], count: int, passages_at: Callable[[Sequence[int]], Sequence[Passage]]) -> list[Folded]:
    """The first `count` passages in this order of rows that differ from each other, and what was folded into each.

    Reads on until there are so many or no more: three rows of which the second says what the first says → two.
    """
    kept: list[Folded] = []
    gists: list[_Gist] = []
    for start in range(0, len(order), count):
        rows = order[start : start + count]
        for row, passage in zip(rows, passages_at(rows), strict=True):
            gist = _Gist.of(passage)
            same = next((place for place, other in enumerate(gists) if _are_alike(gist, other)), None)
            if same is not None:
                kept[same].also.append(passage)
            elif len(kept) < count:
                kept.append(Folded(row, passage))
                gists.append(gist)
        if len(kept) == count:
            break
    return kept


@dataclass(frozen=True, slots=True)
class _Gist:
    """A passage's text as it is compared: its letters, its folded words in order, those that must be the same."""

    letters: str
    words: tuple[str, ...]
    telling: tuple[str, ...]
    heading: str

    @classmethod
    def of(cls, passage: Passage) -> _Gist:
        found = _WORD.findall(passage.text)
        telling = tuple(sorted(fold(word) for word in found if _is_telling(word)))
        heading = letters_only(" ".join((*passage.heading_path, *(unit.lead_in for unit in passage.units[:1]))))
        return cls(letters_only(passage.text), tuple(map(fold, found)), telling, heading)


def _are_alike(one: _Gist, other: _Gist) -> bool:
    short = min(len(one.words), len(other.words)) < FEWEST_WORDS
    if short and one.heading != other.heading:
        return False
    if one.letters == other.letters:
        return bool(one.letters)
    if short or one.telling != other.telling:
        return False
    return Indel.normalized_similarity(one.words, other.words, score_cutoff=ALIKE) >= ALIKE


def _is_telling(word: str) -> bool:
    """Numbers, names and turning words: '2026', 'Assen', 'G&W', 'niet'. Also a sentence's first word: that is safe."""
    return word[0].isupper() or any(char.isdigit() for char in word) or fold(word) in _TURNING
