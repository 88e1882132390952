from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from justice_analysis.errors import OptionError, UsageError
from justice_analysis.models import e_value, e_value_of_shares, rosenbaum_bounds

# Lead in the blood of children whose parent worked with lead, and of their neighbours
# (Morton and others 1982, in Rosenbaum 2002, section 3.2.4).
EXPOSED = [38, 23, 41, 18, 37, 36, 23, 62, 31, 34, 24, 14, 21, 17, 16, 20, 15, 10, 45, 39, 22, 35,
           49, 48, 44, 35, 43, 39, 34, 13, 73, 25, 27]  # fmt: skip
NEIGHBOURS = [16, 18, 18, 24, 19, 11, 10, 15, 16, 18, 18, 13, 19, 10, 16, 16, 24, 13, 9, 14, 21, 19,
              7, 18, 19, 12, 11, 22, 25, 16, 13, 11, 13]  # fmt: skip


def of_pairs(first, second, **options):
    outcome = np.concatenate([first, second])
    pairs = np.arange(len(outcome)).reshape(2, -1).T
    return rosenbaum_bounds(outcome, pairs, **options)


def smoking(**options):
    """122 of 36,975 pairs differ; in 110 the smoker died of lung cancer (Hammond 1964)."""
    first = np.zeros(36_975)
    second = first.copy()
    first[:110], second[110:122] = 1, 1
    return of_pairs(first, second, **options)


def test_bounds_of_pairs_with_a_binary_outcome_are_those_published():
    found = smoking(gammas=(1, 4, 5, 6), alternative="higher")
    assert found.table["p_upper"].round(4).tolist()[0] == 0
    # The publication has a normal approximation, and two digits.
    assert found.table["p_upper"].tolist()[1:] == pytest.approx([0.0036, 0.03, 0.1], abs=0.008)
    assert found.differing_pairs == 122
    assert found.method == "McNemar, exact"
    assert 5 < found.critical_gamma < 6


def test_bounds_of_pairs_with_a_measured_outcome_are_those_published():
    """Rosenbaum (2002), section 4.3, of the normal approximation."""
    found = of_pairs(EXPOSED, NEIGHBOURS, gammas=(2, 3, 4, 4.25, 5), alternative="higher",
                     exact=False)  # fmt: skip
    assert found.table["p_upper"].round(4).tolist() == [0.0018, 0.0136, 0.0388, 0.0468, 0.0740]
    assert 4.25 < found.critical_gamma < 5
    assert (found.pairs, found.differing_pairs) == (33, 32)


def test_without_hidden_bias_the_p_value_is_that_of_the_usual_test():
    found = smoking(gammas=(1,)).table.iloc[0]
    assert found["p_lower"] == found["p_upper"]
    assert found["p_upper"] == pytest.approx(stats.binomtest(110, 122).pvalue)
    first, second = np.array([1.0, 3.5, 2, 9, 4, 7.5]), np.array([2.0, 2, 1.5, 5, 6, 1])
    wilcoxon = stats.wilcoxon(first, second, method="exact").pvalue
    assert of_pairs(first, second, gammas=(1,)).table["p_upper"][0] == pytest.approx(wilcoxon)


def test_ties_and_many_pairs_follow_the_normal_approximation_without_correction():
    rng = np.random.default_rng(5)
    first, second = rng.integers(0, 9, 200).astype(float), rng.integers(0, 8, 200).astype(float)
    wilcoxon = stats.wilcoxon(first, second, method="approx", zero_method="pratt").pvalue
    found = of_pairs(first, second, gammas=(1,))
    assert found.method == "Wilcoxon signed ranks, normal"
    assert found.table["p_upper"][0] == pytest.approx(wilcoxon, rel=1e-9)


def test_a_worked_example_of_two_pairs():
    """Both pairs differ upwards: a chance of p in each, so p squared."""
    found = of_pairs([1, 1, 0], [0, 0, 0], gammas=(1, 3), alternative="higher").table
    assert found["p_upper"].tolist() == pytest.approx([0.25, (3 / 4) ** 2])
    assert found["p_lower"].tolist() == pytest.approx([0.25, (1 / 4) ** 2])
    lower = of_pairs([0, 0, 0], [1, 1, 0], gammas=(3,), alternative="lower").table
    assert lower["p_upper"][0] == pytest.approx((3 / 4) ** 2)


def test_the_critical_gamma_is_where_the_largest_p_value_is_alpha():
    critical = smoking(alpha=0.01).critical_gamma
    assert smoking(gammas=(critical,)).table["p_upper"][0] == pytest.approx(0.01)


def test_a_result_that_is_not_significant_has_no_critical_gamma_and_says_so():
    found = of_pairs([1, 0, 1, 0], [0, 1, 0, 0])
    assert np.isnan(found.critical_gamma)
    assert found.reason == "not significant even without hidden bias"
    alike = of_pairs([1, 0], [1, 0])
    assert (alike.differing_pairs, alike.table["p_upper"][0]) == (0, 1)
    assert "no pair differs" in alike.reason


@pytest.mark.parametrize(
    ("outcome", "pairs", "message"),
    [
        ([1, 0, 1], [[0, 1], [2, 1]], "in one pair: 1 places repeat someone"),
        ([1, 0, 1], [[0, 3]], "positions of the outcome: 1 pairs are not"),
        ([1, np.nan, 1], [[0, 1]], r"^outcome must not be missing: 1 of 2"),
        ([1, 0, 1], [[0.0, 1.0]], "whole numbers, two a row"),
        ([1, 0, 1], [0, 1], "two a row"),
    ],
)
def test_pairs_that_are_none_are_refused(outcome, pairs, message):
    with pytest.raises(UsageError, match=message):
        rosenbaum_bounds(outcome, pairs)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"gammas": (0.5,)}, "1 or more"),
        ({"gammas": ()}, "1 or more"),
        ({"alternative": "less"}, "alternative must be"),
        ({"alpha": 5}, "alpha must lie"),
    ],
)
def test_options_of_bounds_are_checked(options, message):
    with pytest.raises(OptionError, match=message):
        of_pairs([1, 0], [0, 1], **options)


def test_no_pairs_at_all_are_said():
    found = rosenbaum_bounds([1, 0], np.empty((0, 2), dtype=int))
    assert (found.pairs, found.reason[:14]) == (0, "no pair differ")


def test_e_values_are_those_published():
    """VanderWeele and Ding (2017) give 7.26 for 3.9; the manual of R EValue the others."""
    assert round(e_value(3.9).estimate, 2) == 7.26
    found = e_value(10.73, lower=8.02, upper=14.36)
    assert (found.estimate, found.limit) == pytest.approx((20.94777, 15.52336), abs=1e-5)


def test_a_ratio_below_one_is_turned_round():
    """0.8 is 1.25 the other way: 1.25 + sqrt(1.25 x 0.25) = 1.809."""
    found = e_value(0.80, lower=0.71, upper=0.91)
    assert found.estimate == pytest.approx(1.25 + np.sqrt(0.3125))
    assert found.limit == pytest.approx(e_value(1 / 0.91).estimate)


def test_an_interval_that_holds_one_needs_no_hidden_cause():
    assert e_value(1.2, lower=0.9, upper=1.5).limit == 1
    assert e_value(0.8, lower=0.6, upper=1.1).limit == 1
    assert e_value(1.0).estimate == 1
    assert np.isnan(e_value(1.2).limit)
    assert e_value(0).estimate == np.inf


def test_a_difference_of_shares_goes_through_their_ratio():
    """19% against 26%, a difference of -8 to -5 points: ratios 0.731 and 0.808."""
    found = e_value_of_shares(0.19, 0.26, lower=-0.08, upper=-0.05)
    assert found.risk_ratio == pytest.approx(0.19 / 0.26)
    assert found.estimate == e_value(0.19 / 0.26).estimate
    assert found.limit == pytest.approx(e_value(0.21 / 0.26).estimate)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: e_value(-1),
        lambda: e_value(2, lower=3),
        lambda: e_value(np.nan),
        lambda: e_value_of_shares(0.2, 0),
        lambda: e_value_of_shares(1.2, 0.1),
    ],
)
def test_ratios_that_are_none_are_refused(ask):
    with pytest.raises(UsageError, match="must"):
        ask()
