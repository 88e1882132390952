"""Newton's method for the partial likelihood, and when it has no maximum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.errors import MetricError
from justice_analysis.models.columns import combinations_of_others
from justice_analysis.models.counts import Real
from justice_analysis.models.cox.likelihood import (
    Likelihood,
    RiskSets,
    Steps,
    likelihood,
    risk_sets,
)
from justice_analysis.models.cox.rows import CoxRows

MOST_STEPS, MOST_HALVINGS = 40, 30
CLOSE_ENOUGH = 1e-12  # squared distance to the maximum, in standard errors
# Where a coefficient runs away, what the data say of it falls to next to nothing: far below
# what it was without any effect, and below what a single event would tell.
RUN_AWAY, LESS_THAN_AN_EVENT = 1e-3, 1e-3


@dataclass(frozen=True, eq=False)
class Maximum:
    """Where Newton's method ended: coefficients of scaled covariates, and what holds there."""

    coefficients: Real
    sets: RiskSets
    at: Likelihood
    null: float
    iterations: int


def maximise(rows: CoxRows, steps: Steps | None) -> Maximum:
    """Climb the partial likelihood by Newton's method, halving steps that go down."""
    coefficients = np.zeros(len(rows.names))
    sets, at = _evaluate(rows, coefficients, steps)
    null = at.value
    _refuse_collinear(rows.names, at.information)
    told_at_start = 1.0 / np.diag(np.linalg.inv(at.information))
    for iteration in range(1, MOST_STEPS + 1):
        step: Real = np.asarray(np.linalg.solve(at.information, at.score), dtype=np.float64)
        if step @ at.score < CLOSE_ENOUGH:
            return Maximum(coefficients + step, sets, at, null, iteration)
        ahead = _uphill(rows, coefficients, step, at.value, steps)
        if ahead is None:
            # Rounding leaves nothing higher to find.
            return Maximum(coefficients, sets, at, null, iteration)
        coefficients, sets, at = ahead
        _refuse_run_away(rows, coefficients, at.information, told_at_start)
    raise MetricError(
        f"the proportional hazards model did not settle in {MOST_STEPS} steps: "
        "leave out covariates that few people have, or join their categories."
    )


def _evaluate(
    rows: CoxRows, coefficients: Real, steps: Steps | None
) -> tuple[RiskSets, Likelihood]:
    sets, predictor = risk_sets(rows, coefficients, steps)
    return sets, likelihood(rows, sets, predictor)


def _uphill(
    rows: CoxRows, start: Real, step: Real, value: float, steps: Steps | None
) -> tuple[Real, RiskSets, Likelihood] | None:
    for halving in range(MOST_HALVINGS):
        ahead = start + step * 0.5**halving
        with np.errstate(all="ignore"):
            sets, at = _evaluate(rows, ahead, steps)
        if np.isfinite(at.value) and at.value >= value and np.isfinite(at.information).all():
            return ahead, sets, at
    return None


def _refuse_collinear(names: tuple[str, ...], information: Real) -> None:
    repeated = combinations_of_others(names, information)
    if repeated:
        raise MetricError(
            "covariates must tell people at risk on one day apart, each beyond those before it: "
            f"{', '.join(repeated)} does not. Leave it out, or one of its categories."
        )


def _refuse_run_away(
    rows: CoxRows, coefficients: Real, information: Real, told_at_start: Real
) -> None:
    spread = rows.scaled.max(axis=1) - rows.scaled.min(axis=1)
    with np.errstate(all="ignore"):
        try:
            told = 1.0 / np.diag(np.linalg.inv(information))
        except np.linalg.LinAlgError:
            told = np.zeros_like(told_at_start)
    gone = ~(told > RUN_AWAY * told_at_start) & ~(told * spread**2 > LESS_THAN_AN_EVENT)
    if gone.any():
        worst = int(np.argmax(np.where(gone, np.abs(coefficients * spread), 0.0)))
        raise MetricError(
            f"the hazard ratio of {rows.names[worst]} has no finite value: who has the event and "
            "when follows from it alone, as where a group has no events. Join its categories, "
            "or leave it out."
        )
