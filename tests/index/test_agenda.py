from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from index.agenda import Dated, agenda_of, moments_in
from index.profiles import Line, portefeuilles_of
from index.searcher import open_searcher

TODAY = date(2026, 11, 25)


def lines(*texts: str) -> list[Line]:
    return [Line(text, "stuk", 1) for text in texts]


def shown(found: Iterable[Dated]) -> list[tuple[str, str]]:
    return [(one.moment.words, one.line.text) for one in found]


@pytest.mark.parametrize(
    ("text", "words", "last_day"),
    [
        ("Op 2 oktober 2026 organiseert SportDrenthe", "Op 2 oktober 2026", date(2026, 10, 2)),
        ("een onderzoek medio 2026 af", "medio 2026", date(2026, 6, 30)),
        ("in de tweede helft van 2026 uit te nodigen", "in de tweede helft van 2026", date(2026, 12, 31)),
        ("Vervolg per 2028", "per 2028", date(2028, 1, 1)),
        ("coördinator per oktober 2026", "per oktober 2026", date(2026, 10, 1)),
        ("in oktober 2026", "in oktober 2026", date(2026, 10, 31)),
        ("(2023 t/m 2026)", "2023 t/m 2026", date(2026, 12, 31)),
        ("Beweegbeleid 2025-2028", "2025-2028", date(2028, 12, 31)),
        ("31 februari 2027", "31 februari 2027", date(2027, 2, 28)),
    ],
)
def test_agenda_reads_a_date(text: str, words: str, last_day: date) -> None:
    (moment,) = moments_in(text)

    assert (moment.words, moment.last_day) == (words, last_day)
    assert text[moment.start : moment.end].strip() == words


@pytest.mark.parametrize("text", ["", "kamer 12026", "op 7 november", "€ 2026000", "1999", "in 2125 woningen"])
def test_agenda_reads_no_date_in(text: str) -> None:
    assert moments_in(text) == ()


def test_agenda_has_the_nearest_first_and_what_is_told_precisely_before_what_is_not() -> None:
    found = agenda_of(
        lines(
            "Visie 2028", "Geen datum", "In 2026", "Op 31 december 2026", "Op 1 maart 2027", "Vandaag 25 november 2026"
        ),
        TODAY,
    )

    assert [text for _, text in shown(found.coming)] == [
        "Vandaag 25 november 2026",
        "Op 31 december 2026",
        "In 2026",
        "Op 1 maart 2027",
        "Visie 2028",
    ]


def test_agenda_keeps_past_dates_apart_the_latest_first() -> None:
    found = agenda_of(lines("In 2023", "Op 24 november 2026", "Van 2024 tot 2025"), TODAY)

    assert found.coming == ()
    assert shown(found.past) == [
        ("Op 24 november 2026", "Op 24 november 2026"),
        ("tot 2025", "Van 2024 tot 2025"),
        ("In 2023", "In 2023"),
    ]


def test_agenda_takes_of_a_line_the_first_date_that_is_not_past() -> None:
    found = agenda_of(lines("Van 2 januari 2026 tot 1 mei 2027, en eind 2028"), TODAY)

    assert [words for words, _ in shown(found.coming)] == ["tot 1 mei 2027"]


def test_agenda_takes_a_year_far_ahead_for_a_name() -> None:
    assert agenda_of(lines("Energievisie 2050"), TODAY) == agenda_of([], TODAY)
    assert len(agenda_of(lines("Bijdrage in 2025 aan de Energievisie 2050"), TODAY).past) == 1


def test_agenda_keeps_the_same_words_together_where_the_day_is_the_same() -> None:
    found = agenda_of(lines("Beleid 2026-2028", "Spelen in 2028", "Plan 2026-2028"), TODAY)

    assert [words for words, _ in shown(found.coming)] == ["2026-2028", "2026-2028", "in 2028"]


def test_agenda_moves_with_the_day() -> None:
    one = lines("Op 2 oktober 2026 is de bijeenkomst")

    assert agenda_of(one, date(2026, 10, 2)).coming
    assert agenda_of(one, date(2026, 10, 3)).past


@pytest.mark.model
def test_agenda_of_the_real_handover(real_data: Path) -> None:
    profiles = [one.profiles[0] for one in portefeuilles_of(open_searcher(real_data))]
    found = agenda_of([line for profile in profiles for line in profile.all_lines], date(2026, 3, 19))

    assert found.coming[0].moment.words == "Halverwege 2026"
    assert "Op 2 oktober 2026" in [one.moment.words for one in found.coming]
    assert found.coming[-1].moment.words == "tot en met 2030"
    assert found.past[0].moment.words == "per januari 2026"
