from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from ingest.documents import CitedBy, Source
from ingest.errors import CorpusError, RegisterError
from ingest.sources import name_of, sources_of

ENTRY = '[[bron]]\nid = "sport"\ntitel = "Sportnota"\n'


def corpus(folder: Path, register: str | bytes = "", **files: bytes) -> Path:
    if register:
        (folder / "bronnen.toml").write_bytes(register.encode() if isinstance(register, str) else register)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def test_sources_of_a_full_entry(tmp_path: Path) -> None:
    register = """
    [[bron]]
    id = "regioplan"
    titel = "Regioplan Drenthe"
    uitgever = "Provincie Drenthe"
    jaar = 2023
    soort = "plan"
    portefeuilles = ["G&W", "financien"]
    bestand = "regioplan.pdf"
    adres = "https://www.provincie.drenthe.nl/regioplan"
    volg_links = true
    genoemd = [{ document = "overdracht", pagina = 12, woorden = "regioplan Drenthe" }]
    """
    (source,) = sources_of(corpus(tmp_path, register))
    assert source == Source(
        id="regioplan",
        title="Regioplan Drenthe",
        publisher="Provincie Drenthe",
        year=2023,
        portefeuilles=("Gezondheid en Welzijn", "Financiën"),
        path=tmp_path / "regioplan.pdf",
        url="https://www.provincie.drenthe.nl/regioplan",
        kind="plan",
        cited_by=(CitedBy("overdracht", 12, "regioplan Drenthe"),),
        follow_links=True,
    )


def test_sources_of_a_folder_without_a_register(tmp_path: Path) -> None:
    (tmp_path / "minvws__jaar_verslag-2024.pdf").write_bytes(b"x")
    (tmp_path / "onder").mkdir()
    (tmp_path / "onder" / "Café Financiën.pdf").write_bytes(b"x")
    found = sources_of(tmp_path)
    assert [(source.id, source.title) for source in found] == [
        ("minvws-jaar-verslag-2024", "minvws jaar verslag-2024"),
        ("onder-cafe-financien", "Café Financiën"),
    ]


def test_sources_leave_out_what_is_no_source(tmp_path: Path) -> None:
    for name in ("README.md", ".verborgen.pdf", "begrippen.toml", "typesetting/bron.typ", ".git/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert sources_of(corpus(tmp_path, ENTRY))[1:] == []


def test_sources_name_a_file_once_however_the_register_writes_it(tmp_path: Path) -> None:
    (tmp_path / "map").mkdir()
    written = ENTRY + 'bestand = "map/../sport.pdf"\n'
    assert [source.id for source in sources_of(corpus(tmp_path, written, **{"sport.pdf": b"x"}))] == ["sport"]


def test_sources_find_a_name_with_its_accents_written_in_another_way(tmp_path: Path) -> None:
    on_disk = unicodedata.normalize("NFD", "Financiën.pdf")
    (tmp_path / on_disk).write_bytes(b"x")
    (source,) = sources_of(corpus(tmp_path, ENTRY + 'bestand = "Financiën.pdf"\n'))
    assert source.path == tmp_path / on_disk


def test_sources_keep_an_entry_whose_file_is_gone(tmp_path: Path) -> None:
    (source,) = sources_of(corpus(tmp_path, ENTRY + 'bestand = "weg.pdf"\n'))
    assert source.path == tmp_path / "weg.pdf"


def test_sources_give_names_that_read_alike_ids_of_their_own(tmp_path: Path) -> None:
    names = ["a b.pdf", "a-b.pdf", "A_B.pdf", "sport.pdf", "...pdf", "x" * 200 + ".pdf"]
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    ids = [source.id for source in sources_of(corpus(tmp_path, ENTRY))]
    assert len(set(ids)) == len(ids) == len(names)  # '...pdf' is hidden, the register adds one
    assert "sport-2" in ids


def test_sources_have_a_storable_title_for_a_name_in_an_old_code_page(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/finan\xebn.pdf")
    Path(path).write_bytes(b"x")
    (source,) = sources_of(tmp_path)
    assert (source.title, source.path and name_of(source.path)) == ("finan?n", "finan?n.pdf")
    source.title.encode()


def test_sources_read_a_register_that_notepad_wrote(tmp_path: Path) -> None:
    assert sources_of(corpus(tmp_path, b"\xef\xbb\xbf" + ENTRY.replace("\n", "\r\n").encode()))[0].id == "sport"


@pytest.mark.parametrize(
    ("register", "said"),
    [
        ("[[bron]\n", "geen geldig TOML"),
        (b"\xff\xfe\x00", "geen geldig TOML"),
        ("bron = 3\n", "[[bron]]"),
        ('bron = ["sport"]\n', "[[bron]]"),
        ('[[bron]]\nid = "sport"\n', "mist het veld 'titel'"),
        ('[[bron]]\ntitel = "Sport"\n', "mist het veld 'id'"),
        ('[[bron]]\nid = "Sport Nota"\ntitel = "x"\n', "kleine letters"),
        (ENTRY + 'jaar = "2023"\n', "'jaar' heeft een verkeerde waarde"),
        (ENTRY + "jaar = true\n", "'jaar' heeft een verkeerde waarde"),
        (ENTRY + 'kleur = "rood"\n', "onbekend veld 'kleur'"),
        (ENTRY + 'portefeuilles = ["Landbouw"]\n', "Onbekende portefeuille 'Landbouw'"),
        (ENTRY + 'bestand = "../geheim.pdf"\n', "buiten de map"),
        (ENTRY + 'bestand = "/etc/passwd"\n', "buiten de map"),
        (ENTRY + 'bestand = "a\\u0000b.pdf"\n', "kan geen bestandsnaam zijn"),
        (ENTRY + f'bestand = "{"x" * 300}.pdf"\n', "kan geen bestandsnaam zijn"),
        (ENTRY + 'adres = "javascript:alert(1)"\n', "een adres begint met https://"),
        (ENTRY + 'genoemd = [{ woorden = "x" }]\n', "genoemd"),
        (ENTRY + ENTRY, "de id 'sport' staat er twee keer in"),
    ],
)
def test_sources_say_what_is_wrong_with_a_register(tmp_path: Path, register: str | bytes, said: str) -> None:
    with pytest.raises(RegisterError, match=r"bronnen\.toml") as caught:
        sources_of(corpus(tmp_path, register))
    assert said in str(caught.value)


def test_sources_refuse_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="bestaat niet"):
        sources_of(tmp_path / "weg")


def test_sources_of_an_empty_folder_are_none(tmp_path: Path) -> None:
    assert sources_of(tmp_path) == []
