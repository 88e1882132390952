"""Logistic regression against its likelihood, summed person by person."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from justice_analysis.errors import MetricError
from justice_analysis.models import logistic

# Outcome, two covariates, people.
ROW = st.tuples(st.booleans(), st.integers(-1, 1), st.integers(0, 1), st.integers(1, 4))
ROWS = st.lists(ROW, min_size=4, max_size=14)
FEW = settings(max_examples=80, deadline=None, derandomize=True)


def fit(rows, **options):
    outcome, x, z, people = (np.array(column) for column in zip(*rows, strict=True))
    return logistic(outcome, {"x": x, "z": z}, counts=people, **options)


def reason_to_refuse(rows):
    """What keeps these rows from a fit, found by trying every direction that could do it."""
    outcome, x, z, _ = (np.array(column) for column in zip(*rows, strict=True))
    design = np.column_stack([np.ones(len(rows)), x, z])
    if outcome.all() or not outcome.any() or np.linalg.matrix_rank(design) < 3:
        return "tells nothing"
    signed = design * np.where(outcome, 1, -1)[:, None]
    # A separating direction may be moved until it touches two rows, so crosses are enough.
    pairs = itertools.product(itertools.combinations(signed, 2), (1, -1))
    directions = [sign * np.cross(one, other) for (one, other), sign in pairs]
    for direction in directions:
        reached = signed @ direction
        if (reached >= 0).all() and (reached > 0).any():
            return "no finite value"
    return None


def slow_log_likelihood(rows, coefficients):
    value = 0.0
    for outcome, x, z, people in rows:
        logit = coefficients[0] + coefficients[1] * x + coefficients[2] * z
        value += people * (outcome * logit - math.log1p(math.exp(logit)))
    return value


@FEW
@given(ROWS)
def test_rows_are_fitted_exactly_where_every_odds_ratio_is_finite(rows):
    expected = reason_to_refuse(rows)
    if expected is None:
        assert np.isfinite(fit(rows).coefficients).all()
    else:
        with pytest.raises(MetricError) as refused:
            fit(rows)
        assert ("no finite value" in str(refused.value)) == (expected == "no finite value")


@FEW
@given(ROWS)
def test_the_fit_is_the_maximum_of_the_likelihood(rows):
    assume(reason_to_refuse(rows) is None)
    found = fit(rows)
    at = np.array([found.intercept, *found.coefficients])
    highest = slow_log_likelihood(rows, at)
    assert found.log_likelihood == pytest.approx(highest, abs=1e-9)
    for step in np.vstack([np.eye(3), -np.eye(3)]) * 0.01:
        assert slow_log_likelihood(rows, at + step) < highest


@FEW
@given(ROWS)
def test_counts_are_repeated_rows_with_robust_errors_too(rows):
    assume(reason_to_refuse(rows) is None)
    repeated = [(*row[:3], 1) for row in rows for _ in range(row[3])]
    found, again = fit(rows, robust=True), fit(repeated, robust=True)
    np.testing.assert_allclose(found.coefficients, again.coefficients, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(found.covariance, again.covariance, rtol=1e-7, atol=1e-9)
