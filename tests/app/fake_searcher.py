"""A searcher for the tests of the portal: a handful of real passages of the handover, and a search by shared words.

It keeps the interface of index.Searcher and holds everything in memory. Pages are 842 by 595 points, as the real ones;
each passage has a box of its own, so that marks can be checked to a pixel.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app_pages._marking import find_span
from index.completing import Completer
from index.errors import UnknownDocumentError
from index.facets import Filters, year_of
from index.results import Answer, DocumentInfo, Hit, Searched, SearchResult, SourceStatus, Status, Why
from index.store import StoredPage
from ingest.documents import Box, Line, Passage, Unit

HANDOVER = DocumentInfo(
    id="overdracht-vdg-2026",
    title="Overdrachtsdocument VDG 2026",
    file="overdrachtsdocument-vdg-2026.pdf",
    publisher="Vereniging van Drentse Gemeenten",
    date="2026",
    url="https://www.drentsegemeenten.nl/",
    digest="d1",
    pages=28,
    pages_searchable=27,
    passages=5,
    portefeuilles=("Gezondheid en Welzijn", "Energie, Klimaat en Milieu", "Onderwijs en Cultuur"),
    kind="overdrachtsdocument",
)

_ROWS: tuple[tuple[int, tuple[str, ...], str, str], ...] = (
    (
        12,
        ("Portefeuille Gezondheid en Welzijn", "Samenwerking en netwerk", "Gezonde Marke"),
        "Afspraken gemeentelijke bestuurlijke en ambtelijke regionale vertegenwoordiging:",
        "• Bestuurlijk voorbereidingsoverleg Gezonde Marke – BVOGM (nu namens gemeenten: Jan Broekema, Raymond "
        "Wanders, Joop Slomp, Kiena ten Brink)\n• Kerngroep Gezonde Marke (nu: Jan Broekema – vertegenwoordiging "
        "stedelijke gemeenten en Joop Slomp – vertegenwoordiging plattelandsgemeenten)",
    ),
    (
        13,
        ("Portefeuille Gezondheid en Welzijn", "Samenwerking en netwerk", "Belangrijkste samenwerkingspartners"),
        "",
        "• Provincie Drenthe (inzet Sociale Agenda)\n• Zorgverzekeraar (preferente zorgverzekeraar: Zilveren Kruis)\n"
        "• Partners Gezonde Marke\n• CMO STAMM en Trendbureau Drenthe",
    ),
    (
        14,
        ("Portefeuille Energie, Klimaat en Milieu", "Terugblik en resultaten"),
        "Bereikt in de afgelopen periode:",
        "• Sinds eind 2023 is het Flexteam operationeel (Platform31 publiceerde hierover op 1 oktober 2025 een "
        "artikel).\n"
        "• Vaststelling programmaplan Drentse Energie Aanpak 2026 (vaststelling DOE 4 december 2025). Er wordt "
        "samengewerkt op de thema’s:\n◦ Gebouwde omgeving\n◦ Ruimte\n◦ Industrie & Bedrijven\n◦ Energiesystemen\n"
        "◦ Opwek\n◦ Maatschappelijke betrokkenheid",
    ),
    (
        18,
        ("Portefeuille Onderwijs en Cultuur",),
        "",
        "Voorzitter VDG-portefeuille Onderwijs en Cultuur: Inge Nieuwenhuizen (burgemeester gemeente de Wolden)\n"
        "Gelieerde VNG-commissie: VNG-cie Zorg, Jeugd en Onderwijs (vertegenwoordiger Drenthe: Ankie van Tongeren, "
        "wethouder gemeente Borger-Odoorn)",
    ),
    (
        18,
        ("Portefeuille Onderwijs en Cultuur", "Terugblik en resultaten"),
        "Bereikt in de afgelopen periode binnen de portefeuille onderwijs:",
        "• Uitvoering onderzoek en oplevering rapport “Samenwerking in het Drentse Onderwijsveld”.\n• Afstemming "
        "nieuwkomersonderwijs om gemeenten inzicht te geven in elkaars werkwijze.\n• Aanstelling Gelijke "
        "Kansen-coördinator per januari 2026.",
    ),
)

SOURCES = (
    SourceStatus(
        id=HANDOVER.id,
        title=HANDOVER.title,
        publisher=HANDOVER.publisher,
        year=2026,
        url=HANDOVER.url,
        file=HANDOVER.file,
        state="gelezen",
        change="nieuw",
        reason="",
        pages=28,
        pages_searchable=27,
        passages=5,
        portefeuilles=HANDOVER.portefeuilles,
        cited_by=(),
        warnings=("Zonder doorzoekbare tekst: pagina 28.",),
    ),
    SourceStatus(
        id="platform31-flexteam",
        title="Flexteam Warmtetransitie Drenthe",
        publisher="Platform31",
        year=2025,
        url="https://www.platform31.nl/artikelen/",
        file="",
        state="wacht op netwerk",
        change="ongewijzigd",
        reason="Het artikel is nog niet opgehaald. Draai de inlezing met een verbinding.",
        pages=0,
        pages_searchable=0,
        passages=0,
        portefeuilles=("Energie, Klimaat en Milieu",),
        cited_by=((HANDOVER.id, 14, "Platform31 publiceerde hierover op 1 oktober 2025 een artikel"),),
    ),
)


REPORT = DocumentInfo(
    id=SOURCES[1].id,
    title=SOURCES[1].title,
    file="artikel.html",
    publisher=SOURCES[1].publisher,
    date="2025",
    url=SOURCES[1].url,
    digest="d2",
    pages=1,
    pages_searchable=1,
    passages=2,
    portefeuilles=(),
    kind="artikel",
)


# Words shared with the question: how many and which; and of which document which passage.
Scored = tuple[int, tuple[str, ...], DocumentInfo, Passage]


@dataclass
class FakeSearcher:
    """The interface of index.Searcher over passages in memory; `asked` keeps what searches were made."""

    rows: Sequence[tuple[DocumentInfo, Passage]] = field(default_factory=lambda: _passages())
    statuses: Sequence[SourceStatus] = SOURCES
    file: Path = Path("no-such-file.pdf")
    version: str = "2026-11-23T120000"
    created: datetime = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    asked: list[tuple[str, Filters]] = field(default_factory=list)

    def search(
        self,
        question: str,
        *,
        k: int = 10,
        portefeuilles: Sequence[str] = (),
        documents: Sequence[str] = (),
        kinds: Sequence[str] = (),
        publishers: Sequence[str] = (),
        years: Sequence[str] = (),
        correct: bool = True,
    ) -> SearchResult:
        """Passages by the number of words that they share with the question; three or more make an answer."""
        wanted = _words(question)
        scored = []
        for document, passage in self.rows:
            words = tuple(sorted(wanted & _words(passage.text + " ".join(passage.heading_path))))
            scored.append((len(words), words, document, passage))
        scored.sort(key=lambda row: (-row[0], row[3].passage_id))
        waiting = sum(not source.passages for source in self.statuses)
        filters = Filters(tuple(portefeuilles), tuple(documents), tuple(kinds), tuple(publishers), tuple(years))
        self.asked.append((question, filters))
        inside = [row for row in scored if _kept(row, filters)]
        hits = tuple(
            Hit(rank, float(score), passage, document, _marks(passage.text, words), Why(words))
            for rank, (score, words, document, passage) in enumerate(inside[:k], start=1)
        )

        def without(own: str) -> list[Scored]:
            others: dict[str, Any] = {own: ()}
            return [row for row in scored if row[0] and _kept(row, replace(filters, **others))]

        return SearchResult(
            question=question,
            answer=_answer(hits, wanted),
            hits=hits,
            searched=Searched(len(inside), len({row[2].id for row in inside}), waiting),
            seconds=0.01,
            facet_portefeuilles=Counter(name for row in without("portefeuilles") for name in row[3].portefeuilles),
            facet_documents=Counter(row[2].id for row in without("documents")),
            facet_kinds=Counter(row[2].kind for row in without("kinds") if row[2].kind),
            facet_publishers=Counter(row[2].publisher for row in without("publishers")),
            facet_years=Counter(year_of(row[2]) for row in without("years")),
            relevant=sum(row[0] > 0 for row in inside),
            corrections=(("vorzitter", "voorzitter"),) if "vorzitter" in question and correct else (),
        )

    def documents(self) -> tuple[DocumentInfo, ...]:
        return tuple({document.id: document for document, _ in self.rows}.values())

    def sources(self) -> tuple[SourceStatus, ...]:
        return tuple(self.statuses)

    def page(self, document_id: str, number: int) -> StoredPage:
        if document_id not in {document.id for document in self.documents()}:
            raise UnknownDocumentError(document_id)
        mine = [one for document, one in self.rows if document.id == document_id]
        lines = tuple(Line(one.text, box, 9.0) for one in mine for page, box in one.regions if page == number)
        begins = tuple(one for one in mine if one.pages[0] == number)
        return StoredPage(number, str(number), 842.0, 595.0, lines, begins)

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        if document_id not in {document.id for document in self.documents()}:
            raise UnknownDocumentError(document_id)
        return tuple(one for document, one in self.rows if document.id == document_id)

    def find_quote(self, document_id: str, page: int, quote: str) -> tuple[tuple[int, Box], ...]:
        """The box of the whole passage stands for the boxes of a quote, a little narrower."""
        for document, passage in self.rows:
            if document.id == document_id and page in passage.pages and find_span(passage.text, quote):
                return tuple((number, replace(box, right=box.right - 50)) for number, box in passage.regions)
        return ()

    def completer(self) -> Completer:
        headings = Counter(heading for _, passage in self.rows for heading in passage.heading_path)
        return Completer(headings, Counter(word for _, passage in self.rows for word in _words(passage.text)))

    def file_path(self, document_id: str) -> Path:
        return self.file


def searcher_with_report() -> FakeSearcher:
    """The report that the handover names on page 14 is searchable too: two passages of a page of the web."""
    rows = [*_passages(), *((REPORT, passage) for passage in _report_passages())]
    status = replace(
        SOURCES[1], state="gelezen", change="nieuw", reason="", pages=1, pages_searchable=1, passages=2, digest="d2"
    )
    return FakeSearcher(rows=rows, statuses=(SOURCES[0], status))


def hostile_searcher(words: str) -> FakeSearcher:
    """A corpus of one passage in which title, publisher, date, heading path, lead-in and text are all these words."""
    document = replace(HANDOVER, id=words, title=words, publisher=words, date=words, url="javascript:alert(1)")
    text = f"voorzitter onderwijs cultuur {words}"
    passage = Passage(
        "h1", words, (words,), ("Sport",), text, (Unit(0, len(text), words),), ((1, Box(50, 50, 300, 70)),)
    )
    return FakeSearcher(rows=[(document, passage)])


def _passages() -> list[tuple[DocumentInfo, Passage]]:
    """The rows above as passages, each with a box of its own on its page."""
    rows = []
    for number, (page, path, lead_in, text) in enumerate(_ROWS):
        name = path[0].removeprefix("Portefeuille ")
        units = tuple(Unit(m.start(), m.end(), lead_in) for m in re.finditer(r"[^\n]+", text))
        box = Box(60.0, 80.0 + 40 * number, 400.0, 110.0 + 40 * number)
        rows.append((HANDOVER, Passage(f"p{number}", HANDOVER.id, path, (name,), text, units, ((page, box),))))
    return rows


def _report_passages() -> list[Passage]:
    texts = ("Het Flexteam helpt gemeenten met de warmtetransitie.", "Het Flexteam begon in Emmen met een wijkplan.")
    return [
        Passage(
            f"r{number}",
            REPORT.id,
            ("Aanpak",),
            (),
            text,
            (Unit(0, len(text)),),
            ((1, Box(50, 50, 300, 70)),),
            "aanpak",
        )
        for number, text in enumerate(texts)
    ]


def _words(text: str) -> set[str]:
    """Lower-case words of four letters and more: 'Wie is voorzitter?' → {'voorzitter'}."""
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 3}


def _kept(row: Scored, filters: Filters) -> bool:
    """Whether the filters let a passage through."""
    _, _, document, passage = row
    wanted_and_had = (
        (filters.portefeuilles, set(passage.portefeuilles)),
        (filters.documents, {document.id}),
        (filters.kinds, {document.kind}),
        (filters.publishers, {document.publisher}),
        (filters.years, {year_of(document)}),
    )
    return all(not wanted or bool(set(wanted) & had) for wanted, had in wanted_and_had)


def _marks(text: str, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where the shared words stand in the text."""
    return tuple(sorted(m.span() for word in words for m in re.finditer(rf"\b{re.escape(word)}\b", text.lower())))


def _answer(hits: Sequence[Hit], wanted: set[str]) -> Answer:
    """The unit that shares most words: three make it found, two unsure, fewer not found."""
    score = hits[0].score if hits else 0
    if score < 2:
        return Answer(Status.NIET_GEVONDEN, 0.1)
    hit = hits[0]
    text = hit.passage.text
    best = max(hit.passage.units, key=lambda unit: len(wanted & _words(text[unit.start : unit.end])))
    status = Status.GEVONDEN if score >= 3 else Status.ONZEKER
    return Answer(status, 0.9, text[best.start : best.end], best.lead_in, hit, hit.page)
