from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from index import encoder as encoder_module
from index import model_export
from index.encoder import Encoder, OnnxEncoder, identify, load_encoder, unit_length
from index.errors import ModelError, ModelMismatchError, SearchIndexError
from index.exports import EXPORT_FORM, ExportRecord
from tests.index.tiny_model import tiny_model, tiny_tokenizer

ROOT = Path(__file__).parents[2]
TEXTS = ("a", "b c d", "", "q w e r t y " * 4, "z z z", "k l m n " * 60)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SentenceTransformer folder: a BertModel of two layers with random weights, mean pooling, no normalisation."""
    return tiny_model(tmp_path_factory.mktemp("tiny") / "model", seed=1)


@pytest.fixture(scope="module")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def encoder(tiny: Path, models_dir: Path) -> OnnxEncoder:
    loaded = load_encoder(str(tiny), models_dir)
    assert isinstance(loaded, OnnxEncoder)
    return loaded


def test_encoder_of_another_model_gives_its_own_vectors(encoder: OnnxEncoder, tiny: Path) -> None:
    from sentence_transformers import SentenceTransformer

    transformer = SentenceTransformer(str(tiny), device="cpu")
    assert encoder.record.served_by == "onnxruntime"
    assert encoder.record.difference <= 1e-5
    assert (encoder.dimension, encoder.name) == (32, str(tiny))
    for ours, theirs in (
        (encoder.encode_queries(TEXTS), transformer.encode([f"query: {text}".strip() for text in TEXTS])),
        (encoder.encode_passages(TEXTS), transformer.encode([f"passage: {text}".strip() for text in TEXTS])),
    ):
        assert ours.shape == (len(TEXTS), 32)
        assert ours.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
        assert (ours * unit_length(np.asarray(theirs))).sum(axis=1).min() > 0.9999
    queries, passages = encoder.encode_queries(["a"]), encoder.encode_passages(["a"])
    assert np.abs(queries - passages).max() > 1e-3  # the prompts do something


def test_encoder_gives_the_same_vector_in_whatever_batch(encoder: OnnxEncoder) -> None:
    texts = [" ".join("abcdefgh"[: 1 + i % 8] * (1 + i % 5)) for i in range(60)]
    together = encoder.encode_passages(texts)

    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    backwards = encoder.encode_passages(texts[::-1])[::-1]
    np.testing.assert_allclose(together, backwards, atol=1e-5)


def test_encoder_works_through_more_texts_than_it_holds_at_once(
    encoder: OnnxEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["a", "b c", "d e f", "g", "h i", "j", "k l m n o"]
    whole = encoder.encode_passages(texts)
    monkeypatch.setattr(encoder_module, "_TEXTS_AT_ONCE", 3)
    seen: list[int] = []

    np.testing.assert_allclose(encoder.encode_passages(texts, seen.append), whole, atol=1e-5)
    assert seen == sorted(set(seen))
    assert seen[-1] == len(texts)


def test_encoder_takes_no_texts_and_ignores_space_around_them(encoder: OnnxEncoder) -> None:
    assert encoder.encode_queries([]).shape == (0, 32)
    assert encoder.encode_passages([]).shape == (0, 32)
    np.testing.assert_allclose(encoder.encode_queries(["  a b\n"]), encoder.encode_queries(["a b"]), atol=1e-6)


def test_encoder_reads_no_further_than_the_model_can(encoder: OnnxEncoder) -> None:
    # 64 tokens: [CLS], one of the prompt and [SEP] leave 61.
    fitting = " ".join("abcdef" * 10 + "a")
    vectors = encoder.encode_queries([fitting, f"{fitting} z z z", fitting[:-1] + "z"])

    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-6)
    assert np.abs(vectors[0] - vectors[2]).max() > 1e-4


def test_encoder_bounds_size_and_padding_of_batches(encoder: OnnxEncoder) -> None:
    shapes: list[tuple[int, int, int]] = []

    class Session:
        def get_inputs(self) -> Sequence[Any]:
            return [SimpleNamespace(name="input_ids"), SimpleNamespace(name="attention_mask")]

        def run(self, _outputs: None, feed: dict[str, Any]) -> tuple[Any]:
            mask = feed["attention_mask"]
            shapes.append((*mask.shape, int(mask.sum(axis=1).min())))
            return (np.ones((len(mask), 32), np.float32),)

    counting = OnnxEncoder(encoder.record, Session(), encoder.tokenizer)
    counting.encode_passages([" ".join("a" * (1 + i % 50)) for i in range(500)])

    assert sum(rows for rows, _, _ in shapes) == 500
    assert all(rows * width <= encoder_module._BATCH_TOKENS for rows, width, _ in shapes)
    assert all(shortest >= width * (1 - encoder_module._MOST_PADDING) for _, width, shortest in shapes)
    assert len(shapes) < 100


def test_encoder_serves_without_torch(encoder: Encoder, tiny: Path, models_dir: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from index.encoder import identify, load_encoder\n"
        "model, models = sys.argv[1], Path(sys.argv[2])\n"
        "print(identify(model, models), 'onnxruntime' in sys.modules)\n"
        "encoder = load_encoder(model, models); print(encoder.encode_queries(['a']).shape)\n"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules])\n"
    )
    command = [sys.executable, "-c", script, str(tiny), str(models_dir)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == [f"{encoder.fingerprint} False", "(1, 32)", "[]"]


def test_encoder_identifies_a_model_only_while_it_is_the_same(encoder: Encoder, tiny: Path, models_dir: Path) -> None:
    assert identify(str(tiny), models_dir) == encoder.fingerprint
    assert identify(str(tiny), models_dir / "elsewhere") is None
    assert identify(models_dir=models_dir) is None  # the bundled model, not made here
    pooling = tiny / "1_Pooling" / "config.json"
    before = pooling.stat()
    try:
        os.utime(pooling, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
        assert identify(str(tiny), models_dir) is None
    finally:
        os.utime(pooling, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert identify(str(tiny), models_dir) == encoder.fingerprint


def test_encoder_fingerprint_follows_weights_and_prompts_not_the_place(
    encoder: Encoder, tiny: Path, tmp_path: Path
) -> None:
    load, fingerprint = model_export.load_sentence_transformer, model_export.fingerprint
    shutil.copytree(tiny, tmp_path / "copy")

    assert fingerprint(load(str(tmp_path / "copy"))) == encoder.fingerprint
    assert fingerprint(load(str(tiny_model(tmp_path / "other", seed=2)))) != encoder.fingerprint
    config = tmp_path / "copy" / "config_sentence_transformers.json"
    config.write_text(config.read_text().replace("query: ", "vraag: "))
    assert fingerprint(load(str(tmp_path / "copy"))) != encoder.fingerprint


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("model.onnx", None, "ontbreekt"),
        ("model.onnx", b"half", "niet heel"),
        ("model.onnx.data", b"half", "niet heel"),
        ("tokenizer.json", None, "ontbreekt"),
        ("encoder.json", b'{"form": ', "onleesbaar"),
        ("encoder.json", b'{"form": %d, "name": "x"}' % EXPORT_FORM, "onleesbaar"),
        ("model.onnx", b"\xff", "beschadigd"),  # of the right size
        ("tokenizer.json", b"{", "beschadigd"),
    ],
)
def test_encoder_names_the_damaged_file_and_what_to_do(
    encoder: Encoder, tiny: Path, models_dir: Path, tmp_path: Path, name: str, content: bytes | None, what: str
) -> None:
    shutil.copytree(models_dir, tmp_path / "models")
    (export,) = (tmp_path / "models" / "exports").iterdir()
    path = export / name
    size = path.stat().st_size
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content * size if what == "beschadigd" else content)

    with pytest.raises(ModelError) as raised:
        load_encoder(str(tiny), tmp_path / "models")
    assert what in str(raised.value)
    assert str(path) in str(raised.value)
    assert f"Verwijder de map {export}" in str(raised.value)


def test_encoder_serves_what_cannot_be_exported_all_the_same(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    # No transformer at all: a table of word vectors, whose inputs are not a transformer's.
    module = StaticEmbedding(tiny_tokenizer(), embedding_dim=16)
    SentenceTransformer(modules=[module], device="cpu").save_pretrained(str(tmp_path / "static"))
    said: list[str] = []
    loaded = load_encoder(str(tmp_path / "static"), tmp_path / "models", say=said.append)

    assert isinstance(loaded, model_export.SentenceTransformerEncoder)
    assert len(said) == 1
    done: list[int] = []
    vectors = loaded.encode_passages(["a b"] * 40, done.append)
    assert vectors.shape == (40, 16)
    assert done == [32, 40]
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(loaded.encode_queries(["a b"])[0], vectors[0], atol=1e-6)
    assert loaded.encode_passages([]).shape == (0, 16)
    assert identify(str(tmp_path / "static"), tmp_path / "models") == loaded.fingerprint


def test_encoder_refuses_an_export_with_other_vectors(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = OnnxEncoder.encode_passages
    monkeypatch.setattr(OnnxEncoder, "encode_passages", lambda self, texts: real(self, texts) * np.float32(0.99))
    record = model_export.export_model(str(tiny), "tiny", tmp_path / "export")

    assert record.served_by == "sentence_transformers"
    assert [path.name for path in (tmp_path / "export").iterdir()] == ["encoder.json"]
    assert ExportRecord.read(tmp_path / "export") == record


def test_encoder_of_a_hub_name_without_network_fails_soon_and_clearly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nothing listens there
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    start = time.monotonic()

    with pytest.raises(ModelError, match=r"verbinding met de modellenbank, of zet het model op deze computer"):
        load_encoder("nobody/no-such-model", tmp_path / "models")
    assert time.monotonic() - start < 60  # importing sentence-transformers is nearly all of it
    assert not (tmp_path / "models" / "exports").exists()


@pytest.mark.parametrize("model", ["/no/such/folder", "geen model", "bundled:other", "a/b/c", ""])
def test_encoder_of_something_that_is_no_model(model: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="bundled:multilingual-e5-small"):
        load_encoder(model, tmp_path)
    with pytest.raises(ModelError):
        identify(model, tmp_path)


def test_encoder_of_a_folder_without_a_model(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "modules.json").write_text(json.dumps([]))

    with pytest.raises(ModelError, match="volledig SentenceTransformer-model"):
        load_encoder(str(tmp_path / "empty"), tmp_path / "models")


def test_errors_say_when_only_the_weights_differ() -> None:
    assert "andere gewichten" in str(ModelMismatchError("e5", "e5"))
    assert "andere gewichten" not in str(ModelMismatchError("e5", "bge"))
    assert isinstance(ModelMismatchError("e5", "bge"), ModelError | SearchIndexError)


@pytest.mark.model
def test_encoder_of_the_default_model_knows_what_belongs_together() -> None:
    default = load_encoder()
    queries = ["Wie is de wethouder van sport?", "Wat kost een paspoort?", "Waar komen nieuwe woningen?"]
    passages = [
        "De gemeente bouwt 200 huizen aan de rand van het dorp.",
        "Voor een reisdocument betaalt u € 77.",
        "Beweegbeleid valt onder bestuurder J. de Vries.",
    ]

    best = (default.encode_queries(queries) @ default.encode_passages(passages).T).argmax(axis=1)
    assert best.tolist() == [2, 1, 0]
    assert default.dimension == 384
    assert identify() == default.fingerprint
