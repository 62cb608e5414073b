"""What an answer must hold: the kind of thing that a question asks for, and the names and numbers that it is about.

    asked = Asked.of("Hoeveel statushouders moet Assen huisvesten?", analyser)
    asked.is_held("Er zijn plekken voor 45 statushouders in Drenthe.")    → True: a number of the thing that is counted
    asked.missing({"plek", "statushouder", "drenthe"})                    → 1: Assen

A question that the corpus does not answer is often near to a sentence that says something else about the same subject:
its place, its year, or the number that was asked for is what that sentence lacks. The ranking's own `holds_sought`
lifts what may hold an answer; this asks more, since here a wrong yes makes a portal sure of what it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from index.dutch import MONTH, STOP_WORDS, Analyser, is_abbreviation
from index.query import ASKED_AMOUNT
from ingest.folding import fold


class Kind(StrEnum):
    """The kind of thing that a question asks for, told from its wording."""

    CONTACT = "contact"
    DATE = "date"
    MONEY = "money"
    NUMBER = "number"
    NAME = "name"
    OTHER = ""


# The first that fits: 'Hoeveel kost' is about money, 'Op welke datum' about a date even where people are named.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        # 'telefoonnummer drents energieloket', 'mailadres jan van der lei'
        (Kind.CONTACT, r"telefoonnummer|e-?mail ?adres|mailadres|\badres\b|website"),
        # 'In welk jaar is …', 'Hoe laat sluit …'
        (Kind.DATE, r"\bwanneer\b|\bwelke? (?:jaar|datum|dag|maand)\b|\bhoe laat\b"),
        # 'Hoeveel is er …', 'aantal vacatures', 'Met hoeveel procent'
        (
            Kind.NUMBER,
            r"\bhoe ?veel\b|\baantal\b|\bhoe (?:vaak|lang|groot|hoog|duur|oud)\b|\bwelk (?:bedrag|percentage)\b|"
            r"\bwat kost|\bkosten\b|\bprocent|inwonertal|\bgemiddelde\b|"
            rf"{ASKED_AMOUNT}",
        ),
        # 'Wie is voorzitter', 'Hoe heet de coördinator'
        (
            Kind.NAME,
            r"\bwie(?:ns)?\b|\bhoe he(?:et|ten)\b|\bnaam\b|\bnamen\b|"
            r"\bwelke (?:wethouder|burgemeester|bestuurder|persoon|gedeputeerde)s?\b",
        ),
    )
)
# 'Hoeveel contributie betaalt', 'Hoe hoog is de subsidie': a number of euros
_ABOUT_MONEY = re.compile(
    r"\b(?:kost|kosten|betaalt|betalen|bedrag|budget|euro|geld|subsidie|boete|contributie|begroting|tekort|verdient|"
    r"salaris|toeslag|miljoen|kaartje|prijs)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\b(?:hoe ?veel|aantal)\s+(.*)", re.IGNORECASE)

_MOMENT = re.compile(
    rf"\b(?:{MONTH}|voorjaar|najaar|zomer|kwartaal|halverwege|medio|eind|begin)\b|\b\d{{1,2}}-\d{{1,2}}-\d{{4}}\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_AMOUNT = re.compile(r"€|\beuro\b|\bmiljoen\b|\bmiljard\b")
_CONTACT = re.compile(r"@|\b0\d{2,3}[- ]?\d{6,7}\b|www\.|https?:")
# '28,2', '12%', 'twaalf'; not the halves of '2025-2028', '12/1' or of 'A28'
_NUMBER = re.compile(
    r"(?<![\w.,/-])(?:€ ?)?\d+(?:[.,]\d+)*(?!\d|[-/]\d)\s*%?"
    r"|\b(?:twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|vijftien|twintig|dertig|veertig"
    r"|vijftig|honderd|duizend|helft|kwart|derde)\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
# Two names in a row: 'Jan van der Lei', but also 'Gelijke Kansen'; what the question itself names is left out later.
_PERSON = re.compile(r"[A-ZÀ-Ý][a-zà-ÿ’-]+ (?:(?:van|de|den|der|dan|ten|ter|te|’t|’s|in|op|el) )*[A-ZÀ-Ý][a-zà-ÿ-]+")
_CAPITALISED = re.compile(r"[A-ZÀ-Ý]\w+")
_WORD = re.compile(r"\w+")
# A word with what may stand inside it, as in index/dutch.py: 'R&W', '2025-2028', 'Midden-Drenthe'.
_TYPED = re.compile(r"[\w’'&.,+/-]*\w")
# What is counted stands among so many words after its number: '45 nieuwe sociale huurwoningen'.
_WORDS_AFTER = 4
# … and among so many after 'hoeveel': 'Hoeveel sociale huurwoningen komen er'.
_WORDS_COUNTED = 3
# Texts whose standard scores differ by less than this are about as near.
_ABOUT_AS_NEAR = 0.7


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for. `names` has for each name, year or number in it the terms it is indexed under;
    `counted` the terms of what is to be counted."""

    question: str
    kind: Kind
    names: tuple[frozenset[str], ...]
    counted: frozenset[str]
    analyser: Analyser

    @classmethod
    def of(cls, question: str, analyser: Analyser) -> Self:
        """What a question asks for, whatever was typed."""
        kind = next((kind for kind, pattern in _KINDS if pattern.search(question)), Kind.OTHER)
        if kind is Kind.NUMBER and _ABOUT_MONEY.search(question):
            kind = Kind.MONEY
        names = (frozenset(analyser.terms(word)) for word in _names(question))
        counted = frozenset(_counted(question, analyser)) if kind is Kind.NUMBER else frozenset()
        return cls(question, kind, tuple(filter(None, names)), counted, analyser)

    def missing(self, terms: Set[str]) -> int:
        """How many of the question's names, years and numbers are not among the terms of a text."""
        return sum(not (name & terms) for name in self.names)

    def is_held(self, text: str) -> bool:
        """Whether a text holds the kind of thing that is asked for, other than what the question itself says.

        'In welk jaar na 2020 …', 'Sinds 2020 …' → False; of no particular kind → True
        """
        match self.kind:
            case Kind.CONTACT:
                return bool(_CONTACT.search(text))
            case Kind.MONEY:
                return bool(_AMOUNT.search(text))
            case Kind.DATE:
                own = set(_YEAR.findall(self.question))
                return bool(_MOMENT.search(text)) or not own.issuperset(_YEAR.findall(text))
            case Kind.NAME:
                own = {fold(word) for word in _WORD.findall(self.question)}
                return any(not own.issuperset(_folded_names(found.group(0))) for found in _PERSON.finditer(text))
            case Kind.NUMBER:
                return self._is_number_held(text)
            case _:
                return True

    def _is_number_held(self, text: str) -> bool:
        """'Hoeveel gemeenten', 'de twaalf Drentse gemeenten' → True; 'in 2026', '12 wethouders' → False."""
        own = set(_DIGITS.findall(self.question))
        for found in _NUMBER.finditer(text):
            number = found.group(0).strip()
            if _YEAR.fullmatch(number) or number in own:
                continue
            after = " ".join(_WORD.findall(text[found.end() :])[:_WORDS_AFTER])
            if not self.counted or self.counted.intersection(self.analyser.terms(after)):
                return True
        return False


def lack(asked: Asked, scores: Sequence[float], texts: Sequence[str]) -> float:
    """How far the nearest text that holds what is asked for stays behind the nearest of all: between 0 and 1.

    `scores` say how near each text is to the question, in standard scores. Further than one behind is no further: some
    answers are put in other words ('onbekend', 'nog niet vastgesteld').
    """
    held = [score for score, text in zip(scores, texts, strict=True) if asked.is_held(text)]
    return min(max(scores) - max(held), 1.0) if held else 1.0


def fewest_missing(asked: Asked, scores: Sequence[float], texts: Sequence[str]) -> int:
    """How many of the question's names are missing from a text that is about as near as the nearest: at the least."""
    if not asked.names:
        return 0
    near = max(scores) - _ABOUT_AS_NEAR
    return min(
        asked.missing(frozenset(asked.analyser.terms(text)))
        for score, text in zip(scores, texts, strict=True)
        if score >= near
    )


def _names(question: str) -> list[str]:
    """Words with digits, abbreviations, and capitals past the first word.

    'Wie zit in het AB namens Assen?' → ['AB', 'Assen']
    """
    words = _TYPED.findall(question)
    return [
        word
        for place, word in enumerate(words)
        if any(char.isdigit() for char in word) or is_abbreviation(word) or (place and word[0].isupper())
    ]


def _counted(question: str, analyser: Analyser) -> list[str]:
    """'Hoeveel sociale huurwoningen komen er bij?' → ['sociaal', 'huurwoning', 'huur', 'woning']"""
    found = _COUNTED.search(question)
    terms: list[str] = []
    for word in _WORD.findall(found.group(1))[:_WORDS_COUNTED] if found else ():
        if fold(word) in STOP_WORDS:
            break
        terms += analyser.terms(word)
    return terms


def _folded_names(text: str) -> set[str]:
    """'Jan van der Lei' → {'jan', 'lei'}"""
    return {fold(word) for word in _CAPITALISED.findall(text)}
