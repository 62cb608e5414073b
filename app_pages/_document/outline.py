"""The outline of a document: its headings as a nested list of links, unfolded where the reader is.

A heading is known by where it stands in the outline, from 0: two sections of one report may well have the same name.
Only the branch that is open is written out, so a report of two hundred pages costs no more than a short one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app_pages._links import DocumentAddress
from app_pages._marking import isolated
from app_pages._parts import link
from ingest.documents import Passage

# Headings beside one another that are shown; more would bury the page on a phone.
SIBLINGS_SHOWN = 120
# The longest heading shown, and the longest that goes into an address; a whole paragraph may be taken for a heading.
TITLE_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, the physical page on which its first words stand, and the place of the heading above it, if any."""

    title: str
    page: int
    parent: int | None


@dataclass(frozen=True, slots=True)
class Outline:
    """The headings in reading order, and the section in which each passage stands, by passage id."""

    headings: tuple[Heading, ...] = ()
    of_passage: Mapping[str, int] = field(default_factory=dict)

    def chosen(self, page: int, title: str) -> int | None:
        """The heading of this name (as in an address) on a page; None if it is not there (any more)."""
        return next(
            (place for place, one in enumerate(self.headings) if one.page == page and _in_address(one.title) == title),
            None,
        )

    def at_page(self, page: int) -> int | None:
        """The section that a page begins in: the last heading on or before it, the page's own first one if it has any.

        Headings on pages 1, 3, 3 → page 3 begins in the second, page 5 in the third.
        """
        on_page = [place for place, one in enumerate(self.headings) if one.page == page]
        before = [place for place, one in enumerate(self.headings) if one.page < page]
        return on_page[0] if on_page else before[-1] if before else None

    def above(self, place: int | None) -> frozenset[int]:
        """A heading and all headings above it, by place."""
        found = set()
        while place is not None:
            found.add(place)
            place = self.headings[place].parent
        return frozenset(found)

    def within(self, place: int) -> frozenset[str]:
        """The passages of a section and of the sections in it, by id."""
        return frozenset(one for one, section in self.of_passage.items() if place in self.above(section))


def outline_of(passages: Sequence[Passage]) -> Outline:
    """The outline that the heading paths of a document's passages make, in reading order.

    Paths ('A',), ('A', 'B'), ('C',) on pages 1, 1, 4 → A on 1 with B on 1 in it, then C on 4.
    """
    headings: list[Heading] = []
    of_passage: dict[str, int] = {}
    last_in: dict[int | None, int] = {}  # the last heading below each heading: the only one that may still go on
    for passage in passages:
        parent: int | None = None
        for title in passage.heading_path:
            last = last_in.get(parent)
            if last is None or headings[last].title != title:
                headings.append(Heading(title, passage.pages[0], parent))
                last = last_in[parent] = len(headings) - 1
            parent = last
        if parent is not None:
            of_passage[passage.passage_id] = parent
    return Outline(tuple(headings), of_passage)


def outline_html(outline: Outline, here: DocumentAddress, present: int | None) -> str:
    """The outline as links, the present section marked and its branch unfolded; nothing without any heading."""
    below: dict[int | None, list[int]] = defaultdict(list)
    for place, heading in enumerate(outline.headings):
        below[heading.parent].append(place)
    if not below:
        return ""
    unfolded = outline.above(present)
    if len(below[None]) == 1:
        unfolded |= {below[None][0]}  # a title above all else tells nothing by itself
    listed = _list_html(outline, below, None, unfolded, here, present)
    return (
        '<details class="zp-outline"><summary>Inhoud</summary>'
        f'<nav aria-label="Inhoud van dit document">{listed}</nav></details>'
    )


def _list_html(
    outline: Outline,
    below: Mapping[int | None, Sequence[int]],
    parent: int | None,
    unfolded: frozenset[int],
    here: DocumentAddress,
    present: int | None,
) -> str:
    """The headings below one heading, and below those of them that are unfolded."""
    places = _shown(below.get(parent, ()), unfolded)
    items = []
    for place in places:
        inner = _list_html(outline, below, place, unfolded, here, present) if place in unfolded else ""
        items.append(f"<li>{_heading_html(outline.headings[place], here, place == present)}{inner}</li>")
    rest = len(below.get(parent, ())) - len(places)
    if rest > 0:
        items.append(f'<li class="zp-quiet">en nog {rest} koppen</li>')
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _shown(places: Sequence[int], unfolded: frozenset[int]) -> Sequence[int]:
    """At most SIBLINGS_SHOWN of them, around the one that is unfolded."""
    at = next((index for index, place in enumerate(places) if place in unfolded), 0)
    start = max(0, min(at - SIBLINGS_SHOWN // 2, len(places) - SIBLINGS_SHOWN))
    return places[start : start + SIBLINGS_SHOWN]


def _heading_html(heading: Heading, here: DocumentAddress, is_present: bool) -> str:
    title = heading.title if len(heading.title) <= TITLE_LIMIT else f"{heading.title[:TITLE_LIMIT].rstrip()} …"
    address = DocumentAddress(
        here.document, heading.page, zoom=here.zoom, question=here.question, heading=_in_address(heading.title)
    )
    words = f'{isolated(title)} <span class="zp-page">{heading.page}</span>'
    current = "true" if is_present else ""
    return link(address.href, words, current=current, label=f"{_in_address(title)}, pagina {heading.page}")


def _in_address(title: str) -> str:
    """A heading in one line, as an address has it: 'a\\nb' → 'a b'."""
    return " ".join(title.split())[:TITLE_LIMIT].rstrip()
