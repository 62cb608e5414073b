from __future__ import annotations

from itertools import pairwise

import pytest

from index.dutch import STOP_WORDS, Analyser, Token, is_abbreviation, lemma
from ingest.folding import fold
from tests.index.toy import PASSAGES

VOCABULARY = frozenset(
    """
    agenda bestaan bestuur beleid bouw corporatie corporaties energie gemeente gemeenten houders hulp inwoners
    overleg portefeuille samenwerking schuld sport transitie verlening vereniging warmtetransitie woning woningbouw
    zekerheid zorg
    """.split()
)
SENTENCES = [
    "Voorzitter VDG-portefeuille Onderwijs en Cultuur: Inge Nieuwenhuizen (burgemeester gemeente de Wolden)",
    "Er is € 28,2 miljoen beschikbaar om de mentale veerkracht van inwoners te versterken.",
    "N.a.v. het IZA-akkoord (2023 t/m 2026) stemden de coördinatoren thema’s en regio's af.",
    "“Samen sterk!” – zo luidt het motto van Drents Beweegbeleid 2025-2028; zie G&W, EZ&I en p. 12+1+4.",
    "🙂 Dat klopt:\tde portefeuillehouders\nzijn er blij mee…",
]


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser(VOCABULARY)


def only(analyser: Analyser, text: str) -> Token:
    (token,) = analyser.tokens(text)
    return token


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        ("gemeente gemeenten Gemeenten", "gemeente"),
        ("wethouder wethouders", "wethouder"),
        ("burgemeester burgemeesters", "burgemeester"),
        ("vertegenwoordiger vertegenwoordigers", "vertegenwoordiger"),
        ("school scholen", "school"),
        ("huis huizen", "huis"),
        ("woning woningen", "woning"),
        ("vereniging verenigingen", "vereniging"),
        ("bibliotheek bibliotheken", "bibliotheek"),
        ("gemeentelijk gemeentelijke", "gemeentelijk"),
        ("thema thema's thema’s", "thema"),
        ("regio regio's regio’s", "regio"),
        ("vdg VDG’s", "vdg"),
        ("coördinator coordinator coördinatoren COÖRDINATOR", "coordinator"),
        ("financiën financien Financiën", "financien"),
        ("ﬁnanciën", "financien"),
        ("portefeuillehouder portefeuillehouders", "portefeuillehouder"),
        ("Drentse Drents drentse", "drents"),
    ],
)
def test_dutch_brings_forms_of_a_word_together(analyser: Analyser, forms: str, expected: str) -> None:
    assert {form: only(analyser, form).term for form in forms.split()} == dict.fromkeys(forms.split(), expected)


@pytest.mark.parametrize("heading", ["GEMEENTEN", "PORTEFEUILLEHOUDERS", "THEMA’S", "WETHOUDERS"])
def test_dutch_finds_a_heading_in_capitals_by_its_words(analyser: Analyser, heading: str) -> None:
    # many reports set their headings in capitals; an abbreviation is short
    assert only(analyser, heading.lower()).term in analyser.terms(heading)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("woningbouwcorporaties", {"woningbouw", "woning", "bouw", "corporatie"}),
        ("schuldhulpverlening", {"schuld", "hulp", "verlening"}),
        ("bestaanszekerheid", {"bestaan", "zekerheid"}),
        ("portefeuillehouders", {"portefeuille", "houder"}),
        ("sportbeleid", {"sport", "beleid"}),
        ("warmtetransitie", {"warmte", "transitie"}),
        ("energietransities", {"energie", "transitie"}),
    ],
)
def test_dutch_takes_compounds_apart(analyser: Analyser, word: str, expected: set[str]) -> None:
    assert expected <= set(only(analyser, word).parts)


@pytest.mark.parametrize(
    "word",
    [
        *"gemeente gemeenten gemeentelijke vereniging verenigingen overleggen samen inwoners wethouders".split(),
        *"adviseurs vergadering vertegenwoordigers bestuurders ondersteuning begeleiding zorgen scholen zee".split(),
    ],
)
def test_dutch_leaves_words_whole_that_are_no_compounds(word: str) -> None:
    assert only(Analyser(VOCABULARY), word).parts == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("samenwerkingspartner", "samenwerkingspartners"),
        ("woningbouwcorporatie", "woningbouwcorporaties"),
        ("plattelandsgemeente", "plattelandsgemeenten"),
        ("zorgverzekeraar", "zorgverzekeraars"),
        ("VNG-commissie", "VNG-commissies"),
        ("e-mail", "e-mails"),
        ("gemeenteraadsverkiezing", "gemeenteraadsverkiezingen"),
    ],
)
def test_dutch_bends_compounds_and_hyphened_words(one: str, other: str) -> None:
    analyser = Analyser()
    assert only(analyser, one).term == only(analyser, other).term


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("€ 28,2 miljoen", ["28,2", "miljoen"]),
        ("28,2.", ["28,2"]),
        ("2025-2028", ["2025-2028"]),
        ("(2025-2028)", ["2025-2028"]),
        ("12+1+4", ["12+1+4"]),
        ("1.200.000", ["1.200.000"]),
        ("1/3", ["1/3"]),
        ("4 december 2025.", ["4", "december", "2025"]),
        ("1-1-2025", ["1-1-2025"]),
        ("10e", ["10e"]),
        ("100%", ["100"]),
    ],
)
def test_dutch_keeps_numbers_dates_and_amounts_whole(analyser: Analyser, text: str, expected: list[str]) -> None:
    assert analyser.terms(text) == expected


@pytest.mark.parametrize("dash", ["–", "‑", "‐"])  # en dash, hyphen that does not break, Unicode's own hyphen
def test_dutch_takes_every_dash_between_years_alike(analyser: Analyser, dash: str) -> None:
    assert analyser.terms(f"2025{dash}2028") == analyser.terms("2025-2028")


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("G&W", ["g&w"]),
        ("VNG-commissie", ["vng-commissie", "vng", "commissie"]),
        ("IZA-GALA", ["iza-gala", "iza", "gala"]),
        ("zorg/welzijn", ["zorg/welzijn", "zorg", "welzijn"]),
        ("en/of", ["en/of"]),
    ],
)
def test_dutch_finds_joined_words_by_the_whole_and_by_their_pieces(
    analyser: Analyser, text: str, terms: list[str]
) -> None:
    assert analyser.terms(text) == terms


@pytest.mark.parametrize("word", ["DOE-overleg", "DOE/RES", "VNG-DOE"])
def test_dutch_finds_an_abbreviation_that_looks_like_a_stop_word_in_a_joined_word(
    analyser: Analyser, word: str
) -> None:
    assert only(analyser, "DOE").term in analyser.terms(word)


def test_dutch_tells_the_abbreviation_doe_from_the_verb(analyser: Analyser) -> None:
    assert len(analyser.terms("Wat is het DOE?")) == 1
    assert analyser.terms("Wat doe je? Doe mee!") == analyser.terms("je mee")
    assert analyser.terms("doen we") == []


@pytest.mark.parametrize(
    ("word", "expected"),
    [("DOE", True), ("Doe", False), ("doe", False), ("WvGGZ", True), ("G&W", True), ("A", False), ("", False)],
)
def test_is_abbreviation_counts_capitals(word: str, expected: bool) -> None:
    assert is_abbreviation(word) is expected


@pytest.mark.parametrize("word", sorted(STOP_WORDS))
def test_dutch_stop_words_are_written_as_they_are_looked_up(word: str, analyser: Analyser) -> None:
    assert fold(word) == word
    assert list(analyser.tokens(f"{word} {word.capitalize()}")) == []


@pytest.mark.parametrize("word", "gemeente zorg voorzitter wethouder bestuur overleg werk school jaar".split())
def test_dutch_no_word_of_government_is_a_stop_word(word: str, analyser: Analyser) -> None:
    assert analyser.terms(word)


@pytest.mark.parametrize("text", [*SENTENCES, *(passage.text for passage in PASSAGES)])
def test_dutch_tokens_lie_on_their_words(analyser: Analyser, text: str) -> None:
    tokens = list(analyser.tokens(text))
    assert tokens
    for token in tokens:
        word = text[token.start : token.end]
        assert word == word.strip(" .,;:!?()“”…–•\n\t")
        assert lemma(word) == token.term or fold(word)[:4] == token.term[:4]
    assert all(one.end <= other.start for one, other in pairwise(tokens))


@pytest.mark.parametrize("text", SENTENCES)
def test_dutch_word_by_word_gives_what_the_sentence_gives(analyser: Analyser, text: str) -> None:
    # a question names the words of a document in another order and company
    alone = [term for token in analyser.tokens(text) for term in analyser.terms(text[token.start : token.end])]
    assert alone == analyser.terms(text)


@pytest.mark.parametrize("text", SENTENCES)
def test_dutch_repeats_itself_in_another_analyser(analyser: Analyser, text: str) -> None:
    assert Analyser(sorted(VOCABULARY)).terms(text) == analyser.terms(text)


@pytest.mark.parametrize("form", ["{}", "{}.", "({})", "‘{}’", "{}:", "\u200f{}", "\n{}\n"])
def test_dutch_signs_around_a_word_make_no_difference(analyser: Analyser, form: str) -> None:
    assert analyser.terms(form.format("woningbouwcorporaties")) == analyser.terms("woningbouwcorporaties")


@pytest.mark.parametrize("text", ["", " ", "?!…", "🙂🙂", "\0", "\u202e\u200f", "’s", "_", "-", "€"])
def test_dutch_of_nothing_is_nothing_to_look_for(analyser: Analyser, text: str) -> None:
    assert [term for term in analyser.terms(text) if term.strip("_")] == []


@pytest.mark.parametrize(
    "word", ["a" * 1100, "woning" * 180, "gemeente" * 140, "xyzw" * 280], ids=lambda word: word[:8]
)
def test_dutch_takes_nothing_apart_that_is_too_long_for_a_word(word: str) -> None:
    # what a pdf without spaces yields; the longest compounds in government are under 50 letters
    analyser = Analyser(VOCABULARY)

    def taken_apart(part: str) -> None:
        pytest.fail(f"{part[:20]} … was taken apart")  # which would take minutes

    analyser._cut = taken_apart  # type: ignore[assignment]
    assert [token.parts for token in analyser.tokens(word)] == [()]
    with pytest.raises(pytest.fail.Exception):
        analyser.terms("woningbouwcorporatie")
