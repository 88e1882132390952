"""Intervals for a proportion and for a rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from justice_analysis.errors import UsageError, listed
from justice_analysis.models.counts import Real
from justice_analysis.models.curves import normal_quantile


@dataclass(frozen=True, eq=False)
class Interval:
    """Estimates with their limits, each of the shape of the counts given."""

    estimate: Real
    lower: Real
    upper: Real


def wilson(count: ArrayLike, total: ArrayLike, *, level: float = 0.95) -> Interval:
    """Score interval of a proportion, Wilson (1927), without continuity correction.

    Parameters
    ----------
    count, total
        People with the outcome and people asked about; whole, count <= total, total above 0.
    """
    x, n = _checked(count, total, is_share=True)
    z = normal_quantile(level)
    centre = (x + z**2 / 2) / (n + z**2)
    margin = z / (n + z**2) * np.sqrt(x * (n - x) / n + z**2 / 4)
    lower = np.where(x == 0, 0.0, centre - margin)
    return Interval(x / n, lower, np.where(x == n, 1.0, centre + margin))


def clopper_pearson(count: ArrayLike, total: ArrayLike, *, level: float = 0.95) -> Interval:
    """Exact interval of a proportion, Clopper and Pearson (1934); never covers less than level.

    Parameters
    ----------
    count, total
        As in `wilson`.
    """
    from scipy.stats import beta

    x, n = _checked(count, total, is_share=True)
    normal_quantile(level)
    tail = (1 - level) / 2
    lower = np.where(x == 0, 0.0, beta.ppf(tail, np.maximum(x, 1), n - x + 1))
    upper = np.where(x == n, 1.0, beta.ppf(1 - tail, x + 1, np.maximum(n - x, 1)))
    return Interval(x / n, lower, upper)


def poisson_exact(count: ArrayLike, exposure: ArrayLike, *, level: float = 0.95) -> Interval:
    """Exact interval of a rate, Garwood (1936), from the link of Poisson and chi-squared.

    Parameters
    ----------
    count
        Events, whole.
    exposure
        People or person-time they arose from, above 0.
    """
    from scipy.stats import chi2

    x, time = _checked(count, exposure, is_share=False)
    normal_quantile(level)
    tail = (1 - level) / 2
    lower = np.where(x == 0, 0.0, chi2.ppf(tail, 2 * np.maximum(x, 1)) / 2)
    upper = chi2.ppf(1 - tail, 2 * (x + 1)) / 2
    return Interval(x / time, lower / time, upper / time)


def byar(
    count: ArrayLike,
    exposure: ArrayLike,
    *,
    level: float = 0.95,
    form: Literal["half", "conventional"] = "half",
) -> Interval:
    """Byar's approximate interval of a rate.

    Parameters
    ----------
    count, exposure
        As in `poisson_exact`.
    form
        "half": both limits from a = count + 0.5 (Rothman and Boice 1979, as R's epitools), which
        comes near the mid-P interval. "conventional": the lower limit from count, the upper from
        count + 1 (Breslow and Day 1987, as used by UK public health bodies), near the exact one.

    Returns
    -------
    Interval
        a (1 - 1/(9a) -+ z/(3 sqrt(a)))^3 / exposure. At a count of 0 the "half" form falls
        just below 0; a rate can't, so the lower limit is 0.
    """
    x, time = _checked(count, exposure, is_share=False)
    z = normal_quantile(level)
    if form not in ("half", "conventional"):
        raise UsageError('form must be "half" or "conventional".')
    below, above = (x + 0.5, x + 0.5) if form == "half" else (x, x + 1)
    lower = np.where(x == 0, 0.0, _byar_limit(np.maximum(below, 0.5), -z))
    return Interval(x / time, np.maximum(lower, 0.0) / time, _byar_limit(above, z) / time)


def _byar_limit(a: Real, z: float) -> Real:
    return a * (1 - 1 / (9 * a) + z / (3 * np.sqrt(a))) ** 3


def _checked(count: ArrayLike, total: ArrayLike, *, is_share: bool) -> tuple[Real, Real]:
    x, n = np.broadcast_arrays(
        np.asarray(count, dtype=np.float64), np.asarray(total, dtype=np.float64)
    )
    bad = int((~np.isfinite(x) | (x < 0) | (x != np.floor(x))).sum())
    empty = int((~(n > 0)).sum())
    above = int(((n > 0) & (x > n)).sum()) if is_share else 0
    problems = []
    if bad:
        problems.append(f"count must be whole and at least 0: {bad:,} are not.")
    if empty:
        problems.append(f"the denominator must be above 0: {empty:,} are not. Leave those out.")
    if above:
        problems.append(f"count must not exceed total: {above:,} do.")
    if problems:
        raise UsageError(listed(problems))
    return x, n
