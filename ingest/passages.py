"""Sections cut into passages: at most about 120 words, never across a heading, bullets and sentences whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.cleaning import has_numeral
from ingest.documents import Block, BlockKind, Box, Document, Passage, Section, Unit
from ingest.portefeuilles import portefeuille_of_heading
from ingest.sections import introductions, sections_of
from ingest.sentences import sentence_spans

# The longest passage, in words. One sentence or bullet that is longer is cut at a word, so that the embedder (512
# tokens) reads all of it and no hit is a wall of text.
MAX_WORDS = 120
# The contract's upper bound of a passage's text.
MAX_CHARACTERS = 1200


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence or a bullet with what is needed to set it into a passage."""

    text: str
    lead_in: str
    sign: str  # what is set before it: '• ', '  ◦ ', '' for running text
    new_line: bool
    page: int
    regions: tuple[tuple[int, Box], ...]
    anchor: str
    words: int
    whole_before: bool  # a good place to begin a passage: a paragraph or an outer bullet starts here


def passages_of(document: Document) -> list[Passage]:
    """All passages of a document in reading order, with ids that are unique within the index version."""
    passages: list[Passage] = []
    for section in sections_of(document):
        portefeuilles = _portefeuilles(section, document.source.portefeuilles)
        for pieces in _groups(_pieces(section)):
            number = len(passages) + 1
            text, units = _set(pieces)
            passages.append(
                Passage(
                    passage_id=f"{document.source.id}:{number:05d}",
                    document_id=document.source.id,
                    heading_path=section.heading_path,
                    portefeuilles=portefeuilles,
                    text=text,
                    units=tuple(units),
                    regions=_without_repeats(pieces),
                    anchor=pieces[0].anchor,
                )
            )
    return passages


def _portefeuilles(section: Section, of_source: tuple[str, ...]) -> tuple[str, ...]:
    """The portefeuille that the headings name, else those of the register entry."""
    named = [name for heading in section.heading_path if (name := portefeuille_of_heading(heading))]
    return tuple(named[-1:]) or of_source


def _pieces(section: Section) -> list[_Piece]:
    pieces: list[_Piece] = []
    for block, lead_in in zip(section.blocks, introductions(section.blocks), strict=True):
        sign = ""
        if block.kind is BlockKind.BULLET and not block.text[:1].isdigit() and not has_numeral(block.text):
            sign = "• " if block.level <= 1 else "  " * (block.level - 1) + "◦ "
        for position, (start, end) in enumerate(_spans(block)):
            text = block.text[start:end]
            regions = block.regions_between(start, end)
            pieces.append(
                _Piece(
                    text=text,
                    lead_in=lead_in,
                    sign=sign if position == 0 else "",
                    new_line=position == 0,
                    page=regions[0][0],
                    regions=regions,
                    anchor=block.anchor,
                    words=len(text.split()),
                    whole_before=position == 0 and block.level <= 1,
                )
            )
    return pieces


def _spans(block: Block) -> list[tuple[int, int]]:
    """A short bullet or row whole, anything else by sentence; what is too long for one passage by words."""
    whole = [(0, len(block.text))]
    in_one = block.kind in (BlockKind.BULLET, BlockKind.ROW) and _fits(block.text)
    spans = whole if in_one else sentence_spans(block.text)
    return [part for span in spans for part in _cut(block.text, *span)]


def _fits(text: str) -> bool:
    return len(text.split()) <= MAX_WORDS and len(text) <= MAX_CHARACTERS - 50


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A span that fits as it is; a longer one in equal parts, cut between words."""
    if _fits(text[start:end]):
        return [(start, end)]
    parts: list[tuple[int, int]] = []
    while not _fits(text[start:end]):
        stop, words = start, 0
        while stop < end and words < MAX_WORDS:
            following = text.find(" ", stop + 1, end)
            following = end if following == -1 else following
            if following - start > MAX_CHARACTERS - 50:
                break
            stop, words = following, words + 1
        if stop == start:  # one 'word' longer than a passage may be
            stop = min(end, start + MAX_CHARACTERS - 50)
        parts.append((start, stop))
        start = stop
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        parts.append((start, end))
    return parts


def _groups(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Pieces gathered into passages: even in length, within one page of beginning, cut at the best place near."""
    groups: list[list[_Piece]] = []
    for run in _page_runs(pieces):
        total = sum(piece.words for piece in run)
        target = total / math.ceil(total / MAX_WORDS)
        group: list[_Piece] = []
        words = 0
        for piece in run:
            too_long = words + piece.words > MAX_WORDS or _length(group) + len(piece.text) > MAX_CHARACTERS - 50
            enough = words >= 0.75 * target and piece.whole_before and words + piece.words > target
            if group and (too_long or enough):
                groups.append(group)
                group, words = [], 0
            group.append(piece)
            words += piece.words
        groups.append(group)
    return groups


def _page_runs(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Pieces in runs that begin on the same page: a passage is cited by the page on which it begins."""
    runs: list[list[_Piece]] = []
    for piece in pieces:
        if runs and (runs[-1][-1].page == piece.page or not piece.new_line):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def _length(group: Sequence[_Piece]) -> int:
    return sum(len(piece.sign) + len(piece.text) + 1 for piece in group)


def _set(pieces: Sequence[_Piece]) -> tuple[str, list[Unit]]:
    """The passage's text and where its units stand in it."""
    text = ""
    units: list[Unit] = []
    for piece in pieces:
        if text:
            text += "\n" if piece.new_line else " "
        text += piece.sign
        units.append(Unit(len(text), len(text) + len(piece.text), piece.lead_in, piece.page))
        text += piece.text
    return text, units


def _without_repeats(pieces: Sequence[_Piece]) -> tuple[tuple[int, Box], ...]:
    """The regions of all pieces; two sentences on one line share that line's."""
    return tuple(dict.fromkeys(region for piece in pieces for region in piece.regions))
