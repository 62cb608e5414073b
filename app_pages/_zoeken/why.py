"""'Waarom gevonden?' beneath a hit: which words matched, how near it is in meaning, and how the question was read."""

from __future__ import annotations

from collections.abc import Sequence

from app_pages._marking import escape, isolated
from index.reading import correction_sentence
from index.results import Hit, SearchResult

# More words than these would not be read.
WORDS_SHOWN, ALSO_SHOWN = 12, 5


class Meanings:
    """The hits of a page by how near they are to the question in meaning: a cosine says nothing to a reader."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self.count = len(hits)
        nearest = sorted(hits, key=lambda hit: (-hit.why.meaning_score, hit.rank))
        self._places = {hit.rank: place for place, hit in enumerate(nearest, start=1)}

    def sentence(self, hit: Hit) -> str:
        """'Van de 10 passages op deze pagina is dit in betekenis de 3e.'; a search with one hit compares nothing."""
        place = self._places[hit.rank]
        if self.count == 1:
            return "Dit is de enige passage die gevonden is."
        if place == 1:
            return f"Betekenis: van de {self.count} gevonden passages lijkt deze het meest op uw vraag."
        return f"Betekenis: van de {self.count} gevonden passages staat deze op plaats {place} (1 lijkt het meest)."


def why_html(hit: Hit, result: SearchResult, meanings: Meanings) -> str:
    """All reasons, folded away until a reader asks for them."""
    lines = [_words_html(hit), escape(meanings.sentence(hit))]
    lines += [escape(correction_sentence(typed, read_as)) for typed, read_as in result.corrections]
    also = result.reading.also[:ALSO_SHOWN]
    if also:
        lines.append(f"Ook gezocht op woorden die hetzelfde betekenen: {_quoted(also)}.")
    if hit.document.id in result.reading.documents:
        lines.append("U noemt dit document in uw vraag. Daarom staat het hoger.")
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f'<details class="zp-why"><summary>Waarom gevonden?</summary><ul>{items}</ul></details>'


def _words_html(hit: Hit) -> str:
    """'Woorden uit uw vraag: ‘voorzitter’, ‘cultuur’.', or that there are none."""
    if not hit.why.words:
        return "Geen van uw woorden staat hier. De passage gaat wel over iets wat erop lijkt."
    rest = len(hit.why.words) - WORDS_SHOWN
    more = f" en nog {rest}" if rest > 0 else ""
    return f"Woorden uit uw vraag: {_quoted(hit.why.words[:WORDS_SHOWN])}{more}."


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"‘{isolated(word)}’" for word in words)
