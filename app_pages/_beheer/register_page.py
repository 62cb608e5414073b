"""The part of Beheer with the sources: a list with their state, and a form to change one."""

from __future__ import annotations

from datetime import date

import streamlit as st

from app_pages import _frame, _resources
from app_pages._beheer import access, register
from app_pages._beheer.links import BeheerAddress, Part
from app_pages._marking import escape, isolated
from app_pages._parts import dutch_date, link, notice_html
from index.errors import SearchIndexError
from index.forgotten import forgotten
from index.results import SourceStatus
from ingest.documents import Source
from ingest.errors import IngestError
from ingest.fetch import FetchSettings
from ingest.ledger import State
from ingest.portefeuilles import PORTEFEUILLES
from ingest.register import Value, add_source, change_source, registered_ids
from ingest.sources import sources_of

_SAVED = "bron-bewaard"
_TIMES = "bron-keren-bewaard-"


def show(source_id: str) -> None:
    """Draws the list, or the form of one source."""
    corpus = _resources.SETTINGS.corpus
    told = statuses()
    try:
        sources = sources_of(corpus)
    except IngestError as error:
        _frame.put(notice_html([str(error)]))
        return
    sources += register.sources_of_links(sources, told)
    if saved := st.session_state.pop(_SAVED, ""):
        _frame.put(notice_html([f"‘{saved}’ is bewaard. Dit telt vanaf de volgende inlezing."]))
    if not source_id:
        add = link(BeheerAddress(Part.ADD).href, "Voeg een bestand of adres toe")
        st.html(f"<h2>Bronnen</h2><p>{add}.</p>{register.sources_html(sources, told, _removed())}")
        return
    source = next((one for one in sources if one.id == source_id), None)
    back = f'<p class="zp-back">{link(BeheerAddress().href, "← Alle bronnen")}</p>'
    if source is None:
        st.html(back + notice_html(["Deze bron staat niet (meer) in het register of in de map."]))
        return
    st.html(
        f"{back}<h2>Bron wijzigen</h2><p><code>{escape(source.id)}</code> "
        f'<span class="zp-quiet">{isolated(register.place_of(source))}</span></p>'
    )
    _form(source, told.get(source.id))


def statuses() -> dict[str, SourceStatus]:
    """The ledger by source; empty where nothing was ingested yet, which must not stand in the bureau's way."""
    try:
        return {status.id: status for status in _resources.searcher().sources()}
    except SearchIndexError:
        return {}


def _removed() -> set[str]:
    """The ids of what was removed for good; none where that list cannot be read, which the run itself says."""
    try:
        return {one.id for one in forgotten(_resources.SETTINGS.data)}
    except SearchIndexError:
        return set()


def fields(
    filled: register.Filled, key: str, *, address: str = "Adres op internet (mag leeg blijven)"
) -> register.Filled:
    """The fields of a source, to be drawn within a form; what is filled in.

    `address` is that field's label, '' for none.
    """
    title = st.text_input("Titel", filled.title, key=f"{key}-titel")
    left, middle, right = st.columns([3, 2, 1])
    with left:
        publisher = st.text_input("Uitgever", filled.publisher, key=f"{key}-uitgever")
    with middle:
        kind = st.text_input("Soort", filled.kind, key=f"{key}-soort")
    with right:
        year = st.text_input("Jaar", filled.year, key=f"{key}-jaar", max_chars=4)
    url = st.text_input(address, filled.address, key=f"{key}-adres") if address else filled.address
    st.html("<h3>Portefeuilles</h3><p>Kiest u niets, dan zeggen de koppen in het document het.</p>")
    columns = st.columns(2)
    chosen = []
    for place, name in enumerate(PORTEFEUILLES):
        with columns[place % 2]:
            if st.checkbox(name, name in filled.portefeuilles, key=f"{key}-{name}"):
                chosen.append(name)
    return register.Filled(title, publisher, year, kind, url, tuple(chosen))


def problems_of(filled: register.Filled) -> list[str]:
    """What is wrong with what was filled in, for this portal on this day."""
    try:
        networks = FetchSettings.of_environment().allowed_networks
    except IngestError as error:
        return [str(error)]
    return register.problems_of(filled, date.today(), networks)


def _form(source: Source, status: SourceStatus | None) -> None:
    now = register.filled_of(source)
    saved = st.session_state.get(f"{_TIMES}{source.id}", 0)
    key = f"bron-{source.id}" + (f"-{saved}" if saved else "")  # another one after each time: drawn from the register
    if f"{key}-titel" not in st.session_state:
        st.session_state[f"{key}-eerst"] = now
    with st.form("bron", border=False):
        filled = fields(now, key)
        released = ""
        if status and status.state == State.IN_QUARANTAINE and not source.personal_data:
            released = released_by(f"{key}-vrijgegeven")
        pressed = st.form_submit_button("Bewaren", type="primary")
    if pressed:
        _save(source, st.session_state.get(f"{key}-eerst", now), filled, released)


def released_by(key: str) -> str:
    """The field for who lets a document through in which a BSN was found, to be drawn within a form."""
    st.html(
        "<h3>Burgerservicenummer</h3><p>Zolang niemand het document vrijgeeft, is het niet te vinden. Hebt u het "
        "nagekeken en mag het openbaar zijn? Vul dan in wie het vrijgeeft. Anders laat u dit leeg.</p>"
    )
    return st.text_input("Vrijgegeven door", max_chars=100, key=key)


def release_of(released: str) -> dict[str, Value | None]:
    """The register's field for a release of today: 'A. Bos' → {'persoonsgegevens': 'vrijgegeven door A. Bos, …'}."""
    who = " ".join(released.split())
    return {"persoonsgegevens": f"vrijgegeven door {who}, {dutch_date(date.today().isoformat())}"} if who else {}


def _save(source: Source, before: register.Filled, filled: register.Filled, released: str) -> None:
    """`before` is what the form began with."""
    if problems := problems_of(filled):
        _frame.put(notice_html(problems))
        return
    corpus = _resources.SETTINGS.corpus
    was = register.fields_of(before)
    # only what was changed here: what somebody else changed meanwhile stays as he set it
    changes = {name: value for name, value in register.fields_of(filled).items() if value != was[name]}
    release = release_of(released)
    try:
        access.require()
        if source.id in registered_ids(corpus):
            change_source(corpus, source.id, {**changes, **release})
        else:  # a file that only lies in the folder, or a link: from now on the register has it, by the same id
            file = str(source.path.relative_to(corpus)) if source.path else ""
            add_source(corpus, {**register.fields_of(filled), **release, "bestand": file}, source.id)
    except (access.NotAllowedError, IngestError) as error:
        _frame.put(notice_html([str(error)]))
    else:
        st.session_state[_SAVED] = changes.get("titel", source.title)
        st.session_state[f"{_TIMES}{source.id}"] = st.session_state.get(f"{_TIMES}{source.id}", 0) + 1
        st.rerun()
