"""Questions that ask for a list, and the whole list that answers them: every item verbatim, in the source's order.

A list is told twice: by the question ('Welke netwerken …', 'Noem de …', 'aandachtspunten sport') and by the source
(several bullets under one line). Either alone is not enough: 'Welke gemeente …' wants one bullet, not its list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

import simplemma

from index.answer import page_of
from index.results import Answer, AnswerItem
from ingest.cleaning import has_numeral
from ingest.documents import Passage, Unit
from ingest.folding import fold

Terms = Callable[[str], Collection[str]]

# A list that goes on is followed over at most this many passages either way: ten pages of bullets.
REACH = 20
# One item answers by itself if, unlike most others, it holds this share of what the question says beyond the list's
# own introduction: 'Welke partijen werken aan energiearmoede?'
_ALONE_SHARE = 0.3

# So many headings above a list say what it is a list of; those above them say where it belongs.
_NEAR = 2

# Adjectives and numerals that may stand before the noun: 'welke drie landelijke en regionale netwerken'.
_BEFORE_NOUN = re.compile(
    r"\w*(?:ige|lijke|ische|ele|ale|nde|ere|ieve|bare|zame|grote|euwe|chte|kste|gste|tste|dste|tse|nse|rkse|gse|elde)"
    r"|en|of|de|het|een|alle|onze|hun|jullie|mij|me|eens|er|zoal|soorten|\d+"
    r"|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf"
)
# What looks like a plural and asks for one thing: 'welke reden', 'wat zijn de kosten', 'voor welke jaren'.
_ONE_THING = frozenset(
    "reden keten haven regen wagen oven toren molen deken teken kosten jaren maanden weken dagen periodes perioden "
    "data datums tijden openingstijden uren bedragen cijfers gegevens".split()
)
# The least letters of a compound's beginning and of its end: 'beslis|punten', never 'bes|luiten'.
_SHORTEST_PART, _SHORTEST_END = 3, 6
# Words before the noun that is asked for.
_ASKING = re.compile(r"\b(?:welke|noem|wat zijn|wie zijn|wie waren|wat waren|som)\b", re.IGNORECASE)
# Questions that ask for all there is without naming what.
_BROAD = re.compile(
    # 'Geef een overzicht van …', 'lijst met …'
    r"\b(?:overzicht|lijst|opsomming) (?:van|met)\b"
    # 'Wie zitten er in de kerngroep?', 'wie doen er mee'
    r"|\bwie (?:zitten|doen)\b|\bwie zit(?: er)?(?: \w+)? in\b"
    # 'Met wie werken we samen?'
    r"|\bmet wie\b.*\bsamen\b"
    # 'Waar moet ik op letten?', 'waar is Sport nu mee bezig', 'waar wordt nog aan gewerkt'
    r"|\bwaar\b.*\b(?:op letten|mee bezig|aan gewerkt|aan werken|rekening mee)\b"
    # 'Wat staat er nog open?', 'wat loopt er', 'wat speelt er'
    r"|\bwat (?:staat|loopt|speelt)\b"
    # 'Wat is er bereikt?'; 'wat is er gedaan' asks for one thing as often
    r"|\bwat (?:is|hebben|heeft)\b.*\b(?:bereikt|gelukt|opgeleverd)\b"
    # 'Wat komt er op ons af?'
    r"|\bwat komt\b.*\b(?:aan|af)\b",
    re.IGNORECASE,
)


# 'Welke gemeente', 'wie', 'wanneer', 'hoeveel', 'is er': one thing, even where a list stands below the very words.
_ASKS_FOR_ONE = re.compile(
    r"\b(?:welke?|wie|wanneer|hoe ?veel|hoe (?:lang|vaak|groot|hoog)|waarom)\b"
    r"|^(?:is|zijn|komt|gaat|kan|mag|moet|heeft|hebben|wordt|worden|doet|krijgt)\b",
    re.IGNORECASE,
)
# The share of the question's words that must stand in the line which introduces a list.
INTRODUCED_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """A question that asks for a list. `nouns` are what the list is of, as typed; empty if that is not said.

    `named` says that nothing but such a noun tells that a list is wanted: the list must then be introduced by it.
    """

    nouns: tuple[str, ...] = ()
    named: bool = False


@dataclass(frozen=True, slots=True)
class FoundList:
    """A list out of a source: the line that introduces it, its items, and the stretch of it in the asked passage.

    `start` and `end` lie in that passage's text; both are 0 if the list begins only in the next one.
    """

    lead_in: str
    items: tuple[AnswerItem, ...]
    start: int
    end: int


def list_question(question: str, *, keywords: bool) -> ListQuestion | None:
    """What list a question asks for, or None if it asks for one thing.

    'Welke regionale netwerken zijn er?' → ListQuestion(('netwerken',)); 'Wat loopt er bij sport?' → ListQuestion();
    'Welke gemeente regelt het?' → None; keywords 'netwerken financiën' → ListQuestion(('netwerken',), named=True)
    """
    if keywords:
        nouns = tuple(word for word in _words(question) if _is_plural(word))
        return ListQuestion(nouns, named=True) if nouns else None
    for asking in _ASKING.finditer(question):
        noun = next((word for word in _words(question[asking.end() :]) if not _BEFORE_NOUN.fullmatch(word)), "")
        if _is_plural(noun):
            return ListQuestion((noun,))
    return ListQuestion() if _BROAD.search(question) else None


def introduces(lead_in: str) -> bool:
    """Whether a line introduces a list: 'De ondersteuner helpt met:'; not the column names of a table's row."""
    return lead_in.rstrip().endswith(":") and " · " not in lead_in


def list_after(question: str) -> ListQuestion | None:
    """The list that a question asks for whose words stand in the line before it; None if it asks for one thing.

    'Waarmee helpt de ondersteuner?' → ListQuestion(); 'Welke gemeente helpt?', 'Wie helpt?', 'Hoeveel …' → None
    """
    return None if _ASKS_FOR_ONE.search(question) else ListQuestion()


def whole_list(
    asked: ListQuestion,
    section: Sequence[Passage],
    position: int,
    unit: Unit,
    masses: Mapping[str, float],
    terms: Terms,
) -> FoundList | None:
    """The list that a unit of `section[position]` belongs to or introduces, if that list is what was asked for.

    `section` holds passages that follow each other under one heading. `masses` has what each of the question's words
    says, by term, and `terms` gives the terms of a text. None if the unit stands in no list, or answers by itself.
    """
    lines = lines_of(section)
    at = next(i for i, line in enumerate(lines) if line.place == position and line.unit == unit)
    wanted = set(masses)
    first = _list_at(lines, at, lambda text: bool(wanted.intersection(terms(text))))
    if first is None:
        return None
    numbers = _siblings(lines, first)
    items = _items(section, lines, numbers)
    if len(items) < 2:
        return None
    heading = section[position].heading_path
    said_above = lines[at].text if lines[at].level == 0 else ""
    lead_in = lines[numbers[0]].unit.lead_in or said_above
    introduced = lead_in or (heading[-1] if heading else "")
    above = " ".join((*heading, *section[position].portefeuilles, lead_in))
    if not _is_of_what_was_asked(asked, " ".join((*heading[-_NEAR:], lead_in)), above, terms):
        return None
    said = set(terms(" ".join((above, *asked.nouns))))
    rest = {term: mass for term, mass in masses.items() if term not in said}
    if at in numbers and _answers_alone(lines, numbers, at, rest, terms):
        return None
    own = [(start, end) for place, start, end in items if place == position]
    return FoundList(
        lead_in=introduced,
        items=tuple(_answer_item(section[place], start, end) for place, start, end in items),
        start=own[0][0] if own else 0,
        end=own[-1][1] if own else 0,
    )


def with_list(answer: Answer, found: FoundList) -> Answer:
    """The answer with a list of which its hit holds a part: its text becomes that part, or stays what introduces it."""
    if not answer.hit or found.start == found.end:
        return replace(answer, items=found.items)
    passage = answer.hit.passage
    page = page_of(passage, Unit(found.start, found.end))
    text = passage.text[found.start : found.end]
    return replace(answer, text=text, lead_in=found.lead_in, page=page, items=found.items)


def section_of(passages: Sequence[Passage], position: int) -> tuple[list[Passage], int]:
    """Of passages in the corpus's order those under the heading of the one at `position`, and its place among them."""
    here = passages[position]

    def together(passage: Passage) -> bool:
        return (passage.document_id, passage.heading_path) == (here.document_id, here.heading_path)

    before = list(takewhile(together, reversed(passages[:position])))
    return [*reversed(before), *takewhile(together, passages[position:])], len(before)


@dataclass(frozen=True, slots=True)
class ListLine:
    """A unit at its place: `place` counts passages; `level` is 0 for running text, 1 for an outer bullet, 2 below."""

    place: int
    unit: Unit
    text: str
    level: int
    goes_on: bool  # a further sentence of the line before

    @classmethod
    def of(cls, place: int, passage: Passage, unit: Unit) -> ListLine:
        begin = passage.text.rfind("\n", 0, unit.start) + 1
        before, text = passage.text[begin : unit.start], passage.text[unit.start : unit.end]
        goes_on = before.strip() not in ("", "•", "◦")
        level = 0
        if before.strip() and not goes_on:
            level = (len(before) - len(before.lstrip())) // 2 + 1
        elif not goes_on and (has_numeral(text) or re.match(r"\d{1,2} [A-Z]", text)):
            level = 1
        return cls(place, unit, text, level, goes_on)


def lines_of(section: Sequence[Passage]) -> list[ListLine]:
    """All units of a section. A numbered item shows no depth of its own: it ranks below the line that introduces it."""
    lines: list[ListLine] = []
    levels: dict[str, int] = {}
    for place, passage in enumerate(section):
        for unit in passage.units:
            line = ListLine.of(place, passage, unit)
            if line.level and unit.lead_in in levels:
                line = replace(line, level=levels[unit.lead_in] + 1)
            if not line.goes_on:
                levels[line.text] = line.level
            lines.append(line)
    return lines


def _list_at(lines: Sequence[ListLine], at: int, is_asked: Callable[[str], bool]) -> int | None:
    """A line of the list that is meant by the line that answers best; None if there is none.

    A line that introduces bullets means those. A bullet below another means its own list if the question has a word
    of the bullet above ('coalities'), else the list that this one stands in.
    """
    line = lines[at]
    following = lines[at + 1] if at + 1 < len(lines) else None
    if following and following.level > line.level and (line.level == 0 or line.text.rstrip().endswith(":")):
        return at + 1
    while lines[at].goes_on and at:
        at -= 1
    while lines[at].level > 1 and not is_asked(lines[at].unit.lead_in):
        above = next((i for i in range(at - 1, -1, -1) if lines[i].level < lines[at].level), None)
        if above is None or lines[above].level == 0:
            break
        at = above
    return at if lines[at].level else None


def _siblings(lines: Sequence[ListLine], at: int) -> list[int]:
    """All lines of the list, with what stands below them: both ways as far as no line of a higher rank comes."""
    level = lines[at].level

    def belongs(line: ListLine) -> bool:
        return line.goes_on or line.level >= level

    first = at
    while first and belongs(lines[first - 1]):
        first -= 1
    while lines[first].goes_on:  # a paragraph's later sentences are no items
        first += 1
    last = at
    while last + 1 < len(lines) and belongs(lines[last + 1]):
        last += 1
    return list(range(first, last + 1))


def _items(section: Sequence[Passage], lines: Sequence[ListLine], numbers: Sequence[int]) -> list[tuple[int, int, int]]:
    """(passage's place, start, end) of each item: an outer bullet with all below it, cut where a passage ends."""
    level = min(lines[number].level for number in numbers if not lines[number].goes_on)
    items: list[tuple[int, int, int]] = []
    for line in (lines[number] for number in numbers):
        if line.level != level and items and items[-1][0] == line.place:
            items[-1] = (line.place, items[-1][1], line.unit.end)
            continue
        start = line.unit.start
        if line.level > level:  # goes on from the passage before: with its sign, so that it still reads as lower
            start = section[line.place].text.rfind("\n", 0, start) + 1
        items.append((line.place, start, line.unit.end))
    return items


def _is_of_what_was_asked(asked: ListQuestion, near: str, above: str, terms: Terms) -> bool:
    """Whether a list can be one of what was asked for; `near` are its introduction and the headings right above it.

    'Welke netwerken …' is answered by the partners under 'Samenwerking en netwerk'. 'Welke portefeuilles …' is not
    answered by a list within one of them: what is asked for stands further above that list.
    """
    nouns = {term for noun in asked.nouns for term in terms(noun)}
    if "portefeuille" in nouns:
        return False
    if not nouns or nouns.intersection(terms(near)):
        return True
    return not asked.named and not nouns.intersection(terms(above))


def _answers_alone(
    lines: Sequence[ListLine], numbers: Sequence[int], at: int, rest: Mapping[str, float], terms: Terms
) -> bool:
    """Whether the best line, unlike most of its list, holds what the question says beyond the list's introduction."""
    holders = Counter(term for number in numbers for term in set(terms(lines[number].text)))
    own = {term for term in terms(lines[at].text) if holders[term] < len(numbers) / 2}
    held = sum(mass for term, mass in rest.items() if term in own)
    return held > 0 and held >= _ALONE_SHARE * sum(rest.values())


def _answer_item(passage: Passage, start: int, end: int) -> AnswerItem:
    return AnswerItem(passage.text[start:end], page_of(passage, Unit(start, end)), passage.passage_id)


def _words(text: str) -> list[str]:
    return re.findall(r"[\w’'&-]+", text.lower())


def _is_plural(word: str) -> bool:
    """'netwerken', 'thema’s', 'beslispunten' → True; 'gemeente', 'kans', 'reden' → False."""
    if fold(word) in _ONE_THING or not re.search(r"(?:en|s)$", word):
        return False
    word = _last_part(word.replace("’", "'"))
    lemma = str(simplemma.lemmatize(word, lang="nl"))
    return lemma != word and not lemma.endswith(("eren", "elen")) and len(lemma) < len(word)


def _last_part(word: str) -> str:
    """What a compound that the word list lacks ends in, which tells its number: 'beslispunten' → 'punten'."""
    if simplemma.is_known(word, lang="nl"):
        return word
    ends = (word[start:] for start in range(_SHORTEST_PART, len(word) - _SHORTEST_END + 1))
    return next((end for end in ends if simplemma.is_known(end, lang="nl")), word)
