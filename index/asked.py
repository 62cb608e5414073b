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
from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from index.dutch import MONTH, STOP_WORDS, Analyser, is_abbreviation, is_dutch, lemma
from index.person_names import FIRST_NAMES, FULL_NAME, LONE_SURNAME, NO_NAME
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
        # 'telefoonnummer drents energieloket', 'mailadres jan van der lei'; not 'Komt er een website?'
        (Kind.CONTACT, r"telefoonnummer|e-?mail ?adres|mailadres|\badres\b|\b(?:welke|de) website"),
        # 'In welk jaar is …', 'Hoe laat sluit …'
        (Kind.DATE, r"\bwanneer\b|\bwelke? (?:jaar|datum|dag|maand)\b|\bhoe laat\b"),
        # 'Hoeveel is er …', 'aantal vacatures', 'Met hoeveel procent'
        (
            Kind.NUMBER,
            r"\bhoe ?veel\b|\baantal\b|\bhoe (?:vaak|lang|groot|hoog|duur|oud)\b|\bwelk (?:bedrag|percentage)\b|"
            r"\bwat (?:kost|betaalt|betalen|verdient|verdienen)\b|\bkosten\b|\bgekost\b|\bprocent|inwonertal|"
            rf"\bgemiddelde\b|{ASKED_AMOUNT}",
        ),
        # 'Wie is voorzitter', 'Hoe heet de coördinator'
        (
            Kind.NAME,
            r"\bwie(?:ns)?\b|\bhoe he(?:et|ten)\b|\bnaam\b|\bnamen\b|"
            r"\bwelke (?:wethouder|burgemeester|bestuurder|persoon|gedeputeerde)s?\b",
        ),
    )
)
# 'Hoe voorkomt men dat te zien is wie besmet is?', 'Komt er een berekening van hoeveel er nodig is?': these do not ask
# for the person or the number; 'Komt er een opvolger, en wanneer?' does.
_ASKS_OTHERWISE = re.compile(
    r"(?:hoe (?!(?:veel|vaak|lang|groot|hoog|duur|oud|laat|he(?:et|ten))\b)|waarom|waardoor"
    r"|(?:komt|gaat|gaan|is|zijn|wordt|worden|kan|kunnen|mag|mogen|moet|moeten|heeft|hebben|krijgt|doet|doen)\b"
    r"(?!.*\ben (?:\w+ )?(?:wie|wanneer|hoeveel)\b))",
    re.IGNORECASE,
)
# 'Hoeveel contributie betaalt', 'Hoe hoog is de subsidie': a number of euros
_ABOUT_MONEY = re.compile(
    r"\b(?:kost|kosten|gekost|betaalt|betalen|bedrag|budget|euro|\w*geld|subsidie|boete|contributie|\w*begroting"
    r"|tekort|verdient|verdienen|salaris|\w*toeslag|miljoen|miljard|kaartje|prijs|tarief)\b",
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
_ASKS_WHERE = re.compile(
    r"\b(?:website|link|bron|bronnen|adres|verwijzing\w*|waar (?:vind|lees|staat|kan ik))\b", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_HOW_OFTEN = re.compile(r"\bhoe vaak\b", re.IGNORECASE)
_OFTEN = re.compile(
    r"\b(?:halfjaarlijks|jaarlijks|maandelijks|wekelijks|dagelijks)e?\b"
    r"|\b(?:elke?|ieder|per) (?:jaar|maand|week|dag)\b",
    re.IGNORECASE,
)
_HOW_LONG = re.compile(r"\bhoe lang\b", re.IGNORECASE)
_UNTIL = re.compile(r"\bt/m\b|\btot(?: en met)? \d|\b(?:19|20)\d\d ?[-–] ?(?:19|20)?\d\d\b|\bhalf uur\b", re.IGNORECASE)
# 'Jan van der Lei', 'drs. G.J. Braas', 'wethouder Wagner'; what the question itself names is left out later.
_PERSON = re.compile(
    rf"(?!Wethouder|Burgemeester)(?:{FULL_NAME})|(?:(?<=[Ww]ethouder )|(?<=[Bb]urgemeester ))(?=[A-ZÀ-Ý]){LONE_SURNAME}"
)
_CAPITALISED = re.compile(r"[A-ZÀ-Ý]\w+")
_WORD = re.compile(r"\w+")
# A word with what may stand inside it, as in index/dutch.py: 'R&W', '2025-2028', 'Midden-Drenthe'.
_TYPED = re.compile(r"[\w’'&.,+/-]*\w")
# What is counted stands among so many words after its number: '45 nieuwe sociale huurwoningen'.
_WORDS_AFTER = 4
# … and among so many after 'hoeveel': 'Hoeveel sociale huurwoningen komen er'.
_WORDS_COUNTED = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for. `names` has for each name, year or number in it the expressions that stand for it,
    each as the terms that it is indexed under: one of them is enough. `counted` has the terms of what is counted."""

    question: str
    kind: Kind
    names: tuple[tuple[frozenset[str], ...], ...]
    counted: frozenset[str]
    analyser: Analyser

    @classmethod
    def of(
        cls, question: str, analyser: Analyser, synonyms: Mapping[str, tuple[tuple[str, ...], ...]] | None = None
    ) -> Self:
        """What a question asks for, whatever was typed; `synonyms`, those of its Query, may stand for a name."""
        kind = next((kind for kind, pattern in _KINDS if pattern.search(question)), Kind.OTHER)
        if _ASKS_OTHERWISE.match(question):
            kind = Kind.OTHER
        if kind is Kind.NUMBER and _ABOUT_MONEY.search(question):
            kind = Kind.MONEY
        terms = (frozenset(analyser.terms(word)) for word in _names(question))
        names = tuple(_expressions(name, synonyms or {}) for name in terms if name)
        counted = frozenset(_counted(question, analyser)) if kind is Kind.NUMBER else frozenset()
        return cls(question, kind, names, counted, analyser)

    @property
    def wants_source(self) -> bool:
        """Whether a source or an address may be the answer itself: 'Op welke website …', 'Waar vind ik …'."""
        return self.kind is Kind.CONTACT or bool(_ASKS_WHERE.search(self.question))

    def missing(self, terms: Set[str]) -> int:
        """How many of the question's names, years and numbers are not among the terms of a text."""
        return sum(
            not (name & terms or any(expression <= terms for expression in others)) for name, *others in self.names
        )

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
                names = (found.group(0) for found in _PERSON.finditer(text))
                return any(not own.issuperset(_folded_names(name)) and _may_be_person(name) for name in names)
            case Kind.NUMBER:
                return self._is_number_held(text)
            case _:
                return True

    def _is_number_held(self, text: str) -> bool:
        """'Hoeveel gemeenten', 'de twaalf Drentse gemeenten' → True; 'in 2026', '12 wethouders' → False.

        'Hoe vaak', 'elk jaar' · 'Hoe lang', '2024 t/m 2027' · 'Hoeveel procent', '25%' → True
        """
        if (_HOW_OFTEN.search(self.question) and _OFTEN.search(text)) or (
            _HOW_LONG.search(self.question) and _UNTIL.search(text)
        ):
            return True
        own = set(_DIGITS.findall(self.question))
        for found in _NUMBER.finditer(text):
            number = found.group(0).strip()
            if _YEAR.fullmatch(number) or number in own:
                continue
            after = " ".join(_WORD.findall(text[found.end() :])[:_WORDS_AFTER])
            if number.endswith("%"):
                after = f"procent {after}"
            if not self.counted or self.counted.intersection(self.analyser.terms(after)):
                return True
        return False


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
        if fold(word) in STOP_WORDS or _is_verb(word):
            break
        terms += analyser.terms(word)
    return terms


def _is_verb(word: str) -> bool:
    """'Hoeveel vergoedt het fonds?', 'Hoeveel gaat de belasting omhoog?': nothing is counted by name."""
    return word.endswith("t") and lemma(word).endswith("en") and not lemma(word).endswith(fold(word))


def _expressions(
    name: frozenset[str], synonyms: Mapping[str, tuple[tuple[str, ...], ...]]
) -> tuple[frozenset[str], ...]:
    """The name itself, then what means the same: 'DOE' → {'doe'}, {'drent', 'overleg', 'energie'}."""
    return (name, *(frozenset(other) for term in name for other in synonyms.get(term, ())))


def _may_be_person(text: str) -> bool:
    """'Jan van der Lei' → True; 'Drents Overleg', 'Vitale Vakantieparken', 'Gezonde Marke' → False."""
    words = _CAPITALISED.findall(text)
    if any(fold(word) in NO_NAME for word in words):
        return False
    return not words or fold(words[0]) in FIRST_NAMES or not all(is_dutch(word) for word in words)


def _folded_names(text: str) -> set[str]:
    """'Jan van der Lei' → {'jan', 'lei'}"""
    return {fold(word) for word in _CAPITALISED.findall(text)}
