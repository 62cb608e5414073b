"""Abbreviations that the documents themselves write out, found by how they are written.

'Integraal Zorgakkoord (IZA)' · 'IZA (Integraal Zorgakkoord)' · 'Integraal Zorgakkoord – IZA' · 'IZA: Integraal
Zorgakkoord'. The letters must be the initials of the words, in order; small words may be passed over ('Vereniging van
Nederlandse Gemeenten': VNG), and a compound may give the initials of its parts ('voorbereidingsoverleg': VO).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from index.dutch import Analyser, is_abbreviation
from ingest.documents import Passage
from ingest.folding import fold, letters_only

# 'IZA', 'WvGGZ', 'Wmo', 'O&C', 'COA’s': a capital and at most nine signs more.
_SHORT = r"[A-ZÀ-Ý][\wÀ-ÿ&]{1,9}"
_AFTER = re.compile(
    rf"\s*\((?:hierna:?|afgekort(?: als)?:?|kortweg|ook wel)?\s*[“\"‘']?({_SHORT})[”\"’']?\s*(?:[,;][^)]*)?\)"
)
_BEFORE = re.compile(rf"\b({_SHORT})\s*\(([^()]{{4,120}})\)")
# Without brackets the long form must stand by itself: up to a dash, or between a dash or colon and a sign or line end.
_DASH_AFTER = re.compile(rf"\s+[–—-]\s+({_SHORT})(?=\s*(?:[\n,.;:()]|$))")
_STANDS_FOR = re.compile(rf"(?:^|[\n•◦(;]\s*)({_SHORT})\s*(?::|\s[–—-])\s+([^\n.;:()]{{4,120}})(?=[\n.;()]|$)")
_SMALL = frozenset(
    "van voor de het der den des en of in op te tot bij aan met om door over ter ten the and for on to".split()
)
# A sentence or bullet ends here: no long form goes on over it.
_BREAK = re.compile(r"[.!?:;()\n•◦“”\"]")
# The most words that one letter may stand for, small ones counted: 'Vereniging van de …'.
_WORDS_PER_LETTER = 3


def abbreviations_in(passages: Iterable[Passage], analyser: Analyser) -> list[tuple[str, str]]:
    """(abbreviation, written out) as the passages, their headings and lead-ins write them; most frequent first.

    One abbreviation may stand for several things, and each is in the list.
    """
    counts: Counter[tuple[str, str]] = Counter()
    forms: dict[tuple[str, str], tuple[str, str]] = {}
    for passage in passages:
        lead_ins = {unit.lead_in for unit in passage.units}
        for text in (passage.text, *passage.heading_path, *sorted(lead_ins)):
            for short, long in _pairs_in(text, analyser):
                key = (letters_only(short), fold(long))
                counts[key] += 1
                forms.setdefault(key, (short, long))
    return [forms[key] for key, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def _pairs_in(text: str, analyser: Analyser) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for pattern in (_AFTER, _DASH_AFTER):
        for found in pattern.finditer(text):
            short = _singular(found[1])
            before = _BREAK.split(text[max(0, found.start() - 160) : found.start()])[-1]
            long = long_form(short, before.split(), analyser)
            if long:
                pairs.append((short, long))
    for pattern in (_BEFORE, _STANDS_FOR):
        for found in pattern.finditer(text):
            short, words = _singular(found[1]), found[2].split()
            if words and long_form(short, words, analyser) == " ".join(words):
                pairs.append((short, " ".join(words)))
    return pairs


def long_form(short: str, words: Sequence[str], analyser: Analyser) -> str:
    """The last of these words that the abbreviation stands for, or '' if their initials do not make it.

    'BVOGM', ['het', 'Bestuurlijk', 'voorbereidingsoverleg', 'Gezonde', 'Marke'] → all but the first
    """
    letters = letters_only(short)
    if len(letters) < 2 or not (is_abbreviation(short) or len(letters) <= 5):
        return ""
    words = words[-_WORDS_PER_LETTER * len(letters) :]
    for start in range(len(words) - 1, -1, -1):
        own = [word.strip(",’'‘") for word in words[start:]]
        if own[0] in _SMALL or "" in own or letters_only("".join(own)) == letters:
            continue  # 'Vereniging van Drentse Gemeenten' does not begin at 'van'
        if _makes(letters, own, analyser):
            return " ".join(words[start:]).strip(",’'‘")
    return ""


def _makes(letters: str, words: Sequence[str], analyser: Analyser) -> bool:
    """Whether the initials of the words make all the letters: 'ggd', ['Gemeentelijke', 'gezondheidsdienst'] → True."""
    if not words or not letters:
        return not words and not letters
    if fold(words[0]) in _SMALL and _makes(letters, words[1:], analyser):
        return True
    pieces = [fold(piece) for piece in words[0].split("-") if piece]
    word = "".join(pieces)
    if not word.startswith(letters[0]):
        return False
    # beside its first letter a word may give those with which its parts begin
    begins = {0}
    for number, piece in enumerate(pieces):
        offset = len("".join(pieces[:number]))
        begins |= {offset, *(offset + start for start in analyser.part_starts(piece))}
    given = {0}
    for begin in sorted(begins):
        given |= {count + 1 for count in given if count < len(letters) and word[begin] == letters[count]}
    return any(_makes(letters[count:], words[1:], analyser) for count in given - {0})


def _singular(short: str) -> str:
    """'RPIs' → 'RPI', 'AI’s' → 'AI'."""
    return re.sub(r"(?<=[A-Z])s$", "", short)
