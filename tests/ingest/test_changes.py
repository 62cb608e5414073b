from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence

import pytest
from markdown_it import MarkdownIt

from ingest.change_report import changes_as_json, changes_as_markdown, changes_as_text
from ingest.changes import GENERAL, ChangeReport, What, changes_between
from ingest.documents import Box, Passage, Source
from ingest.ledger import Change, Entry, State

BOX = Box(0, 0, 10, 10)
SPORT = "Sport"
CHAIR = "De portefeuille wordt voorgezeten door Inge Nieuwenhuizen namens de gemeente Hoogeveen."
MONEY = "In de begroting is hiervoor € 120.000 opgenomen."
PLAN = "Het beweegbeleid is in april door alle gemeenteraden van Drenthe vastgesteld."
OTHER = "Scholen melden dat leraren moeilijk te vinden zijn en dat klassen groter worden."


def passage(
    text: str,
    *,
    document: str = "nota",
    page: int = 1,
    heading: tuple[str, ...] = ("Kop",),
    portefeuilles: tuple[str, ...] = (SPORT,),
) -> Passage:
    return Passage(f"{document}:x", document, heading, portefeuilles, text, (), ((page, BOX),))


def entry(document: str = "nota", change: Change = Change.GEWIJZIGD, state: State = State.GELEZEN) -> Entry:
    return Entry(Source(document, document.title(), portefeuilles=("Financiën",)), state, change)


def report(old: Sequence[Passage], new: Sequence[Passage], *entries: Entry) -> ChangeReport:
    return changes_between(old, new, entries or [entry()])


def only(found: ChangeReport) -> list[tuple[What, tuple[tuple[str, str], ...]]]:
    return [(one.what, one.words) for group in found.groups for doc in group.documents for one in doc.passages]


def test_changes_shows_old_and_new_words_of_a_changed_passage() -> None:
    found = report(
        [passage(CHAIR), passage(PLAN)], [passage(CHAIR.replace("Inge Nieuwenhuizen", "Jan Bos")), passage(PLAN)]
    )
    before, after = CHAIR.split("Inge Nieuwenhuizen")
    assert only(found) == [
        (
            What.GEWIJZIGD,
            ((before.strip(), before.strip()), ("Inge Nieuwenhuizen", "Jan Bos"), (after.strip(), after.strip())),
        )
    ]
    assert found.passages == {What.GEWIJZIGD: 1}


def test_changes_tells_new_and_gone_passages() -> None:
    found = report([passage(CHAIR), passage(PLAN)], [passage(CHAIR), passage(OTHER)])
    assert only(found) == [(What.NIEUW, (("", OTHER),)), (What.VERVALLEN, ((PLAN, ""),))]


@pytest.mark.parametrize("where", [{"page": 2}, {"heading": ("Andere kop",)}])
def test_changes_tells_moved_passages_from_changed_ones(where: dict[str, object]) -> None:
    page, heading = where.get("page", 1), where.get("heading", ("Kop",))
    assert isinstance(page, int)
    assert isinstance(heading, tuple)
    found = report([passage(CHAIR), passage(PLAN)], [passage(CHAIR), passage(PLAN, page=page, heading=heading)])
    assert only(found) == [(What.VERHUISD, ())]


def test_changes_sees_no_change_in_white_space_alone() -> None:
    assert only(report([passage("Een  twee\ndrie.")], [passage("Een twee drie.")])) == []


def test_changes_pairs_repeated_passages_by_place() -> None:
    old = [passage("Geen bijzonderheden.", page=page) for page in (1, 2, 3)]
    found = report(old, [old[2], old[0]])
    assert [(one.what, one.old.pages if one.old else ()) for one in found.groups[0].documents[0].passages] == [
        (What.VERVALLEN, (2,))
    ]


def test_changes_are_no_changes_where_sentences_only_lie_in_another_passage() -> None:
    old = [passage(f"{CHAIR} {MONEY}"), passage(PLAN)]
    assert only(report(old, [passage(CHAIR), passage(f"{MONEY} {PLAN}")])) == []
    moved = only(report(old, [passage(CHAIR), passage(f"{MONEY} {PLAN}", page=2)]))
    assert moved == [(What.VERHUISD, ())]


def test_changes_names_only_the_sentence_that_came_in_between() -> None:
    new = [passage(CHAIR), passage(f"{OTHER} {MONEY}"), passage(PLAN)]
    assert only(report([passage(f"{CHAIR} {MONEY}"), passage(PLAN)], new)) == [(What.NIEUW, (("", OTHER),))]


def test_changes_names_a_sentence_that_left_a_passage() -> None:
    found = report([passage(f"{CHAIR} {OTHER} {MONEY}")], [passage(f"{CHAIR} {MONEY}")])
    assert only(found) == [(What.VERVALLEN, ((OTHER, ""),))]


def test_changes_matches_short_rows_by_their_heading() -> None:
    old = [passage(f"{place}: 12 %") for place in ("Assen", "Emmen", "Meppel")]
    new = [old[0], passage("Emmen: 13 %"), old[2]]
    assert only(report(old, new)) == [(What.GEWIJZIGD, (("Emmen:", "Emmen:"), ("12", "13"), ("%", "%")))]


def test_changes_pairs_the_most_alike() -> None:
    old = [
        passage(f"Gemeente {name} krijgt dit jaar {number} euro voor sport.") for name, number in (("A", 1), ("B", 2))
    ]
    new = [
        passage(f"Gemeente {name} krijgt dit jaar {number} euro voor sport.") for name, number in (("B", 9), ("A", 8))
    ]
    changed = [[pair for pair in words if pair[0] != pair[1]] for _, words in only(report(old, new))]
    assert changed == [[("2", "9")], [("1", "8")]]


def test_changes_go_to_the_portefeuilles_of_the_passages() -> None:
    old = [passage(CHAIR, portefeuilles=(SPORT, "Financiën")), passage(PLAN, portefeuilles=())]
    found = report(old, [passage(OTHER, portefeuilles=("Onderwijs en Cultuur",))])
    # the order of the portefeuilles is the VDG's own, with what belongs to none at the end
    assert [group.name for group in found.groups] == ["Onderwijs en Cultuur", SPORT, "Financiën", GENERAL]
    assert found.passages == {What.NIEUW: 1, What.VERVALLEN: 2}  # counted once, though it stands in two
    assert [(one.before, one.after) for group in found.groups for one in group.documents] == [
        (0, 1),
        (1, 0),
        (1, 0),
        (1, 0),
    ]


def test_changes_counts_new_and_gone_documents_without_repeating_their_words() -> None:
    old, new = [passage(CHAIR, document="oud")], [passage(PLAN, document="vers"), passage(OTHER, document="vers")]
    found = report(old, new, entry("vers", Change.NIEUW), entry("oud", Change.VERVALLEN))
    assert found.documents == {Change.NIEUW: 1, Change.VERVALLEN: 1}
    assert [(one.title, one.before, one.after) for one in found.groups[0].documents] == [("Vers", 0, 2), ("Oud", 1, 0)]
    for said in (changes_as_text(found), changes_as_markdown(found), json.dumps(changes_as_json(found))):
        assert "Vers" in said
        assert "Nieuwenhuizen" not in said
        assert "Scholen" not in said


@pytest.mark.parametrize(
    ("old", "new", "given", "note"),
    [
        ([passage(CHAIR)], [], entry(state=State.VERSLEUTELD), "niet meer doorzoekbaar: versleuteld"),
        ([], [], entry(change=Change.NIEUW, state=State.ZONDER_ADRES), "nog niet doorzoekbaar: zonder adres"),
        ([passage(CHAIR)], [passage(CHAIR)], entry(), "de tekst is dezelfde gebleven"),
        ([passage(CHAIR)], [passage(PLAN)], entry(change=Change.ONGEWIJZIGD), "hetzelfde bestand, anders ingelezen"),
    ],
)
def test_changes_says_what_the_ledgers_change_alone_does_not(
    old: list[Passage], new: list[Passage], given: Entry, note: str
) -> None:
    found = report(old, new, given)
    assert {one.note for group in found.groups for one in group.documents} == {note}
    assert note in changes_as_text(found)
    assert note in changes_as_markdown(found)


def test_changes_of_nothing() -> None:
    found = report([passage(CHAIR)], [passage(CHAIR)], entry(change=Change.ONGEWIJZIGD))
    assert found.is_empty
    assert changes_as_text(found) == "Sinds de vorige versie is er niets veranderd."
    assert "niets veranderd" in changes_as_markdown(found)
    assert changes_as_json(found)["portefeuilles"] == []


def test_changes_as_text_tells_it_in_dutch() -> None:
    old = [passage(CHAIR, page=3), passage(PLAN)]
    new = [
        passage(CHAIR.replace("Inge Nieuwenhuizen", "Jan Bos"), page=3),
        passage(PLAN, page=2),
        passage(OTHER, page=4),
    ]
    assert changes_as_text(report(old, new)).split("\n") == [
        "Veranderingen sinds de vorige versie",
        "Documenten: 1 gewijzigd.",
        "Passages in gewijzigde documenten: 1 nieuw, 1 gewijzigd, 1 verhuisd.",
        "",
        "Sport: 1 document (1 gewijzigd)",
        "  gewijzigd: Nota (1 nieuw, 1 gewijzigd, 1 verhuisd)",
        "    p. 3 gewijzigd: De portefeuille wordt voorgezeten door [Inge Nieuwenhuizen → Jan Bos] namens de gemeente…",
        "    p. 4 nieuw: Scholen melden dat leraren moeilijk te vinden zijn en dat klassen groter worden.",
    ]


def many(documents: int, portefeuilles: Sequence[str]) -> ChangeReport:
    names = [f"nota{number}" for number in range(documents)]
    old = [
        passage(f"{CHAIR} {name}", document=name, portefeuilles=(where,)) for name in names for where in portefeuilles
    ]
    new = [
        passage(f"{PLAN} {name}", document=name, portefeuilles=(where,)) for name in names for where in portefeuilles
    ]
    return report(old, new, *(entry(name) for name in names))


@pytest.mark.parametrize("documents", [1, 5, 40, 500])
def test_changes_as_text_fits_one_screen(documents: int) -> None:
    every = ("Gezondheid en Welzijn", "Ruimte en Wonen", "Onderwijs en Cultuur", SPORT, "Financiën", "A", "B", "C", "D")
    lines = changes_as_text(many(documents, every)).split("\n")
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 110
    assert all(any(line.startswith(name) for line in lines) for name in every)
    if documents > 40:
        assert f"Sport: {documents} documenten ({documents} gewijzigd)" in lines


def test_changes_as_text_keeps_signs_that_steer_a_terminal_out() -> None:
    said = changes_as_text(report([passage(CHAIR)], [passage("\x1b[31mRood\x07 \u202eomgekeerd\u2066 woord.")]))
    assert all(char.isprintable() or char == "\n" for char in said)
    assert "Rood" in said


HOSTILE = [
    "<script>alert(1)</script> en <img src=x onerror=alert(1)>",
    "[klik](javascript:alert(1)) ![plaatje](https://x.nl/p.png)",
    "**vet** _schuin_ `code` ~~weg~~ ***alles***",
    "# Kop\n- lijst\n1. een\n> aanhaling\n---\n| a | b |",
    "~~<b>~~ **</b>** </details>",
    "<https://x.nl> https://x.nl www.x.nl j@x.nl @gebruiker #12",
    "&lt;b&gt; &amp; &#60;b&#62; \\*ster\\* \\",
    ":red[rood] $x^2$ :material/home:",
    "```\ncode\n```",
    "[a]: https://x.nl\n[a]",
    "*",
    "**",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_changes_as_markdown_lets_no_document_write_markdown(hostile: str) -> None:
    source = Source("nota", hostile)
    old = [passage(f"{CHAIR} Eerst stond hier iets.", heading=(hostile,)), passage(PLAN, heading=(hostile,))]
    new = [passage(f"{CHAIR} {hostile}", heading=(hostile,)), passage(PLAN, heading=(hostile, "x"))]
    found = changes_between(old, new, [Entry(source, State.GELEZEN, Change.GEWIJZIGD)])
    said = changes_as_markdown(found)
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(said)
    inside = [child for token in tokens for child in token.children or ()]
    assert {token.type for token in tokens if token.type.endswith("_open")} <= {
        *("heading_open", "paragraph_open", "bullet_list_open", "list_item_open")
    }
    assert {one.type for one in inside} <= {"text", "text_special", "strong_open", "strong_close", "s_open", "s_close"}
    read = " ".join("".join(one.content for one in inside).split())
    assert " ".join(hostile.split()) in read  # a reader sees the very words
    assert "www.x" not in said
    assert "://" not in said


def test_changes_as_markdown_marks_old_and_new_words_and_gathers_moves() -> None:
    old = [passage(CHAIR, page=3), *(passage(f"{PLAN} {number}", page=4) for number in range(3))]
    new = [passage(CHAIR.replace("Inge Nieuwenhuizen", "Jan Bos"), page=3)]
    new += [passage(f"{PLAN} {number}", page=5) for number in range(3)]
    said = changes_as_markdown(report(old, new)).split("\n")
    assert (
        "- gewijzigd, p. 3, Kop: De portefeuille wordt voorgezeten door ~~Inge Nieuwenhuizen~~ **Jan Bos** "
        "namens de gemeente Hoogeveen."
    ) in said
    assert "- verhuisd, van p. 4 naar p. 5: 3 passages" in said


def test_changes_as_json_is_complete() -> None:
    said = json.loads(json.dumps(changes_as_json(report([passage(CHAIR)], [passage(CHAIR, page=2), passage(PLAN)]))))
    assert said["documents"] == {"nieuw": 0, "gewijzigd": 1, "ongewijzigd": 0, "verhuisd": 0, "vervallen": 0}
    assert said["passages"] == {"nieuw": 1, "gewijzigd": 0, "vervallen": 0, "verhuisd": 1}
    (group,) = said["portefeuilles"]
    (document,) = group["documents"]
    assert (group["name"], document["document_id"], document["passages_after"]) == (SPORT, "nota", 2)
    assert document["passages"][0] == {
        "change": "verhuisd",
        "old": {"pages": [1], "heading_path": ["Kop"]},
        "new": {"pages": [2], "heading_path": ["Kop"]},
        "words": [],
    }
    assert document["passages"][1]["words"] == [["", PLAN]]


def test_changes_of_a_large_document_take_seconds() -> None:
    draw = random.Random(3)
    words = [f"woord{number}" for number in range(3_000)]
    texts = [draw.choices(words, k=100) for _ in range(2_000)]
    old = [passage(" ".join(text), page=number // 4 + 1) for number, text in enumerate(texts)]
    new = [passage(" ".join(["anders", *text[1:]]), page=number // 4 + 1) for number, text in enumerate(texts)]
    began = time.perf_counter()
    found = report(old, new)
    assert time.perf_counter() - began < 6.0
    assert found.passages == {What.GEWIJZIGD: 2_000}


def test_changes_of_a_document_that_repeats_itself_stay_bounded() -> None:
    old = [passage(f"Niet van toepassing in {number}") for number in range(3_000)]
    new = [passage(f"Niet van toepassing op {number}") for number in range(3_000)]
    began = time.perf_counter()
    found = report(old, new)
    assert time.perf_counter() - began < 5.0
    assert sum(found.passages.values()) >= 3_000
