from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest

from app_pages._links import SearchAddress
from app_pages._zoeken.answer import ITEMS_SHOWN, answer_html
from index.results import Alternative, Answer, AnswerItem, Hit, Searched, Status
from ingest.documents import Passage, Unit
from tests.app.fake_searcher import HANDOVER, REPORT, FakeSearcher

SEARCHED = Searched(214, 3, 20)
ASKED = SearchAddress("Welke netwerken zijn er?")
PASSAGE = FakeSearcher().rows[1][1]
HIT = Hit(1, 1.0, PASSAGE, HANDOVER)


class Read(HTMLParser):
    """What a reader sees: text, links by their words, cells of tables in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.links: dict[str, str] = {}
        self.cells: list[str] = []
        self._href, self._start = "", 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._href, self._start = dict(attrs).get("href") or "", len(self.text)
        if tag in {"td", "th"}:
            self._start = len(self.text)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.links[self.text[self._start :]] = self._href
        if tag in {"td", "th"}:
            self.cells.append(self.text[self._start :])

    def handle_data(self, data: str) -> None:
        self.text += data

    def params(self, words: str) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.links[words]).query)


def shown(answer: Answer, searched: Searched = SEARCHED, asked: SearchAddress = ASKED) -> Read:
    return Read(answer_html(answer, searched, asked))


def listed(count: int) -> Answer:
    items = tuple(AnswerItem(f"Netwerk {number}", 12 + number // 10, PASSAGE.passage_id) for number in range(count))
    return Answer(Status.GEVONDEN, 0.9, items[0].text, "Netwerken:", HIT, 12, items)


def test_answer_list_shows_every_item_with_its_page_as_a_link() -> None:
    card = shown(listed(3))
    assert card.text.index("Staat onder: Netwerken:") < card.text.index("Netwerk 0") < card.text.index("Netwerk 2")
    assert card.params("p. 12") == {
        "document": [HANDOVER.id],
        "pagina": ["12"],
        "citaat": ["Netwerk 2"],
        "v": [ASKED.question],
    }
    assert card.text.count("p. 12") == 4, "three items and their source"
    assert "en nog" not in card.text


def test_answer_list_that_is_long_says_how_many_more_and_leads_there() -> None:
    card = shown(listed(ITEMS_SHOWN + 5))
    assert f"Netwerk {ITEMS_SHOWN - 1}" in card.text
    assert f"Netwerk {ITEMS_SHOWN}" not in card.text
    assert card.params("en nog 5") == {
        "document": [HANDOVER.id],
        "pagina": [str(12 + ITEMS_SHOWN // 10)],
        "citaat": [f"Netwerk {ITEMS_SHOWN}"],
        "v": [ASKED.question],
    }


def test_answer_list_shows_what_stands_below_an_item_as_a_list_in_it() -> None:
    items = (AnswerItem("Coalities:\n  ◦ Leefstijl", 12, "p"), AnswerItem("Kerngroep", 12, "p"))
    html = answer_html(replace(listed(1), items=items), SEARCHED, ASKED)
    assert "<li><p>Coalities:</p><ul><li>Leefstijl</li></ul>" in html


def test_answer_row_of_a_table_shows_its_cells_by_column() -> None:
    text = "Assen\t12 %"
    row = Passage(
        "r", HANDOVER.id, ("Tabel",), (), text, (Unit(0, len(text), "Gemeente: Assen · 2025: 12 %"),), PASSAGE.regions
    )
    answer = Answer(Status.GEVONDEN, 0.9, text, row.units[0].lead_in, replace(HIT, passage=row), 13)
    card = shown(answer)
    assert card.cells == ["Gemeente", "Assen", "2025", "12 %"]
    assert "Staat onder" not in card.text
    assert any("p. 13" in words for words in card.links)


def test_answer_shows_what_another_source_says_with_its_date_below_its_own() -> None:
    other = Alternative("Het plan is er op <b>11 december</b>.", replace(HIT, document=REPORT), 1)
    card = shown(Answer(Status.ONZEKER, 0.5, "Het plan is er op 4 december.", "", HIT, 13, (), (other,)))
    assert (
        card.text.index("4 december")
        < card.text.index("Een andere bron zegt iets anders")
        < card.text.index("<b>11 december</b>")
    )
    source = next(words for words in card.links if REPORT.title in words)
    assert source.endswith("p. 1 · 2025")
    assert card.params(source)["document"] == [REPORT.id]
    assert "andere bron" not in shown(Answer(Status.GEVONDEN, 0.9, "x", "", HIT, 13)).text


def test_answer_not_found_says_how_much_was_searched_and_leads_to_what_was_not() -> None:
    card = shown(Answer(Status.NIET_GEVONDEN, 0.1))
    assert "0 van 214 passages in 3 bronnen; 20 bronnen zijn nog niet opgehaald." in card.text
    assert card.params("Bekijk welke bronnen ontbreken") == {"stand": ["ontbreekt"]}
    assert set(shown(Answer(Status.NIET_GEVONDEN, 0.1), Searched(214, 3, 0)).links) == {"Portefeuilles", "Wie is wie"}
    assert (
        "Zoek in alle bronnen en portefeuilles"
        in shown(Answer(Status.NIET_GEVONDEN, 0.1), asked=SearchAddress("x", ("Sport",))).links
    )


def test_answer_leads_to_all_in_its_portefeuille_unless_that_is_what_is_shown() -> None:
    (portefeuille,) = PASSAGE.portefeuilles
    answer = Answer(Status.GEVONDEN, 0.9, "x", "", HIT, 13)
    words = f"Alles in {portefeuille} over ‘{ASKED.question}’"
    assert shown(answer).params(words) == {"v": [ASKED.question], "portefeuille": [portefeuille], "meer": ["1"]}
    assert words not in shown(answer, asked=SearchAddress(ASKED.question, (portefeuille,))).text
    assert words in shown(answer, asked=SearchAddress(ASKED.question, (portefeuille, "Sport"))).text


def test_answer_can_be_kept_with_its_place() -> None:
    card = shown(Answer(Status.GEVONDEN, 0.9, "Zilveren Kruis", "", HIT, 13))
    assert card.links["Bewaar"].startswith("./verzamelen?")
    assert card.params("Bewaar") == {"document": [HANDOVER.id], "pagina": ["13"], "citaat": ["Zilveren Kruis"]}


@pytest.mark.parametrize("status", Status)
def test_answer_says_how_sure_it_is_in_words(status: Status) -> None:
    words = {"gevonden": "Gevonden", "onzeker": "Onzeker: controleer de bron", "niet_gevonden": "Niet gevonden"}
    assert words[status.value] in shown(Answer(status, 0.5, "x", "", HIT, 13)).text
