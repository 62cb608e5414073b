"""The part of Beheer that shows how the portal is used: numbers, and passages that readers said something of."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app_pages import _frame, _resources, _usage
from app_pages._beheer.links import parse_usage
from app_pages._beheer.usage_parts import (
    Marked,
    days_html,
    periods_html,
    portefeuilles_html,
    questions_html,
    totals_html,
    verdicts_html,
)
from app_pages._parts import notice_html
from index import Searcher
from index.errors import NoVersionError, UnknownDocumentError
from index.references import passages_on
from index.usage import Mark, UsageError, UsageReport, Verdict, passage_key

# Passages that are listed; with more, the bureau would not read to the end.
_MOST_PASSAGES = 50


def show() -> None:
    """Draws the part, for the period of the address bar: ?deel=gebruik&dagen=30"""
    address = parse_usage(_resources.query_params())
    st.html(f"<h2>Gebruik</h2>{periods_html(address)}")
    try:
        report = _usage.usage().report(address.days)
    except UsageError as error:
        _frame.put(notice_html([str(error)]))
        return
    _frame.put(totals_html(report, address.days))
    _frame.put(days_html(report))
    _frame.put(portefeuilles_html(report))
    _frame.put(verdicts_html(_marked(report), report.verdicts.get(Mark(), {})))
    _frame.put(questions_html(report, kept=_resources.SETTINGS.keep_questions))


def _marked(report: UsageReport) -> list[Marked]:
    """The passages that something was said of, as they stand in the version that answers now."""
    try:
        searcher = _resources.searcher()
    except NoVersionError:
        return []
    titles = {document.id: document.title for document in searcher.documents()}
    marks = [mark for mark in report.verdicts if mark.document][:_MOST_PASSAGES]
    return [_found(searcher, mark, titles.get(mark.document, ""), report.verdicts[mark]) for mark in marks]


def _found(searcher: Searcher, mark: Mark, title: str, said: Mapping[Verdict, int]) -> Marked:
    """The passage with this key on its page; without words if it is not there any more."""
    try:
        passages = passages_on(searcher, mark.document, searcher.page(mark.document, mark.page)) if title else ()
    except (UnknownDocumentError, IndexError):
        passages = ()
    passage = next((one for one in passages if passage_key(one.text) == mark.passage), None)
    return Marked(mark, said, title, passage)
