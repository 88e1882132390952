"""Bounds where trends may bend by no more than M from one period to the next.

Rambachan and Roth (2023), restriction of smoothness: the slope of the difference of trends
changes by at most M between one pair of periods and the next. The interval is the shortest of
fixed length around an affine estimator (their section 4.1).
"""

from __future__ import annotations

from functools import cache

import numpy as np

from justice_analysis.models.counts import Real
from justice_analysis.models.staggered.relative_magnitudes import Events

NODES = 400


def identified_set(events: Events, bend: float) -> tuple[float, float] | None:
    """Effects that the estimates, taken as exact, leave possible; `None` if none are.

    The slope just before the reference goes on, and may bend in each period after it.
    """
    slopes = events.steps @ np.r_[events.before, events.after]
    if len(slopes) > 1 and np.abs(np.diff(slopes)).max() > bend:
        return None
    onward = _slope_weights(events)
    centre = events.estimate - float(slopes[-1] * onward.sum())
    off = bend * float(np.abs(np.cumsum(onward[::-1])).sum())
    return centre - off, centre + off


def robust_interval(
    events: Events, bend: float, level: float, freedom: float
) -> tuple[float, float]:
    """Shortest interval of fixed length that covers the effect, whatever the trends do.

    Estimators take the slopes before treatment, weighed to add up to a straight line's onward
    course, off the effect. Running sums of those weights are the worst bias per unit of `bend`,
    so the trade of bias for variance is a lasso, solved along its path.
    """
    from scipy.optimize import minimize_scalar

    path = _Path(events)
    if bend == 0 or path.heaviest == 0:
        best = path.direction(0.0)
        return _around(events, best, bend * path.bias(best), level, freedom)

    def half_length(part: float) -> float:
        one = path.direction(part**2 * path.heaviest)
        return _half_length(events, one, bend * path.bias(one), level, freedom)

    found = minimize_scalar(half_length, bounds=(0.0, 1.0), method="bounded")
    parts = [0.0, float(found.x), 1.0]
    best = path.direction(min(parts, key=half_length) ** 2 * path.heaviest)
    return _around(events, best, bend * path.bias(best), level, freedom)


class _Path:
    """Estimators' directions, from the least variance to the least bias.

    Estimator: weighted effect less the slopes before treatment times weights w, which sum to
    the weighted event times. Its unknowns are the running sums of w but the last.
    """

    def __init__(self, events: Events) -> None:
        slopes = events.steps
        onward = _slope_weights(events)
        differences = np.eye(len(slopes)) - np.eye(len(slopes), k=-1)
        by_sum = -slopes.T @ differences
        self._fixed = events.direction + by_sum[:, -1] * onward.sum()
        self._free = by_sum[:, :-1]
        self._covariance = events.covariance
        self._differences = differences
        self._slopes = slopes
        self._direction = events.direction
        self._beyond = float(np.abs(np.cumsum(onward)[:-1] - onward.sum()).sum())
        self._last = float(abs(onward.sum()))
        self._quadratic = self._free.T @ events.covariance @ self._free
        self._linear = self._free.T @ events.covariance @ self._fixed
        self.heaviest = float(np.abs(self._linear).max(initial=0.0))
        """Penalty at which bias is least."""

    def direction(self, penalty: float) -> Real:
        """Weights on all estimates that make the variance and penalised bias least."""
        return np.asarray(self._fixed + self._free @ self._sums(penalty))

    def bias(self, direction: Real) -> float:
        """Worst bias of an estimator if the trends bend by 1 at most."""
        weights = np.linalg.lstsq(self._slopes.T, self._direction - direction, rcond=None)[0]
        return float(np.abs(np.cumsum(weights)[:-1]).sum()) + self._last + self._beyond

    def _sums(self, penalty: float) -> Real:
        """Running sums by the lasso's dual: least squares in a box, solved exactly."""
        from scipy.optimize import lsq_linear

        if not len(self._linear):
            return np.zeros(0)
        inverse = np.linalg.inv(self._quadratic)
        if penalty == 0:
            return np.asarray(-inverse @ self._linear)
        root = np.linalg.cholesky(inverse).T
        scale = penalty
        box = lsq_linear(
            root * scale, -root @ self._linear, bounds=(-1, 1), method="bvls", tol=1e-14
        )
        return np.asarray(-inverse @ (self._linear + box.x * scale))


def _slope_weights(events: Events) -> Real:
    """How often the effect's average holds each slope after the reference."""
    return np.asarray(np.cumsum(events.weight[::-1])[::-1])


def _half_length(
    events: Events, direction: Real, bias: float, level: float, freedom: float
) -> float:
    error = float(np.sqrt(direction @ events.covariance @ direction))
    return _folded_quantile(bias / error, level, freedom) * error


def _around(
    events: Events, direction: Real, bias: float, level: float, freedom: float
) -> tuple[float, float]:
    centre = float(direction @ np.r_[events.before, events.after])
    half = _half_length(events, direction, bias, level, freedom)
    return centre - half, centre + half


def _folded_quantile(shift: float, level: float, freedom: float) -> float:
    """Quantile of the absolute value of a normal, or Student's t, moved by `shift`.

    Student's t is a normal over an error that itself varies: an average over such errors.
    """
    from scipy.optimize import brentq
    from scipy.special import ndtr

    errors, weights = _errors(freedom)

    def missed(value: float) -> float:
        covered = ndtr(value * errors - shift) - ndtr(-value * errors - shift)
        return float(weights @ covered) - level

    highest = shift + 10.0
    while missed(highest) < 0:
        highest *= 2
    return float(brentq(missed, 0.0, highest, xtol=1e-12))


@cache
def _errors(freedom: float) -> tuple[Real, Real]:
    """Estimated over true error at quantiles that lie close in both tails, and their weights."""
    from scipy.stats import chi2

    if np.isinf(freedom):
        return np.ones(1), np.ones(1)
    angle = (np.arange(NODES) + 0.5) * np.pi / NODES
    errors = np.sqrt(chi2.ppf((1 - np.cos(angle)) / 2, freedom) / freedom)
    return errors, np.sin(angle) / np.sin(angle).sum()
