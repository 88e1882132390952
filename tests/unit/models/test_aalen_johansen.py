from __future__ import annotations

import numpy as np
import pytest

from justice_analysis.errors import OptionError
from justice_analysis.models import aalen_johansen, daily_counts, kaplan_meier


def test_causes_of_one_day_share_the_survival_just_before_it():
    curve = aalen_johansen(daily_counts([1, 2], [[1, 1], [1, 1]], [0, 0]))
    np.testing.assert_allclose(curve.incidence, [[0.25, 0.25], [0.5, 0.5]])
    np.testing.assert_allclose(curve.event_free, [0.5, 0])


def test_incidence_is_below_one_less_survival_with_others_censored():
    counts = daily_counts([1, 2, 3], [[1, 2], [1, 1], [2, 0]], [0, 1, 1], causes=["a", "b"])
    naive = 1 - kaplan_meier(counts.only("a")).survival
    assert aalen_johansen(counts).incidence[-1, 0] < naive[-1]


@pytest.mark.parametrize("variance", ["aalen", "greenwood"])
def test_a_cause_without_events_stays_at_zero(variance):
    curve = aalen_johansen(daily_counts([1, 2], [[1, 0], [2, 0]], [0, 4]), variance=variance)
    assert curve.incidence[:, 1].tolist() == [0, 0]
    assert curve.variance[:, 1].tolist() == [0, 0]
    assert curve.upper[:, 1].tolist() == [0, 0]


@pytest.mark.parametrize("variance", ["aalen", "greenwood"])
def test_one_person_gives_an_interval_that_says_nothing(variance):
    curve = aalen_johansen(daily_counts([3], [[1, 0]], [0]), variance=variance)
    assert curve.incidence.tolist() == [[1, 0]]
    assert (curve.lower[0, 0], curve.upper[0, 0]) == (0, 1)


def test_the_two_variances_are_near_in_a_large_group():
    counts = daily_counts([10, 20, 30], [[500, 300], [400, 200], [100, 50]], [100, 200, 8150])
    aalen = aalen_johansen(counts).variance
    greenwood = aalen_johansen(counts, variance="greenwood").variance
    np.testing.assert_allclose(aalen, greenwood, rtol=0.02)


def test_an_unknown_variance_is_refused():
    with pytest.raises(OptionError, match="variance must be"):
        aalen_johansen(daily_counts([1], [1], [0]), variance="delta")  # type: ignore[arg-type]
