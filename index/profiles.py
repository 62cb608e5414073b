"""A portefeuille as a handover document tells it: its head, what was achieved, what runs, who takes part, what to heed.

Nothing is written by hand: every line is verbatim and knows its page. Which part a line belongs to is told by the
words of the headings above it ('Terugblik en resultaten' › 'Bereikt …'), so that the next edition needs no new code;
what fits no part is kept under 'Overig', so that nothing of a portefeuille's section is lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Protocol

from index.answer import page_of
from index.lists import lines_of
from index.portefeuille_names import names
from index.results import DocumentInfo
from ingest.cleaning import without_bullet
from ingest.documents import Passage
from ingest.folding import fold
from ingest.portefeuilles import PORTEFEUILLES, portefeuille_of_heading


class Corpus(Protocol):
    """What of a searcher is needed here."""

    def documents(self) -> tuple[DocumentInfo, ...]: ...

    def passages(self, document_id: str) -> tuple[Passage, ...]: ...


class Part(StrEnum):
    """The parts of a profile, in the order in which they are shown; the value is what a reader reads."""

    HEAD = "Voorzitter en VNG-commissie"
    REACHED = "Wat er bereikt is"
    RUNNING = "Lopende dossiers"
    NETWORK = "Afspraken en netwerken"
    CROSSING = "Domein-overstijgende vraagstukken"
    PARTNERS = "Samenwerkingspartners"
    AHEAD = "Vooruitblik"
    POINTS = "Aandachtspunten"
    OTHER = "Overig"


# What a heading speaks of, by its first word that says so: 'Terugblik op de samenwerking' is a look back. Folded text.
_PART_WORDS = re.compile(
    r"(?P<PARTNERS>\b(?:samenwerkings)?partners?\b|\bstakeholders\b)"
    r"|(?P<POINTS>\baandachtspunt|\blet op\b|\brisico)"
    r"|(?P<CROSSING>overstijgend|\bdwarsverband)"
    r"|(?P<RUNNING>\blopende?\b|dossiers?\b|ontwikkelingen\b|\bactuele\b)"
    r"|(?P<NETWORK>\bafspraken\b|vertegenwoordig|netwerk|samenwerking|overleggen\b)"
    r"|(?P<AHEAD>\bvooruit(?:blik|kijken)|\bkomende\b)"
    r"|(?P<REACHED>\bterug(?:blik|kijken)|\bresultaten\b|\bbereikt?\b|\bgerealiseerd)"
)

# The two lines that open a portefeuille's section; they may follow each other on one line of the page.
_LABEL = re.compile(
    r"(?:(?:voormalig|waarnemend|plaatsvervangend|vice)[ -])?voorzitter\s+(?:VDG-?\s?)?portefeuille\b[^:()]{0,80}:"
    r"|(?:gelieerde\s+)?VNG-?\s?(?:commissie|cie)\b[^:()]{0,80}:",
    re.IGNORECASE,
)
# A name with what stands in brackets behind it; what comes after it with a capital is something else.
_NAMED = re.compile(r"[^()]*\((?:[^()]|\([^()]*\))*\)(?=\s+[A-Z])")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the document: a bullet or a paragraph, verbatim, with the page on which it begins.

    `headings` are those below the portefeuille's own. `level` is 0 for running text, 1 for an outer bullet, 2 below it;
    `lead_in` the line that introduces it. `label` is the part before the colon of a line in the head.
    """

    text: str
    document: str
    page: int
    headings: tuple[str, ...] = ()
    level: int = 0
    lead_in: str = ""
    label: str = ""

    @property
    def said(self) -> str:
        """'Voorzitter VDG-portefeuille Sport: Jan Zwiers' → 'Jan Zwiers'; the whole text without a label."""
        return self.text[len(self.label) :].removeprefix(":").strip()


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that follow each other under the same headings."""

    headings: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """One portefeuille in one handover document: its head, and the parts that it has, in the order of Part."""

    portefeuille: str
    document: DocumentInfo
    head: tuple[Line, ...]
    parts: tuple[tuple[Part, tuple[Group, ...]], ...]

    def groups(self, part: Part) -> tuple[Group, ...]:
        """The groups of a part; empty if the document says nothing of it."""
        return next((groups for own, groups in self.parts if own is part), ())

    def lines(self, part: Part) -> tuple[Line, ...]:
        """The lines of a part, whatever their headings; of the head too."""
        return self.head if part is Part.HEAD else tuple(line for group in self.groups(part) for line in group.lines)

    @property
    def all_lines(self) -> tuple[Line, ...]:
        """Every line, the head first."""
        return tuple(line for part in Part for line in self.lines(part))

    @property
    def chairs(self) -> tuple[Line, ...]:
        """The lines that say who chairs (or chaired) it."""
        return tuple(line for line in self.head if "voorzitter" in fold(line.label))


@dataclass(frozen=True, slots=True)
class Portefeuille:
    """All that the corpus has of one portefeuille.

    `profiles` has one a handover document, the fullest and newest first; `others` the other documents that touch it,
    each with the number of its passages that belong to this portefeuille or name it.
    """

    name: str
    profiles: tuple[Profile, ...]
    others: tuple[tuple[DocumentInfo, int], ...]


def portefeuilles_of(corpus: Corpus) -> tuple[Portefeuille, ...]:
    """The eight portefeuilles, in their own order.

    1. Each document's passages are told apart: those below a heading 'Portefeuille …', and the rest.
    2. A document with such headings is a handover; one that has more of them goes before one that has fewer.
    3. What the other documents have in a portefeuille is only counted: their lines are not the handover's.
    """
    profiles: dict[str, list[Profile]] = {name: [] for name in PORTEFEUILLES}
    others: dict[str, list[tuple[DocumentInfo, int]]] = {name: [] for name in PORTEFEUILLES}
    for document in corpus.documents():
        own: dict[str, list[tuple[Passage, tuple[str, ...]]]] = {}
        loose: Counter[str] = Counter()
        for passage in corpus.passages(document.id):  # 1
            name, below = _section(passage.heading_path)
            if name:
                own.setdefault(name, []).append((passage, below))
            else:
                loose.update(one for one in PORTEFEUILLES if one in passage.portefeuilles or names(passage.text, one))
        for name, passages in own.items():  # 2
            profiles[name].append(_profile(name, document, passages))
        for name in PORTEFEUILLES.keys() - own.keys():  # 3
            if loose[name]:
                others[name].append((document, loose[name]))
    told = Counter(profile.document.id for of_one in profiles.values() for profile in of_one)
    return tuple(
        Portefeuille(
            name,
            tuple(sorted(profiles[name], key=lambda one: (told[one.document.id], one.document.date), reverse=True)),
            tuple(others[name]),
        )
        for name in PORTEFEUILLES
    )


def part_of(headings: Sequence[str], lead_in: str = "") -> Part:
    """The part of which the nearest telling heading speaks, else the line that introduces the list.

    ('Vooruitblik', 'Aandachtspunten bestuurders') → POINTS; ('Samenwerking en netwerk', 'Gezonde Marke') → NETWORK
    """
    for words in (*reversed(headings), lead_in):
        found = _PART_WORDS.search(fold(words))
        if found and found.lastgroup:
            return Part[found.lastgroup]
    return Part.OTHER


def _section(heading_path: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The portefeuille whose section this is ('' if none), and the headings below that of the section."""
    for at in range(len(heading_path) - 1, -1, -1):
        name = portefeuille_of_heading(heading_path[at])
        if name:
            return name, tuple(heading_path[at + 1 :])
    return "", ()


def _profile(name: str, document: DocumentInfo, passages: Iterable[tuple[Passage, tuple[str, ...]]]) -> Profile:
    head: list[Line] = []
    by_part: dict[Part, list[Line]] = {part: [] for part in Part}
    for headings, group in groupby(passages, key=lambda one: one[1]):
        for line in _lines([passage for passage, _ in group], headings):
            opening = tuple(_head_lines(line))
            head += opening
            if not opening:
                by_part[part_of(headings, line.lead_in)].append(line)
    parts = ((part, tuple(_groups(lines))) for part, lines in by_part.items() if lines)
    return Profile(name, document, tuple(head), tuple(parts))


def _groups(lines: Iterable[Line]) -> Iterator[Group]:
    for headings, group in groupby(lines, key=lambda line: line.headings):
        yield Group(headings, tuple(group))


def _lines(passages: Sequence[Passage], headings: tuple[str, ...]) -> Iterator[Line]:
    """The lines of passages that follow each other; the sentences of one paragraph or bullet are one line."""
    units = lines_of(passages)
    for at, first in enumerate(units):
        # a paragraph that is cut over two passages is two lines: each stands verbatim in its own passage
        if first.goes_on and at and units[at - 1].place == first.place:
            continue
        end = first.unit.end
        for unit in units[at + 1 :]:
            if not unit.goes_on or unit.place != first.place:
                break
            end = unit.unit.end
        passage = passages[first.place]
        words = passage.text[first.unit.start : end]
        text = without_bullet(words)
        level = first.level or (1 if text != words else 0)
        page = page_of(passage, first.unit)
        yield Line(text, passage.document_id, page, headings, level, without_bullet(first.unit.lead_in))


def _head_lines(line: Line) -> Iterator[Line]:
    """A line of the head as its pieces, none if it is no such line.

    'Voorzitter VDG-portefeuille PSI: Hans Kuipers (wethouder) Vanaf 2020 … Gelieerde VNG-commissie: …' → three lines
    """
    found = list(_LABEL.finditer(line.text))
    if not found or found[0].start() > 0:
        return
    ends = [*(label.start() for label in found[1:]), len(line.text)]
    for label, end in zip(found, ends, strict=True):
        named = _NAMED.match(line.text, label.end(), end)
        stop = named.end() if named else end
        text = line.text[label.start() : stop].strip()
        yield replace(line, text=text, label=label.group().removesuffix(":"))
        rest = line.text[stop:end].strip()
        if rest:
            yield replace(line, text=rest)
