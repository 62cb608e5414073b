from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.begrippen import Begrippen, BegrippenError, StoredBegrippen, read_begrippen, read_stored, write_stored
from index.builder import build_and_publish
from index.dutch import Analyser
from index.errors import DamagedVersionError
from index.forgetting import forget
from index.searcher import Searcher
from index.versions import open_current
from ingest.documents import Source
from tests.conftest import Bureau, ToyEncoder
from tests.index.toy import document_of, passage_of

ROOT = Path(__file__).parents[2]


def written_to(folder: Path, text: str) -> Path:
    (folder / "begrippen.toml").write_text(text, encoding="utf-8")
    return folder


def test_begrippen_reads_groups_and_abbreviations(tmp_path: Path) -> None:
    corpus = written_to(
        tmp_path,
        '\ufeff[[afkorting]]\nkort = "Wlz"\nvoluit = "Wet  langdurige zorg"\n'
        '[[begrip]]\nwoorden = ["gemeentekas", "gemeentefinanciën"]\n',
    )
    assert read_begrippen(corpus) == (("gemeentekas", "gemeentefinanciën"), ("Wlz", "Wet langdurige zorg"))


def test_begrippen_without_a_file_or_with_an_empty_one_there_are_none(tmp_path: Path) -> None:
    assert read_begrippen(tmp_path) == ()
    assert read_begrippen(written_to(tmp_path, "# leeg\n")) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[begrip]\n", "geen geldig TOML"),
        (
            '[[begrippen]]\nwoorden = ["a", "b"]',
            r"'begrippen' is onbekend; schrijf \[\[begrip\]\] of \[\[afkorting\]\]",
        ),
        ('[begrip]\nwoorden = ["a", "b"]', r"schrijf elk blok als \[\[begrip\]\]"),
        ('[[begrip]]\nwoorden = ["huis", "woning"]\n[[begrip]]\n', "begrip 2 mist het veld 'woorden'"),
        ('[[begrip]]\nwoord = ["huis", "woning"]', "begrip 1 heeft een onbekend veld 'woord'. Mogelijk: woorden"),
        ('[[begrip]]\nwoorden = "huis, woning"', "begrip 1: schrijf de woorden tussen haken"),
        ('[[begrip]]\nwoorden = ["huis"]', "begrip 1: geef twee of meer woorden"),
        ('[[begrip]]\nwoorden = ["Huis", "huis"]', "begrip 1: geef twee of meer woorden die van elkaar verschillen"),
        ('[[begrip]]\nwoorden = ["huis", 3]', "begrip 1: 3 is geen tekst"),
        ('[[begrip]]\nwoorden = ["huis", "?"]', "moet uit 1 tot 8 woorden bestaan"),
        ('[[begrip]]\nwoorden = ["huis", "het"]', "'het' komt in bijna elke zin voor"),
        ('[[afkorting]]\nkort = "Wlz"', "afkorting 1 mist het veld 'voluit'"),
        ('[[afkorting]]\nkort = "Wet zorg"\nvoluit = "Wet langdurige zorg"', "'kort' is één woord"),
        ('[[afkorting]]\nkort = "Wlz"\nvoluit = "WLZ"', "'kort' en 'voluit' zijn hetzelfde"),
    ],
)
def test_begrippen_that_are_wrong_are_refused_in_dutch(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BegrippenError, match=said) as raised:
        read_begrippen(written_to(tmp_path, text))
    assert str(raised.value).startswith("begrippen.toml: ")


def test_begrippen_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "begrippen.toml").write_bytes(b"\xff\xfe[[begrip]]")
    with pytest.raises(BegrippenError, match="niet te lezen"):
        read_begrippen(tmp_path)


def test_begrippen_of_the_corpus_are_right() -> None:
    groups = read_begrippen(ROOT / "corpus")
    assert ("Wlz", "Wet langdurige zorg") in groups
    assert ("gemeentekas", "gemeentefinanciën", "gemeentelijke financiën") in groups


def test_begrippen_of_a_version_are_kept(tmp_path: Path) -> None:
    stored = StoredBegrippen((("gemeentekas", "gemeentefinanciën"),), (("IZA", "Integraal Zorgakkoord"),))
    write_stored(tmp_path / "begrippen.json", stored)
    assert read_stored(tmp_path / "begrippen.json") == stored


@pytest.mark.parametrize("content", ["", "[]", '{"own": []}', '{"own": [], "found": [1]}', "[" * 100_000])
def test_begrippen_of_a_version_that_are_damaged_say_so(tmp_path: Path, content: str) -> None:
    (tmp_path / "begrippen.json").write_text(content)
    with pytest.raises(DamagedVersionError, match=r"begrippen\.json ontbreekt of is onleesbaar"):
        read_stored(tmp_path / "begrippen.json")


# ── In a question ────────────────────────────────────────────────────────────────────────────────────────────────

GROUPS = (
    ("gemeentekas", "gemeentefinanciën"),
    ("IZA", "Integraal Zorgakkoord"),
    ("DOE", "Drents Overleg Energie"),
    ("wet", "wetgeving"),
    ("Wlz", "Wet langdurige zorg"),
)


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("Hoe vol is de gemeentekas?", ["gemeentefinanciën"]),
        ("gemeentekassen", ["gemeentefinanciën"]),
        ("Wat regelt het IZA?", ["Integraal Zorgakkoord"]),
        ("wat regelt het iza", ["Integraal Zorgakkoord"]),
        ("Wat staat er in het integraal zorgakkoord?", ["IZA"]),
        ("Het Integraal Zorgakkoord (IZA)", []),  # both stand there
        ("Wat doet DOE?", ["Drents Overleg Energie"]),
        ("wat doe ik met energie", []),  # another word in small letters
        ("de wet langdurige zorg", ["Wlz"]),  # the longest
        ("integraal", []),
        ("", []),
    ],
)
def test_begrippen_finds_what_means_the_same_in_both_directions(question: str, others: list[str]) -> None:
    meanings = Begrippen(GROUPS, Analyser()).meanings(question)
    assert [other.text for meaning in meanings for other in meaning.others] == others


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    data = tmp_path_factory.mktemp("begrippen")
    units = [
        "De gemeentefinanciën staan er goed voor.",
        "Het Integraal Zorgakkoord (IZA) is getekend.",
        "Het Integraal Zorgakkoord geldt tot en met 2026.",
        "Wij voeren de plannen uit het IZA uit.",
        *(f"De regio maakt in jaar {year} een plan voor natuur en water." for year in range(2010, 2020)),
    ]
    document = document_of(Source("stuk", "Een stuk"), [units])
    passages = [passage_of("stuk", number, [unit]) for number, unit in enumerate(units, start=1)]
    own = [("gemeentekas", "gemeentefinanciën")]
    build_and_publish(data, [document], passages, {document.digest: b"stuk"}, (), ToyEncoder(), "recept", begrippen=own)
    return Searcher(data, ToyEncoder())


def test_begrippen_of_the_bureau_find_the_other_word(searcher: Searcher) -> None:
    scored = searcher.score(searcher.read("Hoe is het met de gemeentekas?"))
    assert list((scored.words > 0).nonzero()[0]) == [0]
    (candidate,) = searcher.judge.ranked(scored, np.arange(len(scored.fused)) == 0)[2]
    (evidence,) = candidate.evidence
    assert (evidence.coverage, evidence.known) == (1.0, 1.0)
    result = searcher.search("gemeentekas")
    assert result.reading.also == ("gemeentefinanciën",)
    assert result.hits[0].why.words == ("gemeentefinanciën",)


@pytest.mark.parametrize("question", ["Wat regelt het IZA?", "Wat regelt het Integraal Zorgakkoord?"])
def test_begrippen_that_the_documents_write_out_are_searched_in_both_directions(
    searcher: Searcher, question: str
) -> None:
    scored = searcher.score(searcher.read(question))
    assert set((-scored.words).argsort()[:3]) == {1, 2, 3}
    assert (scored.words > 0).sum() == 3


def test_begrippen_do_not_add_what_the_question_leaves_out(searcher: Searcher) -> None:
    result = searcher.search("Integraal Zorgakkoord -IZA")
    assert result.reading.also == ()
    assert all("IZA" not in hit.passage.text for hit in result.hits)


def test_begrippen_a_passage_that_holds_both_counts_once(searcher: Searcher) -> None:
    scored = searcher.score(searcher.read("IZA"))
    assert scored.words[1] < scored.words[2] + scored.words[3]


def test_begrippen_of_a_document_that_is_forgotten_go_with_it(tmp_path: Path) -> None:
    texts = {"blijft": "Het Integraal Zorgakkoord (IZA) geldt.", "gaat": "Het Geheim Overleg Noord (GON) komt bijeen."}
    documents = [document_of(Source(name, name), [[text]]) for name, text in texts.items()]
    passages = [passage_of(name, 1, [text]) for name, text in texts.items()]
    contents = {document.digest: document.source.id.encode() for document in documents}
    build_and_publish(
        tmp_path, documents, passages, contents, (), ToyEncoder(), "recept", begrippen=[("huis", "woning")]
    )
    assert ("GON", "Geheim Overleg Noord") in read_stored(open_current(tmp_path)[1].begrippen).found

    forget(tmp_path, "gaat")

    left = StoredBegrippen((("huis", "woning"),), (("IZA", "Integraal Zorgakkoord"),))
    assert read_stored(open_current(tmp_path)[1].begrippen) == left


# ── In an ingest ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_begrippen_that_changed_make_a_new_version_and_wrong_ones_make_none(bureau: Bureau) -> None:
    bureau.put("stuk.pdf", "De gemeentefinanciën staan er goed voor.")
    assert bureau.run("--offline") == 0
    assert bureau.run("--offline") == 0
    assert len(bureau.versions()) == 1

    written_to(bureau.corpus, '[[begrip]]\nwoorden = ["gemeentekas", "gemeentefinanciën"]\n')
    assert bureau.run("--offline") == 0
    assert len(bureau.versions()) == 2
    assert Searcher(bureau.data, bureau.encoder).search("gemeentekas").reading.also == ("gemeentefinanciën",)

    written_to(bureau.corpus, "[[begrip]]\n")
    assert bureau.run("--offline") == 1
    assert "begrip 1 mist het veld 'woorden'" in bureau.err
    assert len(bureau.versions()) == 2


def test_begrippen_give_capitals_to_abbreviations_that_are_words_in_small_letters() -> None:
    begrippen = Begrippen((("DOE", "Drents Overleg Energie"), ("VNG", "Vereniging")), Analyser())
    assert begrippen.capitals("wat is doe?") == "wat is DOE?"
    assert begrippen.capitals("doen, vng") == "doen, vng"
    assert Begrippen((), Analyser()).capitals("doe") == "doe"
