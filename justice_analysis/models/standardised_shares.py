"""Shares of units standardised to a mix of strata, and the limits of a funnel around them.

Shares are of units that have or have not an outcome, so their variance is binomial; for rates of
events over person-time see `rates`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from justice_analysis.errors import UsageError, listed
from justice_analysis.models.counts import Real
from justice_analysis.models.curves import normal_quantile
from justice_analysis.models.intervals import Interval, wilson


@dataclass(frozen=True, eq=False)
class IndirectShare:
    """Observed over expected, each of shape (groups,).

    Attributes
    ----------
    ratio
        With its limits; 1 where the group does as its mix would have it. Missing where nothing
        is expected.
    share
        The ratio times the whole's share, with its limits, none above 1.
    expected
        Units with the outcome at the standard's shares.
    """

    ratio: Interval
    share: Interval
    expected: Real


def indirect_share(
    outcome: ArrayLike, units: ArrayLike, standard: ArrayLike, *, level: float = 0.95
) -> IndirectShare:
    """Share of each group over that of its own mix at the standard's shares.

    Parameters
    ----------
    outcome, units
        Units with the outcome and all, shape (groups, strata); a group needs a unit.
    standard
        The standard's share in each stratum, shape (strata,); taken as known.

    Notes
    -----
    Limits are Wilson's of the group's crude share, divided by the expected share.
    """
    x, n = _checked(outcome, units)
    p = np.asarray(standard, dtype=np.float64)
    expected, total = (n * p).sum(axis=1), n.sum(axis=1)
    crude = wilson(x.sum(axis=1), total, level=level)
    with np.errstate(divide="ignore", invalid="ignore"):
        known = np.where(expected > 0, total / expected, np.nan)
    ratio = Interval(*(limit * known for limit in (crude.estimate, crude.lower, crude.upper)))
    whole = (n.sum(axis=0) * p).sum() / n.sum()
    limits = (ratio.estimate, ratio.lower, ratio.upper)
    return IndirectShare(ratio, Interval(*(np.minimum(r * whole, 1.0) for r in limits)), expected)


def direct_share(
    outcome: ArrayLike, units: ArrayLike, weights: ArrayLike, *, level: float = 0.95
) -> tuple[Interval, Real]:
    """Share that each group would have if its mix were the standard's.

    Parameters
    ----------
    outcome, units
        As in `indirect_share`.
    weights
        The standard's units in each stratum, shape (strata,).

    Returns
    -------
    tuple of Interval and array
        Sum of w x / n over the strata that the group has, weights adding up to 1 there; and the
        share of the standard's units in these strata: below 1, the group was compared with a part
        of the standard alone.

    Notes
    -----
    Limits as Dobson's (1991) for rates, with Wilson's of the crude share in place of Poisson's:
    R plus sqrt(Var(R) / Var(crude)) times (limit of crude - crude); where the crude share is 0
    or 1 its own limits.
    """
    x, n = _checked(outcome, units)
    w = np.asarray(weights, dtype=np.float64)
    present = n > 0
    covered = (present * w).sum(axis=1) / w.sum()
    held = present * w
    weight = held / np.maximum(held.sum(axis=1, keepdims=True), 1e-300)
    p = np.divide(x, n, out=np.zeros_like(x), where=present)
    spread = np.divide(p * (1 - p), n, out=np.zeros_like(x), where=present)
    estimate, variance = (weight * p).sum(axis=1), (weight**2 * spread).sum(axis=1)
    total = n.sum(axis=1)
    crude = wilson(x.sum(axis=1), total, level=level)
    of_crude = crude.estimate * (1 - crude.estimate) / total
    scale = np.sqrt(np.divide(variance, of_crude, out=np.ones_like(total), where=of_crude > 0))
    lower, upper = (estimate + scale * (v - crude.estimate) for v in (crude.lower, crude.upper))
    limits = Interval(estimate, np.clip(lower, 0.0, 1.0), np.clip(upper, 0.0, 1.0))
    return limits, covered


def funnel_limits(
    expected: ArrayLike, units: ArrayLike, *, level: float = 0.95
) -> tuple[Real, Real]:
    """Between what ratios a group lies, by chance alone, if it does as its mix would have it.

    Parameters
    ----------
    expected, units
        Expected units with the outcome, and all, shape (groups,).

    Returns
    -------
    tuple of arrays
        Lower and upper limit of observed over expected: quantiles of a binomial with the mean
        expected, which spreads a little more than the mix would. Missing where nothing is
        expected.

    Notes
    -----
    Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202.
    """
    from scipy.stats import binom

    normal_quantile(level)
    e, n = np.asarray(expected, dtype=np.float64), np.asarray(units, dtype=np.float64)
    known = np.where(e > 0, e, np.nan)
    share = np.clip(e / n, 0.0, 1.0)
    tail = (1 - level) / 2
    return binom.ppf(tail, n, share) / known, binom.ppf(1 - tail, n, share) / known


def _checked(outcome: ArrayLike, units: ArrayLike) -> tuple[Real, Real]:
    x, n = (np.atleast_2d(np.asarray(a, dtype=np.float64)) for a in (outcome, units))
    problems = []
    if x.shape != n.shape:
        problems.append("outcome and units must have one number for each group and stratum.")
    else:
        if bad := int(((x < 0) | (x > n) | (x != np.floor(x))).sum()):
            problems.append(f"outcome must be whole and no more than units: {bad:,} are not.")
        if empty := int((n.sum(axis=1) <= 0).sum()):
            problems.append(f"each group must have a unit: {empty:,} have none. Leave them out.")
    if problems:
        raise UsageError(listed(problems))
    return x, n
