from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest

from ingest.errors import NotKeptError, RegisterError
from ingest.register import Value, add_source, change_source, registered_ids, rewrite
from ingest.sources import sources_of

TEXT = """# Van het bureau.

[[bron]]
id = "sport"          # vast
titel = "Sportnota"
jaar = 2020
genoemd = [
  { pagina = 2, woorden = "Sportnota" },  # hier
]

# --- Wonen

[[bron]]
id = "wonen"
titel = "Woonvisie"
portefeuilles = []
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "bronnen.toml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def test_register_change_touches_only_what_changed(corpus: Path) -> None:
    change_source(corpus, "sport", {"titel": 'Nota "Sport"', "jaar": None})

    expected = TEXT.replace('titel = "Sportnota"', 'titel = "Nota \\"Sport\\""').replace("jaar = 2020\n", "")
    assert (corpus / "bronnen.toml").read_text("utf-8") == expected


def test_register_keeps_the_line_ends_of_windows(corpus: Path) -> None:
    (corpus / "bronnen.toml").write_bytes(TEXT.replace("\n", "\r\n").encode("utf-8-sig"))

    change_source(corpus, "wonen", {"titel": "Visie"})

    assert b'titel = "Visie"\r\n' in (corpus / "bronnen.toml").read_bytes()
    assert b"# --- Wonen\r\n" in (corpus / "bronnen.toml").read_bytes()


def test_register_adds_at_the_end_under_a_free_id(corpus: Path) -> None:
    portefeuilles = ["Sport", "Financiën"]
    fields: dict[str, Value | None] = {"titel": "Sport", "portefeuilles": portefeuilles, "jaar": 2024, "uitgever": None}

    assert add_source(corpus, fields) == "sport-2"
    assert (corpus / "bronnen.toml").read_text("utf-8").startswith(TEXT)
    added = sources_of(corpus)[-1]
    assert (added.title, added.year, added.portefeuilles) == ("Sport", 2024, ("Sport", "Financiën"))


def test_register_adds_to_a_folder_without_one(tmp_path: Path) -> None:
    assert add_source(tmp_path, {"titel": "../../Één <b>"}) == "een-b"
    assert registered_ids(tmp_path) == {"een-b"}


@pytest.mark.parametrize("title", ["]]\n[[bron]]\nid = 'x'", '"""', "a\u202eb", "x" * 10_000, "'''\\"])
def test_register_takes_hostile_words_as_words(corpus: Path, title: str) -> None:
    source_id = add_source(corpus, {"titel": title})

    assert next(one for one in sources_of(corpus) if one.id == source_id).title == title
    assert len(sources_of(corpus)) == 3


@pytest.mark.parametrize(
    "fields", [{"titel": ""}, {"adres": "ftp://x"}, {"bestand": "../x.pdf"}, {"portefeuilles": ["?"]}]
)
def test_register_that_would_be_wrong_stays_as_it_was(corpus: Path, fields: dict[str, str]) -> None:
    with pytest.raises(RegisterError):
        change_source(corpus, "sport", fields)
    assert (corpus / "bronnen.toml").read_text("utf-8") == TEXT


def test_register_says_that_a_source_is_gone(corpus: Path) -> None:
    with pytest.raises(RegisterError, match="weg"):
        change_source(corpus, "weg", {"titel": "x"})


def test_register_says_in_dutch_that_the_disk_refuses(corpus: Path) -> None:
    (corpus / ".bronnen.toml.deel").mkdir()  # where the new file would be written

    with pytest.raises(NotKeptError, match=r"bronnen\.toml kan niet worden bewaard"):
        change_source(corpus, "sport", {"titel": "Nota"})
    with pytest.raises(NotKeptError, match=r"begrippen\.toml kan niet"):
        rewrite(corpus / "weg" / "begrippen.toml", "", str)
    assert (corpus / "bronnen.toml").read_text("utf-8") == TEXT


def test_register_loses_nothing_when_many_write_at_a_time(corpus: Path) -> None:
    threads = [Thread(target=add_source, args=(corpus, {"titel": f"Bron {number}"})) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(sources_of(corpus)) == 14
