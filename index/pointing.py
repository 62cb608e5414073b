"""Lines that answer nothing, but say where something stands: notes, addresses, the entries of a list of sources."""

from __future__ import annotations

import re
from collections.abc import Sequence

# An address, and what makes of a line a note that points elsewhere: '29 Handreiking, par. 3.2, p. 10.', '6 Zie via: …'
ADDRESS = re.compile(r"(?:https?:|www\.)\S*|\S+@\S+")
_NOTE = re.compile(
    r"^\W*\d{1,3}\.? (?:.*\b(?:par\. ?\d|p\. ?\d|blz\. ?\d|kamerstuk\w*|stb\.|stcrt|ecli|geverifieerd|via:)|zie\b)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
# With fewer words around its address a line says no more than where to go.
_FEWEST_WORDS = 8


def pointing(lines: Sequence[str]) -> list[bool]:
    """For each line of a passage whether it points elsewhere: all do where half of them are entries of a list.

    'Focus op AI | Rapport | Rekenkamer', 'AI-verordening – Digitale Overheid' → both: the second is such an entry too.
    Notes are no such list: beside '29 Handreiking, par. 3.2.' another may say something.
    """
    entries = [_is_entry(line) for line in lines]
    if len(lines) > 1 and 2 * sum(entries) >= len(lines):
        return [True] * len(lines)
    return [is_entry or bool(_NOTE.match(line)) for is_entry, line in zip(entries, lines, strict=True)]


def _is_entry(line: str) -> bool:
    """Whether a line does no more than name a source or an address.

    'Focus op AI | Rapport | Algemene Rekenkamer' · 'Mail: ai@minbzk.nl' → True;
    'Op pagina https://… staan kaarten waarvan de naam ontbreekt, zodat …' → False
    """
    around, addresses = ADDRESS.subn(" ", line)
    return line.count(" | ") > 1 or (addresses > 0 and len(_WORD.findall(around)) < _FEWEST_WORDS)
