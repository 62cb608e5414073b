"""HTML → Document: the main text of a page, without its menus, banners and feet.

Stages: 1 text, or say why not · 2 all that is seen on the page · 3 what of it is the main text · 4 blocks.
trafilatura tells which words are the main text. The structure (levels, merged cells, ids) is read from the page
itself, since its answer has lost that; and what it left out in the midst of the main text is taken back in.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from ingest.documents import BlockKind, Document, Link, Source
from ingest.errors import UnreadableError
from ingest.folding import letters_only
from ingest.readers._archives import Element, empty, too_deep
from ingest.readers._charset import text_of
from ingest.readers._dom import Found, parse, tag_of, walk
from ingest.readers._items import NOWHERE, Content, dated, document_of, finished, plain

# Words shorter than this, in letters, may stand in the main text by chance: 'Onderwijs' in a menu.
_BY_CHANCE = 25
# The main text is the smallest element that holds this share of the words that trafilatura chose.
_MOST = 0.85
# A short line of which this share is links, among others, is a way to other pages.
_LINKED = 0.8
_LINKED_WORDS = 12

# Never the main text, whatever trafilatura says of it.
_NEVER = re.compile(
    r"(?:^|[-_\s])(?:cookies?|consent|gdpr|skip-?links?|breadcrumbs?|kruimelpad|captcha)(?:$|[-_\s])", re.I
)
_BESIDE = re.compile(
    r"(?:^|[-_\s])(?:menu|nav|navbar|navigation|navigatie|sidebar|social|share|delen|pagination|paginering|newsletter|"
    r"nieuwsbrief|related|gerelateerd|comments?|reacties|advert\w*|popup|modal|toolbar)(?:$|[-_\s])",
    re.I,
)
_BESIDE_ROLES = frozenset("navigation banner contentinfo search complementary dialog alertdialog menu menubar".split())

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def read_html(source: Source, data: bytes, file: str, digest: str) -> Document:
    """The document in `data`. Raises UnreadableError with the ledger's state and a sentence in Dutch."""
    return document_of(source, file, digest, content_of_html(data, file, source.url or ""))


def content_of_html(data: bytes, file: str, address: str = "") -> Content:
    """Items with rows and anchors, links and metadata. `address` is the page's own. Raises UnreadableError."""
    text = text_of(data, file)  # 1
    root, whole = parse(text)
    if root is None:
        raise empty(file)
    try:
        seen = walk(_body(root), _base(root, address))  # 2
    except RecursionError as error:
        raise too_deep(file) from error
    warnings = [] if whole else ["Een deel van deze pagina is te diep genest en is niet gelezen."]
    chosen = _main_text(seen, text, warnings)  # 3
    if not any(any(char.isalnum() for char in found.text) for found in chosen):
        reason = f"{file} bevat geen leesbare tekst. Misschien toont de pagina die pas in een browser (JavaScript)."
        raise UnreadableError("leeg", reason)
    items = finished([found.draft for found in chosen])  # 4
    links = [Link(1, NOWHERE, words, whole) for found in chosen for words, whole in found.links]
    return Content(items, links, _metadata(root, chosen), warnings)


def _body(root: Element) -> Element:
    found = root.find("body")
    return root if found is None else found


def _base(root: Element, address: str) -> str:
    base = root.find(".//base[@href]")
    return address if base is None else str(base.get("href") or address)


# ── 3 The main text ──────────────────────────────────────────────────────────────────────────────────────────────


def _main_text(seen: Sequence[Found], text: str, warnings: list[str]) -> list[Found]:
    """What belongs to the main text, in reading order; all but menus and banners if it cannot be told."""
    words = _words_by_element(seen)
    half = max(words.values(), default=0) / 2
    never = [_marked(found, words, half, hard=True) for found in seen]
    keys, whole = _chosen_words(text)
    chosen = [
        not out and (key in keys or (len(key) >= _BY_CHANCE and key in whole))
        for out, key in zip(never, (letters_only(found.text) for found in seen), strict=True)
    ]
    if not any(chosen):
        warnings.append("De hoofdtekst van deze pagina was niet te herkennen; alle tekst is gelezen.")
        body = [found for found, out in zip(seen, never, strict=True) if not out]
        return [found for found in body if not _marked(found, words, half, hard=False)] or body
    around = _around([found for found, yes in zip(seen, chosen, strict=True) if yes])
    first, last = chosen.index(True), len(chosen) - 1 - chosen[::-1].index(True)
    titled = any(yes and _is_title(found) for found, yes in zip(seen, chosen, strict=True))
    kept: list[Found] = []
    for number, (found, out, yes) in enumerate(zip(seen, never, chosen, strict=True)):
        inside = around is not None and _is_within(found.element, around)
        if around is None or tag_of(around) in ("body", "html", "form"):
            inside = first <= number <= last
        beside = _marked(found, words, half, hard=False) or _is_link(found)
        if not out and (yes or (inside and not beside) or (_is_title(found) and not titled)):
            kept.append(found)
    return kept


def _chosen_words(text: str) -> tuple[frozenset[str], str]:
    """The main text as trafilatura tells it: the letters of each of its elements, and of all together."""
    import trafilatura  # takes half a second to load, which only a corpus with web pages should pay

    try:
        found = trafilatura.bare_extraction(
            text, favor_recall=True, include_comments=False, include_tables=True, include_links=True, fast=False
        )
    except Exception:  # whatever a page makes it stumble over, the text of the body is still there
        return frozenset(), ""
    body = getattr(found, "body", None)
    if body is None:
        return frozenset(), ""
    keys = (letters_only("".join(map(str, element.itertext()))) for element in body.iter())
    return frozenset(key for key in keys if key), letters_only("".join(map(str, body.itertext())))


def _words_by_element(seen: Iterable[Found]) -> Counter[Element]:
    """How many of the page's words stand in each element."""
    words: Counter[Element] = Counter()
    for found in seen:
        count = len(found.text.split())
        words[found.element] += count
        for above in found.element.iterancestors():
            words[above] += count
    return words


def _around(chosen: Sequence[Found]) -> Element | None:
    """The smallest element that holds most of what was chosen."""
    words = _words_by_element(chosen)
    total = sum(len(found.text.split()) for found in chosen)
    holding = [element for element, count in words.items() if count >= _MOST * total]
    return max(holding, key=lambda element: sum(1 for _ in element.iterancestors()), default=None)


def _is_within(element: Element, around: Element) -> bool:
    return element is around or any(above is around for above in element.iterancestors())


def _marked(found: Found, words: Counter[Element], half: float, *, hard: bool) -> bool:
    """Whether something around these words says that they are no main text.

    What holds half of the page's words is the page itself, whatever it is called: <body class="cookie-beleid">.
    """
    path = [found.element, *found.element.iterancestors()]
    in_article = any(tag_of(element) in ("article", "main") for element in path)
    for element in path:
        if words[element] > half:
            return False
        tag = tag_of(element)
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if tag == "nav" or element.get("role") == "navigation" or _NEVER.search(names):
            return True
        if not hard and (
            tag == "aside"
            or (tag in ("header", "footer") and not in_article)
            or (element.get("role") or "") in _BESIDE_ROLES
            or _BESIDE.search(names)
        ):
            return True
    return False


def _is_link(found: Found) -> bool:
    """Whether a short line is hardly more than a link."""
    linked = sum(len(words) for words, _ in found.links)
    return linked >= _LINKED * len(found.text) and len(found.text.split()) < _LINKED_WORDS


def _is_title(found: Found) -> bool:
    """The page's own title, which often stands above its main text."""
    return found.draft.item.kind is BlockKind.HEADING and found.draft.item.level == 1 and not found.links


# ── What is known of a page ──────────────────────────────────────────────────────────────────────────────────────


def _metadata(root: Element, chosen: Sequence[Found]) -> dict[str, str]:
    """Title, author, dates and language under the names that PDFs use."""
    told: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        told.setdefault(name, meta.get("content") or "")
    title = root.find(".//title")
    h1 = [found.text for found in chosen if _is_title(found)]
    titles = (*h1[:1], told.get("og:title", ""), "".join(map(str, title.itertext())) if title is not None else "")
    return dated(
        {
            "title": _first(map(plain, titles)),
            "author": _first(
                told.get(name, "") for name in ("author", "dcterms.creator", "dc.creator", "article:author")
            ),
            "creationdate": _first(
                told.get(name, "")
                for name in ("article:published_time", "dcterms.issued", "dcterms.created", "dc.date", "date")
            ),
            "moddate": _first(
                told.get(name, "") for name in ("article:modified_time", "dcterms.modified", "og:updated_time")
            ),
            "lang": root.get("lang") or "",
        }
    )


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value.strip()), "")
