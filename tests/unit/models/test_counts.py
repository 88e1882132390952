from __future__ import annotations

import numpy as np
import pytest

from justice_analysis.errors import IntervalError, MetricError, UsageError
from justice_analysis.models import daily_counts
from justice_analysis.models.counts import align


def test_rows_of_one_day_are_added_up_and_days_put_in_order():
    counts = daily_counts([5, 2, 5], [1, 0, 2], [0, 4, 1])
    assert counts.time.tolist() == [2, 5]
    assert counts.events.tolist() == [[0], [3]]
    assert counts.censored.tolist() == [4, 1]
    assert counts.people == 8


def test_people_censored_on_a_day_are_at_risk_of_its_events():
    assert daily_counts([3, 4], [1, 1], [2, 0]).at_risk.tolist() == [4, 1]


def test_people_who_enter_on_a_day_are_not_at_risk_of_its_events():
    counts = daily_counts([3, 4], [1, 2], [0, 0], entered=[1, 0])
    assert counts.at_risk.tolist() == [2, 2]
    assert counts.has_late_entry


def test_events_on_day_zero_count_everyone_as_at_risk():
    assert daily_counts([0, 1], [2, 1], [0, 1]).at_risk.tolist() == [4, 2]


def test_one_cause_takes_the_others_as_censorings():
    counts = daily_counts([1, 2], [[1, 2], [3, 0]], [0, 1], causes=["new", "technical"])
    only = counts.only("new")
    assert only.events.tolist() == [[1], [3]]
    assert only.censored.tolist() == [2, 1]
    assert counts.any_cause().events.tolist() == [[3], [3]]
    assert only.people == counts.people


def test_an_unknown_cause_is_refused_by_name():
    with pytest.raises(UsageError, match="one of new, technical: other is not"):
        daily_counts([1], [[1, 2]], [0], causes=["new", "technical"]).only("other")


def test_groups_are_aligned_without_changing_who_is_at_risk():
    first, second = daily_counts([1, 4], [1, 1], [0, 1]), daily_counts([2], [1], [3])
    days, spread = align([first, second])
    assert days.tolist() == [1, 2, 4]
    assert spread[0].at_risk.tolist() == [3, 2, 2]
    assert spread[1].at_risk.tolist() == [4, 4, 0]


def test_groups_with_other_causes_are_refused():
    with pytest.raises(UsageError, match="same causes"):
        align([daily_counts([1], [1], [0]), daily_counts([1], [[1, 1]], [0])])


def test_durations_below_zero_are_refused_with_their_number():
    with pytest.raises(IntervalError, match="2 of 3 rows are"):
        daily_counts([-1, 4, -7], [1, 1, 1], [0, 0, 0])


def test_people_who_leave_no_later_than_they_enter_are_refused():
    with pytest.raises(IntervalError, match="at least 1 do not"):
        daily_counts([3], [1], [0], entered=[1])


def test_more_entries_than_people_are_refused():
    with pytest.raises(IntervalError, match="at least 2 do not"):
        daily_counts([1, 3], [0, 1], [0, 0], entered=[3, 0])


def test_no_people_is_refused():
    with pytest.raises(MetricError, match="at least one person"):
        daily_counts([], [], [])
    with pytest.raises(MetricError, match="at least one person"):
        daily_counts([1, 2], [0, 0], [0, 0])


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ({"time": [1.5, 2.0]}, "time must hold whole numbers: 1 are not"),
        ({"time": [np.nan, 2.0]}, "time must hold whole numbers: 1 are not"),
        ({"time": ["a", "b"]}, "time must hold whole numbers: 2 are not"),
        ({"events": [0.5, 1]}, "events must hold whole numbers"),
        ({"censored": [-1, 1]}, "censored must not be below 0: 1 counts are"),
        ({"censored": [1]}, "censored must have one row per row of time: 1 against 2"),
    ],
)
def test_columns_that_are_not_counts_are_refused(column, words):
    columns = {"time": [1, 2], "events": [1, 1], "censored": [0, 0], **column}
    with pytest.raises(UsageError, match=words):
        daily_counts(**columns)


def test_causes_must_name_each_column_once():
    with pytest.raises(UsageError, match="1 names, 2 columns"):
        daily_counts([1], [[1, 1]], [0], causes=["new"])


def test_counts_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        daily_counts([1], [1], [0]).events[0, 0] = 5
