from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm
from lxml import etree
from markdown_it import MarkdownIt

from app_pages._verzameling.collection import Item
from app_pages._verzameling.exports import Entry, citation, entries_of, heading_words, plain, reference
from app_pages._verzameling.exports_csv import COLUMNS, as_csv, harmless
from app_pages._verzameling.exports_markdown import as_markdown, escaped
from app_pages._verzameling.exports_word import BULLET_STYLES, NOTE_STYLE, SOURCE_STYLE, as_word
from app_pages._verzameling.found import Found, Stand, found
from tests.app.fake_searcher import HANDOVER, FakeSearcher, hostile_searcher

DAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
PORTAL = "https://zoek.example/"

HOSTILE = (
    "<script>alert(1)</script> **vet** _schuin_ `code` [link](javascript:alert(1)) ![x](https://x/y.png) # kop | cel "
    "&lt;b&gt; &amp; $x^2$ ~~weg~~ \u202eomgekeerd\u202c \u200f =1+1 @SUM(A1) :material/home: <!-- --> \x00\x07\x1b "
    "\ufffe " + "lang" * 2500
)
# What a reader sees of it: all but the signs that have no shape.
VISIBLE = " ".join(plain(HOSTILE).split())


def at_address(url: str | None) -> FakeSearcher:
    return FakeSearcher(rows=[(replace(HANDOVER, url=url), one) for _, one in FakeSearcher().rows])


def entries(*items: Item, searcher: FakeSearcher | None = None) -> tuple[Entry, ...]:
    corpus = searcher or at_address("https://www.drentsegemeenten.nl/overdracht.pdf")
    return entries_of([found(corpus, item) for item in items], PORTAL, DAY)


def two() -> tuple[Entry, ...]:
    return entries(
        Item(HANDOVER.id, 18, "Inge Nieuwenhuizen (burgemeester gemeente de Wolden)", "Voor het voorstel"),
        Item(HANDOVER.id, 14, "Sinds eind 2023 is het Flexteam operationeel"),
    )


def hostile() -> tuple[Entry, ...]:
    # such an id could not be found by a link; the rest of the way it must go
    searcher = hostile_searcher(HOSTILE)
    document, passage = searcher.rows[0]
    kept = Found(Item(HOSTILE, 1, "x", HOSTILE), Stand.HERE, document, 1, passage.text, (HOSTILE,), HOSTILE)
    web = replace(kept, document=replace(document, url="https://x/ <b>\n\u202e).pdf", file="a.pdf"), anchor="")
    return entries_of([kept, web], PORTAL, DAY)


def paragraphs(file: bytes) -> list[tuple[str, str]]:
    return [(one.style.name or "", one.text) for one in Document(io.BytesIO(file)).paragraphs if one.style]


def rows(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=";"))


def text_of(markdown: str) -> tuple[str, set[str]]:
    """What a reader of Markdown sees, with HTML let through as the worst of programs do; and the elements in it."""
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)
    tree = etree.HTML(html)
    return " ".join("".join(map(str, tree.itertext())).split()), {str(one.tag) for one in tree.iter()}


def test_exports_entry_says_where_a_quote_stands() -> None:
    entry = two()[0]

    assert entry.quote == "Inge Nieuwenhuizen (burgemeester gemeente de Wolden)"
    assert (entry.title, entry.publisher, entry.year, entry.page) == (HANDOVER.title, HANDOVER.publisher, "2026", 18)
    assert entry.address == "https://www.drentsegemeenten.nl/overdracht.pdf#page=18"
    assert citation(entry) == (
        "‘Inge Nieuwenhuizen (burgemeester gemeente de Wolden)’ Vereniging van Drentse Gemeenten (2026). "
        "Overdrachtsdocument VDG 2026, p. 18. Geraadpleegd op 25 november 2026, van "
        "https://www.drentsegemeenten.nl/overdracht.pdf#page=18"
    )


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)"])
def test_exports_lead_to_the_portal_for_what_is_not_on_the_web(url: str | None) -> None:
    (entry,) = entries(Item(HANDOVER.id, 18, "Inge Nieuwenhuizen"), searcher=at_address(url))

    assert entry.address == f"{PORTAL}document?document={HANDOVER.id}&pagina=18&citaat=Inge+Nieuwenhuizen"


def test_exports_name_no_page_to_a_web_page_that_offers_a_pdf() -> None:
    (entry,) = entries(Item(HANDOVER.id, 18, "Inge"), searcher=at_address("https://www.drentsegemeenten.nl/visie#top"))

    assert entry.address == "https://www.drentsegemeenten.nl/visie#top"


@pytest.mark.parametrize(("known", "year"), [("2025-10-01", "2025"), ("2026", "2026"), ("", ""), ("20261", "")])
def test_exports_year_is_that_of_the_source(known: str, year: str) -> None:
    searcher = FakeSearcher(rows=[(replace(HANDOVER, date=known), one) for _, one in FakeSearcher().rows])

    assert entries(Item(HANDOVER.id, 18, "Inge"), searcher=searcher)[0].year == year


def test_exports_begin_with_the_title_where_no_publisher_is_known() -> None:
    entry = replace(two()[0], publisher="")

    assert reference(entry).startswith("Overdrachtsdocument VDG 2026 (2026), p. 18. Geraadpleegd")
    assert reference(replace(entry, year="")).startswith("Overdrachtsdocument VDG 2026, p. 18. Geraadpleegd")


def test_exports_word_shows_a_short_address_and_leads_to_the_marked_words() -> None:
    file = as_word(entries(Item(HANDOVER.id, 18, "Inge Nieuwenhuizen"), searcher=at_address(None)), NOW)

    (source,) = [words for style, words in paragraphs(file) if style == SOURCE_STYLE]
    assert source.endswith(f"van {PORTAL}document?document={HANDOVER.id}&pagina=18 [1]")
    with zipfile.ZipFile(io.BytesIO(file)) as opened:
        links = opened.read("word/_rels/document.xml.rels").decode()
    assert "pagina=18&amp;citaat=Inge+Nieuwenhuizen" in links


def test_exports_leave_out_what_was_tampered_with() -> None:
    tampered = Item(HANDOVER.id, 13, "preferente zorgverzekeraar: Menzis")
    good = Item(HANDOVER.id, 13, "preferente zorgverzekeraar: Zilveren Kruis")

    made = entries(tampered, good, Item("weg", 1, "Menzis"))

    assert [(one.number, one.quote) for one in made] == [(1, good.quote)]
    everything = as_markdown(made) + as_csv(made).decode() + str(paragraphs(as_word(made, NOW)))
    assert "Menzis" not in everything
    assert "Zilveren Kruis" in everything


def test_exports_use_the_page_on_which_the_words_stand_now() -> None:
    (entry,) = entries(Item(HANDOVER.id, 3, "Inge Nieuwenhuizen"))

    assert entry.page == 18
    assert entry.address.endswith("#page=18")


def test_exports_word_has_headings_quotes_sources_and_notes_in_dutch() -> None:
    file = as_word(two(), NOW)
    shown = paragraphs(file)

    assert ("Heading 1", "Citaten") in shown
    assert ("Heading 2", "Citaat 1: Portefeuille Onderwijs en Cultuur") in shown
    quote = shown.index(("Quote", "Inge Nieuwenhuizen (burgemeester gemeente de Wolden)"))
    style, source = shown[quote + 1]
    assert style == SOURCE_STYLE
    assert source.startswith("Vereniging van Drentse Gemeenten (2026). Overdrachtsdocument VDG 2026, p. 18.")
    assert source.endswith("https://www.drentsegemeenten.nl/overdracht.pdf#page=18 [1]")
    assert shown[quote + 2] == (NOTE_STYLE, "Opmerking: Voor het voorstel")
    # one document, so one source, with both pages
    (listed,) = [words for style, words in shown if style == "List Number"]
    assert ", p. 14, 18. Geraadpleegd op 25 november 2026, van https://www.drentsegemeenten.nl/overdracht.pdf" in listed
    word = Document(io.BytesIO(file))
    assert (word.core_properties.language, word.core_properties.title) == ("nl-NL", shown[0][1])
    with zipfile.ZipFile(io.BytesIO(file)) as opened:
        styles, links = (opened.read(f"word/{name}").decode() for name in ("styles.xml", "_rels/document.xml.rels"))
    assert 'w:lang w:val="nl-NL"' in styles
    assert "en-US" not in styles.partition("w:lang ")[2][:20]
    assert 'Target="https://www.drentsegemeenten.nl/overdracht.pdf#page=18" TargetMode="External"' in links


def test_exports_csv_has_a_row_a_quote_for_dutch_excel() -> None:
    file = as_csv(two())

    assert file.startswith(b"\xef\xbb\xbfvolgorde;citaat;")
    head, first, second = rows(file)
    assert tuple(head) == COLUMNS
    assert first[:2] == ["1", "Inge Nieuwenhuizen (burgemeester gemeente de Wolden)"]
    assert first[4:6] == ["2026", "18"]
    assert first[8:] == ["25 november 2026", "Voor het voorstel"]
    assert second[0] == "2"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n@x", "＝1", "\u00a0=1"])
def test_exports_csv_makes_a_formula_harmless(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "gewoon", "a=b", "‘citaat’", "• bullet"])
def test_exports_csv_leaves_a_text_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


def test_exports_csv_makes_every_column_harmless() -> None:
    words = "=cmd|' /C calc'!A0"
    entry = replace(
        two()[0], quote=words, title=words, publisher=words, year=words, heading=words, address=words, note=words
    )

    (row,) = rows(as_csv([entry]))[1:]

    assert [cell for cell in row if cell.startswith("=")] == []
    assert sum(cell == "'" + words for cell in row) == 7


@pytest.mark.parametrize(
    "line",
    [
        "# kop", "1. een", "1) een", "- punt", "+ punt", "* punt", "> citaat", "===", "---", "***", "```", "~~~",
        "    code", "| a | b |", "&lt;b&gt;", "&copy;", "<b>vet</b>", "\\*", "a_b_c", "[a]: https://x", "[x](y)",
        "![x](y)",
        "<https://x>", "`a`", "$a$", "::: x", "a\\", "1986\\. een",
    ],
)  # fmt: skip
def test_exports_markdown_shows_a_line_as_text(line: str) -> None:
    for before in ("", "> ", "## "):
        seen, tags = text_of(f"{before}{escaped(line)}\n\nslot")
        assert seen == f"{' '.join(line.split())} slot"
        assert tags <= {"html", "body", "p", "blockquote", "h2"}


def test_exports_markdown_holds_quote_source_and_note() -> None:
    seen, tags = text_of(as_markdown(two()))

    assert "Citaat 1: Portefeuille Onderwijs en Cultuur Inge Nieuwenhuizen (burgemeester gemeente de Wolden)" in seen
    assert "p. 18. Geraadpleegd op 25 november 2026, van https://www.drentsegemeenten.nl/overdracht.pdf#page=18" in seen
    assert "Opmerking: Voor het voorstel" in seen
    assert {"h1", "h2", "blockquote", "a"} <= tags


# ── A document that holds everything that could do harm ──────────────────────────────────────────────────────


def test_exports_word_shows_a_hostile_document_as_text() -> None:
    file = as_word(hostile(), NOW)
    shown = paragraphs(file)

    assert ("Heading 2", f"Citaat 1: {VISIBLE}") in shown
    assert ("Quote", f"voorzitter onderwijs cultuur {VISIBLE}") in shown
    assert ("Opmerking", f"Opmerking: {VISIBLE}") in [(style, " ".join(words.split())) for style, words in shown]
    with zipfile.ZipFile(io.BytesIO(file)) as opened:
        for name in opened.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(opened.read(name))
        links = opened.read("word/_rels/document.xml.rels").decode()
    assert 'Target="javascript' not in links
    assert "\u202e" not in "".join(words for _, words in shown)


def test_exports_markdown_shows_a_hostile_document_as_text() -> None:
    seen, tags = text_of(as_markdown(hostile()))

    assert tags <= {"html", "body", "h1", "h2", "p", "blockquote", "strong", "a"}
    assert f"voorzitter onderwijs cultuur {VISIBLE}" in seen
    assert f"{VISIBLE}. {VISIBLE}, p. 1." in seen


def test_exports_csv_shows_a_hostile_document_as_text() -> None:
    _, first, second = rows(as_csv(hostile()))

    assert first[1] == f"voorzitter onderwijs cultuur {VISIBLE}"
    assert first[2] == first[3] == first[6] == VISIBLE
    assert second[7] == "https://x/%20%3Cb%3E%0A).pdf#page=1"
    assert not any(ord(char) < 32 and char != "\n" for row in (first, second) for cell in row for char in cell)


def test_exports_make_a_list_of_bullets() -> None:
    text = next(one.text for _, one in FakeSearcher().rows if "◦ Ruimte" in one.text)
    made = entries(Item(HANDOVER.id, 14, text))

    shown = paragraphs(as_word(made, NOW))
    assert [style for style, _ in shown].count("Citaat met punt") == 2
    assert ("Citaat met punt 2", "Ruimte") in shown
    markdown = as_markdown(made)
    assert "> - Sinds eind 2023" in markdown
    assert "\n>   - Gebouwde omgeving\n>   - Ruimte\n" in markdown
    seen, tags = text_of(markdown)
    assert "•" not in seen
    assert {"ul", "li"} <= tags
    assert rows(as_csv(made))[1][1] == text
    # on one line no bullet stands at the beginning
    assert citation(made[0]).startswith("‘Sinds eind 2023 is het Flexteam")


def test_exports_word_is_a_dutch_page_with_lists_that_a_screen_reader_knows() -> None:
    text = next(one.text for _, one in FakeSearcher().rows if "◦ Ruimte" in one.text)
    word = Document(io.BytesIO(as_word(entries(Item(HANDOVER.id, 14, text)), NOW)))

    page = word.sections[0]
    assert [round((length or 0) / Cm(1), 1) for length in (page.page_width, page.page_height)] == [21.0, 29.7]
    for name in BULLET_STYLES.values():
        assert word.styles[name].element.findall(f".//{qn('w:numId')}")
    themed = [fonts.attrib for fonts in word.styles.element.iter(qn("w:rFonts")) if qn("w:asciiTheme") in fonts.attrib]
    assert themed == []


@pytest.mark.parametrize("code", [*range(0x20), 0x7F, 0x85, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x2028, 0x202E, 0x1F600])
def test_exports_survive_any_sign(code: int) -> None:
    sign = chr(code)
    document = replace(HANDOVER, title=f"a{sign}b", publisher=sign, url=f"https://x/{sign}", date=sign)
    kept = Found(Item(HANDOVER.id, 1, "q", f"n{sign}"), Stand.HERE, document, 1, f"q{sign}r", (sign, f"{sign}k"), "")

    made: Sequence[Entry] = entries_of([kept], PORTAL, DAY)

    assert paragraphs(as_word(made, NOW))
    assert as_csv(made)
    assert as_markdown(made).encode()
    assert citation(made[0]).encode()


def test_exports_citation_has_the_address_without_the_words_it_begins_with() -> None:
    (entry,) = entries(Item(HANDOVER.id, 18, "Inge Nieuwenhuizen"), searcher=at_address(None))

    assert citation(entry).startswith("‘Inge Nieuwenhuizen’ ")
    assert citation(entry).endswith(f"van {PORTAL}document?document={HANDOVER.id}&pagina=18")


def test_exports_heading_of_a_long_path_has_its_first_and_last_only() -> None:
    (entry,) = entries(Item(HANDOVER.id, 18, "Inge Nieuwenhuizen"))

    assert heading_words(replace(entry, heading="Sport › Vooruitblik")) == "Citaat 1: Sport › Vooruitblik"
    long = f"Sport › {'Een lange kop ' * 9}› Vooruitblik"
    assert heading_words(replace(entry, heading=long)) == "Citaat 1: Sport › … › Vooruitblik"
