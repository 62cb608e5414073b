"""Markdown → Document, by way of the HTML that it stands for: CommonMark with GitHub's tables and strikethrough."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from ingest.charset import is_text
from ingest.documents import Document, Link, Source
from ingest.folding import fold
from ingest.readers._archives import empty, too_deep
from ingest.readers._charset import text_of
from ingest.readers._dom import parse, walk
from ingest.readers._items import NOWHERE, Content, Draft, dated, document_of, finished, paragraph, plain

# markdown-it leaves out, without a word, what is nested deeper than this; its own bound is 20.
_OPTIONS = {"maxNesting": 100}
# What a file says of itself before its text: lines of 'title: …' between two lines of dashes.
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?\r?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S)
_FIELD = re.compile(r"^([A-Za-z]\w*):[ \t]+(.+?)[ \t]*$", re.M)
_NAMES = {
    **dict.fromkeys(("title", "titel"), "title"),
    **dict.fromkeys(("author", "auteur"), "author"),
    **dict.fromkeys(("date", "datum", "created"), "creationdate"),
    **dict.fromkeys(("modified", "updated", "gewijzigd"), "moddate"),
    **dict.fromkeys(("lang", "language", "taal"), "lang"),
}


def read_markdown(source: Source, data: bytes, file: str, digest: str) -> Document:
    """The document in `data`. Raises UnreadableError with the ledger's state and a sentence in Dutch."""
    return document_of(source, file, digest, content_of_markdown(data, file, source.url or ""))


def is_markdown(data: bytes, file: str) -> bool:
    """Whether a text is Markdown: its content cannot tell, so its name does."""
    return file.lower().endswith((".md", ".markdown", ".mdown", ".mkd")) and is_text(data)


def content_of_markdown(data: bytes, file: str, address: str = "") -> Content:
    """Items with rows and anchors (as GitHub makes them), links and metadata. Raises UnreadableError."""
    text = text_of(data, file)
    front = _FRONT_MATTER.match(text)
    text = text[front.end() :] if front else text
    try:
        # raw HTML in it (tables, <details>) is read as such; scripts and styles are dropped there
        root, _ = parse(MarkdownIt("commonmark", _OPTIONS).enable(["table", "strikethrough"]).render(text))
        found = walk(root, address, _Slugs()) if root is not None else []
    except RecursionError as error:
        raise too_deep(file) from error
    items = finished([one.draft for one in found])
    warnings: list[str] = []
    if not items:  # nothing but noise to a Markdown reader may still be words
        items = finished(
            [Draft(paragraph(line)) for line in map(plain, text.splitlines()) if any(map(str.isalnum, line))]
        )
        warnings.append("De opmaak van dit bestand is niet te volgen; het is regel voor regel gelezen.")
    if not items:
        raise empty(file)
    links = [Link(1, NOWHERE, words, whole) for one in found for words, whole in one.links]
    return Content(items, links, _metadata(front.group(1) if front else ""), warnings)


def _metadata(front: str) -> dict[str, str]:
    """'title: Nota\\ndate: 2025-03-01' → {'title': 'Nota', 'creationdate': 'D:20250301'}"""
    found = {name.lower(): value.strip("\"'") for name, value in _FIELD.findall(front)}
    return dated({_NAMES[name]: value for name, value in found.items() if name in _NAMES})


class _Slugs:
    """Headings → the anchors that GitHub, GitLab and most static sites give them, each one once."""

    def __init__(self) -> None:
        self._times: dict[str, int] = {}

    def __call__(self, heading: str) -> str:
        """'Wat doet de VDG?' → 'wat-doet-de-vdg', the second time 'wat-doet-de-vdg-1'."""
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") or fold(heading)
        times = self._times.get(slug, 0)
        self._times[slug] = times + 1
        return f"{slug}-{times}" if times else slug
