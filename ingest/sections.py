"""Blocks grouped under the path of headings above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.documents import Block, BlockKind, Document, Section
from ingest.folding import letters_only
from ingest.sentences import sentence_spans

# A line that introduces a list in ordinary type ranks below every heading.
_DEEPEST = 99
# A first page with fewer words than this is a cover: what is large on it is no heading of what follows.
COVER_WORDS = 120


def sections_of(document: Document) -> list[Section]:
    """The document's sections in reading order; a title that announces nothing on its page is left out.

    Its heading still stands in the paths below it:
    'Portefeuille Sport' › 'Vooruitblik' › 'Aandachtspunten bestuurders'.
    """
    title = letters_only(document.source.title)
    cover = _is_cover(document)
    path: list[tuple[int, str]] = []
    sections: list[Section] = []
    held: list[Block] = []
    list_begun = False

    def close() -> None:
        if held:
            sections.append(Section(tuple(text for _, text in path), tuple(held)))
            held.clear()

    heading_nothing = _heading_nothing(document.blocks)
    for place, block in enumerate(document.blocks):
        if place in heading_nothing:
            block = replace(block, kind=BlockKind.PARAGRAPH, level=0)
        if block.kind in (BlockKind.HEADING, BlockKind.LEAD_IN):
            close()
            level = block.level or _DEEPEST
            path = [step for step in path if step[0] < level]
            list_begun = False
            is_title = letters_only(block.text) == title or (cover and block.page == 1)
            if not is_title:
                path.append((level, block.text.rstrip(" :")))
            continue
        if block.kind is BlockKind.BULLET:
            list_begun = True
        elif list_begun and path and path[-1][0] == _DEEPEST:
            # the list that the last line introduced is over
            close()
            path.pop()
            list_begun = False
        held.append(block)
    close()
    return sections


def _heading_nothing(blocks: Sequence[Block]) -> set[int]:
    """The places of headings that end a text and have nothing below them: the name beneath a foreword is its last line.

    Such a line stays with the text that it ends, on the same page; a title on a page of its own announces what follows.
    """
    found: set[int] = set()
    for place, block in enumerate(blocks):
        if block.kind is not BlockKind.HEADING or place == 0:
            continue
        before = blocks[place - 1]
        ends_text = before.page == block.page and (before.kind is not BlockKind.HEADING or place - 1 in found)
        following = blocks[place + 1] if place + 1 < len(blocks) else None
        if ends_text and _heads_nothing(block, following):
            found.add(place)
    return found


def _heads_nothing(block: Block, following: Block | None) -> bool:
    """Whether what follows a heading is another of its own level or above, or the document's end."""
    if following is None:
        return True
    return following.kind is BlockKind.HEADING and (following.level or _DEEPEST) <= block.level


def _is_cover(document: Document) -> bool:
    if len(document.pages) < 4:
        return False
    words = sum(len(block.text.split()) for block in document.blocks if block.page == 1)
    return words < COVER_WORDS


def introductions(blocks: Sequence[Block]) -> list[str]:
    """For each block of a section the words that introduce it: its parent bullet, the sentence before the list, or ''.

    A row of a table is introduced by itself with its column names: 'Gemeente: Assen · 2025: 12 %'.
    The line that introduces a whole section ('Bereikt in de afgelopen periode') is in its heading path, not here.
    """
    found: list[str] = []
    opening = ""
    parents: dict[int, str] = {}
    for block in blocks:
        if block.kind is BlockKind.ROW:
            found.append(block.labelled)
            continue
        if block.kind is not BlockKind.BULLET:
            opening = block.text if block.text.endswith(":") else ""
            parents.clear()
            found.append("")
            continue
        above = [parents[level] for level in sorted(parents) if level < block.level]
        found.append(above[-1] if above else _last_sentence(opening))
        parents = {level: text for level, text in parents.items() if level < block.level}
        parents[block.level] = block.text
    return found


def _last_sentence(text: str) -> str:
    spans = sentence_spans(text)
    return text[spans[-1][0] : spans[-1][1]] if spans else ""
