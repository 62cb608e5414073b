from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from eval.beir import BeirError, evaluate
from index.encoder import Encoder
from index.versions import open_current
from tests.index.toy import CountingEncoder

CORPUS = {
    "d1": ("Zorg", "Zilveren Kruis is de preferente zorgverzekeraar in onze regio."),
    "d2": ("Energie", "Het programmaplan van het Drents Overleg Energie is vastgesteld."),
    "d3": ("Sport", "Gemeenten en sportverenigingen maken samen een beweegakkoord."),
    "d4": ("", "De bibliotheken kregen een gezamenlijke lobbybrief."),
}
QUERIES = {"q1": "Welke zorgverzekeraar is preferent?", "q2": "programmaplan energie", "q3": "beweegakkoord"}
QRELS = [("q1", "d1", 1), ("q2", "d2", 2), ("q3", "d3", 1)]
MEASURES = ["ndcg@10", "recall@100", "mrr@10"]


def written(
    folder: Path,
    corpus: dict[str, tuple[str, str]] = CORPUS,
    queries: dict[str, str] = QUERIES,
    qrels: list[tuple[str, str, int]] = QRELS,
    heading: str = "query-id\tcorpus-id\tscore\n",
    name: str = "_id",
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    documents = [{name: key, "title": title, "text": text} for key, (title, text) in corpus.items()]
    asked = [{name: key, "text": text} for key, text in queries.items()]
    for file, entries in (("corpus.jsonl", documents), ("queries.jsonl", asked)):
        lines = (json.dumps(entry, ensure_ascii=False) for entry in entries)
        (folder / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "qrels.tsv").write_text(heading + "".join("\t".join(map(str, row)) + "\n" for row in qrels))
    return folder


def test_beir_measures_words_meaning_and_fusion(tmp_path: Path, toy_encoder: Encoder) -> None:
    figures = evaluate(written(tmp_path / "set"), tmp_path / "data", toy_encoder)
    assert list(figures) == ["words", "meaning", "fusion"]
    assert all(list(row) == MEASURES for row in figures.values())
    assert figures["words"] == dict.fromkeys(MEASURES, 1.0)
    assert figures["fusion"] == dict.fromkeys(MEASURES, 1.0)
    json.dumps(figures, allow_nan=False)


@pytest.mark.parametrize(
    ("heading", "name"),
    [("", "_id"), ("query-id\tcorpus-id\tscore\n", "id"), ("q\td\ts\n", "_id")],
)
def test_beir_takes_the_forms_that_go_round(tmp_path: Path, toy_encoder: Encoder, heading: str, name: str) -> None:
    folder = written(tmp_path / "set", heading=heading, name=name)
    assert evaluate(folder, tmp_path / "data", toy_encoder)["words"]["mrr@10"] == 1.0


def test_beir_by_hand_when_the_right_one_comes_second(tmp_path: Path, toy_encoder: Encoder) -> None:
    # 'zorg' stands in a, the shorter, before b; only b is right
    corpus = {
        "a": ("", "Zorg dichtbij."),
        "b": ("", "Zorg is er voor alle inwoners van de regio."),
        "c": ("", "Sport."),
    }
    folder = written(tmp_path / "set", corpus, {"q": "zorg"}, [("q", "b", 1)])
    words = evaluate(folder, tmp_path / "data", toy_encoder)["words"]
    assert words == {"ndcg@10": round(1 / math.log2(3), 4), "recall@100": 1.0, "mrr@10": 0.5}


def test_beir_words_find_nothing_where_no_word_stands(tmp_path: Path, toy_encoder: Encoder) -> None:
    # what was not found must not be ranked by its id
    folder = written(tmp_path / "set", queries={"q": "rijbewijs"}, qrels=[("q", "d1", 1)])
    assert evaluate(folder, tmp_path / "data", toy_encoder)["words"] == dict.fromkeys(MEASURES, 0.0)


def test_beir_scores_a_long_text_by_its_best_passage(tmp_path: Path, toy_encoder: Encoder) -> None:
    filler = " ".join(f"De gemeenten spraken in {year} over de samenwerking in de regio." for year in range(1990, 2020))
    corpus = {**CORPUS, "lang": ("Verslag", f"{filler} De kroonluchter van het provinciehuis werd hersteld. {filler}")}
    folder = written(tmp_path / "set", corpus, {"q": "Wat gebeurde er met de kroonluchter?"}, [("q", "lang", 1)])
    figures = evaluate(folder, tmp_path / "data", toy_encoder)
    (own,) = (tmp_path / "data" / "beir").iterdir()
    assert open_current(own)[2].passages > len(corpus)
    assert figures["words"]["mrr@10"] == 1.0


def test_beir_keeps_its_index_for_the_next_time(tmp_path: Path) -> None:
    folder, encoder = written(tmp_path / "set"), CountingEncoder()
    first = evaluate(folder, tmp_path / "data", encoder)
    (own,) = (tmp_path / "data" / "beir").iterdir()
    version = open_current(own)[0]
    encoder.embedded.clear()
    assert evaluate(folder, tmp_path / "data", encoder) == first
    assert open_current(own)[0] == version
    assert sorted(encoder.embedded) == sorted(QUERIES.values())


def test_beir_makes_its_index_anew_for_another_model_or_corpus(tmp_path: Path) -> None:
    folder = written(tmp_path / "set")
    evaluate(folder, tmp_path / "data", CountingEncoder())
    evaluate(folder, tmp_path / "data", CountingEncoder("ander"))
    written(folder, {**CORPUS, "d9": ("", "Nog een stuk over zorg.")})
    evaluate(folder, tmp_path / "data", CountingEncoder("ander"))
    assert len(list((tmp_path / "data" / "beir").iterdir())) == 2


def test_beir_makes_its_index_anew_when_it_is_damaged(tmp_path: Path, toy_encoder: Encoder) -> None:
    folder = written(tmp_path / "set")
    first = evaluate(folder, tmp_path / "data", toy_encoder)
    (own,) = (tmp_path / "data" / "beir").iterdir()
    open_current(own)[1].manifest.write_text("{")
    assert evaluate(folder, tmp_path / "data", toy_encoder) == first


def test_beir_leaves_the_portals_own_index_alone(tmp_path: Path, toy_encoder: Encoder) -> None:
    evaluate(written(tmp_path / "set"), tmp_path / "data", toy_encoder)
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["beir"]


def test_beir_tells_how_far_it_is(tmp_path: Path, toy_encoder: Encoder) -> None:
    told: list[tuple[str, int, int]] = []
    evaluate(written(tmp_path / "set"), tmp_path / "data", toy_encoder, lambda *step: told.append(step))
    assert told[-3:] == [("vragen", 1, 3), ("vragen", 2, 3), ("vragen", 3, 3)]
    assert told[0][0] == "vectoren"


def test_beir_takes_texts_with_every_sign(tmp_path: Path, toy_encoder: Encoder) -> None:
    corpus = {**CORPUS, "x/../y": ("Titel\u2028twee", "Zorg\x85en “welzijn” 🙂"), "leeg": ("", "")}
    folder = written(tmp_path / "set", corpus, {"q": "welzijn"}, [("q", "x/../y", 1)])
    assert evaluate(folder, tmp_path / "data", toy_encoder)["words"]["mrr@10"] == 1.0


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("corpus.jsonl", None),
        ("queries.jsonl", None),
        ("qrels.tsv", None),
        ("corpus.jsonl", ""),
        ("qrels.tsv", ""),
        ("corpus.jsonl", "{"),
        ("corpus.jsonl", '{"title": "x", "text": "y"}\n'),
        ("corpus.jsonl", '{"_id": "x", "title": "y"}\n'),
        ("queries.jsonl", "[]\n"),
        ("queries.jsonl", '{"_id": "q1"}\n'),
        ("queries.jsonl", '{"_id": "q9", "text": "zorg"}\n'),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\n"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\td1\tveel\n"),
    ],
)
def test_beir_says_which_file_is_wrong(tmp_path: Path, toy_encoder: Encoder, file: str, content: str | None) -> None:
    folder = written(tmp_path / "set")
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_text(content)
    with pytest.raises(BeirError, match=file.replace(".", r"\.")):
        evaluate(folder, tmp_path / "data", toy_encoder)


def test_beir_takes_blank_lines(tmp_path: Path, toy_encoder: Encoder) -> None:
    folder = written(tmp_path / "set")
    for file in folder.iterdir():
        file.write_text(file.read_text() + "\n\n")
    assert evaluate(folder, tmp_path / "data", toy_encoder)["words"]["mrr@10"] == 1.0
