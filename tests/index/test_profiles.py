from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from index.profiles import Part, Portefeuille, Profile, part_of, portefeuilles_of
from index.results import DocumentInfo
from index.searcher import open_searcher
from ingest.documents import Passage
from ingest.folding import letters_only
from ingest.portefeuilles import PORTEFEUILLES, portefeuille_of_heading
from tests.index.toy import passage_of

HOSTILE = "<script>alert(1)</script> **vet** &amp; \u202etxet :material/home: " + "lang" * 3000
SPORT = "Portefeuille Sport"

# A handover of another society: other headings, another order, no achievements, and a portefeuille by abbreviation.
PASSAGES = [
    passage_of("overdracht", 1, ["Welkom aan de nieuwe bestuurders."], headings=["Voorwoord"]),
    passage_of("overdracht", 2, ["Let op de huur van de hallen."], headings=[SPORT, "Risico’s"], lead_in="Let op:"),
    passage_of(
        "overdracht",
        3,
        ["Nieuw zwembad.", "Sportpark."],
        headings=[SPORT, "Actuele dossiers"],
        pages=[3, 4],
        lead_in="Nu:",
    ),
    passage_of("overdracht", 4, ["Dit past nergens bij."], headings=[SPORT, "Allerlei"]),
    passage_of(
        "overdracht",
        5,
        ["Voorzitter portefeuille Sport: Jan Smit (wethouder (tot 2026)) Sinds 2020. VNG-commissie: cie Sport"],
        headings=[SPORT],
    ),
    passage_of("overdracht", 6, [HOSTILE], headings=["Portefeuille EZ&I", "Stakeholders", HOSTILE]),
]


def info(document_id: str, date: str = "2026") -> DocumentInfo:
    return DocumentInfo(document_id, document_id.title(), "x.pdf", "", date, None, "d", 9, 9, 9, ())


@dataclass
class Corpus:
    """Passages in memory; documents in the order in which they first appear."""

    rows: Sequence[Passage]
    dates: Sequence[str] = ("2026", "2022")

    def documents(self) -> tuple[DocumentInfo, ...]:
        ids = dict.fromkeys(passage.document_id for passage in self.rows)
        return tuple(info(one, date) for one, date in zip(ids, [*self.dates, *[""] * len(ids)], strict=False))

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        return tuple(passage for passage in self.rows if passage.document_id == document_id)


def found(rows: Sequence[Passage], name: str, dates: Sequence[str] = ("2026", "2022")) -> Portefeuille:
    return next(one for one in portefeuilles_of(Corpus(rows, dates)) if one.name == name)


def sport() -> Profile:
    return found(PASSAGES, "Sport").profiles[0]


def texts(profile: Profile, part: Part) -> list[str]:
    return [line.text for line in profile.lines(part)]


def test_profiles_are_eight_in_their_own_order_whatever_the_document_has() -> None:
    assert [one.name for one in portefeuilles_of(Corpus(PASSAGES))] == list(PORTEFEUILLES)
    assert [one.name for one in portefeuilles_of(Corpus([])) if one.profiles or one.others] == []


def test_profiles_tell_the_parts_by_the_words_of_other_headings_in_another_order() -> None:
    profile = sport()

    assert texts(profile, Part.POINTS) == ["Let op de huur van de hallen."]
    assert [(line.text, line.page, line.level) for line in profile.lines(Part.RUNNING)] == [
        ("Nieuw zwembad.", 3, 1),
        ("Sportpark.", 4, 1),
    ]
    assert texts(profile, Part.OTHER) == ["Dit past nergens bij."], "what fits no part is kept"
    assert profile.groups(Part.REACHED) == (), "it has none"


def test_profiles_take_the_head_apart_and_lose_nothing_between_its_pieces() -> None:
    profile = sport()

    assert [(line.label, line.said) for line in profile.head] == [
        ("Voorzitter portefeuille Sport", "Jan Smit (wethouder (tot 2026))"),
        ("", "Sinds 2020."),
        ("VNG-commissie", "cie Sport"),
    ]
    assert [line.said for line in profile.chairs] == ["Jan Smit (wethouder (tot 2026))"]


def test_profiles_keep_hostile_words_as_they_are() -> None:
    profile = found(PASSAGES, "Economische Zaken en Industrie").profiles[0]

    assert texts(profile, Part.PARTNERS) == [HOSTILE.strip()]


def test_profiles_join_the_sentences_of_a_bullet_to_one_line() -> None:
    text = "• Eerste zin. Tweede zin.\n• Andere bullet."
    passage = passage_of("overdracht", 1, ["x"], headings=[SPORT, "Resultaten"])
    units = tuple(
        replace(passage.units[0], start=text.index(words), end=text.index(words) + len(words))
        for words in ("Eerste zin.", "Tweede zin.", "Andere bullet.")
    )

    profile = found([replace(passage, text=text, units=units)], "Sport").profiles[0]

    assert texts(profile, Part.REACHED) == ["Eerste zin. Tweede zin.", "Andere bullet."]


def test_profiles_of_two_handovers_have_the_fullest_first_and_of_equals_the_newest() -> None:
    other = [
        passage_of("oud", 1, ["Oud."], headings=[SPORT, "Resultaten"]),
        passage_of("oud", 2, ["Ook oud."], headings=["Portefeuille O&C", "Resultaten"]),
    ]
    assert [one.document.id for one in found([*other, *PASSAGES], "Sport", ("2022", "2026")).profiles] == [
        "overdracht",
        "oud",
    ]
    fewer = [replace(passage, document_id="nieuwer") for passage in PASSAGES[:5]]
    both = [*fewer, *PASSAGES]
    assert [one.document.id for one in found(both, "Sport", ("2027", "2026")).profiles] == ["overdracht", "nieuwer"]


def test_profiles_count_other_documents_that_belong_to_it_or_name_it() -> None:
    rows = [
        *PASSAGES,
        passage_of("visie", 1, ["Wij sporten."], portefeuilles=["Sport"]),
        passage_of("visie", 2, ["Zie de portefeuille Sport."], portefeuilles=["Sport"]),
        passage_of("brief", 1, ["In overleg met de portefeuille Sport."]),
        passage_of("gids", 1, ["Sport is gezond."]),
    ]

    others = found(rows, "Sport").others

    assert [(document.id, count) for document, count in others] == [("visie", 2), ("brief", 1)]


@pytest.mark.parametrize(
    ("headings", "lead_in", "part"),
    [
        (("Vooruitblik", "Aandachtspunten bestuurders"), "", Part.POINTS),
        (("Samenwerking en netwerk", "Gezonde Marke"), "", Part.NETWORK),
        (("Terugblik op de samenwerking",), "", Part.REACHED),
        (("Samenwerking en netwerk", "Belangrijkste partners"), "", Part.PARTNERS),
        (("Lopende dossiers",), "Bereikt:", Part.RUNNING),
        (("Stand van zaken",), "Gerealiseerd in 2025:", Part.REACHED),
        ((), "", Part.OTHER),
    ],
)
def test_profiles_part_of(headings: tuple[str, ...], lead_in: str, part: Part) -> None:
    assert part_of(headings, lead_in) is part


@pytest.mark.model
def test_profiles_of_the_real_handover_lose_no_letter_and_lead_to_the_page(real_data: Path) -> None:
    searcher = open_searcher(real_data)
    corpus = portefeuilles_of(searcher)

    assert all(len(one.profiles) == 1 for one in corpus)
    for profile in (one.profiles[0] for one in corpus):
        own = [
            passage
            for passage in searcher.passages(profile.document.id)
            if passage.heading_path and portefeuille_of_heading(passage.heading_path[0]) == profile.portefeuille
        ]
        whole = sorted("".join(letters_only(passage.text) for passage in own))
        assert sorted("".join(letters_only(line.text) for line in profile.all_lines)) == whole
        assert profile.lines(Part.OTHER) == ()
        assert profile.chairs
        for line in profile.all_lines:
            places = searcher.find_quote(line.document, line.page, line.text)
            assert line.page in {page for page, _ in places}, line.text
