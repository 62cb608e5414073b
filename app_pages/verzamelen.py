"""The collection: passages that a reader kept, in his order and with his notes, to take out with their sources.

The address bar holds all of it. The script keeps the reader's own list in his browser as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

import streamlit as st

from app_pages import _frame, _resources
from app_pages._parts import counted, notice_html, title_html
from app_pages._verzameling.collection import (
    MOST_ITEMS,
    NOTE_LIMIT,
    SHOWN,
    Collection,
    Item,
    parse_collection,
    parse_sheet,
    sheet_params,
)
from app_pages._verzameling.exports import Entry, citation, entries_of
from app_pages._verzameling.exports_csv import as_csv
from app_pages._verzameling.exports_markdown import as_markdown
from app_pages._verzameling.exports_word import as_word
from app_pages._verzameling.found import Corpus, Found, Stand, found
from app_pages._verzameling.parts import (
    copy_html,
    copy_link_html,
    empty_html,
    passage_found_html,
    sheets_html,
    state_html,
)

# Kept between two looks at a list; one passage is some 2 kB.
FOUND_KEPT = 2_000

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def show() -> None:
    """The page, from the address bar: ?lijst=…, or one passage: ?document=…&pagina=18&citaat=…"""
    searcher = _resources.searcher()
    collection, problems = parse_collection(_resources.query_params())
    edits = st.session_state.get("collection_edits", 0)
    _frame.put(title_html("Verzameling") + state_html(collection, edits))
    _frame.put(notice_html(problems))
    _what_happened()
    if not collection.items:
        _frame.put(empty_html())
        return
    sheet = parse_sheet(_resources.query_params(), collection)
    first = SHOWN * (sheet - 1)
    shown = collection.items[first : first + SHOWN]
    kept = [_found(searcher, item, searcher.version) for item in shown]
    _taking_out(collection, kept)
    _frame.put(sheets_html(collection, sheet, "boven"))
    for number, one in enumerate(kept, start=first + 1):
        _passage(number, one, len(collection.items))
    _frame.put(sheets_html(collection, sheet, "onder"))
    _wiping(collection)


# ── What is shown ────────────────────────────────────────────────────────────────────────────────────────────


def _what_happened() -> None:
    """One sentence about the change that was just made, and the way back from it."""
    said, before = st.session_state.pop("collection_said", ("", None))
    _frame.put(notice_html([said] if said else []))
    if before is not None:
        st.button("Maak ongedaan", key="zp-ongedaan", on_click=_change, args=(before,))


def _taking_out(collection: Collection, kept: Sequence[Found]) -> None:
    """How many there are, and the ways to take them along. `kept` are those that are shown: to seek all takes long."""
    there = sum(one.stand is not Stand.GONE for one in kept)
    words, count = counted(len(collection.items), "passage"), len(collection.items)
    if there < len(kept):
        words += f", waarvan {there} nog in de bronnen" if len(kept) == count else ". Niet alle staan nog in de bronnen"
    _frame.put(f"<h2>Meenemen</h2><p>{words}. De citaten worden bij het meenemen nog eens met de bron vergeleken.</p>")
    with st.container(key="zp-meenemen", horizontal=True, vertical_alignment="center"):
        none = not there and len(kept) == count
        day = _today().date().isoformat()
        portal = _portal()  # asked now: where the files are made, Streamlit no longer knows it
        for label, ending, mime, write in (
            ("Word (.docx)", "docx", _WORD, lambda: as_word(_entries(collection, portal), _today())),
            ("Markdown", "md", "text/markdown", lambda: as_markdown(_entries(collection, portal)).encode()),
            ("CSV voor Excel", "csv", "text/csv", lambda: as_csv(_entries(collection, portal))),
        ):
            _download(label, f"verzameling-{day}.{ending}", mime, write, none=none)
        st.html(copy_link_html(), width="content")
    full = f"Uw lijst is vol: er passen {MOST_ITEMS} passages in. Haal er een weg voordat u iets nieuws bewaart."
    _frame.put("<h2>Passages</h2>" + notice_html([full] if count >= MOST_ITEMS else []))


def _download(label: str, name: str, mime: str, write: Callable[[], bytes], *, none: bool) -> None:
    """A button that makes its file when it is pressed, so that the quotes are compared at that moment."""
    st.download_button(label, write, name, mime, key=f"zp-neem-{mime}", on_click="ignore", disabled=none)


def _passage(number: int, kept: Found, count: int) -> None:
    """One passage: its words and source, its note, and what can be done with it."""
    name = _name(kept.item)
    with st.container(key=f"zp-passage-{name}"):
        _frame.put(passage_found_html(number, kept))
        note = f"zp-opmerking-{name}"
        # The address bar is the truth, except for a note that did not fit: that stays in its box to be shortened.
        if st.session_state.get("collection_refused") != note:
            st.session_state[note] = kept.item.note
        st.text_area(
            f"Opmerking bij {number}",
            key=note,
            height=68,
            max_chars=NOTE_LIMIT,
            on_change=_note,
            args=(kept.item, note),
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _step(f"{number} omhoog", f"zp-zet-omhoog-{name}", kept.item, -1, number, off=number == 1)
            _step(f"{number} omlaag", f"zp-zet-omlaag-{name}", kept.item, 1, number, off=number == count)
            st.button(f"{number} weghalen", key=f"zp-zet-weg-{name}", on_click=_remove, args=(kept.item, number))
            for entry in entries_of([kept], _portal(), _today().date()):
                st.html(copy_html(number, citation(entry)), width="content")


def _step(label: str, key: str, item: Item, steps: int, number: int, *, off: bool) -> None:
    st.button(label, key=key, on_click=_move, args=(item, steps, number), disabled=off)


def _wiping(collection: Collection) -> None:
    """Everything away, after a second thought."""
    with st.container(key="zp-wissen"):
        if not st.session_state.get("collection_wiping"):
            st.button("Alles wissen", key="zp-wis", on_click=_ask_wipe, args=(True,))
            return
        _frame.put(notice_html([f"Wilt u alle passages ({len(collection.items)}) en uw opmerkingen wissen?"]))
        with st.container(horizontal=True):
            st.button("Ja, alles wissen", key="zp-wis-ja", on_click=_wipe)
            st.button("Nee, bewaren", key="zp-wis-nee", on_click=_ask_wipe, args=(False,))


# ── What a reader does: each change goes into the address bar ────────────────────────────────────────────────


def _current() -> Collection:
    return parse_collection(_resources.query_params())[0]


def _change(collection: Collection, said: str = "", before: Collection | None = None, sheet: int = 0) -> None:
    """The new list into the address bar; `before` is the one to go back to. `sheet` is shown, or else the same one."""
    sheet = sheet or parse_sheet(_resources.query_params(), collection)
    st.query_params.from_dict(sheet_params(collection, sheet))
    st.session_state["collection_edits"] = st.session_state.get("collection_edits", 0) + 1
    st.session_state["collection_said"] = (said, before)
    st.session_state["collection_wiping"] = False
    st.session_state["collection_refused"] = ""


def _move(item: Item, steps: int, number: int) -> None:
    moved = _current().moved(item, steps)
    said = f"Passage {number} staat nu op plaats {number + steps}."
    _change(moved, said, sheet=moved.sheet_of(item))  # his keyboard goes along with the passage


def _remove(item: Item, number: int) -> None:
    before = _current()
    _change(before.without(item), f"Passage {number} is weggehaald.", before)


def _note(item: Item, key: str) -> None:
    noted = _current().with_note(item, str(st.session_state[key]))
    if noted.fits:
        _change(noted)
        return
    st.session_state["collection_refused"] = key
    too_long = "De opmerking is niet bewaard: de link van de lijst wordt te lang. Maak de opmerking korter."
    st.session_state["collection_said"] = (too_long, None)


def _ask_wipe(asked: bool) -> None:
    st.session_state["collection_wiping"] = asked


def _wipe() -> None:
    _change(Collection(), "Alle passages zijn gewist.", _current())


# ── What it rests on ─────────────────────────────────────────────────────────────────────────────────────────


def _entries(collection: Collection, portal: str) -> tuple[Entry, ...]:
    """What goes into a file: every quote sought in its page now, in the version that is published now."""
    searcher = _resources.searcher()
    return entries_of([found(searcher, item) for item in collection.items], portal, _today().date())


def _found(searcher: Corpus, item: Item, version: str) -> Found:
    """As found(), remembered for this version; the note is no part of what is sought."""
    return replace(_remembered(searcher, replace(item, note=""), version), item=item)


@st.cache_data(max_entries=FOUND_KEPT, show_spinner=False)
def _remembered(_searcher: Corpus, item: Item, version: str) -> Found:
    return found(_searcher, item)


def _today() -> datetime:
    return datetime.now().astimezone()


def _portal() -> str:
    """The portal's own address as this reader's browser has it: 'https://zoek.vdg.nl/'; '' if it is not known."""
    url = st.context.url or ""
    return url.partition("?")[0].rpartition("/")[0] + "/" if url else ""


def _name(item: Item) -> str:
    """A short name for the parts of one passage, the same wherever it stands in the list."""
    return sha256(repr(item.key).encode()).hexdigest()[:12]


show()
