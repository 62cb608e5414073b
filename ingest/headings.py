"""Which lines are typeset as headings, and of what level: told from size, weight and slant against the running text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ingest.cleaning import bullet_sign, has_numeral
from ingest.documents import Line
from ingest.layout import Column
from ingest.sentences import ends_sentence

# Text at least this much larger than the running text is a heading. Captions, intros in 1.1 do exist.
HEADING_SIZE = 1.13
# A heading has at most this many words; larger type that runs on is an introduction or a pull quote.
HEADING_WORDS = 20
BOLD_HEADING_WORDS = 16
ITALIC_HEADING_WORDS = 8
# Bold type smaller than this against the running text is a caption or a table's head. Pages whose columns are set a
# little smaller to fit (page 12 of the handover: 0.92) have their headings smaller too.
SMALL_HEADING = 0.9
# Baselines of lines of one paragraph are at most this far apart, in font sizes.
CLOSE = 1.45

Pages = Sequence[tuple[int, Sequence[Column]]]  # (page number, columns in reading order) a page
# (size, weight, italic) → heading level
Levels = dict[tuple[float, int, bool], int]


def body_size(pages: Pages) -> float:
    """The size of the running text: the one that most characters are set in."""
    sizes: Counter[float] = Counter()
    for _, columns in pages:
        for column in columns:
            for line in column.lines:
                sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def heading_levels(pages: Pages, body: float) -> Levels:
    """Levels of headings from 1: larger before smaller; at one size bold before regular, upright before italic."""
    styles = {
        (line.size, line.weight, line.italic)
        for _, columns in pages
        for column in columns
        for line in column.lines
        if line.size >= HEADING_SIZE * body and any(char.isalpha() for char in line.text)
    }
    at_body_size = [(body, 700, False), (body, 700, True), (body, 600, False), (body, 600, True), (body, 400, True)]
    ranked = [*sorted(styles, key=lambda style: (-style[0], -style[1], style[2])), *at_body_size]
    return {style: rank for rank, style in enumerate(ranked, start=1)}


def running_lines(lines: Sequence[Line], body: float) -> set[int]:
    """The ids of the lines of one column that are running text, be it bold, italic or large: a quotation, an intro.

    Lines of one style that follow each other closely are one text; with more words than a heading has it is none.
    """
    running: set[int] = set()
    stretch: list[Line] = []
    for line in [*lines, None]:
        if line is not None and stretch and _same_text(stretch[-1], line):
            stretch.append(line)
            continue
        if sum(len(part.text.split()) for part in stretch) > HEADING_WORDS:
            running.update(id(part) for part in stretch)
        stands_out = line is not None and (line.italic or line.weight >= 600 or line.size >= HEADING_SIZE * body)
        stretch = [line] if line is not None and stands_out else []
    return running


def _same_text(above: Line, line: Line) -> bool:
    same = (above.size, above.weight, above.italic) == (line.size, line.weight, line.italic)
    begins = bool(bullet_sign(line.text)) or has_numeral(line.text) or above.text.endswith((":", "?"))
    return same and not begins and 0 < line.box.bottom - above.box.bottom < CLOSE * line.size


def heading_level(line: Line, above: Line | None, below: Line | None, body: float, levels: Levels) -> int:
    """The level of a line that is typeset as a heading, 0 for running text."""
    words = line.text.split()
    if bullet_sign(line.text):
        return 0
    if not any(char.isalpha() for char in line.text):
        # 'Overdrachtsdocument' + '2026' is one title; a large number by itself is a figure
        style = (line.size, line.weight, line.italic)
        goes_on = (
            above is not None and (above.size, above.weight, above.italic) == style and not above.text[-1].isdigit()
        )
        return levels.get(style, 0) if goes_on and line.size >= HEADING_SIZE * body else 0
    if above is not None and above.text.endswith(","):
        return 0  # 'De vicepresident van de Raad van State,' and then, in bold, a name: one signature
    if line.size >= HEADING_SIZE * body:
        return levels.get((line.size, line.weight, line.italic), 0)
    if line.size < SMALL_HEADING * body or _is_emphasis(line, above, below):
        return 0
    if line.weight >= 600 and len(words) <= BOLD_HEADING_WORDS:
        return levels[body, line.weight, line.italic]
    if line.italic and len(words) <= ITALIC_HEADING_WORDS and not line.text.endswith((".", ",", ";")):
        return levels[body, 400, True]
    return 0


def _is_emphasis(line: Line, above: Line | None, below: Line | None) -> bool:
    """Whether a line in bold or italics is part of a sentence that began above it or goes on below it."""
    if line.text[:1].islower():
        # 'regionale vertegenwoordi-' + 'ging:': the second line of a heading that was broken
        return above is None or (above.weight, above.italic) != (line.weight, line.italic) or ends_sentence(above.text)
    if above and _same_paragraph(above, line) and not ends_sentence(above.text) and not _is_label(above, line):
        return True
    goes_on = below is not None and _same_paragraph(line, below) and below.text[:1].islower()
    return goes_on and not line.text.endswith((":", ".", "?", "!"))


def _same_paragraph(above: Line, line: Line) -> bool:
    """Whether two lines differ in style and yet follow each other as closely as lines of one paragraph."""
    styles_differ = (above.weight, above.italic) != (line.weight, line.italic)
    return styles_differ and line.box.bottom - above.box.bottom < CLOSE * line.size


def _is_label(above: Line, line: Line) -> bool:
    """Whether the line above is short: an item of a list or a heading, not the first part of a sentence."""
    return above.box.width < 0.6 * line.box.width or above.weight >= 600
