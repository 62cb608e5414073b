"""A searcher over an invented handover, for the pages about portefeuilles: other headings than the real one's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.documents import Box, Passage, Unit
from ingest.portefeuilles import portefeuille_of_heading
from tests.app.fake_searcher import HANDOVER, REPORT, FakeSearcher

CHAIR = "Voorzitter VDG-portefeuille Sport: Anna de Wit (wethouder gemeente Assen)"
MEETING = "Op 2 maart 2027 komt het overleg bij elkaar."
LINK = "Zuinige zwembaden (verbinding portefeuille EKM)"

SPORT = (
    (("Portefeuille Sport",), 0, (CHAIR,)),
    (("Portefeuille Sport", "Actuele dossiers"), 1, ("Nieuw zwembad in Emmen", MEETING, "Pilot liep tot 1 mei 2026.")),
    (("Portefeuille Sport", "Let op", "Hallen"), 1, ("De huur van de hallen loopt af.",)),
    (("Portefeuille Sport", "Partners en stakeholders"), 1, ("Sportbond Noord",)),
    (("Portefeuille Sport", "Dwarsverbanden"), 1, (LINK,)),
)
EKM = (
    (("Portefeuille EKM",), 0, ("Voorzitter portefeuille EKM: Piet Groen (burgemeester gemeente Emmen)",)),
    (("Portefeuille EKM", "Resultaten van de periode"), 1, ("Warmteplan vastgesteld.",)),
)


def handover(*more: tuple[tuple[str, ...], int, tuple[str, ...]]) -> FakeSearcher:
    """Sport and EKM, with `more` rows behind them, each a passage on a page of its own.

    A row is (headings, 1 for bullets or 0 for running text, lines); a line that begins with '> ' is a bullet below one.
    """
    passages = [_passage(number, *row) for number, row in enumerate((*SPORT, *EKM, *more), start=1)]
    return FakeSearcher(rows=[(replace(HANDOVER, passages=len(passages)), passage) for passage in passages])


def with_report(searcher: FakeSearcher, *texts: str) -> FakeSearcher:
    """The same with another document, each text a passage."""
    rows = [
        (REPORT, replace(_passage(number, (), 0, (text,)), document_id=REPORT.id)) for number, text in enumerate(texts)
    ]
    return replace(searcher, rows=[*searcher.rows, *rows])


def _passage(number: int, headings: tuple[str, ...], level: int, lines: Sequence[str]) -> Passage:
    text = ""
    units = []
    for line in lines:
        text += ("\n" if text else "") + ("  ◦ " if line.startswith("> ") else "• " if level else "")
        line = line.removeprefix("> ")
        units.append(Unit(len(text), len(text) + len(line)))
        text += line
    name = portefeuille_of_heading(headings[0]) if headings else None
    names = (name,) if name else ()
    return Passage(f"h{number}", HANDOVER.id, headings, names, text, tuple(units), ((number, Box(50, 50, 300, 70)),))
