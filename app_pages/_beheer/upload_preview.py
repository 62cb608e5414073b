"""What was read of a file, shown before it is published: pure functions from values to strings and values."""

from __future__ import annotations

from dataclasses import dataclass

from app_pages._marking import isolated
from app_pages._parts import counted, notice_html, path_html
from app_pages._rows import passage_with_rows_html
from ingest.documents import Block, BlockKind
from ingest.errors import UnreadableError
from ingest.extracted import Extracted
from ingest.privacy import is_quarantined, quarantine_reason, warning_of

# What is shown at most: enough to see whether the file was read well.
_HEADINGS, _PASSAGES = 60, 3


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as it was read; `problem` says in Dutch why nothing of it could be, `quarantined` that a BSN is in it."""

    extracted: Extracted | None = None
    problem: str = ""
    quarantined: str = ""

    @property
    def can_be_published(self) -> bool:
        """Whether the portal has any use for the file."""
        return self.extracted is not None


def preview_of(read: Extracted | UnreadableError, file: str) -> Preview:
    """What to show of a reading, or of its failure."""
    if isinstance(read, UnreadableError):
        return Preview(problem=read.reason)
    if not read.passages:
        return Preview(problem=f"In {file} staat geen lopende tekst, dus er is niets om in te zoeken.")
    hit = is_quarantined(read.findings, False)
    # without what to do about it: the form beneath says that
    reason = quarantine_reason(file, read.findings).partition(" Haal het nummer weg")[0] if hit else ""
    return Preview(read, quarantined=reason)


def preview_html(preview: Preview) -> str:
    """Counts, warnings, headings and the first passages; for a file that could not be read only why."""
    read = preview.extracted
    if read is None:
        return notice_html([preview.problem, "Gooi het bestand weg, en voeg zo nodig een andere versie toe."])
    document, passages = read.document, read.passages
    searchable = {page for passage in passages for page in passage.pages}
    told = f"{counted(len(document.pages), 'pagina')}, waarvan {len(searchable)} doorzoekbaar, "
    told += f"in {counted(len(passages), 'passage')}."
    warnings = [*([preview.quarantined] if preview.quarantined else []), *document.warnings]
    silent = [page.number for page in document.pages if page.number not in {*searchable, *document.contents_pages}]
    if silent:
        shown = ", ".join(map(str, silent[:20])) + (", …" if len(silent) > 20 else "")
        warnings.append(f"Zonder doorzoekbare tekst: pagina {shown}.")
    if not preview.quarantined and (found := warning_of(read.findings)):
        warnings.append(found)
    headings = [block for block in document.blocks if block.kind is BlockKind.HEADING]
    return "".join(
        [
            f"<h3>Wat er gelezen is</h3><p>{told}</p>",
            notice_html(warnings) if warnings else "<p>Er zijn geen waarschuwingen.</p>",
            _headings_html(headings),
            "<h4>De eerste passages</h4>",
            *(
                f'<div class="zp-preview"><p class="zp-quiet">p. {passage.pages[0]}'
                f"{' · ' if passage.heading_path else ''}{path_html(passage.heading_path)}</p>"
                f'<div class="zp-text">{passage_with_rows_html(passage, ())}</div></div>'
                for passage in passages[:_PASSAGES]
            ),
        ]
    )


def _headings_html(headings: list[Block]) -> str:
    if not headings:
        return "<p>Er zijn geen koppen gevonden. Passages staan dan alleen onder de titel.</p>"
    items = "".join(
        f'<li class="zp-level-{min(block.level, 4)}">{isolated(block.text)} '
        f'<span class="zp-quiet">p. {block.page}</span></li>'
        for block in headings[:_HEADINGS]
    )
    rest = len(headings) - _HEADINGS
    more = f"<p>… en nog {rest}.</p>" if rest > 0 else ""
    summary = f"<summary>{counted(len(headings), 'kop')}</summary>"
    return f'<details open>{summary}<ul class="zp-headings">{items}</ul>{more}</details>'
