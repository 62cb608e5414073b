"""Documents that try to run something in the reader's browser, on every page of the portal: their words are shown as
words, nothing runs, nothing is fetched, and nothing sticks out of a phone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import docx
import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

import ingest.__main__ as entry
from eval.benchmarks.portal_views import HANDOVER, LOOKS, VIEWS, View, at_rest, opened, window
from eval.benchmarks.portals import running_portal
from tests.ingest.pdfs import text_pdf

pytestmark = [pytest.mark.browser, pytest.mark.model]

SCRIPT = "<script>window.__hacked=1</script>"
HOSTILE = (
    f'{SCRIPT}<img src=x onerror="window.__hacked=2"> **vet** [klik](javascript:window.__hacked=3) &lt;b&gt; &amp; $x$ '
    ':material/home: \u202eomgekeerd\u2066 <a href="javascript:window.__hacked=4" onfocus=window.__hacked=5 autofocus>'
)
LONG = "Waterlelie" * 1000
PHONE = LOOKS[2]
# A file that came in is read by a process of its own.
_READING = 60_000

# What of it a document says where a question, a list of what goes on or a person is looked for.
LINES = (
    f"Voorzitter VDG-portefeuille Sport: Jan Bos (wethouder gemeente Assen) {HOSTILE}",
    f"Het zwembad De Waterlelie opent in het voorjaar van 2031 {HOSTILE}",
    LONG,
)

# Every page of the portal, with the hostile document in the place of the handover, and questions that find its words.
HOSTILE_VIEWS = (
    *(
        replace(view, query=tuple((name, "vreemd" if value == HANDOVER else value) for name, value in view.query))
        for view in VIEWS
        if not view.query or view.path == "beheer" or HANDOVER in dict(view.query).values()
    ),
    View("vraag-gevonden", "", (("v", "Wanneer opent het zwembad De Waterlelie?"),)),
    View("vraag-wie", "", (("v", "Wie is voorzitter van de portefeuille Sport?"),)),
    View("vraag-vreemd", "", (("v", HOSTILE), ("portefeuille", HOSTILE), ("document", HOSTILE))),
    View("vraag-lang", "", (("v", LONG[:3000]),)),
    View("wie-vreemd", "wie-is-wie", (("wie", HOSTILE), ("gemeente", HOSTILE), ("persoon", HOSTILE))),
    View("portefeuille-vreemd", "portefeuilles", (("portefeuille", HOSTILE),)),
    View("portefeuille-sport", "portefeuilles", (("portefeuille", "Sport"),)),
    View("document-pdf", "document", (("document", "vreemde-pdf"), ("citaat", LINES[1]), ("v", HOSTILE))),
    View("document-lang", "document", (("document", "lang"), ("citaat", LONG[:1000]), ("kop", HOSTILE))),
    View("document-vreemd", "document", (("document", HOSTILE), ("pagina", HOSTILE), ("zoom", HOSTILE))),
    View("lijst-vreemd", "verzamelen", (("document", "vreemd"), ("pagina", "1"), ("citaat", HOSTILE))),
    View("lijst-kapot", "verzamelen", (("lijst", HOSTILE),)),
    View("bronnen-vreemd", "bronnen", (("stand", HOSTILE), ("bron", HOSTILE), ("verandering", HOSTILE))),
    View("beheer-vreemd", "beheer", (("deel", HOSTILE), ("bron", HOSTILE), ("voorstel", HOSTILE))),
)

# What no document and no reader may put on a page; gives what is there all the same.
_MADE = """
() => [
  ...document.querySelectorAll('img[onerror], img[src="x"], [onfocus], [autofocus], a[href^="javascript:"]'),
  ...[...document.querySelectorAll("script")].filter((one) => one.textContent.includes("__hacked")),
].map((one) => one.outerHTML.slice(0, 100))
"""

_SIDEWAYS = """
() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
  .filter((part) => part.scrollWidth > part.clientWidth).map((part) => `${part.scrollWidth} in ${part.clientWidth}`)
"""


@pytest.fixture(scope="module")
def hostile_portal(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a portal over nothing but hostile documents."""
    corpus, data = tmp_path_factory.mktemp("vreemd"), tmp_path_factory.mktemp("data")
    write_corpus(corpus)
    assert entry.main(["--corpus", str(corpus), "--data", str(data), "--offline", "--json"]) == 0
    with running_portal(data, {"ZOEKPORTAAL_CORPUS": str(corpus)}) as address:
        yield address


def write_corpus(corpus: Path) -> None:
    """Three documents: a Word file, a PDF, and one with an endless title."""
    files = {"vreemd": f"vreemd {SCRIPT.replace('/', '')}.docx", "vreemde-pdf": "vreemd.pdf", "lang": "lang.txt"}
    (corpus / files["vreemde-pdf"]).write_bytes(text_pdf("Nota", *(line.translate(ASCII) for line in LINES[:2])))
    (corpus / files["lang"]).write_text("\n\n".join(LINES), encoding="utf-8")
    word_file(corpus / files["vreemd"])
    titles = {"vreemd": HOSTILE, "vreemde-pdf": f"PDF {HOSTILE}", "lang": LONG}
    (corpus / "bronnen.toml").write_text(
        "".join(
            f'[[bron]]\nid = "{name}"\ntitel = {json.dumps(titles[name])}\nsoort = {json.dumps(HOSTILE)}\n'
            f'uitgever = {json.dumps(HOSTILE)}\nportefeuilles = ["Sport"]\nbestand = {json.dumps(file)}\n\n'
            for name, file in files.items()
        ),
        encoding="utf-8",
    )


ASCII = {0x202E: None, 0x2066: None}


def word_file(path: Path) -> None:
    """A Word file with hostile words in its properties, headings, lists and a table."""
    made = docx.Document()
    made.core_properties.title = HOSTILE
    made.core_properties.author = HOSTILE
    made.add_heading("Portefeuille Sport", 1)
    made.add_paragraph(LINES[0])
    made.add_heading("Lopende dossiers en ontwikkelingen", 2)
    for line in LINES:
        made.add_paragraph(line, style="List Bullet")
    made.add_heading(HOSTILE, 2)
    table = made.add_table(rows=2, cols=2)
    for cell, words in zip((*table.rows[0].cells, *table.rows[1].cells), ("Naam", HOSTILE, LONG, HOSTILE), strict=True):
        cell.text = words
    made.save(str(path))


def watched(page: Page) -> list[str]:
    """What happens on the page from now on and should not: a list that grows."""
    happened: list[str] = []

    def refuse(dialog: Dialog) -> None:
        happened.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("dialog", refuse)
    page.on("pageerror", lambda error: happened.append(f"script {error}"))
    page.on("request", lambda request: happened.extend([request.url] if request.url.endswith("/x") else []))
    return happened


def faults(page: Page) -> list[str]:
    """What the document got done on the page that is shown."""
    hacked = page.evaluate("window.__hacked ?? null")
    made = [f"made {one}" for one in page.evaluate(_MADE)]
    wide = [f"sideways {one}" for one in page.evaluate(_SIDEWAYS)]
    return [*([f"hacked {hacked}"] if hacked else []), *made, *wide]


def test_hostile_documents_are_only_words_on_every_page(browser: Browser, hostile_portal: str) -> None:
    wrong: dict[str, list[str]] = {}
    shown_as_text = set()
    with window(browser, PHONE) as context:
        for view in HOSTILE_VIEWS:
            with context.new_page() as page:
                happened = watched(page)
                opened(page, hostile_portal, view)
                page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
                if found := [*happened, *faults(page)]:
                    wrong[f"{view.name} {unquote(view.address)[:60]}"] = found
                if SCRIPT in page.inner_text("body"):
                    shown_as_text.add(view.name)

    assert wrong == {}
    # where a document's words belong, they stand as they are
    assert {
        "vraag-gevonden",
        "vraag-wie",
        "document",
        "documenten",
        "document-pdf",
        "bronnen",
        "beheer",
    } <= shown_as_text


def test_hostile_upload_is_only_words_before_it_is_published(
    browser: Browser, hostile_portal: str, tmp_path: Path
) -> None:
    file = tmp_path / "nota <img src=x onerror=window.__hacked=6>.docx"
    word_file(file)
    with window(browser, PHONE) as context:
        page = context.new_page()
        happened = watched(page)
        page.goto(f"{hostile_portal}/beheer?deel=toevoegen")
        page.get_by_label("Kies bestanden").set_input_files(file)
        page.get_by_role("button", name="Versturen en bekijken").click()
        expect(page.get_by_label("Titel")).to_be_visible(timeout=_READING)
        at_rest(page)

        assert [*happened, *faults(page)] == []
        assert SCRIPT in page.inner_text("body")
