from __future__ import annotations

import numpy as np
import pytest

from justice_analysis.errors import OptionError
from justice_analysis.models import (
    aalen_johansen,
    at_times,
    daily_counts,
    kaplan_meier,
    quantile,
    restricted_mean,
)

COUNTS = daily_counts([10, 20, 30], [2, 3, 0], [0, 1, 4])


def test_a_curve_is_read_after_the_events_of_the_day():
    found = at_times(kaplan_meier(COUNTS), [0, 9, 10, 25, 30])
    np.testing.assert_allclose(found.estimate, [1, 1, 0.8, 0.5, 0.5])
    assert found.cumulative_events.tolist() == [0, 0, 2, 5, 5]
    assert found.at_risk.tolist() == [10, 10, 10, 4, 4]
    assert found.people == 10
    assert found.lower[0] == found.upper[0] == 1


def test_incidence_starts_at_zero_for_every_cause():
    curve = aalen_johansen(daily_counts([5, 6], [[1, 2], [0, 1]], [0, 6]))
    found = at_times(curve, [0, 5])
    np.testing.assert_allclose(found.estimate, [[0, 0], [0.1, 0.2]])
    assert found.cumulative_events.tolist() == [[0, 0], [1, 2]]


def test_a_day_beyond_follow_up_is_refused():
    with pytest.raises(OptionError, match="1 of 2 do not"):
        at_times(kaplan_meier(COUNTS), [30, 31])


def test_a_day_beyond_follow_up_can_be_left_missing():
    found = at_times(kaplan_meier(COUNTS), [30, 31], beyond="missing")
    assert found.is_observed.tolist() == [True, False]
    assert np.isnan(found.estimate).tolist() == [False, True]


def test_a_curve_goes_on_when_everyone_had_the_event():
    curve = kaplan_meier(daily_counts([3], [4], [0]))
    assert at_times(curve, [100]).estimate.tolist() == [0]


def test_a_day_below_zero_is_refused():
    with pytest.raises(OptionError, match="below 0: 1 are"):
        at_times(kaplan_meier(COUNTS), [-1, 5])


def test_restricted_mean_is_the_area_under_the_curve():
    found = restricted_mean(kaplan_meier(COUNTS), 30)
    assert found.mean == pytest.approx(10 + 10 * 0.8 + 10 * 0.5)
    assert found.lower < found.mean < found.upper <= 30
    assert found.people == 10


def test_restricted_mean_without_events_is_the_horizon():
    found = restricted_mean(kaplan_meier(daily_counts([50], [0], [3])), 20)
    assert (found.mean, found.standard_error) == (20, 0)


@pytest.mark.parametrize("horizon", [0, -5, 31])
def test_restricted_mean_refuses_a_horizon_outside_follow_up(horizon):
    with pytest.raises(OptionError, match="within follow-up"):
        restricted_mean(kaplan_meier(COUNTS), horizon)


def test_the_median_is_the_first_day_by_which_half_had_the_event():
    assert quantile(kaplan_meier(COUNTS)).day == 20
    assert quantile(kaplan_meier(COUNTS), 0.2).day == 10


def test_a_quantile_that_is_not_reached_is_none():
    found = quantile(kaplan_meier(COUNTS), 0.9)
    assert found.day is None
    assert found.upper is None


def test_the_interval_of_a_quantile_holds_it():
    found = quantile(kaplan_meier(daily_counts(range(1, 41), [1] * 40, [0] * 40)))
    assert found.day == 20
    assert found.lower is not None
    assert found.upper is not None
    assert found.lower < 20 < found.upper


def test_a_share_outside_0_and_1_is_refused():
    with pytest.raises(OptionError, match="share must lie"):
        quantile(kaplan_meier(COUNTS), 50)
