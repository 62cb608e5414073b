"""What was typed → Query: the words that carry meaning, what kind of thing is sought, and what was mended.

Rules of Dutch have an example above them. Added words only widen the search: they weigh less than typed ones, and
those that the corpus does not hold drop out by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import simplemma
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.dutch import STOP_WORDS, Analyser, is_abbreviation
from ingest.folding import fold, letters_only
from ingest.portefeuilles import PORTEFEUILLES

# What a part of a compound weighs against the word itself. Handover, MRR@10: 0.2 to 0.6 differ by less than 0.002;
# public set, words alone, nDCG@10: 0: 0.834, 0.4: 0.840, 0.6: 0.842.
PART_WEIGHT = 0.5
# What an added word weighs against a typed one. Handover, MRR@10: 0.3: 0.834, 0.5: 0.838, 0.8: 0.847, 1.0: 0.847.
ADDED_WEIGHT = 0.8
# A typing fault: at most one slip in words of up to seven letters, two in longer ones; shorter words than this are
# left alone, since too many real words are one letter away.
_SHORTEST_MENDED = 5

# Words of the question → words that the corpora of Dutch government use for it.
_ADDED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        # 'Wie zit de portefeuille Sport voor?' → de voorzitter
        (r"\bzit\w*\b(?=.*\bvoor\b)|\bleidt\b|\bleiden\b|\bvoorzit\b", "voorzitter"),
        # 'Met wie werken we samen aan zorg?', 'welke partijen' → samenwerkingspartners
        (r"\bwerk\w*\b(?=.*\bsamen\b)|\bpartijen\b|\bpartners?\b", "samenwerkingspartner samenwerking"),
        # 'Waar moet ik op letten bij sport?' → aandachtspunten
        (r"\blet\w*\b|\baandacht\b|\brekening mee\b|\bbelangrijk\w* voor bestuurders\b", "aandachtspunt"),
        # 'Wat loopt er nog?', 'waar zijn ze mee bezig', 'nog niet af' → lopende dossiers
        (r"\bloopt\b|\bbezig\b|\bnog (?:niet|open)\b|\bstaat\b.*\bopen\b|\bafgerond\b", "lopend dossier ontwikkeling"),
        # 'Wat is er gelukt?', 'wat hebben we gedaan' → bereikt, resultaten
        (r"\bgelukt\b|\bgedaan\b|\bopgeleverd\b|\bbehaald\b", "bereiken resultaat"),
        # 'Wat komt er op ons af?', 'straks' → vooruitblik
        (r"\bkomt?\b.*\b(?:aan|af)\b|\bstraks\b|\btoekomst\b|\bkomende\b", "vooruitblik"),
        # 'Wie trekt de coalitie?' → trekker
        (r"\btrekt\b|\btrekken\b|\bverantwoordelijk\w*\b", "trekker"),
        # 'Wie spreekt namens …?', 'wie zit er in …' → vertegenwoordiging
        (r"\bnamens\b|\bspreekt\b|\bafgevaardigd\w*\b", "vertegenwoordiger vertegenwoordiging"),
        # 'leden van het college' and the like stay as they are
    )
)


_DEFINITION = re.compile(
    r"wat (?:is|betekent|zijn|houdt) (?:het |de |een )?([\w&-]+)(?: in)?\s*\??$"
    r"|waar (?:staat|staan) (?:het |de )?([\w&-]+)\b.*\bvoor",
    re.IGNORECASE,
)


class Sought(StrEnum):
    """The kind of thing that a question asks for, told from its question word."""

    PERSON = "wie"
    DATE = "wanneer"
    NUMBER = "hoeveel"
    OTHER = ""


_SOUGHT: tuple[tuple[re.Pattern[str], Sought], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), sought)
    for pattern, sought in (
        # 'Met wie werken we samen' asks for organisations as often as for people
        (
            r"(?<!met )\bwie(?:ns)?\b|\bwelke (?:wethouder|burgemeester|bestuurder|persoon|gedeputeerde)s?\b",
            Sought.PERSON,
        ),
        (r"\bwanneer\b|\b(?:in |per )?welke? (?:jaar|datum|dag|maand|periode)\b|\bsinds wanneer\b", Sought.DATE),
        (r"\bhoe ?veel\b|\bhoe (?:vaak|lang|groot|hoog|duur)\b|\bwelk bedrag\b|\bwat kost\b", Sought.NUMBER),
    )
)


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the search takes it.

    `typed` are the words that carry meaning, each with its own term and compound parts; `weights` are all terms to look
    for. `corrections` has (typed, read as) of words that were mended; `text` is the question with them mended.
    """

    text: str
    typed: tuple[tuple[str, tuple[str, ...]], ...]
    weights: Mapping[str, float]
    sought: Sought
    corrections: tuple[tuple[str, str], ...] = ()
    added: tuple[str, ...] = ()
    portefeuilles: tuple[str, ...] = ()
    defined: str = ""
    keywords: bool = False


class QueryReader:
    """Reads questions against the vocabulary of one index version."""

    def __init__(self, analyser: Analyser, vocabulary: Mapping[str, int]) -> None:
        """`vocabulary` has the corpus's folded words and in how many places each stands."""
        self._analyser = analyser
        self._vocabulary = vocabulary
        self._by_length: dict[int, list[str]] = {}
        for word in vocabulary:
            self._by_length.setdefault(len(word), []).append(word)

    def read(self, question: str) -> Query:
        """The query of a question, whatever was typed; an empty one has no weights."""
        question = " ".join(question.encode("utf-8", "ignore").decode().split())[:MAX_CHARACTERS]
        if question.isupper() and len(question.split()) > 2:
            question = question.lower()  # caps lock; 'WAT IS HET DOEL' asks for no abbreviation
        mended, corrections = self._mend(question)
        typed: dict[str, tuple[str, ...]] = {}
        weights: dict[str, float] = {}
        for token in self._analyser.tokens(mended):
            typed[token.term] = token.parts
            weights[token.term] = 1.0
            for part in token.parts:
                weights[part] = max(weights.get(part, 0.0), PART_WEIGHT)
        widening = " ".join(words for pattern, words in _ADDED if pattern.search(mended))
        added = [token.term for token in self._analyser.tokens(widening) if token.term not in weights]
        weights.update(dict.fromkeys(added, ADDED_WEIGHT))
        sought = next((kind for pattern, kind in _SOUGHT if pattern.search(mended)), Sought.OTHER)
        return Query(
            text=mended,
            typed=tuple(typed.items()),
            weights=weights,
            sought=sought,
            corrections=tuple(corrections),
            added=tuple(added),
            portefeuilles=_named_portefeuilles(mended),
            defined=_defined(mended),
            keywords=not any(fold(word) in STOP_WORDS for word in re.findall(r"\w+", question)),
        )

    def _mend(self, question: str) -> tuple[str, list[tuple[str, str]]]:
        """The question with its typing faults mended: 'warmtetranistie' → 'warmtetransitie'."""
        corrections: list[tuple[str, str]] = []

        def mended(found: re.Match[str]) -> str:
            word = found.group(0)
            better = self._correction(word)
            if better is None:
                return word
            corrections.append((word, better))
            return better

        return re.sub(rf"[^\W\d_]{{{_SHORTEST_MENDED},}}", mended, question), corrections

    def _correction(self, word: str) -> str | None:
        """The corpus's word that was probably meant, or None: a word that the corpus or Dutch knows is left alone."""
        folded = fold(word)
        if folded in self._vocabulary or folded in STOP_WORDS or _is_known(word):
            return None
        if any(part in self._vocabulary for token in self._analyser.tokens(word) for part in token.parts):
            return None  # a compound of known words is a new word, not a slip
        slips = 1 if len(folded) <= 7 else 2
        near = [near for size in range(-slips, slips + 1) for near in self._by_length.get(len(folded) + size, ())]
        found = process.extract(folded, near, scorer=OSA.distance, score_cutoff=slips, limit=10)
        if not found:
            return None
        best = min(found, key=lambda match: (match[1], match[0][0] != folded[0], -self._vocabulary[match[0]], match[0]))
        return str(best[0])


def _named_portefeuilles(question: str) -> tuple[str, ...]:
    """The portefeuilles that a question names in full or by their abbreviation.

    'Waar is Ruimte en Wonen mee bezig?' → ('Ruimte en Wonen',); 'overleg van PSI', 'EZ&I', 'g&w'
    """
    folded = fold(question)
    words = {word for word in re.findall(r"[\w&]+", question) if word.isupper() or "&" in word}
    shorts = {letters_only(word) for word in words}
    return tuple(
        name
        for name, short in PORTEFEUILLES.items()
        if re.search(rf"\b{re.escape(fold(name))}\b", folded) or letters_only(short) in shorts
    )


def _defined(question: str) -> str:
    """The abbreviation whose meaning is asked: 'Wat is het DOE?' → 'DOE', 'Waar staat IZA voor?' → 'IZA', else ''."""
    found = _DEFINITION.match(question)
    word = (found.group(1) or found.group(2)) if found else ""
    return word if is_abbreviation(word) else ""


# A question is at most this long; what is pasted beyond it says nothing that the beginning does not.
MAX_CHARACTERS = 1000


def _is_known(word: str) -> bool:
    """Whether Dutch knows the word: a lemma list has 'Gemeenten', 'gemeente'."""
    return bool(simplemma.is_known(word.lower(), lang="nl"))
