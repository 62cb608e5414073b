from __future__ import annotations

import math

import numpy as np
import pytest

from index.fusion import fuse, holds_sought, idf, idf_mass, in_document, standardised, words_weight
from index.query import Sought

NONE = np.zeros(3)
ONE_DOCUMENT = np.zeros(3, dtype=np.int64)


@pytest.mark.parametrize(
    ("text", "sought", "expected"),
    [
        ("Jan Zwiers (burgemeester gemeente Midden-Drenthe)", Sought.PERSON, True),
        ("Voorzitter VDG-portefeuille Onderwijs en Cultuur: Inge Nieuwenhuizen", Sought.PERSON, True),
        ("gemeentelijk bestuurlijk trekker nu: Mark Tuit", Sought.PERSON, True),
        ("Robin van Ulzen, wethouder gemeente Meppel", Sought.PERSON, True),
        ("Karin de Vries, ambtelijk adviseur", Sought.PERSON, True),
        ("De gemeenten werken samen met de voorzitter.", Sought.PERSON, False),
        ("Alle gemeenten verkennen de Meedoenwebshop.", Sought.PERSON, False),
        ("op 4 december 2025 vastgesteld", Sought.DATE, True),
        ("van start in maart 2024", Sought.DATE, True),
        ("tot en met 2028", Sought.DATE, True),
        ("op 1-1-2025", Sought.DATE, True),
        ("in de afgelopen periode", Sought.DATE, False),
        ("artikel 20250", Sought.DATE, False),
        ("€ 28,2 miljoen", Sought.NUMBER, True),
        ("met twaalf gemeenten", Sought.NUMBER, True),
        ("3 keer per jaar", Sought.NUMBER, True),
        ("een aantal gemeenten", Sought.NUMBER, False),
        ("Jan Zwiers (burgemeester) op 4 december 2025", Sought.OTHER, False),
        ("", Sought.PERSON, False),
    ],
)
def test_holds_sought_tells_persons_dates_and_numbers(text: str, sought: Sought, expected: bool) -> None:
    assert holds_sought(text, sought) is expected


def test_idf_is_bm25s_and_falls_with_frequency() -> None:
    assert idf(10, 2) == pytest.approx(math.log(1 + 8.5 / 2.5))
    values = [idf(10, frequency) for frequency in range(11)]
    assert values == sorted(values, reverse=True)
    assert values[-1] > 0


def test_idf_mass_counts_unknown_words_as_the_rarest() -> None:
    mass = idf_mass({"zorg": 1.0, "rijbewijs": 1.0}, {"zorg": 4, "rijbewijs": 0}, 10)
    assert mass == pytest.approx(idf(10, 4) + idf(10, 0))
    assert idf_mass({"zorg": 0.5}, {"zorg": 4}, 10) == pytest.approx(idf(10, 4) / 2)
    assert idf_mass({}, {}, 10) == 0


def test_standardised_has_mean_0_and_deviation_1() -> None:
    assert standardised(np.array([1.0, 2.0, 3.0])).tolist() == pytest.approx([-1.2247449, 0.0, 1.2247449])


@pytest.mark.parametrize("values", [[0.8], [0.8, 0.8], [0.8, 0.8 + 1e-12]])
def test_standardised_of_what_does_not_differ_is_0(values: list[float]) -> None:
    assert standardised(np.array(values)).tolist() == [0.0] * len(values)


@pytest.mark.parametrize("keywords", [True, False])
@pytest.mark.parametrize("at", ["meaning", "words", "sought", "named"])
def test_fuse_every_kind_of_evidence_lifts_its_passage(at: str, keywords: bool) -> None:
    scores = {"meaning": NONE, "words": NONE, "sought": NONE, "named": NONE}
    scores[at] = np.array([0.0, 1.0, 0.0])
    fused = fuse(
        scores["meaning"],
        scores["words"],
        2.0,
        scores["sought"],
        scores["named"],
        typed=3,
        keywords=keywords,
    )
    assert fused.argmax() == 1
    assert fused[0] == fused[2] < fused[1]


def test_fuse_leans_more_on_words_for_keywords() -> None:
    words, meaning = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.5])
    gains = [fuse(meaning, words, 1.0, NONE, NONE, typed=3, keywords=keywords)[0] for keywords in (False, True)]
    assert gains[0] < gains[1]


def test_fuse_does_not_depend_on_the_embedders_range_or_on_the_length_of_the_question() -> None:
    meaning, words = np.array([0.81, 0.84, 0.90]), np.array([3.0, 0.0, 1.0])
    expected = fuse(standardised(meaning), words, 4.0, NONE, NONE, typed=3, keywords=False)
    np.testing.assert_allclose(
        fuse(standardised(meaning * 10 - 5), words * 2, 8.0, NONE, NONE, typed=3, keywords=False), expected
    )


@pytest.mark.parametrize("mass", [0.0, -1.0])
def test_fuse_without_words_goes_by_meaning(mass: float) -> None:
    fused = fuse(np.array([0.1, 0.2, 0.3]), NONE, mass, NONE, NONE, typed=3, keywords=True)
    assert fused.argsort().tolist() == [0, 1, 2]
    assert np.isfinite(fused).all()


def test_in_document_lifts_a_passage_by_the_passages_around_it() -> None:
    documents = np.array([0, 0, 1, 1])
    lifted = in_document(np.array([1.0, 2.0, 1.0, -2.0]), documents)
    assert lifted[0] > lifted[2]


def test_in_document_keeps_the_order_within_a_document() -> None:
    meaning = np.array([0.3, -1.0, 0.7])
    assert in_document(meaning, ONE_DOCUMENT).argsort().tolist() == meaning.argsort().tolist()


def test_in_document_of_no_passages_is_empty() -> None:
    assert len(in_document(np.zeros(0), np.zeros(0, dtype=np.int64))) == 0


def test_words_weigh_more_the_more_were_typed_within_bounds() -> None:
    weights = [words_weight(typed) for typed in range(40)]
    assert weights == sorted(weights)
    assert weights[0] == weights[3] < weights[4]
    assert weights[20] == weights[39]


def test_in_document_a_page_of_one_passage_does_not_outdo_a_long_reports_best() -> None:
    documents = np.array([0, 1, 1, 1, 1, 1, 1, 1])
    lifted = in_document(np.array([3.0, 4.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0]), documents)
    assert lifted.argmax() == 1
