from __future__ import annotations

from typing import Any

from ingest.documents import Source
from ingest.ledger import Change, Entry, State
from ingest.report import report_as_json, report_as_text, report_of_no_change


def entry(title: str, state: State = State.GELEZEN, change: Change = Change.NIEUW, **more: Any) -> Entry:
    return Entry(Source(title.lower(), title), state, change, **more)


READ = entry("Sportnota", pages=10, pages_searchable=9, passages=40, warnings=("Zonder doorzoekbare tekst: pagina 3.",))
KEPT = entry(
    "Zorgnota",
    State.BESCHADIGD,
    Change.ONGEWIJZIGD,
    reason="zorg.pdf is beschadigd. De vorige versie blijft doorzoekbaar.",
    pages=2,
    pages_searchable=2,
    passages=4,
)
REFUSED = entry("Slotnota", State.VERSLEUTELD, reason="slot.pdf is met een wachtwoord versleuteld.")
WAITING = entry("Verre nota", State.WACHT_OP_NETWERK, reason="Nog niet opgehaald.")
NOWHERE = entry("Vage nota", State.ZONDER_ADRES, reason="Geen adres.")
GONE = entry("Oude nota", State.BESTAND_ONTBREEKT, Change.VERVALLEN, reason="Deze bron staat niet meer in de map.")
ALL = (READ, KEPT, REFUSED, WAITING, NOWHERE, GONE)


def test_report_tells_people_all_of_it() -> None:
    assert report_as_text("20260101T000000Z", ALL, 12.4) == "\n".join(
        [
            "Versie 20260101T000000Z is gepubliceerd in 12 s.",
            "",
            "Doorzoekbaar:",
            "  Sportnota (nieuw): 9 van 10 pagina's, 40 passages",
            "    let op: Zonder doorzoekbare tekst: pagina 3.",
            "  Zorgnota (ongewijzigd): 2 van 2 pagina's, 4 passages",
            "    let op: zorg.pdf is beschadigd. De vorige versie blijft doorzoekbaar.",
            "",
            "Niet gelezen:",
            "  Slotnota: versleuteld. slot.pdf is met een wachtwoord versleuteld.",
            "",
            "Wachten op het netwerk: 1",
            "  Verre nota",
            "",
            "Zonder bestand of adres: 1",
            "  Vage nota",
            "",
            "Vervallen:",
            "  Oude nota. Deze bron staat niet meer in de map.",
        ]
    )


def test_report_of_no_change_repeats_what_is_still_wrong() -> None:
    said = report_of_no_change(ALL[:5]).splitlines()
    assert said[0] == "Er is niets veranderd. De zoekindex is bij."
    assert [line.split(":")[0].strip() for line in said[3:]] == ["Zorgnota", "Slotnota"]
    assert report_of_no_change((READ, WAITING)) == said[0]


def test_report_tells_programs_the_same() -> None:
    said = report_as_json("v", ALL, 1.239)
    assert (said["version"], said["published"], said["seconds"]) == ("v", True, 1.24)
    sources = said["sources"]
    assert isinstance(sources, list)
    assert [source["title"] for source in sources] == [one.source.title for one in ALL]
    assert sources[1]["state"] == "beschadigd"
    assert report_as_json(None, (), 0.0) == {"version": None, "published": False, "seconds": 0.0, "sources": []}
