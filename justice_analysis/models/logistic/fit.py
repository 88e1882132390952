"""Logistic regression from collapsed tables: odds ratios adjusted for other things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from justice_analysis.errors import MetricError, UsageError, listed
from justice_analysis.models.columns import (
    bad_counts_or_weights,
    codes_of,
    named_columns,
    not_binary,
    not_numbers,
    people_and_weight,
    refuse_beyond_numbers,
    refuse_lengths,
    scaled_columns,
)
from justice_analysis.models.counts import Real, Whole
from justice_analysis.models.curves import normal_quantile
from justice_analysis.models.logistic.newton import Maximum, maximise, shares

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class LogisticFit:
    """A fitted logistic regression; arrays have one element per covariate.

    Attributes
    ----------
    names
        Covariates.
    intercept
        Logarithm of the odds where every covariate is 0.
    coefficients
        Logarithms of the odds ratios for one unit more.
    standard_errors, robust_standard_errors
        From the information; sandwich (by cluster where given), `None` unless asked for.
    lower, upper
        Limits of the odds ratios, from the robust errors where there are any.
    z, p_values
        Wald tests that a coefficient is 0, from the same errors.
    covariance
        Of intercept and coefficients, in this order, from the same errors, (1 + p, 1 + p).
    null_log_likelihood, log_likelihood
        With the intercept alone, and of the fit.
    people, events, clusters
        People, people with the outcome, clusters (`None` if not given).
    """

    names: tuple[str, ...]
    intercept: float
    coefficients: Real
    standard_errors: Real
    robust_standard_errors: Real | None
    lower: Real
    upper: Real
    z: Real
    p_values: Real
    covariance: Real
    null_log_likelihood: float
    log_likelihood: float
    people: int
    events: int
    clusters: int | None
    level: float
    iterations: int

    @property
    def odds_ratios(self) -> Real:
        """Odds with one unit more of each covariate over the odds without."""
        return np.exp(self.coefficients)

    def table(self) -> pd.DataFrame:
        """One row per covariate: its name, odds ratio, limits, errors, z and p."""
        import pandas as pd

        columns = {
            "covariate": self.names,
            "coefficient": self.coefficients,
            "odds_ratio": self.odds_ratios,
            "lower": self.lower,
            "upper": self.upper,
            "standard_error": self.standard_errors,
            "z": self.z,
            "p_value": self.p_values,
        }
        if self.robust_standard_errors is not None:
            columns["robust_standard_error"] = self.robust_standard_errors
        return pd.DataFrame(columns)


def logistic(
    outcome: ArrayLike,
    covariates: Mapping[str, ArrayLike],
    *,
    counts: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    robust: bool = False,
    level: float = 0.95,
) -> LogisticFit:
    """Odds ratios of an outcome, each adjusted for the other covariates.

    Parameters
    ----------
    outcome
        Whether a person has it, shape (n,). Grain: one row per person, or per set of people alike
        in every column.
    covariates
        Name to numbers, shape (n,); an intercept is added.
    counts
        How many people a row stands for: the fit is that of the rows repeated.
    weights
        Weight of each person of a row, above 0; brings robust errors.
    clusters
        Labels of groups within which people may be alike; brings errors by cluster.
    robust
        Whether to give sandwich errors.
    level
        Level of the limits.

    Returns
    -------
    LogisticFit
        Maximum likelihood by Newton's method.

    Raises
    ------
    UsageError
        If columns differ in length or hold missing values.
    MetricError
        If there are no people, or all have one outcome; a covariate is constant or a combination
        of others; or covariates separate those with the outcome from those without, so that an
        odds ratio has no finite value.

    Notes
    -----
    Robust errors are White's without a small-sample factor (HC0); clustered ones times G/(G - 1)
    for G clusters. Complete and quasi-complete separation is told exactly, by a linear programme
    (Konis 2007), before any infinite value is given. Association is not cause.
    """
    z_level = normal_quantile(level)
    y = np.asarray(outcome)
    names, columns = named_columns(covariates)
    refuse_lengths(len(y), {"counts": counts, "weights": weights, "clusters": clusters,
                            **dict(zip(names, columns, strict=True))})  # fmt: skip
    problems = [*not_binary("outcome", y), *bad_counts_or_weights(counts, weights)]
    for name, column in zip(names, columns, strict=True):
        problems += not_numbers(name, column)
    if problems:
        raise UsageError(listed(problems))
    people, weight = people_and_weight(len(y), counts, weights)
    y = y.astype(np.float64)
    events = int((people * y).sum())
    _refuse_one_outcome(int(people.sum()), events)
    design = np.empty((1 + len(names), len(y)))
    design[0] = 1.0
    _, centre, scale = scaled_columns(names, columns, people, into=design[1:])
    groups = None if clusters is None else codes_of(clusters, "clusters")
    _refuse_few_clusters(groups, len(names) + 1)
    found = maximise(design, y, weight, people, names)
    back = _back_to_units(centre, scale)
    model = back @ np.linalg.inv(found.information) @ back.T
    sandwich = None
    if robust or weights is not None or groups is not None:
        meat = _meat(design * (y - shares(design, found.coefficients)), weight, people, groups)
        bread = back @ np.linalg.inv(found.information)
        sandwich = bread @ meat @ bread.T
    coefficients = back @ found.coefficients
    return _result(names, coefficients, model, sandwich, found, z_level,
                   people=int(people.sum()), events=events, level=level,
                   clusters=None if groups is None else int(groups.max()) + 1)  # fmt: skip


def _meat(scores: Real, weight: Real, people: Whole, groups: Whole | None) -> Real:
    if groups is None:
        scores = scores * (weight / np.sqrt(np.maximum(people, 1)))
        return np.asarray(scores @ scores.T)
    size = int(groups.max()) + 1
    summed = np.stack([np.bincount(groups, weights=s * weight, minlength=size) for s in scores])
    return np.asarray(summed @ summed.T * (size / (size - 1)))


def _back_to_units(centre: Real, scale: Real) -> Real:
    """Matrix from coefficients of scaled covariates to those of covariates as given."""
    back = np.diag(np.concatenate([[1.0], 1.0 / scale]))
    back[0, 1:] = -centre / scale
    return back


def _result(
    names: tuple[str, ...],
    coefficients: Real,
    model: Real,
    sandwich: Real | None,
    found: Maximum,
    z_level: float,
    *,
    people: int,
    events: int,
    clusters: int | None,
    level: float,
) -> LogisticFit:
    from scipy.special import ndtr

    covariance = model if sandwich is None else sandwich
    own, error = coefficients[1:], np.sqrt(np.diag(covariance))[1:]
    refuse_beyond_numbers(names, "odds", own, z_level * error)
    z = own / error
    return LogisticFit(
        names=names,
        intercept=float(coefficients[0]),
        coefficients=own,
        standard_errors=np.sqrt(np.diag(model))[1:],
        robust_standard_errors=None if sandwich is None else error,
        lower=np.exp(own - z_level * error),
        upper=np.exp(own + z_level * error),
        z=z,
        p_values=2 * ndtr(-np.abs(z)),
        covariance=covariance,
        null_log_likelihood=found.null,
        log_likelihood=found.value,
        people=people,
        events=events,
        clusters=clusters,
        level=level,
        iterations=found.iterations,
    )


def _refuse_one_outcome(people: int, events: int) -> None:
    if events == 0 or events == people:
        raise MetricError(
            "a logistic regression needs people with and people without the outcome: "
            f"{events:,} of {people:,} have it."
        )


def _refuse_few_clusters(groups: Whole | None, coefficients: int) -> None:
    if groups is not None and groups.max() < coefficients:
        raise MetricError(
            f"clustered errors need more clusters than coefficients: there are "
            f"{groups.max() + 1:,} for {coefficients:,}. Cluster by something smaller."
        )
