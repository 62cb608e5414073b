from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import builder
from index.builder import (
    QUESTIONS,
    describe,
    evidence,
    recipe_of,
    sample_questions,
    vocabulary_of,
)
from index.embeddings import embed_passages
from index.store import Store
from index.vectors import WHOLE
from index.versions import Layout, Manifest, current_version, kept_name, open_current
from index.words import Words
from ingest.documents import Source
from tests.conftest import ToyEncoder
from tests.index.toy import (
    CHAIR,
    GOALS,
    HANDOVER,
    OC,
    PASSAGES,
    PLAN,
    STATUSES,
    CountingEncoder,
    document_of,
    passage_of,
    publish_corpus,
    publish_one,
    publish_toy,
)

TITLES = {"overdracht": "Overdrachtsdocument 2026", "energievisie": "Energievisie 2050"}


@pytest.fixture
def built(tmp_path: Path) -> tuple[Layout, Manifest]:
    publish_corpus(tmp_path)
    return open_current(tmp_path)[1:]


def test_builder_publishes_what_it_was_given(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    document = document_of(HANDOVER, [["regel"]])
    passages = [passage_of("overdracht", 1, [CHAIR]), passage_of("overdracht", 2, [PLAN, "Nog een zin."])]
    contents = {document.digest: b"%PDF-1.7"}
    version = builder.build_and_publish(
        tmp_path, [document], passages, contents, STATUSES, ToyEncoder(), "recept", lambda *step: told.append(step)
    )
    name, layout, manifest = open_current(tmp_path)
    assert name == version
    assert (manifest.recipe, manifest.model, manifest.model_fingerprint) == ("recept", "toy", "toy-64")
    assert (manifest.documents, manifest.passages, manifest.vectors, manifest.dimension) == (1, 2, 4, 64)
    assert Store(layout.store).passages_at([0, 1]) == passages
    assert Store(layout.store).sources() == STATUSES
    assert (tmp_path / "files" / "digest-overdracht.pdf").read_bytes() == b"%PDF-1.7"
    done = [at for _, at, _ in told]
    assert done == sorted(done)
    assert told[-1] == ("vectoren", 7, 7)  # four texts and three questions


def test_builder_keeps_files_as_they_were_first_read(tmp_path: Path) -> None:
    publish_one(tmp_path, "Een zin.")
    (file,) = (tmp_path / "files").iterdir()
    assert file.name == "digest-stuk.pdf"
    before = file.stat().st_mtime_ns
    publish_one(tmp_path, "Een andere zin.")
    assert (tmp_path / "files" / "digest-stuk.pdf").stat().st_mtime_ns == before
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])  # damaged since
    publish_one(tmp_path, "Weer een andere zin.")
    assert file.read_bytes() == whole


@pytest.mark.parametrize(
    ("file", "name"), [("Rapport.PDF", "abc.pdf"), ("a.b.docx", "abc.docx"), ("zonder", "abc"), ("", "abc")]
)
def test_kept_name_is_the_digest_and_the_ending(file: str, name: str) -> None:
    assert kept_name("abc", file) == name


@pytest.mark.parametrize("fails", ["write_words", "embed_passages", "write_vectors", "write_store", "verify"])
def test_builder_that_fails_leaves_the_version_that_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    before = publish_one(tmp_path, "Een zin.")

    def fail(*arguments: object, **named: object) -> None:
        raise RuntimeError("stuk")

    monkeypatch.setattr(builder, fails, fail)
    with pytest.raises(RuntimeError, match="stuk"):
        publish_one(tmp_path, "Een andere zin.")
    assert current_version(tmp_path) == before
    assert sorted(path.name for path in (tmp_path / "index").iterdir()) == sorted([before, "CURRENT"])


def test_builder_makes_the_same_of_the_same(tmp_path: Path) -> None:
    layouts = []
    for name in ("een", "twee"):
        publish_corpus(tmp_path / name)
        layouts.append(open_current(tmp_path / name)[1])
    for file in ("store", "vectors", "owners", "hubs"):
        one, other = (getattr(layout, file).read_bytes() for layout in layouts)
        assert one == other, file


def test_builder_embeds_only_what_is_new(tmp_path: Path) -> None:
    publish_one(tmp_path, "Een zin.", "Nog een zin.")
    encoder = CountingEncoder()
    publish_one(tmp_path, "Een zin.", "Een nieuwe zin.", encoder=encoder)
    assert {text.removeprefix("Een stuk: ") for text in encoder.embedded} == {"Een nieuwe zin."}


def test_builder_of_no_passages_publishes_an_empty_version(tmp_path: Path) -> None:
    publish_toy(tmp_path, [document_of(Source("leeg", "Leeg stuk"), [[]])], [])
    manifest = open_current(tmp_path)[2]
    assert (manifest.documents, manifest.passages, manifest.vectors) == (1, 0, 0)


def test_evidence_is_each_passage_whole_and_then_its_units() -> None:
    texts, owners = evidence([PASSAGES[6], PASSAGES[0]], TITLES)
    assert texts == [
        "Overdrachtsdocument 2026 – Portefeuille Participatie, Schuldhulpverlening en Integratie – Vooruitblik: "
        "• De schuldhulpverlening wordt laagdrempelig.\n• Alle gemeenten verkennen de Meedoenwebshop.",
        "Portefeuille Participatie, Schuldhulpverlening en Integratie – Vooruitblik: "
        f"{GOALS} De schuldhulpverlening wordt laagdrempelig.",
        "Portefeuille Participatie, Schuldhulpverlening en Integratie – Vooruitblik: "
        f"{GOALS} Alle gemeenten verkennen de Meedoenwebshop.",
        "Overdrachtsdocument 2026 – Voorwoord: "
        "De vereniging van Drentse gemeenten werkt samen aan de opgaven van onze inwoners.\n"
        "Dit document geeft nieuwe bestuurders een overzicht van wat er speelt.",
        "Voorwoord: De vereniging van Drentse gemeenten werkt samen aan de opgaven van onze inwoners.",
        "Voorwoord: Dit document geeft nieuwe bestuurders een overzicht van wat er speelt.",
    ]
    assert owners.tolist() == [[0, WHOLE], [0, 0], [0, 1], [1, WHOLE], [1, 0], [1, 1]]
    assert owners.dtype == np.int32


def test_evidence_embeds_a_passage_of_one_unit_once() -> None:
    texts, owners = evidence([passage_of("overdracht", 1, [CHAIR])], {"overdracht": ""})
    assert (texts, owners.tolist()) == ([CHAIR], [[0, WHOLE]])


def test_evidence_of_nothing() -> None:
    texts, owners = evidence([], {})
    assert (texts, owners.shape) == ([], (0, 2))


def test_sample_questions_are_spread_over_the_corpus_and_bounded() -> None:
    few = [passage_of("stuk", number, [f"Zin {number}."]) for number in range(7)]
    texts, rows = sample_questions(few)
    assert (texts, rows.tolist()) == ([f"Zin {number}." for number in range(7)], list(range(7)))
    many = [passage_of("stuk", number, [f"Zin {number}."]) for number in range(QUESTIONS * 3 + 1)]
    sample, rows = sample_questions(many)
    assert QUESTIONS / 2 <= len(sample) == len(rows) <= QUESTIONS
    assert int(sample[-1].removeprefix("Zin ").rstrip(".")) == rows[-1] > QUESTIONS * 2
    assert [len(part) for part in sample_questions([])] == [0, 0]


def test_vocabulary_of_counts_folded_words_of_four_letters_and_more() -> None:
    passage = passage_of("stuk", 1, ["De coördinator: één regio, 2025, VNG-leden; leden."], headings=["Financiën"])
    assert vocabulary_of([passage]) == {"coordinator": 1, "financien": 1, "leden": 2, "regio": 1}


def test_describe_tells_of_a_document_what_its_passages_say() -> None:
    info = describe(document_of(HANDOVER, [["a"]] * 6), PASSAGES)
    assert (info.pages, info.pages_searchable, info.passages) == (6, 5, 7)
    assert info.portefeuilles[:2] == ("Gezondheid en Welzijn", "Energie, Klimaat en Milieu")  # the VDG's own order
    assert OC in info.portefeuilles


@pytest.mark.parametrize(
    ("year", "metadata", "date"),
    [
        (2026, {"moddate": "D:20200101"}, "2026"),
        (None, {"moddate": "D:20251001120000+02'00'"}, "2025-10-01"),
        (None, {"creationdate": "D:20240315"}, "2024-03-15"),
        (None, {"moddate": "D:20251001", "creationdate": "D:20240315"}, "2025-10-01"),
        (None, {"moddate": "D:2019"}, "2019"),
        (None, {"moddate": "gisteren", "creationdate": ""}, ""),
        (None, {}, ""),
    ],
)
def test_describe_dates_a_document(year: int | None, metadata: dict[str, str], date: str) -> None:
    source = replace(HANDOVER, year=year)
    assert describe(document_of(source, [], **metadata), []).date == date


def test_context_holds_what_helps_to_find_a_passage(built: tuple[Layout, Manifest]) -> None:
    words = Words(built[0].words)
    for term in ("afgelopen", "overdrachtsdocument", "vdg", "ekm", "klimaat", "bereiken", "2026"):
        assert 3 in [row for row, _ in words.search({term: 1.0}, 99)] or term == "vdg", term


def test_recipe_of_differs_with_every_part_and_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    recipes = [recipe_of(parts) for parts in (["a", "b"], ["b", "a"], ["ab"], ["a", "b", ""], [])]
    assert len(set(recipes)) == 5
    assert recipe_of(["a", "b"]) == recipes[0]
    monkeypatch.setattr(builder, "_code", lambda: "andere code")
    assert recipe_of(["a", "b"]) != recipes[0]


def test_builder_cache_serves_the_evidence(tmp_path: Path) -> None:
    publish_corpus(tmp_path)
    texts, _ = evidence(PASSAGES, TITLES)
    encoder = CountingEncoder()
    embed_passages(texts, encoder, tmp_path / "cache" / "embeddings.sqlite")
    assert encoder.embedded == []
