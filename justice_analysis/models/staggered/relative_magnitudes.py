"""Bounds where trends after treatment may differ by a multiple of what they did before.

Rambachan and Roth (2023), restriction of relative magnitudes: from one period to the next after
treatment, the trends of treated and comparison units part by no more than M times the most that
they parted by between two periods before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.models.counts import Real

STEPS = 21


@dataclass(frozen=True, eq=False)
class Events:
    """Event-study estimates around a reference of 0, in order of event time.

    `before` has the last period before the reference at its end; `weight` weighs `after`;
    `covariance` is of both, (before, after).
    """

    before: Real
    after: Real
    covariance: Real
    weight: Real
    quantile: float

    @property
    def estimate(self) -> float:
        """Weighted effect after treatment."""
        return float(self.weight @ self.after)

    @property
    def direction(self) -> Real:
        """Weights of the effect on all estimates."""
        return np.r_[np.zeros(len(self.before)), self.weight]

    @property
    def steps(self) -> Real:
        """Directions whose products with the estimates are the moves before treatment."""
        moves = np.diff(np.eye(len(self.before) + 1), axis=0)[:, :-1]
        return np.hstack([moves, np.zeros((len(moves), len(self.after)))])

    @property
    def reach(self) -> float:
        """How far the effect may be off if trends part by 1 in each period after treatment."""
        return float(np.abs(np.cumsum(self.weight[::-1])).sum())


def identified_set(events: Events, multiple: float) -> tuple[float, float]:
    """Effects that the estimates, taken as exact, leave possible."""
    moves = events.steps @ np.r_[events.before, events.after]
    off = multiple * events.reach * float(np.abs(moves).max())
    return events.estimate - off, events.estimate + off


def robust_interval(events: Events, multiple: float) -> tuple[float, float]:
    """Interval that covers the effect at the level, whatever trends the restriction allows.

    The restriction is a union over the moves before treatment and their signs, and each part is
    two inequalities in normal estimates: d, the move times `reach` and the multiple, must be at
    least as large as the effect's distance from its estimate on either side. Each is tested at
    half the size (Bonferroni), so that the interval is the plain one at a multiple of 0 and errs
    on the wide side above it. It holds the intervals of all smaller multiples.
    """
    ends = np.array([_interval(events, part) for part in np.linspace(0, multiple, STEPS)])
    return float(ends[:, 0].min()), float(ends[:, 1].max())


def _interval(events: Events, multiple: float) -> tuple[float, float]:
    """Hull of what each move before treatment, either way, leaves possible."""
    estimates = np.r_[events.before, events.after]
    moved = np.vstack([events.steps, -events.steps]) * multiple * events.reach
    above, below = events.direction + moved, events.direction - moved
    upper = above @ estimates + events.quantile * _errors(above, events.covariance)
    lower = below @ estimates - events.quantile * _errors(below, events.covariance)
    possible = lower <= upper
    return float(lower[possible].min()), float(upper[possible].max())


def _errors(directions: Real, covariance: Real) -> Real:
    return np.sqrt(np.einsum("ij,jk,ik->i", directions, covariance, directions))
