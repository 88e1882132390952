"""Shares standardised to a mix: by hand, at their ends, and against rates."""

from __future__ import annotations

import numpy as np
import pytest

from justice_analysis.errors import UsageError
from justice_analysis.models.rates import directly_standardised, indirectly_standardised
from justice_analysis.models.standardised_shares import (
    direct_share,
    funnel_limits,
    indirect_share,
)

OUTCOME = np.array([[8, 2], [3, 9]])
UNITS = np.array([[10, 20], [30, 10]])
WHOLE = UNITS.sum(axis=0)
NATIONAL = OUTCOME.sum(axis=0) / WHOLE


def test_the_ratio_is_observed_over_expected_of_the_own_mix():
    found = indirect_share(OUTCOME, UNITS, NATIONAL)
    for group in (0, 1):
        expected = indirectly_standardised(OUTCOME[group], UNITS[group], NATIONAL)
        assert found.ratio.estimate[group] == pytest.approx(expected.estimate)
        assert found.expected[group] == pytest.approx(expected.expected)


def test_the_direct_share_weighs_each_stratum_as_the_standard_does():
    found, covered = direct_share(OUTCOME, UNITS, WHOLE)
    for group in (0, 1):
        expected = directly_standardised(OUTCOME[group], UNITS[group], WHOLE)
        assert found.estimate[group] == pytest.approx(expected.estimate)
    assert covered.tolist() == [1, 1]


def test_the_whole_standardised_to_itself_is_its_crude_share():
    found, _ = direct_share([OUTCOME.sum(axis=0)], [WHOLE], WHOLE)
    assert found.estimate[0] == pytest.approx(OUTCOME.sum() / UNITS.sum())
    assert indirect_share([OUTCOME.sum(axis=0)], [WHOLE], NATIONAL).ratio.estimate[0] == (
        pytest.approx(1)
    )


def test_a_stratum_that_a_group_lacks_is_left_out_and_said():
    found, covered = direct_share([[1, 0]], [[4, 0]], [30, 10])
    assert found.estimate[0] == pytest.approx(0.25)
    assert covered[0] == pytest.approx(0.75)


def test_no_outcome_and_nothing_but_the_outcome_have_limits_within_0_and_1():
    found, _ = direct_share([[0, 0], [5, 5]], [[5, 5], [5, 5]], [1, 1])
    assert found.estimate.tolist() == [0, 1]
    assert (found.lower[0], found.upper[1]) == (0, 1)
    assert 0 < found.upper[0] < 0.5 < found.lower[1] < 1
    none = indirect_share([[0]], [[5]], [0.5])
    assert (none.ratio.estimate[0], none.ratio.lower[0]) == (0, 0)
    assert none.share.upper[0] <= 1


def test_a_group_of_which_nothing_is_expected_has_no_ratio():
    found = indirect_share([[0], [1]], [[5], [5]], [0.0])
    assert np.isnan(found.ratio.estimate).all()
    assert np.isnan(funnel_limits([0.0], [5])).all()


def test_most_groups_without_a_difference_lie_within_the_funnel():
    chance = np.random.default_rng(5)
    units = chance.integers(20, 300, size=(4_000, 2))
    shares = np.array([0.2, 0.6])
    observed = chance.binomial(units, shares).sum(axis=1)
    expected = units @ shares
    for level in (0.95, 0.998):
        lower, upper = funnel_limits(expected, units.sum(axis=1), level=level)
        ratio = observed / expected
        outside = ((ratio < lower - 1e-9) | (ratio > upper + 1e-9)).mean()
        assert outside <= 1 - level + 0.003
        assert lower.mean() < 1 < upper.mean()


def test_intervals_of_both_hold_the_true_value_about_as_often_as_they_say():
    chance = np.random.default_rng(9)
    units = np.tile([60, 25, 15], (3_000, 1))
    shares = np.array([0.1, 0.4, 0.8])
    outcome = chance.binomial(units, shares)
    weights = np.array([50, 30, 20])
    found, _ = direct_share(outcome, units, weights)
    true = (weights * shares).sum() / weights.sum()
    held = ((found.lower <= true) & (true <= found.upper)).mean()
    assert 0.93 <= held <= 0.98
    ratio = indirect_share(outcome, units, shares).ratio
    assert 0.94 <= ((ratio.lower <= 1) & (ratio.upper >= 1)).mean() <= 0.999


def test_impossible_counts_are_refused_together():
    with pytest.raises(UsageError, match="1 are not"):
        indirect_share([[6]], [[5]], [0.5])
    with pytest.raises(UsageError, match="1 have none"):
        direct_share([[0]], [[0]], [1])
    with pytest.raises(UsageError, match="one number for each group"):
        direct_share([[1, 2]], [[3]], [1])
