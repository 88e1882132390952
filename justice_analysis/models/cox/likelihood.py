"""The partial likelihood, its slope and curvature, from sums over rows by moment.

Rows are never sorted: each adds itself to the last moment at which it is at risk, and running
sums over moments give every risk set. The slope is then the covariates times the martingale
residuals, and the first part of the curvature one product of matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from justice_analysis.models.counts import Real, Whole
from justice_analysis.models.cox.rows import CoxRows

Ties = Literal["efron", "breslow"]


@dataclass(frozen=True, eq=False)
class RiskSets:
    """Sums over those at risk on each moment, and over those with an event on it.

    Attributes
    ----------
    risk
        exp(linear predictor) of each row, up to a common factor, without its weight.
    total, total_x
        Weighted risk, and risk times covariates, of all at risk; (moments,), (moments, p).
    tied, tied_x
        The same of those with an event on the moment.
    mean_weight
        Mean weight of a person with an event on the moment.
    inverse, inverse_step, square, square_step, square_step2
        With phi_l = total - l/d tied for l = 0 ... d - 1 (Efron; Breslow has l = 0 throughout):
        sums over l of 1/phi, (l/d)/phi, 1/phi^2, (l/d)/phi^2 and (l/d)^2/phi^2, each times
        the mean weight.
    log_sum
        Sum over l of log phi_l, times the mean weight.
    """

    risk: Real
    total: Real
    total_x: Real
    tied: Real
    tied_x: Real
    mean_weight: Real
    inverse: Real
    inverse_step: Real
    square: Real
    square_step: Real
    square_step2: Real
    log_sum: Real


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The partial log likelihood at some coefficients, with slope (p,) and information (p, p)."""

    value: float
    score: Real
    information: Real


@dataclass(frozen=True, eq=False)
class Steps:
    """Efron's steps l/d of every moment, one after the other; made once for a fit."""

    share: Real
    moment: Whole
    first: Whole


def efron_steps(rows: CoxRows) -> Steps:
    """Number the events of each moment."""
    events = rows.moment_events
    first = np.concatenate([[0], np.cumsum(events)[:-1]])
    moment = np.repeat(np.arange(len(events)), events)
    share = (np.arange(len(moment)) - first[moment]) / events[moment]
    return Steps(share, moment, first)


def risk_sets(rows: CoxRows, coefficients: Real, steps: Steps | None) -> tuple[RiskSets, Real]:
    """Sums over risk sets at some coefficients, and the linear predictor of each row."""
    predictor = coefficients @ rows.scaled
    predictor -= predictor.max()
    risk = np.exp(predictor)
    weighted = risk * rows.weight
    at = rows.event_rows
    total, total_x = _at_risk(rows, weighted)
    place = rows.exit_moment[at] - 1
    tied, tied_x = _sums(place, weighted[at], rows.scaled[:, at], rows.moments)
    events = rows.moment_events.astype(np.float64)
    weight = np.bincount(place, weights=rows.weight[at], minlength=rows.moments) / events
    total = np.maximum(total, tied)  # taking late entries off may leave a rounding error
    if steps is None:
        nothing = np.zeros_like(total)
        sums = [
            events / total,
            nothing,
            events / total**2,
            nothing,
            nothing,
            events * np.log(total),
        ]
    else:
        sums = _efron_sums(total, tied, steps)
    return RiskSets(
        risk, total, total_x, tied, tied_x, weight, *(weight * s for s in sums)
    ), predictor


def likelihood(rows: CoxRows, sets: RiskSets, predictor: Real) -> Likelihood:
    """Log likelihood, score and information from the sums over risk sets."""
    at = rows.event_rows
    value = float(rows.weight[at] @ predictor[at] - sets.log_sum.sum())
    ones = np.ones(rows.moments)
    expected = rows.weight * sets.risk * hazard_of_rows(rows, sets)
    residual = -expected
    residual[at] += rows.weight[at]
    return Likelihood(value, rows.scaled @ residual, information(rows, sets, ones, expected))


def information(
    rows: CoxRows, sets: RiskSets, moment_weight: Real, expected: Real | None = None
) -> Real:
    """Variance of the covariates in the risk set, summed over events times a weight of moments.

    `expected` is each row's expected number of events at those weights, where known.
    """
    if expected is None:
        hazard = hazard_of_rows(rows, sets, moment_weight)
        expected = rows.weight * sets.risk * hazard
    first = (rows.scaled * expected) @ rows.scaled.T
    square, step, step2 = (
        moment_weight * one for one in (sets.square, sets.square_step, sets.square_step2)
    )
    total, tied = sets.total_x, sets.tied_x
    crossed = total.T @ (step[:, None] * tied)
    outer = total.T @ (square[:, None] * total) + tied.T @ (step2[:, None] * tied)
    return np.asarray(first - (outer - crossed - crossed.T))


def hazard_of_rows(rows: CoxRows, sets: RiskSets, moment_weight: Real | None = None) -> Real:
    """Cumulative baseline hazard that each row has met; with ties, Efron's share of the last."""
    whole, part = sets.inverse, sets.inverse_step
    if moment_weight is not None:
        whole, part = moment_weight * whole, moment_weight * part
    met = running(rows, whole)[rows.exit_moment]
    if rows.entry_moment is not None:
        met -= running(rows, whole)[rows.entry_moment]
    at = rows.event_rows
    met[at] -= part[rows.exit_moment[at] - 1]
    return met


def running(rows: CoxRows, values: Real) -> Real:
    """Sums from the first moment of the stratum to each, after a leading 0."""
    out = np.zeros((len(values) + 1, *values.shape[1:]))
    ends = [*rows.stratum_starts[1:].tolist(), len(values)]
    for start, end in zip(rows.stratum_starts.tolist(), ends, strict=True):
        np.cumsum(values[start:end], axis=0, out=out[start + 1 : end + 1])
    return out


def _at_risk(rows: CoxRows, weighted: Real) -> tuple[Real, Real]:
    size = rows.moments + 1
    total, total_x = _sums(rows.exit_moment, weighted, rows.scaled, size)
    if rows.entry_moment is not None:
        before, before_x = _sums(rows.entry_moment, weighted, rows.scaled, size)
        total, total_x = total - before, total_x - before_x
    return _still_to_come(rows, total[1:]), _still_to_come(rows, total_x[1:])


def _still_to_come(rows: CoxRows, values: Real) -> Real:
    """Sums from each moment to the last of its stratum."""
    out = np.empty_like(values)
    ends = [*rows.stratum_starts[1:].tolist(), len(values)]
    for start, end in zip(rows.stratum_starts.tolist(), ends, strict=True):
        out[start:end] = np.cumsum(values[start:end][::-1], axis=0)[::-1]
    return out


def _sums(place: Whole, weighted: Real, columns: Real, size: int) -> tuple[Real, Real]:
    """Weighted sums of 1 and of each covariate by moment."""
    total = np.bincount(place, weights=weighted, minlength=size).astype(np.float64)
    by_column = [np.bincount(place, weights=weighted * c, minlength=size) for c in columns]
    return total, np.column_stack(by_column).astype(np.float64)


def _efron_sums(total: Real, tied: Real, steps: Steps) -> list[Real]:
    """The sums that `RiskSets` names from `inverse` to `log_sum`, before weights."""
    left = total[steps.moment] - steps.share * tied[steps.moment]
    inverse = 1.0 / left
    terms = [inverse, steps.share * inverse]
    terms += [inverse * inverse, terms[1] * inverse, terms[1] * terms[1]]
    terms.append(np.log(left))
    return [np.add.reduceat(term, steps.first) for term in terms]
