"""A small corpus in real Dutch, for tests of index and eval: an index of it is built in a moment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.builder import build_and_publish
from index.encoder import Encoder
from index.publishing import EXACT_UP_TO
from index.results import SourceStatus
from ingest.documents import Box, Document, Line, Page, Passage, Source, Unit
from tests.conftest import ToyEncoder

EKM, GW, OC, PSI = (
    "Energie, Klimaat en Milieu",
    "Gezondheid en Welzijn",
    "Onderwijs en Cultuur",
    "Participatie, Schuldhulpverlening en Integratie",
)
CHAIR = "Voorzitter VDG-portefeuille Onderwijs en Cultuur: Inge Nieuwenhuizen (burgemeester gemeente de Wolden)"
INSURER = "Zilveren Kruis is de preferente zorgverzekeraar in onze regio."
PLAN = "Het Drents Overleg Energie (DOE) stelde op 4 december 2025 het programmaplan voor 2026 vast."
AMOUNT = "Er is € 28,2 miljoen beschikbaar om de mentale veerkracht van inwoners te versterken."
GOALS = "Doelen van het coalitieakkoord:"


class CountingEncoder(ToyEncoder):
    """The toy encoder that remembers what it was given to embed."""

    def __init__(self, name: str = "toy", dimension: int = 64) -> None:
        super().__init__(name, dimension)
        self.embedded: list[str] = []

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        return super()._encode(texts)


def passage_of(
    document_id: str,
    number: int,
    units: Sequence[str],
    *,
    pages: Sequence[int] = (1,),
    headings: Sequence[str] = (),
    portefeuilles: Sequence[str] = (),
    lead_in: str = "",
) -> Passage:
    """A passage with a unit a line, as bullets if a lead-in is given; a region a unit, or a page if there are more."""
    text, placed = "", []
    for unit in units:
        text += ("\n" if text else "") + ("• " if lead_in else "")
        placed.append(Unit(len(text), len(text) + len(unit), lead_in))
        text += unit
    count = max(len(units), len(pages))
    regions = tuple((pages[min(at, len(pages) - 1)], _box(10 * number + at)) for at in range(count))
    passage_id = f"{document_id}:{number:05d}"
    return Passage(passage_id, document_id, tuple(headings), tuple(portefeuilles), text, tuple(placed), regions)


def document_of(source: Source, pages: Sequence[Sequence[str]], **more: object) -> Document:
    """A document of pages of lines. `more` goes into its metadata, by name."""
    made = tuple(
        Page(number, str(number), 595.0, 842.0, tuple(Line(text, _box(at), 10.0) for at, text in enumerate(lines)))
        for number, lines in enumerate(pages, start=1)
    )
    metadata = {name: str(value) for name, value in more.items()}
    return Document(source, f"{source.id}.pdf", f"digest-{source.id}", made, (), metadata=metadata)


def _box(line: int) -> Box:
    return Box(50.0, 40.0 + 12.5 * line, 500.0, 50.0 + 12.5 * line)


def publish_toy(
    data: Path,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    encoder: Encoder | None = None,
    *,
    sources: Sequence[SourceStatus] = (),
    recipe: str = "recept",
    exact_up_to: int = EXACT_UP_TO,
) -> str:
    """Builds and publishes an index of these documents, each of which is kept as its own id; returns its version.

    With more vectors than `exact_up_to` it is a large one.
    """
    contents = {document.digest: document.source.id.encode() for document in documents}
    given = (data, documents, passages, contents, sources, encoder or ToyEncoder(), recipe)
    return build_and_publish(*given, exact_up_to=exact_up_to)


def publish_one(data: Path, *units: str, pages: Sequence[Sequence[str]] = (), encoder: Encoder | None = None) -> str:
    """Publishes one document in which each unit is a passage of its own on page 1."""
    document = document_of(Source("stuk", "Een stuk"), pages or [units])
    passages = [passage_of("stuk", number, [unit]) for number, unit in enumerate(units, start=1)]
    return publish_toy(data, [document], passages, encoder)


HANDOVER = Source("overdracht", "Overdrachtsdocument 2026", "Vereniging van Drentse Gemeenten", 2026)
VISION = Source("energievisie", "Energievisie 2050", "Provincie Drenthe", None, (EKM,), url="https://example.org/visie")

_ON_GW = ("Portefeuille Gezondheid en Welzijn", "Bereikt")
_ON_OC = ("Portefeuille Onderwijs en Cultuur", "Organisatie")
_ON_EKM = ("Portefeuille Energie, Klimaat en Milieu", "Bereikt")
_ON_PSI = ("Portefeuille Participatie, Schuldhulpverlening en Integratie", "Vooruitblik")

PASSAGES = [
    passage_of(
        "overdracht",
        1,
        [
            "De vereniging van Drentse gemeenten werkt samen aan de opgaven van onze inwoners.",
            "Dit document geeft nieuwe bestuurders een overzicht van wat er speelt.",
        ],
        headings=["Voorwoord"],
    ),
    passage_of(
        "overdracht", 2, [CHAIR, "Ambtelijk adviseur: Karin de Vries"], pages=[2], headings=_ON_OC, portefeuilles=[OC]
    ),
    passage_of(
        "overdracht",
        3,
        ["Scholen en bibliotheken maken samen een leesoffensief.", "Herschikking van het streekomroepbestel."],
        pages=[2],
        headings=("Portefeuille Onderwijs en Cultuur", "Vooruitblik"),
        portefeuilles=[OC],
        lead_in="Lopende dossiers:",
    ),
    passage_of(
        "overdracht",
        4,
        [PLAN, "Het Flexteam Warmtetransitie helpt gemeenten met de warmtetransitie in de wijken."],
        pages=[3],
        headings=_ON_EKM,
        portefeuilles=[EKM],
        lead_in="Bereikt in de afgelopen periode:",
    ),
    passage_of("overdracht", 5, [INSURER, AMOUNT], pages=[4], headings=_ON_GW, portefeuilles=[GW]),
    passage_of(
        "overdracht",
        6,
        [
            "De gemeenten kochten beschermd wonen en de spoedpoli gezamenlijk in.",
            "De huisartsen doen mee aan de regionale samenwerking rond ouderen.",
        ],
        pages=[4, 5],
        headings=_ON_GW,
        portefeuilles=[GW],
    ),
    passage_of(
        "overdracht",
        7,
        ["De schuldhulpverlening wordt laagdrempelig.", "Alle gemeenten verkennen de Meedoenwebshop."],
        pages=[5],
        headings=_ON_PSI,
        portefeuilles=[PSI],
        lead_in=GOALS,
    ),
    passage_of(
        "energievisie",
        1,
        ["Woningbouwcorporaties en netbeheerders pakken netcongestie samen aan.", "De energievisie loopt tot 2050."],
        headings=["Inleiding"],
        portefeuilles=[EKM],
    ),
    passage_of(
        "energievisie",
        2,
        ["Wind op land krijgt een plek in de omgevingsvisie.", "Zonnepanelen horen eerst op het dak."],
        pages=[2],
        headings=["Opwek"],
        portefeuilles=[EKM],
    ),
]


def _status(source: Source, passages: int, state: str = "gelezen") -> SourceStatus:
    return SourceStatus(
        id=source.id,
        title=source.title,
        publisher=source.publisher,
        year=source.year,
        url=source.url,
        file=f"{source.id}.pdf" if passages else "",
        state=state,
        change="nieuw",
        reason="" if passages else "Nog niet opgehaald.",
        pages=5,
        pages_searchable=5,
        passages=passages,
        portefeuilles=source.portefeuilles,
        cited_by=(("overdracht", 3, "Energievisie 2050"),) if source is VISION else (),
        digest=f"digest-{source.id}" if passages else "",
        warnings=("Zonder doorzoekbare tekst: pagina 6.",) if passages else (),
    )


STATUSES = (
    _status(HANDOVER, 7),
    _status(VISION, 2),
    _status(Source("werkagenda", "Werkagenda 2025 en verder"), 0, "wacht op netwerk"),
)


def pages_of(passages: Sequence[Passage]) -> list[list[str]]:
    """The lines of each page: every unit on the page on which its passage's region of that unit lies."""
    last = max(page for passage in passages for page in passage.pages)
    pages: list[list[str]] = [[] for _ in range(last)]
    for passage in passages:
        for unit, (page, _) in zip(passage.units, passage.regions, strict=True):
            pages[page - 1].append(passage.text[unit.start : unit.end])
    return pages


def publish_corpus(data: Path, encoder: Encoder | None = None, exact_up_to: int = EXACT_UP_TO) -> str:
    """Publishes the whole corpus: two documents, nine passages, and a source that is not here yet."""
    documents = []
    for source, more in ((HANDOVER, {}), (VISION, {"creationdate": "D:20251001120000"})):
        own = [passage for passage in PASSAGES if passage.document_id == source.id]
        documents.append(document_of(source, pages_of(own), **more))
    return publish_toy(data, documents, PASSAGES, encoder, sources=STATUSES, exact_up_to=exact_up_to)
