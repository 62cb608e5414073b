"""'Was dit wat u zocht?' beneath an answer and beneath a page with a cited passage.

Yes, or no with one of a few reasons: no free text, since people would put names in it. A no counts at once, and its
reason takes its place. One session says one thing of one answer. All of it is a fragment: a click draws these few
lines anew, and searches nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app_pages import _usage
from app_pages._links import SearchAddress
from app_pages._marking import escape
from index.results import SearchResult
from index.usage import Mark, Verdict, passage_key
from ingest.documents import Passage

REASONS = {
    Verdict.OTHER_QUESTION: "Het past niet bij mijn vraag",
    Verdict.ELSEWHERE: "Het staat ergens anders",
    Verdict.OUTDATED: "De informatie is verouderd",
    Verdict.SOURCE_MISSING: "Er ontbreekt een bron",
}

_SAID = "terugmelding"

# What was said of, and in answer to which question ('' on the page of a document).
Subject = tuple[Mark, str]


def show(result: SearchResult, address: SearchAddress) -> None:
    """Beneath the answer; a question that is shown for the first time is counted too (_usage.asked)."""
    _usage.asked(result, address)
    hit = result.answer.hit
    mark = mark_of(hit.passage) if hit else Mark()
    _ask(mark, _usage.same_question(address.question))


def show_passage(cited: Sequence[Passage]) -> None:
    """Beneath the page of a document, of the passage that the link cites; nothing if it cites none."""
    if cited:
        _ask(mark_of(cited[0]), "")


def mark_of(passage: Passage) -> Mark:
    """How a passage is known in the counts."""
    return Mark(passage.document_id, passage.pages[0], passage_key(passage.text))


@st.fragment
def _ask(mark: Mark, question: str) -> None:
    """The question and its buttons, or thanks. The script makes groups and a live region of the containers."""
    verdict = _said_of(mark, question)
    with st.container(key="zp-feedback"):
        if verdict in (None, Verdict.NO_REASON):
            _yes_or_no(mark, question, verdict)
        if verdict is Verdict.NO_REASON:
            _why_not(mark, question)
        with st.container(key="zp-feedback-told"):
            st.html(f'<p class="zp-told" tabindex="-1">{escape(_told(verdict))}</p>')


def _yes_or_no(mark: Mark, question: str, verdict: Verdict | None) -> None:
    with st.container(key="zp-feedback-ask", horizontal=True, vertical_alignment="center"):
        # without an answer there is nothing that 'dit' could be, but what comes nearest may help
        asked = "Helpt dit u toch verder?" if mark == Mark() else "Was dit wat u zocht?"
        st.html(f'<p class="zp-ask">{asked}</p>', width="content")
        st.button("Ja", key="zp-feedback-yes", on_click=_say, args=(mark, question, Verdict.HELPED))
        # the button stays where it is, so that the keyboard does too; the reasons come right after it
        args = (mark, question, Verdict.NO_REASON)
        st.button("Nee", key="zp-feedback-no", on_click=_say, args=args)


def _why_not(mark: Mark, question: str) -> None:
    with st.container(key="zp-feedback-why", horizontal=True):
        for reason, words in REASONS.items():
            st.button(words, key=f"zp-feedback-{reason}", on_click=_say, args=(mark, question, reason))


def _told(verdict: Verdict | None) -> str:
    if verdict is None:
        return ""
    if verdict is Verdict.NO_REASON:
        return "Jammer. Kies hierboven waarom niet."
    return "Dank u wel. Het bureau ziet alleen het aantal, niet wie het zei."


def _said_of(mark: Mark, question: str) -> Verdict | None:
    """What this session said of it. On the page of a document also what it said of the passage as an answer."""
    said: dict[Subject, Verdict] = st.session_state.get(_SAID, {})
    if question or (mark, "") in said:
        return said.get((mark, question))
    return next((verdict for (one, _), verdict in said.items() if one == mark), None)


def _say(mark: Mark, question: str, verdict: Verdict) -> None:
    """Keeps and counts what was said, unless it was said already."""
    before = _said_of(mark, question)
    if before == verdict or before not in (None, Verdict.NO_REASON):
        return
    st.session_state.setdefault(_SAID, {})[(mark, question)] = verdict
    _usage.said(mark, verdict, before)
