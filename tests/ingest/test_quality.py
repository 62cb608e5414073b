"""The score of a text layer: sound pages keep theirs, each way in which one is known to break is told."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.quality import (
    SOUND,
    damaged_words,
    is_damaged,
    known_words,
    load_dutch,
    needs_ocr,
    spaced_out,
    text_quality,
)
from tests.ingest.reading import read

SHARED = Path(__file__).parents[2] / "../shared" / "documents"
CORPUS = Path(__file__).parents[2] / "corpus" / "overdrachtsdocument-vdg-2026.pdf"

TEXT = """De Drentse gemeenten werken samen aan een aantrekkelijke agenda, hebben een gezamenlijke lobbyagenda en werken
nauw samen met de provincie en de waterschappen aan maatschappelijke opgaven. De coördinator van de portefeuille is Inge
Nieuwenhuizen. In de afgelopen periode is het regioplan vastgesteld; daarmee is 1.250.000 euro gemoeid. Colle-
gleden vinden meer informatie op www.drentsegemeenten.nl of bij het bureau."""


def shifted(text: str) -> str:
    """Each letter three further on: a font with a table of its own."""
    return "".join(chr((ord(c) - 94) % 26 + 97) if "a" <= c <= "z" else c for c in text)


def without_table(text: str) -> str:
    """Glyph numbers instead of letters, as a font without a table gives them: 'This' → '7KLV'."""
    return "".join(chr(ord(c) - 29) if 61 < ord(c) < 127 else c for c in text)


def apart(text: str) -> str:
    return "\n".join(" ".join(line.replace(" ", "")) for line in text.split("\n"))


def private(text: str) -> str:
    return "".join(chr(0xE000 + ord(c)) if c.isalpha() else c for c in text)


def replaced(text: str) -> str:
    chance = random.Random(1)
    return "".join("\ufffd" if c.isalpha() and chance.random() < 0.3 else c for c in text)


def glued(text: str) -> str:
    return text.replace(" ", "")


BROKEN = (shifted, without_table, apart, private, replaced, glued)


def misread(text: str) -> str:
    return text.encode().decode("cp1252", "replace")


def without_ligatures(text: str) -> str:
    return re.sub("ti|tt|ft|fi", " ", text)


def test_quality_of_sound_text_is_high() -> None:
    assert text_quality(TEXT) > 0.9
    assert not needs_ocr(TEXT, has_images=True)
    assert not is_damaged(TEXT)


@pytest.mark.parametrize("breaking", BROKEN, ids=lambda breaking: breaking.__name__)
def test_quality_of_a_broken_layer_is_low(breaking: Callable[[str], str]) -> None:
    assert text_quality(breaking(TEXT)) < SOUND - 0.1
    # also without a picture: the letters are drawn, only what they stand for is lost
    assert needs_ocr(breaking(TEXT), has_images=False)


def test_quality_tells_letters_apart_from_an_enumeration() -> None:
    assert spaced_out("V e r e n i g i n g  v a n  D r e n t s e  G e m e e n t e n")
    assert not spaced_out("de punten a, b, c, d, e, f, g en h van het besluit en de bijlage")
    assert not spaced_out("a b c")
    assert not spaced_out("")


@pytest.mark.parametrize(
    "text",
    [
        "1.803 5.014 6.071 6.138 2.011\n722 1.224 1.294 1.294 681\n-3,2% -2,3% € 4.241 2023-2027 8 x 3",
        "The committee shall adopt its rules of procedure and may set up working groups on any subject it sees fit.",
        "Jan Broekema, Inge Nieuwenhuizen, Joop Slomp en Klaas Smid zijn voorzitter of lid van de commissie van Assen",
        "\uf0b7 wonen in het dorp\n\uf0b7 zorg voor de jeugd\n\uf0b7 werk en inkomen\n\uf0b7 sport voor iedereen",
    ],
    ids=["figures", "English", "names", "bullets of a symbol font"],
)
def test_quality_is_not_lowered_by_what_is_no_fault(text: str) -> None:
    assert text_quality(text) > SOUND + 0.1
    assert not needs_ocr(text, has_images=True)
    assert not is_damaged(text)


@pytest.mark.parametrize(
    ("text", "hurt"),
    [
        ("De coÃ¶rdinator en de financiÃ«n van de regioâ€™s", 3),
        ("so\ue01etware en a\ue01ehankelijke techniek", 2),
        ("de installa e van de concentra e, zie de instruc es.", 3),
        ("De gemeente, het COA en de provincie", 0),
        ("coördinator, financiën, regio’s, “citaat”", 0),
    ],
)
def test_quality_counts_words_that_were_hurt(text: str, hurt: int) -> None:
    assert damaged_words(text) == hurt
    assert is_damaged(text) == (hurt >= 3)


@pytest.mark.parametrize("breaking", [misread, without_ligatures], ids=lambda breaking: breaking.__name__)
def test_quality_sends_text_to_ocr_that_lost_letters_all_over(breaking: Callable[[str], str]) -> None:
    text = breaking("De coördinator financiën heeft de actie in de notitie geïnitieerd. " * 3 + TEXT)
    assert text_quality(text) >= SOUND  # most of it could be found
    assert is_damaged(text)
    assert needs_ocr(text, has_images=False)


@pytest.mark.parametrize(
    ("text", "has_images", "wanted"),
    [("", True, True), ("", False, False), ("Pagina 3 van 12", True, True), ("Pagina 3 van 12", False, False)],
)
def test_quality_sends_a_page_with_a_picture_and_hardly_any_text_to_ocr(
    text: str, has_images: bool, wanted: bool
) -> None:
    assert needs_ocr(text, has_images) is wanted


def test_quality_of_extremes() -> None:
    assert text_quality("") == text_quality(" \n") == 0.0
    assert text_quality("12 34") == 1.0
    assert 0.0 <= text_quality("\ufffd \x00 \ue000 \ud800 é") <= 1.0


def test_quality_lets_two_readings_be_compared() -> None:
    assert known_words(TEXT) > known_words(replaced(TEXT)) > known_words(shifted(TEXT))


def test_quality_loads_its_words_beforehand() -> None:
    load_dutch()
    assert text_quality("gemeente") == 1.0


@pytest.mark.skipif(not CORPUS.exists(), reason="the handover has not been typeset")
def test_quality_of_the_handover_is_high_on_every_page() -> None:
    pages = [page for page in read(CORPUS.read_bytes()).pages if len(page.text.split()) > 60]
    assert len(pages) > 20
    for page in pages:
        assert text_quality(page.text) > 0.8
        assert not is_damaged(page.text)
        assert text_quality(shifted(page.text)) < SOUND


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the shared documents are not beside the repository")
@pytest.mark.parametrize(
    ("file", "damaged"),
    [
        ("MinBZK__GenAI_compliance_FAQ.pdf", False),
        ("openstate__Besluitenlijst-raadsvergadering-29-juni-2015.pdf", False),
        ("favstats__coalitieakkoord-2021-2025.pdf", False),  # its last pages are a budget
        ("minvws__10999.pdf", True),  # 'ti', 'tt' and 'ft' are gone
    ],
)
def test_quality_of_shared_documents(file: str, damaged: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.ocr.available", lambda: False)  # the text layer as it is
    pages = [page for page in read((SHARED / file).read_bytes()).pages if len(page.text.split()) > 60]
    assert any(needs_ocr(page.text, has_images=True) for page in pages) == damaged
    assert any(is_damaged(page.text) for page in pages) == damaged
    for page in pages:
        for breaking in (shifted, without_table, apart, private, replaced):
            assert text_quality(breaking(page.text)) < SOUND
