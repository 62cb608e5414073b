from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from eval.benchmarks.environments import FOLDER, quiet_environment
from eval.benchmarks.peers import __main__ as entry
from eval.benchmarks.peers import engines
from eval.benchmarks.peers.comparing import PeerFailedError, ask_in, compare, milliseconds, result_of, tune
from eval.benchmarks.peers.engines import ENGINES, Engine, Task
from eval.benchmarks.peers.material import Material, of_beir, of_questions
from eval.benchmarks.peers.ours import RememberingEncoder, run_ours
from eval.benchmarks.peers.protocol import Order, Run, Search, Settings, Vectors, measured, read_runs, write_runs
from eval.benchmarks.peers.report import report_of, save, set_of, table_of
from index.encoder import Encoder
from index.settings import ROOT
from tests.index.toy import CHAIR, INSURER, CountingEncoder

TEXTS = ["De spoedpoli is gezamenlijk ingekocht.", "Zilveren Kruis is preferent.", "De bibliotheken zijn open."]
QUESTIONS: list[dict[str, Any]] = [
    {"id": "1", "question": "Welke zorgverzekeraar is preferent in onze regio?", "quotes": [INSURER], "pages": [4]},
    {"id": "2", "question": "Wie is voorzitter van Onderwijs en Cultuur?", "quotes": [CHAIR], "pages": [3]},
    {"id": "3", "question": "Hoe verleng ik mijn rijbewijs?", "quotes": []},
]


def fill_by_words(task: Task, settings: Settings) -> Search:
    """A peer of six lines: passages by the number of words in common; the other way about if it is told to."""

    def common(query: int, row: int) -> int:
        return len(set(task.queries[query].split()) & set(task.texts[row].split()))

    def search(query: int) -> list[int]:
        order = sorted(range(len(task.texts)), key=lambda row: -common(query, row))
        return (order[::-1] if settings.get("reversed") else order)[: task.k]

    return search


FAKE = Engine("Nep", (), fill_by_words, {"reversed": True}, {"forwards": {"reversed": False}})


def ask_here(order: Order, passages: Vectors, queries: Vectors) -> dict[str, Run]:
    """Asks the fake peer by the files of the protocol, but in this process."""
    with TemporaryDirectory() as folder:
        order.write(Path(folder), passages, queries)
        engines.main(Path(folder))
        return read_runs(Path(folder))


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Engine:
    for name in list(ENGINES):
        monkeypatch.delitem(ENGINES, name)
    monkeypatch.setitem(ENGINES, "nep", FAKE)
    return FAKE


def written(file: Path, questions: Sequence[dict[str, Any]] = QUESTIONS) -> Path:
    lines = [json.dumps({"kind": "feit", "document": "overdracht.pdf", **one}) for one in questions]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


@pytest.fixture
def material(tmp_path: Path, published: Path, toy_encoder: Encoder) -> Material:
    return of_questions(written(tmp_path / "vragen.jsonl"), published, toy_encoder)


def test_peers_order_survives_the_files(tmp_path: Path) -> None:
    order = Order("nep", 10, 2, {"default": {"weight": 0.5}}, TEXTS, ["Wie is preferent, € 5?"])
    vectors = np.eye(3, dtype=np.float32)
    order.write(tmp_path, vectors, vectors[:1])
    read, passages, queries = Order.read(tmp_path)
    assert read == order
    assert np.array_equal(passages, vectors)
    assert np.array_equal(queries, vectors[:1])


def test_peers_runs_survive_the_files(tmp_path: Path) -> None:
    runs = {"default": Run([[2, 0], []], [0.25, 0.5]), "tuned": Run([[1]], [])}
    write_runs(tmp_path, runs)
    assert read_runs(tmp_path) == runs


def test_peers_put_each_query_once_to_warm_up_and_then_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    now = iter([0.0, 5.0, 10.0, 11.0, 20.0, 22.0, 30.0, 39.0])
    monkeypatch.setattr("time.perf_counter", lambda: next(now))

    def search(query: int) -> list[int]:
        asked.append(query)
        return [query]

    run = measured(search, queries=2, rounds=2)
    assert asked == [0, 1, 0, 1, 0, 1]
    assert run == Run([[0], [1]], [2.0, 1.0])  # of 5 and 2, and of 1 and 9 seconds


def test_peers_time_nothing_without_rounds() -> None:
    assert measured(lambda query: [7], queries=2, rounds=0) == Run([[7], [7]], [])


def test_peers_engine_is_filled_anew_for_each_of_its_settings(fake: Engine) -> None:
    order = Order("nep", 2, 0, {"default": fake.default, **fake.grid}, TEXTS, ["Is Zilveren Kruis preferent.", "De"])
    runs = ask_here(order, np.eye(3, dtype=np.float32), np.eye(3, dtype=np.float32)[:2])
    assert runs["forwards"].rankings == [[1, 0], [0, 2]]
    assert runs["default"].rankings == [[2, 0], [1, 2]]


def test_peers_get_the_passages_as_our_index_embeds_them(material: Material, toy_encoder: Encoder) -> None:
    row = next(row for row, text in enumerate(material.texts) if INSURER in text)
    assert material.texts[row].startswith("Overdrachtsdocument 2026 – Portefeuille Gezondheid en Welzijn – Bereikt: ")
    assert np.allclose(material.vectors[row], toy_encoder.encode_passages([material.texts[row]])[0])
    assert len(material.texts) == len(material.vectors) == len(material.rows) == 9


def test_peers_are_asked_what_the_corpus_answers(material: Material, toy_encoder: Encoder) -> None:
    assert material.queries == [QUESTIONS[0]["question"], QUESTIONS[1]["question"]]
    assert np.allclose(material.query_vectors, toy_encoder.encode_queries(material.queries))
    assert len(material.encode_seconds) == 2


def test_peers_are_judged_by_quote_and_page(material: Material) -> None:
    insurer, chair = (
        next(row for row, text in enumerate(material.texts) if quote in text) for quote in (INSURER, CHAIR)
    )
    other = next(row for row in range(9) if row not in (insurer, chair))
    first = material.judge(0, [insurer, other])
    assert first == {"hit@1": 1.0, "hit@3": 1.0, "mrr@10": 1.0, "ndcg@10": 1.0, "page@3": 1.0}
    second = material.judge(0, [other, insurer])
    assert second["hit@1"] == 0.0
    assert second["mrr@10"] == 0.5
    assert second["ndcg@10"] == pytest.approx(0.6309, abs=1e-4)
    assert material.judge(1, [chair])["page@3"] == 0.0  # it stands on page 2, not 3
    assert set(material.judge(0, [other]).values()) == {0.0}


def test_peers_rank_the_pages_of_a_public_set_by_their_best_passage(tmp_path: Path, toy_encoder: Encoder) -> None:
    long = " ".join(f"In {year} spraken de gemeenten over de samenwerking in de regio." for year in range(1990, 2020))
    corpus = [{"_id": "a", "text": long}, {"_id": "b", "text": "Zilveren Kruis is preferent."}]
    for name, entries in (("corpus", corpus), ("queries", [{"_id": "q", "text": "Wie is preferent?"}])):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, entries)))
    (tmp_path / "qrels.tsv").write_text("q\tb\t1\n")
    material = of_beir(tmp_path, tmp_path / "data", toy_encoder)
    right = next(row for row, text in enumerate(material.texts) if "Zilveren" in text)
    wrong = [row for row in range(len(material.texts)) if row != right]
    assert len(wrong) > 1
    assert material.judge(0, [*wrong, right])["mrr@10"] == 0.5  # all others are of one page
    assert material.judge(0, [right])["ndcg@10"] == 1.0
    assert material.judge(0, wrong)["ndcg@10"] == 0.0


def test_peers_ours_is_put_the_same_questions(material: Material, toy_encoder: Encoder) -> None:
    run = run_ours(material, toy_encoder, rounds=1)
    assert material.judge(0, run.rankings[0])["hit@1"] == 1.0
    assert material.judge(1, run.rankings[1])["hit@1"] == 1.0
    assert len(run.seconds) == 2


def test_peers_ours_encodes_a_query_once() -> None:
    counting = CountingEncoder()
    encoder = RememberingEncoder(counting)
    first = encoder.encode_queries(["wie", "wat"])
    assert np.array_equal(encoder.encode_queries(["wat", "wie"]), first[::-1])
    assert counting.embedded == ["wie", "wat"]


def test_peers_tuning_takes_what_is_best_on_its_own_questions(material: Material, fake: Engine) -> None:
    tuning = tune("nep", fake, material, material, ask_here)
    assert tuning.chosen == "forwards"
    assert tuning.settings == {"reversed": False}
    assert tuning.tried["forwards"][0] > tuning.tried["default"][0]


def test_peers_tuning_keeps_the_default_where_nothing_is_better(material: Material) -> None:
    def nothing(order: Order, passages: Vectors, queries: Vectors) -> dict[str, Run]:
        return {name: Run([[] for _ in order.queries], []) for name in order.settings}

    assert tune("nep", FAKE, material, material, nothing).chosen == "default"


def test_peers_compare_the_default_and_the_tuned_settings(material: Material, fake: Engine) -> None:
    results = compare("nep", fake, {"reversed": False}, material, ask_here)
    assert [(result.choice, result.settings) for result in results] == [
        ("default", {"reversed": True}),
        ("tuned", {"reversed": False}),
    ]
    assert results[1].figures["mrr@10"] > results[0].figures["mrr@10"]
    assert all(result.milliseconds["p95"] >= result.milliseconds["p50"] > 0 for result in results)
    assert [result.choice for result in compare("nep", fake, fake.default, material, ask_here)] == ["default"]


def test_peers_figures_are_means_over_the_questions(material: Material) -> None:
    insurer = next(row for row, text in enumerate(material.texts) if INSURER in text)
    result = result_of("Nep", "default", {}, Run([[insurer], []], [0.001, 0.003]), material)
    assert result.figures == {"hit@1": 0.5, "hit@3": 0.5, "mrr@10": 0.5, "ndcg@10": 0.5, "page@3": 0.5}
    assert result.interval == (0.0, 1.0)
    assert result.milliseconds == milliseconds([0.001, 0.003]) == {"p50": 2.0, "p95": 2.9}


def test_peers_measure_writes_what_it_measured(
    tmp_path: Path, published: Path, toy_encoder: Encoder, fake: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = written(tmp_path / "vragen.jsonl")
    monkeypatch.setattr(entry, "TUNING", written(tmp_path / "afstemmen.jsonl"))
    report = entry.measure(questions, None, published, toy_encoder, ask_here, {"nep": "1.0"}, Console(quiet=True))
    (measured,) = report["sets"]
    assert [(one["engine"], one["choice"]) for one in measured["results"]] == [
        ("ours", ""),
        ("Nep", "default"),
        ("Nep", "tuned"),
    ]
    assert report["versions"] == {"nep": "1.0"}
    assert report["tuning"]["nep"]["chosen"] == "forwards"
    save(report, tmp_path)
    assert json.loads((tmp_path / "peers.json").read_text())["sets"][0]["name"] == "vragen.jsonl"
    page = (tmp_path / "peers.md").read_text()
    assert "| ours |  | 1.000 | 1.000 | 1.000 (1.00–1.00) |" in page
    assert "| Nep | 2 | forwards |" in page
    screen = StringIO()
    Console(file=screen, width=140).print(table_of(measured))
    assert "afgestemd" in screen.getvalue()


def test_peers_without_questions_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], toy_encoder: Encoder
) -> None:
    monkeypatch.setattr(entry, "python_of", lambda name, requirements: Path(sys.executable))
    monkeypatch.setattr(entry, "load_encoder", lambda *settings: toy_encoder)
    monkeypatch.setattr(entry, "_versions", lambda python: {})
    assert entry.main(["--questions", str(tmp_path / "weg.jsonl"), "--json"]) == 1
    assert "weg.jsonl" in capsys.readouterr().err


@pytest.mark.skipif(find_spec("chromadb") is not None, reason="Chroma is in this very environment")
def test_peers_that_are_not_installed_are_an_error_that_names_them() -> None:
    order = Order("chroma", 1, 0, {"default": {}}, TEXTS, ["Wie?"])
    with pytest.raises(PeerFailedError, match=r"chroma kon niet worden gemeten: .*No module named"):
        ask_in(Path(sys.executable))(order, np.eye(3, dtype=np.float32), np.eye(3, dtype=np.float32)[:1])


@pytest.fixture
def python() -> Path:
    """The interpreter of the peers' environment, where there is one."""
    made = [done.parent / "bin" / "python" for done in FOLDER.glob("peers-*/.installed")]
    if not made:
        pytest.skip("the peers' environment is not here: `python -m eval.benchmarks.peers` makes it")
    return made[0]


@pytest.mark.parametrize("name", list(ENGINES))
def test_peers_find_the_passage_that_is_meant(name: str, python: Path) -> None:
    vectors = np.eye(len(TEXTS), 8, dtype=np.float32)
    settings = {"default": ENGINES[name].default, **dict(list(ENGINES[name].grid.items())[-1:])}
    order = Order(name, 2, 1, settings, TEXTS, ["Wie is preferent?", "Gaat de bibliotheken open?"])
    runs = ask_in(python)(order, vectors, vectors[[1, 2]])
    assert runs.keys() == settings.keys()
    for run in runs.values():
        assert [ranking[0] for ranking in run.rankings] == [1, 2]
        assert len(run.seconds) == 2


def test_peers_plot_names_every_engine(tmp_path: Path, material: Material, python: Path) -> None:
    result = result_of("Nep", "tuned", {}, Run([[0], [1]], [0.001, 0.002]), material)
    ours = result_of("ours", "", {}, Run([[0], [1]], [0.001, 0.002]), material)
    save(report_of([set_of(material, [ours, result])], {}, {}, "toy"), tmp_path)
    command = [str(python), "-m", "eval.benchmarks.peers.plot", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, env=quiet_environment(), check=True)
    drawn = (tmp_path / "peers.svg").read_text()
    assert all(words in drawn for words in ("Nep tuned", "ours", "vragen.jsonl"))
