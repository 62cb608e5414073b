from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index.calibration import CALIBRATION
from index.dutch import Analyser
from index.encoder import Encoder
from index.lists import FoundList, ListQuestion, introduces, list_after, list_question, section_of, whole_list
from index.searcher import Searcher
from ingest.documents import Passage, Source, Unit
from tests.index.toy import document_of, passage_of, publish_toy

CERTAIN = replace(CALIBRATION, found=0.0, not_found=0.0)
TERMS = Analyser({"netwerken", "partners", "samenwerking", "dossiers", "sport"}).terms
PATH = ("Portefeuille Sport", "Belangrijkste netwerken")
ASKED = ListQuestion(("netwerken",))
MASSES = {"netwerk": 1.0}


def passage(text: str, *, number: int = 1, page: int = 1, path: Sequence[str] = PATH, lead_in: str = "") -> Passage:
    """A passage as the ingest sets it: a unit a line, a bullet's sign before it; '◦' lines hang below the last '•'."""
    made = passage_of("stuk", number, ["x"], pages=[page], headings=path)
    units, parent, start = [], "", 0
    for line in text.split("\n"):
        words = line.lstrip(" •◦")
        begin = start + len(line) - len(words)
        units.append(Unit(begin, start + len(line), parent if "◦" in line else lead_in))
        parent = words if line.startswith("•") else parent
        start += len(line) + 1
    return replace(made, text=text, units=tuple(units))


def found(
    section: Sequence[Passage],
    best: str,
    asked: ListQuestion = ASKED,
    masses: Mapping[str, float] = MASSES,
) -> FoundList | None:
    for position, one in enumerate(section):
        for unit in one.units:
            if one.text[unit.start : unit.end] == best:
                return whole_list(asked, section, position, unit, masses, TERMS)
    raise AssertionError(best)


def texts(found: FoundList | None) -> list[str]:
    assert found
    return [item.text for item in found.items]


@pytest.mark.parametrize(
    ("question", "nouns"),
    [
        ("Welke netwerken zijn er?", ("netwerken",)),
        ("In welke landelijke en regionale netwerken zitten we?", ("netwerken",)),
        ("Noem de drie belangrijkste samenwerkingspartners van Sport", ("samenwerkingspartners",)),
        ("Wat zijn de aandachtspunten voor bestuurders?", ("aandachtspunten",)),
        ("wat zijn de thema’s van de agenda", ("thema’s",)),
        ("Welke gemeenten doen mee?", ("gemeenten",)),
        ("Welke beslispunten legt het college voor?", ("beslispunten",)),
        ("Wie zitten er in de kerngroep?", ()),
        ("Met wie werkt Sport samen?", ()),
        ("Waar moet een nieuwe wethouder op letten?", ()),
        ("Wat loopt er nog bij sport?", ()),
        ("Geef een overzicht van het overleg", ()),
    ],
)
def test_list_question_knows_a_question_for_a_list(question: str, nouns: tuple[str, ...]) -> None:
    assert list_question(question, keywords=False) == ListQuestion(nouns)


@pytest.mark.parametrize(
    "question",
    [
        "Welke gemeente regelt het geld?",
        "Welke gemeente moeten we bellen?",
        "Welke wethouder trekt de coalitie?",
        "Om welke reden is dat zo?",
        "Voor welke jaren is er ingekocht?",
        "Wat zijn de kosten?",
        "Noem de voorzitter van Sport",
        "Wie is voorzitter van Sport?",
        "Wanneer is het vastgesteld?",
        "",
    ],
)
def test_list_question_knows_a_question_for_one_thing(question: str) -> None:
    assert list_question(question, keywords=False) is None


def test_list_question_in_keywords_is_told_by_a_plural() -> None:
    assert list_question("netwerken sport", keywords=True) == ListQuestion(("netwerken",), named=True)
    assert list_question("voorzitter sport", keywords=True) is None


def test_whole_list_gives_every_item_with_the_line_that_introduces_it() -> None:
    section = [passage("• Regio Zwolle\n• Dutch Techzone\n• Regio Groningen-Assen", page=25)]
    result = found(section, "Dutch Techzone")
    assert result
    assert result.lead_in == "Belangrijkste netwerken"
    assert [(item.text, item.page, item.passage_id) for item in result.items] == [
        ("Regio Zwolle", 25, "stuk:00001"),
        ("Dutch Techzone", 25, "stuk:00001"),
        ("Regio Groningen-Assen", 25, "stuk:00001"),
    ]
    assert section[0].text[result.start : result.end] == "Regio Zwolle\n• Dutch Techzone\n• Regio Groningen-Assen"


def test_whole_list_goes_on_in_the_passages_around() -> None:
    section = [
        passage("De inleiding.\n• Een\n• Twee", page=1),
        passage("• Drie\n• Vier", number=2, page=2),
        passage("• Vijf\nHet slot.\n• Van een andere lijst", number=3, page=3),
    ]
    result = found(section, "Vier")
    assert texts(result) == ["Een", "Twee", "Drie", "Vier", "Vijf"]
    assert result
    assert [item.page for item in result.items] == [1, 1, 2, 2, 3]
    assert section[1].text[result.start : result.end] == "Drie\n• Vier"


def test_whole_list_keeps_what_stands_below_an_item_with_it() -> None:
    section = [passage("• Coalities:\n  ◦ Leefstijl\n  ◦ Arbeidsmarkt\n• Kerngroep")]
    assert texts(found(section, "Kerngroep")) == ["Coalities:\n  ◦ Leefstijl\n  ◦ Arbeidsmarkt", "Kerngroep"]


def test_whole_list_below_a_bullet_if_the_question_names_that_bullet() -> None:
    section = [passage("• Netwerken:\n  ◦ Leefstijl\n  ◦ Arbeidsmarkt\n• Kerngroep")]
    for best in ("Netwerken:", "Leefstijl"):
        result = found(section, best)
        assert texts(result) == ["Leefstijl", "Arbeidsmarkt"]
        assert result
        assert result.lead_in == "Netwerken:"
    other = found(section, "Leefstijl", ListQuestion(), {"stuk": 1.0})
    assert texts(other) == ["Netwerken:\n  ◦ Leefstijl\n  ◦ Arbeidsmarkt", "Kerngroep"]


def test_whole_list_is_introduced_by_the_sentence_that_answers() -> None:
    section = [passage("Er zijn drie netwerken.\n• Een", path=("Kop",)), passage("• Twee", number=2, path=("Kop",))]
    result = found(section, "Er zijn drie netwerken.")
    assert texts(result) == ["Een", "Twee"]
    assert result
    assert result.lead_in == "Er zijn drie netwerken."


def test_whole_list_numbered_items_rank_below_the_bullet_that_introduces_them() -> None:
    section = [passage("• Het beleid heeft netwerken:\n1. Jong Leren\n2. Onze Club\n• Iets anders")]
    units = section[0].units
    parent = section[0].text[units[0].start : units[0].end]
    numbered = tuple(replace(unit, lead_in=parent) for unit in units[1:3])
    section = [replace(section[0], units=(units[0], *numbered, units[3]))]
    assert texts(found(section, "1. Jong Leren")) == ["1. Jong Leren", "2. Onze Club"]


@pytest.mark.parametrize("text", ["De zin.\nNog een zin.", "De zin.\n• Eén bullet", "Zin:\n• Eén bullet"])
def test_whole_list_wants_several_bullets(text: str) -> None:
    section = [passage(text)]
    for unit in section[0].units:
        assert found(section, section[0].text[unit.start : unit.end]) is None


def test_whole_list_leaves_an_item_alone_that_answers_by_itself() -> None:
    section = [passage("• Energiearmoede\n• Personele schaarste\n• Vervoer")]
    masses = {"netwerk": 1.0, "energiearmoede": 3.0}
    assert found(section, "Energiearmoede", masses=masses) is None
    assert texts(found(section, "Vervoer", masses=masses)) == ["Energiearmoede", "Personele schaarste", "Vervoer"]


def test_whole_list_of_items_that_name_what_they_are_is_not_one_item() -> None:
    section = [passage("• Stuurgroep Bouwstroom\n• Stuurgroep Vakantieparken\n• Thema ruimte\n• Coalitie\n• Raad")]
    assert (
        len(texts(found(section, "Stuurgroep Bouwstroom", ListQuestion(("stuurgroepen",)), {"stuurgroep": 3.0}))) == 5
    )


def test_whole_list_of_something_else_is_no_answer() -> None:
    section = [passage("• Een\n• Twee", path=("Portefeuille Sport", "Samenwerking", "Partners"))]
    assert found(section, "Een", ListQuestion(("portefeuilles",))) is None
    assert found(section, "Een", ListQuestion(("samenwerkingen",))), "the heading right above the list's own"
    further = [passage("• Een\n• Twee", path=("Samenwerking", "Sport", "Partners"))]
    assert found(further, "Een", ListQuestion(("samenwerkingen",))) is None, "that heading stands further above"
    assert found(section, "Een", ListQuestion(("netwerken",), named=True)) is None
    assert found(section, "Een", ListQuestion(("partners",), named=True))
    assert found(section, "Een", ListQuestion(("organisaties",))), "another word for what the heading says"


def test_section_of_stops_at_another_heading_or_document() -> None:
    rows = [
        passage("• Nul", number=0, path=("Ander",)),
        passage("• Een", number=1),
        passage("• Twee", number=2),
        passage("• Drie", number=3),
        replace(passage("• Vier", number=4), document_id="ander"),
    ]
    assert section_of(rows, 2) == (rows[1:4], 1)
    assert section_of(rows, 0) == (rows[:1], 0)


@pytest.fixture
def networks(tmp_path: Path, toy_encoder: Encoder) -> Searcher:
    items = [[f"Netwerk nummer {3 * part + one}" for one in range(3)] for part in range(3)]
    passages = [
        passage("• " + "\n• ".join(units), number=number, page=number) for number, units in enumerate(items, start=1)
    ]
    other = passage_of("stuk", 9, ["De wethouders spreken over zorg."], pages=[3], headings=["Zorg"])
    publish_toy(tmp_path, [document_of(Source("stuk", "Stuk"), items)], [*passages, other])
    return Searcher(tmp_path, toy_encoder, CERTAIN)


def test_searcher_answers_a_question_for_a_list_with_the_whole_list(networks: Searcher) -> None:
    answer = networks.search("Welke netwerken zijn er bij sport?").answer
    assert [item.text for item in answer.items] == [f"Netwerk nummer {number}" for number in range(9)]
    assert [item.page for item in answer.items] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert answer.lead_in == "Belangrijkste netwerken"
    assert answer.hit
    assert answer.text in answer.hit.passage.text
    assert answer.text.count("\n") == 2
    assert answer.page == answer.hit.page


def test_searcher_answers_a_question_for_one_thing_without_a_list(networks: Searcher) -> None:
    answer = networks.search("Wat is een netwerk?").answer
    assert answer.items == ()
    assert "\n" not in answer.text


def test_searcher_not_found_has_no_list(networks: Searcher, tmp_path: Path, toy_encoder: Encoder) -> None:
    never = Searcher(tmp_path, toy_encoder, replace(CALIBRATION, found=2.0, not_found=2.0))
    answer = never.search("Welke netwerken zijn er bij sport?").answer
    assert (answer.items, answer.text, answer.hit) == ((), "", None)


def test_list_after_its_own_words_is_no_list_for_who_asks_for_one_thing() -> None:
    assert list_after("Waarmee helpt de ondersteuner?") == ListQuestion()
    for question in ("Welke gemeente helpt?", "Wie helpt?", "Hoeveel helpen er?", "Is er hulp?", "Waarom helpt hij?"):
        assert list_after(question) is None


@pytest.mark.parametrize(
    ("lead_in", "is_one"),
    [
        ("De ondersteuner helpt met:", True),
        ("De ondersteuner helpt", False),
        ("Gemeente: Emmen · Aantal:", False),
        ("", False),
    ],
)
def test_introduces_tells_the_line_before_a_list(lead_in: str, is_one: bool) -> None:
    assert introduces(lead_in) is is_one
