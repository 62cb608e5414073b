from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from app_pages._frame import PLACES
from eval.benchmarks.accessibility import (
    AXE,
    KNOWN,
    Finding,
    Known,
    broken_rules,
    figures_of,
    more_figures_of,
    table_of,
)
from eval.benchmarks.portal_views import LOOKS, VIEWS, View
from index.settings import ROOT
from ingest.sources import sources_of

BROKEN = [
    {
        "id": "label",
        "nodes": [
            {"target": ["#a"], "failureSummary": "Fix this:\n  no label"},
            {"target": [".stUploader", "input"], "failureSummary": "Fix that"},
        ],
    }
]


@pytest.mark.parametrize("place", [place.path for place in PLACES])
def test_views_show_every_page_of_the_portal(place: str) -> None:
    assert any(view.path == place for view in VIEWS)


def test_views_are_of_pages_that_there_are_but_for_one() -> None:
    places = {place.path for place in PLACES}

    assert [view.name for view in VIEWS if view.path not in places] == ["onbekend-adres"]


def test_views_have_names_of_their_own_that_can_name_a_file() -> None:
    names = [view.name for view in VIEWS]

    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z-]+", name) for name in names)


def test_views_name_documents_of_the_corpus() -> None:
    known = {source.id for source in sources_of(ROOT / "corpus")}
    named = {
        one
        for view in VIEWS
        for one in parse_qs(urlsplit(view.address).query).get("document", [])
        if one not in {"bestaat-niet", "weg"}
    }

    assert named
    assert named <= known


def test_views_address_keeps_what_a_reader_typed() -> None:
    view = View("x", "document", (("document", "a"), ("citaat", "é & <b>?")))

    assert parse_qs(urlsplit(view.address).query) == {"document": ["a"], "citaat": ["é & <b>?"]}


def test_accessibility_tells_each_rule_with_all_its_places() -> None:
    assert broken_rules(BROKEN, ()) == [("label", "#a (Fix this: no label); .stUploader input (Fix that)")]


def test_accessibility_lets_pass_only_what_is_known_of_that_part() -> None:
    known = Known("label", ".stUploader", "its label stands apart")

    assert broken_rules(BROKEN, [known]) == [("label", "#a (Fix this: no label)")]
    assert broken_rules(BROKEN[:1], [known, Known("label", "#a", "")]) == []
    assert len(broken_rules(BROKEN, [Known("color-contrast", "#a", "")])) == 1


def test_accessibility_knows_three_at_most_each_with_its_reason() -> None:
    assert len(KNOWN) <= 3
    assert all(one.rule and one.part and one.reason for one in KNOWN)


def test_accessibility_counts_axe_and_our_checks_apart() -> None:
    found = [
        Finding("zoeken", "licht", AXE, "label", "#a"),
        Finding("zoeken", "donker", "check", "h1", "2 of them"),
        Finding("bronnen", "donker", "check", "h1", "0 of them"),
    ]

    assert figures_of(found, VIEWS[:2]) == {"violations": 1, "pages": 2, "known": []}
    assert more_figures_of(found)["checks"] == {"h1": 2}
    table = table_of(found, [View("zoeken", ""), View("bronnen", "bronnen")]).splitlines()
    assert table[0].split() == [*(look.name for look in LOOKS), "zoom"]
    assert table[1].split() == ["zoeken", "1", "+", "0", "0", "+", "1", ".", ".", "."]
    assert table[2].split() == ["bronnen", ".", "0", "+", "1", ".", ".", "."]
    assert "1 violations" in table[3]
