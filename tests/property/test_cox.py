"""Proportional hazards against slow, obvious versions that go through every risk set."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from justice_analysis.errors import MetricError
from justice_analysis.models import cox

# Entry (0: from the start), days followed after it, event, two covariates, stratum, people.
ROW = st.tuples(
    st.integers(0, 3),
    st.integers(1, 6),
    st.booleans(),
    st.integers(-2, 2),
    st.integers(0, 1),
    st.integers(0, 1),
    st.integers(1, 3),
)
ROWS = st.lists(ROW, min_size=8, max_size=25)
FEW = settings(max_examples=60, deadline=None, derandomize=True)
TIES = st.sampled_from(["efron", "breslow"])


def fit(rows, *, ties, counted=True, **options):
    columns = (np.array(column) for column in zip(*rows, strict=True))
    entry, followed, event, x, z, stratum, people = columns
    options |= {"counts": people} if counted else {}
    return cox(
        entry + followed, event, {"x": x, "z": z},
        entry_days=entry, strata=stratum, ties=ties, **options,
    )  # fmt: skip


def fitted_or_refused(rows, **options):
    """Refused as they should be where a covariate tells nothing, or everything."""
    try:
        return fit(rows, **options)
    except MetricError:
        return None


def repeated(rows):
    return [row for row in rows for _ in range(row[-1])]


def slow_log_likelihood(rows, coefficients, ties):
    """Each event day of each stratum: the risk of those with the event over that of all."""

    def risk(row):
        return math.exp(coefficients[0] * row[3] + coefficients[1] * row[4])

    value, people = 0.0, repeated(rows)
    for stratum in (0, 1):
        inside = [row for row in people if row[5] == stratum]
        for day in {row[0] + row[1] for row in inside if row[2]}:
            at_risk = [row for row in inside if row[0] < day <= row[0] + row[1]]
            having = [row for row in at_risk if row[2] and row[0] + row[1] == day]
            for number, row in enumerate(having):
                gone = number / len(having) if ties == "efron" else 0.0
                left = sum(map(risk, at_risk)) - gone * sum(map(risk, having))
                value += math.log(risk(row)) - math.log(left)
    return value


@FEW
@given(ROWS, TIES)
def test_the_fit_is_the_maximum_of_the_partial_likelihood(rows, ties):
    found = fitted_or_refused(rows, ties=ties)
    assume(found is not None)
    at = found.coefficients
    highest = slow_log_likelihood(rows, at, ties)
    assert found.log_likelihood == pytest.approx(highest, abs=1e-8)
    assert found.null_log_likelihood == pytest.approx(slow_log_likelihood(rows, [0, 0], ties))
    for step in np.vstack([np.eye(2), -np.eye(2)]) * found.standard_errors * 0.01:
        assert slow_log_likelihood(rows, at + step, ties) < highest


@FEW
@given(ROWS, TIES)
def test_errors_are_from_the_curvature_of_the_partial_likelihood(rows, ties):
    found = fitted_or_refused(rows, ties=ties)
    assume(found is not None)
    step, unit = 1e-4, np.eye(2)

    def value(a, b):
        moved = found.coefficients + step * (a * unit[0] + b * unit[1])
        return slow_log_likelihood(rows, moved, ties)

    across = value(1, 1) - value(1, -1) - value(-1, 1) + value(-1, -1)
    curvature = [
        [(value(1, 0) - 2 * value(0, 0) + value(-1, 0)), across / 4],
        [across / 4, (value(0, 1) - 2 * value(0, 0) + value(0, -1))],
    ]
    information = -np.array(curvature) / step**2
    np.testing.assert_allclose(np.linalg.inv(found.covariance), information, rtol=1e-4, atol=1e-4)


@FEW
@given(ROWS, TIES)
def test_counts_are_repeated_rows_with_robust_errors_too(rows, ties):
    found = fitted_or_refused(rows, ties=ties, robust=True)
    again = fitted_or_refused(repeated(rows), ties=ties, robust=True, counted=False)
    assert (found is None) == (again is None)
    assume(found is not None)
    np.testing.assert_allclose(found.coefficients, again.coefficients, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(found.covariance, again.covariance, rtol=1e-6, atol=1e-12)
    assert (found.people, found.events) == (again.people, again.events)


@FEW
@given(ROWS)
def test_robust_errors_are_from_each_persons_part_in_the_score(rows):
    """With Breslow's ties, and without late entry or counts."""
    rows = [(0, *row[1:6], 1) for row in rows]
    found = fitted_or_refused(rows, ties="breslow", robust=True)
    assume(found is not None)
    parts = [slow_score(rows, number, found.coefficients) for number in range(len(rows))]
    plain = fit(rows, ties="breslow").covariance
    expected = plain @ np.einsum("ij,ik->jk", parts, parts) @ plain
    np.testing.assert_allclose(found.covariance, expected, rtol=1e-6, atol=1e-10)
    np.testing.assert_allclose(np.sqrt(np.diag(plain)), found.standard_errors)


def slow_score(rows, number, coefficients):
    """Covariates of a person less their mean in the risk set, over the person's martingale."""
    own = rows[number]
    last, total = own[0] + own[1], np.zeros(2)
    inside = [row for row in rows if row[5] == own[5]]
    for day in {row[0] + row[1] for row in inside if row[2]}:
        if day > last:
            continue
        at_risk = [row for row in inside if row[0] + row[1] >= day]
        risks = np.exp([np.dot(coefficients, row[3:5]) for row in at_risk])
        mean = np.average([row[3:5] for row in at_risk], axis=0, weights=risks)
        events = sum(bool(row[2]) and row[0] + row[1] == day for row in inside)
        expected = np.exp(np.dot(coefficients, own[3:5])) * events / risks.sum()
        observed = bool(own[2]) and last == day
        total += (np.array(own[3:5]) - mean) * (observed - expected)
    return total


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.integers(0, 10_000))
@pytest.mark.filterwarnings("ignore:Starting with pandas version 4")  # inside lifelines
def test_the_fit_equals_lifelines(seed):
    import pandas as pd
    from lifelines import CoxPHFitter

    rng = np.random.default_rng(seed)
    rows = pd.DataFrame({"x": rng.normal(size=120), "z": rng.integers(0, 2, 120)})
    rows["days"] = rng.geometric(0.1 * np.exp(0.3 * rows["x"]).clip(upper=5))
    rows["event"] = rng.random(120) < 0.8
    fitter = CoxPHFitter().fit(rows, "days", "event")
    found = cox(rows["days"], rows["event"], rows[["x", "z"]])
    np.testing.assert_allclose(found.coefficients, fitter.params_, atol=1e-5)
    np.testing.assert_allclose(found.standard_errors, fitter.standard_errors_, atol=1e-5)
