"""Difference of two shares, from counts or from weighted shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from justice_analysis.errors import MetricError, OptionError, UsageError
from justice_analysis.models.counts import Real
from justice_analysis.models.curves import normal_quantile, over
from justice_analysis.models.intervals import wilson
from justice_analysis.models.ratios import _pairs


@dataclass(frozen=True, eq=False)
class Difference:
    """Differences of two shares: group less reference; missing only where `reason` says why."""

    estimate: Real
    lower: Real
    upper: Real
    reason: NDArray[np.str_]
    method: str
    level: float


def share_difference(
    events: ArrayLike,
    people: ArrayLike,
    reference_events: ArrayLike,
    reference_people: ArrayLike,
    *,
    method: Literal["newcombe", "wald"] = "newcombe",
    level: float = 0.95,
) -> Difference:
    """Share of a group with the outcome less the share of a reference group.

    Parameters
    ----------
    events, people, reference_events, reference_people
        As in `rate_ratio`.
    method
        "newcombe": from both Wilson intervals (Newcombe 1998, method 10), good for small groups
        and shares near 0 or 1. "wald": normal, with each group's own variance.
    level
        Level of the interval.

    Returns
    -------
    Difference
        Between -1 and 1. A group without people leaves its row missing, with the reason.
    """
    a, n, b, m, reason = _pairs(events, people, reference_events, reference_people)
    defined = reason == ""
    first, second = over(a, n), over(b, m)
    estimate = first - second
    if method == "newcombe":
        own = wilson(a, np.maximum(n, 1), level=level)
        other = wilson(b, np.maximum(m, 1), level=level)
        below = np.hypot(first - own.lower, other.upper - second)
        above = np.hypot(own.upper - first, second - other.lower)
    elif method == "wald":
        variance = over(first * (1 - first), n) + over(second * (1 - second), m)
        below = above = normal_quantile(level) * np.sqrt(variance)
    else:
        raise OptionError('method must be "newcombe" or "wald".')
    lower, upper = np.maximum(estimate - below, -1.0), np.minimum(estimate + above, 1.0)
    estimate, lower, upper = (np.where(defined, c, np.nan) for c in (estimate, lower, upper))
    return Difference(estimate, lower, upper, reason, method, level)


def weighted_share_difference(
    share: ArrayLike,
    effective_people: ArrayLike,
    reference_share: ArrayLike,
    reference_effective_people: ArrayLike,
    *,
    level: float = 0.95,
) -> Difference:
    """Share less reference share where people are weighted, as in a matched comparison.

    Parameters
    ----------
    share, reference_share
        Weighted shares, from 0 to 1.
    effective_people, reference_effective_people
        From `effective_people`, or people where all count alike; above 0, need not be whole.
    level
        Level of the interval.

    Returns
    -------
    Difference
        With standard error sqrt(p (1 - p) / n + q (1 - q) / m).
    """
    p, n, q, m = np.broadcast_arrays(
        *(
            np.asarray(c, dtype=np.float64)
            for c in (share, effective_people, reference_share, reference_effective_people)
        )
    )
    outside = int((~((p >= 0) & (p <= 1) & (q >= 0) & (q <= 1))).sum())
    empty = int((~((n > 0) & (m > 0))).sum())
    if outside or empty:
        raise UsageError(
            "shares must lie from 0 to 1 and effective people be above 0: "
            f"{outside + empty:,} are not. Leave empty groups out."
        )
    margin = normal_quantile(level) * np.sqrt(p * (1 - p) / n + q * (1 - q) / m)
    lower, upper = np.maximum(p - q - margin, -1.0), np.minimum(p - q + margin, 1.0)
    return Difference(p - q, lower, upper, np.full(p.shape, "", dtype="<U80"), "weighted", level)


def effective_people(weights: ArrayLike) -> float:
    """People as many as unweighted ones would tell as much: (sum w)^2 / sum w^2, Kish (1965).

    Raises
    ------
    UsageError
        If a weight is below 0 or missing.
    MetricError
        If there is no weight above 0.
    """
    w = np.asarray(weights, dtype=np.float64)
    bad = int((~(np.isfinite(w) & (w >= 0))).sum())
    if bad:
        raise UsageError(f"weights must be at least 0: {bad:,} of {w.size:,} are not.")
    if not (w > 0).any():
        raise MetricError("an effective number of people needs a weight above 0: there is none.")
    scaled = w / w.max()
    return float(scaled.sum() ** 2 / (scaled**2).sum())
