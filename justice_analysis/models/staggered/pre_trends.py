"""Joint tests that groups moved alike before any of them was treated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from justice_analysis.models.counts import Real
from justice_analysis.models.staggered.averages import Average
from justice_analysis.models.staggered.uncertainty import Uncertainty

SINGULAR = 1e-10  # least over largest eigenvalue of the correlations


@dataclass(frozen=True)
class PreTrend:
    """A Wald test that every effect before treatment is 0.

    Not to be rejected is no proof: a test of few units misses trends that matter. See
    `honest_bounds` for what a trend of some size would do.

    Attributes
    ----------
    statistic, df, p_value
        Wald's statistic, how many effects it joins, and its p-value; `None` where it cannot
        be computed.
    reason
        Why it cannot be; empty where it can.
    rule
        The distribution that the statistic is held against.
    """

    statistic: float | None
    df: int
    p_value: float | None
    reason: str
    rule: str


def pre_trend_test(effects: Sequence[Average], uncertainty: Uncertainty) -> PreTrend:
    """Wald test that effects, by their influence functions, are all 0.

    Chi-squared without a small-sample rule; else Hotelling's T-squared, with the clusters less 1
    (or less the groups, under the rule by group) as degrees of freedom of the covariance.
    """
    number = len(effects)
    if not number:
        return PreTrend(None, 0, None, "no effect before treatment can be estimated", "")
    estimate = np.array([one.estimate for one in effects])
    influence = np.column_stack([one.influence for one in effects])
    ready = uncertainty.corrected(influence)
    covariance = ready.T @ ready
    freedom = uncertainty.covariance_freedom
    if _is_singular(covariance) or number > freedom:
        reason = (
            f"{number:,} effects before treatment cannot be told apart with "
            f"{len(influence):,} clusters"
        )
        return PreTrend(None, number, None, reason, "")
    statistic = float(estimate @ np.linalg.solve(covariance, estimate))
    p_value, rule = _held_against(statistic, number, freedom)
    return PreTrend(statistic, number, p_value, "", rule)


def _is_singular(covariance: Real) -> bool:
    """Whether some combination of the effects has no error."""
    spread = np.sqrt(np.diag(covariance))
    if not (spread > 0).all():
        return True
    values = np.linalg.eigvalsh(covariance / np.outer(spread, spread))
    return bool(values[0] <= SINGULAR * values[-1])


def _held_against(statistic: float, number: int, freedom: float) -> tuple[float, str]:
    """P-value of Wald's statistic, and its distribution in words."""
    from scipy.stats import chi2, f

    if np.isinf(freedom):
        return float(chi2.sf(statistic, number)), f"chi-squared on {number}"
    below = freedom - number + 1
    scaled = statistic * below / (number * freedom)
    return float(f.sf(scaled, number, below)), f"Hotelling: F on {number} and {below:.0f}"
