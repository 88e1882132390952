"""Ratios of two groups' rates or odds: one pair of groups a row, or pooled over strata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from justice_analysis.errors import OptionError, UsageError, listed
from justice_analysis.models.counts import Real
from justice_analysis.models.curves import normal_quantile, over
from justice_analysis.models.intervals import clopper_pearson

NO_PEOPLE = "no people in the group"
NO_REFERENCE_PEOPLE = "no people in the reference group"
NO_REFERENCE_EVENTS = "no events in the reference group: a ratio to it has no value"
NO_EVENTS = "no events in the group: an interval on the log scale has no value"
ALL_EVENTS = "everyone has the outcome: an interval on the log scale has no value"
NO_LOGARITHM = "a count of 0: an interval on the log scale has no value"


@dataclass(frozen=True, eq=False)
class Ratio:
    """Ratios to a reference group, each array of the shape of the counts given.

    Attributes
    ----------
    estimate, lower, upper
        1 is parity. Missing (nan) only where `reason` says why.
    p_value
        Two-sided, of parity, by the same method as the interval: below 1 - level exactly
        where the interval leaves out 1.
    reason
        Why a value is missing; an empty text where none is.
    method, level
        How the interval was made.
    """

    estimate: Real
    lower: Real
    upper: Real
    p_value: Real
    reason: NDArray[np.str_]
    method: str
    level: float


def rate_ratio(
    events: ArrayLike,
    people: ArrayLike,
    reference_events: ArrayLike,
    reference_people: ArrayLike,
    *,
    method: Literal["wald", "exact"] = "wald",
    level: float = 0.95,
) -> Ratio:
    """Rate of a group over the rate of a reference group (a relative rate index).

    Parameters
    ----------
    events, people
        People with the outcome and people who could have had it, in the group; whole numbers,
        events at most people. People may be 0: the result then says so.
    reference_events, reference_people
        The same in the reference group.
    method
        "wald": on the log scale, with standard error sqrt(1/a + 1/b - 1/A - 1/B). "exact":
        given how many events there are in both groups, the group's are binomial if events are
        Poisson, so Clopper and Pearson's limits of that share become limits of the ratio. It
        never covers less than its level and, as it takes events for rare, is wider.
    level
        Level of the interval.

    Returns
    -------
    Ratio
        (a / A) / (b / B). A group without events has ratio 0: with "exact" an upper limit too.

    Raises
    ------
    UsageError
        If counts are not whole, are below 0, or events exceed people.
    """
    a, n, b, m, reason = _pairs(events, people, reference_events, reference_people)
    reason = np.where((reason == "") & (b == 0), NO_REFERENCE_EVENTS, reason)
    estimate = np.where(reason == "", over(a, n) * over(m, b), np.nan)
    if method == "exact":
        lower, upper, p_value = _exact_ratio(a, n, b, m, reason == "", level)
    elif method == "wald":
        reason = np.where((reason == "") & (a == 0), NO_EVENTS, reason)
        reason = np.where((reason == "") & (a == n) & (b == m), ALL_EVENTS, reason)
        variance = over(1, a) + over(1, b) - over(1, n) - over(1, m)
        lower, upper, p_value = _log_limits(estimate, variance, reason == "", level)
    else:
        raise OptionError('method must be "wald" or "exact".')
    return Ratio(estimate, lower, upper, p_value, reason, method, level)


def odds_ratio(
    events: ArrayLike,
    people: ArrayLike,
    reference_events: ArrayLike,
    reference_people: ArrayLike,
    *,
    level: float = 0.95,
) -> Ratio:
    """Odds of a group over the odds of a reference group, with Woolf's interval (1955).

    Parameters
    ----------
    events, people, reference_events, reference_people, level
        As in `rate_ratio`.

    Returns
    -------
    Ratio
        (a (B - b)) / (b (A - a)), with standard error of the logarithm
        sqrt(1/a + 1/(A - a) + 1/b + 1/(B - b)); missing where one of these counts is 0.
    """
    a, n, b, m, reason = _pairs(events, people, reference_events, reference_people)
    has_zero = (a == 0) | (b == 0) | (a == n) | (b == m)
    reason = np.where((reason == "") & has_zero, NO_LOGARITHM, reason)
    estimate = np.where(reason == "", over(a, n - a) * over(m - b, b), np.nan)
    variance = over(1, a) + over(1, n - a) + over(1, b) + over(1, m - b)
    lower, upper, p_value = _log_limits(estimate, variance, reason == "", level)
    return Ratio(estimate, lower, upper, p_value, reason, "woolf", level)


def pooled_z(
    events: ArrayLike,
    people: ArrayLike,
    reference_events: ArrayLike,
    reference_people: ArrayLike,
) -> Real:
    """Score test that two groups have one share: difference over its error at the pooled share.

    Missing (nan) where a group has no people, or where no one or everyone has the outcome.
    """
    a, n, b, m, reason = _pairs(events, people, reference_events, reference_people)
    share = over(a + b, n + m)
    spread = share * (1 - share) * (over(1, n) + over(1, m))
    defined = (reason == "") & (spread > 0)
    return np.where(defined, (over(a, n) - over(b, m)) * over(1, np.sqrt(spread)), np.nan)


def _exact_ratio(
    a: Real, n: Real, b: Real, m: Real, defined: NDArray[np.bool_], level: float
) -> tuple[Real, Real, Real]:
    from scipy.stats import binom

    a, b = np.where(defined, a, 0), np.where(defined, b, 1)
    n, m = np.where(defined, n, 1), np.where(defined, m, 1)
    share = clopper_pearson(a, a + b, level=level)
    lower, upper = (limit / (1 - limit) * m / n for limit in (share.lower, share.upper))
    at_parity = n / (n + m)
    tail = np.minimum(binom.cdf(a, a + b, at_parity), binom.sf(a - 1, a + b, at_parity))
    p_value = np.minimum(2 * tail, 1.0)
    return tuple(np.where(defined, column, np.nan) for column in (lower, upper, p_value))  # type: ignore[return-value]


def _log_limits(
    estimate: Real, variance: Real, defined: NDArray[np.bool_], level: float
) -> tuple[Real, Real, Real]:
    from scipy.special import ndtr

    logarithm = np.log(np.where(defined, estimate, 1.0))
    error = np.sqrt(np.maximum(variance, 0.0))
    margin = normal_quantile(level) * error
    p_value = 2 * ndtr(-np.abs(over(logarithm, error)))
    limits = (np.exp(logarithm - margin), np.exp(logarithm + margin), p_value)
    return tuple(np.where(defined, column, np.nan) for column in limits)  # type: ignore[return-value]


def _pairs(
    events: ArrayLike, people: ArrayLike, reference_events: ArrayLike, reference_people: ArrayLike
) -> tuple[Real, Real, Real, Real, NDArray[np.str_]]:
    """Counts as numbers of one shape, and why a row can't be compared."""
    named = {
        "events": events,
        "people": people,
        "reference_events": reference_events,
        "reference_people": reference_people,
    }
    a, n, b, m = np.broadcast_arrays(*(np.asarray(c, dtype=np.float64) for c in named.values()))
    problems = []
    for name, column in zip(named, (a, n, b, m), strict=True):
        bad = int((~np.isfinite(column) | (column < 0) | (column != np.floor(column))).sum())
        if bad:
            problems.append(f"{name} must be whole and at least 0: {bad:,} are not.")
    for name, inside, all_of in (("events", a, n), ("reference_events", b, m)):
        if (inside > all_of).any():
            number = int((inside > all_of).sum())
            problems.append(f"{name} must not exceed the people of the group: {number:,} do.")
    if problems:
        raise UsageError(listed(problems))
    reason = np.where(n == 0, NO_PEOPLE, np.where(m == 0, NO_REFERENCE_PEOPLE, ""))
    return a, n, b, m, reason.astype("<U80")
