from __future__ import annotations

import numpy as np
import pytest

from justice_analysis.errors import IntervalError, MetricError, OptionError, UsageError
from justice_analysis.models import daily_counts, mean_cumulative_function, nelson_aalen

PERSON, DAY = [0, 0, 0, 1, 3, 3, 4, 4, 5], [4, 10, 11, 6, 10, 18, 6, 12, 12]
ENTRY, END = [0, 0, 0, 6, 4, 0], [20, 8, 16, 24, 14, 12]


def test_mean_and_robust_errors_equal_survfit():
    """R 4.2.2, survival 3.5-3: survfit(Surv(start, stop, event) ~ 1, d, id = id), with one row
    from each event of a person to the next; `cumhaz` and `std.chaz`.
    """
    found = mean_cumulative_function(PERSON, DAY, END, entry_day=ENTRY)
    rows = np.searchsorted(found.time, [4, 6, 10, 11, 12, 18])
    assert found.mean[rows] == pytest.approx([0.25, 0.65, 1.05, 1.25, 1.65, 2.15])
    assert found.standard_error[rows] == pytest.approx(
        [0.2165063509, 0.2643387978, 0.4124015034, 0.5455960044, 0.4998749844, 0.4702393008]
    )
    assert (found.people, found.people_with_events) == (6, 5)


def test_one_event_each_that_ends_observation_is_nelson_aalen():
    days = np.array([2, 3, 3, 5, 8])
    found = mean_cumulative_function(np.arange(5), days, days)
    counts = daily_counts(days, np.ones(5), np.zeros(5))
    expected = nelson_aalen(counts)
    np.testing.assert_allclose(found.mean, expected.cumulative_hazard)
    np.testing.assert_allclose(found.poisson_variance, expected.variance)


def test_everyone_followed_to_the_end_gives_the_mean_number_and_its_sampling_variance():
    number = np.array([0, 3, 1, 2])
    person = np.repeat(np.arange(4), number)
    found = mean_cumulative_function(person, np.arange(1, 7), np.full(4, 30))
    assert found.mean[-1] == pytest.approx(1.5)
    assert found.variance[-1] == pytest.approx(number.var() / 4)


def test_events_that_come_together_widen_the_robust_interval_alone():
    person, day = np.repeat(np.arange(10), 6), np.tile([3, 4, 5, 6, 7, 8], 10)
    found = mean_cumulative_function(person, day, np.full(40, 20))
    assert found.variance[-1] > 3 * found.poisson_variance[-1]


def test_no_events_give_a_mean_of_zero():
    found = mean_cumulative_function([], [], [3, 4])
    assert found.mean.tolist() == found.upper.tolist() == [0, 0]
    assert found.people_with_events == 0


def test_events_on_day_zero_count():
    found = mean_cumulative_function([0, 0], [0, 0], [0, 5])
    assert (found.time[0], found.mean[0], found.at_risk[0]) == (0, 1.0, 2)


def test_what_cannot_be_is_refused():
    with pytest.raises(MetricError, match="at least one person"):
        mean_cumulative_function([], [], [])
    with pytest.raises(IntervalError, match="within their person's observation: 2 of 3"):
        mean_cumulative_function([0, 0, 1], [2, 9, 3], [5, 8], entry_day=[0, 4])
    with pytest.raises(IntervalError, match="leave after the day they enter: 1"):
        mean_cumulative_function([], [], [5, 8], entry_day=[5, 0])
    with pytest.raises(IntervalError, match="below 0: 1"):
        mean_cumulative_function([], [], [-5, 8])
    with pytest.raises(UsageError, match="needs a person: 1 of 2"):
        mean_cumulative_function([0, 7], [1, 1], [5, 8])
    with pytest.raises(UsageError, match="whole numbers: 1 of 2"):
        mean_cumulative_function([], [], [5, 8.5])
    with pytest.raises(UsageError, match="as many rows"):
        mean_cumulative_function([0], [], [5])


def test_days_beyond_follow_up_are_refused():
    found = mean_cumulative_function([0], [2], [5])
    assert found.at([0, 1, 2, 5]).estimate.tolist() == [0, 0, 1, 1]
    with pytest.raises(OptionError, match="1 of 2"):
        found.at([5, 6])
