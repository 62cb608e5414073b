"""A collection as Markdown, in which every sign of a document is only that sign."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app_pages._marking import BULLETS, without_bullet
from app_pages._verzameling.exports import TITLE, Entry, consulted_words, heading_words, source_words

# These mean something anywhere in a line (CommonMark, tables, strike-through, formulas), the others where it begins.
_ANYWHERE = re.compile(r"([\\`*_{}\[\]<>#|~&$!])")
_AT_THE_START = re.compile(r"^([-+=:])")
_NUMBERED = re.compile(r"^(\d+)([.)])")


def as_markdown(entries: Sequence[Entry]) -> str:
    """Title, then each quote under its heading, with the line of its source and the note.

    …'## Citaat 1: Vooruitblik\\n\\n> De woorden.\\n\\nVDG (2026). Overdracht, p. 18. Geraadpleegd op …, van <https://…>'
    """
    parts = [f"# {TITLE}"]
    for one in entries:
        parts.append(f"## {escaped(heading_words(one))}")
        if one.quote:
            parts.append(_quoted(one.quote))
        # an address behind < and > is taken as it is, so nothing in it is escaped
        where = f"{escaped(source_words(one))}, p. {one.page}. {consulted_words(one)} "
        parts.append(where + (f"<{one.address}>" if one.address.startswith("http") else escaped(one.address)))
        if one.note:
            lines = [escaped(words) for words in one.note.split("\n") if words.strip()]
            parts.append("\n\n".join([f"**Opmerking:** {lines[0]}", *lines[1:]]))
    return "\n\n".join(parts) + "\n"


def _quoted(quote: str) -> str:
    """A block quote, whose bullets are a list: 'Er is:\\n• een\\n◦ twee' → '> Er is:\\n>\\n> - een\\n>   - twee'."""
    lines: list[str] = []
    in_list = False
    for words in quote.split("\n"):
        level = BULLETS.get(words[:1], 0)
        if lines and not (in_list and level):
            lines.append(">")
        # an item can be no deeper than one below a list that is there
        dash = {0: "", 1: "- ", 2: "  - " if in_list else "- "}[level]
        lines.append(f"> {dash}{escaped(without_bullet(words) if level else words)}")
        in_list = level > 0
    return "\n".join(lines)


def escaped(words: str) -> str:
    """One line in which nothing is Markdown: '# *Kop* <b>' → '\\# \\*Kop\\* \\<b\\>'; '1. een' → '1\\. een'."""
    line = _ANYWHERE.sub(r"\\\1", " ".join(words.split()))
    return _NUMBERED.sub(r"\1\\\2", _AT_THE_START.sub(r"\\\1", line))
