"""Pages without usable text, read with Tesseract (Dutch): the page's picture → runs, as readers/pdf_text.py gives them.

Stages: 1 picture, put straight · 2 words with boxes · 3 once more, turned or cleaned, if that went badly · 4 runs.
Tesseract tells words, boxes and how sure it is; sizes and baselines are told from the words' heights, since headings,
paragraphs and columns are found from those. It does not tell bold from regular: all runs are regular.
Without Tesseract, or without its Dutch, `available` is False and scans stay unread; the ledger says so.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import pypdfium2 as pdfium

from ingest.documents import Box
from ingest.errors import IngestError
from ingest.layout import Run
from ingest.pictures import Picture
from ingest.readers.pdf_text import RUN_GAP, Turn

PROGRAM = "tesseract"
LANGUAGE = "nld"
# Tesseract's makers advise 300 dots an inch; a page larger than A3 is read more coarsely, to bound memory and time.
DPI = 300
MOST_PIXELS = 18_000_000
# An A4 full of text takes 1 to 5 seconds on one core, noise up to 30; this is for all attempts at a page together.
PAGE_SECONDS = 90.0
# Tesseract's confidence, 0 to 100, averaged over a line. Nine lines of ten have over 90 in clean print and over 75 in
# scans at 72 to 150 dots with blur, grain and a slant; specks and rubbish have 0 to 40. A whole line is kept or left
# out: a word is never dropped from a sentence.
SURE_LINE = 45.0
# A page that is less sure than this on average may stand on its side or its head, or be covered in grain. Pages that do
# had 0 to 42, bad but readable ones 87 and more.
SURE_PAGE = 65.0
# Height of a word's ink in font sizes, by the letters in it: (x-height only, with ascenders, with descenders, both).
# Means over Times, Arial, Verdana, Source Sans and Libertinus, which differ by about 0.04 either way.
_X, _ASCENDING, _DESCENDING, _BOTH = 0.49, 0.71, 0.70, 0.92
# How far descenders reach below the baseline, and how far a line's box reaches above and below it, in font sizes: as
# the boxes that pdfium gives.
_DESCENT, _ABOVE, _BELOW = 0.21, 0.93, 0.24
# Sizes on a page that differ by less than this share are one size: ink heights are measured to about 4 %.
_ONE_SIZE = 0.12


# A bullet, in font sizes: its width and height, how far it stands above the baseline and before the words. Those in
# scans of the handover are 0.19 to 0.23 wide and high, 0.15 to 0.38 up and 0.63 to 0.76 before the words; an 'e' is
# 0.49 high, a full stop stands on the baseline, and the space between words is 0.2 to 0.33 wide.
_DOT_LEAST, _DOT_MOST, _DOT_RISE, _DOT_GAP = 0.1, 0.45, 0.08, 0.4
# Bullets of one list stand under each other to within this many points, in a scan that was put straight.
_ASIDE = 5.0
# Paper: at least this share of a page is about as light as its commonest shade, which is a light one. Of 194 pages with
# text only covers fall short: five have less than 0.5, and DENK's chapter covers are even (0.8) but dark (shade 86).
# Blurred and grained pages have 0.79 and more, since in so few dots an inch the grain is averaged out.
_PAPER_SHARE, _PAPER_SHADES, _LIGHT, _GLANCE_DPI = 0.5, 24, 128, 50
# Quarters by which text is turned that reads from top to bottom.
_DOWNWARDS = 3


class OcrError(IngestError):
    """Raised when a page could not be read with Tesseract, which costs that page."""


_Place = tuple[int, int, int]  # block, paragraph and line, as Tesseract counts them


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    box: Box  # in points, on the upright page
    confidence: float
    line: _Place


@cache
def available() -> bool:
    """Whether Tesseract and its Dutch are installed. Asked once a process."""
    return LANGUAGE in _languages()


@cache
def version() -> str:
    """'tesseract 5.3.0': part of the key under which what was read is kept. Empty if it is not there."""
    return _ask("--version").split("\n", 1)[0].strip()


def read_page(page: pdfium.PdfPage, dpi: int = DPI) -> tuple[list[Run], Turn]:
    """The runs of a page, upright, in reading order as Tesseract sees it, and how its text is turned and slanted.

    Boxes are in points. An empty page has no runs. Raises OcrError if Tesseract fails or takes too long.
    """
    width, height = page.get_size()
    dpi = min(dpi, int(72 * (MOST_PIXELS / max(width * height, 1.0)) ** 0.5))
    picture = page.render(scale=dpi / 72, grayscale=True).to_pil()  # 1
    straight, slant = Picture(picture, dpi, time.monotonic() + PAGE_SECONDS).straightened()
    words, quarters = _best_reading(straight)  # 2, 3
    return list(_runs(_with_bullets(_sure(words)))), Turn(quarters, width, height, slant)  # 4


def is_print(page: pdfium.PdfPage) -> bool:
    """Whether a page looks like paper with print on it, rather than like a photograph or a dark cover. Takes 10 ms.

    For pages that have a few words of text anyway: reading a photograph takes Tesseract 2 to 30 seconds, for nothing.
    """
    picture = page.render(scale=_GLANCE_DPI / 72, grayscale=True).to_pil()
    dots = picture.histogram()
    near = [sum(dots[max(0, shade - _PAPER_SHADES) : shade + _PAPER_SHADES + 1]) for shade in range(256)]
    paper = max(range(256), key=near.__getitem__)
    return paper >= _LIGHT and near[paper] >= _PAPER_SHARE * sum(dots)


def with_common_sizes(pages: Sequence[Sequence[Run]]) -> list[list[Run]]:
    """The runs of all scanned pages of one document, with one size where pages were measured a little differently.

    A heading measured at 13.5 points on one page and at 14 on the next would else be of two levels.
    """
    settled = _settled((run.size, len(run.text)) for runs in pages for run in runs)
    return [[replace(run, size=settled[run.size]) for run in runs] for runs in pages]


def _best_reading(picture: Picture) -> tuple[list[_Word], int]:
    """The words, and by how many quarters the text is turned: as it stands, then turned, then cleaned of its noise."""
    best: list[_Word] = []
    best_quarters = 0
    if picture.is_blank():
        return best, best_quarters
    for attempt in range(2):
        if attempt == 1:
            picture = picture.cleaned()
        try:
            words, quarters = _upright_reading(picture)
        except OcrError:
            if not best:
                raise
            break  # no time is left for a better one
        if _sureness(words) > _sureness(best):
            best, best_quarters = words, quarters
        if _sureness(best) >= SURE_PAGE:
            break
    return best, best_quarters


def _upright_reading(picture: Picture) -> tuple[list[_Word], int]:
    words = _words(picture)
    sideways = _is_sideways(words)
    if words and (_sureness(words) < SURE_PAGE or sideways):
        quarters = _quarters(picture) or (_DOWNWARDS if sideways else 0)
        if quarters:
            return _words(picture.turned(quarters)), quarters
    return words, 0


# ── 2 Words ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _words(picture: Picture) -> list[_Word]:
    """All that Tesseract reads in a picture, sure of it or not."""
    return list(_parsed(_run(picture, "3", "tsv"), 72 / picture.dpi))


def _parsed(table: str, points: float) -> Iterator[_Word]:
    """Words out of Tesseract's TSV; `points` is the size of a pixel.

    '5 1 1 1 1 1 300 300 150 40 96.1 Assen', with tabs → _Word('Assen', …)
    """
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] != "5" or not cells[11].strip():
            continue
        try:
            block, paragraph, line = (int(cell) for cell in cells[2:5])
            left, top, width, height = (int(cell) * points for cell in cells[6:10])
            confidence = float(cells[10])
        except ValueError:
            continue
        text = cells[11].strip()
        yield _Word(text, Box(left, top, left + width, top + height), confidence, (block, paragraph, line))


def _sureness(words: Sequence[_Word]) -> float:
    """Tesseract's confidence, 0 to 100, averaged over letters."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def _sure(words: Sequence[_Word]) -> list[_Word]:
    """The words of the lines that Tesseract is sure of."""
    lines = _by_line(words)
    return [word for word in words if _sureness(lines[word.line]) >= SURE_LINE and _says_something(lines[word.line])]


def _by_line(words: Iterable[_Word]) -> dict[_Place, list[_Word]]:
    lines: dict[_Place, list[_Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    return lines


def _says_something(words: Sequence[_Word]) -> bool:
    """Whether a line has a letter or a digit; the edge of a table or a photograph is read as '| —'."""
    return any(char.isalnum() for word in words for char in word.text)


# ── 3 Orientation ────────────────────────────────────────────────────────────────────────────────────────────────


def _is_sideways(words: Sequence[_Word]) -> bool:
    """Whether words stand upright on their end: Tesseract reads those that read downwards, and is sure of them."""
    long = [word.box for word in words if len(word.text) > 3]
    return sum(box.height > box.width for box in long) > len(long) / 2


def _quarters(picture: Picture) -> int:
    """By how many quarters of a circle the text is turned, anticlockwise; 0 if that cannot be told."""
    if "osd" not in _languages():
        return 0
    try:
        told = _run(picture, "0")
    except OcrError:
        return 0  # too few letters to tell
    found = re.search(r"^Rotate: (\d+)", told, re.MULTILINE)
    return int(found[1]) // 90 % 4 if found else 0


# ── 4 Runs ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _with_bullets(words: Sequence[_Word]) -> list[_Word]:
    """The words with '•' for what is one by its size and place, whatever Tesseract took it for: '+', '*', '«', 'e'.

    One alone may be a speck or the mark of a note; those of a list stand under each other.
    """
    found: list[_Word] = []
    for first, second, *more in (line for line in _by_line(words).values() if len(line) > 1):
        if len(first.text) <= 2 and _is_dot(first, second, _size([second, *more])):
            found.append(first)
    listed = {dot for dot in found if sum(abs(dot.box.left - other.box.left) < _ASIDE for other in found) > 1}
    return [replace(word, text="•") if word in listed else word for word in words]


def _is_dot(sign: _Word, following: _Word, size: float) -> bool:
    """Whether a sign is about round, small, free of the baseline, and stands away from the word behind it."""
    width, height = sign.box.width / size, sign.box.height / size
    free = _baseline(following, size) - sign.box.bottom > _DOT_RISE * size
    apart = following.box.left - sign.box.right > _DOT_GAP * size
    return free and apart and all(_DOT_LEAST < side < _DOT_MOST for side in (width, height))


def _runs(words: Sequence[_Word]) -> Iterator[Run]:
    lines = _by_line(words)
    sizes = {line: _size(found) for line, found in lines.items()}
    settled = _settled((sizes[line], sum(len(word.text) for word in found)) for line, found in lines.items())
    for line, found in lines.items():
        size = settled[sizes[line]]
        for piece in _pieces(found, RUN_GAP * size):
            yield _run_of(piece, size)


def _size(words: Iterable[_Word]) -> float:
    """The font size of a line in points: the median over its words, long words counting for more."""
    sizes = [word.box.height / _inked(word.text) for word in words for _ in word.text]
    return statistics.median(sizes)


def _inked(text: str) -> float:
    """The height of a word's ink in font sizes: 'een' → 0.49, 'Assen' → 0.71, 'regio' → 0.92."""
    # a sign that stands low or high ('.', '-') says little; 'een,' is taken for 'een'
    letters = re.sub(r"[^\w/()&%€?!]", "", text) or text
    up = any(char in "bdfhklti/()&%€?!" or char.isupper() or char.isdigit() or char in "ëïöüéèáà" for char in letters)
    down = any(char in "gjpqy/()" for char in letters)
    return {(True, True): _BOTH, (True, False): _ASCENDING, (False, True): _DESCENDING, (False, False): _X}[up, down]


def _settled(measured: Iterable[tuple[float, int]]) -> dict[float, float]:
    """(size, letters set in it) → for each size the one it stands for, in half points.

    Sizes that differ only because they were measured become one, that of most letters: 10.2, 9.8 and 10.1 of running
    text and 15.8 of a heading → 10.0, 10.0, 10.0 and 16.0
    """
    letters: Counter[float] = Counter()
    for size, count in measured:
        letters[size] += count
    settled: dict[float, float] = {}
    while left := sorted(letters.keys() - settled.keys()):
        # the size around which the most letters stand, and all that is near it
        groups = ([size for size in left if abs(size - centre) <= _ONE_SIZE * centre] for centre in left)
        group = max(groups, key=lambda group: sum(letters[size] for size in group))
        common = statistics.median(size for size in group for _ in range(letters[size]))
        settled |= dict.fromkeys(group, max(round(2 * common) / 2, 0.5))
    return settled


def _pieces(words: Sequence[_Word], gap: float) -> Iterator[list[_Word]]:
    """The words of a line, cut where the space between two is wider than between words."""
    piece = [words[0]]
    for last, word in pairwise(words):
        if word.box.left - last.box.right > gap:
            yield piece
            piece = []
        piece.append(word)
    yield piece


def _run_of(words: Sequence[_Word], size: float) -> Run:
    """A run whose box is as high as its type, whatever letters are in it: lines are told apart by their baselines."""
    baseline = statistics.median(_baseline(word, size) for word in words)
    left, right = min(word.box.left for word in words), max(word.box.right for word in words)
    box = Box(left, baseline - _ABOVE * size, right, baseline + _BELOW * size)
    return Run(" ".join(word.text for word in words), box, size, 400, False)


def _baseline(word: _Word, size: float) -> float:
    return word.box.bottom - (_DESCENT * size if re.search(r"[gjpqy,;()/]", word.text) else 0.0)


# ── Tesseract ────────────────────────────────────────────────────────────────────────────────────────────────────


def _run(picture: Picture, segmentation: str, *output: str) -> str:
    """What Tesseract says of a picture. Raises OcrError."""
    image = io.BytesIO()
    picture.image.save(image, "PPM")  # written and read in no time
    language = "osd" if segmentation == "0" else LANGUAGE
    command = [PROGRAM, "stdin", "stdout", "-l", language, "--psm", segmentation, "--dpi", str(picture.dpi), *output]
    try:
        done = subprocess.run(
            command,
            input=image.getvalue(),
            capture_output=True,
            timeout=max(0.1, picture.deadline - time.monotonic()),
            check=True,
            # its threads cost more than they bring, and files are read side by side
            env={**os.environ, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired as error:
        raise OcrError(f"Tesseract was na {PAGE_SECONDS:.0f} seconden nog niet klaar met de pagina.") from error
    except (subprocess.CalledProcessError, OSError) as error:
        raise OcrError("Tesseract kon het beeld van de pagina niet lezen.") from error
    return done.stdout.decode("utf-8", "replace")


@cache
def _languages() -> frozenset[str]:
    """{'nld', 'osd'}; empty without Tesseract."""
    return frozenset(_ask("--list-langs").splitlines()[1:]) if shutil.which(PROGRAM) else frozenset()


def _ask(option: str) -> str:
    try:
        done = subprocess.run([PROGRAM, option], capture_output=True, timeout=20, check=True)
    except (subprocess.SubprocessError, OSError):
        return ""
    return done.stdout.decode("utf-8", "replace")
