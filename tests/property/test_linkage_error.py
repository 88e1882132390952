"""True histories are drawn, links missed and made falsely: the formulas find the truth again."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from justice_analysis import models
from justice_analysis.models import linkage_error as le
from justice_analysis.models.linkage_worst_case import worst_case_incidence, worst_case_share

PEOPLE = 120_000
WINDOW, HORIZON = 4.0, 5.0
CASES = 6  # at most so many a person
share = st.floats(0.02, 0.6)
small = st.floats(0.0, 0.2)
seeds = st.integers(0, 2**32 - 1)
drawn = settings(max_examples=6, derandomize=True, deadline=None)


class History:
    """Cases of people, which of them are joined to the one before, and what is then seen."""

    def __init__(self, seed: int, missed: float, false: float, first: float, later: float) -> None:
        self.stream = np.random.default_rng(seed)
        chance = np.full((PEOPLE, CASES), later)
        chance[:, 0], chance[:, 1] = 1.0, first
        goes_on = (self.stream.random((PEOPLE, CASES)) < chance).cumprod(axis=1).astype(bool)
        gaps = self.stream.exponential(3.0, (PEOPLE, CASES))
        gaps[:, 0] = self.stream.uniform(-WINDOW, WINDOW, PEOPLE)
        self.dates = np.where(goes_on, gaps, np.inf).cumsum(axis=1)
        self.cut = self.stream.random((PEOPLE, CASES)) < missed
        self.cut[:, 0] = True
        self.per_year = -np.log1p(-false) / HORIZON

    @property
    def next_days(self) -> np.ndarray:
        following = np.full((PEOPLE, CASES), np.inf)
        following[:, :-1] = self.dates[:, 1:]
        with np.errstate(invalid="ignore"):
            return np.where(np.isfinite(self.dates), following - self.dates, np.inf)

    def returned(self) -> np.ndarray:
        return self.next_days <= HORIZON

    def counted(self) -> np.ndarray:
        """Cases that look like a person's first, in the window of entry."""
        return self.cut & self.in_window()

    def in_window(self) -> np.ndarray:
        return (self.dates >= 0) & (self.dates < WINDOW)

    def seen(self) -> np.ndarray:
        """Whether each case that looks like a first is seen to be followed by another."""
        joined = np.zeros((PEOPLE, CASES), bool)
        joined[:, :-1] = ~self.cut[:, 1:]
        strangers = self.stream.exponential(1 / max(self.per_year, 1e-12), (PEOPLE, CASES))
        return (self.returned() & joined) | (strangers <= HORIZON)


@given(seed=seeds, m=small, f=small, first=share, later=share)
@drawn
def test_a_corrected_share_finds_the_truth_under_false_first_cases_too(seed, m, f, first, later):
    drawing = History(seed, m, f, first, later)
    counted, window = drawing.counted(), drawing.in_window()
    q = drawing.seen()[counted].mean()
    true_first, true_later = window[:, 0], window[:, 1:]
    p = drawing.returned()[:, 0][true_first].mean()
    again = drawing.returned()[:, 1:][true_later].mean()
    joined = (window & ~drawing.cut).sum() / counted.sum()
    found = le.corrected_share(q, missed=m, false=f, returns=joined, again=again)
    error = np.sqrt(q * (1 - q) / counted.sum()) / ((1 - m) * (1 - f))
    assert abs(found - p) < 5 * error + 0.002
    c = counted[:, 1:].sum() / counted.sum()
    assert c == pytest.approx(le.false_first_share(m, joined), abs=0.004)
    seen = le.observed_share(p, missed=m, false=f, false_firsts=c, again=again)
    assert seen == pytest.approx(q, abs=5 * error + 0.002)


@given(seed=seeds, m=small, f=small, first=share, later=share)
@drawn
def test_bounds_hold_the_truth_whatever_the_rates_within_their_ranges(seed, m, f, first, later):
    drawing = History(seed, m, f, first, later)
    counted = drawing.counted()
    q = drawing.seen()[counted].mean()
    error = 4 * np.sqrt(q * (1 - q) / counted.sum()) + 0.001
    joined = (drawing.in_window() & ~drawing.cut).sum() / counted.sum()
    bounds = le.share_bounds(
        (max(0.0, q - error), min(1.0, q + error)),
        missed=(max(0.0, m - 0.05), m + 0.05),
        false=(max(0.0, f - 0.05), f + 0.05),
        returns=(0.0, joined * 1.02),
    )
    truth = drawing.returned()[:, 0][drawing.in_window()[:, 0]].mean()
    assert bounds.holds(truth)


@given(q=st.floats(0.05, 0.9), m=small, f=small, r=st.floats(0, 1), p2=st.floats(0, 1))
@settings(max_examples=25, derandomize=True, deadline=None)
def test_bounds_are_sharp_no_value_inside_the_box_is_beyond_them_and_corners_reach_them(
    q, m, f, r, p2
):
    ranges = {
        "missed": (m / 2, m),
        "false": (f / 3, f),
        "returns": (r / 2, r),
        "again": (p2 / 2, p2),
    }
    bounds = le.share_bounds(q, **ranges)
    sides = [np.linspace(low, high, 6) for low, high in ranges.values()]
    values = [
        float(le.corrected_share(q, missed=one[0], false=one[1], returns=one[2], again=one[3]))
        for one in itertools.product(*sides)
    ]
    inside = [value for value in values if 0 <= value <= 1]
    assert bounds.is_possible == bool(inside)
    if inside:
        assert all(map(bounds.holds, inside))
        assert min(values) == pytest.approx(bounds.lower) or bounds.lower == 0
        assert max(values) == pytest.approx(bounds.upper) or bounds.upper == 1


@given(p=share, m=small, f=small, r=st.floats(0, 0.5), p2=st.floats(0, 1))
@settings(max_examples=50, derandomize=True, deadline=None)
def test_correction_undoes_observation_and_finds_the_rates_again(p, m, f, r, p2):
    c = float(le.false_first_share(m, r))
    q = float(le.observed_share(p, missed=m, false=f, false_firsts=c, again=p2))
    found = le.corrected_share(q, missed=m, false=f, returns=r, again=p2)
    assert found == pytest.approx(p, abs=1e-9)
    back = le.missed_rate_for(p, q, false=f, returns=r, again=p2)
    if abs(p * (1 + r) - r * p2) > 1e-3:
        assert back == pytest.approx(m, abs=1e-6) or (back is None and m < 1e-9)
    again = le.false_rate_for(p, q, missed=m, returns=r, again=p2)
    assert again == pytest.approx(f, abs=1e-9) or (again is None and f < 1e-9)


@given(seed=seeds, m=small, f=small, first=share)
@drawn
def test_survival_at_t_is_corrected_as_a_share_is_where_people_are_censored(seed, m, f, first):
    stream = np.random.default_rng(seed)
    days = np.where(stream.random(PEOPLE) < first, stream.exponential(900, PEOPLE), np.inf)
    true_share = first * -np.expm1(-1500 / 900)
    joined = np.where(stream.random(PEOPLE) < m, np.inf, days)
    strangers = stream.exponential(-1500 / np.log1p(-f) if f else np.inf, PEOPLE)
    end = stream.uniform(500, 4000, PEOPLE)
    first_seen = np.minimum(joined, strangers)
    time = np.ceil(np.minimum(first_seen, end)).astype(int)
    is_event = first_seen <= end
    curve = models.kaplan_meier(models.daily_counts(time, is_event, ~is_event))
    read = models.at_times(curve, 1500)
    q = 1 - read.estimate[0]
    found = le.corrected_share(q, missed=m, false=f)
    error = np.sqrt(read.variance[0]) / ((1 - m) * (1 - f))
    assert abs(found - true_share) < 5 * error + 0.002


@given(seed=seeds, m=small, f=small, first=share, later=share)
@drawn
def test_a_corrected_rate_finds_the_truth_where_all_further_cases_count(seed, m, f, first, later):
    drawing = History(seed, m, f, first, later)
    dates, end = drawing.dates, 12.0
    within = dates < end
    starts = np.where(within & drawing.cut, end - dates, 0.0)
    time, of_false = starts.sum(), starts[:, 1:].sum()
    strangers = drawing.stream.poisson(drawing.per_year * time)
    seen = (within & ~drawing.cut).sum() + strangers
    true = within[:, 1:].sum() / (end - dates[:, 0]).sum()
    found = le.corrected_rate(
        seen / time, missed=m, false=drawing.per_year, false_time=of_false / time
    )
    assert found == pytest.approx(true, rel=0.02, abs=6 * np.sqrt(seen) / time)
    bounds = le.rate_bounds(
        seen / time,
        missed=(max(0.0, m - 0.05), m + 0.05),
        false=(drawing.per_year * 0.5, drawing.per_year * 1.5 + 1e-3),
        false_time=(0.0, of_false / time + 0.05),
    )
    assert bounds.holds(true)


@given(seed=seeds, m=small, e=small, later=st.floats(0.05, 1.0))
@drawn
def test_the_number_of_first_cases_is_found_again(seed, m, e, later):
    stream = np.random.default_rng(seed)
    first, further = PEOPLE, int(PEOPLE * later)
    swallowed, missed = stream.binomial(first, e), stream.binomial(further, m)
    n, b = first - swallowed + missed, further - missed + swallowed
    found = le.corrected_first_cases(n, b, missed=m, false=e)
    assert found == pytest.approx(first, rel=0.02)
    ranges = {"missed": (max(0.0, m - 0.02), m + 0.02), "false": (max(0.0, e - 0.02), e + 0.02)}
    assert le.first_case_bounds(n, b, **ranges).holds(first)


@given(
    rows=st.lists(st.tuples(st.integers(1, 5), st.booleans()), min_size=3, max_size=6),
    missed=st.integers(0, 2),
    false=st.integers(0, 2),
)
@settings(max_examples=40, derandomize=True, deadline=None)
def test_worst_case_bounds_are_those_of_trying_every_set_of_wrong_statuses(rows, missed, false):
    day = 3
    if not any(time >= day for time, _ in rows):
        rows = [*rows, (4, False)]
    tried = list(_tried(rows, day, missed, false))
    found = worst_case_incidence(_counts(rows), day, missed_people=missed, false_people=false)
    assert found.lower == pytest.approx(min(tried))
    assert found.upper == pytest.approx(max(tried))


def _tried(rows, day, missed, false):
    """One minus Kaplan-Meier for every way in which so many statuses may be wrong."""
    returned = [i for i, (time, event) in enumerate(rows) if event and time <= day]
    others = [i for i in range(len(rows)) if i not in returned]
    for changed in _subsets(returned, false):
        yield _incidence([(99, False) if i in changed else row for i, row in enumerate(rows)], day)
    for changed in _subsets(others, missed):
        last = [range(1, min(rows[i][0], day) + 1) for i in changed]
        for days in itertools.product(*last):
            new = dict(zip(changed, days, strict=True))
            yield _incidence(
                [(new[i], True) if i in new else row for i, row in enumerate(rows)], day
            )


def _subsets(positions, most):
    for size in range(min(most, len(positions)) + 1):
        yield from itertools.combinations(positions, size)


def _counts(rows):
    time, event = (np.array(column) for column in zip(*rows, strict=True))
    return models.daily_counts(time, event, ~event)


def _incidence(rows, day):
    survival = 1.0
    for t in sorted({time for time, event in rows if event and time <= day}):
        at_risk = sum(time >= t for time, _ in rows)
        survival *= 1 - sum(event and time == t for time, event in rows) / at_risk
    return 1 - survival


@given(n=st.integers(4, 9), seen=st.integers(0, 4), wrong=st.integers(0, 2), hid=st.integers(0, 2))
@settings(max_examples=30, derandomize=True, deadline=None)
def test_a_worst_case_share_is_that_of_the_least_and_most_people_who_may_have_returned(
    n, seen, wrong, hid
):
    bounds = worst_case_share(seen / n, missed_people=hid / n, false_people=wrong / n)
    assert bounds.lower == pytest.approx(max(0, seen - wrong) / n)
    assert bounds.upper == pytest.approx(min(n, seen + hid) / n)
    one_false_first = worst_case_share(
        seen / n, missed_people=0, false_people=0, false_firsts=1 / n
    )
    assert one_false_first.lower == pytest.approx(max(0, seen - 1) / (n - 1))
    assert one_false_first.upper == pytest.approx(min(1, seen / (n - 1)))
