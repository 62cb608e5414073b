"""The search page: a question, the answer first, then the passages. The address bar holds the question and filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from app_pages import _frame, _resources
from app_pages._document.references import notes_of_hits, waiting_html
from app_pages._links import QUESTION_LIMIT, Filter, SearchAddress, parse_search
from app_pages._marking import escape, printable
from app_pages._parts import counted, dutch_date, link, notice_html, title_html
from app_pages._portefeuilles.profile_links import FirstDayAddress
from app_pages._zoeken import feedback
from app_pages._zoeken.answer import answer_html
from app_pages._zoeken.filters import filters_html
from app_pages._zoeken.hits import LOOKED_AT, PASSAGES, Group, grouped, groups_html, more_html
from app_pages._zoeken.reading import corrections_html, reading_html
from app_pages._zoeken.search_box import search_box, typed_in
from index import DocumentInfo, Hit, Searcher, SearchResult, Status
from index.facets import FACET_HITS, about_the_question, year_of
from index.references import References, is_named

EXAMPLES = (
    "Wie is voorzitter van de portefeuille Onderwijs en Cultuur?",
    "Welke zorgverzekeraar is preferent?",
    "Wanneer stelde het DOE het programmaplan voor 2026 vast?",
    "Wie spreekt in de kerngroep voor de plattelandsgemeenten?",
)

# What comes nearest to a question without an answer: a few, to look further from; more would look like an answer.
NEAREST = 5


def show() -> None:
    """The page, from the address bar: ?v=vraag&portefeuille=…&document=…&soort=…&letterlijk=1&meer=1"""
    searcher = _resources.searcher()
    documents = searcher.documents()
    titles = {document.id: document.title for document in documents}
    address, problems = parse_search(_resources.query_params(), _known(documents))
    st.session_state["last_search"] = address

    if address.question:
        st.set_page_config(page_title=f"{printable(address.question)} · {_frame.NAME}")
    _question_box(address)
    _frame.put(notice_html(problems))
    if not address.question:
        _welcome(searcher)
        return
    with st.spinner("Even zoeken …"):  # Streamlit shows it after half a second only
        result = _found(searcher, address)
    references = References(searcher)
    known = sum(is_named(source) for source in references.sources.values())
    _frame.put(corrections_html(result, address) + answer_html(result.answer, result.searched, address))
    # 'niet gevonden' says itself what could not be searched
    unsearched = result.searched.waiting if result.answer.status is not Status.NIET_GEVONDEN else 0
    _frame.put(reading_html(result, titles) + waiting_html(unsearched, known))
    feedback.show(result, address)
    filters = _filters_html(result, address, titles)
    columns = "zp-results zp-two" if filters else "zp-results"
    _frame.put(f'<div class="{columns}">{filters}{_passages_html(result, address, references)}</div>')


def _known(documents: Sequence[DocumentInfo]) -> dict[Filter, set[str]]:
    """The values that a filter of the address bar can have: what some document has."""
    return {
        Filter.DOCUMENT: {document.id for document in documents},
        Filter.SOORT: {document.kind for document in documents} - {""},
        Filter.UITGEVER: {document.publisher for document in documents} - {""},
        Filter.JAAR: {year_of(document) for document in documents} - {""},
    }


def _found(searcher: Searcher, address: SearchAddress) -> SearchResult:
    return searcher.search(
        address.question,
        k=FACET_HITS if address.more else LOOKED_AT,
        portefeuilles=address.portefeuilles,
        documents=address.documents,
        kinds=address.kinds,
        publishers=address.publishers,
        years=address.years,
        correct=not address.literal,
    )


def _question_box(address: SearchAddress) -> None:
    """The question and its button. The address bar is the truth: the box shows what stands there."""
    _frame.put(title_html("Wat wilt u weten?"))
    st.session_state["vraag"] = address.question
    search_box("zoekvraag", "Uw vraag", "vraag", QUESTION_LIMIT, _ask, address)


def _ask(address: SearchAddress) -> None:
    """Put the typed question in the address bar, with the filters that were on; the page follows from there."""
    asked = replace(address, question=typed_in("vraag"), literal=False, more=False)
    st.query_params.from_dict(asked.params)


def _welcome(searcher: Searcher) -> None:
    """Without a question: examples to click on, and what is being searched."""
    examples = "".join(f"<li>{link(SearchAddress(one).href, escape(one))}</li>" for one in EXAMPLES)
    documents = searcher.documents()
    passages = counted(sum(document.passages for document in documents), "passage")
    made = dutch_date(searcher.created.date().isoformat())
    _frame.put(
        f'<section class="zp-welcome"><h2>Bijvoorbeeld</h2><ul class="zp-examples">{examples}</ul>'
        f"<h2>Nieuw als bestuurder?</h2><p>{link(FirstDayAddress().href, 'Uw eerste dag')} laat zien wat er loopt in "
        "uw portefeuilles, wie de voorzitter is en welke data eraan komen.</p>"
        "<h2>Hoe het werkt</h2>"
        "<p>U krijgt een zin die letterlijk in een bron staat. Het portaal schrijft zelf niets. "
        "Klik op de bron en u ziet de pagina, met de zin gemarkeerd.</p>"
        '<p>Zoekt u precies deze woorden? Zet ze tussen aanhalingstekens: "Gezonde Marke". '
        "Wilt u een woord juist niet? Zet er een streepje voor: -sport.</p>"
        f"<p>Er wordt gezocht in {passages} uit {counted(len(documents), 'bron')}. Bijgewerkt op {made}. "
        f"{link('./bronnen', 'Bekijk de bronnen')}.</p></section>"
    )


def _filters_html(result: SearchResult, address: SearchAddress, titles: dict[str, str]) -> str:
    """The filters, unless nothing answers and none is on: counts of what does not answer would contradict that."""
    if result.answer.status is Status.NIET_GEVONDEN and not address.filters_on:
        return ""
    return filters_html(result, address, titles)


def _passages_html(result: SearchResult, address: SearchAddress, references: References) -> str:
    """The passages about the question, then what is less so; or, when none answers, what comes nearest: so called."""
    if result.answer.status is Status.NIET_GEVONDEN:
        about: tuple[Hit, ...] = ()
        title, words = "Wat er het dichtst bij komt", "Deze passages lijken op uw vraag. Ze geven er geen antwoord op."
        others = result.hits[:NEAREST]
    else:
        about = about_the_question(result.hits)
        title, words = "Minder passend", "Deze passages lijken minder op uw vraag."
        others = result.hits[len(about) :] if address.more else result.hits[len(about) : PASSAGES]
    everything = len(result.hits)
    groups = grouped(about, everything, everything) if address.more else grouped(about, PASSAGES)
    further = grouped(others, everything, everything) if address.more else grouped(others, PASSAGES)
    shown = [hit for group in (*groups, *further) for hit in (*group.shown, *group.folded)]
    notes = notes_of_hits(shown, references)

    def section(title: str, words: str, listed: Sequence[Group], more: str = "") -> str:
        passages = groups_html(listed, result, address, notes)
        return f'<section><h2>{title}</h2><p class="zp-quiet">{words}</p>{passages}{more}</section>' if listed else ""

    best = "De best passende staat boven. Woorden uit uw vraag zijn gemarkeerd."
    first = section("Passages", best, groups, more_html(groups, result, address))
    return f'<div class="zp-passages">{first}{section(title, words, further)}</div>' if shown else ""


show()
