from __future__ import annotations

import json
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from app_pages._links import quote_for_link
from app_pages._verzameling.collection import LINK_LIMIT, Collection, Item, parse_collection, parse_sheet
from tests.app.conftest import Portal, Shown
from tests.app.fake_searcher import HANDOVER, FakeSearcher, hostile_searcher

INGE = Item(HANDOVER.id, 18, "Inge Nieuwenhuizen (burgemeester gemeente de Wolden)", "Voor de raad")
FLEX = Item(HANDOVER.id, 14, "Sinds eind 2023 is het Flexteam operationeel")
GONE = Item(HANDOVER.id, 13, "preferente zorgverzekeraar: Menzis")
THREE = Collection((INGE, FLEX, GONE))


def lijst(collection: Collection) -> str:
    (value,) = collection.params["lijst"]
    return value


def button(test: AppTest, label: str) -> AppTest:
    """Press the button with these words."""
    return next(one for one in test.button if one.label == label).click().run()


def in_the_address(test: AppTest) -> tuple[Item, ...]:
    values = {name: test.query_params[name] for name in test.query_params}
    # AppTest gives what a test has set as text, and what the page has set as a list
    return parse_collection({name: [one] if isinstance(one, str) else one for name, one in values.items()})[0].items


def test_verzamelen_shows_the_passages_in_order_with_their_notes(portal: Portal) -> None:
    shown = portal("verzamelen", lijst=lijst(THREE))

    assert [level for level, _ in shown.headings] == [1, 2, 2, 3, 3, 3]
    assert "3 passages, waarvan 2 nog in de bronnen" in shown.text
    assert shown.text.index("Inge Nieuwenhuizen") < shown.text.index("Sinds eind 2023")
    assert [one.value for one in shown.test.text_area] == ["Voor de raad", "", ""]
    assert [one.label for one in shown.test.text_area] == [f"Opmerking bij {number}" for number in (1, 2, 3)]
    assert shown.params("p. 18")["citaat"] == [INGE.quote]


def test_verzamelen_says_that_words_are_gone_and_does_not_show_them_as_a_quote(portal: Portal) -> None:
    shown = portal("verzamelen", lijst=lijst(Collection((GONE,))))

    assert "Deze woorden staan niet (meer) in het document." in shown.text
    assert "In de link stond: ‘preferente zorgverzekeraar: Menzis’" in shown.text
    assert "blockquote" not in shown.tags
    assert "Kopieer verwijzing" not in shown.text


def test_verzamelen_says_on_which_page_words_stand_now(portal: Portal) -> None:
    shown = portal("verzamelen", lijst=lijst(Collection((replace(INGE, page=3),))))

    assert "Deze woorden staan nu op pagina 18. Eerst was dat pagina 3." in shown.text


def test_verzamelen_makes_a_shortened_quote_whole(portal: Portal) -> None:
    text = FakeSearcher().rows[0][1].text

    shown = portal("verzamelen", document=HANDOVER.id, pagina="12", citaat=quote_for_link(text))

    assert "Kerngroep Gezonde Marke (nu: Jan Broekema" in shown.text
    assert "…" not in shown.text.partition("Passages")[2].partition("Kopieer")[0]


def test_verzamelen_puts_order_notes_and_removal_in_the_address(portal: Portal) -> None:
    test = portal("verzamelen", lijst=lijst(THREE)).test

    test = button(test, "2 omhoog")
    assert in_the_address(test) == (FLEX, INGE, GONE)
    assert "Passage 2 staat nu op plaats 1." in Shown(test).text
    test = test.text_area[0].set_value("Nieuw\nbij *Flexteam*").run()
    assert in_the_address(test)[0] == replace(FLEX, note="Nieuw\nbij *Flexteam*")
    test = button(test, "3 weghalen")
    assert [one.page for one in in_the_address(test)] == [14, 18]
    test = button(test, "Maak ongedaan")
    assert [one.page for one in in_the_address(test)] == [14, 18, 13]


def test_verzamelen_tells_the_script_the_list_and_how_often_it_was_changed(portal: Portal) -> None:
    def state(test: AppTest) -> tuple[object, str]:
        html = next(one.proto.body for one in test.get("html") if "data-list" in one.proto.body)
        value = html.partition('data-list="')[2].partition('"')[0].replace("&quot;", '"')
        return json.loads(value), html.partition('data-edits="')[2].partition('"')[0]

    test = portal("verzamelen", lijst=lijst(Collection((INGE, FLEX)))).test
    assert state(test) == ([[HANDOVER.id, 18, INGE.quote, INGE.note], [HANDOVER.id, 14, FLEX.quote, ""]], "0")
    test = button(test, "1 omlaag")
    assert state(test) == ([[HANDOVER.id, 14, FLEX.quote, ""], [HANDOVER.id, 18, INGE.quote, INGE.note]], "1")
    # another address, as by the back button, is no change of the reader's
    test.query_params["lijst"] = lijst(Collection((INGE,)))
    assert state(test.run())[1] == "1"
    assert [one.value for one in test.text_area] == [INGE.note]


def test_verzamelen_shows_ten_passages_at_a_time_and_follows_one_that_moves(portal: Portal) -> None:
    many = Collection(tuple(Item(HANDOVER.id, page, "") for page in range(1, 22)))
    shown = portal("verzamelen", lijst=lijst(many))
    assert "21 passages" in shown.text
    assert [one.label for one in shown.test.text_area] == [f"Opmerking bij {number}" for number in range(1, 11)]
    assert shown.params("11 – 20") == {**many.params, "blad": ["2"]}

    test = portal("verzamelen", lijst=lijst(many), blad="2").test
    assert [one.label for one in test.text_area][::9] == ["Opmerking bij 11", "Opmerking bij 20"]
    test = button(test, "20 omlaag")
    assert [*test.query_params["blad"]] == ["3"]
    assert [one.label for one in test.text_area] == ["Opmerking bij 21"]
    assert in_the_address(test)[20] == many.items[19]
    test = button(test, "21 weghalen")
    assert [one.label for one in test.text_area][::9] == ["Opmerking bij 11", "Opmerking bij 20"]


def test_verzamelen_seeks_no_more_than_it_shows(portal: Portal) -> None:
    gone = [replace(GONE, quote=f"{GONE.quote} {number}") for number in range(10)]
    many = Collection((INGE, *gone))
    shown = portal("verzamelen", lijst=lijst(many))
    assert "11 passages. Niet alle staan nog in de bronnen." in shown.text
    rest = portal("verzamelen", lijst=lijst(many), blad="2")
    assert "11 passages." in rest.text
    assert not any(one.proto.disabled for one in rest.test.get("download_button"))


@pytest.mark.parametrize(("asked", "sheet"), [("2", 2), ("3", 3), ("99", 3), ("0", 1), ("-1", 1), ("٢", 1), ("", 1)])
def test_verzamelen_a_sheet_that_is_none_is_the_nearest(asked: str, sheet: int) -> None:
    many = Collection(tuple(Item("vdg", page) for page in range(1, 22)))
    assert parse_sheet({"blad": [asked]}, many) == sheet
    assert parse_sheet({}, Collection()) == 1
    assert [len(Collection(many.items[:count]).sheets()) for count in (0, 1, 10, 11, 20, 21)] == [1, 1, 1, 2, 2, 3]


def test_verzamelen_keeps_a_note_that_does_not_fit_in_its_box(portal: Portal) -> None:
    notes = ["".join(chr(0x4E00 + (one * 500 + place) * 7919 % 20_000) for place in range(500)) for one in range(6)]
    items = [Item(HANDOVER.id, page, "", note) for page, note in enumerate(notes, start=1)]
    full = next(one for count in range(6, 0, -1) if (one := Collection(tuple(items[:count]))).fits)
    assert len(full.href) < LINK_LIMIT
    collection = Collection((*full.items, INGE))
    test = portal("verzamelen", lijst=lijst(collection)).test

    test = test.text_area[-1].set_value(notes[-1]).run()

    assert "De opmerking is niet bewaard" in Shown(test).text
    assert test.text_area[-1].value == notes[-1]
    assert in_the_address(test) == collection.items
    test = test.text_area[-1].set_value("kort").run()
    assert in_the_address(test)[-1].note == "kort"


def test_verzamelen_asks_before_it_wipes(portal: Portal) -> None:
    test = portal("verzamelen", lijst=lijst(THREE)).test

    test = button(button(test, "Alles wissen"), "Nee, bewaren")
    assert in_the_address(test) == THREE.items
    test = button(button(test, "Alles wissen"), "Ja, alles wissen")
    assert in_the_address(test) == ()
    assert "Alle passages zijn gewist." in Shown(test).text
    assert in_the_address(button(test, "Maak ongedaan")) == THREE.items


def test_verzamelen_says_how_to_keep_something_when_it_is_empty(portal: Portal) -> None:
    shown = portal("verzamelen")

    assert "Er staat niets in uw verzameling." in shown.text
    assert shown.link("Naar zoeken") == "./"
    assert not shown.test.button


@pytest.mark.parametrize("value", ["x", "z!!!", "zAAAA", "a" * 30_000, "<script>alert(1)</script>", "\x00"])
def test_verzamelen_says_that_a_link_cannot_be_read(portal: Portal, value: str) -> None:
    shown = portal("verzamelen", lijst=value)

    assert "De lijst in deze link is niet te lezen." in shown.text
    assert "script" not in shown.tags


def test_verzamelen_shows_a_hostile_link_as_text(portal: Portal) -> None:
    words = "<script>alert(1)</script>**x**\u202e"
    shown = portal("verzamelen", lijst=lijst(Collection((Item(words, 1, words, words), replace(INGE, quote=words)))))

    assert "Dit document is er niet (meer)." in shown.text
    assert "Document <script>alert(1)</script>**x** · p. 1" in shown.text
    assert "script" not in shown.tags
    assert "\u202e" not in shown.text


def test_verzamelen_shows_a_hostile_document_as_text(portal: Portal) -> None:
    words = "<script>alert(1)</script> # **vet** `x` | &lt;b&gt; \u202eom " + "lang" * 2500
    searcher = hostile_searcher(words)
    document, passage = searcher.rows[0]
    searcher.rows = [(replace(document, id="h"), replace(passage, document_id="h"))]

    shown = portal("verzamelen", searcher, lijst=lijst(Collection((Item("h", 1, "voorzitter onderwijs cultuur"),))))

    visible = words.replace("\u202e", "")
    assert f"1. {visible} · {visible} · p. 1" in shown.text
    assert "script" not in shown.tags
    assert "\u202e" not in shown.text
