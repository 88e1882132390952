"""Log-rank and Peto tests that groups have the same survival."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from justice_analysis.errors import MetricError
from justice_analysis.models.counts import Counts, Real, align
from justice_analysis.models.curves import over, product_limit


@dataclass(frozen=True)
class GroupTest:
    """A chi-squared test between groups.

    Attributes
    ----------
    test
        Its name.
    statistic, degrees_of_freedom, p_value
        Chi-squared, groups compared less one, and the chance of a larger one under no difference.
    """

    test: str
    statistic: float
    degrees_of_freedom: int
    p_value: float


def log_rank(
    groups: Sequence[Counts] | Mapping[str, Sequence[Counts]], *, rho: float = 0.0
) -> GroupTest:
    """Test that survival is the same in every group (events of any cause).

    Parameters
    ----------
    groups
        Counts of each group, or for a stratified test a mapping of stratum to the groups'
        counts, in the same order in every stratum.
    rho
        Weight S(t-)^rho (Fleming and Harrington), S the Kaplan-Meier curve of the groups
        together: 0 is the log-rank test, 1 Peto and Peto's, which weighs early events more.

    Returns
    -------
    GroupTest
        Observed less expected events, with the hypergeometric variance for ties, summed over
        days and strata; chi-squared on groups - 1 degrees of freedom, as R's survdiff.

    Raises
    ------
    MetricError
        If there are no events, a single group, or groups never observed together.
    """
    strata = list(groups.values()) if isinstance(groups, Mapping) else [groups]
    sizes = {len(stratum) for stratum in strata}
    if len(sizes) != 1 or min(sizes) < 2:
        raise MetricError("a test between groups needs at least two, the same in every stratum.")
    parts = [_score(stratum, rho) for stratum in strata]
    score = np.sum([part[0] for part in parts], axis=0)
    variance = np.sum([part[1] for part in parts], axis=0)
    return chi_squared_test(score, variance, test="log-rank" if rho == 0 else f"rho {rho:g}")


def chi_squared_test(score: Real, variance: Real, *, test: str) -> GroupTest:
    """Refer a score, which sums to 0 over groups, to chi-squared by its variance."""
    from scipy.special import chdtrc

    degrees = len(score) - 1
    kept = variance[:degrees, :degrees]
    if np.linalg.matrix_rank(kept, hermitian=True) < degrees:
        raise MetricError(
            "a test between groups needs events while every group is observed: "
            "there are none for at least one group. Leave small groups out."
        )
    statistic = float(score[:degrees] @ np.linalg.solve(kept, score[:degrees]))
    return GroupTest(test, statistic, degrees, float(chdtrc(degrees, statistic)))


def _score(groups: Sequence[Counts], rho: float) -> tuple[Real, Real]:
    """Weighted observed less expected events, shape (g,), and its variance, (g, g)."""
    _, spread = align([group.any_cause() for group in groups])
    events = np.column_stack([group.all_events for group in spread])
    at_risk = np.column_stack([group.at_risk for group in spread])
    day_events, day_risk = events.sum(axis=1), at_risk.sum(axis=1)
    survival = product_limit(day_events, day_risk)
    weight = np.concatenate([[1.0], survival[:-1]]) ** rho
    share = over(at_risk, np.broadcast_to(day_risk[:, None], at_risk.shape))
    score = (weight[:, None] * (events - day_events[:, None] * share)).sum(axis=0)
    spread_of_day = weight**2 * day_events * over(day_risk - day_events, day_risk - 1.0)
    weighted = spread_of_day[:, None] * share
    return score, np.diag(weighted.sum(axis=0)) - weighted.T @ share
