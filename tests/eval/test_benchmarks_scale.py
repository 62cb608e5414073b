from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from eval.benchmarks.environments import FOLDER, quiet_environment
from eval.benchmarks.peers.engines import Task
from eval.benchmarks.scale import __main__ as entry
from eval.benchmarks.scale import corpora, engines, measuring, process, serving
from eval.benchmarks.scale.asked import MEASURED, WARM_UP, Asked, questions
from eval.benchmarks.scale.capacity import HANDOVER, REAL, capacity_of
from eval.benchmarks.scale.corpora import Corpus, corpus_of, make
from eval.benchmarks.scale.engines import PEERS, Peer
from eval.benchmarks.scale.exact import EveryPassage
from eval.benchmarks.scale.measuring import Measuring, ScaleError, figures_of
from eval.benchmarks.scale.page import page_of, shown
from eval.benchmarks.scale.report import report_of, table_of
from eval.benchmarks.scale.serving import exact, recall, serve
from eval.benchmarks.scale.stages import STAGES, Clock, recorded
from index.encoder import Encoder
from index.errors import NoVersionError
from index.publishing import publish_edition
from index.searcher import Searcher
from index.settings import ROOT, Settings

PROMISED = {"passages", "p50_ms", "p95_ms", "recall@10", "rss_gib", "open_s"}
ASKED = Asked(
    ["Wie is voorzitter?"],
    ["Welke zorgverzekeraar is preferent?", "Wat staat in de energievisie?", "Wie is adviseur van Onderwijs?"],
    ["Wanneer is het programmaplan vastgesteld?", "Hoeveel geld is er voor mentale veerkracht?"],
)


@pytest.fixture(scope="module")
def corpus(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    made = corpus_of(tmp_path_factory.mktemp("schaal"), published, 300)
    make(made, published, 300)
    return made


@pytest.fixture(scope="module")
def measured(corpus: Corpus, toy_encoder: Encoder) -> tuple[dict[str, Any], dict[str, Any]]:
    """What serving and the exact search said."""
    return serve(corpus, toy_encoder, ASKED), exact(corpus, toy_encoder, ASKED)


@pytest.fixture
def scale(
    published: Path, tmp_path: Path, toy_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> tuple[Measuring, list[str]]:
    """The benchmark with the toy encoder, every process of it played in this one; and what those were asked to do."""
    done: list[str] = []

    def run(command: list[str]) -> None:
        done.append(" ".join(command[2:5]))
        if command[2].endswith("serving"):
            file = Path(command[3])
            outcome = serving.done(json.loads(file.read_text()), lambda: toy_encoder)
            (file.parent / "outcome.json").write_text(json.dumps(outcome))
        else:
            engines.main(command[3], command[4], *map(Path, command[5:]))

    monkeypatch.setattr(measuring, "_run", run)
    monkeypatch.setattr(measuring, "load_encoder", lambda *_, **_more: toy_encoder)
    for name in set(PEERS) - {"numpy"}:
        monkeypatch.delitem(PEERS, name)
    settings = Settings(tmp_path, tmp_path / "models", "toy")
    return Measuring(published, tmp_path / "scale", ASKED, settings, Path(sys.executable), lambda said: None), done


def test_scale_puts_no_question_twice() -> None:
    asked = questions()
    every = [*asked.warm_up, *asked.measured, *asked.together]
    assert len(set(every)) == len(every)
    assert (len(asked.warm_up), len(asked.measured)) == (WARM_UP, MEASURED)
    assert len(asked.together) > 100


def test_scale_corpus_keeps_vectors_and_texts_as_they_were_made(corpus: Corpus, toy_encoder: Encoder) -> None:
    about = corpus.about()
    vectors = np.load(corpus.vectors)
    texts = [json.loads(line) for line in corpus.texts.read_text().splitlines()]
    searcher = Searcher(corpus.data, toy_encoder)
    assert about
    assert about["passages"] == len(vectors) == len(texts) == 300
    assert sum(about["files"].values()) == sum(
        file.stat().st_size for file in corpus.version.rglob("*") if file.is_file()
    )
    first = searcher.passages(searcher.documents()[0].id)[0]
    assert texts[0].endswith(first.text)
    assert texts[0].startswith(searcher.documents()[0].title)


def test_scale_corpus_half_made_is_made_anew(corpus: Corpus, published: Path, tmp_path: Path) -> None:
    half = corpus_of(tmp_path, published, 20)
    make(half, published, 20)
    half.made.unlink()
    other_maker = tmp_path / "20-van-een-ander"
    other_maker.mkdir()
    assert half.about() is None
    make(half, published, 20)
    assert half.about()
    assert not other_maker.exists()


def test_scale_corpus_of_other_writers_is_published_anew(published: Path, tmp_path: Path) -> None:
    before = corpus_of(tmp_path, published, 20)
    make(before, published, 20)
    kept = before.folder / "peers" / "een" / "tabel"
    kept.parent.mkdir(parents=True)
    kept.touch()
    words = (before.reference / "holds.npy").stat().st_mtime_ns
    after = Corpus(before.folder, "anders")
    assert after.about() is None
    make(after, published, 20)
    assert after.about()
    assert not before.data.exists()
    assert kept.exists()
    assert (after.reference / "holds.npy").stat().st_mtime_ns == words


def test_scale_corpus_is_another_for_another_number(published: Path, tmp_path: Path) -> None:
    assert corpus_of(tmp_path, published, 20) == corpus_of(tmp_path, published, 20)
    assert corpus_of(tmp_path, published, 20) != corpus_of(tmp_path, published, 21)


def test_scale_serving_measures_each_lot(measured: tuple[dict[str, Any], dict[str, Any]]) -> None:
    served, _ = measured
    assert set(served["lots"]) == {"all", "tenth", "rare"}
    for lot in served["lots"].values():
        assert len(lot["seconds"]) == len(lot["found"]) == len(ASKED.measured)
        assert set(lot["stages"]) == set(STAGES)
    assert len(served["lots"]["all"]["found"][0]) == 10
    assert served["together"]["clients"] == 8
    assert served["rss_gib"] > 0
    assert json.loads(json.dumps(served)) == served


def test_scale_small_corpus_loses_nothing(measured: tuple[dict[str, Any], dict[str, Any]]) -> None:
    served, right = measured
    for name, lot in served["lots"].items():
        assert recall(lot["found"], right[name]) == 1.0
    assert len(right["rare"][0]) == 1  # one passage in a thousand


def test_scale_exact_search_ranks_by_the_vectors_as_they_were_made(corpus: Corpus, toy_encoder: Encoder) -> None:
    """Not by what a version keeps of them, which may be less."""
    vectors = np.load(corpus.vectors)
    wanted = toy_encoder.encode_queries(["zorgverzekeraar"])[0]
    vectors[123] = wanted
    searcher = Searcher(corpus.data, toy_encoder, backend=EveryPassage(corpus.data, corpus.reference, vectors))
    assert searcher.score(searcher.read("zorgverzekeraar")).meaning.argmax() == 123
    own = Searcher(
        corpus.data, toy_encoder, backend=EveryPassage(corpus.data, corpus.reference, np.load(corpus.vectors))
    )
    found = Searcher(corpus.data, toy_encoder).search("zorgverzekeraar").hits
    assert [hit.passage for hit in own.search("zorgverzekeraar").hits] == [hit.passage for hit in found]


@pytest.mark.parametrize(
    ("found", "right", "share"),
    [
        ([["a", "b"], ["c"]], [["b", "a"], ["c"]], 1.0),
        ([["a", "b"], ["c"]], [["a", "x"]], 0.5),
        ([["a"], []], [["b"], ["c"]], 0.0),
        ([["a"], ["b"]], [["a"], []], 1.0),
        ([[]], [[]], 1.0),
    ],
)
def test_scale_recall_is_the_share_of_the_right_ones(
    found: list[list[str]], right: list[list[str]], share: float
) -> None:
    assert recall(found, right) == share


def test_scale_stages_add_up_to_the_search(corpus: Corpus, toy_encoder: Encoder) -> None:
    searcher = Searcher(corpus.data, toy_encoder)
    before = Searcher.search
    with recorded(toy_encoder) as clock:
        for text in ASKED.measured:
            searcher.search(text)
    assert Searcher.search is before
    assert len(clock.seconds()) == len(ASKED.measured)
    for search in clock.seconds():
        assert set(search) == set(STAGES)
        assert all(seconds > 0 for seconds in search.values())


def test_scale_large_corpus_is_measured_by_stage_and_against_every_passage(
    published: Path, tmp_path: Path, toy_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpora, "publish_edition", partial(publish_edition, exact_up_to=0))
    large = corpus_of(tmp_path, published, 300)
    make(large, published, 300)
    about = large.about()
    assert about
    assert about["form"] == "large"
    assert set(about["files"]) >= {"vectors.npy", "nearest.faiss", "postings"}
    served, right = serve(large, toy_encoder, ASKED), exact(large, toy_encoder, ASKED)
    for name, lot in served["lots"].items():
        assert recall(lot["found"], right[name]) >= 0.9
        assert all(lot["stage_s"][stage] > 0 for stage in STAGES)


def test_scale_stage_counts_for_itself_only(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([0.0, 1.0, 4.0, 10.0])
    monkeypatch.setattr("time.perf_counter", lambda: next(now))
    clock = Clock()
    inner = clock.timed("words", lambda: None)
    clock.timed("fuse", inner)()
    (search,) = clock.seconds()
    assert (search["fuse"], search["words"]) == (7.0, 3.0)


def test_scale_row_has_what_is_promised(scale: tuple[Measuring, list[str]]) -> None:
    row = scale[0].row(200)
    assert set(row) >= PROMISED
    assert (row["passages"], row["recall@10"]) == (200, 1.0)
    assert row["p95_ms"] >= row["p50_ms"] > 0
    assert 0.5 < row["stages_of_whole"] <= 1.0
    (numpy,) = row["peers"]
    assert numpy["meaning_recall@10"] == 1.0
    assert numpy["questions"] == len(ASKED.measured)
    assert numpy["p50_ms"] > numpy["search_ms"]["p50"]
    assert json.loads(json.dumps(row)) == row


def test_scale_makes_a_corpus_once(scale: tuple[Measuring, list[str]]) -> None:
    one, done = scale
    one.row(20)
    first = len(done)
    one.row(20)
    assert len(done) - first == first - 1


def test_scale_without_peers_measures_ours(scale: tuple[Measuring, list[str]]) -> None:
    one, done = scale
    alone = Measuring(one.base, one.home, one.asked, one.settings, None, one.say)
    assert alone.row(20)["peers"] == []
    assert not any("engines" in command for command in done)


def test_scale_asks_no_peer_for_more_than_it_can_hold(
    scale: tuple[Measuring, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PEERS, "klein", Peer("Klein", "klein", engines.open_numpy, most=10))
    assert [peer["engine"] for peer in scale[0].row(20)["peers"]] == ["NumPy (vectors, exact)"]
    assert [peer["engine"] for peer in scale[0].row(10)["peers"]] == ["NumPy (vectors, exact)", "Klein"]


def test_scale_peer_that_fails_is_told_and_the_others_stay(
    scale: tuple[Measuring, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(corpus: Path, task: Task) -> Any:
        raise ScaleError("geen geheugen")

    monkeypatch.setitem(PEERS, "stuk", Peer("Stuk", "numpy", broken))
    row = scale[0].row(10)
    assert [peer["engine"] for peer in row["peers"]] == ["NumPy (vectors, exact)"]
    assert row["failed"] == {"Stuk": "geen geheugen"}
    report = report_of([row], scale[0].embedding(), Path(sys.executable), "toy")
    assert "| 10 | Stuk | geen geheugen |" in page_of(report)


def test_scale_peer_half_filled_is_filled_anew(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(folder: Path, task: Task) -> None:
        assert not list(task.folder.iterdir())
        (task.folder / "tabel").write_text("vol")

    monkeypatch.setitem(PEERS, "vol", Peer("Vol", "vol", engines.open_numpy, fill))
    half = corpus.folder / "peers" / ".vol"
    half.mkdir(parents=True)
    (half / "tabel").write_text("half")
    engines.main("make", "vol", corpus.folder)
    assert (corpus.folder / "peers" / "vol" / "tabel").read_text() == "vol"
    assert not half.exists()


def test_scale_report_page_and_table(scale: tuple[Measuring, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [scale[0].row(passages) for passages in (10, 20)]
    embedding = scale[0].embedding()
    assert embedding["words"] > embedding["texts"] > 4
    report = report_of(rows, embedding, Path(sys.executable), "toy")
    page = page_of(json.loads(json.dumps(report)))
    assert "| 20 | NumPy (vectors, exact) |" in page
    assert "| 10 | exact |" in page
    screen = StringIO()
    Console(file=screen, width=160).print(table_of(rows))
    assert "NumPy" in screen.getvalue()


def test_scale_capacity_computes_what_was_not_measured(scale: tuple[Measuring, list[str]]) -> None:
    rows = [{**scale[0].row(passages), "rss_gib": rss} for passages, rss in ((10, 0.5), (196, 1.5))]
    report = {
        "sizes": rows,
        "embedding": {"words_a_core_second": 1000, "dimension": 384},
        "machine": {"cores": 2, "processor": "toy"},
    }
    postgres = json.loads((ROOT / "eval" / "results" / "postgres.json").read_text())
    page = capacity_of(report, {**postgres, "passages": 100_000, "database_gib": 1.0})
    assert "$" not in page
    assert f"{REAL.words_a_page:.0f} / 1,000 = {REAL.words_a_page / 1000:.2f} s a page" in page
    handover = next(line for line in page.splitlines() if line.startswith("| the handover document | 28 | 98 |"))
    share = HANDOVER.passages / 196 * REAL.vectors_a_passage / 3
    assert f"| {0.5 + share * 1.0:.1f} |" in handover  # what the larger row has beyond the process itself
    assert "20 million pages" in page
    million = next(line for line in page.splitlines() if line.startswith("| a million passages |"))
    assert million.count("not measured") == 3  # no row of that size or a larger one


def test_scale_figures_are_shown_short() -> None:
    assert [shown(one) for one in (1_000_000, 0.98765, 123.456, 1.0, "a", 0)] == [
        "1,000,000",
        "0.988",
        "123.5",
        "1",
        "a",
        "0",
    ]


def test_scale_peer_that_is_slow_is_asked_fewer(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "SECONDS", 0.0)
    vectors = np.load(corpus.vectors)[:40, 0]
    task = Task([], vectors, [str(number) for number in range(40)], vectors, 10, corpus.folder)
    outcome = engines.ask(PEERS["numpy"], corpus.folder, task, warm_up=5)
    assert len(outcome["seconds"]) == engines.FEWEST
    assert [found[0] for found in outcome["nearest"]] == list(range(5, 40))  # each is nearest to itself


def test_scale_process_that_fails_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(ScaleError, match=r"NoVersionError|FileNotFoundError|No such file"):
        measuring._run([sys.executable, "-m", "eval.benchmarks.scale.serving", str(tmp_path / "weg.json")])


def test_scale_without_a_version_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZOEKPORTAAL_DATA", str(tmp_path))
    assert entry.main(["--sizes", "10", "--without-peers", "--json"]) == 1
    assert str(NoVersionError(tmp_path)) in capsys.readouterr().err


@pytest.mark.parametrize("sizes", ["0", "duizend", "10,,20", ""])
def test_scale_refuses_sizes_that_are_none(sizes: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        entry.main(["--sizes", sizes])
    assert ended.value.code == 2


def test_scale_prints_a_row_a_size(
    scale: tuple[Measuring, list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one, _ = scale
    monkeypatch.setattr(entry, "Measuring", lambda *_: one)
    assert entry.main(["--sizes", "10,20", "--without-peers", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["passages"] for row in rows] == [10, 20]
    assert all(set(row) >= PROMISED for row in rows)


def test_scale_memory_is_told_of_this_process() -> None:
    told = process.memory_gib()
    assert 0 < told["anonymous"] <= told["rss"] <= process.peak_gib()


def test_scale_forgets_files_that_are_there(tmp_path: Path) -> None:
    file = tmp_path / "een"
    file.write_text("nog te lezen")
    process.forget([file, tmp_path, tmp_path / "weg"])
    assert file.read_text() == "nog te lezen"


def test_scale_figures_tell_what_the_exact_search_was_asked(
    corpus: Corpus, measured: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    served, right = measured
    about = corpus.about()
    assert about
    fewer = {**right, "all": right["all"][:2]}
    figures = figures_of(about, served, fewer)
    assert figures["questions_exact"] == {"all": 2, "tenth": 3, "rare": 3}
    assert figures["questions"] == 3


@pytest.fixture
def python() -> Path:
    """The interpreter of the peers' environment, where there is one."""
    made = [done.parent / "bin" / "python" for done in FOLDER.glob("peers-*/.installed")]
    if not made:
        pytest.skip("the peers' environment is not here: `python -m eval.benchmarks.scale` makes it")
    return made[0]


@pytest.mark.parametrize("name", list(PEERS))
def test_scale_peers_find_the_nearest(name: str, python: Path, corpus: Corpus, tmp_path: Path) -> None:
    vectors = np.load(corpus.vectors)[:12, 0]
    order = {"queries": [f"zorgverzekeraar {number}" for number in range(12)], "warm_up": 2}
    (tmp_path / "queries.json").write_text(json.dumps(order))
    np.save(tmp_path / "queries.npy", vectors)
    command = [str(python), "-m", "eval.benchmarks.scale.engines"]
    keeper = PEERS[name].kept_by or name
    if PEERS[keeper].make and not (corpus.folder / "peers" / keeper).exists():
        measuring._run([*command, "make", keeper, str(corpus.folder)])
    measuring._run([*command, "ask", name, str(corpus.folder), str(tmp_path)])
    outcome = json.loads((tmp_path / "outcome.json").read_text())
    assert [found[0] for found in outcome["nearest"]] == list(range(2, 12))
    assert len(outcome["seconds"]) == 10


def test_scale_plot_draws_each_engine(scale: tuple[Measuring, list[str]], tmp_path: Path, python: Path) -> None:
    rows = [scale[0].row(passages) for passages in (10, 20)]
    (tmp_path / "scale.json").write_text(json.dumps({"sizes": rows}))
    drawing = [str(python), "-m", "eval.benchmarks.scale.plot", str(tmp_path)]
    subprocess.run(drawing, cwd=ROOT, env=quiet_environment(), check=True)
    assert "NumPy" in (tmp_path / "scale.svg").read_text()
