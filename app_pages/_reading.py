"""The notice above the answer: how the question was read, and how to have it read as it was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app_pages._links import SearchAddress
from app_pages._marking import escape
from app_pages._parts import link
from index.reading import correction_sentence, reading_sentences
from index.results import SearchResult


def reading_html(result: SearchResult, address: SearchAddress, titles: Mapping[str, str]) -> str:
    """A sentence a line in a quiet box; nothing if the question was taken as it stands.

    'Gezocht naar warmtetransitie (u typte warmtetranistie). Zoek op wat ik typte.'
    """
    lines = [escape(correction_sentence(typed, read_as)) for typed, read_as in result.corrections]
    if lines:
        lines[-1] += f" {link(replace(address, literal=True).href, 'Zoek op wat ik typte')}."
    elif address.literal:
        mended = link(replace(address, literal=False).href, "Verbeter ze wel")
        lines.append(f"Typefouten zijn niet verbeterd. {mended}.")
    lines += map(escape, reading_sentences(result, titles))
    paragraphs = "".join(f"<p>{line}</p>" for line in lines)
    return f'<div class="zp-notice" role="status">{paragraphs}</div>' if lines else ""
