"""`python -m eval.calibrate` fits the confidence on the questions of eval/ and writes index/calibration.py.

A logistic curve over the evidence of the sentence that answers best, by Newton's method with a small ridge. Which
sentence that is depends on the curve, so the two take turns; five-fold cross-validation says how it does on questions
that it was not fitted on. The figures go to eval/results/.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import astuple, fields
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.__main__ import data_of
from eval.measures import roc_auc
from eval.questions import QuestionsError, read_questions
from index.errors import SearchIndexError
from index.evidence import Evidence
from index.searcher import Searcher, open_searcher
from index.settings import ROOT, Settings

# The evidence of one question's sentences: (sentences, features).
Sentences = NDArray[np.float64]
FEATURES = tuple(field.name for field in fields(Evidence))
FILES = (
    "questions.jsonl",
    "questions_second.jsonl",
    "unanswerable.jsonl",
    "unanswerable_far.jsonl",
    "answerable_extra.jsonl",
)
GENERATED = ROOT / "eval" / "generated"
# Where the fit begins: a sentence answers that is near, covers the words, and lacks nothing.
BEGIN = dict.fromkeys(FEATURES, 1.0) | dict.fromkeys(("lacking", "missing", "heaviest"), -2.0)
# Curve and sentences take turns at most so often; they stop changing after three or four.
TURNS = 10
RIDGE = 1.0
FOLDS = 5
# At most this share of the answerable questions may be called not found.
LOST = 0.02
_MODULE = '''"""The numbers of the calibrated confidence, fitted by `python -m eval.calibrate`. Do not edit by hand."""

from __future__ import annotations

from index.answer import Calibration

CALIBRATION = Calibration(
{lines}
)
'''


def main(arguments: Sequence[str] | None = None) -> int:
    """Fits, reports and, unless told otherwise, writes."""
    settings = Settings.of_environment()
    parser = argparse.ArgumentParser(prog="python -m eval.calibrate", description="IJk de zekerheid van antwoorden.")
    parser.add_argument("files", nargs="*", type=Path, help="vragen over de documenten in --data")
    parser.add_argument("--data", type=Path, default=settings.data)
    parser.add_argument("--dry-run", action="store_true", help="schrijf niets")
    given = parser.parse_args(arguments)
    try:
        evidence, answerable = _measured(given.files, given.data, settings)
    except (SearchIndexError, QuestionsError) as error:
        print(error, file=sys.stderr)
        return 1
    weights = fit(evidence, answerable)
    held_out = cross_validated(evidence, answerable)
    figures = thresholds(held_out, answerable)
    figures["auc_fitted"] = roc_auc(*_split(confidences(evidence, weights), answerable)) or 0.0
    figures["auc_cross_validated"] = roc_auc(*_split(held_out, answerable)) or 0.0
    print(
        json.dumps({"weights": dict(zip(("intercept", *FEATURES), weights.round(3).tolist(), strict=True)), **figures})
    )
    if not given.dry_run:
        write(weights, figures, held_out, answerable)
    return 0


def _measured(files: Sequence[Path], data: Path, settings: Settings) -> tuple[list[Sentences], NDArray[np.bool_]]:
    """What `measure` gives for these files, or for all questions of eval/, on two corpora."""
    opened = partial(open_searcher, model=settings.model, models=settings.models, precision=settings.precision)
    searcher = opened(data)
    if files:
        return measure(searcher, files)
    evidence, answerable = measure(searcher, [ROOT / "eval" / name for name in FILES])
    more, also = measure(opened(data_of(GENERATED / "corpus", data)), [GENERATED / "questions.jsonl"])
    return evidence + more, np.concatenate([answerable, also])


def measure(searcher: Searcher, files: Sequence[Path]) -> tuple[list[Sentences], NDArray[np.bool_]]:
    """For each question the evidence of its sentences, and whether it is answerable (n,)."""
    questions = [question for file in files for question in read_questions(file)]
    rows = [[astuple(one) for one in searcher.evidence_for(question.question)] for question in questions]
    return [np.array(row, dtype=float) for row in rows], np.array([question.answerable for question in questions])


def fit(evidence: Sequence[Sentences], answerable: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Intercept and weights of the curve whose highest point over a question's sentences is its confidence.

    Only the sentence that answers best is fitted on: it is chosen by the curve before, until the choice stays.
    """
    weights = np.array([0.0, *BEGIN.values()])
    chosen: list[int] = []
    for _ in range(TURNS):
        before, chosen = chosen, [int(np.argmax(sentences @ weights[1:])) for sentences in evidence]
        if chosen == before:
            break
        weights = fit_curve(np.array([one[at] for one, at in zip(evidence, chosen, strict=True)]), answerable)
    return weights


def fit_curve(evidence: NDArray[np.float64], answerable: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Intercept and weights of the logistic curve over evidence (n, features), one sentence a question.

    Both classes weigh the same, whatever their numbers.

    The ridge works on standardised features, since cosines differ by hundredths and margins by units.
    """
    mean, deviation = evidence.mean(axis=0), evidence.std(axis=0) + 1e-9
    design = np.hstack([np.ones((len(evidence), 1)), (evidence - mean) / deviation])
    share = answerable.mean()
    balance = np.where(answerable, 0.5 / share, 0.5 / (1 - share))
    weights = np.zeros(design.shape[1])
    ridge = RIDGE * np.eye(len(weights))
    ridge[0, 0] = 0.0
    for _ in range(50):
        chance = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (balance * (answerable - chance)) - ridge @ weights
        curvature = (design * (balance * chance * (1 - chance))[:, None]).T @ design + ridge
        step = np.linalg.solve(curvature, gradient)
        weights += step
        if np.abs(step).max() < 1e-9:
            break
    slopes = weights[1:] / deviation
    return np.concatenate([[weights[0] - slopes @ mean], slopes])


def cross_validated(evidence: Sequence[Sentences], answerable: NDArray[np.bool_], seed: int = 7) -> NDArray[np.float64]:
    """The confidence of each question by a curve that was fitted without it."""
    order = np.random.default_rng(seed).permutation(len(evidence))
    confidence = np.zeros(len(evidence))
    for fold in range(FOLDS):
        left_out = order[fold::FOLDS]
        rest = np.setdiff1d(order, left_out)
        weights = fit([evidence[place] for place in rest], answerable[rest])
        confidence[left_out] = confidences([evidence[place] for place in left_out], weights)
    return confidence


def thresholds(confidence: NDArray[np.float64], answerable: NDArray[np.bool_]) -> dict[str, float]:
    """Below `not_found` few answerable questions lie; at `found` the two kinds part best (Youden's J).

    A demand on precision would not do: on these questions it is flat, 0.89 from a threshold of 0.40 to one of 0.57.
    """
    not_found = float(np.quantile(confidence[answerable], LOST))
    steps = np.sort(confidence[confidence >= not_found])
    apart = [(confidence[answerable] >= step).mean() - (confidence[~answerable] >= step).mean() for step in steps]
    found = float(steps[int(np.argmax(apart))])
    return {
        "found": round(max(found, not_found), 3),
        "not_found": round(not_found, 3),
        "lost": float((confidence[answerable] < not_found).mean()),
        "refused": float((confidence[~answerable] < not_found).mean()),
        "answerable_found": float((confidence[answerable] >= found).mean()),
        "unanswerable_found": float((confidence[~answerable] >= found).mean()),
    }


def write(
    weights: NDArray[np.float64],
    figures: dict[str, float],
    confidence: NDArray[np.float64],
    answerable: NDArray[np.bool_],
) -> None:
    """index/calibration.py and eval/results/calibration.json, with the curve in ten steps."""
    values = dict(zip(("intercept", *FEATURES), weights.round(3).tolist(), strict=True))
    values |= {"found": figures["found"], "not_found": figures["not_found"]}
    lines = "\n".join(f"    {name}={value}," for name, value in values.items())
    (ROOT / "index" / "calibration.py").write_text(_MODULE.format(lines=lines), encoding="utf-8")
    curve = []
    for low in np.arange(0.0, 1.0, 0.1):
        inside = (confidence >= low) & (confidence < low + 0.1 + 1e-9 * (low > 0.85))
        if inside.any():
            observed = round(float(answerable[inside].mean()), 3)
            curve.append(
                {"confidence": [round(low, 1), round(low + 0.1, 1)], "n": int(inside.sum()), "answerable": observed}
            )
    result = {
        "questions": len(answerable),
        "answerable": int(answerable.sum()),
        "weights": values,
        **figures,
        "curve": curve,
    }
    target = ROOT / "eval" / "results" / "calibration.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def confidences(evidence: Sequence[Sentences], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) the confidence of each question: that of its best sentence."""
    heights = np.array([(sentences @ weights[1:]).max() for sentences in evidence])
    curve: NDArray[np.float64] = 1 / (1 + np.exp(-(weights[0] + heights)))
    return curve


def _split(confidence: NDArray[np.float64], answerable: NDArray[np.bool_]) -> tuple[list[float], list[float]]:
    return confidence[answerable].tolist(), confidence[~answerable].tolist()


if __name__ == "__main__":
    sys.exit(main())
