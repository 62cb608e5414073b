"""A portefeuille's profile as HTML: its parts, each line verbatim with the page that it stands on.

Pure functions from values to strings, as in _parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app_pages._links import DocumentAddress, SearchAddress, quote_for_link
from app_pages._marking import Span, escape, isolated, listed_html, marked, named_by
from app_pages._parts import counted, jumps_html, link, path_html
from app_pages._verzameling.collect import keep_html
from index.profiles import Group, Line, Part, Portefeuille, Profile
from ingest.folding import fold

# What is said of a part that a handover does not have. A look ahead may consist of points of attention alone.
_MISSING = {
    Part.HEAD: "voorzitter of VNG-commissie",
    Part.REACHED: "resultaten",
    Part.RUNNING: "lopende dossiers",
    Part.NETWORK: "afspraken en netwerken",
    Part.CROSSING: "domein-overstijgende vraagstukken",
    Part.PARTNERS: "samenwerkingspartners",
    Part.POINTS: "aandachtspunten",
}

# Other documents that are named before the rest is only counted.
_OTHERS_SHOWN = 10


def line_html(line: Line, marks: Iterable[Span] = ()) -> str:
    """A line of the document with its page as a link to the very words."""
    return f"{marked(line.text, marks)} {source_link(line)}"


def source_link(line: Line) -> str:
    """'p. 12', a link to the page with this line marked, and the link that keeps it."""
    place = DocumentAddress(line.document, line.page, quote_for_link(line.text))
    which = f"pagina {line.page}, {named_by(line.text)}"
    page = link(place.href, f"p. {line.page}", css="zp-page", label=f"Bron: {which}")
    return f'<span class="zp-place">{page} {keep_html(place, which)}</span>'


def lines_html(lines: Sequence[Line]) -> str:
    """Lines as paragraphs and lists; the line that introduces a list is shown if it is not one of them itself."""
    shown = {line.text for line in lines}
    items: list[tuple[int, str]] = []
    introduced = ""
    for line in lines:
        if line.lead_in not in ("", introduced, *shown):
            items.append((0, f'<span class="zp-quiet">Staat onder: {isolated(line.lead_in)}</span>'))
        introduced = line.lead_in
        items.append((line.level, line_html(line)))
    return listed_html(items)


def head_html(profile: Profile) -> str:
    """Who chairs it and which commission of the VNG belongs to it, each label quieter than what it says."""
    lines = "".join(
        f'<p><span class="zp-quiet">{isolated(line.label)}:</span> {isolated(line.said)} {source_link(line)}</p>'
        if line.label
        else f"<p>{line_html(line)}</p>"
        for line in profile.head
    )
    missing = "" if profile.chairs or not profile.head else "<p>De overdracht noemt geen voorzitter.</p>"
    return lines + missing


def chair_html(profile: Profile, *, source: bool = False) -> str:
    """'Voorzitter: Jan Zwiers (burgemeester gemeente Midden-Drenthe)', in the document's own words."""
    sentences = []
    for line in profile.chairs:
        role = escape(line.label.replace(" VDG-", " ").partition(" portefeuille")[0])
        place = f" {source_link(line)}" if source else ""
        sentences.append(f"<p>{role}: {isolated(line.said)}{place}</p>")
    return "".join(sentences) or "<p>De overdracht noemt geen voorzitter.</p>"


def part_html(profile: Profile | None, part: Part, level: int) -> str:
    """What a profile has under a part, below headings of this level; a sentence where it has nothing."""
    if profile is None or not profile.lines(part):
        return f'<p class="zp-quiet">De overdracht noemt geen {_MISSING[part]}.</p>' if part in _MISSING else ""
    if part is Part.HEAD:
        return head_html(profile)
    return "".join(_group_html(group, part, level) for group in profile.groups(part))


def profile_html(profile: Profile) -> str:
    """All parts of a profile that it has or should have, each a section."""
    return "".join(_section_html(part, part_html(profile, part, 3)) for part in Part)


def parts_html(profile: Profile) -> str:
    """Links to the parts of a profile that have lines: on a phone they fill six screens."""
    return jumps_html((_id_of(part), part.value) for part in Part if profile.lines(part))


def side_by_side_html(first: tuple[str, Profile | None], second: tuple[str, Profile | None]) -> str:
    """Two portefeuilles, part by part, in two columns (one above the other on a phone)."""
    sections = []
    for part in Part:
        columns = [(name, part_html(profile, part, 4)) for name, profile in (first, second)]
        if not any(html for _, html in columns):
            continue
        both = "".join(
            f"<div><h3>{escape(name)}</h3>{html or '<p class=zp-quiet>Niets.</p>'}</div>" for name, html in columns
        )
        sections.append(_section_html(part, f'<div class="zp-beside">{both}</div>'))
    return "".join(sections)


def others_html(portefeuille: Portefeuille) -> str:
    """How many other documents touch this portefeuille, each a search for it within that document."""
    name = portefeuille.name
    everywhere = link(SearchAddress(name).href, f"Zoek ‘{escape(name)}’ in alle bronnen")
    if not portefeuille.others:
        told = "Geen ander document hoort bij deze portefeuille of noemt haar naam."
        return f"<h2>In andere documenten</h2><p>{told} {everywhere}.</p>"
    items = "".join(
        f"<li>{link(SearchAddress(name, documents=(document.id,)).href, isolated(document.title))} "
        f'<span class="zp-quiet">{counted(count, "passage")}</span></li>'
        for document, count in portefeuille.others[:_OTHERS_SHOWN]
    )
    rest = len(portefeuille.others) - _OTHERS_SHOWN
    more = f"<li>en nog {counted(rest, 'document')}</li>" if rest > 0 else ""
    told = counted(len(portefeuille.others), "ander document hoort")
    return (
        f"<h2>In andere documenten</h2><p>{told} bij deze portefeuille of noemt haar naam. {everywhere}.</p>"
        f"<ul>{items}{more}</ul>"
    )


def _section_html(part: Part, html: str) -> str:
    return f'<section class="zp-part"><h2 id="{_id_of(part)}">{part.value}</h2>{html}</section>' if html else ""


def _id_of(part: Part) -> str:
    """Part.RUNNING → 'deel-running'."""
    return f"deel-{part.name.casefold()}"


def _group_html(group: Group, part: Part, level: int) -> str:
    """Lines below the headings that stand above them in the document.

    The outermost is told by the part itself, and so is one that only says the same ('Aandachtspunten bestuurders').
    """
    below = group.headings[1:]
    same = len(below) == 1 and fold(part.value) in fold(below[0])
    heading = f"<h{level}>{path_html(below)}</h{level}>" if below and not same else ""
    return f'{heading}<div class="zp-text">{lines_html(group.lines)}</div>'
