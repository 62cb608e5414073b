"""The part of Beheer with the runs: start one, see how far it is, read what it brought, go back a version."""

from __future__ import annotations

import time

import streamlit as st

from app_pages import _frame, _resources
from app_pages._beheer import access, runs
from app_pages._beheer.runs_report import ended_html, report_html, running_html, versions_html
from app_pages._parts import notice_html
from index.versions import current_version
from ingest.progress import Outcome, RunState, last_run

# How often a page looks how far the run is, in seconds: one small file is read.
_EVERY = 2.0
_SAID = "beheer-gezegd"


def show() -> None:
    """Draws the part."""
    data = _resources.SETTINGS.data
    st.html("<h2>Inlezen</h2>")
    _frame.put(notice_html([said] if (said := st.session_state.pop(_SAID, "")) else []))
    drawn = last_run(data)
    _progress(_mark(drawn))
    _start(drawn)
    st.html("<h2>Wat de laatste inlezing bracht</h2>")
    report = runs.last_report(data)
    st.html(report_html(report) if report else "<p>Er is nog geen verslag van een inlezing.</p>")
    _versions(drawn)


@st.fragment(run_every=_EVERY)
def _progress(drawn: str) -> None:
    """How far the run is, looked at again and again; the whole page is drawn anew when a run began or ended."""
    if not access.here().allowed:
        st.rerun()
    data = _resources.SETTINGS.data
    run = last_run(data)
    if _mark(run) != drawn:
        st.rerun()
    if run is None:
        # what is removed for good takes the reports along, and a backup has none
        there = current_version(data)
        st.html("<p>Van de laatste inlezing is niets bewaard.</p>" if there else "<p>Er is nog niet ingelezen.</p>")
    elif run.outcome is Outcome.LOOPT:
        st.html(running_html(run, runs.told_at(run.started), time.time() - run.started))
    else:
        st.html(ended_html(run, runs.how_it_ended(data, run), runs.told_at(run.told)))


def _mark(run: RunState | None) -> str:
    """What makes the page another one: which run, and how it goes."""
    return f"{run.pid} {run.born} {run.outcome}" if run else ""


def _start(run: RunState | None) -> None:
    goes_on = run is not None and run.outcome is Outcome.LOOPT
    online = st.checkbox("Haal ook op wat op internet staat", value=True, disabled=goes_on)
    if st.button("Nu inlezen", type="primary", disabled=goes_on):
        begin(() if online else ("--offline",))


def begin(more: tuple[str, ...] = (), said: str = "") -> None:
    """Starts a run for whoever may, and draws the page anew; says in Dutch what was done before it, and what hinders
    it."""
    try:
        access.require()
        runs.start(_resources.SETTINGS, more)
    except (access.NotAllowedError, runs.RunProblem) as error:
        said = f"{said} {error}".strip()
    st.session_state[_SAID] = said
    st.rerun()


def _versions(run: RunState | None) -> None:
    data = _resources.SETTINGS.data
    found = runs.versions_of(data)
    st.html(f"<h2>Versies</h2>{versions_html(found)}")
    current = next((place for place, one in enumerate(found) if one.current), None)
    older = [one for one in found[current + 1 :] if not one.problem] if current is not None else []
    if not older:
        st.html('<p class="zp-quiet">Er is geen oudere versie om naar terug te gaan.</p>')
        return
    st.html(
        "<h3>Een versie terug</h3><p>Herstel eerst de bron waar het aan lag: de volgende inlezing leest weer wat er "
        f"dan staat. Zet u nu terug, dan geeft de versie van {older[0].made} antwoord.</p>"
    )
    goes_on = run is not None and run.outcome is Outcome.LOOPT
    with st.form("terugzetten", border=False):
        sure = st.checkbox("Ja, zet de vorige versie terug")
        pressed = st.form_submit_button("Vorige versie terugzetten", disabled=goes_on)
    if pressed and not sure:
        _frame.put(notice_html(["Vink eerst aan dat u de vorige versie wilt terugzetten."]))
    elif pressed:
        try:
            access.require()
            with st.spinner("De vorige versie wordt gecontroleerd en teruggezet …"):
                st.session_state[_SAID] = runs.roll_back(_resources.SETTINGS)
        except (access.NotAllowedError, runs.RunProblem) as error:
            _frame.put(notice_html([str(error)]))
        else:
            st.rerun()
