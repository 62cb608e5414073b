"""The words of the typeset handover, in reading order, are the words of the given text, but for differences listed."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

GIVEN = Path(__file__).parents[2] / "../shared/handover/overdrachtsdocument-vdg-2026.txt"
DIFFERENCES = Path(__file__).with_name("differences.toml")

# Quotes and dashes are drawn in many ways; 'thema's' and 'thema’s' are the same word.
SAME_SIGN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-"})

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def listed() -> dict[str, Any]:
    return tomllib.loads(DIFFERENCES.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def given_lines() -> list[str]:
    """The given text, one string a line, without the space that marks a new page."""
    if not GIVEN.is_file():
        pytest.skip("the given text of the handover does not lie beside the repository (../shared/handover)")
    return [line.strip() for line in GIVEN.read_text(encoding="utf-8").replace("\f", "\n").split("\n")]


def test_transcription_has_the_words_of_the_given_text_and_no_others(
    given_lines: list[str], listed: dict[str, Any], page_lines: dict[int, list[str]]
) -> None:
    expected = mended(given_lines, listed)
    inner = [line for number in range(2, 28) for line in page_lines[number][:-1]]  # the last line is the foot
    assert first_difference(expected, inner) is None
    assert len(expected) > 4_500  # 5,026 with bullets, remains and a foot


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: [*lines[:100], "toegevoegd", *lines[100:]],
        lambda lines: [*lines[:100], *lines[101:]],
        lambda lines: [*lines[:100], lines[101], lines[100], *lines[102:]],
        lambda lines: [line.replace("Zilveren Kruis", "Zilveren Krus") for line in lines],
        lambda lines: lines[:-1],
    ],
    ids=["word added", "line lost", "lines moved", "letter lost", "end lost"],
)
def test_transcription_comparison_notices(
    spoil: Any, given_lines: list[str], listed: dict[str, Any], page_lines: dict[int, list[str]]
) -> None:
    inner = [line for number in range(2, 28) for line in page_lines[number][:-1]]
    assert first_difference(mended(given_lines, listed), spoil(inner)) is not None


def test_transcription_cover_says_what_it_is_and_the_back_says_nothing(page_lines: dict[int, list[str]]) -> None:
    cover = " ".join(page_lines[1])
    assert "Overdrachtsdocument 2026" in cover
    assert "opnieuw gezet uit de tekst van het oorspronkelijke document" in cover
    assert page_lines[28] == []


def mended(given_lines: list[str], listed: dict[str, Any]) -> list[str]:
    """The given text's words with every listed difference applied: ['Voorwoord', 'Beste', 'nieuwe', …].

    Fails when a listed difference does not fit the given text, or when one that may only reorder adds or loses a word.
    """
    lines = list(given_lines)
    for difference in listed["differences"]:
        assert difference["why"], difference
        start = difference["line"] - 1
        end = start + difference["given"].count("\n")
        stretch = "\n".join(lines[start : end + 1])
        assert stretch.count(difference["given"]) == 1, f"line {start + 1} does not hold {difference['given']!r} once"
        before, after = stretch.split(difference["given"])
        if end == start:
            lines[start] = before + difference["ours"] + after
        else:  # what follows stays on its own line, so that every line keeps its number
            lines[start : end + 1] = [before + difference["ours"], *[""] * (end - start - 1), after]
    # From the last block to the first, again so that every line keeps its number until it is used.
    for block in sorted(listed["reordered"], key=lambda block: int(block["lines"][0]), reverse=True):
        first, last = block["lines"]
        theirs, ours = lines[first - 1 : last], block["ours"].strip().split("\n")
        bags = [Counter(closed_words(part, listed["bullets"])) for part in (theirs, ours)]
        assert bags[0] == bags[1], f"{block['why']}: lost {bags[0] - bags[1]}, added {bags[1] - bags[0]}"
        lines[first - 1 : last] = ours
    return closed_words(lines, listed["bullets"])


def closed_words(lines: Iterable[str], bullets: list[str]) -> list[str]:
    """Words, with line-end hyphens closed: ['Gemeen-', 'ten * (VDG)'] → ['Gemeenten', '(VDG)'] if * begins its line."""
    words: list[str] = []
    open_word = ""
    for line in lines:
        for word in words_of(line, bullets):
            words.append(open_word + word)
            open_word = ""
        if words and line.endswith("-") and len(words[-1]) > 1:
            open_word = words.pop()[:-1]
    return words


def words_of(line: str, bullets: list[str]) -> list[str]:
    """'* De thema’s' → ['De', "thema's"]; a bullet counts as one only where it begins the line."""
    words = line.translate(SAME_SIGN).split()
    return words[1:] if words and words[0] in bullets else words


def first_difference(expected: list[str], lines: list[str]) -> str | None:
    """Where the PDF's words leave the expected ones, in words for the tester; None where they never do.

    (['Gemeenten', 'en'], ['Gemeen-', 'ten of']) → "expected …Gemeenten en…, found 'of' in 'ten of'"
    A hyphen at a line end may be the typesetter's or the word's own: both readings are tried.
    """
    at = 0
    begun = ""  # what stood before a line-end hyphen, that hyphen included
    for line in lines:
        words = words_of(line, ["•", "◦"])
        for position, word in enumerate(words, start=1):
            following = expected[at] if at < len(expected) else None
            if not begun and position == len(words) and word.endswith("-") and word != following:
                begun = word
            elif following is not None and following in (begun + word, begun[:-1] + word):
                begun = ""
                at += 1
            else:
                return f"expected …{' '.join(expected[max(0, at - 5) : at + 5])}…, found {begun + word!r} in {line!r}"
    return None if at == len(expected) else f"missing at the end: {' '.join(expected[at : at + 10])}"
