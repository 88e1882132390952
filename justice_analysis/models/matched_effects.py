"""Difference between treated people and their weighted comparison group, with its error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from justice_analysis.errors import OptionError, UsageError, listed
from justice_analysis.models.adjusted_difference import adjusted
from justice_analysis.models.columns import not_binary, not_numbers, refuse_lengths
from justice_analysis.models.counts import Real, Whole
from justice_analysis.models.curves import normal_quantile
from justice_analysis.models.differences import effective_people
from justice_analysis.models.weighted_sides import Sides, two_sides

FEWEST_CLUSTERS = 40
"""Clusters from which errors are clustered by default."""
NO_TREATED = "nobody treated is left to compare"
NO_COMPARISON = "nobody is left to compare with"
TOO_FEW = "an error needs three people or more"
TOO_FEW_CLUSTERS = "a clustered error needs two clusters or more"
NO_VARIATION = "the outcome does not vary within groups or clusters: an interval has no value"
CLUSTERED = "cluster-robust (CR1: G / (G - 1) x (n - 1) / (n - 2))"
ROBUST = "robust (HC1: n / (n - 2))"
KISH = "weighted shares with effective numbers of people (Kish)"

Errors = Literal["clustered", "robust", "kish"]


@dataclass(frozen=True, eq=False)
class Effect:
    """Weighted outcome of both groups and their difference, treated less comparison.

    Attributes
    ----------
    treated_value, comparison_value, difference
        Shares or means, and treated less comparison.
    lower, upper, standard_error, p_value
        Of the difference; the p-value is two-sided, below 1 - level where the interval leaves
        out 0. Missing (nan) only where `reason` says why.
    treated_people, comparison_people
        People with a weight above 0.
    effective_comparison
        As many unweighted comparison people as would tell as much (Kish).
    clusters
        Clusters of the error; `None` where it has none.
    rule
        The error's small-sample rule and the interval's distribution, in words.
    """

    treated_value: float
    comparison_value: float
    difference: float
    lower: float
    upper: float
    standard_error: float
    p_value: float
    treated_people: int
    comparison_people: int
    effective_comparison: float
    clusters: int | None
    rule: str
    reason: str
    level: float

    @property
    def is_significant(self) -> bool:
        """Whether the interval leaves out 0."""
        return bool(self.lower > 0 or self.upper < 0)


def matched_difference(
    outcome: ArrayLike,
    treated: ArrayLike,
    weights: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    of: Literal["share", "mean"] = "share",
    errors: Errors | None = None,
    distribution: Literal["t", "normal"] = "t",
    covariates: ArrayLike | None = None,
) -> Effect:
    """Outcome of treated people less that of their weighted comparison group.

    Parameters
    ----------
    outcome
        One value per person, shape (n,): true or false for a share, a number for a mean. It may
        be missing for people without weight.
    treated
        Whether each person was treated, shape (n,).
    weights
        0 for people left out, shape (n,); scale does not matter.
    clusters
        Number of what makes rows alike, shape (n,): the matched set (pair, subclass), or the
        person where one has several rows; below 0 is none, and such a row stands alone.
    level
        Level of the interval.
    of
        "share": the outcome is true or false, and limits end at -1 and 1. "mean": any number.
    errors
        "clustered": robust, summed by cluster; the default from 40 clusters on. "robust": every
        person by herself; the default where there are none or fewer, as six subclasses give
        intervals that are too narrow (87% where 95% is meant, in simulations of ours). "kish":
        each group's share by itself with its effective number of people, as
        `weighted_share_difference`.
    distribution
        Of the interval and test: "t" with people less the coefficients fitted as degrees of
        freedom, or "normal". Kish errors are always normal.
    covariates
        Numbers by which the comparison is adjusted for what matching left unlike, shape (n, k);
        not with Kish errors. Collinear columns do no harm. `comparison_value` is then the treated
        value less the difference.

    Returns
    -------
    Effect
        A difference without people, sets or variation keeps what is known and gives the reason.

    Raises
    ------
    UsageError
        If outcome, treated, weights and clusters do not fit together.

    Notes
    -----
    The difference is the coefficient of treatment in a weighted least-squares fit of the outcome
    on it alone. Its variance is the sandwich with scores summed by cluster, times
    G / (G - 1) x (n - 1) / (n - 2) for G clusters and n people (CR1), as R's
    `sandwich::vcovCL(type = "HC1")` has it; with clusters of one it is n / (n - 2) (HC1). With
    covariates they stand in the same fit, and 2 is 2 plus their rank: what they explain is no
    longer in the error (Ho, Imai, King and Stuart 2007, Political Analysis 15, 199-236). Weights
    are taken as given: that they were estimated is left out, which as a rule widens the interval
    (Austin and Small 2014, Statistics in Medicine 33, 4306-4319).
    """
    _refuse_options(errors, clusters, of, distribution)
    if errors == "kish" and covariates is not None:
        raise OptionError("kish errors are of shares alone: leave covariates out.")
    sides = two_sides(treated, weights, both=False)
    values = _outcome(outcome, sides, of)
    sets = None if clusters is None else _set_numbers(clusters, sides)
    rule = errors or _default_rule(sets)
    sets = sets if rule == "clustered" else None
    if not (sides.treated_people and sides.comparison_people):
        return _one_sided(sides, values, level)
    first, second = sides.means(values)
    if covariates is None:
        error, words, reason = _error(values, (first, second), sides, sets, rule)
        fitted = 2
    else:
        fit = adjusted(values, sides, covariates, sets)
        second, error, fitted = first - fit.difference, fit.error, fit.coefficients
        words = f"{CLUSTERED if sets is not None else ROBUST}, adjusted: {fitted} for 2"
        reason = fit.reason
        if not reason and error <= 1e-10 * max(map(abs, (first, second))):
            error, reason = math.nan, NO_VARIATION
    degrees = None if rule == "kish" or distribution == "normal" else sides.people - fitted
    lower, upper, p_value = _interval(first - second, error, degrees, level, of)
    shape = "normal interval" if degrees is None else f"t with {degrees:,} degrees of freedom"
    return Effect(
        first, second, first - second, lower, upper, error, p_value,
        sides.treated_people, sides.comparison_people, effective_people(sides.comparison),
        None if sets is None else len(np.unique(sets)), f"{words}; {shape}", reason, level,
    )  # fmt: skip


def _refuse_options(errors: str | None, clusters: object, of: str, distribution: str) -> None:
    problems = []
    if errors not in (None, "clustered", "robust", "kish"):
        problems.append('errors must be "clustered", "robust" or "kish".')
    if errors == "clustered" and clusters is None:
        problems.append("clustered errors need the matched set of each person: give clusters.")
    if of not in ("share", "mean"):
        problems.append('of must be "share" or "mean".')
    if errors == "kish" and of == "mean":
        problems.append('kish errors are for shares: use "robust" for a mean.')
    if distribution not in ("t", "normal"):
        problems.append('distribution must be "t" or "normal".')
    if problems:
        raise OptionError(listed(problems))


def _outcome(outcome: ArrayLike, sides: Sides, of: str) -> Real:
    """Outcome as numbers, 0 for people without weight; refuses gaps among the others."""
    given = np.asarray(outcome)
    refuse_lengths(sides.is_treated.size, {"outcome": given})
    is_in = sides.has_weight
    problems = not_numbers("outcome", given[is_in])
    if not problems and of == "share":
        problems = not_binary("outcome", given[is_in].astype(np.float64))
    if problems:
        raise UsageError(listed(problems).removeprefix("covariate "))
    values = np.zeros(given.shape)
    values[is_in] = given[is_in].astype(np.float64)
    return values


def _set_numbers(clusters: ArrayLike | None, sides: Sides) -> Whole:
    """Matched set of each person with weight, numbered from 0; those in none stand alone."""
    given = np.asarray(clusters)
    refuse_lengths(sides.is_treated.size, {"clusters": given})
    if not np.issubdtype(given.dtype, np.integer):
        raise UsageError("clusters must be whole numbers, below 0 for none.")
    own = given[sides.has_weight].astype(np.int64)
    alone = own < 0
    own[alone] = (own.max() if own.size else 0) + 1 + np.arange(int(alone.sum()))
    return np.unique(own, return_inverse=True)[1].astype(np.int64)


def _default_rule(sets: Whole | None) -> str:
    return "clustered" if sets is not None and len(np.unique(sets)) >= FEWEST_CLUSTERS else "robust"


def _error(
    values: Real, means: tuple[float, float], sides: Sides, sets: Whole | None, rule: str
) -> tuple[float, str, str]:
    """Standard error, its rule in words, and why it is missing."""
    if rule == "kish":
        error, words, reason = _kish(*means, sides), KISH, ""
    else:
        residuals = values - np.where(sides.is_treated, *means)
        words = ROBUST if sets is None else CLUSTERED
        error, reason = _sandwich(residuals, sides, sets)
    if not reason and error <= 1e-12 * max(map(abs, means)):
        reason = NO_VARIATION
    return math.nan if reason else error, words, reason


def _sandwich(residuals: Real, sides: Sides, sets: Whole | None) -> tuple[float, str]:
    """Standard error of the difference from the scores of people or of their sets."""
    pull = sides.treated / sides.treated.sum() - sides.comparison / sides.comparison.sum()
    scores = (pull * residuals)[sides.has_weight]
    people = len(scores)
    if people < 3:
        return math.nan, TOO_FEW
    if sets is None:
        return math.sqrt(people / (people - 2) * float(scores @ scores)), ""
    summed = np.bincount(sets, weights=scores)
    groups = len(summed)
    if groups < 2:
        return math.nan, TOO_FEW_CLUSTERS
    factor = groups / (groups - 1) * (people - 1) / (people - 2)
    return math.sqrt(factor * float(summed @ summed)), ""


def _kish(first: float, second: float, sides: Sides) -> float:
    """Standard error from each share and its effective number of people."""
    own, other = effective_people(sides.treated), effective_people(sides.comparison)
    return math.sqrt(max(first * (1 - first) / own + second * (1 - second) / other, 0.0))


def _interval(
    difference: float, error: float, degrees: int | None, level: float, of: str
) -> tuple[float, float, float]:
    """Limits and two-sided p-value; all missing where the error is."""
    quantile = normal_quantile(level)  # refuses a level that is none
    if math.isnan(error):
        return math.nan, math.nan, math.nan
    p_value = math.erfc(abs(difference) / error / math.sqrt(2))
    if degrees is not None:
        from scipy.special import stdtr, stdtrit

        quantile = float(stdtrit(degrees, 0.5 + level / 2))
        p_value = 2 * float(stdtr(degrees, -abs(difference) / error))
    lower, upper = difference - quantile * error, difference + quantile * error
    return (max(lower, -1.0), min(upper, 1.0), p_value) if of == "share" else (
        lower, upper, p_value
    )  # fmt: skip


def _one_sided(sides: Sides, values: Real, level: float) -> Effect:
    """What is known where one side is empty."""
    nan = math.nan
    normal_quantile(level)
    own, other = (
        float(w @ values / w.sum()) if w.sum() > 0 else nan
        for w in (sides.treated, sides.comparison)
    )
    effective = effective_people(sides.comparison) if sides.comparison_people else 0.0
    reason = NO_COMPARISON if sides.treated_people else NO_TREATED
    return Effect(own, other, nan, nan, nan, nan, nan, sides.treated_people,
                  sides.comparison_people, effective, None, "", reason, level)  # fmt: skip
