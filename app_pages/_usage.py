"""Counting how the portal is used: what is one question, and when it is written.

A question counts once a browser session and day, whatever filters are put on and off, however often Streamlit draws
the page again and whether the reader comes back to it by a link or the back button. The same words in other capitals
or with other spaces are the same question. A new session (the page loaded anew, a mailed link) counts again, since
nothing is kept by which it could be known.

What is to be counted waits in the session until the page is drawn: `settle`, at the end of app.py, writes it. A page
that the reader left before that is counted with the next one. That it cannot be written is for the log, never for the
reader.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import streamlit as st

from app_pages import _resources
from app_pages._links import SearchAddress
from index.results import SearchResult, Status
from index.usage import Mark, Usage, UsageError, Verdict, dutch_day

_COUNTED = "gebruik-geteld"
_WAITING = "gebruik-wacht"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is to be counted."""

    question: str
    status: Status
    portefeuilles: tuple[str, ...]


def usage() -> Usage:
    """The counts of this portal."""
    return Usage(_resources.SETTINGS.data, keep_questions=_resources.SETTINGS.keep_questions)


def asked(result: SearchResult, address: SearchAddress) -> None:
    """A question was answered on the page: it is counted if it is another than this session had today."""
    key = (dutch_day(), same_question(address.question))
    counted = st.session_state.setdefault(_COUNTED, set())
    if key in counted:
        return
    counted.add(key)
    waiting = st.session_state.setdefault(_WAITING, [])
    waiting.append(Asked(address.question, result.answer.status, portefeuilles_of(result, address)))


def said(mark: Mark, verdict: Verdict, instead_of: Verdict | None = None) -> None:
    """A reader said what he thinks of an answer or a passage."""
    try:
        usage().count_verdict(mark, verdict, instead_of)
    except UsageError as error:
        _log(error)


def settle() -> None:
    """Writes what waits. Called when the page has been drawn."""
    waiting = st.session_state.pop(_WAITING, [])
    for one in waiting:
        try:
            usage().count_question(one.question, one.status, one.portefeuilles)
        except UsageError as error:
            _log(error)


def same_question(question: str) -> str:
    """What makes two questions one: ' Wie is  Smid?' → 'wie is smid?'."""
    return " ".join(question.casefold().split())


def portefeuilles_of(result: SearchResult, address: SearchAddress) -> tuple[str, ...]:
    """Which portefeuilles a question is about: those that the reader chose, else those of the passage that answers."""
    hit = result.answer.hit
    return address.portefeuilles or (hit.passage.portefeuilles if hit else ())


def _log(error: UsageError) -> None:
    logging.getLogger("zoekportaal").warning("Not counted: %s", error)
