from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.errors import DamagedVersionError
from index.words import Alternatives, PassageWords, Words, write_words


def made(folder: Path, *texts: str | tuple[str, str]) -> Words:
    pairs: list[PassageWords] = []
    for text in texts:
        words, context = (text, "") if isinstance(text, str) else text
        pairs.append(PassageWords(words.split(), context.split(), words.split(), context.split(), words.split()))
    write_words(folder / "words", pairs)
    return Words(folder / "words")


def test_words_finds_the_passages_that_hold_a_term(tmp_path: Path) -> None:
    words = made(tmp_path, "zorg en welzijn", "energie", "zorg")
    assert len(words) == 3
    assert [row for row, _ in words.search({"zorg": 1.0}, 10)] == [2, 0]  # the shorter text first
    assert words.search({"rijbewijs": 1.0}, 10) == []


def test_words_gives_equal_scores_in_the_order_of_the_rows(tmp_path: Path) -> None:
    words = made(tmp_path, *["zorg gemeente"] * 30)
    found = words.search({"zorg": 1.0}, 30)
    assert [row for row, _ in found] == list(range(30))
    assert len({score for _, score in found}) == 1


def test_words_weights_multiply_scores(tmp_path: Path) -> None:
    words = made(tmp_path, "zorg bestuur", "energie bestuur", "sport bestuur")
    whole = dict(words.search({"zorg": 1.0, "energie": 1.0}, 10))
    half = dict(words.search({"zorg": 1.0, "energie": 0.5}, 10))
    assert whole[0] == pytest.approx(whole[1])
    assert half[1] == pytest.approx(whole[1] / 2)
    assert half[0] == pytest.approx(whole[0])


def test_words_sums_over_terms_and_rare_ones_count_more(tmp_path: Path) -> None:
    words = made(tmp_path, "zorg gemeente", "zorg overleg", "gemeente overleg", "gemeente sport")
    alone = {term: dict(words.search({term: 1.0}, 10)) for term in ("zorg", "gemeente")}
    both = dict(words.search({"zorg": 1.0, "gemeente": 1.0}, 10))
    assert both[0] == pytest.approx(alone["zorg"][0] + alone["gemeente"][0])
    assert alone["zorg"][0] > alone["gemeente"][0]  # in two of four passages against three


def test_words_finds_by_context_too(tmp_path: Path) -> None:
    words = made(tmp_path, ("programma", "energie klimaat"), ("energie", "voorwoord"), ("sport", "sport"))
    assert {row for row, _ in words.search({"energie": 1.0}, 10)} == {0, 1}
    assert words.document_frequency("energie") == 1
    assert words.document_frequency("sport") == 1
    assert words.document_frequency("rijbewijs") == 0


def test_words_gives_no_more_than_asked(tmp_path: Path) -> None:
    words = made(tmp_path, *["zorg"] * 9)
    assert [len(words.search({"zorg": 1.0}, count)) for count in (1, 5, 9, 100)] == [1, 5, 9, 9]


@pytest.mark.parametrize(
    "term",
    ["28,2", "2025-2028", "12+1+4", "g&w", "vng-commissie", "1⁄2", "a:b", '"', "(", "and", "*", "é", "ﷺ", "x" * 1000],
)
def test_words_takes_terms_as_they_are(tmp_path: Path, term: str) -> None:
    words = made(tmp_path, f"voor {term} na", "voor na")
    assert [row for row, _ in words.search({term: 1.0}, 10)] == [0]
    assert words.document_frequency(term) == 1


@pytest.mark.parametrize("term", ["", " ", "AND", "zorg OR energie", "\0", "x" * 100_000, 'text:"zorg"', "🙂"])
def test_words_finds_nothing_for_terms_that_no_analysis_makes(tmp_path: Path, term: str) -> None:
    assert made(tmp_path, "zorg and energie").search({term: 1.0}, 10) == []


def test_words_without_terms_or_passages(tmp_path: Path) -> None:
    assert made(tmp_path / "een", "zorg").search({}, 10) == []
    empty = made(tmp_path / "nul")
    assert len(empty) == 0
    assert empty.search({"zorg": 1.0}, 10) == []
    assert empty.document_frequency("zorg") == 0


def test_words_of_a_passage_without_words_is_a_row_too(tmp_path: Path) -> None:
    words = made(tmp_path, "", "zorg")
    assert len(words) == 2
    assert [row for row, _ in words.search({"zorg": 1.0}, 10)] == [1]


def test_words_are_searched_by_many_threads_alike(tmp_path: Path) -> None:
    words = made(tmp_path, *(f"zorg w{number % 7} v{number % 3}" for number in range(50)))
    expected = words.search({"w1": 1.0, "v2": 0.4}, 50)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: words.search({"w1": 1.0, "v2": 0.4}, 50), range(80)))
    assert found == [expected] * 80


def test_words_without_an_index_says_so(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    for folder in (tmp_path / "words", tmp_path / "weg"):
        with pytest.raises(DamagedVersionError, match="woordenindex is niet te lezen"):
            Words(folder)


def test_words_damaged_say_so_whatever_the_library_does(tmp_path: Path) -> None:
    made(tmp_path, *(f"zorg w{number % 7} v{number}" for number in range(200)))
    files = sorted(path for path in (tmp_path / "words").iterdir() if not path.name.startswith("."))
    chance = random.Random(1)
    causes = set()
    for number in range(400):
        file = files[number % len(files)]
        whole = file.read_bytes()
        start = chance.randrange(len(whole))
        noise = bytes(byte ^ chance.randrange(1, 256) for byte in whole[start : start + 200])
        file.unlink()  # written over, it would change under an index that was opened before
        file.write_bytes(whole[:start] + noise + whole[start + 200 :])
        try:
            words = Words(tmp_path / "words")
            assert all(row < 200 for row, _ in words.search({"zorg": 1.0, "w3": 0.5}, 200))
            words.document_frequency("v7")
        except DamagedVersionError as error:
            causes.add(type(error.__cause__).__name__)
        file.unlink()
        file.write_bytes(whole)
    assert {"ValueError", "PanicException"} <= causes


def test_words_of_a_row_that_is_none_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = made(tmp_path, "zorg", "zorg")
    monkeypatch.setattr(Words, "__len__", lambda self: 1)
    with pytest.raises(DamagedVersionError, match="woordenindex is niet te lezen"):
        words.search({"zorg": 1.0}, 2)


def test_words_leave_nothing_of_the_writer(tmp_path: Path) -> None:
    write_words(tmp_path / "words", [PassageWords(["zorg"])])
    assert [path.name for path in (tmp_path / "words").iterdir() if path.name.startswith(".")] == []


def test_words_finds_the_passages_that_hold_a_phrase_as_it_is_written(tmp_path: Path) -> None:
    words = made(
        tmp_path,
        "het integraal zorgakkoord geldt",
        "zorgakkoord integraal",
        "integraal",
        ("x", "integraal zorgakkoord"),
    )
    assert words.rows_with_phrase(["integraal", "zorgakkoord"]) == [0]
    assert words.rows_with_phrase(["integraal"]) == [0, 1, 2]
    assert words.rows_with_phrase(["integraal", "geldt"]) == []
    assert words.rows_with_lemma("zorgakkoord") == [0, 1]
    assert made(tmp_path / "leeg").rows_with_phrase(["zorg"]) == []


def test_words_of_expressions_that_mean_the_same_the_best_counts(tmp_path: Path) -> None:
    words = made(tmp_path, "iza geldt", "integraal zorgakkoord", "iza integraal zorgakkoord", "zorg", "natuur")
    same = Alternatives(("iza",), phrases=(("integraal", "zorgakkoord"),))
    found = dict(words.search({"iza": 1.0}, 10, [same]))
    apart = dict(words.search({"iza": 1.0}, 10))
    assert set(found) == {0, 1, 2}
    assert found[0] == apart[0]
    assert found[2] < found[0] + found[1]
    back = dict(
        words.search(
            {"integraal": 1.0, "zorgakkoord": 1.0, "iza": 0.5},
            10,
            [Alternatives(("integraal", "zorgakkoord"), ("iza",))],
        )
    )
    assert set(back) == {0, 1, 2}
    assert back[0] == pytest.approx(0.5 * apart[0])
    assert back[2] < back[1] + back[0]


@pytest.mark.parametrize("same", [Alternatives(()), Alternatives(("weg",), ("ook",), (("a", "b"),))])
def test_words_of_an_expression_that_is_not_searched_for_bring_nothing(tmp_path: Path, same: Alternatives) -> None:
    assert [row for row, _ in made(tmp_path, "zorg", "a b ook").search({"zorg": 1.0}, 10, [same])] == [0]
