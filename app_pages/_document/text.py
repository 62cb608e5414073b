"""The words of a page: for who cannot see its picture, and for documents that have no picture at all.

Pure functions from values to strings, as in _parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app_pages._links import DocumentAddress, quote_for_link
from app_pages._marking import escape, isolated, named_by
from app_pages._parts import lead_in_html
from app_pages._rows import lead_in_of, passage_with_rows_html
from app_pages._verzameling.collect import keep_html
from ingest.documents import Passage


def page_text_html(
    number: int,
    text: str,
    passages: Sequence[Passage],
    spans: Mapping[str, tuple[int, int]],
    *,
    pictured: bool = True,
    opened_at: str = "",
) -> str:
    """The words of a page: its passages below their headings, in reading order, each with a link that keeps it.

    `spans` are the stretches to mark, by passage id; `opened_at` is the id of the passage whose section was chosen.
    What is in no passage (a cover, a heading that stands alone) is in `text`, the page line by line, which is folded
    away. Without a picture the page is these words, and is called so.
    """
    title = f"Tekst van pagina {number}" if pictured else f"Pagina {number}"
    parts = [f'<section class="zp-page-text{"" if pictured else " zp-alone"}"><h2>{title}</h2>']
    path: tuple[str, ...] = ()
    lead_in = ""
    for passage in passages:
        here = ' data-here="kop"' if passage.passage_id == opened_at else ""
        if passage.heading_path != path:
            parts.append(_new_headings_html(path, passage.heading_path))
            path, lead_in = passage.heading_path, ""
        introduced = lead_in_of(passage)
        if introduced != lead_in:
            lead_in = introduced
            parts.append(lead_in_html(lead_in))
        span = spans.get(passage.passage_id)
        words = passage_with_rows_html(passage, [span] if span else [])
        marked = " zp-has-mark" if span else ""
        parts.append(f'<div class="zp-text zp-stretch{marked}"{here}><div>{words}</div>{_keep_html(passage)}</div>')
    if text.strip():
        lines = f'<div class="zp-lines">{escape(text)}</div>'
        opened = "" if passages else " open"
        parts.append(f"<details{opened}><summary>De tekst regel voor regel</summary>{lines}</details>")
    else:
        parts.append("<p>Op deze pagina staat geen tekst die gelezen kon worden.</p>")
    return "".join([*parts, "</section>"])


def _keep_html(passage: Passage) -> str:
    place = DocumentAddress(passage.document_id, passage.pages[0], quote_for_link(passage.text))
    return keep_html(place, named_by(passage.text))


def _new_headings_html(before: Sequence[str], after: Sequence[str]) -> str:
    """The headings that begin here, each at its own level: (('A', 'B'), ('A', 'C')) → '<h4>C</h4>'."""
    same = 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    same = max(0, min(same, len(after) - 1))  # back to a heading that was left: its name again
    levels = range(3 + same, 3 + len(after))
    return "".join(
        f"<h{min(level, 6)}>{isolated(heading)}</h{min(level, 6)}>"
        for level, heading in zip(levels, after[same:], strict=True)
    )
