from __future__ import annotations

import numpy as np
import pytest

from justice_analysis.errors import OptionError
from justice_analysis.models import daily_counts, kaplan_meier, nelson_aalen


def test_survival_falls_by_the_share_of_those_at_risk():
    curve = kaplan_meier(daily_counts([1, 2, 3], [1, 0, 1], [0, 1, 1]))
    np.testing.assert_allclose(curve.survival, [0.75, 0.75, 0.375])


def test_greenwoods_variance_without_censoring_is_binomial():
    curve = kaplan_meier(daily_counts([1, 2], [3, 2], [0, 5]))
    np.testing.assert_allclose(curve.variance, [0.7 * 0.3 / 10, 0.5 * 0.5 / 10])


@pytest.mark.parametrize("confidence", ["log-log", "log", "plain"])
def test_a_group_without_events_stays_at_one(confidence):
    curve = kaplan_meier(daily_counts([4, 9], [0, 0], [3, 2]), confidence=confidence)
    assert curve.survival.tolist() == [1, 1]
    assert curve.variance.tolist() == [0, 0]
    assert curve.lower.tolist() == curve.upper.tolist() == [1, 1]


@pytest.mark.parametrize("confidence", ["log-log", "log", "plain"])
def test_one_person_with_the_event_gives_an_interval_that_says_nothing(confidence):
    curve = kaplan_meier(daily_counts([4], [1], [0]), confidence=confidence)
    assert curve.survival.tolist() == [0]
    assert (curve.lower[0], curve.upper[0]) == (0, 1)


def test_once_survival_is_zero_the_last_upper_limit_stands():
    curve = kaplan_meier(daily_counts([1, 2], [2, 2], [0, 0]))
    assert curve.survival[1] == 0
    assert curve.upper[1] == curve.upper[0] < 1


def test_everyone_having_the_event_on_day_zero_is_read_as_such():
    assert kaplan_meier(daily_counts([0], [5], [0])).survival.tolist() == [0]


def test_survival_stays_at_zero_when_an_early_risk_set_is_used_up():
    counts = daily_counts([1, 2, 5], [1, 0, 1], [0, 0, 3], entered=[0, 4, 0])
    assert kaplan_meier(counts).survival.tolist() == [0, 0, 0]


def test_a_higher_level_gives_a_wider_interval():
    counts = daily_counts([1, 2], [3, 2], [0, 5])
    narrow, wide = kaplan_meier(counts, level=0.8), kaplan_meier(counts, level=0.99)
    assert (wide.lower < narrow.lower).all()
    assert (wide.upper > narrow.upper).all()


def test_unknown_scale_and_level_are_refused():
    counts = daily_counts([1], [1], [1])
    with pytest.raises(OptionError, match="confidence must be"):
        kaplan_meier(counts, confidence="arcsine")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="level must lie"):
        kaplan_meier(counts, level=95)


def test_hazard_adds_shares_of_those_at_risk():
    curve = nelson_aalen(daily_counts([1, 2], [1, 1], [0, 2]))
    np.testing.assert_allclose(curve.cumulative_hazard, [1 / 4, 1 / 4 + 1 / 3])
    np.testing.assert_allclose(curve.variance, [1 / 16, 1 / 16 + 1 / 9])
    assert (curve.lower < curve.estimate).all()


def test_hazard_without_events_is_zero_with_limits_of_zero():
    curve = nelson_aalen(daily_counts([3], [0], [2]))
    assert curve.estimate.tolist() == curve.lower.tolist() == curve.upper.tolist() == [0]


def test_limits_of_the_hazard_are_those_of_survival_on_the_scale_named():
    counts = daily_counts([1, 3, 4, 9], [2, 1, 3, 1], [1, 2, 0, 5])
    log, plain = nelson_aalen(counts), nelson_aalen(counts, confidence="plain")
    margin = 1.959963984540054 * log.standard_error
    np.testing.assert_allclose(np.log(log.upper / log.cumulative_hazard),
                               margin / log.cumulative_hazard)  # fmt: skip
    np.testing.assert_allclose(plain.upper - plain.cumulative_hazard, margin)
    assert plain.lower[0] == 0 < log.lower[0]
    with pytest.raises(OptionError, match="confidence must be"):
        nelson_aalen(counts, confidence="log-log")  # type: ignore[arg-type]
