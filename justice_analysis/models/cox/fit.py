"""Fitting a Cox proportional hazards model by Newton's method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from justice_analysis.errors import MetricError, OptionError, UsageError
from justice_analysis.models.columns import codes_of, refuse_beyond_numbers
from justice_analysis.models.counts import Real
from justice_analysis.models.cox.likelihood import Ties, efron_steps
from justice_analysis.models.cox.newton import Maximum, maximise
from justice_analysis.models.cox.robust import robust_covariance
from justice_analysis.models.cox.rows import CoxRows, cox_rows
from justice_analysis.models.curves import normal_quantile

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class CoxFit:
    """A fitted proportional hazards model; arrays have one element per covariate.

    Attributes
    ----------
    names
        Covariates.
    coefficients
        Logarithms of the hazard ratios for one unit more.
    standard_errors
        From the information: right if people are independent and count alike.
    robust_standard_errors
        Sandwich, by cluster where clusters were given; `None` unless asked for.
    lower, upper
        Limits of the hazard ratios, from the robust errors where there are any.
    z, p_values
        Wald tests that a coefficient is 0, from the same errors.
    covariance
        Of the coefficients, from the same errors, shape (p, p).
    null_log_likelihood, log_likelihood
        Partial, without covariates and at the fit.
    people, events, strata, clusters
        People, people with an event, strata with events, clusters (`None` if not given).
    ties
        "efron" or "breslow".
    level, iterations
        Level of the limits, and Newton steps taken.
    """

    names: tuple[str, ...]
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
    strata: int
    clusters: int | None
    ties: Ties
    level: float
    iterations: int

    @property
    def hazard_ratios(self) -> Real:
        """Hazard with one unit more of each covariate over the hazard without."""
        return np.exp(self.coefficients)

    @property
    def likelihood_ratio(self) -> float:
        """Chi-squared on as many degrees of freedom as covariates, of no effect at all."""
        return 2.0 * (self.log_likelihood - self.null_log_likelihood)

    def table(self) -> pd.DataFrame:
        """One row per covariate: its name, hazard ratio, limits, errors, z and p."""
        import pandas as pd

        columns = {
            "covariate": self.names,
            "coefficient": self.coefficients,
            "hazard_ratio": self.hazard_ratios,
            "lower": self.lower,
            "upper": self.upper,
            "standard_error": self.standard_errors,
            "z": self.z,
            "p_value": self.p_values,
        }
        if self.robust_standard_errors is not None:
            columns["robust_standard_error"] = self.robust_standard_errors
        return pd.DataFrame(columns)


def cox(
    duration_days: ArrayLike,
    event_observed: ArrayLike,
    covariates: Mapping[str, ArrayLike],
    *,
    entry_days: ArrayLike | None = None,
    counts: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    robust: bool = False,
    ties: Ties = "efron",
    level: float = 0.95,
) -> CoxFit:
    """Hazard ratios from Cox's proportional hazards model.

    Parameters
    ----------
    duration_days, event_observed
        Whole days on which observation ends, and whether with an event; shape (n,). Grain: one
        row per person, or per set of people alike in every column (see `counts`).
    covariates
        Name to numbers, shape (n,), known at the start of the clock: a data frame of numeric
        columns will do.
    entry_days
        Day on which a person joins late (left truncation): at risk after it, up to and
        including `duration_days`. 0 means from the start.
    counts
        How many people a row stands for: the fit, robust errors too, is that of the rows
        repeated, so a table collapsed by the engine will do.
    weights
        Weight of each person of a row, above 0, such as from matching; brings robust errors.
    strata
        Labels of groups that each have a baseline hazard of their own.
    clusters
        Labels of groups within which people may be alike; brings robust errors by cluster.
    robust
        Whether to give sandwich errors.
    ties
        "efron", or "breslow": rougher where many events fall on one day.
    level
        Level of the limits.

    Returns
    -------
    CoxFit
        Maximum of the partial likelihood.

    Raises
    ------
    UsageError
        If columns differ in length, hold missing values, or counts and days are not whole.
    IntervalError
        If a duration is below 0, or someone leaves before entering.
    MetricError
        If there are no people or no events, a covariate is constant or a combination of others,
        or a coefficient runs away because a covariate alone says who has the event.

    Notes
    -----
    Efron (1977); robust errors of Lin and Wei (1989), clustered by Lee, Wei and Amato (1992),
    without small-sample factors, as R's `coxph`. Who enters on the day of an event is not at
    risk of it; who is censored on it is. Association is not cause.
    """
    if ties not in ("efron", "breslow"):
        raise OptionError('ties must be "efron" or "breslow".')
    if clusters is not None and np.shape(clusters) != np.shape(duration_days):
        raise UsageError("clusters must have a value for each row: they have not.")
    z_level = normal_quantile(level)
    rows = cox_rows(
        duration_days, event_observed, covariates,
        entry_days=entry_days, counts=counts, weights=weights, strata=strata,
    )  # fmt: skip
    groups = None if clusters is None else codes_of(clusters, "clusters")
    if groups is not None and groups.max() < len(rows.names):
        raise MetricError(
            f"clustered errors need more clusters than covariates: there are {groups.max() + 1:,} "
            f"for {len(rows.names):,}. Cluster by something smaller, or leave clusters out."
        )
    found = maximise(rows, efron_steps(rows) if ties == "efron" else None)
    model: Real = np.asarray(np.linalg.inv(found.at.information), dtype=np.float64)
    sandwich = None
    if robust or weights is not None or groups is not None:
        sandwich = robust_covariance(rows, found.sets, model, groups)
    units = np.outer(rows.scale, rows.scale)
    return _result(
        rows, found, model / units, None if sandwich is None else sandwich / units, z_level,
        clusters=None if groups is None else int(groups.max()) + 1, ties=ties, level=level,
    )  # fmt: skip


def _result(
    rows: CoxRows,
    found: Maximum,
    model: Real,
    sandwich: Real | None,
    z_level: float,
    *,
    clusters: int | None,
    ties: Ties,
    level: float,
) -> CoxFit:
    from scipy.special import ndtr

    coefficients = found.coefficients / rows.scale
    covariance = model if sandwich is None else sandwich
    error = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    _refuse_no_error(rows.names, error)
    refuse_beyond_numbers(rows.names, "hazard", coefficients, z_level * error)
    z = coefficients / error
    return CoxFit(
        names=rows.names,
        coefficients=coefficients,
        standard_errors=np.sqrt(np.diag(model)),
        robust_standard_errors=None if sandwich is None else error,
        lower=np.exp(coefficients - z_level * error),
        upper=np.exp(coefficients + z_level * error),
        z=z,
        p_values=2 * ndtr(-np.abs(z)),
        covariance=covariance,
        null_log_likelihood=found.null,
        log_likelihood=found.at.value,
        people=rows.people,
        events=int(rows.moment_events.sum()),
        strata=len(rows.stratum_starts),
        clusters=clusters,
        ties=ties,
        level=level,
        iterations=found.iterations,
    )


def _refuse_no_error(names: tuple[str, ...], error: Real) -> None:
    if (error == 0).any():
        raise MetricError(
            "robust errors need people, or clusters, that differ in what they tell: for "
            f"{', '.join(np.array(names)[error == 0])} none do. Use those of the model."
        )
