from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index import __main__ as command
from index.calibration import CALIBRATION
from index.results import SourceStatus, Status
from index.searcher import Searcher
from ingest.documents import Source
from tests.conftest import ToyEncoder
from tests.index.toy import CHAIR, EKM, PASSAGES, PLAN, document_of, passage_of, publish_toy

ROOT = Path(__file__).parents[2]
QUESTION = "Wie is voorzitter van de portefeuille Onderwijs en Cultuur?"
CERTAIN = replace(CALIBRATION, found=0.0, not_found=0.0)
NEVER = replace(CALIBRATION, found=2.0, not_found=2.0)
UNSURE = replace(CALIBRATION, found=2.0, not_found=0.0)


@pytest.fixture
def calibrated(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The toy encoder takes the model's place; the first of the list is the calibration."""
    calibration: list[Any] = [CERTAIN]
    monkeypatch.setattr(
        command, "open_searcher", lambda data, **named: Searcher(data, ToyEncoder(), calibration[0]), raising=True
    )
    return calibration


@pytest.fixture
def run(published: Path, calibrated: list[Any], capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command over the toy corpus: arguments → (exit status, what it printed, what it complained)."""

    def run(*arguments: str, data: Path = published) -> tuple[int, str, str]:
        try:
            status = command.main(["search", *arguments, "--data", str(data)])
        except SystemExit as stopped:
            status = int(str(stopped.code))
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_index_main_json_is_the_contracts(run: Any) -> None:
    status, out, err = run(QUESTION, "-k", "3", "--json")
    assert (status, err, out.count("\n")) == (0, "", 1)
    result = json.loads(out)
    assert list(result) == ["id", "question", "seconds", "answer", "corrections", "reading", "hits"]
    assert (result["id"], result["question"], result["corrections"]) == ("", QUESTION, [])
    assert result["reading"] == {"phrases": [], "excluded": [], "also": [], "documents": []}
    assert isinstance(result["seconds"], float)
    assert 0 <= result["seconds"] < 10
    answer = result["answer"]
    assert list(answer) == ["status", "confidence", "text", "rank", "page", "lead_in", "items", "others"]
    assert (answer["status"], answer["text"], answer["rank"], answer["page"]) == ("gevonden", CHAIR, 1, 2)
    assert isinstance(answer["confidence"], float)
    assert 0 <= answer["confidence"] <= 1
    assert len(result["hits"]) == 3
    for rank, hit in enumerate(result["hits"], start=1):
        assert {name: type(value) for name, value in hit.items()} == {
            **dict.fromkeys(("passage_id", "document_id", "document", "file", "text"), str),
            **dict.fromkeys(("pages", "heading_path", "portefeuilles", "also"), list),
            "rank": int,
            "score": float,
            "page": int,
        }
        assert hit["rank"] == rank
        (passage,) = [passage for passage in PASSAGES if passage.passage_id == hit["passage_id"]]
        assert (hit["text"], hit["page"], hit["pages"]) == (passage.text, passage.pages[0], list(passage.pages))
        assert hit["heading_path"] == list(passage.heading_path)
        assert hit["portefeuilles"] == list(passage.portefeuilles)
    assert (result["hits"][0]["document"], result["hits"][0]["file"]) == ("Overdrachtsdocument 2026", "overdracht.pdf")


def test_index_main_json_keeps_the_keys_that_other_programs_rely_on(run: Any) -> None:
    result = json.loads(run(QUESTION, "--json")[1])
    assert {"id", "question", "seconds", "answer", "hits"} <= set(result)
    assert {"status", "confidence", "text", "rank"} <= set(result["answer"])


def test_index_main_json_not_found_has_no_answer_and_gives_hits(run: Any, calibrated: list[Any]) -> None:
    calibrated[0] = NEVER
    result = json.loads(run(QUESTION, "--json")[1])
    assert result["answer"]["status"] == "niet_gevonden"
    assert (result["answer"]["text"], result["answer"]["rank"], result["answer"]["page"]) == ("", None, None)
    assert len(result["hits"]) == len(PASSAGES)


@pytest.mark.parametrize(
    ("calibration", "status"), [(CERTAIN, "gevonden"), (UNSURE, "onzeker"), (NEVER, "niet_gevonden")]
)
def test_index_main_json_names_each_status(run: Any, calibrated: list[Any], calibration: Any, status: str) -> None:
    calibrated[0] = calibration
    assert json.loads(run(QUESTION, "--json")[1])["answer"]["status"] == status
    assert status in set(Status)


def test_index_main_json_says_what_was_mended(run: Any) -> None:
    result = json.loads(run("Wat doet het Flexteam warmtetranistie?", "--json")[1])
    assert result["corrections"] == [["warmtetranistie", "warmtetransitie"]]
    assert result["question"] == "Wat doet het Flexteam warmtetranistie?"


@pytest.mark.parametrize("name", ["EKM", "energie, klimaat en milieu"])
def test_index_main_filters_on_portefeuilles(run: Any, name: str) -> None:
    hits = json.loads(run("gemeenten", "--portefeuille", name, "--json")[1])["hits"]
    assert len(hits) == 3
    assert all(EKM in hit["portefeuilles"] for hit in hits)
    more = json.loads(run("gemeenten", "--portefeuille", name, "--portefeuille", "G&W", "--json")[1])["hits"]
    assert len(more) == 5


def test_index_main_gives_ten_hits_unless_told_otherwise(run: Any, tmp_path: Path, calibrated: list[Any]) -> None:
    passages = [passage_of("stuk", number, [f"Zin {number} over zorg."]) for number in range(1, 15)]
    publish_toy(tmp_path, [document_of(Source("stuk", "Stuk"), [["a"]])], passages)
    assert len(json.loads(run("zorg", "--json", data=tmp_path)[1])["hits"]) == 10
    assert len(json.loads(run("zorg", "-k", "12", "--json", data=tmp_path)[1])["hits"]) == 12


# ── Many questions ───────────────────────────────────────────────────────────────────────────────────────────


def test_index_main_answers_a_file_of_questions_one_a_line(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "vragen.jsonl"
    asked = [{"id": "a1", "question": QUESTION, "kind": "wie"}, {"id": 2, "question": "Wat is het DOE?"}]
    file.write_text("\n\n".join(json.dumps(entry) for entry in asked) + "\n")
    status, out, _ = run("--questions", str(file), "--json")
    results = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [(result["id"], result["question"]) for result in results] == [("a1", QUESTION), ("2", "Wat is het DOE?")]
    assert results[1]["answer"]["text"] == PLAN


def test_index_main_takes_questions_with_every_sign(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "vragen.jsonl"
    question = "Wie is\u2028voorzitter\x85van “Onderwijs”? 🙂"  # JSON lets these line separators stand as they are
    file.write_text(json.dumps({"id": "a", "question": question}, ensure_ascii=False) + "\n", encoding="utf-8")
    status, out, _ = run("--questions", str(file), "--json")
    assert (status, json.loads(out)["question"]) == (0, question)


def test_index_main_takes_questions_with_a_byte_order_mark(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "vragen.jsonl"
    file.write_text(json.dumps({"id": "a", "question": QUESTION}), encoding="utf-8-sig")  # as Windows programs write it
    assert run("--questions", str(file), "--json")[0] == 0


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "geen json",
        "[]",
        "7",
        '"x"',
        "null",
        '{"id": "a"}',
        '{"question": "x"}',
        '{"id": "a", "question": null}',
        '{"id": "a", "question": ["x"]}',
    ],
)
def test_index_main_says_which_line_is_no_question(run: Any, tmp_path: Path, line: str) -> None:
    file = tmp_path / "vragen.jsonl"
    file.write_text('{"id": "a", "question": "Wie?"}\n\n' + line + "\n")
    status, out, err = run("--questions", str(file), "--json")
    assert (status, out) == (1, "")
    assert "regel 3" in err
    assert "vragen.jsonl" in err


@pytest.mark.parametrize("content", [None, b"\xff\xfe{}"])
def test_index_main_says_in_dutch_which_file_cannot_be_read(run: Any, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "vragen.jsonl"
    if content is not None:
        file.write_bytes(content)
    status, out, err = run("--questions", str(file), "--json")
    assert (status != 0, out) == (True, "")
    assert "vragen.jsonl" in err
    assert not any(english in err for english in ("No such file", "codec", "Errno"))


# ── Wrong usage and what is not there ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        [""],
        [QUESTION, "--portefeuille", "Verkeer"],
        [QUESTION, "-k", "0"],
        [QUESTION, "-k", "-1"],
        [QUESTION, "-k", "veel"],
        [QUESTION, "--questions", "vragen.jsonl"],
        [QUESTION, "--onbekend"],
    ],
)
def test_index_main_wrong_usage_is_status_2(run: Any, arguments: list[str]) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert err


def test_index_main_names_the_portefeuilles_that_there_are(run: Any) -> None:
    assert "Onbekende portefeuille 'Verkeer'. Kies uit: G&W, EKM" in run(QUESTION, "--portefeuille", "Verkeer")[2]


def test_index_main_without_an_index_is_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["search", QUESTION, "--data", str(tmp_path / "weg"), "--json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "Er is nog geen zoekindex" in err
    assert "python -m ingest" in err


def test_index_main_without_an_index_needs_no_model_and_shows_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "index", "search", QUESTION, "--data", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1


def test_index_main_damaged_index_is_status_1(run: Any, tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "CURRENT").write_text("weg\n")
    status, _, err = run(QUESTION, data=tmp_path)
    assert status == 1
    assert "beschadigd" in err


def test_index_main_to_a_closed_pipe_says_nothing(
    published: Path, calibrated: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", Closed())
        # `if __name__ == "__main__"` ends quietly on a broken pipe, which must therefore come out
        with pytest.raises(BrokenPipeError):
            command.main(["search", QUESTION, "--data", str(published), "--json"])
    assert capsys.readouterr().err == ""


# ── For people ───────────────────────────────────────────────────────────────────────────────────────────────


def test_index_main_shows_the_answer_first_with_its_source(run: Any) -> None:
    _, out, _ = run(QUESTION, "-k", "2")
    flat = " ".join(out.split())
    assert flat.startswith(f"Gevonden {CHAIR} Overdrachtsdocument 2026 (2026) · Portefeuille Onderwijs en Cultuur")
    assert "Organisatie · p. 2" in flat
    starts = [line[:4] for line in out.splitlines() if line[:4].strip().isdigit()]
    assert starts == [" 1  ", " 2  "]


def test_index_main_shows_the_line_that_introduces_the_answer(run: Any) -> None:
    _, out, _ = run("Wanneer stelde het DOE het programmaplan vast?", "-k", "1")
    told, _, answer = " ".join(out.split()).partition(" Gevonden ")
    assert told == "Ook gezocht op: Drents Overleg Energie."
    assert answer.startswith(f"Bereikt in de afgelopen periode: {PLAN}")


def test_index_main_shows_that_nothing_was_found_and_how_much_was_searched(run: Any, calibrated: list[Any]) -> None:
    calibrated[0] = NEVER
    flat = " ".join(run("Hoe vraag ik een rijbewijs aan?")[1].split())
    assert flat.startswith(
        "Niet gevonden Het antwoord staat in 0 van 9 passages in 2 bronnen; 1 bron is nog niet opgehaald."
    )
    assert "Dit komt er het dichtst bij:" in flat


def test_index_main_shows_how_many_sources_cannot_be_searched_yet(run: Any) -> None:
    flat = " ".join(run(QUESTION, "-k", "1")[1].split())
    assert flat.endswith("1 van 3 bronnen is nog niet doorzoekbaar. Welke en waarom: zie Bronnen in het portaal.")


NAMING = "De warmtetransitie volgt de Energievisie 2050 en de Werkagenda 2025."


@pytest.fixture
def naming(tmp_path: Path) -> Path:
    """A handover that names two reports, of which one is searchable but for its second page."""

    def status(source: Source, passages: int, words: str, *warnings: str) -> SourceStatus:
        named = (("overdracht", 1, words),) if words else ()
        state = "gelezen" if passages else "wacht op netwerk"
        about = (source.id, source.title, "", None, source.url, "", state, "nieuw", "")
        return SourceStatus(*about, 2, 1, passages, (), named, warnings=warnings)

    handover, vision = Source("overdracht", "Overdracht"), Source("visie", "Energievisie 2050 \x1b[31m")
    agenda = Source("agenda", "Werkagenda", url="https://example.org/agenda")
    passages = [passage_of("overdracht", 1, [NAMING])]
    passages += [passage_of("visie", number, [f"Warmte {number} uit het net."]) for number in (1, 2)]
    publish_toy(
        tmp_path,
        [document_of(handover, [[NAMING]]), document_of(vision, [["a"], ["b"]])],
        passages,
        sources=[
            status(handover, 1, ""),
            status(vision, 2, "Energievisie 2050", "Pagina 2 is beschadigd.", "Mogelijk persoonsgegevens: 1 × IBAN."),
            status(agenda, 0, "Werkagenda 2025"),
        ],
    )
    return tmp_path


def test_index_main_shows_which_sources_a_passage_names(run: Any, naming: Path) -> None:
    flat = " ".join(run("warmtetransitie volgt", "-k", "1", data=naming)[1].split())
    assert "Verwijst naar: Energievisie 2050" in flat
    assert "; Werkagenda (wacht op netwerk, https://example.org/agenda)" in flat


def test_index_main_shows_where_a_report_is_named_and_what_of_it_is_unread(run: Any, naming: Path) -> None:
    out = run("Warmte uit het net", "-k", "2", data=naming)[1]
    flat = " ".join(out.split())
    assert flat.count("Genoemd in Overdracht op p. 1") == 2
    assert flat.count(f'Genoemd in Overdracht op p. 1: "{NAMING}"') == 1, "in full at the report's first passage"
    assert flat.count("1 van 2 pagina's doorzoekbaar. Pagina 2 is beschadigd.") == 1
    assert "persoonsgegevens" not in flat
    assert "\x1b" not in out


def test_index_main_shows_doubt(run: Any, calibrated: list[Any]) -> None:
    calibrated[0] = UNSURE
    assert "Onzeker: controleer de bron" in run(QUESTION)[1]


def test_index_main_shows_what_was_mended(run: Any) -> None:
    out = run("Wat doet het Flexteam warmtetranistie?")[1]
    assert "Gezocht naar warmtetransitie (u typte warmtetranistie)" in out


def test_index_main_shows_which_question_each_answer_is_to(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "vragen.jsonl"
    questions = [QUESTION, "Wat is het DOE?"]
    file.write_text("\n".join(json.dumps({"id": "", "question": question}) for question in questions))
    flat = " ".join(run("--questions", str(file))[1].split())
    assert [question in flat for question in questions] == [True, True]


HOSTILE = "[red]x[/] [/] [bold]Voorzitter[/bold] [link=http://kwaad]hier[/link] :warning: C:\\map\\ \\[b]"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    source = Source("stuk", f"Titel {HOSTILE}", "Uitgever [/]", 2026)
    passages = [
        passage_of("stuk", 1, [f"{HOSTILE} van de gemeente"], headings=[f"Kop {HOSTILE}"], lead_in=f"Lijst {HOSTILE}:")
    ]
    publish_toy(tmp_path, [document_of(source, [["a"]])], passages)
    return tmp_path


@pytest.mark.parametrize("calibration", [CERTAIN, NEVER])
def test_index_main_shows_a_documents_signs_as_they_are(
    run: Any, hostile: Path, calibrated: list[Any], calibration: Any
) -> None:
    calibrated[0] = calibration
    status, out, _ = run("voorzitter gemeente", data=hostile)
    flat = " ".join(out.split())
    assert status == 0
    for place in ("Titel", "Kop"):
        assert f"{place} {HOSTILE}" in flat
    assert f"{HOSTILE} van de gemeente" in flat
    assert (f"Lijst {HOSTILE}:" in flat) is (calibration is CERTAIN)


@pytest.mark.parametrize(
    "question",
    ["[red]x[/] gemeente", "[/] gemeente", "gemeente [/bold]", ":smile: gemeente", "gemeente \\", "[gemeente"],
)
def test_index_main_shows_a_questions_signs_as_they_are(run: Any, hostile: Path, tmp_path: Path, question: str) -> None:
    file = tmp_path / "vragen.jsonl"
    file.write_text("\n".join([json.dumps({"id": "", "question": question})] * 2))
    status, out, _ = run("--questions", str(file), data=hostile)
    assert status == 0
    assert question in out


def test_index_main_sends_no_terminal_codes_out_of_a_document(run: Any, tmp_path: Path) -> None:
    # a document could recolour, retitle or clear the terminal of whoever searches it
    text = "De gemeente \x1b[2J\x1b]0;titel\x07 en \x9b31m de zorg."
    passages = [passage_of("stuk", 1, [text], headings=["Kop\x1b[31m"], lead_in="Lijst\x1b[0m:")]
    publish_toy(tmp_path, [document_of(Source("stuk", "Titel\x1b[1m"), [["a"]])], passages)
    _, out, _ = run("gemeente zorg\x1b[5m", data=tmp_path)
    assert "\x1b" not in out
    assert "\x9b" not in out


def test_index_main_takes_words_that_are_no_text(published: Path, calibrated: list[Any], capsys: Any) -> None:
    # what a shell passes on that is no UTF-8 comes in as a lone surrogate
    word = os.fsdecode(b"zorg\xff")
    assert command.main(["search", word, "--data", str(published), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["hits"]
