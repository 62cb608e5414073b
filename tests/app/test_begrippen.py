from __future__ import annotations

from pathlib import Path

import pytest

from app_pages._beheer.begrippen import Rows, changed, rows_of, save, text_of, words_of
from index.begrippen import BegrippenError

TEXT = """# Van het bureau.

# --- Geld

[[begrip]]
woorden = ["gemeentekas", "gemeentefinanciën"]  # uit de begroting

[[begrip]]
woorden = ["bezuiniging", "ombuiging"]

# --- Afkortingen

[[afkorting]]
kort = "Wlz"
voluit = "Wet langdurige zorg"
"""
ROWS = Rows((("gemeentekas", "gemeentefinanciën"), ("bezuiniging", "ombuiging")), (("Wlz", "Wet langdurige zorg"),))


def test_begrippen_are_read_as_rows() -> None:
    assert rows_of(TEXT) == ROWS


def test_begrippen_that_stay_change_nothing() -> None:
    assert changed(TEXT, ROWS) == TEXT


def test_begrippen_change_one_row_and_keep_the_comments() -> None:
    rows = Rows((ROWS.begrippen[0], ("bezuiniging", "ombuiging", "korting")), ROWS.afkortingen)

    assert changed(TEXT, rows) == TEXT.replace('"ombuiging"]', '"ombuiging", "korting"]')


def test_begrippen_row_that_is_emptied_goes_and_leaves_the_comments() -> None:
    made = changed(TEXT, Rows((ROWS.begrippen[0], ()), ROWS.afkortingen))

    assert "ombuiging" not in made
    assert "# --- Afkortingen" in made
    assert rows_of(made) == Rows((ROWS.begrippen[0],), ROWS.afkortingen)


def test_begrippen_new_rows_come_at_the_end() -> None:
    rows = Rows(
        (*ROWS.begrippen, ("zwembad", "bad"), ()), (*ROWS.afkortingen, ("IZA", "Integraal Zorgakkoord"), ("", ""))
    )

    made = changed(TEXT, rows)

    assert made.startswith(TEXT)
    assert rows_of(made) == Rows((*ROWS.begrippen, ("zwembad", "bad")), rows.afkortingen[:2])
    assert changed(made, rows_of(made)) == made


def test_begrippen_begin_without_a_file(tmp_path: Path) -> None:
    assert text_of(tmp_path) == ""

    save(tmp_path, Rows((("zwembad", "bad"),)))

    assert rows_of(text_of(tmp_path)).begrippen == (("zwembad", "bad"),)


@pytest.mark.parametrize(
    "rows",
    [
        Rows((("alleen",),)),
        Rows((("de", "het"),)),
        Rows(afkortingen=(("Wlz", ""),)),
        Rows(afkortingen=(("twee woorden", "voluit"),)),
    ],
)
def test_begrippen_that_are_wrong_are_not_kept(tmp_path: Path, rows: Rows) -> None:
    (tmp_path / "begrippen.toml").write_text(TEXT, encoding="utf-8")
    wrong = Rows((*ROWS.begrippen, *rows.begrippen), (*ROWS.afkortingen, *rows.afkortingen))

    with pytest.raises(BegrippenError):
        save(tmp_path, wrong)
    assert text_of(tmp_path) == TEXT


@pytest.mark.parametrize("word", ['"]\n[[begrip]]', "'''", "x]] # weg", "a\\"])
def test_begrippen_take_hostile_words_as_words(word: str) -> None:
    try:
        made = changed(TEXT, Rows((*ROWS.begrippen, (f"{word} zwembad", "bad")), ROWS.afkortingen))
    except BegrippenError:
        return
    assert rows_of(made).begrippen[-1] == (f"{word} zwembad", "bad")


def test_words_of_what_was_typed() -> None:
    assert words_of(" ozb,  onroerende   zaak ,, ") == ("ozb", "onroerende zaak")
