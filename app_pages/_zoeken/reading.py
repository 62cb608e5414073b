"""How the question was read: above the answer what was mended and how to undo that, below it what else was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app_pages._links import SearchAddress
from app_pages._marking import escape
from app_pages._parts import link
from index.reading import correction_sentence, reading_sentences
from index.results import SearchResult


def corrections_html(result: SearchResult, address: SearchAddress) -> str:
    """A sentence a line in a quiet box; nothing if no word was taken for a typing fault.

    'Gezocht naar warmtetransitie (u typte warmtetranistie). Zoek op wat ik typte.'
    """
    lines = [escape(correction_sentence(typed, read_as)) for typed, read_as in result.corrections]
    if lines:
        lines[-1] += f" {link(replace(address, literal=True).href, 'Zoek op wat ik typte')}."
    elif address.literal:
        mended = link(replace(address, literal=False).href, "Verbeter ze wel")
        lines.append(f"Typefouten zijn niet verbeterd. {mended}.")
    paragraphs = "".join(f"<p>{line}</p>" for line in lines)
    return f'<div class="zp-notice" role="status">{paragraphs}</div>' if lines else ""


def reading_html(result: SearchResult, titles: Mapping[str, str]) -> str:
    """What was demanded, left out, added and put first, in quiet lines; nothing if nothing was.

    'Ook gezocht op: Artificiële Intelligentie.'
    """
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in reading_sentences(result, titles))
    return f'<div class="zp-reading">{paragraphs}</div>' if paragraphs else ""
