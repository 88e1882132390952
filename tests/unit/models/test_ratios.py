from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from justice_analysis.errors import OptionError, UsageError
from justice_analysis.models import odds_ratio, pooled_z, rate_ratio

# Children in England and Wales, year ending March 2025 and three years pooled: events and total
# of a group and of White children, the index, both intervals and z as printed.
PUBLISHED = {
    "remand, Black": (252, 1933, 444, 6526, 1.9162, (1.656, 2.217), (1.635, 2.242), 8.76),
    "remand, Asian": (55, 536, 444, 6526, 1.5082, (1.156, 1.968), (1.118, 1.999), 3.00),
    "custody, Black": (202, 2183, 645, 11111, 1.5940, (1.370, 1.854), (1.354, 1.870), 6.03),
    "custody, Asian": (68, 846, 645, 11111, 1.3846, (1.089, 1.760), (1.062, 1.780), 2.64),
    "custody, Mixed": (86, 1256, 645, 11111, 1.1795, (0.949, 1.466), (0.931, 1.479), 1.48),
    "custody, Other": (26, 304, 645, 11111, 1.4733, (1.012, 2.144), (0.955, 2.179), 2.01),
}


@pytest.mark.parametrize("case", PUBLISHED)
def test_relative_rate_index_and_both_intervals_are_those_printed(case):
    *counts, index, wald, exact, z = PUBLISHED[case]
    for method, limits in (("wald", wald), ("exact", exact)):
        found = rate_ratio(*counts, method=method)
        assert round(float(found.estimate), 4) == index
        assert (round(float(found.lower), 3), round(float(found.upper), 3)) == limits
    assert float(pooled_z(*counts)) == pytest.approx(z, abs=0.005)


def test_wald_and_exact_may_disagree_whether_a_ratio_is_one():
    counts = PUBLISHED["custody, Other"][:4]
    wald, exact = rate_ratio(*counts), rate_ratio(*counts, method="exact")
    assert wald.lower > 1 > exact.lower
    assert wald.p_value < 0.05 < exact.p_value


def test_rates_in_the_resident_population_give_the_published_ratios():
    found = rate_ratio([10_326, 5_200], 333_587, [53_593, 36_923], 4_161_949)
    assert found.estimate.round(3).tolist() == [2.404, 1.757]


def test_exact_limits_leave_the_same_chance_in_each_tail():
    found = rate_ratio(7, 40, 12, 90, method="exact")
    shares = [40 * limit / (40 * limit + 90) for limit in (found.lower, found.upper)]
    assert binom.sf(6, 19, shares[0]) == pytest.approx(0.025, rel=1e-9)
    assert binom.cdf(7, 19, shares[1]) == pytest.approx(0.025, rel=1e-9)


@pytest.mark.parametrize("method", ["wald", "exact"])
def test_the_interval_leaves_out_one_exactly_where_p_is_below_its_complement(method):
    events = np.arange(1, 60)
    found = rate_ratio(events, 60, 30, 60, method=method, level=0.9)
    outside = (found.lower > 1) | (found.upper < 1)
    assert outside.tolist() == (found.p_value < 0.1).tolist()
    assert 0 < outside.sum() < len(events)


def test_what_has_no_value_says_why():
    counts = ([0, 3, 0, 5, 5], [10, 10, 0, 9, 5], [3, 0, 3, 0, 10], [10, 10, 10, 0, 10])
    wald, exact = rate_ratio(*counts), rate_ratio(*counts, method="exact")
    assert [reason.split(":")[0] for reason in wald.reason] == [
        "no events in the group",
        "no events in the reference group",
        "no people in the group",
        "no people in the reference group",
        "everyone has the outcome",
    ]
    assert (np.isnan(wald.lower) == (wald.reason != "")).all()
    assert wald.estimate[0] == 0
    assert exact.reason[0] == exact.reason[4] == ""
    assert exact.lower[0] == 0 < exact.upper[0]
    assert np.isnan(exact.upper[1:4]).all()


def test_odds_ratio_has_woolfs_interval():
    found = odds_ratio(20, 100, 10, 100)
    assert float(found.estimate) == pytest.approx(2.25)
    error = np.sqrt(1 / 20 + 1 / 80 + 1 / 10 + 1 / 90)
    assert np.log(found.upper / found.lower) == pytest.approx(2 * 1.959963984540054 * error)
    assert odds_ratio(10, 10, 3, 10).reason.item().startswith("a count of 0")


def test_the_score_test_of_equal_shares_has_no_value_where_no_one_has_the_outcome():
    assert np.isnan(pooled_z([0, 10], [10, 10], [0, 10], [10, 10])).all()
    assert float(pooled_z(5, 10, 50, 100)) == 0


def test_impossible_counts_are_refused_together():
    with pytest.raises(UsageError, match=r"3 problems(.|\n)*reference_people(.|\n)*1 do"):
        rate_ratio([5, 12], [10, 10], 3, [10, -1])
    with pytest.raises(UsageError, match="events must be whole"):
        rate_ratio(np.nan, 10, 3, 10)


def test_an_unknown_method_is_refused():
    with pytest.raises(OptionError, match="method must be"):
        rate_ratio(1, 10, 1, 10, method="score")  # type: ignore[arg-type]
