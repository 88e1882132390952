"""Newton's method for the logistic likelihood, and when it has no maximum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from justice_analysis.errors import MetricError
from justice_analysis.models.columns import blocks_of, combinations_of_others
from justice_analysis.models.counts import Real, Whole
from justice_analysis.models.logistic.separation import separating_columns

MOST_STEPS, MOST_HALVINGS = 100, 30
ROUNDING = 1e-12  # of a log likelihood summed over people, relative to it
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


class CollinearError(MetricError):
    """Covariates, named in `columns`, say nothing beyond those before them."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = tuple(columns)
        super().__init__(
            "a covariate must say something beyond those before it: "
            f"{', '.join(columns)} does not. Leave it out, or one of its categories."
        )


@dataclass(frozen=True, eq=False)
class Maximum:
    """Where Newton's method ended, in scaled covariates, and what holds there."""

    coefficients: Real
    information: Real
    value: float
    null: float
    iterations: int


@dataclass(frozen=True, eq=False)
class _Slope:
    """The log likelihood at some coefficients, its slopes, and its curvature downwards."""

    value: float
    score: Real
    information: Real


def maximise(design: Real, y: Real, weight: Real, people: Whole, names: tuple[str, ...]) -> Maximum:
    """Climb the likelihood, (1 + p, n) design with an intercept first; refuse separation."""
    base = float((weight * y).sum() / weight.sum())
    coefficients = np.zeros(len(design))
    coefficients[0] = np.log(base / (1 - base))
    here = _evaluate(design, y, weight, coefficients)
    null = here.value
    repeated = combinations_of_others(("intercept", *names), here.information)
    if repeated:
        raise CollinearError(repeated)
    for iteration in range(1, MOST_STEPS + 1):
        step = _newton_step(here.information, here.score)
        if step is None:
            break
        is_there = step @ here.score < CLOSE_ENOUGH
        ahead = None if is_there else _uphill(design, y, weight, coefficients, step, here.value)
        if ahead is None:
            # At the maximum, or rounding leaves nothing higher to find.
            coefficients = coefficients + step if is_there else coefficients
            return Maximum(coefficients, here.information, here.value, null, iteration)
        coefficients, here = ahead
        if iteration == SLOW:
            _refuse_separation(design, y, people, names)
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
) -> tuple[Real, _Slope] | None:
    for halving in range(MOST_HALVINGS):
        ahead = start + step * 0.5**halving
        there = _evaluate(design, y, weight, ahead)
        # Close to the maximum a step gains less than the sum over people is exact to.
        if there.value >= value - ROUNDING * abs(value):
            return ahead, there
    return None


def _evaluate(design: Real, y: Real, weight: Real, coefficients: Real) -> _Slope:
    """Sum over blocks of rows; about six times faster than over all at once."""
    value, size = 0.0, len(design)
    score, information = np.zeros(size), np.zeros((size, size))
    for rows in blocks_of(design.shape[1]):
        block, own, w = design[:, rows], y[rows], weight[rows]
        logit = coefficients @ block
        small = np.exp(-np.abs(logit))
        share = np.where(logit >= 0, 1.0, small) / (1.0 + small)
        value += float(w @ (own * logit - np.maximum(logit, 0.0) - np.log1p(small)))
        score += block @ (w * (own - share))
        information += (block * (w * share * (1.0 - share))) @ block.T
    return _Slope(value, score, information)


def shares(design: Real, coefficients: Real) -> Real:
    """Predicted share with the outcome of every row."""
    from scipy.special import expit

    return np.concatenate([expit(coefficients @ design[:, r]) for r in blocks_of(design.shape[1])])


def _refuse_separation(design: Real, y: Real, people: Whole, names: tuple[str, ...]) -> None:
    counted = people > 0
    columns = separating_columns(design[1:, counted], y[counted] > 0)
    if columns:
        raise SeparationError([names[j] for j in columns])
