"""Whether a page's text layer can be trusted: many PDFs show good pages over text that is nonsense underneath.

What goes wrong: fonts that do not say what their signs are ('7KLV LV'), letters that stand apart ('V e r e n i g i n'),
signs of the private range and replacement signs, UTF-8 read as Latin-1 ('coÃ¶rdinator'), ligatures that were dropped
('installa e' for 'installatie'). All of it leaves words that no language knows, and that is what is counted.

Two grades: nonsense (`needs_ocr`: nothing of it can be found, the page is read from its picture) and damage here and
there (`is_damaged`: most of it can be found, so it may stay as it is, with a warning).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import pairwise

import simplemma

# Below this share of known words a text layer is nonsense. 493 pages of fifteen government PDFs and the handover have
# 0.65 and more (99 of 100 have 0.73). The same pages with letters exchanged for others have at most 0.35, as a font
# without a table gives them ('7KLV LV') 0.20, with three letters of ten replaced by \ufffd 0.35, with letters apart or
# in the private range 0; without any spaces half have less than 0.06 and 99 of 100 less than 0.44.
SOUND = 0.55
# Words hurt on a page, at least so many and this share, before it counts as damaged. Sound pages have none or one
# (0.3 %); two PDFs whose ligatures were lost have 1 to 12 % on 36 of their 43 pages.
DAMAGED_WORDS, DAMAGED_SHARE = 3, 0.01
# A layer with fewer signs than this, or letters apart in fewer words, cannot be judged. A page with a picture that has
# no more is a cover, or a scan with a stamp or a page number on it.
FEW_SIGNS, FEW_WORDS = 60, 12

_LANGUAGES = ("nl", "en")  # an English annex is no broken text

_NUMBER = re.compile(r"[€$+(<>≥≤~–-]*\d[\d.,:/%€()x×+–-]*")
_MARK = re.compile(r"\(?(?:[a-z]|[ivx]{1,4})[.):]+", re.IGNORECASE)  # 'a.', '(b)', 'iv.'
_ADDRESS = re.compile(r"@|://|www\.|\.(?:nl|eu|com|org|pdf)\b", re.IGNORECASE)
_PARTS = re.compile(r"[^\W\d_]+")
# UTF-8 read as Latin-1 or Windows-1252: 'Ã«' for ë, 'â€™' for ’, 'Â ' for a hard space, 'ï¬' for fi
_MISREAD = re.compile("Ã[\\x80-\\xbf\\u0152-\\u2122]|â€.|â\\x80.|Â[\\xa0-\\xbf]|ï¬")
# What fonts draw as one sign: the usual ones, and 'ti', 'tt' and 'ft' of Calibri and Carlito.
_LIGATURES = ("ti", "tt", "ft", "fi", "fl", "ff", "ffi", "tti", "tj")
# Short words that are no rest of one: 'COA en'.
_SHORT_WORDS = frozenset(
    "al als de den der die dat door en er het hun in is je na naar om op of per te tot uit van we ze".split()
)
_HYPHEN_AT_END = re.compile(r"(?<=[^\W\d_])[-\u00ad‐]\n(?=[^\W\d_])")


def load_dutch() -> None:
    """Loads simplemma's words (0.3 to 1 s), so that processes forked from this one need not."""
    for language in _LANGUAGES:
        simplemma.is_known("water", lang=language)


def text_quality(text: str) -> float:
    """How much of a page's text is words, 0 to 1; 0 for no text at all, 1 for text without words (a table of figures).

    'De gemeente werkt samen' → 1.0, 'Gh jhphhqwh zhunw vdphq' → 0.0, 'D e g e m e e n t e w e r k t s a m e n' → 0.0
    """
    if not text.strip():
        return 0.0
    if spaced_out(text):
        return 0.0
    counts = Counter(_kind(token) for token in _HYPHEN_AT_END.sub("", text).split())
    known, unknown, damaged = counts["known"], counts["unknown"] + counts["name"] / 2, counts["damaged"]
    if known + unknown + damaged == 0:
        return 1.0
    return known / (known + unknown + damaged)


def spaced_out(text: str) -> bool:
    """Whether most letters of a text stand apart: 'V e r e n i g i n g  v a n' → True, 'punt a, b en c' → False."""
    words = [token for token in text.split() if token[0].isalpha()]
    return len(words) >= FEW_WORDS and sum(len(word) == 1 for word in words) > len(words) / 2


def damaged_words(text: str) -> int:
    """How many words are hurt: read in the wrong encoding, with signs that are none, or robbed of a ligature.

    'coÃ¶rdinator' → 1, 'so\ue01etware' → 1, 'installa e' (installatie) → 1
    """
    tokens = _HYPHEN_AT_END.sub("", text).split()
    hurt = sum(_kind(token) == "damaged" for token in tokens)
    return hurt + sum(_lost_a_ligature(first, second) for first, second in pairwise([*tokens, ""]))


def is_damaged(text: str) -> bool:
    """Whether a page's text is hurt in more places than can be chance, be it sound for the rest."""
    return damaged_words(text) >= max(DAMAGED_WORDS, DAMAGED_SHARE * len(text.split()))


def known_words(text: str) -> int:
    """How many words of a text some language knows: of two readings of a page the one with more is the better."""
    return sum(_kind(token) == "known" for token in _HYPHEN_AT_END.sub("", text).split())


def needs_ocr(page_text: str, has_images: bool) -> bool:
    """Whether a page is to be read from its picture: it has hardly any text and a picture, or its text is nonsense.

    Or letters were lost all over it, as when a font does not tell what its ligatures are ('ba erij', 'steekproe').
    Of two real documents the damaged words went from 47 to 15 and from 320 to 12, the known ones up by 2 and 5 %.
    """
    if spaced_out(page_text):
        return True
    if sum(map(len, page_text.split())) < FEW_SIGNS:
        return has_images
    return text_quality(page_text) < SOUND or is_damaged(page_text)


@lru_cache(maxsize=65536)
def _kind(token: str) -> str:
    """'known', 'name', 'unknown' or 'damaged' for a word, '' for what says nothing either way."""
    if _MISREAD.search(token) or (len(token) > 1 and any(_is_no_sign(char) for char in token)):
        return "damaged"
    if _NUMBER.fullmatch(token) or _MARK.fullmatch(token) or _ADDRESS.search(token):
        return ""
    parts = _PARTS.findall(unicodedata.normalize("NFKC", token))
    longest = max(parts, key=len, default="")
    if len(longest) < 2:
        return ""
    if _is_known(longest):
        return "known"
    return "name" if longest[0].isupper() and longest[1:].islower() else "unknown"


@lru_cache(maxsize=65536)
def _lost_a_ligature(first: str, second: str) -> bool:
    """Whether a word stands in two pieces that a ligature makes whole: 'installa' and 'e' → installatie."""
    if not first.isalpha() or len(first) < 2 or _kind(first) not in ("unknown", "name"):
        return False
    rest = _PARTS.match(second)
    tail = rest[0] if rest and second[0].islower() else ""
    if tail in _SHORT_WORDS or (len(tail) > 3 and _is_known(tail)):
        return False
    return any(_is_known(first + ligature + tail) for ligature in _LIGATURES)


def _is_no_sign(char: str) -> bool:
    """Replacement signs, the private range and controls. One that stands alone may be a bullet of a symbol font."""
    return char == "\ufffd" or unicodedata.category(char) in ("Co", "Cc", "Cn")


@lru_cache(maxsize=65536)
def _is_known(word: str) -> bool:
    return any(simplemma.is_known(form, lang=language) for form in {word, word.lower()} for language in _LANGUAGES)
