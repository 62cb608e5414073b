from __future__ import annotations

import json
from pathlib import Path

import pytest

import ingest.__main__ as entry
from eval import __main__ as command
from index.encoder import Encoder
from index.searcher import Searcher
from tests.conftest import ToyEncoder
from tests.eval.test_beir import written as written_beir

ROOT = Path(__file__).parents[2]
QUESTIONS = [
    {"id": "a", "kind": "wie", "question": "Wie is voorzitter van Onderwijs?", "quotes": ["Inge Nieuwenhuizen"]},
    {"id": "b", "kind": "niet", "question": "Hoe vraag ik een rijbewijs aan?", "quotes": []},
]


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch, toy_encoder: Encoder) -> None:
    """The toy encoder takes the model's place."""
    monkeypatch.setattr(command, "open_searcher", lambda data, **named: Searcher(data, toy_encoder))
    monkeypatch.setattr(command, "load_encoder", lambda *arguments, **named: ToyEncoder())


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    file = tmp_path / "vragen.jsonl"
    file.write_text("\n".join(json.dumps(question) for question in QUESTIONS))
    return file


def test_eval_main_json_has_the_contracts_keys(
    published: Path, questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([str(questions), "--data", str(published), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    measures = ["n", "hit@1", "hit@3", "hit@10", "mrr@10", "ndcg@10", "page@3", "auc", "lost", "refused"]
    assert list(figures) == [*measures, "kinds"]
    assert (figures["n"], figures["hit@1"], list(figures["kinds"])) == (2, 1.0, ["wie", "niet"])


def test_eval_main_shows_a_table_that_is_whole_in_a_log(
    published: Path, questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([str(questions), "--data", str(published)]) == 0
    shown = capsys.readouterr().out
    assert "2 vragen, 1 zonder antwoord in de bronnen" in shown
    assert all(column in shown for column in ("hit@1", "mrr@10", "ndcg@10", "page@3", "refused"))
    assert "…" not in shown.split("De slechtste vragen")[0]


def test_eval_main_puts_the_projects_own_questions_by_default(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--data", str(published), "--json"]) == 0
    lines = (ROOT / "eval" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(capsys.readouterr().out)["n"] == len(lines)


def test_eval_main_measures_a_public_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written_beir(tmp_path / "openbaar")
    assert command.main(["--beir", str(folder), "--data", str(tmp_path / "data"), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert list(figures) == ["words", "meaning", "fusion"]
    assert all(list(row) == ["ndcg@10", "recall@100", "mrr@10"] for row in figures.values())
    assert command.main(["--beir", str(folder), "--data", str(tmp_path / "data")]) == 0
    shown = capsys.readouterr().out
    assert "openbaar" in shown
    assert "1.000" in shown


@pytest.fixture
def sources(tmp_path: Path, toy_encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one document, which the ingest reads with the toy encoder."""
    monkeypatch.setattr(entry, "load_encoder", lambda *arguments, **named: toy_encoder)
    monkeypatch.setattr(entry, "identify", lambda *arguments: toy_encoder.fingerprint)
    folder = tmp_path / "stukken"
    folder.mkdir()
    (folder / "nota.md").write_text("# Onderwijs\n\nInge Nieuwenhuizen is voorzitter van Onderwijs.\n")
    return folder


def test_eval_main_measures_on_a_corpus_of_its_own(
    tmp_path: Path, sources: Path, questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    arguments = [str(questions), "--corpus", str(sources), "--data", str(data), "--json"]
    assert command.main(arguments) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["hit@1"] == 1.0  # figures only: what the ingest reports stands apart
    assert "nota" in err
    assert [folder.name for folder in data.iterdir()] == ["eval"]  # what is published of the portal stays as it is
    versions = sorted((command.data_of(sources, data) / "index").iterdir())

    assert command.main(arguments) == 0
    assert sorted((command.data_of(sources, data) / "index").iterdir()) == versions
    (sources / "nota.md").write_text("# Onderwijs\n\nDe voorzitter van Onderwijs is nog niet benoemd.\n")
    capsys.readouterr()
    assert command.main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["hit@10"] == 0.0


def test_eval_main_keeps_corpora_apart(tmp_path: Path) -> None:
    one, other = (command.data_of(tmp_path / name, tmp_path) for name in ("een", "twee"))
    assert one != other
    assert command.data_of(tmp_path / "twee" / ".." / "een", tmp_path) == one


def test_eval_main_corpus_that_cannot_be_read(
    tmp_path: Path, questions: Path, sources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rest = [str(questions), "--data", str(tmp_path / "data"), "--json"]
    assert command.main([*rest, "--corpus", str(tmp_path / "weg")]) == 2
    (sources / "nota.md").write_text("")
    assert command.main([*rest, "--corpus", str(sources)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "bestaat niet" in err
    assert "geen enkele leesbare bron" in err


def test_eval_main_wrong_usage_is_status_2(tmp_path: Path, questions: Path) -> None:
    beir = ["--beir", str(tmp_path)]
    for arguments in ([str(questions), *beir], ["--corpus", str(tmp_path), *beir], ["--onbekend"]):
        with pytest.raises(SystemExit) as stopped:
            command.main(arguments)
        assert stopped.value.code == 2


@pytest.mark.parametrize("content", [None, "{", '{"id": "a"}', b"\xff\xfe"])
def test_eval_main_questions_that_cannot_be_read_are_status_1(
    published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | bytes | None
) -> None:
    file = tmp_path / "vragen.jsonl"
    if content is not None:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    assert command.main([str(file), "--data", str(published), "--json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "vragen.jsonl" in err
    assert not any(english in err for english in ("No such file", "Errno", "codec"))


def test_eval_main_without_an_index_is_status_1(
    tmp_path: Path, questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([str(questions), "--data", str(tmp_path / "weg"), "--json"]) == 1
    assert "Er is nog geen zoekindex" in capsys.readouterr().err


@pytest.mark.parametrize("folder", ["weg", "."])
def test_eval_main_without_a_public_set_is_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], folder: str
) -> None:
    assert command.main(["--beir", str(tmp_path / folder), "--data", str(tmp_path / "data"), "--json"]) == 1
    err = capsys.readouterr().err
    assert ".jsonl" in err
    assert "Errno" not in err
