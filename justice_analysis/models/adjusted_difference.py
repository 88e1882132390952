"""Difference of matched groups, adjusted by regression for what matching left unlike."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from justice_analysis.errors import UsageError, listed
from justice_analysis.models.columns import not_numbers
from justice_analysis.models.counts import Real, Whole
from justice_analysis.models.weighted_sides import Sides

TOO_FEW = "an adjusted error needs more people, and more clusters, than coefficients"
TOLERANCE = 1e-10
"""Singular values below this share of the largest are those of collinear columns."""


@dataclass(frozen=True)
class Adjusted:
    """Coefficient of treatment, its standard error, and how many coefficients were fitted."""

    difference: float
    error: float
    coefficients: int
    reason: str


def adjusted(values: Real, sides: Sides, covariates: ArrayLike, sets: Whole | None) -> Adjusted:
    """Fit the outcome on treatment and covariates by weighted least squares.

    Parameters
    ----------
    values
        Outcome, shape (n,).
    covariates
        Shape (n, k); numbers for everyone with a weight.
    sets
        Cluster of each person with weight, numbered from 0; `None`: each by herself.

    Notes
    -----
    Covariates are centred at the treated's means, which moves no coefficient but the intercept.
    """
    given = np.asarray(covariates, dtype=np.float64)
    is_in = sides.has_weight
    if given.ndim != 2 or len(given) != is_in.size:
        raise UsageError(f"covariates must have {is_in.size:,} rows and a column for each.")
    kept = given[is_in]
    if problems := not_numbers("covariates", kept.ravel()):
        raise UsageError(listed(problems))
    weights = (sides.treated + sides.comparison)[is_in]
    design = _design(kept, sides.is_treated[is_in])
    root = np.sqrt(weights)
    left, sizes, right = np.linalg.svd(design * root[:, None], full_matrices=False)
    rank = int((sizes > TOLERANCE * sizes[0]).sum())
    left, sizes, right = left[:, :rank], sizes[:rank], right[:rank]
    inverse = right.T / sizes  # of the weighted design, up to `left`
    coefficients = inverse @ (left.T @ (values[is_in] * root))
    residuals = (values[is_in] - design @ coefficients) * root
    pull = left @ inverse[1]  # what each person adds to the coefficient of treatment
    return Adjusted(float(coefficients[1]), *_error(pull * residuals, sets, rank))


def _design(covariates: Real, is_treated: np.ndarray) -> Real:
    """Intercept, treatment, and covariates on one scale."""
    spread = covariates.std(axis=0)
    centred = covariates - covariates[is_treated].mean(axis=0)
    scaled = centred[:, spread > 0] / spread[spread > 0]
    return np.column_stack([np.ones(len(covariates)), is_treated, scaled])


def _error(scores: Real, sets: Whole | None, rank: int) -> tuple[float, int, str]:
    people = len(scores)
    groups = people if sets is None else int(sets.max()) + 1
    if people <= rank or groups <= rank:
        return math.nan, rank, TOO_FEW
    summed = scores if sets is None else np.bincount(sets, weights=scores)
    factor = people / (people - rank)
    if sets is not None:
        factor = groups / (groups - 1) * (people - 1) / (people - rank)
    return math.sqrt(factor * float(summed @ summed)), rank, ""
