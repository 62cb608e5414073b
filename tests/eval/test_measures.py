from __future__ import annotations

import math

import pytest

from eval.measures import (
    bootstrap_auc_interval,
    bootstrap_interval,
    hit_at,
    ndcg,
    recall_at,
    reciprocal_rank,
    roc_auc,
)


@pytest.mark.parametrize(
    ("relevant", "k", "expected"),
    [([True], 1, 1), ([False, True], 1, 0), ([False, True], 2, 1), ([], 3, 0), ([False] * 3 + [True], 3, 0)],
)
def test_hit_at(relevant: list[bool], k: int, expected: float) -> None:
    assert hit_at(relevant, k) == expected


@pytest.mark.parametrize(
    ("relevant", "expected"),
    [
        ([True], 1.0),
        ([False, True, True], 0.5),
        ([False, False, True], 1 / 3),
        ([False] * 9 + [True], 0.1),
        ([False] * 10 + [True], 0.0),
        ([], 0.0),
    ],
)
def test_reciprocal_rank_within_ten(relevant: list[bool], expected: float) -> None:
    assert reciprocal_rank(relevant) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("gains", "all_gains", "expected"),
    [
        ([1], [1], 1.0),
        ([0, 1], [1], 1 / math.log2(3)),
        ([1, 0, 1], [1, 1], (1 + 0.5) / (1 + 1 / math.log2(3))),
        # the example that goes round with Järvelin & Kekäläinen's measure: 3 2 3 0 1 2, and 3 and 2 not found
        ([3, 2, 3, 0, 1, 2], [3, 2, 3, 0, 1, 2, 3, 2], 0.7850),
        ([3, 2, 3, 0, 1, 2], [3, 2, 3, 0, 1, 2], 0.9608),
        ([0, 0], [1, 1], 0.0),
        ([], [1], 0.0),
        ([0], [0], 0.0),
        ([], [], 0.0),
        ([0] * 10 + [1], [1], 0.0),
    ],
)
def test_ndcg_against_known_values(gains: list[float], all_gains: list[float], expected: float) -> None:
    k = 6 if len(gains) == 6 else 10
    assert ndcg(gains, all_gains, k) == pytest.approx(expected, abs=5e-5)


def test_ndcg_counts_no_more_than_k_in_the_ideal() -> None:
    assert ndcg([1] * 10, [1] * 30) == pytest.approx(1)


@pytest.mark.parametrize(
    ("ranking", "relevant", "k", "expected"),
    [
        (["a", "b", "c"], {"a": 1, "c": 2}, 2, 0.5),
        (["a", "b", "c"], {"a": 1, "c": 2}, 3, 1.0),
        (["a"], {"a": 1, "b": 0}, 1, 1.0),
        (["a"], {"b": 1}, 10, 0.0),
        (["a"], {}, 10, 0.0),
        ([], {"a": 1}, 10, 0.0),
    ],
)
def test_recall_at(ranking: list[str], relevant: dict[str, float], k: int, expected: float) -> None:
    assert recall_at(ranking, relevant, k) == expected


@pytest.mark.parametrize(
    ("positives", "negatives", "expected"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.5], [0.5], 0.5),
        ([0.8, 0.4], [0.35, 0.1], 1.0),
        ([0.35, 0.8], [0.1, 0.4], 0.75),  # scikit-learn's own example
        ([0.9, 0.5], [0.5, 0.1], 0.875),
    ],
)
def test_roc_auc_against_known_values(positives: list[float], negatives: list[float], expected: float) -> None:
    assert roc_auc(positives, negatives) == pytest.approx(expected)


def test_roc_auc_needs_both() -> None:
    assert roc_auc([], [0.1]) is None
    assert roc_auc([0.1], []) is None


def test_bootstrap_interval_holds_the_mean_and_repeats_itself() -> None:
    values = [1.0] * 60 + [0.0] * 40
    low, high = bootstrap_interval(values)
    assert low < 0.6 < high
    # the normal approximation gives 0.6 ± 1.96 · sqrt(0.24 / 100)
    assert (low, high) == pytest.approx((0.504, 0.696), abs=0.02)
    assert bootstrap_interval(values) == (low, high)


def test_bootstrap_interval_narrows_with_more_values() -> None:
    few, many = (bootstrap_interval([1.0, 0.0] * count) for count in (10, 1000))
    assert many[1] - many[0] < (few[1] - few[0]) / 5


def test_bootstrap_interval_of_one_value_and_of_none() -> None:
    assert bootstrap_interval([0.7]) == pytest.approx((0.7, 0.7))
    assert all(math.isnan(value) for value in bootstrap_interval([]))


def test_bootstrap_auc_interval_holds_the_area_and_repeats_itself() -> None:
    positives, negatives = [0.9, 0.8, 0.6, 0.4] * 10, [0.7, 0.5, 0.3, 0.1] * 10
    area = roc_auc(positives, negatives)
    low, high = bootstrap_auc_interval(positives, negatives)
    assert area == pytest.approx(0.8125)
    assert low < 0.8125 < high
    # Hanley and McNeil (1982): the standard error of this area is .049
    assert high - low == pytest.approx(2 * 1.96 * 0.049, abs=0.04)
    assert bootstrap_auc_interval(positives, negatives) == (low, high)


def test_bootstrap_auc_interval_of_groups_that_are_apart_and_of_none() -> None:
    assert bootstrap_auc_interval([0.9, 0.8], [0.1]) == pytest.approx((1.0, 1.0))
    assert all(math.isnan(value) for value in bootstrap_auc_interval([], [0.1]))
    assert all(math.isnan(value) for value in bootstrap_auc_interval([0.9], []))
