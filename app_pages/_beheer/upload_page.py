"""The part of Beheer where sources come in: files or an address, what was read of a file, and publishing it."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app_pages import _frame, _resources
from app_pages._beheer import access, register, register_page, runs_page, upload_route
from app_pages._beheer import upload_publish as publishing
from app_pages._beheer import upload_staging as staging
from app_pages._beheer.links import BeheerAddress, Part
from app_pages._beheer.upload_preview import Preview, preview_html, preview_of
from app_pages._beheer.upload_suggested import Suggestion, Themes, suggested
from app_pages._marking import escape, isolated
from app_pages._parts import dutch_date, link, notice_html
from index.errors import SearchIndexError
from index.store import Store
from index.versions import current_version, open_current
from ingest.documents import Source
from ingest.errors import IngestError, UnreadableError
from ingest.pipeline import READ_MIB, digest_of, read_here
from ingest.quality import load_dutch
from ingest.register import add_source
from ingest.sources import sources_of
from ingest.worker import read_in_worker

# A reader waits at the screen here; the run itself takes an hour for a large scan if it must.
_SECONDS = 600.0
_SAID = "toegevoegd"
_PROBLEMS = {
    upload_route.REFUSED: "Het bestand is niet aangenomen. Laad deze pagina opnieuw en probeer het nog eens.",
    upload_route.TOO_LARGE: "Dit is samen meer dan 200 MB. Verstuur ze een voor een, of splits ze.",
    upload_route.NOTHING: "Kies eerst een bestand dat niet leeg is.",
    upload_route.BROKEN: "Het versturen is onderbroken. Verstuur hoogstens 20 bestanden tegelijk, samen tot 200 MB.",
    upload_route.FULL: "Het bestand kan niet worden bewaard. Vraag de beheerder of de schijf vol is.",
}


def show(address: BeheerAddress, who: str) -> None:
    """Draws the part: what waits, and the ways in; or one file that waits."""
    if said := st.session_state.pop(_SAID, ""):
        _frame.put(notice_html([said]))
    _frame.put(notice_html([_PROBLEMS[address.problem]] if address.problem in _PROBLEMS else []))
    data = _resources.SETTINGS.data
    if address.proposal:
        back = link(BeheerAddress(Part.ADD).href, "← Bestanden toevoegen")
        st.html(f'<p class="zp-back">{back}</p>')
        one = staging.proposal(data, address.proposal)
        if one is None:
            _frame.put(notice_html(["Dit bestand wacht niet meer: het is gepubliceerd of weggegooid."]))
        else:
            _proposal(one)
        return
    st.html(_form_html(who))
    _waiting(staging.proposals(data))
    _address()


def _form_html(who: str) -> str:
    """The form that posts to our own route. The browser's own file field lies over the box, unseen, since its words are
    those of the browser's language: it takes clicks, keys and files that are dropped on it."""
    context = get_script_run_ctx()
    token = upload_route.token_for(who, context.session_id, access.login_of(st.context.cookies)) if context else ""
    action = f"{upload_route.PATH.lstrip('/')}?sleutel={token}"
    return (
        "<h2>Bestanden toevoegen</h2>"
        f'<form class="zp-upload" method="post" enctype="multipart/form-data" action="{escape(action)}">'
        '<div class="zp-drop"><label for="zp-bestanden">Kies bestanden, of sleep ze op dit vak</label>'
        '<p class="zp-chosen" role="status">Nog geen bestand gekozen</p>'
        '<input id="zp-bestanden" type="file" name="bestanden" multiple required aria-describedby="zp-soorten" '
        'accept=".pdf,.docx,.odt,.html,.htm,.md,.txt"></div>'
        '<p id="zp-soorten" class="zp-quiet">Pdf, Word (.docx), ODT, webpagina, Markdown of tekst. Samen hoogstens '
        "200 MB. U ziet eerst wat het portaal leest; daarna beslist u of het wordt gepubliceerd. Neem alleen "
        "documenten die openbaar mogen zijn.</p>"
        '<button type="submit">Versturen en bekijken</button></form>'
    )


def _waiting(waiting: list[staging.Proposal]) -> None:
    if not waiting:
        return
    items = "".join(
        f"<li>{link(BeheerAddress(Part.ADD, proposal=one.key).href, isolated(one.name))}<br>"
        f'<span class="zp-quiet">{_brought(one)}</span></li>'
        for one in waiting
    )
    st.html(f'<h2>Wacht op uw oordeel</h2><ul class="zp-list">{items}</ul>')


def _brought(one: staging.Proposal) -> str:
    """'1,2 MB, verstuurd op 25 november 2026 door a.bos@vdg.nl', escaped."""
    size = f"{one.size / 1e6:.1f} MB".replace(".", ",") if one.size >= 100_000 else f"{max(1, one.size // 1000)} kB"
    by = f" door {isolated(one.by)}" if one.by else ""
    return f"{size}, verstuurd op {dutch_date(date.fromtimestamp(one.when).isoformat())}{by}"


def _address() -> None:
    st.html("<h2>Een adres toevoegen</h2><p>Het portaal haalt het rapport bij de volgende inlezing zelf op.</p>")
    with st.form("adres", border=False):
        filled = register_page.fields(register.Filled("", kind="rapport"), "nieuw", address="Webadres van het rapport")
        start = st.checkbox("Lees meteen in", value=True, key="adres-meteen")
        pressed = st.form_submit_button("Adres toevoegen", type="primary")
    if not pressed:
        return
    problems = register_page.problems_of(filled)
    if not filled.address.strip():
        problems.append("Vul het webadres in.")
    if problems:
        _frame.put(notice_html(problems))
        return
    try:
        access.require()
        add_source(_resources.SETTINGS.corpus, register.fields_of(filled))
    except (access.NotAllowedError, IngestError) as error:
        _frame.put(notice_html([str(error)]))
        return
    _go_on(start, f"‘{filled.title}’ staat in het register.")


# ── One file that waits ──────────────────────────────────────────────────────────────────────────────────────────


def _proposal(one: staging.Proposal) -> None:
    st.html(f"<h2>{isolated(one.name)}</h2><p class='zp-quiet'>{_brought(one)}</p>")
    data = _resources.SETTINGS.data
    try:
        preview = _read(str(data), one.key, one.name)
    except FileNotFoundError:
        _frame.put(notice_html(["Dit bestand wacht niet meer: het is gepubliceerd of weggegooid."]))
        return
    except IngestError as error:
        _frame.put(notice_html([str(error)]))
        return
    st.html(preview_html(preview))
    if preview.can_be_published:
        _publish_form(one, preview)
    if st.button("Weggooien", key="weggooien"):
        try:
            access.require()
        except access.NotAllowedError as error:
            _frame.put(notice_html([str(error)]))
            return
        staging.discard(data, one.key)
        _leave(f"‘{one.name}’ is weggegooid.")


# By key: a file that waits never changes. Few, since a reading can be large, and an hour, since most are published.
@st.cache_resource(max_entries=4, ttl=3600, show_spinner="Het bestand wordt gelezen …")
def _read(data: str, key: str, name: str) -> Preview:
    """What a file that waits holds, read apart as the run reads it: a hostile one costs itself only."""
    one = staging.proposal(_resources.SETTINGS.data, key)
    if one is None:
        raise FileNotFoundError(key)
    content = staging.content_of(_resources.SETTINGS.data, one)
    source = Source("voorstel", name)
    try:
        read = read_in_worker(
            read_here,
            source,
            content,
            name,
            digest_of(content),
            seconds=_SECONDS,
            memory_mib=READ_MIB,
            file=name,
            prepare=load_dutch,
        )
    except UnreadableError as error:
        return preview_of(error, name)
    return preview_of(read, name)


def _publish_form(one: staging.Proposal, preview: Preview) -> None:
    corpus = _resources.SETTINGS.corpus
    try:
        sources = sources_of(corpus)
    except IngestError as error:
        _frame.put(notice_html([str(error)]))
        return
    there = publishing.source_with_file(corpus, sources, one.name)
    proposed = _suggestion(preview)
    st.html("<h3>Zo komt het in het register</h3><p>Dit stelt het portaal voor. Verander wat niet klopt.</p>")
    known = there or _known_report(one, sources, proposed.title)
    filled = register.filled_of(known) if known else register.filled_of_suggestion(proposed)
    with st.form("publiceren", border=False):
        replace = False
        if there:
            replace = st.checkbox(
                f"Dit is een nieuwe versie van het bestand {one.name} dat er al staat. Vervang dat bestand."
            )
        key = f"voorstel-{one.key}" + (f"-{known.id}" if known else "")
        filled = register_page.fields(filled, key, address="")
        released = ""
        if preview.quarantined:
            released = register_page.released_by(f"{key}-vrijgegeven")
        pressed = st.form_submit_button("Publiceren", type="primary")
    if pressed:
        _publish(one, filled, _place(one, there if replace else None, None if there else known), released)


def _known_report(one: staging.Proposal, sources: list[Source], title: str) -> Source | None:
    """The source without a file that this is the report of, as the bureau says; its title makes the first guess."""
    waiting = [source for source in sources if source.path is None]
    waiting += register.sources_of_links(sources, register_page.statuses())
    guess = publishing.named_alike(waiting, (title, Path(one.name).stem))
    names = {source.id: source.title for source in waiting}
    chosen = st.selectbox(
        "Welk rapport is dit?",
        ["", *names],
        index=[*names].index(guess.id) + 1 if guess else 0,
        format_func=lambda known: names.get(known, "Een rapport dat nog niet in de lijst met bronnen staat"),
        key=f"rapport-{one.key}",
        placeholder="Kies een rapport",
        filter_mode=None,  # typing in the list would bring Streamlit's English words
    )
    if chosen and title and title != names[chosen]:
        st.html(f'<p class="zp-quiet">In het bestand zelf staat als titel: ‘{isolated(title)}’.</p>')
    return next((source for source in waiting if source.id == chosen), None)


def _place(one: staging.Proposal, replaced: Source | None, known: Source | None) -> publishing.Place:
    if replaced and replaced.path:
        return publishing.Place(replaced.path.name, replaced.id)
    beside = publishing.place_beside(_resources.SETTINGS.corpus, one.name)
    return dataclasses.replace(beside, source=known.id) if known else beside


def _publish(one: staging.Proposal, filled: register.Filled, place: publishing.Place, released: str) -> None:
    if problems := register_page.problems_of(filled):
        _frame.put(notice_html(problems))
        return
    fields = {**register.fields_of(filled), **register_page.release_of(released)}
    try:
        access.require()
        publishing.publish(_resources.SETTINGS.data, _resources.SETTINGS.corpus, one, place, fields)
    except (access.NotAllowedError, publishing.PublishError) as error:
        _frame.put(notice_html([str(error)]))
        return
    _go_on(True, f"‘{filled.title}’ staat in de map met bronnen.")


def _suggestion(preview: Preview) -> Suggestion:
    assert preview.extracted
    data = _resources.SETTINGS.data
    publishers = {status.publisher for status in register_page.statuses().values()}
    read = preview.extracted
    return suggested(read.document, read.passages, _themes(str(data), current_version(data)), publishers, date.today())


@st.cache_resource(max_entries=2, show_spinner=False)
def _themes(data: str, version: str | None) -> Themes:
    """What the portefeuilles are about in the version that answers now."""
    try:
        store = Store(open_current(_resources.SETTINGS.data)[1].store)
        return Themes(store.passages_at(range(store.passages)))
    except SearchIndexError:
        return Themes(())


def _go_on(start: bool, said: str) -> None:
    """To the runs, with one started, or back to the ways in; `said` is what was just done."""
    if not start:
        _leave(said)
    _move(BeheerAddress(Part.RUNS))
    runs_page.begin(said=said)


def _leave(said: str) -> None:
    st.session_state[_SAID] = said
    _move(BeheerAddress(Part.ADD))
    st.rerun()


def _move(address: BeheerAddress) -> None:
    st.query_params.from_dict(address.params)
