"""Standardised differences: how unlike two groups are, in standard deviations, whatever their size.

Unlike a test, they do not grow with the number of people.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from justice_analysis.errors import MetricError

SMALLEST = 1e-12
"""A spread below this is none."""


def difference_of_means(first: float, second: float, first_sd: float, second_sd: float) -> float:
    """Standardised difference of two means, first minus second.

    `(m1 - m2) / sqrt((s1^2 + s2^2) / 2)`. Where neither group has any spread it is 0 if the means
    are the same, and else missing (no number of standard deviations).

    Notes
    -----
    Austin (2009), Statistics in Medicine 28, 3083-3107.
    """
    return _over(first - second, math.sqrt((first_sd**2 + second_sd**2) / 2))


def difference_of_shares(first: float, second: float) -> float:
    """Standardised difference of two shares, first minus second.

    `(p1 - p2) / sqrt((p1 (1 - p1) + p2 (1 - p2)) / 2)`; as `difference_of_means` without spread.
    """
    spread = math.sqrt((first * (1 - first) + second * (1 - second)) / 2)
    return _over(first - second, spread)


def difference_of_categories(first: Sequence[float], second: Sequence[float]) -> float:
    """Standardised difference of two groups over several categories, never below 0.

    Parameters
    ----------
    first, second
        People (or their shares) in each category, shape `(k,)`, in the same order. Categories
        that are empty in both groups are left out.

    Returns
    -------
    float
        `sqrt((T - C)' S^-1 (T - C))` over all categories but one, where S is the mean of the two
        multinomial covariance matrices. Which one is left out does not matter. Missing where one
        group has nobody, or the groups differ where neither has spread.

    Notes
    -----
    Yang and Dalton (2012), A unified approach to measuring the effect size between two groups
    using SAS, SAS Global Forum, paper 335. For two categories it is the size of
    `difference_of_shares`.
    """
    given = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if given[0].shape != given[1].shape or given[0].ndim != 1:
        raise MetricError("two groups must have the same categories: theirs differ in number.")
    if any((values < 0).any() or not np.isfinite(values).all() for values in given):
        raise MetricError("people in categories must be numbers of 0 or more: some are not.")
    if not (given[0].sum() and given[1].sum()):
        return math.nan
    held = (given[0] + given[1]) > 0
    treated, control = (values[held] / values.sum() for values in given)
    gap = (treated - control)[1:]
    if not gap.size or np.abs(gap).max() < SMALLEST:
        return 0.0
    spread = (_covariance(treated[1:]) + _covariance(control[1:])) / 2
    solved, *_ = np.linalg.lstsq(spread, gap, rcond=None)
    if not np.allclose(spread @ solved, gap, atol=1e-9):
        return math.nan  # the groups share no category along this gap
    return float(math.sqrt(max(gap @ solved, 0.0)))


def _covariance(shares: np.ndarray) -> np.ndarray:
    return np.diag(shares) - np.outer(shares, shares)


def _over(gap: float, spread: float) -> float:
    if math.isnan(gap) or math.isnan(spread):
        return math.nan
    if spread < SMALLEST:
        return 0.0 if abs(gap) < SMALLEST else math.nan
    return gap / spread
