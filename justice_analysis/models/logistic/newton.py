"""Newton's method for the logistic likelihood, and when it has no maximum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from justice_analysis.errors import MetricError
from justice_analysis.models.columns import combinations_of_others
from justice_analysis.models.counts import Real, Whole
from justice_analysis.models.logistic.separation import separating_columns

MOST_STEPS, MOST_HALVINGS = 100, 30
CLOSE_ENOUGH = 1e-12  # squared distance to the maximum, in standard errors
SLOW = 10  # steps after which a coefficient may be on its way to infinity


class SeparationError(MetricError):
    """Covariates tell exactly, for some of the people, who has the outcome.

    `columns` names a covariate that does so alone, else those that do it together.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = tuple(columns)
        super().__init__(
            f"the odds ratio of {', '.join(columns)} has no finite value: among some of the "
            "people everyone has the outcome, or no one. Join its categories, or leave it out."
        )


@dataclass(frozen=True, eq=False)
class Maximum:
    """Where Newton's method ended, in scaled covariates, and what holds there."""

    coefficients: Real
    share: Real
    information: Real
    value: float
    null: float
    iterations: int


def maximise(design: Real, y: Real, weight: Real, people: Whole, names: tuple[str, ...]) -> Maximum:
    """Climb the likelihood, (1 + p, n) design with an intercept first; refuse separation."""
    base = float((weight * y).sum() / weight.sum())
    coefficients = np.zeros(len(design))
    coefficients[0] = np.log(base / (1 - base))
    value, share = _evaluate(design, y, weight, coefficients)
    null = value
    information = (design * (weight * share * (1 - share))) @ design.T
    repeated = combinations_of_others(("intercept", *names), information)
    if repeated:
        raise MetricError(
            "a covariate must say something beyond those before it: "
            f"{', '.join(repeated)} does not. Leave it out, or one of its categories."
        )
    for iteration in range(1, MOST_STEPS + 1):
        score = design @ (weight * (y - share))
        step = _newton_step(information, score)
        if step is None:
            break
        if step @ score < CLOSE_ENOUGH:
            return Maximum(coefficients + step, share, information, value, null, iteration)
        ahead = _uphill(design, y, weight, coefficients, step, value)
        if ahead is None:
            # Rounding leaves nothing higher to find.
            return Maximum(coefficients, share, information, value, null, iteration)
        coefficients, value, share = ahead
        if iteration == SLOW:
            _refuse_separation(design, y, people, names)
        information = (design * (weight * share * (1 - share))) @ design.T
    _refuse_separation(design, y, people, names)
    raise MetricError(
        "the logistic regression did not settle: leave out covariates that few people have, "
        "or join their categories."
    )


def _newton_step(information: Real, score: Real) -> Real | None:
    """Step to where the slope would be 0; `None` where the curvature has gone."""
    try:
        return np.asarray(np.linalg.solve(information, score), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None


def _uphill(
    design: Real, y: Real, weight: Real, start: Real, step: Real, value: float
) -> tuple[Real, float, Real] | None:
    for halving in range(MOST_HALVINGS):
        ahead = start + step * 0.5**halving
        ahead_value, share = _evaluate(design, y, weight, ahead)
        if ahead_value >= value:
            return ahead, ahead_value, share
    return None


def _evaluate(design: Real, y: Real, weight: Real, coefficients: Real) -> tuple[float, Real]:
    from scipy.special import expit

    logit = coefficients @ design
    return float(weight @ (y * logit - np.logaddexp(0.0, logit))), expit(logit)


def _refuse_separation(design: Real, y: Real, people: Whole, names: tuple[str, ...]) -> None:
    counted = people > 0
    columns = separating_columns(design[1:, counted], y[counted] > 0)
    if columns:
        raise SeparationError([names[j] for j in columns])
