from __future__ import annotations

import pytest

from justice_analysis.errors import MetricError, OptionError
from justice_analysis.models import daily_counts, gray_test, log_rank

FIRST = daily_counts([1, 2, 5], [[2, 1], [3, 0], [1, 1]], [0, 1, 6], causes=["a", "b"])
SECOND = daily_counts([1, 3, 5], [[1, 1], [1, 2], [0, 1]], [0, 2, 9], causes=["a", "b"])
THIRD = daily_counts([2, 4], [[4, 1], [2, 0]], [1, 3], causes=["a", "b"])
NOBODY_HAS_IT = daily_counts([5], [[0, 0]], [8], causes=["a", "b"])


def compare(groups):
    return [log_rank(groups), log_rank(groups, rho=1), gray_test(groups, cause="a")]


def test_the_same_group_twice_shows_no_difference():
    for found in compare([FIRST, FIRST]):
        assert found.statistic == pytest.approx(0, abs=1e-12)
        assert found.p_value == pytest.approx(1)


def test_the_order_of_groups_does_not_matter():
    for one, other in zip(
        compare([FIRST, SECOND, THIRD]), compare([THIRD, FIRST, SECOND]), strict=True
    ):
        assert one.degrees_of_freedom == 2
        assert one.statistic == pytest.approx(other.statistic, rel=1e-9)


def test_a_group_without_events_can_be_compared():
    for found in compare([FIRST, NOBODY_HAS_IT]):
        assert found.statistic > 0


def test_groups_without_any_events_are_refused():
    with pytest.raises(MetricError, match="events"):
        log_rank([NOBODY_HAS_IT, NOBODY_HAS_IT])
    with pytest.raises(MetricError, match="no events"):
        gray_test([NOBODY_HAS_IT, NOBODY_HAS_IT], cause="a")


def test_a_single_group_is_refused():
    with pytest.raises(MetricError, match="at least two"):
        log_rank([FIRST])
    with pytest.raises(MetricError, match="at least two"):
        gray_test([FIRST], cause="a")


def test_strata_must_hold_the_same_groups():
    with pytest.raises(MetricError, match="every stratum"):
        log_rank({"one": [FIRST, SECOND], "two": [FIRST]})


def test_one_stratum_is_the_test_without_strata():
    assert log_rank({"all": [FIRST, SECOND]}) == log_rank([FIRST, SECOND])


def test_grays_test_refuses_late_entry():
    late = daily_counts([1, 2], [[1, 0], [1, 1]], [0, 3], entered=[2, 0], causes=["a", "b"])
    with pytest.raises(OptionError, match="late entry"):
        gray_test([FIRST, late], cause="a")


def test_grays_test_without_other_causes_is_near_the_log_rank_test():
    groups = [FIRST.any_cause(), SECOND.any_cause()]
    gray = gray_test(groups, cause="any")
    assert gray.statistic == pytest.approx(log_rank(groups).statistic, rel=0.1)
