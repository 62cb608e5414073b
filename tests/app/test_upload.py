from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app_pages._beheer import access, upload_route
from app_pages._beheer import upload_publish as publishing
from app_pages._beheer import upload_staging as staging
from app_pages._beheer.upload_preview import preview_html, preview_of
from app_pages._beheer.upload_suggested import Themes, suggested
from index.settings import Settings
from ingest.documents import Source
from ingest.errors import UnreadableError
from ingest.pipeline import read_here
from ingest.sources import sources_of
from tests.app.fake_searcher import FakeSearcher

HOSTILE = "<script>alert(1)</script> **vet** &amp; \u202eomgekeerd"


def waits(settings: Settings, name: str, content: bytes = b"tekst") -> staging.Proposal:
    key, place = staging.new_place(settings.data)
    place.write_bytes(content)
    return staging.finish(settings.data, key, name, "a@b.nl")


# ── Names ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "safe"),
    [
        ("Jaar verslag (2024).PDF", "Jaar-verslag-2024.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\nota.docx", "nota.docx"),
        (".bronnen.toml", "bestand-bronnen.toml"),
        ("begrippen.toml", "bestand-begrippen.toml"),
        ("README.md", "bestand-README.md"),
        ("", "bestand"),
        ("...", "bestand"),
        ("a\x00b\n<script>.html", "a-b-script.html"),
        ("\u202efdp.exe", "fdp.exe"),
        ("Financiën.pdf", "Financiën.pdf"),
    ],
)
def test_safe_name_can_do_no_harm(typed: str, safe: str) -> None:
    assert staging.safe_name(typed) == safe


@pytest.mark.parametrize("letter", ["x", "ë", "語"])
def test_safe_name_is_never_too_long_for_a_disk(letter: str) -> None:
    name = staging.safe_name(letter * 5000 + ".pdf")

    assert name == letter * (200 // len(letter.encode())) + ".pdf"


@pytest.mark.parametrize("key", ["", "..", "../corpus", "x" * 24, "0" * 23])
def test_proposal_with_a_key_of_somebodys_own_is_none(places: Settings, key: str) -> None:
    staging.discard(places.data, key)
    assert staging.proposal(places.data, key) is None
    assert places.corpus.is_dir()


# ── Publishing ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_publish_puts_the_file_and_its_entry(places: Settings) -> None:
    one = waits(places, "nota.txt", b"inhoud")

    made = publishing.publish(
        places.data, places.corpus, one, publishing.place_beside(places.corpus, one.name), {"titel": "Nota"}
    )

    (source,) = sources_of(places.corpus)
    assert (source.id, source.title) == (made, "Nota")
    assert source.path is not None
    assert source.path.read_bytes() == b"inhoud"
    assert staging.proposals(places.data) == []


def test_publish_beside_never_overwrites(places: Settings) -> None:
    (places.corpus / "NOTA.txt").write_bytes(b"eerst")
    one = waits(places, "nota.txt", b"nieuw")

    place = publishing.place_beside(places.corpus, one.name)
    publishing.publish(places.data, places.corpus, one, place, {"titel": "Nota"})

    assert (places.corpus / "NOTA.txt").read_bytes() == b"eerst"
    assert (places.corpus / "nota-2.txt").read_bytes() == b"nieuw"


def test_publish_refuses_a_name_that_was_taken_meanwhile(places: Settings) -> None:
    one = waits(places, "nota.txt", b"nieuw")
    place = publishing.place_beside(places.corpus, one.name)
    (places.corpus / "nota.txt").write_bytes(b"eerst")

    with pytest.raises(publishing.PublishError):
        publishing.publish(places.data, places.corpus, one, place, {"titel": "Nota"})
    assert (places.corpus / "nota.txt").read_bytes() == b"eerst"
    assert staging.proposal(places.data, one.key) == one


@pytest.mark.parametrize("replaces", ["", "nota"])
def test_publish_that_the_register_refuses_changes_nothing(places: Settings, replaces: str) -> None:
    if replaces:
        (places.corpus / "nota.txt").write_bytes(b"eerst")
    one = waits(places, "nota.txt", b"nieuw")

    with pytest.raises(publishing.PublishError):
        publishing.publish(places.data, places.corpus, one, publishing.Place("nota.txt", replaces), {"titel": ""})
    files = {path.name: path.read_bytes() for path in places.corpus.iterdir() if path.name[0] != "."}
    assert files == ({"nota.txt": b"eerst"} if replaces else {})


def test_upload_gives_a_known_report_its_file(places: Settings) -> None:
    one = waits(places, "energievisie.txt", b"# Energievisie")
    register = places.corpus / "bronnen.toml"
    register.write_text("[[bron]]\nid = 'visie'\ntitel = 'Energievisie 2050'\ngenoemd = []\n")

    made = publishing.publish(
        places.data, places.corpus, one, publishing.Place("energievisie.txt", source="visie"), {"titel": "Visie"}
    )

    (source,) = sources_of(places.corpus)
    assert made == source.id == "visie"
    assert (source.title, source.path) == ("Visie", places.corpus / "energievisie.txt")
    assert "genoemd = []" in register.read_text()


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (("Energievisie Drenthe 2050", "x"), "Energievisie 2050"),
        (("", "economische_koers-Drenthe"), "Economische Koers"),
        (("Energievisie 2040", "x"), None),  # of another year
        (("Wegwijzer Drenthe", "energie"), None),
        (("", ""), None),
    ],
)
def test_upload_guesses_which_known_report_a_file_is(titles: tuple[str, str], expected: str | None) -> None:
    known = [Source(str(place), title) for place, title in enumerate(("Energievisie 2050", "Economische Koers"))]

    found = publishing.named_alike(known, titles)

    assert (found.title if found else None) == expected


def test_publish_a_new_version_keeps_the_id(places: Settings) -> None:
    (places.corpus / "Nota.txt").write_bytes(b"eerst")
    (before,) = sources_of(places.corpus)
    one = waits(places, "nota.txt", b"nieuw")
    found = publishing.source_with_file(places.corpus, [before], one.name)
    assert found == before

    made = publishing.publish(
        places.data, places.corpus, one, publishing.Place("Nota.txt", before.id), {"titel": "Nota 2"}
    )

    assert made == before.id
    assert (places.corpus / "Nota.txt").read_bytes() == b"nieuw"
    assert [(source.id, source.title) for source in sources_of(places.corpus)] == [(before.id, "Nota 2")]


# ── The route ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def client(places: Settings, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(access, "login_is_set", lambda: False)
    monkeypatch.setattr(access, "is_alone", lambda: True)
    monkeypatch.setattr(upload_route, "is_open", lambda session: session == "open")
    return TestClient(
        Starlette(routes=upload_route.routes()),
        "http://localhost:8501",
        client=("127.0.0.1", 5),
        follow_redirects=False,
    )


def send(client: TestClient, token: str, *files: tuple[str, bytes], **headers: str) -> str:
    answer = client.post(
        f"{upload_route.PATH}?sleutel={token}",
        files=[("bestanden", file) for file in files],
        headers={"origin": "http://localhost:8501", **headers},
    )
    assert answer.status_code == 303
    return str(answer.headers["location"])


def test_route_takes_files_of_an_open_page(client: TestClient, places: Settings) -> None:
    token = upload_route.token_for("", "open")

    where = send(client, token, ("../een.txt", b"een"), ("twee.txt", b"twee"))

    assert where == "beheer?deel=toevoegen"
    assert [one.name for one in staging.proposals(places.data)] == ["een.txt", "twee.txt"]
    assert "voorstel=" in send(client, token, ("drie.txt", b"drie"))


@pytest.mark.parametrize(
    ("session", "headers"),
    [
        ("gesloten", {}),
        ("open", {"x-forwarded-for": "127.0.0.1"}),
        ("open", {"origin": "https://kwaad.nl"}),
        ("open", {"host": "kwaad.nl"}),
    ],
)
def test_route_refuses_who_may_not(client: TestClient, places: Settings, session: str, headers: dict[str, str]) -> None:
    assert "geweigerd" in send(client, upload_route.token_for("", session), ("een.txt", b"een"), **headers)
    assert "geweigerd" in send(client, "geraden", ("een.txt", b"een"))
    assert staging.proposals(places.data) == []


def test_route_takes_nothing_where_the_portal_is_not_for_this_machine_alone(
    client: TestClient, places: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "is_alone", lambda: False)

    assert "geweigerd" in send(client, upload_route.token_for("", "open"), ("een.txt", b"een"))
    assert staging.proposals(places.data) == []


@pytest.mark.parametrize("cookies", [{}, {"_streamlit_user": "van-b"}, {"zoekportaal_deel": "van-a"}])
def test_route_with_a_login_asks_for_more_than_the_token(
    client: TestClient, places: Settings, monkeypatch: pytest.MonkeyPatch, cookies: dict[str, str]
) -> None:
    monkeypatch.setattr(access, "login_is_set", lambda: True)
    (places.data / "access.toml").write_text('toegang = ["a@b.nl"]')
    given = {"_streamlit_user": "van-a", "zoekportaal_deel": "toevoegen"}
    token = upload_route.token_for("a@b.nl", "open", access.login_of(given))
    client.cookies.update(cookies)

    assert "geweigerd" in send(client, token, ("een.txt", b"een"))
    assert "geweigerd" in send(client, upload_route.token_for("a@b.nl", "open"), ("een.txt", b"een"))
    assert staging.proposals(places.data) == []


def test_route_looks_at_the_list_again(client: TestClient, places: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "login_is_set", lambda: True)
    monkeypatch.delenv(access.VARIABLE, raising=False)
    client.cookies.set("_streamlit_user", "van-a")
    token = upload_route.token_for("a@b.nl", "open", access.login_of({"_streamlit_user": "van-a"}))
    (places.data / "access.toml").write_text('toegang = ["a@b.nl"]')
    assert "voorstel=" in send(client, token, ("een.txt", b"een"))

    (places.data / "access.toml").write_text('toegang = ["c@b.nl"]')

    assert "geweigerd" in send(client, token, ("een.txt", b"een"))


def test_route_refuses_what_is_too_large(client: TestClient, places: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_route, "MAX_BYTES", 10)
    monkeypatch.setattr(upload_route, "_AROUND", 300)
    token = upload_route.token_for("", "open")

    assert "te-groot" in send(client, token, ("groot.txt", b"x" * 5000))
    assert "onderbroken" in send(client, token, ("groot.txt", b"x" * 5000), **{"content-length": "20"})
    assert staging.proposals(places.data) == []


def test_route_says_that_there_is_no_file(client: TestClient) -> None:
    assert "leeg" in send(client, upload_route.token_for("", "open"), ("leeg.txt", b""))


def test_staging_clears_what_nobody_published(places: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    waits(places, "oud.txt")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 8 * 24 * 3600)

    assert staging.proposals(places.data) == []
    assert list((places.data / staging.FOLDER).iterdir()) == []


# ── Preview and proposals ────────────────────────────────────────────────────────────────────────────────────────


def read(text: str, name: str = "nota.md") -> Any:
    return read_here(Source("voorstel", name), text.encode(), name, "d")


def test_preview_shows_hostile_words_as_words() -> None:
    text = f"# Nota {HOSTILE}\n\n{HOSTILE} is een zin van de gemeente over wonen in Drenthe.\n"

    html = preview_html(preview_of(read(text, "nota.txt"), "nota.txt"))

    assert "<script" not in html
    assert "\u202e" not in html
    assert "&lt;script&gt;" in html


def test_preview_warns_of_a_bsn() -> None:
    preview = preview_of(read("# Brief\n\nHet burgerservicenummer (BSN) van de aanvrager is 111222333.\n"), "nota.md")

    assert preview.can_be_published
    assert "burgerservicenummer" in preview_html(preview)
    assert "111222333" not in preview.quarantined


def test_preview_of_what_cannot_be_read_says_why() -> None:
    preview = preview_of(UnreadableError("versleuteld", "Er zit een <wachtwoord> op."), "x.pdf")

    assert not preview.can_be_published
    assert "&lt;wachtwoord&gt;" in preview_html(preview)


def test_suggested_takes_title_year_publisher_and_portefeuille() -> None:
    themes = Themes(hit.passage for hit in FakeSearcher().search("onderwijs energie zorg afspraken", k=99).hits)
    made = read(
        "# Agenda onderwijs 2024\n\nGemeente Assen en de regio.\n\nAfstemming van nieuwkomersonderwijs en uitvoering "
        "van het onderzoek naar samenwerking in het Drentse onderwijsveld, met een coördinator voor gelijke kansen.\n"
    )

    told = suggested(made.document, made.passages, themes, ["", "Gemeente Assen"], date(2026, 11, 25))

    assert (told.title, told.year, told.publisher) == ("Agenda onderwijs 2024", 2024, "Gemeente Assen")
    assert told.portefeuilles in (("Onderwijs en Cultuur",), ())


def test_themes_without_passages_propose_nothing() -> None:
    made = read("# Nota\n\nEen zin over sport en bewegen in de gemeente.\n")

    assert Themes(()).of_document(made.passages) == ()
