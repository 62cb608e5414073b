from __future__ import annotations

import random

import pytest

from ingest.documents import BlockKind, Source
from ingest.errors import UnreadableError
from ingest.ledger import State
from ingest.readers import html as html_reader
from ingest.readers._items import Content
from ingest.readers.html import content_of_html, read_html

PROSE = [
    "De gemeente Assen is voorzitter van de stuurgroep jeugdzorg en werkt samen met de provincie Drenthe aan een plan.",
    "In de afgelopen periode is er met twaalf gemeenten een afspraak gemaakt over de verdeling van de middelen.",
    "Het bestuur legt het voorstel in het najaar voor aan de algemene ledenvergadering van de vereniging.",
]
MENU = '<nav><ul><li><a href="/o">Onderwijs</a></li><li><a href="/c">Contact opnemen</a></li></ul></nav>'
COOKIES = '<div class="cookie-banner"><p>Wij gebruiken cookies om deze site te verbeteren. Gaat u akkoord?</p></div>'
FOOT = "<footer><p>Over deze site en de toegankelijkheid ervan</p></footer>"


def page(main: str, *, head: str = "", around: str = "<main>{}</main>") -> bytes:
    body = f"<header>{MENU}</header>{COOKIES}{around.format(main)}{FOOT}<script>geheim()</script>"
    return (
        f'<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'.encode()
    )


def prose(*numbers: int) -> str:
    return "".join(f"<p>{PROSE[number]}</p>" for number in numbers or range(len(PROSE)))


def content(data: bytes) -> Content:
    return content_of_html(data, "pagina.html", "https://voorbeeld.nl/nieuws/1")


def seen(data: bytes) -> list[tuple[str, int, str]]:
    document = read_html(Source("bron", "Titel"), data, "pagina.html", "0")
    return [(block.kind.value, block.level, block.text) for block in document.blocks]


def test_readers_html_main_text_without_menus_and_banners() -> None:
    bullets = "<p>Bereikt:</p><ul><li>Een akkoord</li></ul>"
    main = f"<h1>Jeugdzorg</h1>{prose(0)}<h2>Resultaten</h2>{prose(1)}{bullets}{prose(2)}"
    assert seen(page(main)) == [
        ("heading", 1, "Jeugdzorg"),
        ("paragraph", 0, PROSE[0]),
        ("heading", 2, "Resultaten"),
        ("paragraph", 0, PROSE[1]),
        ("lead-in", 0, "Bereikt:"),
        ("bullet", 1, "Een akkoord"),
        ("paragraph", 0, PROSE[2]),
    ]


def test_readers_html_main_text_without_a_main_element() -> None:
    main = f"<h1>Jeugdzorg</h1>{prose(0)}<h2>Resultaten</h2><p>Kort.</p>{prose(1, 2)}"
    found = [text for _, _, text in seen(page(main, around="<div><div>{}</div></div>"))]
    assert found == ["Jeugdzorg", PROSE[0], "Resultaten", "Kort.", PROSE[1], PROSE[2]]


def test_readers_html_never_shows_scripts_hidden_or_struck_text() -> None:
    hidden = "<p hidden>A</p><p style='display: none'>B</p><template>C</template><noscript>D</noscript><svg>E</svg>"
    text = " ".join(text for _, _, text in seen(page(f"{prose()}{hidden}<p>Dit is <del>F</del> het slot.</p>")))
    assert text == " ".join([*PROSE, "Dit is het slot."])


def test_readers_html_lists_inside_lists() -> None:
    main = f"{prose()}<ul><li>Buiten<ul><li><p>Binnen</p></li></ul></li><li>Weer <b>buiten</b></li></ul>"
    assert seen(page(main))[3:] == [
        ("bullet", 1, "Buiten"),
        ("bullet", 2, "Binnen"),
        ("bullet", 1, "Weer buiten"),
    ]


def test_readers_html_table_of_contents_is_not_searched() -> None:
    linked = '<h2>Inhoud</h2><ul><li><a href="#een">Een</a></li><li><a href="#twee">Twee</a></li><li>Drie</li></ul>'
    sections = f'<h2 id="een">Een</h2>{prose(0)}<h2 id="twee">Twee</h2>{prose(1)}<h2>Drie</h2>{prose(2)}'
    found = [text for _, _, text in seen(page(linked + sections))]
    assert found == ["Een", PROSE[0], "Twee", PROSE[1], "Drie", PROSE[2]]


def test_readers_html_anchor_is_the_nearest_headings() -> None:
    second = f'<a name="twee"></a><h2>Twee</h2>{prose(2)}<h3>Zonder</h3><p>Kort.</p>'
    main = f'{prose(0)}<h2 id="een">Een</h2>{prose(1)}{second}'
    found = [(item.anchor, item.text) for item in content(page(main)).items if item.kind is BlockKind.PARAGRAPH]
    assert found == [("", PROSE[0]), ("een", PROSE[1]), ("twee", PROSE[2]), ("twee", "Kort.")]


def test_readers_html_anchor_is_not_that_of_something_else() -> None:
    section = f'<section id="deel"><h2>Een</h2>{prose(1)}</section><h2>Twee</h2>{prose(2)}'
    main = f'<ul id="thema"><li>Een lijst</li></ul>{prose(0)}{section}'
    found = [(item.anchor, item.text) for item in content(page(main)).items if item.kind is BlockKind.PARAGRAPH]
    assert found == [("", PROSE[0]), ("deel", PROSE[1]), ("deel", PROSE[2])]


def test_readers_html_title_above_the_main_text_is_kept() -> None:
    around = "<div class=kop><h1>Jeugdzorg in Drenthe</h1></div><main>{}</main>"
    assert seen(page(prose(), around=around))[0] == ("heading", 1, "Jeugdzorg in Drenthe")


def test_readers_html_links_are_made_whole() -> None:
    others = '<a href="mailto:a@b.nl">mail</a> of <a href="#x">zie</a>'
    main = f'{prose()}<p>Lees het <a href="../plan.pdf">hele plan</a>, {others}.</p>'
    assert [(link.words, link.url) for link in content(page(main)).links] == [
        ("hele plan", "https://voorbeeld.nl/plan.pdf")
    ]


def test_readers_html_table_with_merged_cells() -> None:
    table = (
        "<table><caption>Uitgaven per gemeente</caption>"
        "<thead><tr><th rowspan=2>Gemeente</th><th colspan=2>Uitgaven</th></tr>"
        "<tr><th>Begroot</th><th>Besteed</th></tr>"
        "</thead><tbody><tr><th scope=row>Assen</th><td>10</td><td>12</td></tr>"
        "<tr><td rowspan=2>Emmen<td>20<td>21</tr><tr><td>30<td>31</tr></tbody></table>"
    )
    items = content(page(prose() + table + prose(0))).items
    assert "Uitgaven per gemeente" in [item.text for item in items]
    assert [(item.row.text, item.row.labelled) for item in items if item.row] == [
        ("Assen\t10\t12", "Gemeente: Assen · Uitgaven Begroot: 10 · Uitgaven Besteed: 12"),
        ("Emmen\t20\t21", "Gemeente: Emmen · Uitgaven Begroot: 20 · Uitgaven Besteed: 21"),
        ("30\t31", "Gemeente: Emmen · Uitgaven Begroot: 30 · Uitgaven Besteed: 31"),
    ]


def test_readers_html_layout_table_gives_its_text() -> None:
    table = f"<table><tr><td>{prose(0)}<ul><li>Punt</li></ul></td><td>{prose(1)}</td></tr></table>"
    assert seen(page(table + prose(2))) == [
        ("paragraph", 0, PROSE[0]),
        ("bullet", 1, "Punt"),
        ("paragraph", 0, PROSE[1]),
        ("paragraph", 0, PROSE[2]),
    ]


def test_readers_html_definitions_are_rows() -> None:
    items = content(page(prose() + "<dl><dt>Voorzitter:</dt><dd>Jan Jansen</dd></dl>" + prose(0))).items
    assert [item.row.labelled for item in items if item.row] == ["Voorzitter: Jan Jansen"]


def test_readers_html_metadata() -> None:
    head = (
        '<title>Jeugdzorg | VDG</title><meta name="author" content="Redactie">'
        '<meta property="article:published_time" content="2025-03-01T09:00">'
    )
    assert content(page(f"<h1>Jeugdzorg</h1>{prose()}", head=head)).metadata == {
        "title": "Jeugdzorg",
        "author": "Redactie",
        "creationdate": "D:20250301",
        "lang": "nl",
    }
    assert content(page(prose(), head=head)).metadata["title"] == "Jeugdzorg | VDG"


def test_readers_html_without_main_text_takes_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_reader, "_chosen_words", lambda text: (frozenset(), ""))
    found = content(page(prose(0)))
    assert PROSE[0] in [item.text for item in found.items]
    assert not any("cookies" in item.text for item in found.items)
    assert found.warnings == ["De hoofdtekst van deze pagina was niet te herkennen; alle tekst is gelezen."]


def test_readers_html_survives_whatever_trafilatura_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    import trafilatura

    def stumble(*_: object, **__: object) -> None:
        raise AssertionError("stuk")

    monkeypatch.setattr(trafilatura, "bare_extraction", stumble)
    assert PROSE[0] in [item.text for item in content(page(prose(0))).items]


# ── What cannot be read ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (b"", "leeg"),
        (b"<html></html>", "leeg"),
        (b"<html><body><script>app()</script><div id=root></div></body></html>", "leeg"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "beschadigd"),
        (b"<p>x</p>" * 3_000_000, "te groot"),
    ],
)
def test_readers_html_says_what_is_wrong_with_a_file(data: bytes, state: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        content(data)
    assert State(caught.value.state) == state
    assert caught.value.reason.startswith("pagina.html")


def test_readers_html_expands_no_entities() -> None:
    bomb = (
        '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
        + page(f"{prose()}<p>&b;</p>").decode()[15:]
    )
    assert "aaaaaaaaaa" not in " ".join(item.text for item in content(bomb.encode()).items if item.text not in PROSE)


def test_readers_html_deep_nesting_is_read_or_refused() -> None:
    found = content(page("<div>" * 260 + prose() + "</div>" * 260))
    assert [item.text for item in found.items] == PROSE
    with pytest.raises(UnreadableError) as caught:
        content(page(prose(0) + "<div>" * 1500 + prose(1) + "</div>" * 1500))
    assert caught.value.state == "beschadigd"


def test_readers_html_mutated_pages_raise_nothing_else() -> None:
    rng = random.Random(5)
    sound = page(f"<h1>Jeugdzorg</h1>{prose()}<table><tr><th>A<th>B</tr><tr><td colspan=2>x</tr></table><ul><li>p</ul>")
    read = 0
    for _ in range(150):
        data = bytearray(sound)
        for _ in range(rng.randint(1, 15)):
            at = rng.randrange(len(data))
            if rng.random() < 0.4:
                del data[at : at + rng.randint(1, 60)]
            else:
                data[at] = rng.choice(b"<>/\"'= \x00\xffa&;")
        try:
            read += bool(content(bytes(data)).items)
        except UnreadableError as error:
            State(error.state)
    assert read > 100
