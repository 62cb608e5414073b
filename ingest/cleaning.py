"""From lines as they were typeset to text as it was written: ligatures, bullets and line-end hyphens."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache

import simplemma

# Signs that begin an item of a list. Letters ('o') count only when a wide gap follows, which the layout knows.
# The private range is where symbol fonts (Wingdings) put theirs.
BULLET_SIGNS = "•◦▪▫●○■□‣⁃∙·–—-*➢➤►▶✓✔"
_BULLET = re.compile(rf"^([{re.escape(BULLET_SIGNS)}\ue000-\uf8ff])\s+(?=\S)")
_LETTER_O = re.compile(r"^o\s+(?=\S)")
# '1. ', '2) ', '(a) ', 'b. ' begin an item too, but the numeral belongs to the words.
_NUMERAL = re.compile(r"^(?:\(?\d{1,2}[.)]|\(?[a-z][.)])\s+(?=\S)")

# Words before which a hyphen at a line's end stands for a left-out part: 'sport- en beweegaanbieders'.
_LINKING_WORDS = frozenset("en of of/en en/of tot t/m dan als noch & / maar".split())
# Prefixes that Dutch writes with a hyphen: 'oud-wethouder', 'niet-deelnemers', 'vice-voorzitter'.
_HYPHEN_PREFIXES = frozenset("oud ex niet vice adjunct kandidaat secretaris burgemeester semi non pro anti".split())
# Vowels that would read as one sound if they met: zee-egel, auto-ongeluk, gala-avond (Groene Boekje, rule 6.A).
_CLASHES = frozenset("aa ae ai au ee ei eu ie ii oe oi oo ou ui uu".split())


def open_ligatures(text: str) -> str:
    """'ﬁnancieel' → 'financieel': only the letters that are one sign in print; accents and quotes stay."""
    return "".join(unicodedata.normalize("NFKC", char) if "\ufb00" <= char <= "\ufb06" else char for char in text)


def bullet_sign(text: str) -> str:
    """The bullet at the start of a line, or '': '• Provincie Drenthe' → '•', 'o Lobby' → 'o', 'Lobby' → ''."""
    found = _BULLET.match(text) or _LETTER_O.match(text)
    return found.group(0).strip() if found else ""


def has_numeral(text: str) -> bool:
    """Whether a line begins a numbered item: '2. Jong Leren' → True, '2026 is' → False."""
    return bool(_NUMERAL.match(text))


def without_bullet(text: str) -> str:
    """'•  Provincie Drenthe' → 'Provincie Drenthe'; a numeral stays."""
    sign = bullet_sign(text)
    return text[len(sign) :].lstrip() if sign else text


def join_lines(lines: Iterable[str], vocabulary: Collection[str] = ()) -> tuple[str, tuple[int, ...]]:
    """The lines as one running text without the hyphens that only a line's end put there, and where each line begins.

    `vocabulary` holds the document's own lower-case words, which decide where Dutch allows both.
    ['Vereniging van Drentse Gemeen-', 'ten (VDG)'] → ('Vereniging van Drentse Gemeenten (VDG)', (0, 28))
    """
    text = ""
    starts: list[int] = []
    for raw in lines:
        line = " ".join(raw.split())
        if not text:
            text = line
        elif line and _ends_in_hyphen(text):
            text = _close(text, line, vocabulary)
        elif line and text.endswith("/") and not text.endswith(" /"):
            text += line  # 'Gezondheid/' + 'zorg'
        elif line:
            text += " " + line
        starts.append(len(text) - len(line))
    return text, tuple(starts)


def _ends_in_hyphen(text: str) -> bool:
    return len(text) >= 2 and text[-1] in "-‐\u00ad" and not text[-2].isspace()


def _close(text: str, line: str, vocabulary: Collection[str]) -> str:
    """Joins a line that ends in a hyphen with the next one, in the way Dutch would write it."""
    head, tail = text[:-1], line
    last = re.split(r"[\s(/‘'\"“]", head)[-1]
    first = re.match(r"[^\s,.;:)!?’'\"”/]*", tail)
    following = first.group(0) if first else ""
    if tail.split(" ", 1)[0].casefold() in _LINKING_WORDS:
        return f"{head}- {tail}"  # 'sport-' + 'en beweegaanbieders'
    if _keeps_hyphen(last, following, vocabulary):
        return f"{head}-{tail}"
    return head + tail


def _keeps_hyphen(last: str, following: str, vocabulary: Collection[str]) -> bool:
    """Whether 'last-following' is written with its hyphen: VNG-middelen yes, Gemeen-ten no."""
    if not last or not following:
        return True
    joined, hyphened = (last + following).lower(), f"{last}-{following}".lower()
    if last.isupper() and following.isupper() and (joined in vocabulary or _is_dutch(joined)):
        return False  # 'GEMEEN-' + 'TEN' in a heading of capitals; not 'AI-' + 'SYSTEMEN'
    if not following[0].islower() or last[-1].isdigit():
        return True  # 'Groningen-' + 'Assen', '2023-' + '2027'
    parts = last.split("-")
    if any(char.isupper() for char in parts[-1][1:]) or parts[-1] in {"e", "i"}:
        return True  # 'VNG-' + 'middelen', 'e-' + 'mail'
    if joined in vocabulary or (hyphened not in vocabulary and _is_dutch(joined)):
        return False
    if hyphened in vocabulary or parts[-1].lower() in _HYPHEN_PREFIXES:
        return True
    return (last[-1] + following[0]).lower() in _CLASHES


@lru_cache(maxsize=4096)
def _is_dutch(word: str) -> bool:
    return bool(simplemma.is_known(word, lang="nl"))
