"""What a logistic regression says in shares of people: adjusted risks and average effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from justice_analysis.errors import MetricError, UsageError
from justice_analysis.models.columns import named_columns, people_and_weight, refuse_lengths
from justice_analysis.models.counts import Real
from justice_analysis.models.curves import normal_quantile
from justice_analysis.models.logistic.fit import LogisticFit


@dataclass(frozen=True)
class AdjustedRisk:
    """Mean predicted share with the outcome, everyone set one way and then the other.

    Attributes
    ----------
    risk, reference_risk
        Mean over the people of the model.
    ratio, ratio_lower, ratio_upper
        Risk over reference risk.
    difference, difference_lower, difference_upper
        Risk less reference risk.
    people, level
        People averaged over, and level of the limits.
    """

    risk: float
    reference_risk: float
    ratio: float
    ratio_lower: float
    ratio_upper: float
    difference: float
    difference_lower: float
    difference_upper: float
    people: int
    level: float


@dataclass(frozen=True)
class MarginalEffect:
    """Mean change of the predicted share for a small change of a covariate, per unit of it."""

    covariate: str
    estimate: float
    lower: float
    upper: float
    people: int
    level: float


def adjusted_risk(
    fit: LogisticFit,
    covariates: Mapping[str, ArrayLike],
    group: Mapping[str, float],
    reference: Mapping[str, float],
    *,
    counts: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> AdjustedRisk:
    """Share with the outcome if everyone were in a group, beside everyone in the reference group.

    Parameters
    ----------
    fit
        From `logistic`.
    covariates, counts, weights
        The columns it was fitted to, or those of another population to stand for.
    group, reference
        Values to set, such as `{"black": 1, "asian": 0}` and `{"black": 0, "asian": 0}`;
        all else stays as it is.

    Returns
    -------
    AdjustedRisk
        Limits by the delta method from the fit's covariance (robust if it is), on the log scale
        for the ratio; covariates are taken as they are.
    """
    design, weight, people = _design(fit, covariates, counts, weights)
    risk, slope = _mean_risk(fit, _set(fit, design, group), weight)
    base, base_slope = _mean_risk(fit, _set(fit, design, reference), weight)
    z = normal_quantile(fit.level)
    margin = z * _error(fit, slope - base_slope)
    factor = np.exp(z * _error(fit, slope / risk - base_slope / base))
    ratio, difference = risk / base, risk - base
    return AdjustedRisk(
        risk, base, ratio, float(ratio / factor), float(ratio * factor), difference,
        difference - margin, difference + margin, people, fit.level,
    )  # fmt: skip


def average_marginal_effect(
    fit: LogisticFit,
    covariates: Mapping[str, ArrayLike],
    name: str,
    *,
    counts: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> MarginalEffect:
    """Mean slope of the share with the outcome in a covariate, by the delta method.

    For an indicator, `adjusted_risk` says what it changes from 0 to 1.
    """
    from scipy.special import expit

    design, weight, people = _design(fit, covariates, counts, weights)
    place = _place(fit, name)
    share = expit(_coefficients(fit) @ design)
    steep = weight * share * (1 - share) / weight.sum()
    own = fit.coefficients[place - 1]
    estimate = float(steep.sum() * own)
    slope = own * (design @ (steep * (1 - 2 * share)))
    slope[place] += steep.sum()
    margin = normal_quantile(fit.level) * _error(fit, slope)
    return MarginalEffect(name, estimate, estimate - margin, estimate + margin, people, fit.level)


def _design(
    fit: LogisticFit,
    covariates: Mapping[str, ArrayLike],
    counts: ArrayLike | None,
    weights: ArrayLike | None,
) -> tuple[Real, Real, int]:
    names, columns = named_columns(covariates)
    if names != fit.names:
        raise UsageError("covariates must be those of the fit, in its order: they are not.")
    rows = len(columns[0]) if columns else 0
    refuse_lengths(rows, {"counts": counts, "weights": weights})
    people, weight = people_and_weight(rows, counts, weights)
    if weight.sum() <= 0:
        raise MetricError("a mean share needs people: there are none.")
    design = np.vstack([np.ones(rows), *(np.asarray(column, np.float64) for column in columns)])
    return design, weight, int(people.sum())


def _set(fit: LogisticFit, design: Real, values: Mapping[str, float]) -> Real:
    changed = design.copy()
    for name, value in values.items():
        changed[_place(fit, name)] = value
    return changed


def _place(fit: LogisticFit, name: str) -> int:
    if name not in fit.names:
        raise UsageError(f"{name} must be a covariate of the fit: {', '.join(fit.names)}.")
    return 1 + fit.names.index(name)


def _mean_risk(fit: LogisticFit, design: Real, weight: Real) -> tuple[float, Real]:
    """Mean predicted share and its slope in each coefficient."""
    from scipy.special import expit

    share = expit(_coefficients(fit) @ design)
    part = weight / weight.sum()
    return float(part @ share), design @ (part * share * (1 - share))


def _coefficients(fit: LogisticFit) -> Real:
    return np.concatenate([[fit.intercept], fit.coefficients])


def _error(fit: LogisticFit, slope: Real) -> float:
    return float(np.sqrt(max(float(slope @ fit.covariance @ slope), 0.0)))
