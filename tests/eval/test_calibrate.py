from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from eval import calibrate
from eval.calibrate import FEATURES, LOST, Sentences, confidences, cross_validated, fit, measure, thresholds, write
from eval.measures import roc_auc
from index.answer import Calibration
from index.calibration import CALIBRATION
from index.encoder import Encoder
from index.errors import NoVersionError
from index.evidence import Evidence
from index.searcher import Searcher

ROOT = Path(__file__).parents[2]


def drawn(count: int, distance: float, share: float = 0.7) -> tuple[list[Sentences], NDArray[np.bool_]]:
    """Evidence of answerable and other questions, whose first feature lies `distance` deviations apart.

    Every question has one sentence: of several noise would choose one.
    """
    random = np.random.default_rng(3)
    answerable = np.arange(count) < share * count
    evidence = random.normal(size=(count, len(FEATURES)))
    evidence[:, 0] += distance * answerable
    evidence[:, 0] = 0.8 + evidence[:, 0] / 50  # cosines of an e5 model lie in such a narrow band
    return list(evidence[:, np.newaxis]), answerable


def test_fit_separates_what_can_be_separated() -> None:
    evidence, answerable = drawn(200, distance=12)
    weights = fit(evidence, answerable)
    assert weights.shape == (len(FEATURES) + 1,)
    assert np.isfinite(weights).all()
    confidence = confidences(evidence, weights)
    assert confidence[answerable].min() > 0.5 > confidence[~answerable].max()


def test_fit_leans_on_the_feature_that_tells() -> None:
    evidence, answerable = drawn(400, distance=3)
    spread = np.abs(fit(evidence, answerable)[1:]) * np.concatenate(evidence).std(axis=0)
    assert spread.argmax() == 0
    assert spread[0] > 5 * spread[1:].max()


def test_fit_of_noise_is_unsure() -> None:
    evidence, answerable = drawn(400, distance=0)
    assert np.abs(confidences(evidence, fit(evidence, answerable)) - 0.5).mean() < 0.15


def test_fit_weighs_both_classes_alike_whatever_their_numbers() -> None:
    evidence, answerable = drawn(600, distance=3, share=0.95)
    confidence = confidences(evidence, fit(evidence, answerable))
    assert abs((confidence[answerable] > 0.5).mean() - (confidence[~answerable] < 0.5).mean()) < 0.1


def test_fit_is_on_the_sentence_that_answers_best() -> None:
    evidence, answerable = drawn(200, distance=8)
    far = np.zeros((1, len(FEATURES)))
    weights = fit([np.concatenate([far, sentences, far]) for sentences in evidence], answerable)
    np.testing.assert_allclose(weights, fit(evidence, answerable))


def test_confidences_are_those_of_the_best_sentence() -> None:
    weights = np.array([0.0, 1.0, *[0.0] * (len(FEATURES) - 1)])
    sentences = np.zeros((3, len(FEATURES)))
    sentences[:, 0] = (-1.0, 2.0, 0.0)
    assert confidences([sentences, sentences[:1]], weights) == pytest.approx([0.8808, 0.2689], abs=1e-4)


def test_fit_with_a_feature_that_never_differs() -> None:
    evidence, answerable = drawn(100, distance=3)
    for sentences in evidence:
        sentences[:, 1] = 1.0
    assert np.isfinite(fit(evidence, answerable)).all()


def test_cross_validated_predicts_what_it_did_not_see() -> None:
    evidence, answerable = drawn(300, distance=4)
    confidence = cross_validated(evidence, answerable)
    assert ((confidence > 0) & (confidence < 1)).all()
    auc = roc_auc(confidence[answerable].tolist(), confidence[~answerable].tolist())
    assert auc is not None
    assert auc > 0.97
    np.testing.assert_array_equal(cross_validated(evidence, answerable), confidence)


def test_cross_validated_is_not_fooled_by_noise() -> None:
    evidence, answerable = drawn(200, distance=0, share=0.5)
    confidence = cross_validated(evidence, answerable)
    auc = roc_auc(confidence[answerable].tolist(), confidence[~answerable].tolist())
    assert auc is not None
    assert auc < 0.65


def test_thresholds_of_what_is_separated() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.2, 0.1])
    answerable = np.array([True, True, True, False, False])
    found = thresholds(confidence, answerable)
    assert 0.2 < found["not_found"] <= found["found"]
    assert found["lost"] <= 1 / 3
    assert found["refused"] == 1.0


@pytest.mark.parametrize("distance", [0, 1, 2, 4])
def test_thresholds_lose_few_answers_and_stand_in_order(distance: float) -> None:
    evidence, answerable = drawn(500, distance)
    confidence = confidences(evidence, fit(evidence, answerable))
    found = thresholds(confidence, answerable)
    assert 0 <= found["not_found"] <= found["found"] <= 1
    assert found["lost"] <= LOST + 0.01
    assert found["lost"] == pytest.approx((confidence[answerable] < found["not_found"]).mean(), abs=0.02)
    assert found["refused"] == pytest.approx((confidence[~answerable] < found["not_found"]).mean(), abs=0.02)


def test_thresholds_refuse_more_when_the_evidence_is_better() -> None:
    refused = []
    for distance in (1, 3, 6):
        evidence, answerable = drawn(500, distance)
        refused.append(thresholds(confidences(evidence, fit(evidence, answerable)), answerable)["refused"])
    assert refused == sorted(refused)
    assert refused[-1] > 0.95


def test_write_gives_a_module_that_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("index", "eval"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(calibrate, "ROOT", tmp_path)
    evidence, answerable = drawn(200, distance=3)
    weights = fit(evidence, answerable)
    confidence = cross_validated(evidence, answerable)
    figures = thresholds(confidence, answerable)
    write(weights, figures, confidence, answerable)

    module = tmp_path / "index" / "calibration.py"
    spoken: dict[str, object] = {}
    exec(compile(module.read_text(encoding="utf-8"), str(module), "exec"), spoken)
    calibration = spoken["CALIBRATION"]
    assert isinstance(calibration, Calibration)
    assert (calibration.found, calibration.not_found) == (figures["found"], figures["not_found"])
    row = dict(zip(FEATURES, evidence[0][0].tolist(), strict=True))
    assert calibration.confidence(Evidence(**row)) == pytest.approx(confidences(evidence, weights)[0], abs=0.01)
    style = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--check", "--config", str(ROOT / "pyproject.toml"), str(module)],
        capture_output=True,
        check=False,
    )
    assert style.returncode == 0

    kept = json.loads((tmp_path / "eval" / "results" / "calibration.json").read_text())
    assert (kept["questions"], kept["answerable"]) == (200, 140)
    assert sum(step["n"] for step in kept["curve"]) == 200
    observed = sum(step["n"] * step["answerable"] for step in kept["curve"])
    assert observed == pytest.approx(140, abs=1)


def test_measure_gives_the_evidence_of_every_question(searcher: Searcher, tmp_path: Path) -> None:
    file = tmp_path / "vragen.jsonl"
    entries = [
        {"id": "a", "question": "Welke zorgverzekeraar is preferent in onze regio?", "quotes": ["Zilveren Kruis"]},
        {"id": "b", "question": "Hoe vraag ik in Amsterdam een rijbewijs aan?", "quotes": []},
    ]
    file.write_text("\n".join(json.dumps(entry) for entry in entries))
    evidence, answerable = measure(searcher, [file])
    assert ([one.shape[1] for one in evidence], answerable.tolist()) == ([len(FEATURES)] * 2, [True, False])
    assert all(len(one) and np.isfinite(one).all() for one in evidence)
    best, worst = (one[int(np.argmax(one[:, FEATURES.index("coverage")]))] for one in evidence)
    told = dict(zip(FEATURES, best - worst, strict=True))
    assert told["coverage"] > 0
    assert told["missing"] < 0


def test_calibrate_fits_the_features_that_the_searcher_has() -> None:
    own = {field.name for field in fields(Calibration)}
    assert own == {*FEATURES, "intercept", "found", "not_found"}
    assert isinstance(CALIBRATION, Calibration)


def test_calibrate_dry_run_writes_nothing(
    searcher: Searcher,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    toy_encoder: Encoder,
) -> None:
    monkeypatch.setattr(calibrate, "open_searcher", lambda *arguments, **named: searcher)
    monkeypatch.setattr(calibrate, "write", lambda *arguments: pytest.fail("written"))
    assert calibrate.main(["--dry-run", "--data", str(tmp_path)]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert {"weights", "found", "not_found", "lost", "refused", "auc_cross_validated"} <= set(figures)


def test_calibrate_without_an_index_says_so_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = calibrate.main(["--dry-run", "--data", str(tmp_path)])
    except NoVersionError:
        pytest.fail("a traceback is shown")
    assert status == 1
    assert "Er is nog geen zoekindex" in capsys.readouterr().err
