from __future__ import annotations

import pytest

from index.builder import vocabulary_of
from index.dutch import Analyser
from index.query import MAX_CHARACTERS, PART_WEIGHT, Query, QueryReader, Sought
from ingest.documents import Passage
from ingest.portefeuilles import PORTEFEUILLES
from tests.index.toy import EKM, GW, OC, PASSAGES, PSI, passage_of

# Words that the handover has, beside those of the toy corpus.
MORE = passage_of(
    "meer",
    1,
    [
        "De ambtskring van secretarissen en de Algemene Ledenvergadering van de vereniging.",
        "Zorgtransitie, woonwagenbeleid, de Meedoenwebshop, de ambtelijke hoofdfuncties en de financiële verhoudingen.",
        "Tynaarlo, Hoogeveen, Borger-Odoorn: Joop Slomp, Robin van Ulzen en Henk Zwiep. Sport en bewegen, wonen.",
    ],
)


@pytest.fixture(scope="module")
def reader() -> QueryReader:
    vocabulary = vocabulary_of([*PASSAGES, MORE])
    return QueryReader(Analyser(vocabulary), vocabulary)


def typed(query: Query) -> set[str]:
    return {term for term, _ in query.typed}


@pytest.mark.parametrize(
    "words",
    [
        *("wie wat waar wanneer waarom hoe hoeveel welke welk waarvoor waarmee waarover waarop waarvan".split()),
        *("wiens hoelang waarheen waaruit waartoe vanwaar hoezo".split()),
    ],
)
def test_query_question_words_carry_no_weight(reader: QueryReader, words: str) -> None:
    assert typed(reader.read(f"{words.capitalize()} gaat de gemeente?")) == {"gemeente"}
    assert reader.read(words).typed == ()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Wie is voorzitter van de portefeuille Sport?", {"voorzitter", "portefeuille", "sport"}),
        ("Kun je mij vertellen wat er over scholen in staat?", {"vertellen", "school"}),
        ("hoe zit het met de bibliotheken", {"bibliotheek", "zitten"}),
    ],
)
def test_query_types_the_words_that_carry_meaning(reader: QueryReader, question: str, expected: set[str]) -> None:
    query = reader.read(question)
    assert typed(query) == expected
    assert all(query.weights[term] == 1.0 for term in expected)


def test_query_looks_for_the_parts_of_a_compound_with_less_weight(reader: QueryReader) -> None:
    query = reader.read("Waar staat de woningbouw?")
    assert query.weights["woningbouw"] == 1.0
    assert query.weights["woning"] == query.weights["bouw"] == PART_WEIGHT < 1


def test_query_a_part_that_was_typed_itself_weighs_fully(reader: QueryReader) -> None:
    assert reader.read("woningbouw en woning").weights["woning"] == 1.0
    assert reader.read("woning en woningbouw").weights["woning"] == 1.0


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wie is voorzitter?", Sought.PERSON),
        ("wiens idee was dit", Sought.PERSON),
        ("Welke wethouder gaat over zorg?", Sought.PERSON),
        ("Met wie werken we samen aan zorg?", Sought.OTHER),
        ("Wanneer begint het Flexteam?", Sought.DATE),
        ("In welk jaar is de visie vastgesteld?", Sought.DATE),
        ("Sinds wanneer bestaat de VDG?", Sought.DATE),
        ("Hoeveel geld is er?", Sought.NUMBER),
        ("Hoe vaak komt het bestuur bijeen?", Sought.NUMBER),
        ("Wat kost het?", Sought.NUMBER),
        ("Wat is het jaarlijkse budget voor jeugdzorg?", Sought.NUMBER),
        ("Hoe werkt het?", Sought.OTHER),
        ("Wat doet het bureau?", Sought.OTHER),
        ("Drentse wielrenners", Sought.OTHER),
        ("wieken van molens", Sought.OTHER),
        ("", Sought.OTHER),
    ],
)
def test_query_tells_what_kind_of_thing_is_sought(reader: QueryReader, question: str, kind: Sought) -> None:
    assert reader.read(question).sought is kind


@pytest.mark.parametrize(
    ("question", "corrections"),
    [
        ("Wat doet het Flexteam warmtetranistie?", [("warmtetranistie", "warmtetransitie")]),
        ("de amtskring", [("amtskring", "ambtskring")]),
        ("Wie trekt de zorgtransitei?", [("zorgtransitei", "zorgtransitie")]),
        ("woonwagenbelied", [("woonwagenbelied", "woonwagenbeleid")]),
        ("meedoenwebschop", [("meedoenwebschop", "meedoenwebshop")]),
        ("hoofdfuncites van de vereneging", [("hoofdfuncites", "hoofdfuncties"), ("vereneging", "vereniging")]),
        ("biblotheken", [("biblotheken", "bibliotheken")]),
        ("Nieuwenhuisen", [("Nieuwenhuisen", "nieuwenhuizen")]),
    ],
)
def test_query_mends_slips_with_the_words_of_the_corpus(
    reader: QueryReader, question: str, corrections: list[tuple[str, str]]
) -> None:
    query = reader.read(question)
    assert list(query.corrections) == corrections
    for wrong, right in corrections:
        assert right in query.text
        assert wrong not in query.text


@pytest.mark.parametrize(
    "question",
    [
        "Wie spreekt er namens de plattelandsgemeenten?",  # Dutch, not in the corpus
        "Hoe vraag ik een rijbewijs aan?",
        "paspoort hondenbelasting zwembad lantaarnpaal",
        "schoolbibliotheken en warmtetransitievisie",  # compounds of known words
        "wethoudersoverleg",
        "slom zrog wnid vdg",  # too short to tell
        "28,2 2025-2028 1.200.000",
        "Netcongestie Zonnepanelen ZORGVERZEKERAAR",
        "inwoner gemeente bestuurder huisarts",  # other forms of the corpus's words
        "xylofoonkwartetten qqqqqqqqqq",  # near to nothing
    ],
)
def test_query_leaves_words_alone_that_it_cannot_mend(reader: QueryReader, question: str) -> None:
    query = reader.read(question)
    assert (query.text, query.corrections) == (question, ())


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: passage.passage_id)
def test_query_never_changes_words_of_the_corpus(reader: QueryReader, passage: Passage) -> None:
    text = " ".join(passage.text.split())
    assert reader.read(text).corrections == ()
    assert reader.read(text.lower()).text == text.lower()


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Wie is voorzitter van de portefeuille Onderwijs en Cultuur?", (OC,)),
        ("waar is onderwijs en cultuur mee bezig", (OC,)),
        ("Wat speelt er bij O&C?", (OC,)),
        ("het overleg van PSI", (PSI,)),
        ("G&W en EKM samen", (GW, EKM)),
        ("de portefeuille financien", ("Financiën",)),
        ("Financiën", ("Financiën",)),
        ("Wie zit Sport voor?", ("Sport",)),
        ("sportbeleid en transport", ()),
        ("psi van de wetenschapper", ()),
        ("onderwijs", ()),
        ("", ()),
    ],
)
def test_query_knows_the_portefeuilles_that_are_named(
    reader: QueryReader, question: str, names: tuple[str, ...]
) -> None:
    assert reader.read(question).portefeuilles == names


@pytest.mark.parametrize(
    ("question", "name"),
    [("Wat doet EZ&I?", "Economische Zaken en Industrie"), ("Wat speelt er bij g&w?", GW), ("Wat doet R&W?", None)],
)
def test_query_knows_portefeuilles_by_every_abbreviation_that_is_used(
    reader: QueryReader, question: str, name: str | None
) -> None:
    # the handover itself writes both 'EZI' and 'EZ&I'
    assert reader.read(question).portefeuilles == (name or "Ruimte en Wonen",)


@pytest.mark.parametrize("name", PORTEFEUILLES)
def test_query_knows_each_portefeuille_by_its_full_name(reader: QueryReader, name: str) -> None:
    assert reader.read(f"Wie gaat er over {name.lower()}?").portefeuilles == (name,)


@pytest.mark.parametrize(
    ("question", "abbreviation"),
    [
        ("Wat is het DOE?", "DOE"),
        ("wat is DOE", "DOE"),
        ("Wat betekent IZA?", "IZA"),
        ("Waar staat WvGGZ voor?", "WvGGZ"),
        ("Wat houdt het AZWA in?", "AZWA"),
        ("Wat is G&W?", "G&W"),
        ("Waarvoor staan de letters OTAP?", "OTAP"),
        ("Waarvan is IZA de afkorting?", "IZA"),
        ("Waar staat de afkorting PSI voor?", "PSI"),
        ("ARBIT, wat is dat voluit?", "ARBIT"),
        ("Wat is ARBIT voluit?", "ARBIT"),
        ("betekenis van DOE", "DOE"),
        ("DOE voluit", "DOE"),
        ("Hoe heet het GALA voluit?", "GALA"),
        ("Wat doet DOE?", ""),
        ("DOE wat hebben ze bereikt?", ""),
        ("Wat is het doel?", ""),
        ("Wat is het DOE van plan?", ""),
        ("Wie is het DOE?", ""),
        ("Wat is netcongestie?", ""),
    ],
)
def test_query_knows_which_abbreviation_is_asked_for(reader: QueryReader, question: str, abbreviation: str) -> None:
    assert reader.read(question).defined == abbreviation


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("Wie zit de portefeuille Sport voor?", "voorzitter"),
        ("Met wie werken we samen aan zorg?", "samenwerkingspartner"),
        ("Waar moet ik op letten bij sport?", "aandachtspunt"),
        ("Waar zijn ze mee bezig?", "dossier"),
        ("Wat is er gelukt?", "resultaat"),
        ("Wat komt er op ons af?", "vooruitblik"),
        ("Wie trekt de coalitie?", "trekker"),
        ("Wie spreekt namens ons?", "vertegenwoordiger"),
    ],
)
def test_query_adds_the_words_that_documents_use(reader: QueryReader, question: str, term: str) -> None:
    query = reader.read(question)
    assert 0 < query.weights[term] < 1
    assert term not in typed(query)


def test_query_a_word_that_was_typed_is_not_an_added_one(reader: QueryReader) -> None:
    # what is added does not count in the mass that a passage must cover; what was typed does
    query = reader.read("Wie is voorzitter en leidt het overleg?")
    assert query.weights["voorzitter"] == 1.0
    assert "voorzitter" not in query.added


@pytest.mark.parametrize(
    "question", ["WIE IS DE VOORZITTER VAN DE PORTEFEUILLE SPORT?", "WAT IS HET DOEL VAN DE SAMENWERKING"]
)
def test_query_in_capitals_reads_as_in_small_letters(reader: QueryReader, question: str) -> None:
    loud, soft = reader.read(question), reader.read(question.lower())
    assert typed(loud) == typed(soft)
    assert loud.weights == soft.weights


@pytest.mark.parametrize("question", ["", " \n\t ", "?", "?!…;:–—", "🙂🙂", "\0\0", "\u202e\u200f", "’", "de het een"])
def test_query_of_nothing_has_nothing_to_look_for(reader: QueryReader, question: str) -> None:
    query = reader.read(question)
    assert (query.typed, query.weights, query.corrections) == ((), {}, ())


@pytest.mark.parametrize(
    "question",
    [
        'AND OR "( ^~` NOT +zorg -gemeente text:zorg*',
        "'; DROP TABLE passage; --",
        "zorg\0verzekeraar",
        "\u202eWie is voorzitter\u200f",
        "🙂 Wie is voorzitter?",
        "ﷺ zorg",
        "zorg " * 2000,
        "a" * 10_000,
        "\n".join(["Wie?"] * 100),
        "\ud800 zorg \udcff",
    ],
    ids=lambda question: repr(question[:20]),
)
def test_query_takes_whatever_is_typed(reader: QueryReader, question: str) -> None:
    query = reader.read(question)
    assert len(query.text) <= MAX_CHARACTERS
    query.text.encode()  # what cannot be written cannot be embedded
    assert all(term.strip() and 0 < weight <= 1 for term, weight in query.weights.items())


def test_query_finds_the_words_between_signs(reader: QueryReader) -> None:
    assert "zorgverzekeraar" in typed(reader.read('text:"zorgverzekeraar"^2 AND (preferent)~'))
    assert typed(reader.read("\u202eWie is voorzitter\u200f")) == {"voorzitter"}


def test_query_white_space_makes_no_difference(reader: QueryReader) -> None:
    assert reader.read("  Wie \n is\tvoorzitter? ") == reader.read("Wie is voorzitter?")


def test_query_reads_the_same_question_the_same_way(reader: QueryReader) -> None:
    question = "Wat doet het Flexteam warmtetranistie voor de gemeenten?"
    assert reader.read(question) == reader.read(question)


def test_query_without_a_vocabulary_mends_nothing() -> None:
    assert QueryReader(Analyser(), {}).read("warmtetranistie").corrections == ()
