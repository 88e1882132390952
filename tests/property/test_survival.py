"""Estimators from counts against slow, obvious versions that follow each person."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from justice_analysis import models
from justice_analysis.errors import MetricError

CENSORED = 0
# One person: entry (0: from the start), days followed after it, outcome (0 censored, else cause).
PERSON = st.tuples(st.integers(0, 6), st.integers(1, 12), st.integers(0, 2))
PEOPLE = st.lists(PERSON, min_size=1, max_size=40)
FROM_START = st.lists(
    st.tuples(st.just(0), st.integers(0, 12), st.integers(0, 2)), min_size=1, max_size=40
)
FEW = settings(max_examples=60, deadline=None)


def as_counts(people):
    """One row per person and moment, in no order: `daily_counts` has to add them up."""
    rows = []
    for entry, followed, outcome in people:
        rows.append((entry + followed, outcome == 1, outcome == 2, outcome == CENSORED, 0))
        if entry > 0:
            rows.append((entry, 0, 0, 0, 1))
    table = np.array(rows, dtype=int)
    return models.daily_counts(
        table[:, 0], table[:, 1:3], table[:, 3], entered=table[:, 4], causes=["a", "b"]
    )


def at_risk_on(people, day):
    """Observed over (entry, exit]; those who enter at the start also on day 0."""
    return sum(
        (entry < day or entry == 0) and entry + followed >= day for entry, followed, _ in people
    )


def events_on(people, day, causes):
    return sum(entry + followed == day and cause in causes for entry, followed, cause in people)


def slow_survival(people, day):
    survival = 1.0
    for s in range(day + 1):
        if at_risk_on(people, s):
            survival *= 1 - events_on(people, s, {1, 2}) / at_risk_on(people, s)
    return survival


def slow_incidence(people, cause, day):
    return sum(
        slow_survival(people, s - 1) * events_on(people, s, {cause}) / at_risk_on(people, s)
        for s in range(day + 1)
        if at_risk_on(people, s)
    )


@FEW
@given(PEOPLE | FROM_START)
def test_kaplan_meier_equals_following_each_person(people):
    curve = models.kaplan_meier(as_counts(people))
    expected = [slow_survival(people, int(day)) for day in curve.time]
    np.testing.assert_allclose(curve.survival, expected, atol=1e-12)
    assert curve.at_risk.tolist() == [at_risk_on(people, day) for day in curve.time]


@FEW
@given(PEOPLE | FROM_START)
def test_incidence_equals_following_each_person(people):
    curve = models.aalen_johansen(as_counts(people))
    for column, cause in enumerate([1, 2]):
        expected = [slow_incidence(people, cause, int(day)) for day in curve.time]
        np.testing.assert_allclose(curve.incidence[:, column], expected, atol=1e-12)


@FEW
@given(PEOPLE | FROM_START)
def test_incidence_of_all_causes_is_what_survival_lost(people):
    counts = as_counts(people)
    lost = 1 - models.kaplan_meier(counts).survival
    total = models.aalen_johansen(counts).incidence.sum(axis=1)
    np.testing.assert_allclose(total, lost, atol=1e-12)


@FEW
@given(PEOPLE | FROM_START)
def test_greenwood_incidence_of_one_cause_has_kaplan_meiers_variance(people):
    counts = as_counts(people).any_cause()
    found = models.aalen_johansen(counts, variance="greenwood").variance[:, 0]
    np.testing.assert_allclose(found, models.kaplan_meier(counts).variance, atol=1e-12)


@FEW
@given(FROM_START)
def test_greenwood_incidence_without_censoring_is_binomial(people):
    events = [(entry, days, outcome or 1) for entry, days, outcome in people]
    curve = models.aalen_johansen(as_counts(events), variance="greenwood")
    share = curve.incidence
    np.testing.assert_allclose(curve.variance, share * (1 - share) / len(people), atol=1e-12)


@FEW
@given(PEOPLE | FROM_START)
def test_limits_hold_the_estimate_and_stay_within_0_and_1(people):
    counts = as_counts(people)
    curves = [models.aalen_johansen(counts), models.aalen_johansen(counts, variance="greenwood")]
    curves += [models.kaplan_meier(counts, confidence=c) for c in ("log-log", "log", "plain")]
    for curve in curves:
        assert (curve.lower >= 0).all()
        assert (curve.upper <= 1).all()
        assert (curve.lower <= curve.estimate + 1e-12).all()
        assert (curve.estimate <= curve.upper + 1e-12).all()


@FEW
@given(FROM_START)
def test_kaplan_meier_equals_lifelines(people):
    from lifelines import KaplanMeierFitter

    days = [entry + followed for entry, followed, _ in people]
    fitter = KaplanMeierFitter().fit(days, [outcome != CENSORED for *_, outcome in people])
    curve = models.kaplan_meier(as_counts(people))
    expected = fitter.survival_function_at_times(curve.time).to_numpy()
    np.testing.assert_allclose(curve.survival, expected, atol=1e-9)


@FEW
@given(PEOPLE, st.randoms(use_true_random=False))
def test_order_and_splitting_of_rows_do_not_matter(people, random):
    counts = as_counts(people)
    rows = [(day, e, c, n) for day, e, c, n in zip(
        counts.time, counts.events, counts.censored, counts.entered, strict=True)]  # fmt: skip
    split = [
        part
        for day, e, c, n in rows
        for part in [(day, e * 0, c, 0), (day, e, 0, 0), (day, e * 0, 0, n)]
    ]
    random.shuffle(split)
    again = models.daily_counts(
        [row[0] for row in split],
        np.array([row[1] for row in split]),
        [row[2] for row in split],
        entered=[row[3] for row in split],
        causes=counts.causes,
    )
    first, second = models.aalen_johansen(counts), models.aalen_johansen(again)
    assert first.time.tolist() == second.time.tolist()
    np.testing.assert_array_equal(first.incidence, second.incidence)
    np.testing.assert_array_equal(first.variance, second.variance)


def slow_log_rank(groups):
    """Two groups, day by day, from the hypergeometric distribution."""
    everyone = groups[0] + groups[1]
    observed_less_expected = variance = 0.0
    for day in sorted({followed for _, followed, _ in everyone}):
        n, n1 = at_risk_on(everyone, day), at_risk_on(groups[0], day)
        d, d1 = events_on(everyone, day, {1, 2}), events_on(groups[0], day, {1, 2})
        observed_less_expected += d1 - d * n1 / n
        if n > 1:
            variance += d * n1 / n * (1 - n1 / n) * (n - d) / (n - 1)
    return observed_less_expected**2 / variance if variance > 1e-9 else None


@FEW
@given(FROM_START, FROM_START)
def test_log_rank_equals_the_sum_over_days(first, second):
    expected = slow_log_rank([first, second])
    groups = [as_counts(first), as_counts(second)]
    if expected is None:
        with pytest.raises(MetricError):
            models.log_rank(groups)
    else:
        assert models.log_rank(groups).statistic == pytest.approx(expected, rel=1e-9, abs=1e-12)


@FEW
@given(FROM_START)
def test_restricted_mean_without_censoring_is_the_mean_of_days_within_the_horizon(people):
    events = [(entry, days, outcome or 1) for entry, days, outcome in people]
    found = models.restricted_mean(models.kaplan_meier(as_counts(events)), 7)
    assert found.mean == pytest.approx(np.mean([min(days, 7) for _, days, _ in events]))
