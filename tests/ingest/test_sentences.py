from __future__ import annotations

import pytest

from ingest.sentences import ends_sentence, sentence_spans


@pytest.mark.parametrize(
    "sentences",
    [
        ["Dit is zo.", "N.a.v. het IZA ook."],
        ["De heer drs. J. de Vries is voorzitter.", "Hij spreekt a.s. dinsdag."],
        ["Er is € 28,2 mln. Beschikbaar voor 2026."],  # 'mln.' never ends one: two sentences too few beat one too many
        ["Wat is er bereikt?", "Veel!", "En nu verder."],
        ["Het DOE stelde het programmaplan op 4 december 2025 vast.", "Daarna volgt 2026."],
        ["“Samen staan we sterk.”", "Dat zei zij."],
        ["1. Gezamenlijke kennisontwikkeling in Drenthe."],
        ["Het loopt tot eind 2026.", "De evaluatie volgt."],
        ["Zie www.vdgdrenthe.nl voor meer."],
        ["gemeenten e.d. die meedoen, o.a. Assen, i.s.m. de provincie."],
        ["Alleen een halve zin"],
    ],
)
def test_sentences_are_cut_as_a_reader_does(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


def test_sentences_leave_no_letter_out() -> None:
    text = "  Eerste zin.  Tweede zin!   "
    assert [text[start:end] for start, end in sentence_spans(text)] == ["Eerste zin.", "Tweede zin!"]
    assert sentence_spans("   ") == []


@pytest.mark.parametrize(
    ("line", "ends"), [("te gaan.”", True), ("Bereikt:", True), ("Assen)", False), ("en de", False)]
)
def test_sentences_know_an_end(line: str, ends: bool) -> None:
    assert ends_sentence(line) is ends
