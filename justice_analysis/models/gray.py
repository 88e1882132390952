"""Gray's test that groups have the same cumulative incidence of one cause."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from justice_analysis.errors import MetricError, OptionError
from justice_analysis.models.counts import Counts, Real, Whole, align
from justice_analysis.models.curves import over, product_limit
from justice_analysis.models.log_rank import GroupTest, chi_squared_test


def gray_test(groups: Sequence[Counts], *, cause: str, rho: float = 0.0) -> GroupTest:
    """Test that the cumulative incidence of a cause is the same in every group.

    Parameters
    ----------
    groups
        Counts of each group, with the same causes; at least two groups.
    cause
        The cause compared; all others compete.
    rho
        Weight (1 - F)^rho on early differences, F the incidence under no difference.

    Returns
    -------
    GroupTest
        Chi-squared on groups - 1 degrees of freedom.

    Raises
    ------
    MetricError
        If the cause has no events, a single group, or groups never observed together.
    OptionError
        If anyone enters late: the test is for right censoring alone.

    Notes
    -----
    R. J. Gray (1988), A class of K-sample tests for comparing the cumulative incidence of a
    competing risk, Annals of Statistics 16, 1141-1154; his subdistribution risk set is
    n (1 - F(t-)) / S(t-) in each group. Variance with his correction for ties, as in R's cmprsk.
    """
    if len(groups) < 2:
        raise MetricError(f"a test between groups needs at least two: {len(groups)} given.")
    if any(group.has_late_entry for group in groups):
        raise OptionError("Gray's test has no late entry: compare groups followed from the start.")
    _, spread = align(groups)
    column = spread[0].cause_index(cause)
    own = np.column_stack([group.events[:, column] for group in spread])
    other = np.column_stack([group.all_events for group in spread]) - own
    at_risk = np.column_stack([group.at_risk for group in spread])
    if own.sum() == 0:
        raise MetricError("the cause to compare has no events in any group.")
    score, variance = _score(own, other, at_risk, rho)
    return chi_squared_test(score, variance, test="Gray")


def _score(own: Whole, other: Whole, at_risk: Whole, rho: float) -> tuple[Real, Real]:
    """Weighted observed less expected events, shape (g,), and its variance, (g, g)."""
    left = product_limit(own + other, at_risk)
    before = _just_before(left, 1.0)
    incidence_before = _just_before(np.cumsum(before * over(own, at_risk), axis=0), 0.0)
    # People who would be at risk had the competing causes never taken anyone.
    risk_set = over(at_risk, before)
    pooled_risk, events = risk_set.sum(axis=1), own.sum(axis=1)
    pooled = np.cumsum(over(events, pooled_risk))
    pooled_before = _just_before(pooled, 0.0)
    weight = (1.0 - pooled_before) ** rho
    exposed = risk_set * (1.0 - incidence_before)
    expected = events[:, None] * exposed * over(1.0, exposed.sum(axis=1))[:, None]
    score = (weight[:, None] * (own - expected)).sum(axis=0)

    pull = _pull(risk_set, pooled_risk) * weight[:, None, None]
    step = over(events, pooled_risk * (1.0 - pooled_before))
    carried = np.cumsum(pull * step[:, None, None], axis=0)
    jumps = _jumps(own, other, at_risk, before, left, pooled_risk, pooled)
    return score, _variance(pull, carried, jumps)


def _jumps(
    own: Whole,
    other: Whole,
    at_risk: Whole,
    before: Real,
    left: Real,
    pooled_risk: Real,
    pooled: Real,
) -> list[tuple[Real, Real, bool]]:
    """For each kind of event: its effect on F, its variance by day and group, whether it is own."""
    ratio = (1.0 - pooled)[:, None] * over(1.0, left)
    events = own.sum(axis=1)[:, None]
    pooled_people = pooled_risk[:, None] * before
    ties = np.where(events > 1, 1.0 - over(events - 1, pooled_people - 1), 1.0)
    own_spread = ties * over(before * events, pooled_risk[:, None] * at_risk)
    ties = np.where(other > 1, 1.0 - over(other - 1, at_risk - 1), 1.0)
    other_spread = np.where(left > 0, ties * other * over(before, at_risk) ** 2, 0.0)
    return [(1.0 - ratio, own_spread, True), (-ratio, other_spread, False)]


def _variance(pull: Real, carried: Real, jumps: list[tuple[Real, Real, bool]]) -> Real:
    """Sum over days: an event's own effect on the score and the one it carries forward."""
    last = carried[-1]
    total = np.zeros_like(last)
    for jump, spread, is_own in jumps:
        effect = (pull if is_own else 0.0) + jump[:, None, :] * (last - carried)
        total += np.einsum("tik,tk,tjk->ij", effect, spread, effect)
    return total


def _pull(risk_set: Real, pooled_risk: Real) -> Real:
    """Derivative of each group's score in each group's hazard, shape (days, g, g)."""
    products = risk_set[:, :, None] * risk_set[:, None, :]
    own = np.einsum("tg,gh->tgh", risk_set, np.eye(risk_set.shape[1]))
    return own - products * over(1.0, pooled_risk)[:, None, None]


def _just_before(column: Real, start: float) -> Real:
    return np.concatenate([np.full((1, *column.shape[1:]), start), column[:-1]])
