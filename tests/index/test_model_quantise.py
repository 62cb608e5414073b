from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from index import exports, model_quantise
from index.encoder import OnnxEncoder, load_encoder
from index.exports import INT8_FORM, INT8_GRAPH, INT8_RECORD, ExportRecord
from index.model_quantise import OUTLIERS, as_bytes, as_half_bytes, outliers, quantise
from tests.index.tiny_model import tiny_model

TEXTS = ("a", "b c d", "q w e r t y " * 4, "z z z", "k l m n " * 60)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("tiny") / "model", seed=1)


@pytest.fixture(scope="module")
def models(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the model was exported, in float32 only."""
    folder = tmp_path_factory.mktemp("models")
    load_encoder(str(tiny), folder)
    return folder


@pytest.fixture
def own(models: Path, tmp_path: Path) -> Path:
    return shutil.copytree(models, tmp_path / "models")


def loaded(tiny: Path, models: Path, precision: str) -> OnnxEncoder:
    encoder = load_encoder(str(tiny), models, precision=precision)
    assert isinstance(encoder, OnnxEncoder)
    return encoder


def test_quantise_gives_nearly_the_same_vectors_under_the_same_fingerprint(tiny: Path, own: Path) -> None:
    small, whole = loaded(tiny, own, "int8"), loaded(tiny, own, "float32")

    assert (small.precision, whole.precision) == ("int8", "float32")
    assert small.fingerprint == whole.fingerprint
    assert 0 < small.record.difference < 2e-3
    for ours, theirs in (
        (small.encode_queries(TEXTS), whole.encode_queries(TEXTS)),
        (small.encode_passages(TEXTS), whole.encode_passages(TEXTS)),
    ):
        assert (ours * theirs).sum(axis=1).min() > 0.99
        assert np.abs(ours - theirs).max() > 1e-5  # it is another graph


def test_quantise_gives_the_same_vector_in_whatever_batch(tiny: Path, own: Path) -> None:
    small = loaded(tiny, own, "int8")
    texts = [" ".join("abcdefgh"[: 1 + i % 8] * (1 + i % 5)) for i in range(40)]

    together = small.encode_passages(texts)

    alone = np.concatenate([small.encode_passages([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=2e-3)


def test_quantise_is_done_once_and_again_for_another_export(
    tiny: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    for _ in range(2):
        load_encoder(str(tiny), own, precision="int8", say=said.append)
    assert len(said) == 1
    (folder,) = (own / "exports").iterdir()
    record = ExportRecord.read(folder, INT8_RECORD, INT8_FORM)
    assert record
    (folder / INT8_RECORD).write_text((folder / INT8_RECORD).read_text().replace(record.fingerprint, "0" * 64))
    load_encoder(str(tiny), own, precision="int8", say=said.append)
    assert len(said) == 2


def test_quantise_serves_float32_where_int8_gives_other_vectors(
    tiny: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder,) = (own / "exports").iterdir()
    monkeypatch.setattr(model_quantise, "LEAST_COSINE", 1.0)  # as on a processor that overflows
    quantise(folder)

    served = loaded(tiny, own, "int8")
    assert (served.precision, served.record.graph) == ("float32", "model.onnx")
    np.testing.assert_array_equal(served.encode_queries(TEXTS), loaded(tiny, own, "float32").encode_queries(TEXTS))


def test_quantise_serves_float32_where_nothing_can_be_written(
    tiny: Path, own: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(exports.Source, "quantise", refuse)
    assert loaded(tiny, own, "int8").precision == "float32"
    assert "cannot be made" in caplog.text


def test_quantise_is_made_ready_by_who_reads_in_float32(tiny: Path, own: Path) -> None:
    encoder = load_encoder(str(tiny), own, ready="int8")
    assert isinstance(encoder, OnnxEncoder)
    assert encoder.precision == "float32"
    assert [path.name for path in own.rglob(INT8_RECORD)] == [INT8_RECORD]


def test_quantise_leaves_the_float32_export_as_it_was(tiny: Path, own: Path) -> None:
    (folder,) = (own / "exports").iterdir()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    quantise(folder)
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {INT8_GRAPH, f"{INT8_GRAPH}.data", INT8_RECORD}


def test_quantise_finds_the_channels_that_stand_out() -> None:
    sizes = np.ones(100, dtype=np.float32)
    assert len(outliers(sizes)) == 0
    sizes[[7, 3]] = 40, 60
    assert set(outliers(sizes)) >= {3, 7}
    assert len(outliers(sizes)) == OUTLIERS
    assert list(outliers(sizes)) == sorted(outliers(sizes))
    assert len(outliers(np.append(np.ones(1535), 50).astype(np.float32))) == 16
    assert len(outliers(np.ones(4, dtype=np.float32))) == 0


def test_quantise_bytes_are_steps_of_their_column() -> None:
    matrix = np.array([[1, 4, 0], [-0.5, 2, 0]], dtype=np.float32)
    values, steps = as_bytes(matrix)
    assert values.tolist() == [[127, 127, 0], [-64, 64, 0]]
    np.testing.assert_allclose(values * steps, matrix, atol=4 / 127)


def test_quantise_keeps_a_table_in_half_bytes_only_without_loss() -> None:
    chance = np.random.default_rng(1)
    levels = chance.integers(-8, 8, (50, 2, 32))
    levels[..., 0] = -8
    steps = chance.uniform(-1, 1, (50, 2, 1)).astype(np.float32)
    table = (levels * steps).astype(np.float32).reshape(50, 64)

    packed = as_half_bytes(table)

    assert packed is not None
    assert packed[0].shape == (50, 32)
    assert packed[1].shape == (50, 2)
    low, high = (packed[0] & 15).astype(int) - 8, (packed[0] >> 4).astype(int) - 8
    unpacked = np.stack([low, high], axis=-1).reshape(50, 2, 32) * packed[1][..., None]
    np.testing.assert_allclose(unpacked.reshape(50, 64), table, atol=1e-6)
    assert as_half_bytes(chance.standard_normal((50, 64)).astype(np.float32)) is None
    assert as_half_bytes(table[:, :40]) is None


def test_quantise_refuses_a_folder_without_a_graph(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no graph"):
        quantise(tmp_path)
    assert exports.ExportRecord.read(tmp_path) is None
