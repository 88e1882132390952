from __future__ import annotations

import numpy as np
import pytest

from justice_analysis.errors import MetricError, OptionError, UsageError
from justice_analysis.models import (
    effective_people,
    share_difference,
    weighted_share_difference,
)

# Published comparisons of the Justice Data Lab: people, share and comparison share, and the
# reduction in points as reported.
REPORTED = {
    "Prisoners' Education Trust": (3085, 0.19, 0.26, (5, 8)),
    "Langley House Trust": (231, 0.26, 0.35, (2, 14)),
}


@pytest.mark.parametrize("programme", REPORTED)
@pytest.mark.parametrize("comparison", [30_000, 1_000_000])
def test_weighted_difference_gives_published_intervals_within_one_and_a_half_points(
    programme, comparison
):
    people, share, other, reported = REPORTED[programme]
    found = weighted_share_difference(share, people, other, comparison)
    points = sorted([-100 * float(found.lower), -100 * float(found.upper)])
    np.testing.assert_allclose(points, reported, atol=1.5)


def test_newcombes_interval_is_the_one_of_his_paper():
    """Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10."""
    found = share_difference([56, 9], [70, 10], [48, 3], [80, 10])
    np.testing.assert_allclose(found.estimate, [0.2, 0.6])
    np.testing.assert_allclose(found.lower, [0.0524, 0.1705], atol=5e-5)
    np.testing.assert_allclose(found.upper, [0.3339, 0.8090], atol=5e-5)


@pytest.mark.parametrize("method", ["newcombe", "wald"])
def test_difference_equals_statsmodels(method):
    from statsmodels.stats.proportion import confint_proportions_2indep

    found = share_difference(12, 90, 30, 160, method=method)
    expected = confint_proportions_2indep(
        12, 90, 30, 160, method={"newcombe": "newcomb"}.get(method, method), compare="diff"
    )
    assert (float(found.lower), float(found.upper)) == pytest.approx(expected)


def test_a_group_without_people_leaves_its_row_missing_and_says_why():
    found = share_difference([0, 3], [0, 10], [2, 2], [10, 10])
    assert found.reason.tolist() == ["no people in the group", ""]
    assert np.isnan([found.estimate[0], found.lower[0], found.upper[0]]).all()
    assert found.estimate[1] == pytest.approx(0.1)


def test_limits_stay_within_one_of_zero():
    found = share_difference([10, 0], 10, [0, 10], 10)
    assert found.upper[0] == 1
    assert found.lower[1] == -1


def test_equal_weights_count_people_and_unequal_ones_fewer():
    assert effective_people(np.full(50, 0.3)) == pytest.approx(50)
    assert effective_people([1, 1, 2]) == pytest.approx(16 / 6)
    assert effective_people([0, 5, 0]) == 1
    assert effective_people([1e200, 1e200]) == 2


def test_impossible_weights_and_shares_are_refused():
    with pytest.raises(UsageError, match="2 of 3"):
        effective_people([1, -1, np.nan])
    with pytest.raises(MetricError, match="weight above 0"):
        effective_people([0, 0])
    with pytest.raises(UsageError, match="from 0 to 1"):
        weighted_share_difference(19, 100, 0.2, 100)
    with pytest.raises(OptionError, match="method must be"):
        share_difference(1, 2, 1, 2, method="exact")  # type: ignore[arg-type]
