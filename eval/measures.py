"""The field's measures: hit@k, MRR@10, nDCG@10, recall@k, ROC-AUC. All between 0 and 1, higher is better."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray


def hit_at(relevant: Sequence[bool], k: int) -> float:
    """1 if one of the first k is relevant: ([False, True], 2) → 1.0."""
    return float(any(relevant[:k]))


def reciprocal_rank(relevant: Sequence[bool], k: int = 10) -> float:
    """1 / the rank of the first relevant one within k, else 0: [False, True] → 0.5."""
    return next((1 / rank for rank, found in enumerate(relevant[:k], start=1) if found), 0.0)


def ndcg(gains: Sequence[float], all_gains: Sequence[float], k: int = 10) -> float:
    """Discounted gain of the first k against the best possible order of all gains (Järvelin & Kekäläinen 2002)."""
    best = _discounted(sorted(all_gains, reverse=True)[:k])
    return _discounted(gains[:k]) / best if best else 0.0


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def recall_at(ranking: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """The share of the relevant documents that stand within the first k."""
    wanted = {document for document, gain in relevant.items() if gain > 0}
    return len(wanted.intersection(ranking[:k])) / len(wanted) if wanted else 0.0


def roc_auc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """The chance that a positive scores above a negative, ties counted half; None if either is missing."""
    if not len(positives) or not len(negatives):
        return None
    return float(_wins(positives, negatives).mean())


def _wins(positives: Sequence[float], negatives: Sequence[float]) -> NDArray[np.float64]:
    """For each positive and each negative 1 if it scores above, ½ if the same: ([0.9], [0.1, 0.9]) → [[1, 0.5]]."""
    above = np.subtract.outer(np.asarray(positives, dtype=float), np.asarray(negatives, dtype=float))
    return np.asarray((above > 0) + 0.5 * (above == 0))


def bootstrap_interval(values: Sequence[float], *, rounds: int = 2000, seed: int = 7) -> tuple[float, float]:
    """The 95 % interval of a mean by resampling questions; repeats itself, since the seed is fixed."""
    if not len(values):
        return (math.nan, math.nan)
    drawn = np.random.default_rng(seed).choice(np.asarray(values, dtype=float), size=(rounds, len(values)))
    low, high = np.percentile(drawn.mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def bootstrap_auc_interval(
    positives: Sequence[float], negatives: Sequence[float], *, rounds: int = 2000, seed: int = 7
) -> tuple[float, float]:
    """The 95 % interval of the ROC-AUC by resampling both groups: ([0.9, 0.8], [0.1]) → (1.0, 1.0)."""
    if not len(positives) or not len(negatives):
        return (math.nan, math.nan)
    wins = _wins(positives, negatives)
    random = np.random.default_rng(seed)
    # how often each question is drawn says all, and spares a matrix a round
    drawn, others = (random.multinomial(size, np.full(size, 1 / size), rounds) / size for size in wins.shape)
    low, high = np.percentile(np.einsum("rp,pn,rn->r", drawn, wins, others, optimize=True), [2.5, 97.5])
    return float(low), float(high)
