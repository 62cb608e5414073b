from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index.references import References, holds, is_named, passages_on, warnings_for_readers
from index.results import SourceStatus
from index.store import Store
from index.versions import open_current
from ingest.documents import Passage, Source
from tests.index.toy import document_of, pages_of, passage_of, publish_toy

SENTENCE = "Het Flexteam staat in het regio-plan Drenthe (2025)."
PASSAGES = [
    passage_of("overdracht", 1, ["Wij werken samen.", SENTENCE], pages=[1, 2]),
    passage_of("overdracht", 2, ["Het programmaplan is vastgesteld."], pages=[2]),
    passage_of("overdracht", 3, ["Lees ook het regioplan Drenthe.", "Tot slot."], pages=[3]),
    passage_of("visie", 1, ["De visie van de provincie, na de overdracht."]),
]


def status(source_id: str, *cited_by: tuple[str, int, str], passages: int = 0, change: str = "nieuw") -> SourceStatus:
    """A row of the ledger that is named at these places."""
    state = "gelezen" if passages else "wacht op netwerk"
    return SourceStatus(
        source_id, source_id.title(), "", None, None, "", state, change, "", 3, 3, passages, (), cited_by
    )


def corpus(data: Path, *sources: SourceStatus, passages: Sequence[Passage] = PASSAGES, title: str = "") -> Store:
    """A published store of two documents; `title` is a line on page 3 that is in no passage."""
    documents = []
    for name in ("overdracht", "visie"):
        pages = pages_of([passage for passage in passages if passage.document_id == name])
        if name == "overdracht" and title:
            pages[2].append(title)
        documents.append(document_of(Source(name, name.title()), pages))
    publish_toy(data, documents, passages, sources=sources)
    return Store(open_current(data)[1].store)


def test_references_map_a_place_onto_the_sentence_that_holds_the_words(tmp_path: Path) -> None:
    plan = status("plan", ("overdracht", 3, "regioplan Drenthe"), ("overdracht", 2, "Regioplan Drenthe 2025"))
    references = References(corpus(tmp_path, plan))

    places = references.to_source("plan")

    assert [(place.page, place.sentence, place.on_page) for place in places] == [
        (2, SENTENCE, True),
        (3, "Lees ook het regioplan Drenthe.", True),
    ]
    assert all((place.document.title, place.source) == ("Overdracht", plan) for place in places)


def test_references_to_words_over_two_sentences_have_the_passage(tmp_path: Path) -> None:
    references = References(corpus(tmp_path, status("plan", ("overdracht", 3, "regioplan Drenthe. Tot slot"))))

    assert references.to_source("plan")[0].sentence == PASSAGES[2].text


def test_references_fall_back_to_the_page(tmp_path: Path) -> None:
    store = corpus(
        tmp_path,
        status("kaart", ("overdracht", 3, "Kaart van Drenthe")),
        status("beeld", ("overdracht", 3, "")),
        status("weg", ("overdracht", 3, "Andere woorden")),
        title="Kaart van Drenthe",
    )
    references = References(store)

    (kaart,), (beeld,), (weg,) = map(references.to_source, ("kaart", "beeld", "weg"))

    assert (kaart.sentence, kaart.on_page) == ("Kaart van Drenthe", True), "on the page, in no passage"
    assert (beeld.sentence, beeld.on_page) == ("", False), "a link on a picture"
    assert (weg.sentence, weg.on_page) == ("Andere woorden", False)
    assert references.in_passage(PASSAGES[2]) == ()


def test_references_of_a_passage_are_the_sources_that_its_own_words_name(tmp_path: Path) -> None:
    plan = status("plan", ("overdracht", 2, "regioplan Drenthe"), ("overdracht", 2, "regioplan"), passages=4)
    other = status("ander", ("overdracht", 2, "programma"), ("visie", 1, "regioplan Drenthe"))
    references = References(corpus(tmp_path, plan, other))

    assert references.in_passage(PASSAGES[0]) == (plan,), "goes on over page 2; each source once"
    assert references.in_passage(PASSAGES[1]) == (), "'programma' is no word of 'programmaplan'"
    assert references.in_passage(PASSAGES[2]) == (), "the same words, but not at the place that names it"


def test_references_of_a_page_are_each_source_once_in_the_ledgers_order(tmp_path: Path) -> None:
    first = status("een", ("overdracht", 2, "regioplan Drenthe"), ("overdracht", 2, "Flexteam"))
    second = status("twee", ("overdracht", 2, "programmaplan"), ("overdracht", 3, "regioplan"))
    references = References(corpus(tmp_path, first, second))

    assert [(at.source.id, at.words) for at in references.on_page("overdracht", 2)] == [
        ("een", "regioplan Drenthe"),
        ("twee", "programmaplan"),
    ]
    assert references.on_page("visie", 1) == ()


@pytest.mark.parametrize(
    "source",
    [
        status("visie", ("visie", 1, "De visie"), passages=1),
        status("plan", ("ontbreekt", 1, "regioplan")),
        status("plan", ("overdracht", 99, "regioplan")),
        status("plan", ("overdracht", 3, "regioplan"), change="vervallen"),
    ],
    ids=["by itself", "by a document that is not here", "on a page that there is not", "in an older version only"],
)
def test_references_leave_out_places_that_cannot_be_opened(tmp_path: Path, source: SourceStatus) -> None:
    references = References(corpus(tmp_path, source))

    assert references.to_source(source.id) == ()
    assert references.on_page("overdracht", 3) == references.on_page("visie", 1) == ()


def test_references_know_which_sources_can_be_opened(tmp_path: Path) -> None:
    visie, plan = status("visie", passages=1), status("plan")
    references = References(corpus(tmp_path, visie, plan))

    assert (references.is_searchable(visie), references.is_searchable(plan)) == (True, False)
    assert list(references.sources) == ["visie", "plan"]
    assert references.to_source("overdracht") == (), "no row of the ledger tells of it"


def test_references_passages_on_a_page_begin_with_the_one_that_goes_on_from_the_page_before(tmp_path: Path) -> None:
    store = corpus(tmp_path)

    found = [
        [one.passage_id for one in passages_on(store, "overdracht", store.page("overdracht", number))]
        for number in (1, 2, 3)
    ]

    assert found == [["overdracht:00001"], ["overdracht:00001", "overdracht:00002"], ["overdracht:00003"]]


@pytest.mark.parametrize(
    ("text", "words", "held"),
    [
        ("Zie het regio-\nplan (2025).", "Regioplan 2025", True),
        ("De coördinator", "coordinator", True),
        ("Het regioplan1 van Drenthe", "regioplan", True),  # a footnote's number stands against the word
        ("Het programmaplan en het plan", "plan", True),
        ("Het programmaplan", "plan", False),
        ("De artikelen", "artikel", False),
        ("Er is € 28,2 miljoen", "€ 28,2 miljoen", True),
        ("Een zin", "", False),
        ("Een zin", "…", False),
        ("", "zin", False),
    ],
)
def test_references_hold_whole_words_only(text: str, words: str, held: bool) -> None:
    assert holds(text, words) is held


def test_references_count_a_source_that_is_gone_as_named_only_while_it_can_be_searched() -> None:
    assert [is_named(status("x", passages=count, change="vervallen")) for count in (0, 3)] == [False, True]
    assert is_named(status("x"))


def test_references_keep_warnings_about_personal_data_for_the_bureau() -> None:
    source = replace(
        status("x"), warnings=("Mogelijk persoonsgegevens: 1 × IBAN (pagina 3).", "Pagina 2 is beschadigd.")
    )

    assert warnings_for_readers(source) == ("Pagina 2 is beschadigd.",)
