from __future__ import annotations

import pytest

from index.pointing import pointing


@pytest.mark.parametrize(
    ("line", "points"),
    [
        ("29 Handreiking, par. 3.2, p. 10.", True),
        ("6 Zie via: https://www.rijksoverheid.nl/contact", True),
        ("Focus op AI | Rapport | Algemene Rekenkamer", True),
        ("Voor vragen mail: ai-verordening@minbzk.nl", True),
        ("https://open.minvws.nl/toegankelijkheid", True),
        (
            "Op pagina https://open.minvws.nl staan diverse kaarten zonder naam, zodat niemand die hoort.",
            False,
        ),
        ("5 Leden van het netwerk zijn het Centraal Planbureau en het CBS.", False),
        ("12 gemeenten werken samen.", False),
        ("", False),
    ],
)
def test_pointing_tells_a_line_that_only_names_a_source(line: str, points: bool) -> None:
    assert pointing([line]) == [points]


def test_pointing_takes_the_rest_of_a_list_of_sources_along() -> None:
    entries = ["1. Focus op AI | Rapport | Rekenkamer", "2. AI-verordening – Digitale Overheid"]
    assert pointing(entries) == [True, True]
    assert pointing([*entries, "3. Iets.", "4. Anders."]) == [True, False, False, False]


def test_pointing_takes_nothing_along_beside_notes() -> None:
    assert pointing(["29 Handreiking, par. 3.2.", "30 Het netwerk heeft zes leden."]) == [True, False]


def test_pointing_of_nothing() -> None:
    assert pointing([]) == []
