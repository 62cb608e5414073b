"""From lines in reading order to blocks: headings, paragraphs, bullets, and the lines that introduce a list.

What a block is, is told by what a reader would see: typeset as a heading (headings.py), a bullet sign, the indent,
the gap above, and whether the next word would still have fitted on the line before.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.cleaning import bullet_sign, has_numeral, join_lines, without_bullet
from ingest.documents import Block, BlockKind, Box, Line
from ingest.headings import HEADING_WORDS, Levels, Pages, body_size, heading_level, heading_levels, running_lines
from ingest.sentences import ends_sentence, sentence_spans

# A line that ends in a colon before a list introduces it if it has at most this many words. A longer one, or one
# that is the end of a longer paragraph, says something itself and stays text. The longest introduction in the
# handover ('Tijdens de afgelopen … prioriteit gegeven aan:') has 11.
LEAD_IN_WORDS = 14
# A gap between lines over this many times the usual one begins a new paragraph.
PARAGRAPH_GAP = 1.3
# The lines of one heading are at most so far apart, baseline to baseline, in font sizes; seen is 1.71.
WIDE_HEADING = 1.8
# A line that leaves this share of the column open, before one that begins with a capital, ends its paragraph. Ragged
# text without hyphens leaves up to about 0.2.
OPEN_END = 0.25
# Type smaller than this against the text that goes on over the page is a footnote's.
FOOTNOTE = 0.9
# Labels of buttons in interactive PDFs. They are no content; their words stay in the page's text.
BUTTONS = frozenset(
    (
        "bekijk de video",
        "bekijk video",
        "bekijk hier de video",
        "lees meer",
        "lees verder",
        "klik hier",
        "meer informatie",
        "terug naar inhoud",
        "naar inhoudsopgave",
        "terug naar boven",
    )
)


@dataclass(frozen=True, slots=True)
class _Styled:
    """A line with what is known of its surroundings."""

    page: int
    line: Line
    column: Box
    column_start: bool  # the first line of its column
    gap: float  # from the line above in the same column, baseline to baseline; 0 at a column's start
    heading: int  # heading level, 0 for running text
    counted: bool  # begins with a bare numeral that counts on: '3 Ruimte en Wonen' after '2 Energie, Klimaat en Milieu'


@dataclass(slots=True)
class _Draft:
    """A block that is still growing."""

    kind: BlockKind
    level: int
    lines: list[_Styled]
    text_left: float  # where the words of the first line begin, after the bullet


def blocks_of(pages: Pages) -> list[Block]:
    """The blocks of a document, in reading order, from (page number, columns in reading order) a page."""
    body = body_size(pages)
    vocabulary = _vocabulary(pages)
    levels = heading_levels(pages, body)
    leading = _usual_leading(pages)
    drafts = _grow(list(_styled(pages, body, levels)), leading)
    blocks = [_finish(draft, vocabulary) for draft in drafts]
    blocks = [block for block in blocks if block.text.casefold().strip(" .()") not in BUTTONS]
    return _with_bullet_levels(with_lead_ins(blocks), drafts_left(drafts))


def drafts_left(drafts: Iterable[_Draft]) -> dict[tuple[int, float, float], float]:
    """For each block its first line's left edge relative to its column, by the place where it begins."""
    return {_place(draft.lines[0]): draft.lines[0].line.box.left - draft.lines[0].column.left for draft in drafts}


def _place(styled: _Styled) -> tuple[int, float, float]:
    return styled.page, styled.line.box.top, styled.line.box.left


# ── What the document looks like as a whole ──────────────────────────────────────────────────────────────────────


def _vocabulary(pages: Pages) -> frozenset[str]:
    """Lower-case words that stand whole within a line: they decide how a broken word is written."""
    words: set[str] = set()
    for _, columns in pages:
        for column in columns:
            for line in column.lines:
                found = re.findall(r"[\w’'-]+", line.text.lower())
                words.update(found[:-1] if line.text.endswith("-") else found)
    return frozenset(words)


def _usual_leading(pages: Pages) -> dict[float, float]:
    """Font size → the usual distance between baselines of consecutive lines of that size."""
    steps: dict[float, list[float]] = {}
    for _, columns in pages:
        for column in columns:
            for above, line in zip(column.lines, column.lines[1:], strict=False):
                step = line.box.bottom - above.box.bottom
                if above.size == line.size and 0.5 * line.size < step < 2.5 * line.size:
                    steps.setdefault(line.size, []).append(step)
    # The lower quartile: between lines of one paragraph, not between paragraphs or the items of a list.
    return {size: statistics.quantiles([*values, *values], n=4)[0] for size, values in steps.items()}


def _styled(pages: Pages, body: float, levels: Levels) -> Iterator[_Styled]:
    for number, columns in pages:
        for column in columns:
            counted = _counted_lines(column.lines)
            running = running_lines(column.lines, body)
            around = [None, *column.lines, None]
            for above, line, below in zip(around, column.lines, around[2:], strict=False):
                gap = line.box.bottom - above.box.bottom if above else 0.0
                counts = id(line) in counted
                level = 0 if counts or id(line) in running else heading_level(line, above, below, body, levels)
                yield _Styled(number, line, column.box, above is None, gap, level, counts)


def _counted_lines(lines: Sequence[Line]) -> set[int]:
    """The ids of lines in a row of at least three that begin with 1, 2, 3 … and a capital: a list without stops."""
    numerals = [re.match(r"(\d{1,2}) +[A-ZÀ-Ý]", line.text) for line in lines]
    counted: set[int] = set()
    row: list[Line] = []
    for line, found in zip([*lines, None], [*numerals, None], strict=True):
        if line is not None and found and int(found.group(1)) == len(row) + 1:
            row.append(line)
            continue
        if len(row) >= 3:
            counted.update(id(item) for item in row)
        row = [line] if line is not None and found and found.group(1) == "1" else []
    return counted


# ── Growing blocks line by line ──────────────────────────────────────────────────────────────────────────────────


def _grow(lines: list[_Styled], leading: dict[float, float]) -> list[_Draft]:
    drafts: list[_Draft] = []
    current: _Draft | None = None  # the block that the line before went to
    for styled in lines:
        above = current if current is None or not styled.column_start else _before_footnotes(drafts, current, styled)
        if above and _continues(above, styled, leading):
            above.lines.append(styled)
            current = above
        else:
            current = _start(styled)
            drafts.append(current)
    return drafts


def _before_footnotes(drafts: list[_Draft], current: _Draft, styled: _Styled) -> _Draft:
    """The block that the first line of a column may go on with: that of the text, not that of the footnotes below it.

    '… de anti-' + '22 Kamerstukken II …' in small type, and on the next page 'misbruikbepaling …'
    """
    footnote = FOOTNOTE * styled.line.size
    if current.lines[-1].line.size >= footnote:
        return current
    for draft in reversed(drafts):
        last = draft.lines[-1]
        if last.page < styled.page - 1:
            break
        if last.line.size >= footnote:
            return draft
    return current


def _start(styled: _Styled) -> _Draft:
    text = styled.line.text
    sign = bullet_sign(text)
    if styled.heading:
        kind = BlockKind.HEADING
    elif sign or styled.counted or has_numeral(text):
        kind = BlockKind.BULLET
    else:
        kind = BlockKind.PARAGRAPH
    per_character = styled.line.box.width / max(len(text), 1)
    offset = (len(text) - len(without_bullet(text))) if sign else 0
    return _Draft(kind, styled.heading, [styled], styled.line.box.left + offset * per_character)


def _continues(draft: _Draft, styled: _Styled, leading: dict[float, float]) -> bool:
    """Whether a line goes on with the block before it."""
    last = draft.lines[-1]
    text, before = styled.line.text, last.line.text
    if bool(styled.heading) != (draft.kind is BlockKind.HEADING):
        return False
    if draft.kind is BlockKind.HEADING:
        return _heading_continues(draft, styled, leading)
    if bullet_sign(text) or abs(styled.line.size - last.line.size) > 0.12 * last.line.size:
        return False
    if styled.column_start:
        return _goes_on_elsewhere(before, text)
    if styled.counted or (has_numeral(text) and not before.endswith("-")):
        return False
    usual = leading.get(styled.line.size, 1.3 * styled.line.size)
    if styled.gap > PARAGRAPH_GAP * usual and not before.endswith("-"):
        return False
    if draft.kind is BlockKind.BULLET and styled.line.box.left < draft.lines[0].line.box.left - 2:
        return False
    if draft.kind is BlockKind.BULLET and bullet_sign(draft.lines[0].line.text):
        # Back at the bullet's own edge: a new paragraph, unless bullets are set without a hanging indent.
        hanging = len(draft.lines) > 1 and draft.lines[1].line.box.left > draft.lines[0].line.box.left + 3
        if hanging and styled.line.box.left < draft.lines[1].line.box.left - 4:
            return False
    meant = ends_sentence(before) or (draft.kind is BlockKind.PARAGRAPH and _left_open(last, styled))
    return not (meant and _next_word_would_fit(last, styled))


def _heading_continues(draft: _Draft, styled: _Styled, leading: dict[float, float]) -> bool:
    last = draft.lines[-1]
    if styled.heading != draft.level or styled.column_start:
        return False
    if last.line.text.endswith((":", ".", "?", "!")) or has_numeral(styled.line.text):
        return False
    if sum(len(part.line.text.split()) for part in draft.lines) >= HEADING_WORDS:
        return False
    size = styled.line.size
    usual = leading.get(size, 1.3 * size)
    if styled.gap <= PARAGRAPH_GAP * max(usual, 1.1 * size):
        return True
    # widely set, and broken since the line was full: 'AI-modellen voor algemene' + 'doeleinden'
    return styled.gap <= WIDE_HEADING * size and not _next_word_would_fit(last, styled)


def _goes_on_elsewhere(before: str, text: str) -> bool:
    """Whether a block goes on at the top of the next column or page: it broke off in mid-sentence."""
    if before.endswith("-"):
        return True
    return not ends_sentence(before) and not before.endswith(":") and text[:1].islower() and not has_numeral(text)


def _next_word_would_fit(last: _Styled, styled: _Styled) -> bool:
    """Whether the first word of a line would have fitted at the end of the one before: then the break was meant."""
    per_character = styled.line.box.width / max(len(styled.line.text), 1)
    first_word = len(styled.line.text.split(" ", 1)[0]) + 1
    return last.line.box.right + (first_word + 1) * per_character < last.column.right


def _left_open(last: _Styled, styled: _Styled) -> bool:
    """Whether a line stops well before the column's edge, not at a word, and the next begins with a capital.

    'Voorzitter …: Jan Broekema (wethouder gemeente Assen)' + 'Gelieerde VNG-commissie: …'
    """
    open_end = last.column.right - last.line.box.right > OPEN_END * last.column.width
    return open_end and last.line.text[-1] in "),0123456789" and styled.line.text[:1].isupper()


# ── From drafts to blocks ────────────────────────────────────────────────────────────────────────────────────────


def _finish(draft: _Draft, vocabulary: frozenset[str]) -> Block:
    texts = [styled.line.text for styled in draft.lines]
    texts[0] = without_bullet(texts[0])
    text, starts = join_lines(texts, vocabulary)
    kind, level = draft.kind, draft.level
    if kind is BlockKind.HEADING and _is_running_text(text):
        kind, level = BlockKind.PARAGRAPH, 0
    regions = tuple((styled.page, styled.line.box) for styled in draft.lines)
    return Block(kind, text, level, regions, starts)


def _is_running_text(text: str) -> bool:
    """Whether large or bold type is an introduction or a pull quote rather than a heading."""
    words = text.split()
    return len(words) > HEADING_WORDS or (len(words) > 8 and text.endswith("."))


def with_lead_ins(blocks: Sequence[Block]) -> list[Block]:
    """Marks short lines that end in a colon: before a list, or typeset as a heading, they introduce what follows."""
    marked: list[Block] = []
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        short = len(block.text.split()) <= LEAD_IN_WORDS and len(sentence_spans(block.text)) == 1
        introduces = following is not None and (
            following.kind is BlockKind.BULLET
            or (following.text.endswith(":") and following.kind is not BlockKind.HEADING)
        )
        as_heading = block.kind is BlockKind.HEADING
        before_list = block.kind is BlockKind.PARAGRAPH and short and introduces
        if block.text.endswith(":") and (as_heading or before_list):
            block = replace(block, kind=BlockKind.LEAD_IN)
        marked.append(block)
    return marked


def _with_bullet_levels(blocks: list[Block], lefts: dict[tuple[int, float, float], float]) -> list[Block]:
    """Gives bullets their level from their indent, counted anew in each list."""
    levelled: list[Block] = []
    indents: list[float] = []
    for block in blocks:
        if block.kind is not BlockKind.BULLET:
            indents = []
            levelled.append(block)
            continue
        page, box = block.regions[0]
        left = lefts.get((page, box.top, box.left), 0.0)
        while indents and left < indents[-1] - 3:
            indents.pop()
        if not indents or left > indents[-1] + 3:
            indents.append(left)
        levelled.append(replace(block, level=len(indents)))
    return levelled
