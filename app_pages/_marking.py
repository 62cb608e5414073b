"""Text of documents as HTML: escaped, with words marked, and bullets as lists.

This is the only way in which words of a document reach a page of the portal. They go through `st.html`, never through
Markdown, so `**`, `$x$` and `:material/home:` have no meaning, and `escape` takes the meaning from `<`, `&` and quotes.
"""

from __future__ import annotations

import html
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ingest.folding import letters_only

Span = tuple[int, int]

# Signs that a document's text holds for each bullet level, as the cutting of passages writes them.
BULLETS = {"•": 1, "◦": 2}

# Unicode's invisible signs that turn the direction of the text around them: one of these in a title could make the
# words beside it read backwards. They have no shape of their own, so leaving them out hides no word.
_DIRECTION_SIGNS = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def escape(text: str) -> str:
    """Text as HTML that shows it, whatever it holds: '<b> & "x"' → '&lt;b&gt; &amp; &quot;x&quot;'.

    Control characters other than white space, and signs that turn the direction of text, are left out.
    """
    return html.escape(printable(text), quote=True)


def printable(text: str) -> str:
    """Text without signs that have no shape of their own, for what is no HTML: 'a\x07b\u202ec' → 'abc'."""
    return "".join(char for char in text if _can_be_shown(char))


# Characters of a text that tell a screen reader which one a link is about.
NAMED_BY = 60


def named_by(text: str) -> str:
    """The beginning of a text on one line, not yet escaped: 'De raad\n  stelt vast' → 'De raad stelt vast'."""
    return " ".join(text.split())[:NAMED_BY]


def isolated(text: str) -> str:
    """Escaped text in its own direction, for use within a line: 'ab' → '<bdi>ab</bdi>'."""
    return f"<bdi>{escape(text)}</bdi>"


def marked(text: str, marks: Iterable[Span] = ()) -> str:
    """Escaped text with stretches marked: ('Inge is hier', [(0, 4)]) → '<mark>Inge</mark> is hier'.

    `marks` are (start, end) in characters of `text`; they may overlap, and what lies outside the text is ignored.
    """
    return _marked_stretch(text, 0, len(text), _merged(marks, len(text)))


def passage_html(text: str, marks: Iterable[Span] = ()) -> str:
    """A passage as paragraphs and lists, with stretches marked.

    'Er is:\n• een\n◦ twee' → '<p>Er is:</p><ul><li>een<ul><li>twee</li></ul></li></ul>'
    """
    merged = _merged(marks, len(text))
    lines = []
    for start, end in _line_spans(text):
        level, content = _bullet(text, start, end)
        lines.append((level, _marked_stretch(text, content, end, merged)))
    return listed_html(lines)


def listed_html(lines: Iterable[tuple[int, str]]) -> str:
    """Lines of HTML as paragraphs (level 0) and lists within lists: [(1, 'een')] → '<ul><li>een</li></ul>'."""
    parts: list[str] = []
    lists: list[int] = []  # the bullet levels of the lists that are open, outermost first
    for level, line in lines:
        while lists and lists[-1] > level:
            parts.append("</li></ul>")
            lists.pop()
        if level == 0:
            parts.append(f"<p>{line}</p>")
        elif lists and lists[-1] == level:
            parts.append(f"</li><li>{line}")
        else:
            parts.append(f"<ul><li>{line}")
            lists.append(level)
    parts.append("</li></ul>" * len(lists))
    return "".join(parts)


def without_bullet(text: str) -> str:
    """A sentence or bullet without the sign before it: '• Lobby cultuurgelden' → 'Lobby cultuurgelden'."""
    stripped = text.strip()
    return stripped[1:].lstrip() if stripped[:1] in BULLETS else stripped


def find_span(text: str, quote: str) -> Span | None:
    """Where a quote stands in a text, white space, punctuation, capitals and accents aside; None if it does not.

    ('De Gemeen-\nten, samen', 'gemeenten samen') → (3, 20)
    """
    letters, places = _letters_kept(text)
    wanted, _ = _letters(quote)
    at = letters.find(wanted) if wanted else -1
    if at < 0:
        return None
    end = places[at + len(wanted) - 1] + 1
    # The full stop or bracket that ends the quote belongs to it, where the text has the same.
    for char in _ending(quote):
        if text[end : end + 1] != char:
            break
        end += 1
    return places[at], end


def span_between(text: str, first: str, last: str) -> Span | None:
    """From some words to the nearest others behind them: ('a b c d', 'b', 'd') → (2, 7); None if they are not there."""
    start = find_span(text, first)
    end = find_span(text[start[1] :], last) if start else None
    return (start[0], start[1] + end[1]) if start and end else None


def is_all_of(text: str, span: Span) -> bool:
    """Whether a stretch leaves no letter of a text out: ('• Een twee.', (2, 10)) → True."""
    return not letters_only(text[: span[0]] + text[span[1] :])


def _can_be_shown(char: str) -> bool:
    """False for control characters and for signs that turn the direction of text."""
    return char in "\n\t" or (unicodedata.category(char) not in {"Cc", "Cs"} and ord(char) not in _DIRECTION_SIGNS)


def _merged(marks: Iterable[Span], length: int) -> list[Span]:
    """Spans in order, cut to the text, touching ones made one: ([(3, 9), (0, 4)], 6) → [(0, 6)]."""
    merged: list[Span] = []
    for start, end in sorted((max(0, start), min(length, end)) for start, end in marks):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _marked_stretch(text: str, start: int, end: int, merged: Sequence[Span]) -> str:
    """text[start:end], escaped, with the marks that fall in it."""
    parts = []
    at = start
    for mark_start, mark_end in merged:
        first, last = max(start, mark_start), min(end, mark_end)
        if first >= last:
            continue
        parts += [escape(text[at:first]), "<mark>", escape(text[first:last]), "</mark>"]
        at = last
    return "".join([*parts, escape(text[at:end])])


def _line_spans(text: str) -> list[Span]:
    """The lines that are not blank, as (start, end): 'a\n\nb' → [(0, 1), (3, 4)]."""
    spans = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line.strip():
            spans.append((start, end))
        start = end + 1
    return spans


def _bullet(text: str, start: int, end: int) -> tuple[int, int]:
    """The bullet level of a line and where its words begin: '• een' → (1, 2); 'een' → (0, 0)."""
    while start < end and text[start].isspace():
        start += 1
    level = BULLETS.get(text[start], 0) if start < end else 0
    if level:
        start += 1
        while start < end and text[start].isspace():
            start += 1
    return level, start


def _ending(quote: str) -> str:
    """What follows the last letter or digit of a quote: 'de Wolden).' → ').'; 'vast' → ''."""
    stripped = quote.rstrip()
    return stripped[len(stripped.rstrip("".join(char for char in stripped if not char.isalnum()))) :]


# A list of fifty quotes is sought in all passages of a document: each is read once. Some 10 kB a passage.
@lru_cache(maxsize=2048)
def _letters_kept(text: str) -> tuple[str, Sequence[int]]:
    return _letters(text)


def _letters(text: str) -> tuple[str, Sequence[int]]:
    """Lower-case letters, digits and € without accents, and the place of each in the text: 'É-1' → ('e1', (0, 2))."""
    letters: list[str] = []
    places = array("L")
    for place, char in enumerate(text):
        for folded in char.lower() if char.isascii() else unicodedata.normalize("NFKD", char.casefold()):
            if folded.isalnum() or folded == "€":
                letters.append(folded)
                places.append(place)
    return "".join(letters), places
