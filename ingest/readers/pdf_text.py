"""Text of a PDF page as pdfium sees it: runs of characters with their box, size and weight.

Runs are the atoms of the layout (ingest/layout.py); nothing here knows about columns or reading order.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ingest.cleaning import open_ligatures
from ingest.documents import Box
from ingest.layout import Run

# A gap wider than this many font sizes ends a run. Word spaces in justified Dutch text stay under 0.9; the gutters
# of the two-column documents that were looked at begin at 1.3.
RUN_GAP = 1.1
# Characters whose middle differs by more than this share of the font size stand on another line. The middle, since
# pdfium gives some signs (a hyphen) a box no higher than their ink.
DRIFT = 0.5
# Text turned by more than this many radians against the page's main direction is a label or a watermark.
TURNED = math.radians(8)

# (left, bottom, right, top) in PDF coordinates → where that stands on the shown page
ToShown = Callable[[float, float, float, float], Box]

# pdfium reports a hyphen at a line's end as U+0002 or U+FFFE; a soft hyphen that is shown is a hyphen too.
_HYPHENS = frozenset({0x02, 0xAD, 0xFFFE})
_BOLD_NAME = re.compile(r"bold|black|heavy|semibd|demi|-bd\b", re.IGNORECASE)
_SEMIBOLD_NAME = re.compile(r"semi-?bo?ld|demi", re.IGNORECASE)
_ITALIC_NAME = re.compile(r"italic|oblique", re.IGNORECASE)
_BOLD_WEIGHT = 700


@dataclass(frozen=True, slots=True)
class _Style:
    size: float
    weight: int
    italic: bool
    turn: float  # of the text's direction, in radians


@dataclass(slots=True)
class _Char:
    text: str
    box: Box
    style: _Style
    starts_line: bool
    after_space: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """How a page's text is turned against the page as it is shown: quarters of a circle, anticlockwise.

    A wide table is now and then set sideways on an upright page. Its runs are put upright for the layout, as if the
    page had been turned, and their boxes put back afterwards. `width` and `height` are those of the shown page.
    A scan that lay slanted was turned by `slant` degrees first, anticlockwise about the page's middle.
    """

    quarters: int
    width: float
    height: float
    slant: float = 0.0

    def upright(self, box: Box) -> Box:
        """A box on the shown page → on the page turned until its text is upright."""
        box = self._turned(box, self.slant)
        height, across = self.height, self.width
        for _ in range(self.quarters):
            box = Box(height - box.bottom, box.left, height - box.top, box.right)
            height, across = across, height
        return box

    def back(self, box: Box) -> Box:
        """The reverse of `upright`."""
        width, across = (self.width, self.height) if self.quarters % 2 == 0 else (self.height, self.width)
        for _ in range(self.quarters):
            box = Box(box.top, width - box.right, box.bottom, width - box.left)
            width, across = across, width
        return self._turned(box, -self.slant)

    def _turned(self, box: Box, degrees: float) -> Box:
        """A box of the same size, its middle turned anticlockwise about the page's middle."""
        if not degrees:
            return box
        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        x, y = (box.left + box.right - self.width) / 2, (box.top + box.bottom - self.height) / 2
        right, down = x * cos + y * sin - x, y * cos - x * sin - y
        return Box(box.left + right, box.top + down, box.right + right, box.bottom + down)


NO_TURN = Turn(0, 0.0, 0.0)


def read_runs(page: pdfium.PdfPage) -> tuple[list[Run], int, Turn]:
    """The runs of a page, upright, in the order of its content stream; how many characters were left out since they
    stand at another angle than the rest; and how the page's text is turned.
    """
    text_page = page.get_textpage()
    try:
        chars = _read_chars(page, text_page)
    finally:
        text_page.close()
    if not chars:
        return [], 0, NO_TURN
    turned = math.radians(page.get_rotation())
    main = Counter(round((char.style.turn - turned) / (math.pi / 2)) % 4 for char in chars).most_common(1)[0][0]
    turn = Turn(main, *page.get_size())
    wanted = turned + main * math.pi / 2
    upright = [char for char in chars if abs(math.remainder(char.style.turn - wanted, math.tau)) <= TURNED]
    if main:
        for char in upright:
            char.box = turn.upright(char.box)
    runs = [run for run in _join_into_runs(upright) if _is_shown(turn.back(run.box), turn)]
    return runs, len(chars) - len(upright), turn


def _is_shown(box: Box, page: Turn) -> bool:
    """Whether a reader sees some of it: leftovers beyond the edge of a cropped page are not shown."""
    return box.right > 0 and box.left < page.width and box.bottom > 0 and box.top < page.height


def _read_chars(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> list[_Char]:
    """Every visible character with its box on the shown page; spaces and line ends become flags on the next one."""
    raw = text_page.raw
    to_shown = shown_boxes(page)
    styles: dict[int, _Style] = {}
    left, right = ctypes.c_double(), ctypes.c_double()
    bottom, top = ctypes.c_double(), ctypes.c_double()
    loose = pdfium_c.FS_RECTF()
    chars: list[_Char] = []
    starts_line, after_space = True, False
    for index in range(pdfium_c.FPDFText_CountChars(raw)):
        code = pdfium_c.FPDFText_GetUnicode(raw, index)
        if code in (10, 13):
            starts_line = True
            continue
        text = _sign(code)
        if text.isspace():
            after_space = True
            continue
        if pdfium_c.FPDFText_GetLooseCharBox(raw, index, loose):
            corners = (loose.left, loose.top, loose.right, loose.bottom)
        elif pdfium_c.FPDFText_GetCharBox(raw, index, left, right, bottom, top):
            corners = (left.value, top.value, right.value, bottom.value)
        else:
            continue
        box = to_shown(*corners)
        if not text or not math.isfinite(box.left + box.top + box.right + box.bottom):
            continue
        chars.append(
            _Char(
                text=text,
                box=box,
                style=_style_at(raw, index, styles),
                starts_line=starts_line,
                after_space=after_space,
            )
        )
        starts_line, after_space = False, False
    return chars


@cache
def _sign(code: int) -> str:
    """What is read for a character code: '-' for a line-end hyphen, ' ' for any space, '' for what nobody sees.

    Codes without a meaning (controls, halves of a surrogate pair) come from fonts that do not say what their signs are.
    """
    if code in _HYPHENS:
        return "-"
    if code == 0 or code > 0x10FFFF:
        return " "
    char = chr(code)
    category = unicodedata.category(char)
    if char.isspace() or category == "Cc":
        return " "
    return "" if category in ("Cf", "Cs") else open_ligatures(char)


# The address of a character's text object, straight away: making a pointer of it and taking that apart took a sixth of
# the time of reading a page.
_text_object_at = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdfium_c.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
)


def _style_at(raw: pdfium_c.FPDF_TEXTPAGE, index: int, styles: dict[int, _Style]) -> _Style:
    """The style of a character; looked up once per text object, since pdfium calls cost more than all else here."""
    key = _text_object_at(raw, index) or -1 - index
    if key not in styles:
        matrix = pdfium_c.FS_MATRIX()
        pdfium_c.FPDFText_GetMatrix(raw, index, matrix)
        size = pdfium_c.FPDFText_GetFontSize(raw, index) * (math.hypot(matrix.c, matrix.d) or 1.0)
        name_buffer = ctypes.create_string_buffer(256)
        flags = ctypes.c_int()
        pdfium_c.FPDFText_GetFontInfo(raw, index, name_buffer, 256, flags)
        name = name_buffer.value.decode("utf-8", "replace")
        weight = pdfium_c.FPDFText_GetFontWeight(raw, index)
        if _SEMIBOLD_NAME.search(name):
            weight = 600
        else:
            weight = _BOLD_WEIGHT if _BOLD_NAME.search(name) or weight >= _BOLD_WEIGHT else 400
        styles[key] = _Style(round(size, 1), weight, bool(_ITALIC_NAME.search(name)), math.atan2(matrix.b, matrix.a))
    return styles[key]


def shown_boxes(page: pdfium.PdfPage) -> ToShown:
    """The function from a rectangle in PDF coordinates to its Box on the page as it is shown (turned and cropped).

    It does not need the page any more, so it outlives it.
    """
    width, height = page.get_size()
    steps = 1000
    x, y = ctypes.c_int(), ctypes.c_int()

    def shown(px: float, py: float) -> tuple[float, float]:
        pdfium_c.FPDF_PageToDevice(page.raw, 0, 0, int(width * steps), int(height * steps), 0, px, py, x, y)
        return x.value / steps, y.value / steps

    # The mapping is affine: three points determine it, and then no call per character is needed.
    origin, east, north = shown(0, 0), shown(100, 0), shown(0, 100)
    a, b = (east[0] - origin[0]) / 100, (east[1] - origin[1]) / 100
    c, d = (north[0] - origin[0]) / 100, (north[1] - origin[1]) / 100

    def to_box(left: float, top: float, right: float, bottom: float) -> Box:
        x0, y0 = origin[0] + a * left + c * top, origin[1] + b * left + d * top
        x1, y1 = origin[0] + a * right + c * bottom, origin[1] + b * right + d * bottom
        if x0 > x1:
            x0, x1 = x1, x0
        if y0 > y1:
            y0, y1 = y1, y0
        return Box(x0, y0, x1, y1)

    return to_box


def _join_into_runs(chars: list[_Char]) -> list[Run]:
    runs: list[Run] = []
    current: list[_Char] = []
    for char in chars:
        if current and _begins_run(current[-1], char):
            runs.append(_run_of(current))
            current = []
        current.append(char)
    if current:
        runs.append(_run_of(current))
    return [run for run in runs if run.text.strip()]


def _begins_run(last: _Char, char: _Char) -> bool:
    if (last.style.weight, last.style.italic) != (char.style.weight, char.style.italic):
        return True  # 'AI-systeem:' in bold before its definition in regular type
    size = max(last.style.size, char.style.size, 1.0)
    gap = char.box.left - last.box.right
    drift = abs(char.box.top + char.box.bottom - last.box.top - last.box.bottom) / 2
    if drift > DRIFT * size or gap > RUN_GAP * size or gap < -size:
        return True
    return char.starts_line and gap > 0.6 * size


def _run_of(chars: list[_Char]) -> Run:
    pieces: list[str] = []
    for position, char in enumerate(chars):
        if char.after_space or (position and char.starts_line):
            pieces.append(" ")
        pieces.append(char.text)
    style = chars[0].style
    if any(char.style is not style for char in chars):
        style = Counter(char.style for char in chars).most_common(1)[0][0]
    return Run("".join(pieces), _box_around(chars), style.size, style.weight, style.italic)


def _box_around(chars: list[_Char]) -> Box:
    boxes = [char.box for char in chars]
    return Box(
        min([box.left for box in boxes]),
        min([box.top for box in boxes]),
        max([box.right for box in boxes]),
        max([box.bottom for box in boxes]),
    )
