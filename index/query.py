"""What was typed → Query: the words that carry meaning, what kind of thing is sought, and what was mended.

Rules of Dutch have an example above them. Added words only widen the search: they weigh less than typed ones, and
those that the corpus does not hold drop out by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from index.begrippen import Begrippen, Meaning
from index.dutch import STOP_WORDS, Analyser, is_abbreviation, written
from index.operators import Operators, operators_of
from index.results import Reading
from index.spelling import Spelling
from index.words import Alternatives
from ingest.folding import fold, letters_only
from ingest.portefeuilles import PORTEFEUILLES

# What a part of a compound weighs against the word itself. Handover, MRR@10: 0.2 to 0.6 differ by less than 0.002;
# public set, words alone, nDCG@10: 0: 0.834, 0.4: 0.840, 0.6: 0.842.
PART_WEIGHT = 0.5
# What an added word weighs against a typed one. Handover, MRR@10: 0.3: 0.834, 0.5: 0.838, 0.8: 0.847, 1.0: 0.847.
ADDED_WEIGHT = 0.8
# What writing an abbreviation out counts against holding a person or a date: it is the whole answer.
DEFINED_GAIN = 4.0
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


_ARTICLE = r"(?:het |de |een )?"
_LETTERS = rf"{_ARTICLE}(?:(?:letters|afkorting|term|begrip) )?"
# 'Wat is het DOE?' · 'Waar staat de afkorting IZA voor?' · 'Waarvoor staan de letters OTAP?' · 'Wat is ARBIT voluit?' ·
# 'Hoe heet het GALA voluit?' · 'ARBIT, wat is dat?' · 'betekenis van IZA': the one group that finds something holds it
_DEFINITION = re.compile(
    rf"wat (?:is|betekent|betekenen|zijn|houdt|houden) {_LETTERS}([\w&-]+)(?: in)?(?: voluit)?\s*\??$"
    rf"|waar (?:staat|staan) {_LETTERS}([\w&-]+)\b.*\bvoor"
    rf"|hoe (?:heet|heten|schrijf je|luidt) {_LETTERS}([\w&-]+) voluit"
    rf"|waar(?:voor|van) (?:staat|staan|is) {_LETTERS}([\w&-]+)"
    rf"|(?:de )?(?:betekenis|afkorting) (?:van )?{_LETTERS}([\w&-]+)\s*\??$"
    r"|([\w&-]+),? (?:wat (?:is dat|betekent)|waar staat|voluit|betekenis)\b",
    re.IGNORECASE,
)


class Sought(StrEnum):
    """The kind of thing that a question asks for, told from its question word."""

    PERSON = "wie"
    DATE = "wanneer"
    NUMBER = "hoeveel"
    OTHER = ""


# 'Wat is het budget voor jeugdzorg?', 'wat was de jaarlijkse bijdrage'
ASKED_AMOUNT = (
    r"\bwat (?:is|was|wordt|bedraagt|bedroeg|zijn|waren) (?:het|de) (?:\w+ )?"
    r"(?:budget|bedrag|subsidie|prijs|tarief|contributie|bijdrage|percentage|aantal|aandeel|tekort|overschot|saldo)\b"
)
_SOUGHT: tuple[tuple[re.Pattern[str], Sought], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), sought)
    for pattern, sought in (
        # 'Met wie werken we samen' asks for organisations as often as for people
        (
            r"(?<!met )\bwie(?:ns)?\b|\bwelke (?:wethouder|burgemeester|bestuurder|persoon|gedeputeerde)s?\b",
            Sought.PERSON,
        ),
        (r"\bwanneer\b|\b(?:in |per )?welke? (?:jaar|datum|dag|maand|periode)\b|\bsinds wanneer\b", Sought.DATE),
        (
            rf"\bhoe ?veel\b|\bhoe (?:vaak|lang|groot|hoog|duur)\b|\bwelk bedrag\b|\bwat kost\b|{ASKED_AMOUNT}",
            Sought.NUMBER,
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the search takes it.

    `typed` are the words that carry meaning, each with its own term and compound parts; `weights` are all terms to look
    for; of `alternatives` the best counts. `synonyms` has for a typed term what means the same, each the terms of one
    expression; `also` shows these as a reader knows them. `corrections` has (typed, read as) of words
    that were mended; `text` is the question with them mended, without the signs of its `operators`.
    `named` are the ids of documents that the question names, `documents` what the passages of documents gain by it
    (index/naming.py).
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
    operators: Operators = field(default_factory=lambda: Operators(""))
    alternatives: tuple[Alternatives, ...] = ()
    synonyms: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    documents: Mapping[str, float] = field(default_factory=dict)

    @property
    def definitions(self) -> tuple[str, ...]:
        """How a source writes out the abbreviation whose meaning is asked, in small letters; () if none is.

        'Drents Overleg Energie (DOE)' · 'WCAG betekent Web Content …' · 'IZA staat voor …' · 'IAMA: het Impact …'
        """
        short = self.defined
        forms = (f"({short})", f"{short} betekent", f"{short} staat voor", f"{short}: het", f"{short}: de")
        return tuple(form.casefold() for form in forms) if short else ()

    @property
    def typed_weights(self) -> dict[str, float]:
        """The weights of what was typed, without what was added."""
        return {term: weight for term, weight in self.weights.items() if term not in self.added}

    @property
    def reading(self) -> Reading:
        """What a reader is told of how the question was read."""
        excluded = (*self.operators.excluded, *self.operators.excluded_phrases)
        return Reading(self.operators.phrases, excluded, self.also, self.named)


# The same as Query.definitions, for every abbreviation at once.
_BRACKETED = re.compile(r"\(([\w&-]{2,20})\)")
_EXPLAINS = re.compile(r" betekent| staat voor|: het|: de", re.IGNORECASE)
_LAST_WORD = re.compile(r"[\w&-]{2,20}$")


def written_out(text: str) -> set[str]:
    """What a text may write out, in small letters: 'Integraal Zorgakkoord (IZA)' → {'iza'}; also 'doel: de zorg'."""
    before = (_LAST_WORD.search(text, max(found.start() - 20, 0), found.start()) for found in _EXPLAINS.finditer(text))
    return {*map(str.casefold, _BRACKETED.findall(text)), *(word[0].casefold() for word in before if word)}


class QueryReader:
    """Reads questions against the vocabulary of one index version."""

    def __init__(
        self,
        analyser: Analyser,
        vocabulary: Mapping[str, int],
        begrippen: Begrippen | None = None,
        known: Collection[str] = (),
    ) -> None:
        """`vocabulary` has the corpus's folded words and how often each stands there; `known` others that are right."""
        self._analyser = analyser
        self._spelling = Spelling(analyser, vocabulary, known)
        self._begrippen = begrippen or Begrippen((), analyser)

    def read(self, question: str, *, correct: bool = True) -> Query:
        """The query of a question, whatever was typed; an empty one has no weights. `correct` mends typing faults."""
        question = " ".join(question.encode("utf-8", "ignore").decode().split())[:MAX_CHARACTERS]
        if question.isupper() and len(question.split()) > 2:
            question = question.lower()  # caps lock; 'WAT IS HET DOEL' asks for no abbreviation
        operators = operators_of(question)
        verbatim = frozenset(word for phrase in operators.phrases for word in written(phrase))
        mended, corrections = self._spelling.mend(operators.text, verbatim) if correct else (operators.text, ())
        if not any(self._analyser.tokens(mended)):
            mended = self._begrippen.capitals(mended)  # 'doe', 'wat is doe': nothing else is asked about
        typed: dict[str, tuple[str, ...]] = {}
        weights: dict[str, float] = {}
        for token in self._analyser.tokens(mended):
            typed[token.term] = token.parts
            weights[token.term] = 1.0
            for part in token.parts:
                weights[part] = max(weights.get(part, 0.0), PART_WEIGHT)
        unwanted = {" ".join(written(words)) for words in (*operators.excluded, *operators.excluded_phrases)}
        meanings = self._begrippen.meanings(mended, unwanted)
        others = [other for meaning in meanings for other in meaning.others]
        compounds = self._spelling.compounds(mended)
        widening = [words for pattern, words in _ADDED if pattern.search(mended)]
        widening += [*compounds, *(other.text for other in others if len(other.written) == 1)]
        added = [token.term for token in self._analyser.tokens(" ".join(widening)) if token.term not in weights]
        weights.update(dict.fromkeys(added, ADDED_WEIGHT))
        synonyms: dict[str, tuple[tuple[str, ...], ...]] = {}
        for meaning in meanings:
            for term in meaning.typed.terms:
                synonyms[term] = (*synonyms.get(term, ()), *(other.terms for other in meaning.others))
        return Query(
            text=mended,
            typed=tuple(typed.items()),
            weights=weights,
            sought=next((kind for pattern, kind in _SOUGHT if pattern.search(mended)), Sought.OTHER),
            corrections=corrections,
            added=tuple(dict.fromkeys(added)),
            portefeuilles=_named_portefeuilles(mended),
            defined=_defined(mended),
            keywords=not any(fold(word) in STOP_WORDS for word in re.findall(r"\w+", operators.text)),
            operators=operators,
            alternatives=tuple(map(_alternatives, meanings)),
            synonyms=synonyms,
            also=tuple(dict.fromkeys([*(other.text for other in others), *compounds])),
        )


def _alternatives(meaning: Meaning) -> Alternatives:
    single = tuple(term for other in meaning.others if len(other.written) == 1 for term in other.terms)
    phrases = tuple(other.written for other in meaning.others if len(other.written) > 1)
    return Alternatives(meaning.typed.terms, single, phrases, ADDED_WEIGHT)


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
    word = next(filter(None, found.groups()), "") if found else ""
    return word if is_abbreviation(word) else ""


# A question is at most this long; what is pasted beyond it says nothing that the beginning does not.
MAX_CHARACTERS = 1000
