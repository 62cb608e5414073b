"""The search page: a question, the answer first, then the passages. The address bar holds the question and filters."""

from __future__ import annotations

import streamlit as st

from app_pages import _feedback, _frame, _resources
from app_pages._answer import answer_html
from app_pages._links import QUESTION_LIMIT, SearchAddress, parse_search
from app_pages._marking import escape
from app_pages._parts import (
    counted,
    document_filter_html,
    dutch_date,
    hits_html,
    link,
    notice_html,
    portefeuille_filter_html,
    title_html,
)
from app_pages._reading import reading_html
from app_pages._references import notes_of_hits, waiting_html
from index import Searcher, SearchResult, Status
from index.references import References, is_named

EXAMPLES = (
    "Wie is voorzitter van de portefeuille Onderwijs en Cultuur?",
    "Welke zorgverzekeraar is preferent?",
    "Wanneer stelde het DOE het programmaplan voor 2026 vast?",
    "Wie spreekt in de kerngroep voor de plattelandsgemeenten?",
)

# How many passages a search shows. The right one is nearly always among the first three.
PASSAGES = 10
# What comes nearest to a question without an answer: a few, to look further from; more would look like an answer.
NEAREST = 5


def show() -> None:
    """The page, from the address bar: ?v=vraag&portefeuille=…&document=…&letterlijk=1"""
    searcher = _resources.searcher()
    titles = {document.id: document.title for document in searcher.documents()}
    address, problems = parse_search(_resources.query_params(), titles)
    st.session_state["last_search"] = address

    _question_box(address)
    _frame.put(notice_html(problems))
    if not address.question:
        _welcome(searcher)
        return
    result = searcher.search(
        address.question,
        k=PASSAGES,
        portefeuilles=address.portefeuilles,
        documents=address.documents,
        correct=not address.literal,
    )
    _frame.put(reading_html(result, address, titles))
    references = References(searcher)
    known = sum(is_named(source) for source in references.sources.values())
    card = answer_html(result.answer, result.searched, address)
    # 'niet gevonden' says itself what could not be searched
    unsearched = result.searched.waiting if result.answer.status is not Status.NIET_GEVONDEN else 0
    _frame.put(card + waiting_html(unsearched, known))
    _feedback.show(result, address)
    _filters(address, result, titles)
    _passages(result, references)


def _question_box(address: SearchAddress) -> None:
    """The question and its button. The address bar is the truth: the box shows what stands there."""
    _frame.put(title_html("Wat wilt u weten?"))
    st.session_state["vraag"] = address.question
    with st.form("zoekvraag", border=False):
        box, button = st.columns([5, 1], vertical_alignment="bottom")
        box.text_input("Uw vraag", key="vraag", max_chars=QUESTION_LIMIT, placeholder="", autocomplete="off")
        button.form_submit_button("Zoeken", type="primary", width="stretch", on_click=_ask, args=(address,))


def _ask(address: SearchAddress) -> None:
    """Put the typed question in the address bar, with the filters that were on; the page follows from there."""
    typed = " ".join(str(st.session_state["vraag"]).split())
    asked = SearchAddress(typed, address.portefeuilles, address.documents)
    st.query_params.from_dict(asked.params)


def _welcome(searcher: Searcher) -> None:
    """Without a question: examples to click on, and what is being searched."""
    examples = "".join(f"<li>{link(SearchAddress(one).href, escape(one))}</li>" for one in EXAMPLES)
    documents = searcher.documents()
    passages = counted(sum(document.passages for document in documents), "passage")
    made = dutch_date(searcher.created.date().isoformat())
    _frame.put(
        f'<section class="zp-welcome"><h2>Bijvoorbeeld</h2><ul class="zp-examples">{examples}</ul>'
        "<h2>Hoe het werkt</h2>"
        "<p>U krijgt een zin die letterlijk in een bron staat. Het portaal schrijft zelf niets. "
        "Klik op de bron en u ziet de pagina, met de zin gemarkeerd.</p>"
        '<p>Zoekt u precies deze woorden? Zet ze tussen aanhalingstekens: "Gezonde Marke". '
        "Wilt u een woord juist niet? Zet er een streepje voor: -sport.</p>"
        f"<p>Er wordt gezocht in {passages} uit {counted(len(documents), 'bron')}. Bijgewerkt op {made}. "
        f"{link('./bronnen', 'Bekijk de bronnen')}.</p></section>"
    )


def _filters(address: SearchAddress, result: SearchResult, titles: dict[str, str]) -> None:
    """Portefeuilles and documents with how many passages each would give.

    When nothing answers and no filter is on, counts of passages that do not answer would only contradict that.
    """
    filtered = address.portefeuilles or address.documents
    if result.answer.status is Status.NIET_GEVONDEN and not filtered:
        return
    portefeuilles = portefeuille_filter_html(address, result.facet_portefeuilles)
    documents = document_filter_html(address, result.facet_documents, lambda one: titles.get(one, one))
    if not portefeuilles and not documents:
        return
    clear = link(address.without_filters().href, "Alle filters uit", css="zp-clear zp-stay") if filtered else ""
    _frame.put(f'<section class="zp-filters"><h2 class="zp-sr">Filters</h2>{portefeuilles}{documents}{clear}</section>')


def _passages(result: SearchResult, references: References) -> None:
    """The passages that were found, or, when none answers, those that come nearest: plainly called so."""
    if not result.hits:
        return
    if result.answer.status is Status.NIET_GEVONDEN:
        title, words = "Wat er het dichtst bij komt", "Deze passages lijken op uw vraag. Ze geven er geen antwoord op."
        hits = result.hits[:NEAREST]
    else:
        hits = result.hits
        title, words = "Passages", "De best passende staat boven. Woorden uit uw vraag zijn gemarkeerd."
    passages = hits_html(hits, notes_of_hits(hits, references))
    _frame.put(f'<section><h2>{title}</h2><p class="zp-quiet">{words}</p>{passages}</section>')


show()
