from __future__ import annotations

from dataclasses import replace

import pytest

from index.asked import Asked
from index.dutch import Analyser
from index.evidence import Evidence, Wording, evidence_of
from index.query import QueryReader

ANALYSER = Analyser({"huurwoningen", "huur", "woningen", "gemeente"})
FREQUENCIES = {"gemeente": 90, "huurwoning": 2, "huren": 10, "woning": 20}


def wording(question: str) -> Wording:
    return Wording.of(QueryReader(ANALYSER, {}).read(question, correct=False), FREQUENCIES, passages=100)


def evidence(question: str, text: str, about: str = "", similarity: float = -2.0) -> Evidence:
    asked = Asked.of(question, ANALYSER)
    return evidence_of(asked, wording(question), text, set(ANALYSER.terms(about)), similarity, known=1.0)


def test_wording_covers_by_what_words_say() -> None:
    words = wording("gemeenten huurwoningen")
    assert words.coverage({"gemeente"}) < 0.1
    assert words.coverage({"huurwoning"}) > 0.9
    assert words.coverage({"gemeente", "huurwoning"}) == pytest.approx(1.0)
    assert words.coverage(set()) == 0.0


def test_wording_counts_parts_of_a_compound_for_less() -> None:
    words = wording("huurwoningen")
    assert words.coverage({"woning"}) == pytest.approx(0.35)
    assert words.coverage({"huren", "woning"}) == pytest.approx(0.7)
    assert words.heaviest_missing({"huren", "woning"}) == pytest.approx(0.3)


def test_wording_says_what_the_heaviest_missing_word_weighs() -> None:
    words = wording("gemeenten huurwoningen")
    assert words.heaviest_missing({"gemeente"}) > 0.9
    assert words.heaviest_missing({"huurwoning"}) < 0.1
    assert words.heaviest_missing({"gemeente", "huurwoning"}) == 0.0


def test_wording_of_no_words() -> None:
    assert (wording("").coverage({"a"}), wording("").heaviest_missing(set()), wording("").mass) == (0.0, 0.0, 0)


def test_evidence_is_of_the_sentence_with_its_headings() -> None:
    question = "Hoeveel huurwoningen bouwt Assen in 2027?"
    whole = evidence(question, "In 2027 komen er 45 huurwoningen.", about="Woonvisie Assen")
    assert (whole.lacking, whole.missing) == (0.0, 0.0)
    assert evidence(question, "In 2027 komen er 45 huurwoningen.").missing == 1.0
    assert evidence(question, "Er komen huurwoningen.").lacking == 1.0


def test_evidence_has_no_more_than_two_missing() -> None:
    assert evidence("Wat doen Assen, Emmen, Meppel en Tynaarlo?", "Niets.").missing == 2.0


def test_evidence_of_a_sentence_near_enough_says_no_more_when_nearer() -> None:
    assert evidence("Wat?", "Dat.", similarity=3.0) == evidence("Wat?", "Dat.", similarity=0.0)
    assert evidence("Wat?", "Dat.", similarity=-2.0).similarity == -2.0


@pytest.mark.parametrize("worse", ["lacking", "missing", "heaviest"])
def test_evidence_gains_by_lacking_nothing(worse: str) -> None:
    whole = Evidence(similarity=-1.0, coverage=0.5, known=1.0, lacking=0.0, missing=0.0, heaviest=0.0)
    assert replace(whole, **{worse: 1.0}).gain < whole.gain
    assert replace(whole, similarity=-2.0, coverage=0.1).gain == whole.gain


def test_evidence_of_a_line_that_only_points_elsewhere_lacks_what_is_asked_for() -> None:
    def lacking(question: str, elsewhere: bool) -> float:
        asked = Asked.of(question, ANALYSER)
        line = "Woonvisie: www.assen.nl"
        return evidence_of(asked, wording(question), line, set(), -1.0, 1.0, elsewhere=elsewhere).lacking

    assert lacking("Wat zegt de woonvisie?", True) == 1.0
    assert lacking("Wat zegt de woonvisie?", False) == 0.0
    assert lacking("Op welke website staat de woonvisie?", True) == 0.0


def test_evidence_is_thin_without_words_and_nearness() -> None:
    assert evidence("Wat kost een paspoort?", "De gemeente bouwt.", similarity=-1.5).is_thin
    assert not evidence("Wat kost een paspoort?", "De gemeente bouwt.", similarity=-0.9).is_thin
    assert not evidence("Wat kost een paspoort?", "Een paspoort kost € 70.", similarity=-1.5).is_thin
