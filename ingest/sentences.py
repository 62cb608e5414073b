"""Dutch text cut into sentences, as spans: a sentence is the smallest thing that can answer a question."""

from __future__ import annotations

import re

# Abbreviations that end in a full stop without ending a sentence; from the handover, the real government documents
# that the ingest was tried on, and the list of common abbreviations in the Leidraad of the Taalunie.
_ABBREVIATIONS = frozenset(
    """
    a.d.h.v. a.u.b. afd. afz. al. alg. art. artt. bc. bijv. blz. bv. ca. cie. co. d.d. d.i. d.m.v. dd. dhr. dir.
    div. dr. drs. e.a. e.d. e.e.a. e.v. enz. etc. evt. excl. fig. gem. hfst. hr. i.c. i.c.m. i.g.v. i.h.k.v. i.o.
    i.p.v. i.s.m. i.v.m. incl. ing. inz. ir. jl. jr. lid. m.a.w. m.b.t. m.b.v. m.i. m.i.v. m.n. m.u.v. max. mevr.
    min. mld. mln. mr. mw. n.a.v. n.v.t. nl. no. nr. nrs. o.a. o.b.v. o.g.v. o.i.d. o.l.v. o.m. o.m.v. p. p.a. p.m.
    pag. par. pct. ph. plm. prof. q.q. r.k. red. resp. s.v.p. sr. st. stb. stcrt. t.a.v. t.b.v. t.g.v. t.h.v. t.n.v.
    t.o.v. t.w. t.z.t. tel. u.a. v. v.a. v.w.b. vb. vgl. vlg. w.o. z.g. z.o.z. z.s.m. zgn.
    """.split()
)
# A full stop, question or exclamation mark (with closing quotes), white space, and something that can open a sentence.
_END = re.compile(r"[.!?…][”’\"')\]]*(?=\s+[\"“‘'(\[]?[A-ZÀ-Ý0-9€#•])")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence, without the white space around it.

    'Dit is zo. N.a.v. het IZA ook.' → [(0, 10), (11, 30)]
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for found in _END.finditer(text):
        if _is_abbreviation(text, found.start()):
            continue
        spans.append((start, found.end()))
        start = found.end()
    spans.append((start, len(text)))
    return [span for span in (_trimmed(text, *span) for span in spans) if span[0] < span[1]]


def ends_sentence(text: str) -> bool:
    """Whether a line ends where a sentence or an introduction may: '… te gaan.”' → True, 'gemeente Assen' → False."""
    return text.rstrip("”’\"')»").endswith((".", "!", "?", ":", ";"))


def _is_abbreviation(text: str, stop: int) -> bool:
    """Whether the full stop at this place belongs to an abbreviation, an initial or a list numeral."""
    if text[stop] != ".":
        return False
    word = re.split(r"[\s(\[“‘\"']", text[: stop + 1])[-1].lower()
    if word in _ABBREVIATIONS or re.fullmatch(r"(?:[a-z]\.)+", word):
        return True
    # '1. Gezamenlijke kennisontwikkeling' at the start of an item; not '… in 2026. Daarna …'
    return bool(re.fullmatch(r"\d{1,2}\.", word)) and text[: stop + 1].strip() == text[: stop + 1].strip().split()[-1]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
