"""The part of Beheer with the begrippen: the bureau's own synonyms and abbreviations, a row each."""

from __future__ import annotations

import streamlit as st

from app_pages import _frame, _resources
from app_pages._beheer import access
from app_pages._beheer import begrippen as _begrippen
from app_pages._parts import notice_html
from index.begrippen import BegrippenError
from ingest.errors import NotKeptError

_SAVED = "begrippen-bewaard"
_NEW = 3


def show() -> None:
    """Draws the part."""
    st.html(
        "<h2>Begrippen</h2><p>Zoekt iemand op een van deze woorden, dan zoekt het portaal ook op de andere. Zet alleen "
        "woorden bij elkaar die echt hetzelfde betekenen. Maak een rij leeg om hem weg te halen. Een wijziging telt "
        "vanaf de volgende inlezing.</p>"
    )
    if st.session_state.pop(_SAVED, False):
        _frame.put(notice_html(["Bewaard. Lees de bronnen opnieuw in om de begrippen te laten meetellen."]))
    corpus = _resources.SETTINGS.corpus
    try:
        rows = _begrippen.rows_of(_begrippen.text_of(corpus))
    except BegrippenError as error:
        _frame.put(notice_html([str(error)]))
        return
    with st.form("begrippen", border=False):
        st.html("<h3>Woorden die hetzelfde betekenen</h3><p>Zet een komma tussen de woorden.</p>")
        begrippen = [
            _begrippen.words_of(st.text_input(_label("Begrip", place, len(rows.begrippen)), ", ".join(words)))
            for place, words in enumerate([*rows.begrippen, *[()] * _NEW], start=1)
        ]
        st.html("<h3>Afkortingen</h3>")
        afkortingen = []
        for place, (short, long) in enumerate([*rows.afkortingen, *[("", "")] * _NEW], start=1):
            left, right = st.columns([1, 3])
            with left:
                kort = st.text_input(_label("Afkorting", place, len(rows.afkortingen)), short)
            with right:
                voluit = st.text_input(_label("Voluit", place, len(rows.afkortingen)), long)
            afkortingen.append((kort.strip(), voluit.strip()))
        pressed = st.form_submit_button("Begrippen bewaren", type="primary")
    if pressed:
        _save(_begrippen.Rows(tuple(begrippen), tuple(afkortingen)))


def _label(name: str, place: int, there: int) -> str:
    """('Begrip', 2, 5) → 'Begrip 2', ('Begrip', 6, 5) → 'Nieuw: begrip 6'."""
    return f"{name} {place}" if place <= there else f"Nieuw: {name.lower()} {place}"


def _save(rows: _begrippen.Rows) -> None:
    try:
        access.require()
        _begrippen.save(_resources.SETTINGS.corpus, rows)
    except BegrippenError as error:
        _frame.put(notice_html([f"Er is niets bewaard. {error.what[:1].upper()}{error.what[1:]}."]))
    except (access.NotAllowedError, NotKeptError) as error:
        _frame.put(notice_html([str(error)]))
    else:
        st.session_state[_SAVED] = True
        st.rerun()
